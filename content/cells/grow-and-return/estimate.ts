import { boot, uint8 } from "goheap";

const MiB = 1024 * 1024;
const label = { zh: "写过多少 MiB", en: "MiB written" };
const range = { min: 0, max: 32, step: 8, value: 16, label };
const written = input.range("written", range);

const go = boot();
const all = [...Array(32)].map(() => go.make(uint8, MiB));
for (const block of all.slice(0, written))
  for (let i = 0; i < MiB; i += 4096) block.set(i, 1);

const { Sys, HeapInuse, HeapReleased } = go.memstats();
const { virtual, resident } = go.os();
const figures = { HeapInuse, Sys, ready: Sys - HeapReleased };
const rows = Object.entries({ ...figures, resident, virtual });
table(
  rows.map(([name, n]) => [name, Math.round(n / MiB)]),
  {
    columns: ["", "MiB"],
  },
);
