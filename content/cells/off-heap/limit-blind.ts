import { boot } from "goheap";

const MiB = 1 << 20;
const limit = 64 * MiB;
const go = boot({ memoryLimit: limit });
const je = go.offheap.jemalloc();
const room = () => {
  const { mappedReady } = go.scavenger();
  const { resident } = go.os();
  const offHeap = je.figures.requested;
  const [believed, real] = [
    limit - mappedReady,
    limit - resident,
  ];
  return { offHeap, believed, real };
};
const rows = [room()];
for (let i = 1; i <= 48; i++) {
  const block = je.malloc(MiB);
  //zh 每页写一个字节，内存才真的到手
  //en one byte a page: only then is the memory really there
  for (let at = 0; at < MiB; at += 4096)
    block.set(at, "uint8", 1);
  if (i % 16 === 0) rows.push(room());
}
table(rows);
