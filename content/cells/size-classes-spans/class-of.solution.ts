import { sizeClasses } from "goheap";

//zh t8 的一项管 8 字节，t128 的一项管 128 字节
//en an entry of t8 stands for 8 bytes, one of t128 for 128
const classOf = (
  size: number,
  t8: number[],
  t128: number[],
) => {
  //zh 加上除数减一再移位，就是向上取整
  //en adding the divisor less one before the shift rounds up
  if (size <= 1016) return t8[(size + 7) >> 3];
  return t128[(size - 1024 + 127) >> 7];
};

const slots = [0, ...sizeClasses().map((row) => row.size)];
const search = (size: number) =>
  slots.findIndex((slot) => slot >= size);
const fill = (n: number, from: number, unit: number) =>
  Array.from({ length: n }, (_, i) => search(from + unit * i));
const t8 = fill(129, 0, 8);
const t128 = fill(249, 1024, 128);
const sizes = [8, 9, 1016, 1017, 1025, 32768];
const own = (n: number) => classOf(n, t8, t128);
const rows = sizes.map((n) => [n, own(n), search(n)]);
table(rows, { columns: ["size", "yours", "wanted"] });
