import { array, boot, uint8 } from "goheap";

const go = boot({ procs: 2 });
const Page = array(8192, uint8);
go.new(Page);
const rows = [];
for (const p of [0, 1, 0, 1]) {
  const at = go.where(go.on(p).new(Page)).address;
  const { base, free } = go.pageCache(p);
  const KiB = (Number(base) - Number(go.heapBase)) / 1024;
  rows.push({ p, at, base, free, KiB });
}
table(rows);
