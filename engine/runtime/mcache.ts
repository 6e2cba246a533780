/**
 * mcache: the spans that a P allocates from. Nobody else touches them, so allocation needs no lock.
 *
 * A span stays here until it is full, or until the cache is flushed at the beginning of a sweep, by ReadMemStats, or
 * when its P goes. The counters of what was allocated are moved on only then, and the controller's heapLive counts a
 * cached span as used up, because an underestimate would make the collector start too late.
 *
 * Go 1.26: runtime/mcache.go (refill, allocLarge, releaseAll, prepareForSweep), runtime/mstats.go (flushallmcaches).
 */
import { lock, unlock } from "../memory/atomics.ts";
import { throwFatal } from "../memory/fatal.ts";
import { type Memory, NIL } from "../memory/memory.ts";
import * as gcc from "../records/gcController.ts";
import { allp, emptymspan, gcController, gomaxprocs, mcache0, mheap_ } from "../records/globals.ts";
import type { MCache } from "../records/mcache.ts";
import * as mcache from "../records/mcache.ts";
import * as stats from "../records/memstats.ts";
import * as mheap from "../records/mheap.ts";
import type { MSpan } from "../records/mspan.ts";
import * as mspan from "../records/mspan.ts";
import * as p from "../records/runtime2.ts";
import { initHeapBits } from "./mbitmap.ts";
import { cacheSpan, fullSwept, uncacheSpan } from "./mcentral.ts";
import { throwOutOfMemory } from "./mem.ts";
import { fixallocAlloc, fixallocFree } from "./mfixalloc.ts";
import { gcControllerUpdate } from "./mgcpacer.ts";
import { deductSweepCredit } from "./mgcsweep.ts";
import { mheapAlloc } from "./mheap.ts";
import { nextSample } from "./mprof.ts";
import { makeSpanClass, tinySpanClass } from "./msize.ts";
import { spanSetPush } from "./mspanset.ts";
import { heapStatsAcquire, heapStatsRelease } from "./mstats.ts";
import { stackcache_clear } from "./stack.ts";
import { Ev, traceEvent } from "./trace.ts";

const pageSize = 8192;

/** A new mcache without any span. */
export function allocmcache(m: Memory): MCache {
  const h = mheap_(m);
  lock(m, mheap.lock(h));
  const c: MCache = fixallocAlloc(m, mheap.cachealloc(h));
  mcache.setFlushGen(m, c, mheap.sweepgen(m, h));
  unlock(m, mheap.lock(h));
  for (let spc = 0; spc < mcache.numSpanClasses; spc++) mcache.setAlloc(m, c, spc, emptymspan(m));
  mcache.setTiny(m, c, NIL);
  mcache.setNextSample(m, c, nextSample(m));
  return c;
}

/** Gives up an mcache and the spans in it. */
export function freemcache(m: Memory, c: MCache): void {
  releaseAll(m, c);
  stackcache_clear(m, c);
  const h = mheap_(m);
  lock(m, mheap.lock(h));
  fixallocFree(m, mheap.cachealloc(h), c);
  unlock(m, mheap.lock(h));
}

/** The mcache of the running P. */
export function getMCache(m: Memory): MCache {
  return m.p === 0 ? mcache0(m) : p.mcache(m, m.p);
}

/** Replaces the full span of class `spc` by one with room. */
export function refill(m: Memory, c: MCache, spc: number): void {
  traceEvent(m, Ev.refill, spc);
  const h = mheap_(m);
  const old = mcache.alloc(m, c, spc);
  if (mspan.allocCount(m, old) !== mspan.nelems(m, old)) throwFatal("refill of span with free space remaining");
  if (old !== emptymspan(m)) returnFullSpan(m, c, spc, old);

  const s = cacheSpan(m, mheap.central(h, spc));
  if (s === 0) throwOutOfMemory(m);
  const allocCount = mspan.allocCount(m, s);
  if (allocCount === mspan.nelems(m, s)) throwFatal("span has no free space");
  mspan.setSweepgen(m, s, mheap.sweepgen(m, h) + 3); // cached: no sweeper of the next phase may take it
  mspan.setAllocCountBeforeCache(m, s, allocCount);

  // Counts the rest of the span as allocated, tail included; releaseAll mends what was never used.
  const usedBytes = allocCount * mspan.elemsize(m, s);
  gcControllerUpdate(m, mspan.npages(m, s) * pageSize - usedBytes, mcache.scanAlloc(m, c));
  mcache.setScanAlloc(m, c, 0);
  mcache.setAlloc(m, c, spc, s);
}

/** Counts what was allocated from a cached span that is full, and gives it back. */
function returnFullSpan(m: Memory, c: MCache, spc: number, s: MSpan): void {
  const h = mheap_(m);
  if (mspan.sweepgen(m, s) !== mheap.sweepgen(m, h) + 3) throwFatal("bad sweepgen in refill");
  uncacheSpan(m, mheap.central(h, spc), s);

  const slotsUsed = mspan.allocCount(m, s) - mspan.allocCountBeforeCache(m, s);
  const d = heapStatsAcquire(m);
  stats.addSmallAllocCount(m, d, spc >> 1, slotsUsed);
  if (spc === tinySpanClass) {
    stats.addTinyAllocCount(m, d, mcache.tinyAllocs(m, c));
    mcache.setTinyAllocs(m, c, 0);
  }
  heapStatsRelease(m);
  gcc.addTotalAlloc(m, gcController(m), slotsUsed * mspan.elemsize(m, s));
  mspan.setAllocCountBeforeCache(m, s, 0);
}

/** A span for one large object, in no cache. */
export function allocLarge(m: Memory, size: number, noscan: boolean): MSpan {
  const npages = Math.ceil(size / pageSize);
  deductSweepCredit(m, npages * pageSize, npages);
  const h = mheap_(m);
  const spc = makeSpanClass(0, noscan);
  const s = mheapAlloc(m, npages, spc);
  if (s === 0) throwOutOfMemory(m);

  const bytes = npages * pageSize;
  const d = heapStatsAcquire(m);
  stats.addLargeAlloc(m, d, bytes);
  stats.addLargeAllocCount(m, d, 1);
  heapStatsRelease(m);
  gcc.addTotalAlloc(m, gcController(m), bytes);
  gcControllerUpdate(m, bytes, 0);

  // Where sweepers find it. Only then the limit is drawn in to the object's end.
  spanSetPush(m, fullSwept(mheap.central(h, spc), mheap.sweepgen(m, h)), s);
  mspan.setLimit(m, s, mspan.startAddr(m, s) + size);
  initHeapBits(m, s);
  return s;
}

/** Gives all spans back and publishes what was counted. The mcache is as new. */
export function releaseAll(m: Memory, c: MCache): void {
  const scanAlloc = mcache.scanAlloc(m, c);
  mcache.setScanAlloc(m, c, 0);
  const empty = emptymspan(m);
  let dHeapLive = 0;
  for (let spc = 0; spc < mcache.numSpanClasses; spc++) {
    const s = mcache.alloc(m, c, spc);
    if (s !== empty) dHeapLive -= releaseSpan(m, c, spc, s);
  }
  mcache.setTiny(m, c, NIL);
  mcache.setTinyoffset(m, c, 0);
  const d = heapStatsAcquire(m);
  stats.addTinyAllocCount(m, d, mcache.tinyAllocs(m, c));
  mcache.setTinyAllocs(m, c, 0);
  heapStatsRelease(m);
  gcControllerUpdate(m, dHeapLive, scanAlloc);
}

/** Gives one cached span back; returns the bytes that refill counted as live and that were not used. */
function releaseSpan(m: Memory, c: MCache, spc: number, s: MSpan): number {
  const h = mheap_(m);
  const allocCount = mspan.allocCount(m, s);
  const slotsUsed = allocCount - mspan.allocCountBeforeCache(m, s);
  mspan.setAllocCountBeforeCache(m, s, 0);
  const d = heapStatsAcquire(m);
  stats.addSmallAllocCount(m, d, spc >> 1, slotsUsed);
  heapStatsRelease(m);
  const elemsize = mspan.elemsize(m, s);
  gcc.addTotalAlloc(m, gcController(m), slotsUsed * elemsize);

  // If the span was cached before this sweep phase began, heapLive has been computed anew since.
  const stale = mspan.sweepgen(m, s) === mheap.sweepgen(m, h) + 1;
  const unused = stale ? 0 : (mspan.nelems(m, s) - allocCount) * elemsize;
  uncacheSpan(m, mheap.central(h, spc), s);
  mcache.setAlloc(m, c, spc, emptymspan(m));
  return unused;
}

/** Flushes the mcache if that was not done since the sweep phase began. */
export function prepareForSweep(m: Memory, c: MCache): void {
  const sg = mheap.sweepgen(m, mheap_(m));
  const flushGen = mcache.flushGen(m, c);
  if (flushGen === sg) return;
  if (flushGen !== (sg - 2) >>> 0) throwFatal("bad flushGen");
  releaseAll(m, c);
  stackcache_clear(m, c);
  mcache.setFlushGen(m, c, sg);
}

/** Flushes the mcaches of all Ps. The world is stopped. */
export function flushallmcaches(m: Memory): void {
  const n = gomaxprocs(m);
  for (let i = 0; i < n; i++) {
    const c = p.mcache(m, allp(m, i));
    if (c === 0) continue;
    releaseAll(m, c);
    stackcache_clear(m, c);
  }
}
