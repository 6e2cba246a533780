import { array, boot, pointer, uint8 } from "goheap";

//zh slot：槽的字节数；npages：页数
//en slot: bytes of a slot; npages: pages of the span
type Size = { slot: number; npages: number };
type Kind = Size & { noscan: boolean; greentea: boolean };
const count = (s: Kind) => {
  let bytes = s.npages * 8192;
  //zh 每 8 字节一位；16 字节起还有内联标记位
  //en one bit for each 8 bytes, and marks from 16 bytes on
  if (s.slot <= 512 && !s.noscan) bytes -= bytes / 64;
  if (s.slot <= 512 && s.slot >= 16 && s.greentea) bytes -= 128;
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
