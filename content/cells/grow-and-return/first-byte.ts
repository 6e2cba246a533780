import { boot, uint8 } from "goheap";

const go = boot();
const rows: object[] = [];
const look = (step: string) => {
  //zh reserved：堆占着的地址，背后有没有内存都算
  //en reserved: addresses of the heap, with memory or without
  const reserved = go
    .segments()
    .filter((s) => s.kind === "heap" || s.kind === "reserved")
    .reduce((sum, s) => sum + s.bytes, 0);
  const { HeapSys, HeapReleased, HeapInuse } = go.memstats();
  const bytes = [reserved, HeapSys, HeapReleased, HeapInuse];
  rows.push([step, ...bytes.map((n) => n / 1024)]);
};
look("boot()");
go.new(uint8);
look("new(uint8)");

const names = ["reserved", "HeapSys", "HeapReleased"];
table(rows, { columns: ["KiB", ...names, "HeapInuse"] });
