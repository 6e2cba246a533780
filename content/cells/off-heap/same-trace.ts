import { replay, replayOffheap } from "goheap";

const range = { min: 50, max: 2000, step: 50, value: 50 };
const every = input.range("gc every", range);
let seed = 1;
const draw = (n: number) =>
  (seed = (seed * 48271) % 2147483647) % n;
//zh 与 3.1 节相同：一千个位置，随机换掉其中一个
//en as in 3.1: a thousand places, one replaced at random
const trace: object[] = [];
const held: number[] = [];
for (let id = 0; id < 6000; id++) {
  const k = id < 1000 ? id : draw(1000);
  if (id >= 1000) trace.push({ free: held[k] });
  trace.push({ id, size: 8 + draw(1017) });
  held[k] = id;
  if (id % every === every - 1) trace.push({ gc: true });
}
const spans = replay(trace, { gogc: -1 });
const manual = replayOffheap(trace);
const { asked, bytes, internal, free } = spans.waste;
table([{ asked, bytes, internal, free }], { caption: "Go" });
table([manual.waste], { caption: "jemalloc" });
show.slabs(manual.extents, { go: spans.snapshot });
