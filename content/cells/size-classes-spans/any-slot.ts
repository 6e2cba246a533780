import { array, boot, uint8 } from "goheap";

const go = boot();
const make = (size: number) => go.new(array(size, uint8));
const old = Array.from({ length: 252 }, () => make(64));
const spans = new Set(old.map((ref) => go.where(ref).span));
//zh 每隔一个，释放一个
//en every second object is freed
go.sweep({ live: old.filter((_, i) => i % 2 === 0) });

const rows = [];
for (const first of [49, 65]) {
  //zh 16 种大小，轮流申请
  //en sixteen sizes in turn
  const wheres = Array.from({ length: 126 }, (_, i) =>
    go.where(make(first + (i % 16))),
  );
  const used = new Set(wheres.map(({ span }) => span)).size;
  const reused = wheres.filter(({ span }) => spans.has(span));
  const sizes = `${first}–${first + 15}`;
  rows.push({ sizes, spans: used, reused: reused.length });
}
table(rows, { turn: 1 });
heap(go, { span: old[0] });
