import { boot, uint8 } from "goheap";

const MiB = 1024 * 1024;
const go = boot();
const all = [...Array(64)].map(() => go.make(uint8, MiB));
for (const b of all)
  for (let i = 0; i < MiB; i += 4096) b.set(i, 1);
const live = all.filter((_, i) => i % 4 === 0);

const log: TimelineRow[] = [];
let bytes = 0;
const goals = [8, 18].map((seconds) => {
  go.sweep({ live });
  for (let s = 0; s < seconds; s++, go.sleep(1000)) {
    const { HeapInuse: inuse, HeapIdle: idle } = go.memstats();
    log.push({ t: 1e3 * log.length, inuse, idle, ...go.os() });
  }
  const { gcPercentGoal, heapRetained } = go.scavenger();
  bytes = gcPercentGoal ?? 0;
  return [bytes, heapRetained].map((n) => (n / MiB).toFixed(1));
});
table(goals, { columns: ["goal", "retained"] });
const marks = [0, 8000].map((t) => ({ t, label: "GC" }));
const lines = [{ bytes, label: "goal" }];
show.timeline(log, { marks, lines });
