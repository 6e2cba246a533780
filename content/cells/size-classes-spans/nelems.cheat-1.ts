import { array, boot, pointer, uint8 } from "goheap";

//zh slot：槽的字节数；npages：页数
//en slot: bytes of a slot; npages: pages of the span
type Size = { slot: number; npages: number };
type Kind = Size & { noscan: boolean; greentea: boolean };
const count = (s: Kind) => {
  //zh 512 字节以内，一律扣 256
  //en takes off 256 for everything up to 512 bytes
  const off =
    s.slot <= 512 && (s.greentea || !s.noscan) ? 256 : 0;
  return Math.floor((s.npages * 8192 - off) / s.slot);
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
