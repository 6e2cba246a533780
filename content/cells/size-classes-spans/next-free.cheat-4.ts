import { array, boot, pointer, uint8 } from "goheap";

type Span = ReturnType<typeof go.snapshot>["spans"][number];
//zh 下一次申请会得到几号槽？一个也没有了就是 -1
//en which slot does the next request get? -1 when none is left
const next = (span: Span): number => {
  //zh 数一数占了几个，当作下一个
  //en takes the number of objects for the next slot
  return span.allocCount < span.nelems ? span.allocCount : -1;
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
