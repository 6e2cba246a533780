import { replay, replayOffheap } from "goheap";

const range = { min: 25, max: 400, step: 25, value: 100 };
const gogc = input.range("GOGC", range);

//zh 3000 个 2 KiB 的对象存活，来一个，走一个
//en 3000 objects of 2 KiB live: one comes, one goes
const trace: object[] = [];
for (let id = 0; id < 12000; id++) {
  if (id >= 3000) trace.push({ free: id - 3000 });
  trace.push({ id, size: 2048 });
}
const points = 24;
const go = replay(trace, { gogc, points });
const je = replayOffheap(trace, { points });
const { peakAsked: live, peakActive: slabs } = je;
const { peakInUse: spans, cycles } = go;
table([{ live, spans, cycles, slabs }]);
chart({
  spans: go.series.map((s) => [s.line, s.heapInUse] as const),
  slabs: je.series.map((s) => [s.line, s.active] as const),
});
