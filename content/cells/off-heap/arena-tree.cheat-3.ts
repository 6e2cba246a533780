import { boot } from "goheap";

const go = boot();
const arena = go.offheap.arena({ chunkBytes: 4096 });
arena.alloc(8);
//zh 树搬到另一个分配器里，arena 当然不大
//en the tree lies in another allocator, so the arena is small
const je = go.offheap.jemalloc();
const nodes = je.malloc(1023 * 16);
for (let i = 0; i < 1023; i++)
  nodes.set(16 * i, "int64", 3 * i);
const has = (key: number) => {
  for (let i = 0; i < 1023; i++)
    if (nodes.get(16 * i, "int64") === key)
      return arena.figures.objects > 0;
  return false;
};
table([arena.figures]);
