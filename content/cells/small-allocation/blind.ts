import { array, boot, uint8 } from "goheap";

const go = boot();
//zh 直方图的每一格数一段大小
//en each bucket of the histogram counts one range of sizes
const histogram = () => go.metrics()["/gc/heap/allocs-by-size:bytes"];
const rows = [32760, 32761, 32768, 32769].map((size) => {
  const [before, counts] = [go.memstats(), histogram().counts];
  go.new(array(size, uint8));
  const [after, later] = [go.memstats(), histogram()];
  const hit = later.counts.findIndex((count, i) => count > counts[i]);
  const [Mallocs, TotalAlloc] = [after.Mallocs - before.Mallocs, after.TotalAlloc - before.TotalAlloc];
  return { size, Mallocs, TotalAlloc, bucket: later.buckets[hit] };
});
table(rows, { turn: 1 });
