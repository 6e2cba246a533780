import { array, boot, sizeClasses, uint8 } from "goheap";

const percent = (share: number) => (100 * share).toFixed(2);
//zh 用同一种大小装满一个 span，没人申请的占几成？
//en fill a span with one size: which share did nobody ask for?
const measure = (size: number) => {
  const go = boot();
  const next = () => go.where(go.new(array(size, uint8)));
  const { span, npages, path } = next();
  let n = 1;
  while (next().span === span) n++;
  return {
    path,
    waste: percent(1 - (n * size) / npages / 8192),
  };
};
const all = sizeClasses();
const worst = all.toSorted((a, b) => b.maxWaste - a.maxWaste);
const above1K = worst.filter((c) => c.size > 1024);
const rows = [...worst.slice(0, 4), above1K[0]].map((row) => {
  const { sizeclass, size: slot, maxWaste } = row;
  const size = slot === 8 ? 1 : all[sizeclass - 2].size + 1;
  const printed = percent(maxWaste);
  return { sizeclass, slot, printed, size, ...measure(size) };
});
table(rows, { turn: 4 });
