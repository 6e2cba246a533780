/**
 * Statistics: the consistent counters that the heap feeds, and the two ways to read them.
 *
 *   readmemstats   stops the world and flushes every mcache first, so it sees every object; it also makes each P
 *                  start with empty caches again
 *   readMetrics    disturbs nobody and lags: objects of small classes count when their span leaves a cache
 *
 * Go 1.26: runtime/mstats.go (readmemstats_m, consistentHeapStats), runtime/metrics.go (heapStatsAggregate).
 * Differs: no pause times and processor times: MemStats and metrics have what is about memory.
 */
import { SizeClassToSize } from "../gc/sizeclasses.ts";
import { lock, unlock } from "../memory/atomics.ts";
import { throwFatal } from "../memory/fatal.ts";
import { load64 } from "../memory/layout.ts";
import type { Memory } from "../memory/memory.ts";
import * as gcc from "../records/gcController.ts";
import { allp, finalizers, gcController, gomaxprocs, memstats, mheap_, sched } from "../records/globals.ts";
import * as gsched from "../records/gsched.ts";
import type { HeapStatsDelta } from "../records/memstats.ts";
import * as stats from "../records/memstats.ts";
import * as mfinal from "../records/mfinal.ts";
import * as fixalloc from "../records/mfixalloc.ts";
import * as mheap from "../records/mheap.ts";
import * as p from "../records/runtime2.ts";
import { flushallmcaches } from "./mcache.ts";
import { heapGoal } from "./mgcpacer.ts";
import { gcount } from "./proc_g.ts";
import { semacquire, semrelease } from "./proc_world.ts";

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

/**
 * Closes the current generation and gives all counters up to now; they stand still until the next read. The world is
 * stopped, or the caller has metricsSema.
 */
export function heapStatsRead(m: Memory): HeapStatsDelta {
  const hs = stats.heapStats(memstats(m));
  const currGen = stats.gen(m, hs);
  const prevGen = currGen === 0 ? 2 : currGen - 1;
  lock(m, stats.noPLock(hs));
  stats.setGen(m, hs, (currGen + 1) % 3);
  unlock(m, stats.noPLock(hs));
  const n = gomaxprocs(m);
  for (let i = 0; i < n; i++) {
    while ((p.statsSeq(m, allp(m, i)) & 1) !== 0); // still writing to the generation that was just closed
  }

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
const committedAt = offsetOfCounter("committed");
const releasedAt = offsetOfCounter("released");
const inHeapAt = offsetOfCounter("inHeap");
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
  /** Bytes of a slot of the class. @zh 这个尺寸类的槽有多少字节。 */
  readonly Size: number;
  /** Slots that were ever taken. @zh 累计占用过的槽数。 */
  readonly Mallocs: number;
  /** Slots that were freed. @zh 累计释放的槽数。 */
  readonly Frees: number;
}

/**
 * Go's runtime.MemStats, as far as the allocator fills it. Bytes, unless the name says objects.
 * @zh Go 的 runtime.MemStats 中由分配器填写的部分。除名字标明对象数的以外，单位都是字节。
 */
export interface MemStats {
  /**
   * Bytes of objects that were allocated and not freed yet; the same as HeapAlloc.
   * @zh 已分配、尚未释放的对象的字节数，与 HeapAlloc 相同。
   */
  readonly Alloc: number;
  /** Bytes of all objects ever allocated; it never shrinks. @zh 累计分配的字节数，只增不减。 */
  readonly TotalAlloc: number;
  /** Bytes of memory taken from the operating system, for all purposes. @zh 向操作系统要来的内存总量，包括所有用途。 */
  readonly Sys: number;
  /** Always 0, as in Go since 1.5. @zh 恒为 0，自 Go 1.5 起如此。 */
  readonly Lookups: number;
  /** Objects ever allocated; each tiny object counts. @zh 累计分配的对象数，微型对象逐个计入。 */
  readonly Mallocs: number;
  /**
   * Objects ever freed; an object that joins a tiny block counts at once, the block when it is swept.
   * @zh 累计释放的对象数；放进已有微型块的对象分配时就计入，块本身到清扫时才计。
   */
  readonly Frees: number;
  /**
   * Bytes of objects that were allocated and not swept yet, live or not.
   * @zh 已分配、尚未清扫掉的对象的字节数，不论死活。
   */
  readonly HeapAlloc: number;
  /** Bytes of address space that the heap has got, in use or not. @zh 堆得到的地址空间，不论是否在用。 */
  readonly HeapSys: number;
  /**
   * Bytes of pages in no span, returned to the operating system or not.
   * @zh 不属于任何 span 的页的字节数，不论是否已还给操作系统。
   */
  readonly HeapIdle: number;
  /** Bytes of the pages of spans that hold objects. @zh 存放对象的 span 所占页的字节数。 */
  readonly HeapInuse: number;
  /** Bytes of idle pages that the operating system has back. @zh 空闲页中已还给操作系统的字节数。 */
  readonly HeapReleased: number;
  /** Objects allocated and not freed yet: Mallocs less Frees. @zh 已分配、尚未释放的对象数，即 Mallocs 减 Frees。 */
  readonly HeapObjects: number;
  /** Bytes of spans that hold goroutine stacks. @zh 存放 goroutine 栈的 span 的字节数。 */
  readonly StackInuse: number;
  /** Bytes taken from the operating system for stacks. @zh 为栈向操作系统要来的字节数。 */
  readonly StackSys: number;
  /** Bytes of mspan records in use, 160 each. @zh 在用的 mspan 记录的字节数，每个 160 字节。 */
  readonly MSpanInuse: number;
  /** Bytes taken from the operating system for mspan records. @zh 为 mspan 记录向操作系统要来的字节数。 */
  readonly MSpanSys: number;
  /** Bytes of mcache records in use: 2296 for each P. @zh 在用的 mcache 记录的字节数，每个 P 一份，2296 字节。 */
  readonly MCacheInuse: number;
  /** Bytes taken from the operating system for mcache records. @zh 为 mcache 记录向操作系统要来的字节数。 */
  readonly MCacheSys: number;
  /** Bytes of the profiler’s tables. @zh 性能剖析用的表的字节数。 */
  readonly BuckHashSys: number;
  /** Bytes of the collector’s own records. @zh 回收器自用记录的字节数。 */
  readonly GCSys: number;
  /** Bytes of the runtime’s other records. @zh 运行时其他记录的字节数。 */
  readonly OtherSys: number;
  /** The heap's goal: where a cycle should end. @zh 目标堆：本轮应在此之前结束。 */
  readonly NextGC: number;
  /** Cycles that were completed. @zh 已完成的回收轮数。 */
  readonly NumGC: number;
  /** Always true, as in Go. @zh 恒为 true，与 Go 相同。 */
  readonly EnableGC: boolean;
  /** Always false, as in Go. @zh 恒为 false，与 Go 相同。 */
  readonly DebugGC: boolean;
  /**
   * Size classes 0 to 60: the 61 entries that Go’s type has; the largest classes are missing there too.
   * @zh 尺寸类 0 到 60：与 Go 的类型一样是 61 项，最大的几类在 Go 里也没有。
   */
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
  const Sys = heapSys + stackInUse + stats.stacks_sys(m, ms) + workBufs + runtimeSys;
  if (m.isChecked) doubleCheck(m, TotalAlloc, totalFree, Sys);
  return {
    Alloc: TotalAlloc - totalFree,
    TotalAlloc,
    Sys,
    Lookups: 0,
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
    NextGC: heapGoal(m),
    NumGC: stats.numgc(m, ms),
    EnableGC: true,
    DebugGC: false,
    BySize: bySize,
  };
}

/** Compares what is counted twice, on the two ways of counting. Go: doubleCheckReadMemStats. */
function doubleCheck(m: Memory, totalAlloc: number, totalFree: number, totalMapped: number): void {
  const gc = gcController(m);
  const released = unsafeRead(m, releasedAt);
  if (gcc.heapInUse(m, gc) !== unsafeRead(m, inHeapAt)) throwFatal("heapInUse and consistent stats are not equal");
  if (gcc.heapReleased(m, gc) !== released) throwFatal("heapReleased and consistent stats are not equal");
  const heapRetained = gcc.heapInUse(m, gc) + gcc.heapFree(m, gc);
  const consRetained = unsafeRead(m, committedAt) - unsafeRead(m, inStacksAt) - unsafeRead(m, inWorkBufsAt);
  if (heapRetained !== consRetained) throwFatal("measures of the retained heap are not equal");
  if (gcc.totalAlloc(m, gc) !== totalAlloc) throwFatal("totalAlloc and consistent stats are not equal");
  if (gcc.totalFree(m, gc) !== totalFree) throwFatal("totalFree and consistent stats are not equal");
  if (gcc.mappedReady(m, gc) !== totalMapped - released) throwFatal("mappedReady and other memstats are not equal");
}

/**
 * A histogram of runtime/metrics: `counts[i]` values from `buckets[i]` up to, but without, `buckets[i + 1]`.
 * @zh runtime/metrics 的直方图：从 `buckets[i]` 起、不含 `buckets[i + 1]` 的值有 `counts[i]` 个。
 */
export interface Histogram {
  /** Boundaries in ascending order, one more than there are counts. @zh 由小到大的边界，比 `counts` 多一个。 */
  readonly buckets: readonly number[];
  /** Values in each bucket. @zh 每一格里有多少个。 */
  readonly counts: readonly number[];
}

/**
 * Names of runtime/metrics that the allocator can answer, without a flush.
 * @zh 分配器不做 flush 就能回答的 runtime/metrics 名字。
 */
export interface Metrics {
  /** Cleanups that were ever queued to be run. @zh 累计排进队列等待执行的清理函数个数。 */
  readonly "/gc/cleanups/queued:cleanups": number;
  /** Cycles that were completed. @zh 已完成的回收轮数。 */
  readonly "/gc/cycles/total:gc-cycles": number;
  /** Finalizers that were ever queued to be run. @zh 累计排进队列等待执行的终结器个数。 */
  readonly "/gc/finalizers/queued:finalizers": number;
  /** GOGC: percent that the heap may grow; -1 for off. @zh GOGC：堆可以增长的百分比；-1 表示关闭。 */
  readonly "/gc/gogc:percent": number;
  /** GOMEMLIMIT: the memory limit in bytes. @zh GOMEMLIMIT：内存软上限（字节）。 */
  readonly "/gc/gomemlimit:bytes": number;
  /**
   * Objects allocated so far, by size; all large ones share the last bucket.
   * @zh 累计分配的对象，按大小分格；大对象都在最后一格。
   */
  readonly "/gc/heap/allocs-by-size:bytes": Histogram;
  /** Bytes allocated so far. @zh 累计分配的字节数。 */
  readonly "/gc/heap/allocs:bytes": number;
  /**
   * Objects allocated so far; those in tiny blocks are counted by their blocks.
   * @zh 累计分配的对象数；微型对象按所在的块计。
   */
  readonly "/gc/heap/allocs:objects": number;
  /**
   * Objects freed so far, by size; all large ones share the last bucket.
   * @zh 累计释放的对象，按大小分格；大对象都在最后一格。
   */
  readonly "/gc/heap/frees-by-size:bytes": Histogram;
  /** Bytes freed so far. @zh 累计释放的字节数。 */
  readonly "/gc/heap/frees:bytes": number;
  /** Objects freed so far. @zh 累计释放的对象数。 */
  readonly "/gc/heap/frees:objects": number;
  /** The heap goal: where a cycle should end. @zh 目标堆：本轮应在此之前结束。 */
  readonly "/gc/heap/goal:bytes": number;
  /** Bytes of objects that the last cycle marked. @zh 上一轮标记到的对象的字节数。 */
  readonly "/gc/heap/live:bytes": number;
  /** Objects allocated and not freed yet. @zh 已分配、尚未释放的对象数。 */
  readonly "/gc/heap/objects:objects": number;
  /** Tiny objects that share a block with others. @zh 与别的对象合用一块的微型对象数。 */
  readonly "/gc/heap/tiny/allocs:objects": number;
  /** Bytes of the stack that a new goroutine starts with. @zh 新 goroutine 起始栈的字节数。 */
  readonly "/gc/stack/starting-size:bytes": number;
  /** Bytes of free pages that were not returned to the operating system. @zh 空闲、尚未还给操作系统的页的字节数。 */
  readonly "/memory/classes/heap/free:bytes": number;
  /** Bytes of objects not freed yet. @zh 尚未释放的对象的字节数。 */
  readonly "/memory/classes/heap/objects:bytes": number;
  /** Bytes of free pages that the operating system has back. @zh 已还给操作系统的空闲页的字节数。 */
  readonly "/memory/classes/heap/released:bytes": number;
  /** Bytes of spans that hold goroutine stacks. @zh 存放 goroutine 栈的 span 的字节数。 */
  readonly "/memory/classes/heap/stacks:bytes": number;
  /** Bytes in spans of objects that no object takes up. @zh 对象 span 里没有放对象的字节数。 */
  readonly "/memory/classes/heap/unused:bytes": number;
  /** Bytes kept for mcache records, not in use. @zh 为 mcache 记录要来、未用的字节数。 */
  readonly "/memory/classes/metadata/mcache/free:bytes": number;
  /** Bytes of mcache records in use. @zh 在用的 mcache 记录的字节数。 */
  readonly "/memory/classes/metadata/mcache/inuse:bytes": number;
  /** Bytes kept for mspan records, not in use. @zh 为 mspan 记录要来、未用的字节数。 */
  readonly "/memory/classes/metadata/mspan/free:bytes": number;
  /** Bytes of mspan records in use. @zh 在用的 mspan 记录的字节数。 */
  readonly "/memory/classes/metadata/mspan/inuse:bytes": number;
  /** Bytes of work buffers and of the collector’s own records. @zh 标记工作缓冲和回收器自用记录的字节数。 */
  readonly "/memory/classes/metadata/other:bytes": number;
  /** Bytes of stacks taken from the operating system directly. @zh 直接向操作系统要来的栈的字节数。 */
  readonly "/memory/classes/os-stacks:bytes": number;
  /** Bytes of the runtime’s other records. @zh 运行时其他记录的字节数。 */
  readonly "/memory/classes/other:bytes": number;
  /** Bytes of the profiler’s tables. @zh 性能剖析用的表的字节数。 */
  readonly "/memory/classes/profiling/buckets:bytes": number;
  /** Bytes that the runtime has mapped: the sum of all classes. @zh 运行时映射的总字节数，即以上各类之和。 */
  readonly "/memory/classes/total:bytes": number;
  /** GOMAXPROCS: the number of Ps. @zh GOMAXPROCS，即 P 的个数。 */
  readonly "/sched/gomaxprocs:threads": number;
  /** Goroutines ever created. @zh 累计创建的 goroutine 数。 */
  readonly "/sched/goroutines-created:goroutines": number;
  /** Goroutines that exist now. @zh 现有的 goroutine 数。 */
  readonly "/sched/goroutines:goroutines": number;
}

/** Boundaries of the histograms by size: 1, then the byte after each size class, then infinity. */
function sizeClassBuckets(): number[] {
  return [1, ...Array.from(SizeClassToSize.subarray(1), (size) => size + 1), Number.POSITIVE_INFINITY];
}

/** What heapStats says, and what follows from it. Go: heapStatsAggregate. */
interface HeapStatsAggregate {
  readonly d: HeapStatsDelta;
  readonly totalAllocs: number;
  readonly totalFrees: number;
  readonly totalAllocated: number;
  readonly totalFreed: number;
  readonly allocCounts: readonly number[];
  readonly freeCounts: readonly number[];
}

function computeHeapStats(m: Memory): HeapStatsAggregate {
  const d = heapStatsRead(m);
  let totalAllocs = stats.largeAllocCount(m, d);
  let totalFrees = stats.largeFreeCount(m, d);
  let totalAllocated = stats.largeAlloc(m, d);
  let totalFreed = stats.largeFree(m, d);
  const allocCounts: number[] = [];
  const freeCounts: number[] = [];
  for (let i = 1; i < numSizeClasses; i++) {
    const na = stats.smallAllocCount(m, d, i);
    const nf = stats.smallFreeCount(m, d, i);
    allocCounts.push(na);
    freeCounts.push(nf);
    totalAllocs += na;
    totalFrees += nf;
    totalAllocated += na * SizeClassToSize[i];
    totalFreed += nf * SizeClassToSize[i];
  }
  allocCounts.push(stats.largeAllocCount(m, d)); // all large objects, whatever their size
  freeCounts.push(stats.largeFreeCount(m, d));
  return { d, totalAllocs, totalFrees, totalAllocated, totalFreed, allocCounts, freeCounts };
}

/** Records of mspans and mcaches: bytes from the system, bytes in use. Go: sysStatsAggregate. */
function computeSysStats(m: Memory): { mSpanSys: number; mSpanInUse: number; mCacheSys: number; mCacheInUse: number } {
  const h = mheap_(m);
  lock(m, mheap.lock(h));
  const aggregate = {
    mSpanSys: stats.mspan_sys(m, memstats(m)),
    mSpanInUse: fixalloc.inuse(m, mheap.spanalloc(h)),
    mCacheSys: stats.mcache_sys(m, memstats(m)),
    mCacheInUse: fixalloc.inuse(m, mheap.cachealloc(h)),
  };
  unlock(m, mheap.lock(h));
  return aggregate;
}

/** Goroutines ever made: by Ps that are gone, and by those that are there. */
function goroutinesCreated(m: Memory): number {
  let n = gsched.goroutinesCreated(m, sched(m));
  for (let i = 0; i < gomaxprocs(m); i++) n += p.goroutinesCreated(m, allp(m, i));
  return n;
}

function cleanupsQueued(m: Memory): number {
  let n = mfinal.queued(m, finalizers(m));
  for (let i = 0; i < gomaxprocs(m); i++) n += p.cleanupsQueued(m, allp(m, i));
  return n;
}

/** All figures as known now. Nothing is flushed, so what lies in caches is not counted yet. */
export function readMetrics(m: Memory): Metrics {
  semacquire(m, gsched.metricsSema(sched(m))); // one reader at a time moves the generations on
  const metrics = readMetricsLocked(m);
  semrelease(m, gsched.metricsSema(sched(m)));
  return metrics;
}

function readMetricsLocked(m: Memory): Metrics {
  const a = computeHeapStats(m);
  const { d } = a;
  const sys = computeSysStats(m);
  const ms = memstats(m);
  const gc = gcController(m);
  const inObjects = a.totalAllocated - a.totalFreed;
  const manual = stats.inStacks(m, d) + stats.inWorkBufs(m, d);
  const runtimeSys = stats.buckhash_sys(m, ms) + stats.gcMiscSys(m, ms) + stats.other_sys(m, ms);
  const mapped = stats.committed(m, d) + stats.released(m, d);
  return {
    "/gc/cleanups/queued:cleanups": cleanupsQueued(m),
    "/gc/cycles/total:gc-cycles": stats.numgc(m, ms),
    "/gc/finalizers/queued:finalizers": mfinal.finqueued(m, finalizers(m)),
    "/gc/gogc:percent": gcc.gcPercent(m, gc),
    "/gc/gomemlimit:bytes": gcc.memoryLimit(m, gc),
    "/gc/heap/allocs-by-size:bytes": { buckets: sizeClassBuckets(), counts: a.allocCounts },
    "/gc/heap/allocs:bytes": a.totalAllocated,
    "/gc/heap/allocs:objects": a.totalAllocs,
    "/gc/heap/frees-by-size:bytes": { buckets: sizeClassBuckets(), counts: a.freeCounts },
    "/gc/heap/frees:bytes": a.totalFreed,
    "/gc/heap/frees:objects": a.totalFrees,
    "/gc/heap/goal:bytes": heapGoal(m),
    "/gc/heap/live:bytes": gcc.heapMarked(m, gc),
    "/gc/heap/objects:objects": a.totalAllocs - a.totalFrees,
    "/gc/heap/tiny/allocs:objects": stats.tinyAllocCount(m, d),
    "/gc/stack/starting-size:bytes": gsched.startingStackSize(m, sched(m)),
    "/memory/classes/heap/free:bytes": stats.committed(m, d) - stats.inHeap(m, d) - manual,
    "/memory/classes/heap/objects:bytes": inObjects,
    "/memory/classes/heap/released:bytes": stats.released(m, d),
    "/memory/classes/heap/stacks:bytes": stats.inStacks(m, d),
    "/memory/classes/heap/unused:bytes": stats.inHeap(m, d) - inObjects,
    "/memory/classes/metadata/mcache/free:bytes": sys.mCacheSys - sys.mCacheInUse,
    "/memory/classes/metadata/mcache/inuse:bytes": sys.mCacheInUse,
    "/memory/classes/metadata/mspan/free:bytes": sys.mSpanSys - sys.mSpanInUse,
    "/memory/classes/metadata/mspan/inuse:bytes": sys.mSpanInUse,
    "/memory/classes/metadata/other:bytes": stats.inWorkBufs(m, d) + stats.gcMiscSys(m, ms),
    "/memory/classes/os-stacks:bytes": stats.stacks_sys(m, ms),
    "/memory/classes/other:bytes": stats.other_sys(m, ms),
    "/memory/classes/profiling/buckets:bytes": stats.buckhash_sys(m, ms),
    "/memory/classes/total:bytes": mapped + stats.stacks_sys(m, ms) + sys.mSpanSys + sys.mCacheSys + runtimeSys,
    "/sched/gomaxprocs:threads": gomaxprocs(m),
    "/sched/goroutines-created:goroutines": goroutinesCreated(m),
    "/sched/goroutines:goroutines": gcount(m),
  };
}
