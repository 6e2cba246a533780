import { boot, float64, struct } from "goheap";

const go = boot();
const Point = struct("Point", { x: float64, y: float64 });
//zh 每次分配拿了几把锁
//en how many locks each allocation took
const tally = new Map<number, number>();
for (let i = 0; i < 10000; i++) {
  const taken = go.locks(() => go.new(Point)).length;
  tally.set(taken, (tally.get(taken) ?? 0) + 1);
}
const rows = [...tally].sort(([a], [b]) => a - b);
table(rows, {
  columns: [
    { zh: "锁", en: "locks" },
    { zh: "分配次数", en: "allocations" },
  ],
});
