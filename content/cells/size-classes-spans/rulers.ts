import { sizeClasses } from "goheap";

const range = { min: 1, max: 32768, value: 1000 };
const size = input.range("size", range);
const [base, unit] = size <= 1016 ? [0, 8] : [1024, 128];
const index = Math.ceil((size - base) / unit);

//zh 一级台阶就是一类：从前一类之后，到它自己的大小
//en a step is a class: from behind the last one up to its size
type Point = [number, number];
const end = unit === 8 ? 1024 : 32768;
const rows = sizeClasses().filter((row) => row.size <= end);
const stairs = rows.flatMap(({ size, sizeclass }, i) => {
  const from: Point = [rows[i - 1]?.size ?? 0, sizeclass];
  return [from, [size, sizeclass] as Point];
});
const sizeclass = rows.findIndex((row) => row.size >= size) + 1;
table([{ size, unit, index, sizeclass }]);
const here: Point[] = [
  [0, sizeclass],
  [size, sizeclass],
  [size, 0],
];
chart({ class: stairs, [`[${index}]`]: here }, { x: "size" });
