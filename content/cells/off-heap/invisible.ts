import { boot } from "goheap";

const go = boot({ windowBytes: 64 << 20 });
const read = () => {
  const { HeapAlloc, Sys } = go.memstats();
  return { HeapAlloc, Sys, resident: go.os().resident };
};
const before = read();
//zh 16 MiB，每页都写一个字节
//en 16 MiB, and one byte written in every page
const je = go.offheap.jemalloc();
for (let i = 0; i < 16; i++) {
  const block = je.malloc(1 << 20);
  for (let at = 0; at < block.size; at += 4096)
    block.set(at, "uint8", 1);
}
const after = read();
table([
  {
    HeapAlloc: after.HeapAlloc - before.HeapAlloc,
    Sys: after.Sys - before.Sys,
    resident: after.resident - before.resident,
  },
]);
