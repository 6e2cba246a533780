import { boot, replay, replayOffheap } from "goheap";

const label = { zh: "同时存活", en: "alive at a time" };
const range = { min: 100, max: 5000, step: 100, label };
const alive = input.range("alive", { ...range, value: 100 });

//zh 共 5000 个对象，每个 1 KiB；活够了就释放
//en 5000 objects of 1 KiB; each is freed in its turn
const trace: object[] = [];
const arena = boot().offheap.arena();
for (let id = 0; id < 5000; id++) {
  if (id >= alive) trace.push({ free: id - alive });
  trace.push({ id, size: 1024 });
  arena.alloc(1024);
}
const je = replayOffheap(trace);
table([
  {
    asked: je.peakAsked,
    jemalloc: je.peakActive,
    Go: replay(trace).peakInUse,
    arena: arena.figures.mapped,
  },
]);
