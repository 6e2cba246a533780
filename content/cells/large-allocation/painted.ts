import { array, boot, uint8 } from "goheap";

const label = { zh: "每个对象的页数", en: "pages an object" };
const range = { min: 16, max: 64, step: 4, value: 24, label };
const pages = input.range("pages", range);

const go = boot();
const T = array(pages * 8192, uint8);
const all = Array.from({ length: 8 }, () => go.new(T));
//zh 隔一个死一个
//en every other one dies
go.sweep({ live: all.filter((_, i) => i % 2 === 0) });

const now = go.pages();
show.pages(now);
const rows = now.chunks.map(
  ({ address, free, start, max, end }) => {
    return { chunk: address, free, start, max, end };
  },
);
table(rows);
