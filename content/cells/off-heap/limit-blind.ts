import { boot } from "goheap";

const MiB = 1 << 20;
const limit = 64 * MiB;
const go = boot({ memoryLimit: limit });
const je = go.offheap.jemalloc();
const rows: [at: number, believed: number, real: number][] = [];
for (let i = 0; i <= 48; i++) {
  const { mappedReady } = go.scavenger();
  const { resident } = go.os();
  rows.push([i * MiB, limit - mappedReady, limit - resident]);
  const block = je.malloc(MiB);
  //zh 每页写一个字节，内存才真的到手
  //en one byte a page: only then is the memory really there
  for (let at = 0; at < MiB; at += 4096)
    block.set(at, "uint8", 1);
}
const columns = ["off-heap", "believed", "real"];
table([rows[0], rows[16], rows[32], rows[48]], { columns });
const drawn = rows.filter((_, i) => i % 8 === 0);
chart({
  believed: drawn.map((row) => [row[0], row[1]] as const),
  real: drawn.map((row) => [row[0], row[2]] as const),
});
