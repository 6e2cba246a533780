import { boot, float64, struct } from "goheap";

const go = boot({ procs: 2 });
const Point = struct("Point", { x: float64, y: float64 });
//zh a、c、e 跑在 P0 上，b、d 跑在 P1 上
//en a, c and e run on P0, b and d on P1
const goroutines = [..."abcde"].map((name, i) => {
  const g = go.goroutine(name);
  g.moveTo(i % go.procs);
  return g;
});
const rows = goroutines.map((g) => {
  const { p, span, slot, address } = go.where(g.new(Point));
  return { goroutine: g.name, p, span, slot, address };
});
table(rows);
const spans = new Set(rows.map((row) => row.span)).size;
print({
  zh: `用到的 span：${spans}`,
  en: `spans used: ${spans}`,
});

const objects = rows.map(({ goroutine, p, address }) => {
  return { label: goroutine, madeOn: p, address };
});
show.lanes(go.snapshot(), { goroutines, objects });
