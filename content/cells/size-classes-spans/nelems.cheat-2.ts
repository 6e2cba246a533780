import { array, boot, pointer, uint8 } from "goheap";

//zh slot：槽的字节数；npages：页数
//en slot: bytes of a slot; npages: pages of the span
type Size = { slot: number; npages: number };
type Kind = Size & { noscan: boolean; greentea: boolean };
const count = (s: Kind) => {
  let bytes = s.npages * 8192;
  //zh 忘了 8 字节的槽没有内联标记位
  //en forgets that slots of 8 bytes have no inline marks
  if (s.slot <= 512 && !s.noscan) bytes -= 128;
  if (s.slot <= 512 && s.greentea) bytes -= 128;
  return Math.floor(bytes / s.slot);
};

const kind = { noscan: false, greentea: true };
const rows = [];
for (const size of [8, 16, 48, 512, 576, 9472]) {
  const go = boot();
  const words = (size > 512 ? size - 8 : size) / 8;
  const ref = go.new(array(words, pointer(uint8)));
  const { nelems, npages } = go.span(ref);
  const yours = count({ ...kind, slot: size, npages });
  rows.push({ size, npages, yours, nelems });
}
table(rows);
