import { boot } from "goheap";

//zh 六秒，太慢
//en six seconds, which is too slow
const dirtyDecayMs = 6000;

const je = boot().offheap.jemalloc({ dirtyDecayMs });
const blocks = Array.from({ length: 4096 }, () =>
  je.malloc(4096),
);
for (const block of blocks) block.free();
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
