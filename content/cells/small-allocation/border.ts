import { array, boot, uint8 } from "goheap";

const n = input.range("n", { min: 32750, max: 32769, value: 32760 });

const go = boot();
const make = (size: number) => {
  const { path, sizeclass, npages, elemsize } = go.where(go.new(array(size, uint8)));
  return { size, path, sizeclass, npages, elemsize };
};
table([make(n), make(n + 1)], { turn: 1 });

//zh 同一段数轴，一个字节一个字节地走
//en the same stretch of the number line, byte by byte
const line = Array.from({ length: 21 }, (_, i) => make(32750 + i));
const points = line.map(({ elemsize, npages, ...row }) => ({ ...row, slot: elemsize, pages: npages }));
show.border(points, { at: n });
