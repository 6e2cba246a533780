import { array, boot, pointer, uint8 } from "goheap";

const go = boot();
//zh 480 B 和 456 B 的对象用同一种槽
//en objects of 480 and of 456 bytes use slots of one size
const Long = array(60, pointer(uint8));
const Short = array(57, pointer(uint8));
const target = go.new(uint8);
const neighbour = go.new(Long);
const long = go.new(Long);
for (let i = 0; i < 60; i++) long.set(i, target);

go.sweep({ live: [target, neighbour] });
go.new(Short);
go.new(Short);
//zh 槽里的字，从第 55 个起；一个字 8 字节
//en words of the slot from no. 55 on; a word has 8 bytes
const { elemsize, bytes } = go.slot(long);
const rows = [];
for (let word = 55; word < elemsize / 8; word++) {
  const value = bytes.slice(16 * word, 16 * word + 16);
  rows.push({ word, value });
}
table(rows, { turn: 2 });
