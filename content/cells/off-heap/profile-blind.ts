import { boot } from "goheap";

const go = boot();
//zh 1：每次分配都记进堆采样
//en 1: every allocation is sampled
go.setMemProfileRate(1);
const je = go.offheap.jemalloc();
const kept = Array.from({ length: 64 }, () => go.malloc(1024));

const rows = Array.from({ length: 8 }, () => {
  //zh 堆上的 64 KiB 不变，堆外每轮漏 32 KiB
  //en 64 KiB stay on the heap; off it 32 KiB leak each round
  for (let i = 0; i < 8; i++) je.malloc(4096, "cache");
  go.sweep({ live: kept });
  let profile = 0;
  for (const { AllocBytes, FreeBytes } of go.memProfile())
    profile += AllocBytes - FreeBytes;
  const { HeapAlloc } = go.memstats();
  return { HeapAlloc, profile, leaks: je.leaks[0].bytes };
});
table(rows.slice(-1));
chart({
  profile: rows.map((row) => row.profile),
  leaks: rows.map((row) => row.leaks),
});
