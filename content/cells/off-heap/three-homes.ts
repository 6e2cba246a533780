import { array, boot, int64, pointer, struct } from "goheap";

const data = array(5, int64);
const link = pointer("Linked");
const Linked = struct("Linked", { a: link, b: link, data });
const Flat = struct("Flat", { a: int64, b: int64, data });
const [one, two, three] = [boot(), boot(), boot()];
const je = three.offheap.jemalloc();
//zh 一万条 56 字节的记录，放在三个地方
//en ten thousand records of 56 bytes in three places
for (let i = 0; i < 10000; i++) {
  one.new(Linked);
  je.malloc(Flat.size);
}
two.make(Flat, 10000);
const row = (home: string, go = one, offHeap = 0) => {
  const { Mallocs, HeapAlloc } = go.memstats();
  const { heapScan } = go;
  return { home, Mallocs, HeapAlloc, heapScan, offHeap };
};
table([
  row("10000 × new(Linked)"),
  row("make([]Flat, 10000)", two),
  row("10000 × malloc(56)", three, je.figures.allocated),
]);
