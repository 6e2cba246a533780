import { array, boot, uint8 } from "goheap";

const go = boot();
const Run = array(64 * 8192, uint8);
const all = Array.from({ length: 16 }, () => go.new(Run));
//zh 一个 chunk 的最后 64 页和下一个的头 64 页空着
//en free: the last 64 pages of a chunk, the first of the next
go.sweep({ live: all.filter((_, i) => i !== 7 && i !== 8) });

const { address, steps } = go.findPages(128);
const rows = steps.slice(3).map((step) => {
  const { level, start, max, end, took } = step;
  return { level, at: step.address, start, max, end, took };
});
table(rows);
print(address);
