import { array, boot, uint8 } from "goheap";

const go = boot();
const sizes = [32760, 32761, 32768, 32769, 40960, 40961];
const rows = sizes.map((size) => {
  const ref = go.new(array(size, uint8));
  const { path, npages, elemsize } = go.where(ref);
  return { size, path, npages, elemsize };
});
table(rows, { turn: 1 });
