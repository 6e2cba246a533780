import { sizeClasses } from "goheap";

const slots = [0, ...sizeClasses().map(({ size }) => size)];
const search = (size: number) =>
  slots.findIndex((slot) => slot >= size);
const fill = (n: number, from: number, unit: number) =>
  Array.from({ length: n }, (_, i) => search(from + unit * i));
const [by8, by128] = [fill(129, 0, 8), fill(249, 1024, 128)];

//zh 一次比较，一次加法，一次移位，一次读表
//en one comparison, one addition, one shift, one load
const rows = [1, 8, 9, 1016, 1017, 1024, 1025, 32760].map(
  (size) => {
    const isLow = size <= 1024 - 8;
    const index = isLow
      ? (size + 7) >> 3
      : (size - 1024 + 127) >> 7;
    const entries = isLow ? by8 : by128;
    const sizeclass = entries[index];
    return { size, unit: isLow ? 8 : 128, index, sizeclass };
  },
);
table(rows, { turn: 4 });
const bytes = by8.length + by128.length;
table([{ by8: by8.length, by128: by128.length, bytes }]);
