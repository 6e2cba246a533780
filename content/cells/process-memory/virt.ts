import { boot, uint8 } from "goheap";

//zh 真实的 Go：进入 main 时内核怎么说
//en the real Go: what the kernel says as main begins
const { seen } = recorded("process-1", "P1");
const real = [seen.VmSizeKiB, seen.VmRSSKiB];

//zh 引擎：分配过一个字节
//en the engine, after one byte was allocated
const go = boot();
go.new(uint8);
const { virtual, resident } = go.os();
const ours = [virtual / 1024, resident / 1024];

const mib = (kib: number) => Math.round((10 * kib) / 1024) / 10;
const rows = [
  ["Go 1.26.8", ...real.map(mib)],
  ["engine", ...ours.map(mib)],
];
table(rows, { columns: ["MiB", "VIRT", "RES"] });
