import { array, boot, uint8 } from "goheap";

const range = { min: 32750, max: 32769, value: 32760 };
const n = input.range("n", range);

const go = boot();
const make = (size: number) => {
  const ref = go.new(array(size, uint8));
  const { path, sizeclass, npages, elemsize } = go.where(ref);
  return { size, path, sizeclass, npages, elemsize };
};
table([make(n), make(n + 1)], { turn: 1 });

//zh 同一段数轴，一个字节一个字节地走
//en the same stretch of the number line, byte by byte
const points = [];
for (let size = 32750; size <= 32770; size++) {
  const { path, npages, elemsize } = make(size);
  points.push({ size, path, slot: elemsize, pages: npages });
}
show.border(points, { at: n });
