import { sizeClasses } from "goheap";

//zh 每一类两个点：最小的对象、正好填满槽的对象
//en two points a class: its smallest object, and one that fills it
const points: [number, number][] = [];
let size = 0;
for (const row of sizeClasses()) {
  const { maxWaste, tailWaste, spanBytes } = row;
  points.push([Math.log2(size + 1), 100 * maxWaste]);
  size = row.size;
  points.push([Math.log2(size), (100 * tailWaste) / spanBytes]);
}
chart([{ name: "%", points }], {
  x: { zh: "log₂ 对象大小", en: "log₂ of the object’s bytes" },
  y: { zh: "没人申请的，%", en: "nobody asked for, %" },
});
const tails = points.filter((_, i) => i % 2 === 1);
const worstTail = Math.max(...tails.map(([, y]) => y));
table([{ classes: tails.length, worstTail }]);
