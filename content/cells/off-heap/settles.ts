import { replay, replayOffheap } from "goheap";

//zh 四千个位置，先放满，再随机换两万次
//en four thousand places: filled, then 20000 times one is replaced
let drawn = 7;
const pick = (n: number) =>
  (drawn = (drawn * 48271) % 2147483647) % n;
const [steps, at]: [object[], number[]] = [[], []];
for (let id = 0; id < 24000; id++) {
  const k = id < 4000 ? id : pick(4000);
  if (id >= 4000) steps.push({ free: at[k] });
  steps.push({ id, size: 1 + pick(512) });
  at[k] = id;
  if (id % 1000 === 999) steps.push({ gc: true });
}
const options = { gogc: -1, points: 12 };
const spans = replay(steps, options).series;
const slabs = replayOffheap(steps, options).series;
const waste = (asked: number, all: number) =>
  +(100 - (100 * asked) / all).toFixed(1);
const Go = spans.map((s) => waste(s.asked, s.heapInUse));
const jemalloc = slabs.map((s) => waste(s.asked, s.active));
chart({ Go, jemalloc }, { y: "%" });
table(
  [3, 7, 11].map((i) => ({ Go: Go[i], jemalloc: jemalloc[i] })),
);
