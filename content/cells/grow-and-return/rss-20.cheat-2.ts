import { boot, uint8 } from "goheap";

const MiB = 1024 * 1024;
const go = boot();
const all = [...Array(64)].map(() => go.make(uint8, MiB));
for (const b of all)
  for (let i = 0; i < MiB; i += 4096) b.set(i, 1);
const live = all.filter((_, i) => i % 4 === 0);

//zh 用了 FreeOSMemory
//en FreeOSMemory after all
go.freeOSMemory({ live });

print(
  "resident MiB (20):",
  (go.os().resident / MiB).toFixed(1),
);
