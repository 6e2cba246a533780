import { boot } from "goheap";

const go = boot();
const je = go.offheap.jemalloc();
const sizers = [
  (n: number) => go.where(go.malloc(n)).elemsize,
  (n: number) => je.sizeOf(n),
];
//zh 每一类里最吃亏的申请，都比前一类多一个字节
//en the worst request of each class is one byte above the class before
const ranges = [
  [65, 512],
  [513, 4096],
  [4097, 32760],
];
const rows = ranges.flatMap(([from, to]) => {
  const found = sizers.map((size) => {
    const all = [];
    for (let n = from; n <= to; n = size(n) + 1)
      all.push(1 - n / size(n));
    return [all.length, +(100 * Math.max(...all)).toFixed(1)];
  });
  return [[`${from}–${to}`, ...found.flat()]];
});
const columns = ["n", "Go", "worst %", "jemalloc", "worst %"];
table(rows, { columns });
