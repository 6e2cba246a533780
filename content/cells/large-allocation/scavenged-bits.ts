import { array, boot, uint8 } from "goheap";

const go = boot();
//zh 十六进制的一位是四个比特
//en a hexadecimal digit is four bits
const ones = (hex: string) =>
  [...hex].reduce(
    (n, d) =>
      n +
      parseInt(d, 16).toString(2).replaceAll("0", "").length,
    0,
  );
const rows: unknown[] = [];
const look = (after: string) => {
  const { free, scavenged } = go.pages().chunks[0]!;
  const without = ones(scavenged);
  const inUse = 512 - free;
  rows.push({ after, inUse, free: free - without, without });
};
go.new(array(100 * 8192, uint8));
look("new");
go.sweep();
look("sweep");
go.freeOSMemory();
look("FreeOSMemory");
table(rows);
