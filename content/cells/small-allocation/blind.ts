import { array, boot, uint8 } from "goheap";

const go = boot();
//zh 直方图的每一格数一段大小
//en each bucket of the histogram counts one range of sizes
const NAME = "/gc/heap/allocs-by-size:bytes";
const histogram = () => go.metrics()[NAME];

const rows = [32760, 32761, 32768, 32769].map((size) => {
  const [before, { counts }] = [go.memstats(), histogram()];
  go.new(array(size, uint8));
  const [after, later] = [go.memstats(), histogram()];
  const hit = later.counts.findIndex((n, i) => n > counts[i]);
  const bucket = later.buckets[hit];
  const Mallocs = after.Mallocs - before.Mallocs;
  const TotalAlloc = after.TotalAlloc - before.TotalAlloc;
  return { size, Mallocs, TotalAlloc, bucket };
});
table(rows, { turn: 1 });
