/**
 * The figures of ReadMemStats, counted anew over the spans and the bitmaps: slow, and by another way.
 *
 * Go 1.26: runtime/export_test.go (ReadMemStatsSlow).
 */
import { SizeClassToSize } from "../gc/sizeclasses.ts";
import { load64 } from "../memory/layout.ts";
import type { Memory } from "../memory/memory.ts";
import { popcount64 } from "../memory/u64.ts";
import { allp, gomaxprocs, memstats, mheap_ } from "../records/globals.ts";
import * as stats from "../records/memstats.ts";
import * as mheap from "../records/mheap.ts";
import * as pageAlloc from "../records/mpagealloc.ts";
import * as pageCache from "../records/mpagecache.ts";
import * as mranges from "../records/mranges.ts";
import * as mspan from "../records/mspan.ts";
import * as p from "../records/runtime2.ts";
import { pallocChunkPages } from "../records/sizes.ts";
import { flushallmcaches } from "../runtime/mcache.ts";
import { chunkIndex, chunkOf } from "../runtime/mpagealloc.ts";
import { popcntRange } from "../runtime/mpallocbits.ts";
import type { BySize, MemStats } from "../runtime/mstats.ts";

const pageSize = 8192;
const numSizeClasses = 68;
const bySizeEntries = 61;

/** The fields that can be recounted. */
export type SlowMemStats = Pick<
  MemStats,
  | "Alloc"
  | "TotalAlloc"
  | "Mallocs"
  | "Frees"
  | "HeapAlloc"
  | "HeapSys"
  | "HeapIdle"
  | "HeapInuse"
  | "HeapReleased"
  | "HeapObjects"
  | "BySize"
> & {
  /** Bytes of spans that are managed by hand: StackInuse and the work buffers' part of GCSys. */
  readonly Manual: number;
};

const counterOffsets = new Map(stats.deltaLayout.fields.map((f) => [f.name, f.offset]));

/** A counter of which no span knows: over the whole life of the process. */
function counter(m: Memory, name: string, index = 0): number {
  const at = counterOffsets.get(name)! + 8 * index;
  const hs = stats.heapStats(memstats(m));
  return [0, 1, 2].reduce((sum, i) => sum + load64(m, stats.stats(hs, i) + at), 0);
}

/** Flushes the caches, as ReadMemStats does, and counts. */
export function readMemStatsSlow(m: Memory): SlowMemStats {
  flushallmcaches(m);
  const counts = new Float64Array(numSizeClasses);
  let Alloc = 0;
  let HeapInuse = 0;
  let Manual = 0;
  const h = mheap_(m);
  const list = (mheap.allspans(m, h) as number) >> 2;
  for (let i = 0; i < mheap.allspansLen(m, h); i++) {
    const s: mspan.MSpan = m.i32[list + 2 * i];
    const bytes = mspan.npages(m, s) * pageSize;
    if (mspan.state(m, s) === mspan.mSpanManual) Manual += bytes;
    if (mspan.state(m, s) !== mspan.mSpanInUse) continue;
    HeapInuse += bytes;
    counts[mspan.spanclass(m, s) >> 1] += mspan.allocCount(m, s);
    Alloc += mspan.allocCount(m, s) * mspan.elemsize(m, s);
  }
  const freed = [counter(m, "largeFreeCount")];
  let freedBytes = counter(m, "largeFree");
  for (let c = 1; c < numSizeClasses; c++) {
    freed.push(counter(m, "smallFreeCount", c));
    freedBytes += freed[c] * SizeClassToSize[c];
  }
  const tiny = counter(m, "tinyAllocCount");
  const objects = counts.reduce((a, b) => a + b);
  const Frees = freed.reduce((a, b) => a + b) + tiny;
  const BySize: BySize[] = Array.from({ length: bySizeEntries }, (_, c) => ({
    Size: SizeClassToSize[c],
    Mallocs: c === 0 ? 0 : counts[c] + freed[c],
    Frees: c === 0 ? 0 : freed[c],
  }));
  const { mapped, HeapReleased } = pages(m);
  return {
    Alloc,
    TotalAlloc: Alloc + freedBytes,
    Mallocs: objects + Frees,
    Frees,
    HeapAlloc: Alloc,
    HeapSys: mapped - Manual,
    HeapIdle: mapped - Manual - HeapInuse,
    HeapInuse,
    HeapReleased,
    HeapObjects: objects,
    BySize,
    Manual,
  };
}

/** Bytes that the heap has grown by, and those of them that were given back, by their bits. */
function pages(m: Memory): { mapped: number; HeapReleased: number } {
  const alloc = mheap.pages(mheap_(m));
  const inUse = pageAlloc.inUse(alloc);
  let chunks = 0;
  let scavenged = 0;
  for (let i = 0; i < mranges.rangesLen(m, inUse); i++) {
    const r = mranges.at(m, inUse, i);
    const end = chunkIndex(mranges.limit(m, r) - 1);
    for (let ci = chunkIndex(mranges.base(m, r)); ci <= end; ci++) {
      chunks++;
      scavenged += popcntRange(m, pageAlloc.scavenged(chunkOf(m, alloc, ci)), 0, pallocChunkPages);
    }
  }
  for (let i = 0; i < gomaxprocs(m); i++) {
    const c = p.pcache(allp(m, i));
    const lo = pageCache.cacheLo(m, c) & pageCache.scavLo(m, c);
    scavenged += popcount64(lo, pageCache.cacheHi(m, c) & pageCache.scavHi(m, c));
  }
  return { mapped: chunks * pallocChunkPages * pageSize, HeapReleased: scavenged * pageSize };
}
