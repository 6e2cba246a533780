import { array, boot, uint8 } from "goheap";

const go = boot();
const rows: unknown[] = [];
const look = (after: string) => {
  const [chunk] = go.pages().chunks;
  const inUse = chunk === undefined ? 0 : 512 - chunk.free;
  const { free } = go.pageCache();
  rows.push({ after, inUse, ofThemInTheCache: free });
};
look("boot");
go.new(array(40960, uint8));
look("40960 B");
go.new(array(40960, uint8));
look("40960 B");
go.new(array(100, uint8));
look("100 B");
table(rows);
