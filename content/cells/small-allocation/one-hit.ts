import { boot, float64, struct } from "goheap";

const go = boot();
const Point = struct("Point", { x: float64, y: float64 });
const make = () => go.new(Point);
const one = make();

const rows = [];
for (let allocation = 2; allocation <= 66; allocation++) {
  const by = go.trace(make).find((e) => "slot" in e)?.kind;
  //zh 一次分配改动 span 的三个字段
  //en an allocation changes three fields of the span
  const { freeindex, allocCount, allocCache } = go.span(one);
  const fields = { freeindex, allocCount, allocCache };
  if (allocation < 5 || allocation > 62)
    rows.push({ allocation, by, ...fields });
}
table(rows, { turn: 4 });
