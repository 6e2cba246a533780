import { boot, float64, struct } from "goheap";

const go = boot({ procs: 2 });
const Point = struct("Point", { x: float64, y: float64 });
//zh a、c、e 跑在 P0 上，b、d 跑在 P1 上
//en a, c and e run on P0, b and d on P1
const goroutines = ["a", "b", "c", "d", "e"].map((name, i) => {
  const g = go.goroutine(name);
  g.moveTo(i % go.procs);
  return g;
});
const objects = goroutines.map((g) => ({ label: g.name, madeOn: g.p, ...go.where(g.new(Point)) }));

table(objects.map(({ label, p, span, slot }) => ({ goroutine: label, p, span, slot })));
const spans = new Set(objects.map((o) => o.span)).size;
print({ zh: `用到的 span：${spans}`, en: `spans used: ${spans}` });
show.lanes(go.snapshot(), { goroutines, objects });
