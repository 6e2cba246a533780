import { sizeClasses } from "goheap";

const range = { min: 1, max: 32768, value: 1000 };
const size = input.range("size", range);
const [base, unit] = size <= 1016 ? [0, 8] : [1024, 128];
const index = Math.ceil((size - base) / unit);
const bytes = unit === 8 ? 1024 : 32768;
//zh 上面一把尺：表里的哪一项；下面一把：哪一类
//en the upper ruler: which entry; the lower one: which class
const block = (n: number, at: number, end: number) => {
  const kind = size > at && size <= end ? "live" : "reserved";
  return { at, size: end - at, kind, label: `${n}` } as const;
};
const end = base + index * unit;
const upper = [block(index, end - unit, end)];
const lower = sizeClasses()
  .map((c, i, all) =>
    block(i + 1, all[i - 1]?.size ?? 0, c.size),
  )
  .filter(({ at }) => at < bytes);
const sizeclass = lower.findIndex((b) => b.kind === "live") + 1;
table([{ size, unit, index, sizeclass }]);
show.strip([
  { name: `÷${unit}`, bytes, blocks: upper },
  { name: "class", bytes, blocks: lower },
]);
