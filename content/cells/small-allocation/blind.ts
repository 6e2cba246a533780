import { array, boot, uint8 } from "goheap";

const go = boot();
const NAME = "/gc/heap/allocs-by-size:bytes";
const rows = [32760, 32761, 32768, 32769].map((size) => {
  const before = [go.memstats(), go.metrics()[NAME]];
  go.new(array(size, uint8));
  const after = [go.memstats(), go.metrics()[NAME]];
  return [size, after[0].Mallocs - before[0].Mallocs, after[0].TotalAlloc - before[0].TotalAlloc, 0];
});
table(rows, {
  columns: [
    "n",
    "Mallocs",
    { zh: "TotalAlloc（B）", en: "TotalAlloc, B" },
    { zh: "直方图的格，下限", en: "bucket from" },
  ],
  turn: 1,
});
