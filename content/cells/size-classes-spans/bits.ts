import { array, boot, uint8 } from "goheap";

const go = boot();
const T = array(1024, uint8);
const made = Array.from({ length: 6 }, () => go.new(T));
//zh 左起第 i 位对应槽 i
//en bit i from the left stands for slot i
const bits = (hex: string) =>
  [...Number(`0x${hex}`).toString(2).padStart(8, "0")]
    .reverse()
    .join("");
const look = (when: string) => {
  const [s] = go.snapshot().spans;
  const { freeindex, allocCache } = s;
  const allocBits = bits(s.allocBits);
  const gcmarkBits = bits(s.gcmarkBits);
  return { when, allocBits, gcmarkBits, freeindex, allocCache };
};
const before = look("new × 6");
const live = made.filter((_, i) => i !== 1 && i !== 4);
const sweep = () => go.sweep({ live });
const during = go.watch(sweep, ({ kind }) =>
  /^sweepS/.test(kind) ? look(kind) : undefined,
);
go.new(T);
table([before, ...during, look("new")]);
