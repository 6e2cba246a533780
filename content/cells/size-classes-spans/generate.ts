import { sizeClasses } from "goheap";

const label = { zh: "尾部至多剩 1/n", en: "left: 1 / n" };
const range = { min: 2, max: 64, value: 8, label };
const parts = input.range("parts", range);
const ours: number[] = [];
let before = "";
for (let size = 8, step = 8; size <= 32768; size += step) {
  //zh 越大，步子越大；只在 2 的幂处换步
  //en larger sizes go in larger steps, changed at powers of two
  if (size >= 32 && (size & (size - 1)) === 0)
    step = Math.min(256, Math.max(16, size >> 3));
  let span = 8192;
  while (span % size > span / parts) span += 8192;
  const n = Math.floor(span / size);
  //zh 页数、个数都没变：并进上一类
  //en as many pages, as many objects: one class with the last
  if (before === `${span} ${n}`) ours.pop();
  before = `${span} ${n}`;
  ours.push(Math.max(size, Math.floor(span / n / 128) * 128));
}
const go = sizeClasses().map(({ size }) => size);
const added = ours.filter((size) => !go.includes(size)).length;
const lost = go.filter((size) => !ours.includes(size)).length;
table([{ parts, classes: ours.length, added, lost }]);
print(ours.join(" "));
