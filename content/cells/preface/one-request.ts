import { boot, int64, slice, struct, uint8 } from "goheap";

const go = boot();
const Session = struct("Session", {
  id: int64,
  cart: slice(int64),
  trace: slice(uint8),
});
//zh 第一个请求，handle(7)
//en the first request, handle(7)
const buf = go.make(uint8, 4096);
const s = go.new(Session);
s.id = 7;
s.cart = go.append(int64, 7);
s.trace = buf;

const made = { buf, s, "s.cart": s.cart };
const rows = Object.entries(made).map(([name, ref]) => {
  const { path, elemsize, npages } = go.where(ref);
  return { name, size: ref.size, elemsize, npages, path };
});
table(rows);
heap(go, { span: buf });
