import { array, boot, pointer, uint8 } from "goheap";

const go = boot();
const rows = [4095, 4096, 4097].map((n) => {
  const T = array(n, pointer(uint8));
  const { path, elemsize, npages, offset } = go.where(go.new(T));
  return { pointers: n, size: T.size, path, elemsize, npages, offset };
});
table(rows, { turn: 1 });
