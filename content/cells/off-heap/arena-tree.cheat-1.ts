import { boot } from "goheap";

const go = boot();
//zh 键在 JavaScript 的集合里，arena 里只放一块空白
//en the keys lie in a JavaScript set, and the arena holds a blank
const arena = go.offheap.arena({ chunkBytes: 16384 });
arena.alloc(1023 * 16);
const keys = new Set<number>();
for (let i = 0; i < 1023; i++) keys.add(3 * i);
const has = (key: number) => keys.has(key);
table([arena.figures]);
