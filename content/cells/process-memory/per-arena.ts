import { boot, uint8 } from "goheap";

const MiB = 1024 * 1024;
const go = boot({ windowBytes: 256 * MiB });
const rows = [0, 1, 2, 3].map((i) => {
  go.make(uint8, 60 * MiB);
  const records = go.records();
  const record = records.find((r) => r.name === "heapArena")!;
  const { count, bytes, total } = record;
  return { MiB: 60 * (i + 1), arenas: count, bytes, total };
});
table(rows);
