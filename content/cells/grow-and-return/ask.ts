import { boot, uint8 } from "goheap";

const PAGE = 8192;
const strips: StripRow[] = [];
//zh 先占 128 页，这个 chunk 还剩 384 页
//en 128 pages are taken, and 384 of the chunk are left
const rows = [384, 385, 512, 513].map((pages) => {
  const go = boot();
  const first = go.make(uint8, 128 * PAGE);
  const before = go.memstats().HeapSys;
  const second = go.make(uint8, pages * PAGE);
  const bytes = go.memstats().HeapSys;
  const blocks = [first, second].map((ref) => {
    const { address, npages } = go.where(ref);
    const at = Number(address) - Number(go.heapBase);
    return { at, size: npages * PAGE, kind: "live" as const };
  });
  strips.push({ name: `${pages}`, bytes, blocks });
  const missing = Math.max(0, pages - 384);
  const grown = (bytes - before) / PAGE;
  return { pages, missing, grown, MiB: grown / 128 };
});
table(rows, { turn: 1 });
show.strip(strips);
