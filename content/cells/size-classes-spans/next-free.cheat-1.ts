import { array, boot, pointer, uint8 } from "goheap";

type Span = ReturnType<typeof go.snapshot>["spans"][number];
//zh 下一次申请会得到几号槽？一个也没有了就是 -1
//en which slot does the next request get? -1 when none is left
const next = (span: Span): number => {
  //zh 总从 0 找起，不管 freeindex
  //en always from slot 0, whatever freeindex says
  for (let i = 0; i < span.nelems; i++) {
    const byte = span.allocBits.slice((i >> 3) * 2).slice(0, 2);
    if (((parseInt(byte, 16) >> (i & 7)) & 1) === 0) return i;
  }
  return -1;
};

const go = boot();
const T = array(64, pointer(uint8));
const made = Array.from({ length: 12 }, () => go.new(T));
go.sweep({ live: made.filter((_, i) => i % 4 > 1) });
const rows = [];
for (let i = 0; i < 11; i++) {
  const yours = next(go.snapshot().spans[0]);
  const { slot, span } = go.where(go.new(T));
  rows.push({ yours, slot, span });
}
table(rows);
