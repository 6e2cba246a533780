import { boot, pointer, uint8 } from "goheap";

//zh 真实 Go 的录制：大小，含不含指针，落在哪里
//en a recording of the real Go: size, pointers or not, and where
const real = recorded("malloc-1", 3, "mallocs.0..300");

const go = boot();
const order = new Map<string | null, number>();
let different = 0;
const rows = [];
for (const [size, scan, ...theirs] of real) {
  const T = scan === 1 ? pointer(uint8) : null;
  const at = go.where(go.malloc(size, T));
  //zh span 按第一次用到的先后编号
  //en spans are numbered in the order of their first use
  const span = order.get(at.span) ?? order.size;
  order.set(at.span, span);
  const ours = [at.spanclass, span, at.slot, at.offset];
  if (ours.join() !== theirs.join()) different++;
  rows.push([size, ...theirs, ...ours]);
}
table([{ allocations: real.length, different }]);
const place = ["spanclass", "span", "slot", "offset"];
const columns = ["size", ...place.map((n) => `Go ${n}`)];
table(rows.slice(0, 8), { columns: [...columns, ...place] });
