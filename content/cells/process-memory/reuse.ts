import { boot, uint8 } from "goheap";

const go = boot();
const rows: unknown[][] = [];
const look = (step: string) => {
  const { HeapObjects, MSpanInuse, MSpanSys } = go.memstats();
  rows.push([step, HeapObjects, MSpanInuse, MSpanSys]);
};
look("boot()");
//zh 每个大对象独占一个 span，也就多一份 mspan 记录
//en each large object has a span, and so an mspan record
const big = () => go.make(uint8, 40_000);
for (let i = 0; i < 200; i++) big();
look("make × 200");
go.sweep();
look("GC");
for (let i = 0; i < 200; i++) big();
look("make × 200");
const names = ["HeapObjects", "MSpanInuse", "MSpanSys"];
table(rows, { columns: ["", ...names], turn: 2 });
