import { array, boot, pointer, struct, uint8 } from "goheap";

const go = boot();
//zh 只写出答案，没有真走
//en the answer is written down, the ways are not taken
const types = [
  array(24, uint8),
  struct("Leaf", { next: pointer(uint8) }),
];
for (const T of types) go.new(T);
table(
  [
    "zero",
    "tiny",
    "small noscan",
    "small scan",
    "small scan, header",
    "large",
  ].map((path) => ({ path })),
);
