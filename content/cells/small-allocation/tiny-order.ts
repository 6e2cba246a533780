import { boot, int64, uint8 } from "goheap";

const go = boot();
const allocate = (order: string) => {
  const before = go.memstats();
  for (const n of order) go.new(n === "8" ? int64 : uint8);
  const after = go.memstats();
  const mallocs = after.Mallocs - before.Mallocs;
  const bytes = after.TotalAlloc - before.TotalAlloc;
  return { order, mallocs, bytes, blocks: bytes / 16 };
};
//zh 每种顺序都是 64 个 1 字节、64 个 8 字节的对象
//en each order has 64 objects of 1 byte and 64 of 8 bytes
const rows = [
  allocate("18".repeat(64)),
  allocate("1".repeat(64) + "8".repeat(64)),
  allocate("8".repeat(64) + "1".repeat(64)),
];
for (const row of rows) row.order = row.order.slice(0, 8);
table(rows, { turn: 1 });
