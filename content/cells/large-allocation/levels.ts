import { array, boot, uint8 } from "goheap";

const go = boot();
go.new(array(300 * 8192, uint8));
//zh 五层里覆盖这个堆的那一条
//en of each of the five levels the entry over this heap
const rows = go.pages().levels.map(([entry], level) => {
  const { pages, start, max, end } = entry!;
  const MiB = (pages * 8192) / 2 ** 20;
  return { level, pages, MiB, start, max, end };
});
table(rows);
