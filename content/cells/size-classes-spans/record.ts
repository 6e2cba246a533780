import { array, boot, int64, pointer, struct } from "goheap";

const go = boot();
const fields = {
  next: pointer("Node"),
  value: array(5, int64),
};
const Node = struct("Node", fields);
const made = Array.from({ length: 10 }, () => go.new(Node));

const { startAddr, npages, limit, ...s } = go.span(made[9]);
const { spanclass, elemsize, nelems } = s;
table([{ npages, spanclass, elemsize, nelems }]);
const { freeindex, allocCount } = s;
table([{ startAddr, limit, freeindex, allocCount }]);
//zh 每个 span 有一份记录，在堆外
//en each span has a record, outside of the heap
const rows = go.records();
table(rows.filter(({ name }) => name === "mspan"));
heap(go, { span: made[9] });
