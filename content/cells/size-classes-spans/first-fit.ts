const bytes = 4096;
let live: { at: number; size: number }[] = [];
//zh 从低地址起，放进第一个够大的空隙
//en from the low end, into the first hole that is large enough
const firstFit = (size: number) => {
  let at = 0;
  let i = 0;
  for (; i < live.length && live[i].at - at < size; i++) {
    at = live[i].at + live[i].size;
  }
  if (at + size > bytes) return "—";
  live.splice(i, 0, { at, size });
  return at;
};
while (firstFit(64) !== "—");
live = live.filter((_, i) => i % 2 === 0);
const blocks = live.map(
  (b) => ({ ...b, kind: "live" }) as const,
);
show.strip([{ name: "4096 B", bytes, blocks }], { row: 1024 });
const free = live.reduce((left, b) => left - b.size, bytes);
const ask = (size: number) => ({ size, at: firstFit(size) });
table(
  [2048, 128, 65, 64].map((n) => ({ free, ...ask(n) })),
  { turn: 3 },
);
