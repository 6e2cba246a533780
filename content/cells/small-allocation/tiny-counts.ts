import { boot, int64, struct, uint8 } from "goheap";

const go = boot();
const rows: unknown[] = [];
const count = (
  what: string,
  objects: number,
  make: () => unknown,
) => {
  const before = go.memstats();
  for (let i = 0; i < objects; i++) make();
  const after = go.memstats();
  const mallocs = after.Mallocs - before.Mallocs;
  const bytes = after.TotalAlloc - before.TotalAlloc;
  rows.push({ what, objects, mallocs, bytes });
};
count("new(byte)", 64, () => go.new(uint8));
count("make([]byte, 15)", 64, () => go.make(uint8, 15));
count("make([]byte, 16)", 64, () => go.make(uint8, 16));
//zh 装进 any 的整数，要一个 8 字节的对象
//en an integer in an any needs an object of 8 bytes
count("any(i), i > 255", 256, () => go.new(int64));
const Empty = struct("struct{}", {});
count("new(struct{})", 64, () => go.new(Empty));
table(rows);
