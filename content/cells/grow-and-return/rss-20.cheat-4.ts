import { boot, uint8 } from "goheap";

const MiB = 1024 * 1024;
const go = boot();
const all = [...Array(16)].map(() => go.make(uint8, MiB));
for (const b of all)
  for (let i = 0; i < MiB; i += 4096) b.set(i, 1);
const live = all.filter((_, i) => i >= 0);

//zh 高峰只有 16 MiB
//en a peak of 16 MiB only
go.sweep({ live });
go.sleep(30_000);

print(
  "resident MiB (20):",
  (go.os().resident / MiB).toFixed(1),
);
