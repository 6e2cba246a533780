import { boot, float64, struct } from "goheap";

const go = boot();
const Point = struct("Point", { x: float64, y: float64 });
//zh 分配 504 个，正好一个 span，数一数清了多少字节
//en 504 fill a span: how many bytes are cleared for them?
const fill = () => {
  for (let i = 0; i < 504; i++) go.new(Point);
};
const clearedBy = () =>
  go
    .trace(fill)
    .filter((e) => e.kind === "zeroed")
    .reduce((sum, e) => sum + Number(e.bytes), 0);

const pages: Record<string, number> = { fresh: clearedBy() };
go.sweep();
pages.used = clearedBy();
//zh 空闲页还给操作系统，再要回来
//en free pages go to the operating system and come back
go.freeOSMemory({ live: [] });
pages.returned = clearedBy();
const rows = Object.entries(pages);
table(rows, { columns: ["pages", "bytes cleared"] });
