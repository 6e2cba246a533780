import { boot, float64, struct } from "goheap";

const go = boot();
const Point = struct("Point", { x: float64, y: float64 });
const spans = new Set<string | null>();
//zh 记下拿过锁的那几次
//en note those that took a lock
const rows: { allocation: number; locks: string }[] = [];
for (let i = 1; i <= 10000; i++) {
  const locks = go.locks(() => spans.add(go.where(go.new(Point)).span));
  if (locks.length > 0) rows.push({ allocation: i, locks: locks.join(", ") });
}
table(rows);
table([{ allocations: 10000, spans: spans.size, "no lock": 10000 - rows.length }]);
