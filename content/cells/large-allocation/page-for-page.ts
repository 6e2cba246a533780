import { array, boot, uint8 } from "goheap";

const go = boot();
const Page = array(8192, uint8);
//zh 1024 个一页的 span，隔一个死一个；还没有清扫
//en 1024 spans of a page; every other one dies, none is swept
const all = Array.from({ length: 1024 }, () => go.new(Page));
go.startSweep({ live: all.filter((_, i) => i % 2 === 0) });

const rows: unknown[] = [];
for (const npages of [20, 20, 300]) {
  const steps = go.trace(() =>
    go.new(array(npages * 8192, uint8)),
  );
  const count = (kind: string) =>
    steps.filter((e) => e.kind === kind).length;
  const swept = count("sweepSpan");
  const freed = count("freeSpan");
  const grows = count("heapGrow");
  rows.push({ npages, swept, freed, grows });
}
table(rows);
