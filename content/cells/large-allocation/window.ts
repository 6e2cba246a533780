import { array, boot, uint8 } from "goheap";

const go = boot();
const Page = array(8192, uint8);
//zh 128 页，隔一页死一页
//en 128 pages, and every other one dies
const all = Array.from({ length: 128 }, () => go.new(Page));
go.sweep({ live: all.filter((_, i) => i % 2 === 0) });

const rows: unknown[] = [];
const look = (after: string) => {
  const { base, cache, free } = go.pageCache();
  rows.push({ after, base, cache, free });
};
look("sweep");
go.new(Page);
look("8192 B");
go.new(array(16384, uint8));
look("16384 B");
go.new(Page);
look("8192 B");
table(rows);
