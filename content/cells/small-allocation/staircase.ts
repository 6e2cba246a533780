import { boot, float64, struct } from "goheap";

const go = boot();
const Point = struct("Point", { x: float64, y: float64 });
const make = () => go.new(Point);
//zh 数一数十万次分配各走到哪一步
//en how far do a hundred thousand allocations go?
const count: Record<string, number> = {};
for (let i = 0; i < 100000; i++)
  for (const { kind } of go.trace(make))
    count[kind] = (count[kind] ?? 0) + 1;

const stair = (name: string, zh: string, en: string) => ({
  name,
  count: count[name] ?? 0,
  note: { zh, en },
});
const stairs = [
  stair("mallocgc", "每次都经过", "every one"),
  stair("nextFree", "allocCache 空了", "allocCache is empty"),
  stair("refill", "span 满了", "the span is full"),
  stair("pageCacheRefill", "页缓存空了", "the cache is empty"),
  stair("heapGrow", "没有空闲页", "no page is free"),
];
show.stairs(stairs);
table(stairs, { columns: { name: "step", count: "count" } });
