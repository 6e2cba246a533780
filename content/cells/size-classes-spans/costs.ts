import { array, boot, pointer, uint8 } from "goheap";

const go = boot();
const sizes = [504, 512, 520, 568, 576, 1016, 1024, 8184, 8192];
const rows = sizes.map((size) => {
  const bytes = go.where(go.new(array(size, uint8)));
  const T = array(size / 8, pointer(uint8));
  const pointers = go.where(go.new(T));
  const { header } = pointers;
  const [noscan, scan] = [bytes.elemsize, pointers.elemsize];
  return { size, noscan, scan, header, more: scan - noscan };
});
table(rows, { turn: 2 });
