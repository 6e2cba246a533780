/**
 * Statistics: the consistent counters that the heap feeds, and the two ways to read them.
 *
 *   readmemstats   stops the world and flushes every mcache first, so it sees every object; it also makes each P
 *                  start with empty caches again
 *   readMetrics    disturbs nobody and lags: objects of small classes count when their span leaves a cache
 *
 * Go 1.26: runtime/mstats.go (readmemstats_m, consistentHeapStats), runtime/metrics.go (heapStatsAggregate).
 * Differs: no pause times, goals or collector figures: MemStats has only the fields that the allocator knows.
 */
import { SizeClassToSize } from "../gc/sizeclasses.ts";
import { lock, unlock } from "../memory/atomics.ts";
import { throwFatal } from "../memory/fatal.ts";
import { load64 } from "../memory/layout.ts";
import type { Memory } from "../memory/memory.ts";
import * as gcc from "../records/gcController.ts";
import { allp, gcController, gomaxprocs, memstats, mheap_ } from "../records/globals.ts";
import type { HeapStatsDelta } from "../records/memstats.ts";
import * as stats from "../records/memstats.ts";
import * as fixalloc from "../records/mfixalloc.ts";
import * as mheap from "../records/mheap.ts";
import * as p from "../records/runtime2.ts";
import { flushallmcaches } from "./mcache.ts";

const numSizeClasses = 68;

/** The counters to add to now. Follow it by `heapStatsRelease`; do nothing else in between. */
export function heapStatsAcquire(m: Memory): HeapStatsDelta {
  const hs = stats.heapStats(memstats(m));
  if (m.p !== 0) {
    if ((p.addStatsSeq(m, m.p, 1) & 1) === 0) throwFatal("bad sequence number");
  } else {
    lock(m, stats.noPLock(hs));
  }
  return stats.stats(hs, stats.gen(m, hs) % 3);
}

/** Ends the write that `heapStatsAcquire` began. */
export function heapStatsRelease(m: Memory): void {
  if (m.p !== 0) {
    if ((p.addStatsSeq(m, m.p, 1) & 1) !== 0) throwFatal("bad sequence number");
  } else {
    unlock(m, stats.noPLock(stats.heapStats(memstats(m))));
  }
}

/** Closes the current generation and gives all counters up to now; they stand still until the next read. */
export function heapStatsRead(m: Memory): HeapStatsDelta {
  const hs = stats.heapStats(memstats(m));
  const currGen = stats.gen(m, hs);
  const prevGen = currGen === 0 ? 2 : currGen - 1;
  lock(m, stats.noPLock(hs));
  stats.setGen(m, hs, (currGen + 1) % 3);
  const n = gomaxprocs(m);
  for (let i = 0; i < n; i++) {
    while ((p.statsSeq(m, allp(m, i)) & 1) !== 0); // still writing to the generation that was just closed
  }
  unlock(m, stats.noPLock(hs));

  const curr = stats.stats(hs, currGen);
  const prev = stats.stats(hs, prevGen);
  stats.merge(m, curr, prev);
  m.u8.fill(0, prev, prev + stats.deltaLayout.size);
  return curr;
}

/** One counter summed over the three generations. The world is stopped. @param at offset of the counter in a delta */
function unsafeRead(m: Memory, at: number): number {
  const hs = stats.heapStats(memstats(m));
  let sum = 0;
  for (let i = 0; i < 3; i++) sum += load64(m, stats.stats(hs, i) + at);
  return sum;
}

const offsets = new Map(stats.deltaLayout.fields.map((f) => [f.name, f.offset]));

function offsetOfCounter(name: string): number {
  const offset = offsets.get(name);
  if (offset === undefined) throw new Error(`heapStatsDelta has no field ${name}`);
  return offset;
}

const tinyAllocCountAt = offsetOfCounter("tinyAllocCount");
const largeAllocAt = offsetOfCounter("largeAlloc");
const largeAllocCountAt = offsetOfCounter("largeAllocCount");
const largeFreeAt = offsetOfCounter("largeFree");
const largeFreeCountAt = offsetOfCounter("largeFreeCount");
const smallAllocCountAt = offsetOfCounter("smallAllocCount");
const smallFreeCountAt = offsetOfCounter("smallFreeCount");
const inStacksAt = offsetOfCounter("inStacks");
const inWorkBufsAt = offsetOfCounter("inWorkBufs");

/** Slots freed since the process began, and their bytes, without a flush: sweeping counts at once. */
export function freedSoFar(m: Memory): { readonly objects: number; readonly bytes: number } {
  let objects = unsafeRead(m, largeFreeCountAt);
  let bytes = unsafeRead(m, largeFreeAt);
  for (let i = 1; i < numSizeClasses; i++) {
    const n = unsafeRead(m, smallFreeCountAt + 8 * i);
    objects += n;
    bytes += n * SizeClassToSize[i];
  }
  return { objects, bytes };
}

/**
 * Objects of one size class.
 * @zh 一个尺寸类的对象数。
 */
export interface BySize {
  readonly Size: number;
  readonly Mallocs: number;
  readonly Frees: number;
}

/**
 * Go's runtime.MemStats, as far as the allocator fills it. Bytes, unless the name says objects.
 * @zh Go 的 runtime.MemStats 中由分配器填写的部分。除名字标明对象数的以外，单位都是字节。
 */
export interface MemStats {
  readonly Alloc: number;
  readonly TotalAlloc: number;
  readonly Sys: number;
  readonly Mallocs: number;
  readonly Frees: number;
  readonly HeapAlloc: number;
  readonly HeapSys: number;
  readonly HeapIdle: number;
  readonly HeapInuse: number;
  readonly HeapReleased: number;
  readonly HeapObjects: number;
  readonly StackInuse: number;
  readonly StackSys: number;
  readonly MSpanInuse: number;
  readonly MSpanSys: number;
  readonly MCacheInuse: number;
  readonly MCacheSys: number;
  readonly BuckHashSys: number;
  readonly GCSys: number;
  readonly OtherSys: number;
  readonly NumGC: number;
  /** Size classes 0 to 60: the 61 entries that Go's type has; the largest classes are missing there too. */
  readonly BySize: readonly BySize[];
}

/** Entries of MemStats.BySize. */
const bySizeEntries = 61;

/** All statistics of this moment. Flushes every mcache, as Go does: the world is stopped. */
export function readmemstats(m: Memory): MemStats {
  flushallmcaches(m);
  let TotalAlloc = unsafeRead(m, largeAllocAt);
  let Mallocs = unsafeRead(m, largeAllocCountAt);
  let totalFree = unsafeRead(m, largeFreeAt);
  let Frees = unsafeRead(m, largeFreeCountAt);
  const bySize: BySize[] = [];
  for (let i = 0; i < numSizeClasses; i++) {
    const Size = SizeClassToSize[i];
    const a = unsafeRead(m, smallAllocCountAt + 8 * i);
    const f = unsafeRead(m, smallFreeCountAt + 8 * i);
    TotalAlloc += a * Size;
    Mallocs += a;
    totalFree += f * Size;
    Frees += f;
    if (i < bySizeEntries) bySize.push({ Size, Mallocs: a, Frees: f });
  }
  // A tiny object is an allocation and, at once, a free: the block it lies in counts for itself.
  const tiny = unsafeRead(m, tinyAllocCountAt);
  Mallocs += tiny;
  Frees += tiny;

  const gc = gcController(m);
  const ms = memstats(m);
  const h = mheap_(m);
  const heapInUse = gcc.heapInUse(m, gc);
  const heapFree = gcc.heapFree(m, gc);
  const heapReleased = gcc.heapReleased(m, gc);
  const stackInUse = unsafeRead(m, inStacksAt);
  const workBufs = unsafeRead(m, inWorkBufsAt);
  const heapSys = heapInUse + heapFree + heapReleased;
  const runtimeSys =
    stats.mspan_sys(m, ms) +
    stats.mcache_sys(m, ms) +
    stats.buckhash_sys(m, ms) +
    stats.gcMiscSys(m, ms) +
    stats.other_sys(m, ms);
  return {
    Alloc: TotalAlloc - totalFree,
    TotalAlloc,
    Sys: heapSys + stackInUse + stats.stacks_sys(m, ms) + workBufs + runtimeSys,
    Mallocs,
    Frees,
    HeapAlloc: TotalAlloc - totalFree,
    HeapSys: heapSys,
    HeapIdle: heapFree + heapReleased,
    HeapInuse: heapInUse,
    HeapReleased: heapReleased,
    HeapObjects: Mallocs - Frees,
    StackInuse: stackInUse,
    StackSys: stackInUse + stats.stacks_sys(m, ms),
    MSpanInuse: fixalloc.inuse(m, mheap.spanalloc(h)),
    MSpanSys: stats.mspan_sys(m, ms),
    MCacheInuse: fixalloc.inuse(m, mheap.cachealloc(h)),
    MCacheSys: stats.mcache_sys(m, ms),
    BuckHashSys: stats.buckhash_sys(m, ms),
    GCSys: stats.gcMiscSys(m, ms) + workBufs,
    OtherSys: stats.other_sys(m, ms),
    NumGC: stats.numgc(m, ms),
    BySize: bySize,
  };
}

/**
 * A histogram of runtime/metrics: `counts[i]` values from `buckets[i]` up to, but without, `buckets[i + 1]`.
 * @zh runtime/metrics 的直方图：从 `buckets[i]` 起、不含 `buckets[i + 1]` 的值有 `counts[i]` 个。
 */
export interface Histogram {
  readonly buckets: readonly number[];
  readonly counts: readonly number[];
}

/**
 * Names of runtime/metrics that the allocator can answer, without a flush.
 * @zh 分配器不做 flush 就能回答的 runtime/metrics 名字。
 */
export interface Metrics {
  readonly "/gc/heap/allocs-by-size:bytes": Histogram;
  readonly "/gc/heap/allocs:bytes": number;
  readonly "/gc/heap/allocs:objects": number;
  readonly "/gc/heap/frees-by-size:bytes": Histogram;
  readonly "/gc/heap/frees:bytes": number;
  readonly "/gc/heap/frees:objects": number;
  readonly "/gc/heap/objects:objects": number;
  readonly "/gc/heap/tiny/allocs:objects": number;
  readonly "/memory/classes/heap/free:bytes": number;
  readonly "/memory/classes/heap/objects:bytes": number;
  readonly "/memory/classes/heap/released:bytes": number;
  readonly "/memory/classes/heap/unused:bytes": number;
}

/** Boundaries of the histograms by size: 1, then the byte after each size class, then infinity. */
function sizeClassBuckets(): number[] {
  return [1, ...Array.from(SizeClassToSize.subarray(1), (size) => size + 1), Number.POSITIVE_INFINITY];
}

/** Objects and bytes as known now. Nothing is flushed, so what lies in caches is not counted yet. */
export function readMetrics(m: Memory): Metrics {
  const d = heapStatsRead(m);
  let allocObjects = stats.largeAllocCount(m, d);
  let freeObjects = stats.largeFreeCount(m, d);
  let allocBytes = stats.largeAlloc(m, d);
  let freeBytes = stats.largeFree(m, d);
  const allocCounts: number[] = [];
  const freeCounts: number[] = [];
  for (let i = 1; i < numSizeClasses; i++) {
    const na = stats.smallAllocCount(m, d, i);
    const nf = stats.smallFreeCount(m, d, i);
    allocCounts.push(na);
    freeCounts.push(nf);
    allocObjects += na;
    freeObjects += nf;
    allocBytes += na * SizeClassToSize[i];
    freeBytes += nf * SizeClassToSize[i];
  }
  allocCounts.push(stats.largeAllocCount(m, d)); // all large objects, whatever their size
  freeCounts.push(stats.largeFreeCount(m, d));
  const inObjects = allocBytes - freeBytes;
  const committed = stats.committed(m, d) - stats.inStacks(m, d) - stats.inWorkBufs(m, d);
  return {
    "/gc/heap/allocs-by-size:bytes": { buckets: sizeClassBuckets(), counts: allocCounts },
    "/gc/heap/allocs:bytes": allocBytes,
    "/gc/heap/allocs:objects": allocObjects,
    "/gc/heap/frees-by-size:bytes": { buckets: sizeClassBuckets(), counts: freeCounts },
    "/gc/heap/frees:bytes": freeBytes,
    "/gc/heap/frees:objects": freeObjects,
    "/gc/heap/objects:objects": allocObjects - freeObjects,
    "/gc/heap/tiny/allocs:objects": stats.tinyAllocCount(m, d),
    "/memory/classes/heap/free:bytes": committed - stats.inHeap(m, d),
    "/memory/classes/heap/objects:bytes": inObjects,
    "/memory/classes/heap/released:bytes": stats.released(m, d),
    "/memory/classes/heap/unused:bytes": stats.inHeap(m, d) - inObjects,
  };
}
