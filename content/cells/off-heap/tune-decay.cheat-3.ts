import { boot } from "goheap";

//zh 一秒走完，太急
//en at its end in a second, which is too steep
const dirtyDecayMs = 1000;

const je = boot().offheap.jemalloc({ dirtyDecayMs });
//zh 隔一块释放一块：16 MiB，散在各处
//en every second block is freed: 16 MiB, scattered
const blocks = Array.from({ length: 8192 }, () =>
  je.malloc(4096),
);
for (let i = 0; i < 8192; i += 2) blocks[i].free();
//zh 要求：3 秒后最多剩 4 MiB，100 毫秒里最多归还 400 页
//en goal: 4 MiB left after 3 s, 400 pages in any 100 ms
let [most, before] = [0, 0];
for (let t = 0; t < 3000; t += 100) {
  je.advance(100);
  const { purgedPages } = je.figures;
  most = Math.max(most, purgedPages - before);
  before = purgedPages;
}
table([{ left: je.figures.dirty, most }]);
