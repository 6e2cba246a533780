import { boot } from "goheap";

const range = { min: 0, max: 20000, step: 500, value: 10000 };
const dirtyDecayMs = input.range("dirtyDecayMs", range);
const je = boot().offheap.jemalloc({ dirtyDecayMs });
const blocks = Array.from({ length: 4096 }, () =>
  je.malloc(4096),
);
//zh 16 MiB 全部释放，然后只是等
//en all 16 MiB are freed, and then time passes
for (const block of blocks) block.free();
const rows: Record<string, number>[] = [];
for (let second = 0; second <= 12; second++) {
  const { dirty, cached, retained } = je.figures;
  rows.push({ second, dirty, cached, retained });
  je.advance(1000);
}
const points = rows.map((r) => [r.second, r.dirty] as const);
chart([{ name: "dirty", points }], { x: "s", y: "B" });
table([0, 5, 10].map((second) => rows[second]));
