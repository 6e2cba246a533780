import { array, boot, uint8 } from "goheap";

const n = input.range("n", { min: 32750, max: 32769, value: 32760 });

const go = boot();
const make = (size: number) => {
  const { path, sizeclass, npages, elemsize } = go.where(go.new(array(size, uint8)));
  return { size, path, sizeclass, pages: npages, slot: elemsize };
};
const columns = { size: "n", path: { zh: "路", en: "way" }, sizeclass: { zh: "尺寸类", en: "size class" } };
const cost = { pages: { zh: "页", en: "pages" }, slot: { zh: "占用 B", en: "costs, B" } };
table([make(n), make(n + 1)], { columns: { ...columns, ...cost }, turn: 1 });

//zh 同一条数轴，一个字节一个字节地走
//en the same stretch of the number line, byte by byte
const line = Array.from({ length: 21 }, (_, i) => make(32750 + i));
show.border(line, { at: n });
