import { array, boot, pointer, struct, uint8 } from "goheap";

const go = boot();
//zh 两个是指针数组，其余不含指针
//en two are arrays of pointers, the others hold none
const types = [
  struct("Empty", {}),
  array(15, uint8),
  array(16, uint8),
  array(64, pointer(uint8)),
  array(65, pointer(uint8)),
  array(32760, uint8),
  array(32761, uint8),
];
const rows = types.map((T) => {
  const { path, elemsize, npages } = go.where(go.new(T));
  return { T: T.name, size: T.size, path, elemsize, npages };
});
table(rows);
const ways = new Set(rows.map((row) => row.path)).size;
print({ zh: `不同的路：${ways}`, en: `ways: ${ways}` });
