import { boot } from "goheap";

const go = boot();
const arena = go.offheap.arena({ chunkBytes: 16384 });
//zh 不存地址，存序号：4 字节一个，0 表示没有
//en numbers instead of addresses: 4 bytes each, 0 for none
const nodes = arena.alloc(1023 * 16);
let made = 0;
const build = (from: number, to: number): number => {
  if (from === to) return 0;
  const number = ++made;
  const mid = (from + to) >> 1;
  const at = 16 * (number - 1);
  nodes.set(at, "uint32", build(from, mid));
  nodes.set(at + 4, "uint32", build(mid + 1, to));
  nodes.set(at + 8, "int64", 3 * mid);
  return number;
};
const root = build(0, 1023);
const has = (key: number, number = root): boolean => {
  if (number === 0) return false;
  const at = 16 * (number - 1);
  const here = Number(nodes.get(at + 8, "int64"));
  const child = nodes.get(key < here ? at : at + 4, "uint32");
  return here === key || has(key, Number(child));
};
table([{ "has(3066)": has(3066), ...arena.figures }]);
