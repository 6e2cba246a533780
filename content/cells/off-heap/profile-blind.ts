import { boot } from "goheap";

const go = boot();
//zh 1：每次分配都记进堆采样
//en 1: every allocation is sampled
go.setMemProfileRate(1);
const je = go.offheap.jemalloc();

//zh 堆上留 64 块 1 KiB，堆外留 64 块 4 KiB
//en 64 blocks of 1 KiB are kept on the heap, 64 of 4 KiB off it
const kept = [];
for (let i = 0; i < 64; i++) {
  kept.push(go.malloc(1024));
  je.malloc(4096, "cache");
}
go.sweep({ live: kept });
go.sweep({ live: kept });
let profile = 0;
for (const { AllocBytes, FreeBytes } of go.memProfile())
  profile += AllocBytes - FreeBytes;
const [{ bytes: leaks }] = je.leaks;
const { HeapAlloc } = go.memstats();
table([{ HeapAlloc, profile, leaks }]);
