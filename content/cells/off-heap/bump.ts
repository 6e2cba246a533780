import { boot } from "goheap";

const go = boot();
const arena = go.offheap.arena({ chunkBytes: 4096 });
const je = go.offheap.jemalloc();

//zh 六个块，一个挨着一个
//en six blocks, one behind the other
const sizes = [24, 20, 40, 100, 33, 17];
const blocks = sizes.map((size) => arena.alloc(size));
const [chunk] = arena.chunks;
const rows = blocks.map(({ size, address }) => {
  const at = Number(address) - Number(chunk.address);
  const slot = go.where(go.malloc(size)).elemsize;
  return { size, at, slot, region: je.sizeOf(size) };
});
table(rows);
const { objects, requested, padding, mapped } = arena.figures;
table([{ objects, requested, padding, mapped }]);
