import { boot, uint8 } from "goheap";

const MiB = 1024 * 1024;
function afterPeak(way: string) {
  const go = boot();
  const all = [...Array(64)].map(() => go.make(uint8, MiB));
  for (const block of all)
    for (let i = 0; i < MiB; i += 4096) block.set(i, 1);
  const live = all.filter((_, i) => i % 4 === 0);
  go.sweep({ live });
  if (way === "GC again") go.sweep({ live });
  if (way === "FreeOSMemory") go.freeOSMemory({ live });
  //zh 上限 24 MiB：这次分配得先还
  //en a limit of 24 MiB: this allocation gives back first
  if (way === "limit") go.setMemoryLimit(24 * MiB);
  if (way === "limit") go.make(uint8, MiB);
  const atOnce = go.os().resident;
  go.sleep(30_000);
  const { releasedBg, releasedEager } = go.scavenger();
  const later = go.os().resident;
  const row = [atOnce, later, releasedBg, releasedEager];
  return [way, ...row.map((n) => Math.round(n / MiB))];
}
const ways = ["wait", "GC again", "FreeOSMemory", "limit"];
const columns = ["", "at once", "after 30 s", "bg", "eager"];
table(ways.map(afterPeak), { columns });
