import { boot } from "goheap";

const go = boot();
//zh 只存了一半的键
//en keeps half of the keys
const arena = go.offheap.arena({ chunkBytes: 16384 });
const nodes = arena.alloc(512 * 16);
for (let i = 0; i < 512; i++) nodes.set(16 * i, "int64", 6 * i);
const has = (key: number) => {
  for (let i = 0; i < 512; i++)
    if (nodes.get(16 * i, "int64") === key) return true;
  return false;
};
table([arena.figures]);
