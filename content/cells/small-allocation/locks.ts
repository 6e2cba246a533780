import { boot, float64, struct } from "goheap";

const go = boot();
const Point = struct("Point", { x: float64, y: float64 });
const spans = new Set<string | null>();
const make = () => spans.add(go.where(go.new(Point)).span);
//zh 记下拿过锁的那几次
//en note those that took a lock
const rows = [];
for (let allocation = 1; allocation <= 10000; allocation++) {
  const locks = go.locks(make).join(", ");
  if (locks !== "") rows.push({ allocation, locks });
}
table(rows);
const lockFree = 10000 - rows.length;
table([{ allocations: 10000, spans: spans.size, lockFree }]);
