/**
 * The page heap: spans of pages, from free pages to use and back.
 *
 *   mheapAlloc ─> allocSpan ─┬─ P's page cache (under 16 pages) and P's mspan cache: no lock
 *                            └─ heap lock: page allocator, grow ─> heapSysAlloc ─> operating system
 *   freeSpan ──> freeSpanLocked ─> page allocator; the mspan record goes to the P's cache
 *
 * A span owns its pages alone, and every page of it says so in the heapArena. That map is not cleared when a span is
 * freed: whoever looks up an address that may be free must check state and limits (`spanOfHeap`).
 * Freed pages stay backed by memory; only the scavenger returns them: in the background, or here, when an allocation
 * would exceed the memory limit, or had to make the heap grow beyond its goal.
 *
 * Invariants
 *   1. heapInUse + heapFree + heapReleased + manual spans = bytes that the heap has grown by.
 *   2. pageInUse has exactly the first pages of spans in state mSpanInUse; pagesInUse is the sum of their npages.
 *   3. A span with needzero 0 reads zero in every slot that was not handed out.
 *
 * Go 1.26: runtime/mheap.go.
 * Differs: no second stack to run on. Differs: when the first growth of a heap with a drawn base does not fit behind
 * the drawn page, it grows again; Go's first growth, at the start of the program, is always small.
 */

import { SizeClassToDivMagic, SizeClassToSize } from "../gc/sizeclasses.ts";
import { and8, isLocked, lock, or8, unlock } from "../memory/atomics.ts";
import { debugCheck } from "../memory/check.ts";
import { throwFatal } from "../memory/fatal.ts";
import { type Memory, NIL } from "../memory/memory.ts";
import { noUint64 } from "../memory/u64.ts";
import * as gcController from "../records/gcController.ts";
import * as globals from "../records/globals.ts";
import type { HeapArena } from "../records/heaparena.ts";
import * as heaparena from "../records/heaparena.ts";
import * as stats from "../records/memstats.ts";
import { addAssistTime, addReleasedEager, gcPercentGoal } from "../records/mgcscavenge.ts";
import type { MHeap } from "../records/mheap.ts";
import * as mheap from "../records/mheap.ts";
import { scav as pageAllocScav } from "../records/mpagealloc.ts";
import type { MSpan } from "../records/mspan.ts";
import * as mspan from "../records/mspan.ts";
import * as p from "../records/runtime2.ts";
import {
  alignUp,
  heapArenaBytes,
  logHeapArenaBytes,
  logPallocChunkBytes,
  pageCachePages,
  pageSize,
  pagesPerArena,
  pallocChunkBytes,
  pallocChunkPages,
} from "../records/sizes.ts";
import { heapSysAlloc, nextHeapRandBits } from "./mallocinit.ts";
import { heapBitsInSpan } from "./mbitmap.ts";
import { needZeroAfterSysUnused, sysAlloc, sysFree, sysMap, sysUsed } from "./mem.ts";
import { fixallocAlloc, fixallocFree } from "./mfixalloc.ts";
import { gcUsesSpanInlineMarkBits } from "./mgcmark_greenteagc.ts";
import { scavenge } from "./mgcscavenge.ts";
import { heapRetained } from "./mgcscavenge_pace.ts";
import { isSweepDone } from "./mgcsweep.ts";
import { newAllocBits, newMarkBits } from "./mheap_gcbits.ts";
import { reclaim } from "./mheap_reclaim.ts";
import { markRandomPaddingPages, pageAllocAlloc, pageAllocFree, pageAllocGrow } from "./mpagealloc.ts";
import { allocToCache, pageCacheAlloc, pageCacheEmpty } from "./mpagecache.ts";
import { heapStatsAcquire, heapStatsRelease } from "./mstats.ts";
import { Ev, traceEvent } from "./trace.ts";

/** What the pages are for. Go: spanAllocType. */
export const spanAllocHeap = 0;
export const spanAllocStack = 1;
export const spanAllocWorkBuf = 2;

/** Bytes of mark bits inside a span of small slots. */
const inlineMarkBytes = 128;

function assertLockHeld(m: Memory): void {
  debugCheck(m, isLocked(m, mheap.lock(globals.mheap_(m))), "the heap lock is held");
}

// From an address to what the heap knows about it.

/** Number of the arena that holds offset `off`, counted over the whole address space. */
export function arenaIndex(m: Memory, off: number): number {
  return mheap.arenasLo(m, globals.mheap_(m)) + (off >> logHeapArenaBytes);
}

/** The heapArena of arena number `ai`; 0 when there is none. */
export function arenaAt(m: Memory, ai: number): HeapArena {
  const h = globals.mheap_(m);
  const arenas = mheap.arenas(m, h) as number;
  if (arenas === 0 || ai < mheap.arenasLo(m, h) || ai >= mheap.arenasHi(m, h)) return 0;
  return m.i32[(arenas >> 2) + 2 * (ai - mheap.arenasLo(m, h))];
}

/** The heapArena of offset `off`; 0 outside the heap's arenas. */
export function heapArenaOf(m: Memory, off: number): HeapArena {
  if (off < 0 || off >= m.windowBytes) return 0;
  const arenas = mheap.arenas(m, globals.mheap_(m)) as number;
  return arenas === 0 ? 0 : m.i32[(arenas >> 2) + 2 * (off >> logHeapArenaBytes)];
}

/** Byte of an arena's page bitmaps that has the bit of the page at `off`. */
export function pageIndexOf(off: number): number {
  return (off >> 16) & (pagesPerArena / 8 - 1);
}

/** The bit in that byte. */
export function pageMaskOf(off: number): number {
  return 1 << ((off >> 13) & 7);
}

/** The span that the page at `off` belongs or last belonged to; 0 when none ever did, or outside the heap. */
export function spanOf(m: Memory, off: number): MSpan {
  const ha = heapArenaOf(m, off);
  return ha === 0 ? 0 : heaparena.spans(m, ha, (off >> 13) & (pagesPerArena - 1));
}

/** The same where `off` is known to lie in an arena. */
export function spanOfUnchecked(m: Memory, off: number): MSpan {
  const arenas = mheap.arenas(m, globals.mheap_(m)) as number;
  const ha = m.i32[(arenas >> 2) + 2 * (off >> logHeapArenaBytes)];
  return heaparena.spans(m, ha, (off >> 13) & (pagesPerArena - 1));
}

/** The span in use for the heap whose objects' part holds `off`; 0 when there is none. */
export function spanOfHeap(m: Memory, off: number): MSpan {
  const s = spanOf(m, off);
  if (s === 0 || mspan.state(m, s) !== mspan.mSpanInUse) return 0;
  return off < mspan.startAddr(m, s) || off >= mspan.limit(m, s) ? 0 : s;
}

/** Enters span `s` for `npages` pages from `base` on. */
function setSpans(m: Memory, base: number, npages: number, s: MSpan): void {
  let off = base;
  let left = npages;
  while (left > 0) {
    const i = (off >> 13) & (pagesPerArena - 1);
    const n = Math.min(left, pagesPerArena - i);
    heaparena.fillSpans(m, heapArenaOf(m, off), i, n, s);
    off += n * pageSize;
    left -= n;
  }
}

// mspan records.

/** Enters a record that was never used before into allspans. The caller has the heap lock. */
export function recordspan(m: Memory, h: MHeap, s: MSpan): void {
  assertLockHeld(m);
  const len = mheap.allspansLen(m, h);
  if (len >= mheap.allspansCap(m, h)) growAllspans(m, h);
  m.i32[((mheap.allspans(m, h) as number) >> 2) + 2 * len] = s;
  mheap.setAllspansLen(m, h, len + 1);
}

/** A new array half as large again; the old one goes back to the operating system. */
function growAllspans(m: Memory, h: MHeap): void {
  const cap = mheap.allspansCap(m, h);
  const n = Math.max(8192, cap + (cap >> 1));
  const otherSys = stats.other_sysAt(globals.memstats(m));
  const array = sysAlloc(m, 8 * n, otherSys);
  if (array === 0) throwFatal("runtime: cannot allocate memory");
  const old = mheap.allspans(m, h) as number;
  const len = mheap.allspansLen(m, h);
  mheap.setAllspans(m, h, array);
  mheap.setAllspansCap(m, h, n);
  if (len === 0) return;
  m.u8.copyWithin(array, old, old + 8 * len);
  sysFree(m, old, 8 * cap, otherSys);
}

/** A record from the P's cache, without a lock; 0 when there is none. */
function tryAllocMSpan(m: Memory): MSpan {
  if (m.p === 0) return 0;
  const len = p.mspancacheLen(m, m.p);
  if (len === 0) return 0;
  p.setMspancacheLen(m, m.p, len - 1);
  return p.mspancacheBuf(m, m.p, len - 1);
}

/** A record; fills the P's cache by half first when it is empty. The caller has the heap lock. */
export function allocMSpanLocked(m: Memory, h: MHeap): MSpan {
  assertLockHeld(m);
  if (m.p === 0) return fixallocAlloc(m, mheap.spanalloc(h));
  if (p.mspancacheLen(m, m.p) === 0) {
    const refillCount = p.mspancacheCap / 2;
    for (let i = 0; i < refillCount; i++) p.setMspancacheBuf(m, m.p, i, fixallocAlloc(m, mheap.spanalloc(h)));
    p.setMspancacheLen(m, m.p, refillCount);
  }
  return tryAllocMSpan(m);
}

/** Takes a record back, into the P's cache while there is room. The caller has the heap lock. */
export function freeMSpanLocked(m: Memory, h: MHeap, s: MSpan): void {
  assertLockHeld(m);
  if (m.p !== 0) {
    const len = p.mspancacheLen(m, m.p);
    if (len < p.mspancacheCap) {
      p.setMspancacheBuf(m, m.p, len, s);
      p.setMspancacheLen(m, m.p, len + 1);
      return;
    }
  }
  fixallocFree(m, mheap.spanalloc(h), s);
}

// Allocation.

/**
 * A span of `npages` pages for objects, ready for use but for its mark bits inside and its pointer bits. During a sweep
 * as many pages are swept free first. Go: mheap.alloc.
 *
 * @returns 0 when the operating system has no more memory
 */
export function mheapAlloc(m: Memory, npages: number, spanclass: number): MSpan {
  if (!isSweepDone(m)) reclaim(m, npages);
  return allocSpan(m, npages, spanAllocHeap, spanclass);
}

/** A span of `npages` pages that the caller divides himself: spanAllocStack or spanAllocWorkBuf. 0: no memory */
export function allocManual(m: Memory, npages: number, typ: number): MSpan {
  if (typ === spanAllocHeap) throwFatal("manual span allocation called with non-manually-managed type");
  return allocSpan(m, npages, typ, 0);
}

/**
 * A span of `npages` pages, filled in and entered everywhere. The heap lock must be free.
 *
 * @param typ       spanAllocHeap, spanAllocStack or spanAllocWorkBuf
 * @param spanclass for spanAllocHeap
 * @returns 0 when the operating system has no more memory
 */
export function allocSpan(m: Memory, npages: number, typ: number, spanclass: number): MSpan {
  const h = globals.mheap_(m);
  let base = NIL;
  let scav = 0; // pages
  let growth = 0; // bytes
  let s: MSpan = 0;
  if (m.p !== 0 && npages < pageCachePages / 4) {
    const c = p.pcache(m.p);
    if (pageCacheEmpty(m, c)) {
      lock(m, mheap.lock(h));
      allocToCache(m, mheap.pages(h), c);
      unlock(m, mheap.lock(h));
      traceEvent(m, Ev.pageCacheRefill, c, 0, 0, 0);
    }
    base = pageCacheAlloc(m, mheap.pages(h), c, npages);
    scav = m.ret[0];
    if (base !== NIL) s = tryAllocMSpan(m);
  }
  const isCached = base !== NIL;
  if (s === 0) {
    // Pages, a record, or both are missing: the heap lock is needed.
    lock(m, mheap.lock(h));
    if (base === NIL) {
      base = allocPagesLocked(m, h, npages);
      scav = m.ret[0];
      growth = m.ret[1] * pageSize;
      if (base === NIL) {
        unlock(m, mheap.lock(h));
        return 0;
      }
    }
    s = allocMSpanLocked(m, h);
    unlock(m, mheap.lock(h));
  }
  traceEvent(m, Ev.allocSpan, base, npages, isCached ? 0 : 1, 0);

  scavengeForAlloc(m, h, scav * pageSize, growth);
  initSpan(m, h, s, typ, spanclass, base, npages, scav);
  const nbytes = npages * pageSize;
  const scavBytes = scav * pageSize;
  if (scav !== 0) sysUsed(m, base, nbytes, scavBytes);
  countAllocSpan(m, typ, nbytes, scavBytes);
  return s;
}

/**
 * Pages from the page allocator, which grows when it must.
 *
 * @returns offset or NIL; ret[0] = how many were scavenged; ret[1] = pages that the heap grew by
 */
function allocPagesLocked(m: Memory, h: MHeap, npages: number): number {
  let growth = 0;
  let base = pageAllocAlloc(m, mheap.pages(h), npages);
  if (base === NIL) {
    growth = grow(m, h, npages);
    if (growth < 0) return NIL;
    base = pageAllocAlloc(m, mheap.pages(h), npages);
    if (base === NIL) throwFatal("grew heap, but no adequate free space found");
  }
  const scav = m.ret[0];
  traceEvent(m, Ev.pagesAlloc, base, npages, scav, 0);
  m.ret[0] = scav;
  m.ret[1] = growth / pageSize;
  return base;
}

/**
 * Gives as much back as an allocation is going to need, when that would exceed the memory limit, or when the heap had
 * to grow and retains more than its goal. Before the pages are touched, and while no lock is held. Go: in allocSpan.
 *
 * @param scav   bytes of the allocation that must be made ready
 * @param growth bytes that the heap grew by for it
 */
function scavengeForAlloc(m: Memory, h: MHeap, scav: number, growth: number): void {
  const c = globals.gcController(m);
  let bytesToScavenge = 0;
  let force = false;
  const limit = gcController.memoryLimit(m, c);
  if (!globals.gcCPULimiterLimiting(m)) {
    const inuse = gcController.mappedReady(m, c);
    if (scav + inuse > limit) {
      bytesToScavenge = scav + inuse - limit;
      force = true;
    }
  }
  const goal = gcPercentGoal(m, globals.scavenge(m));
  if (goal !== noUint64 && growth > 0) {
    const overage = heapRetained(m) + growth - goal;
    if (overage > 0) bytesToScavenge = Math.max(bytesToScavenge, Math.min(growth, overage));
  }
  // Without a P it is skipped: somebody else will notice.
  if (m.p === 0 || bytesToScavenge === 0) return;
  const start = globals.clock(m);
  const released = scavenge(m, mheap.pages(h), bytesToScavenge, true, force);
  addReleasedEager(m, pageAllocScav(mheap.pages(h)), released);
  addAssistTime(m, globals.scavenge(m), globals.clock(m) - start);
}

function countAllocSpan(m: Memory, typ: number, nbytes: number, scav: number): void {
  const c = globals.gcController(m);
  if (scav !== 0) gcController.addHeapReleased(m, c, -scav);
  gcController.addHeapFree(m, c, scav - nbytes);
  if (typ === spanAllocHeap) gcController.addHeapInUse(m, c, nbytes);

  const delta = heapStatsAcquire(m);
  stats.addCommitted(m, delta, scav);
  stats.addReleased(m, delta, -scav);
  countSpanBytes(m, delta, typ, nbytes);
  heapStatsRelease(m);
}

function countSpanBytes(m: Memory, delta: stats.HeapStatsDelta, typ: number, nbytes: number): void {
  if (typ === spanAllocHeap) stats.addInHeap(m, delta, nbytes);
  else if (typ === spanAllocStack) stats.addInStacks(m, delta, nbytes);
  else stats.addInWorkBufs(m, delta, nbytes);
}

/**
 * Raises the watermark zeroedBase of every arena that the pages lie in. @returns true when a part of them lies below
 * the watermark, and so may have been written to: conservative, as a hole that was never used counts too
 */
export function allocNeedsZero(m: Memory, base: number, npages: number): boolean {
  let needZero = false;
  let off = base;
  let left = npages * pageSize;
  while (left > 0) {
    const ha = heapArenaOf(m, off);
    const arenaBase = off & (heapArenaBytes - 1);
    const arenaLimit = Math.min(arenaBase + left, heapArenaBytes);
    let zeroedBase = heaparena.zeroedBase(m, ha);
    if (arenaBase < zeroedBase) needZero = true;
    while (arenaLimit > zeroedBase) {
      if (heaparena.zeroedBaseCas(m, ha, zeroedBase, arenaLimit)) break;
      zeroedBase = heaparena.zeroedBase(m, ha);
      if (zeroedBase <= arenaLimit && zeroedBase > arenaBase) {
        throwFatal("potentially overlapping in-use allocations detected");
      }
    }
    off += arenaLimit - arenaBase;
    left -= arenaLimit - arenaBase;
  }
  return needZero;
}

/**
 * Fills in span `s` for the pages at `base` and enters it in the maps. No lock is needed: nobody else knows the pages.
 *
 * @param scav how many of the pages were scavenged: if all were, the operating system gives them back as zeroes
 */
function initSpan(
  m: Memory,
  h: MHeap,
  s: MSpan,
  typ: number,
  spanclass: number,
  base: number,
  npages: number,
  scav: number,
): void {
  blankSpan(m, s, base, npages);
  const isDirty = allocNeedsZero(m, base, npages); // always: it moves the watermark
  if (isDirty && (scav !== npages || needZeroAfterSysUnused(m))) mspan.setNeedzero(m, s, 1);
  if (typ !== spanAllocHeap) {
    mspan.setManualFreeList(m, s, NIL);
    mspan.setNelems(m, s, 0);
    mspan.setState(m, s, mspan.mSpanManual);
    setSpans(m, base, npages, s);
  } else {
    initHeapSpan(m, h, s, spanclass, base, npages);
  }
  traceEvent(m, Ev.initSpan, s, spanclass, base, npages);
}

/** Everything but what must survive: sweepgen, for sweepers that still hold a pointer to the record. Go: mspan.init. */
function blankSpan(m: Memory, s: MSpan, base: number, npages: number): void {
  mspan.setNext(m, s, 0);
  mspan.setPrev(m, s, 0);
  mspan.setStartAddr(m, s, base);
  mspan.setNpages(m, s, npages);
  mspan.setLimit(m, s, base + npages * pageSize);
  mspan.setAllocCount(m, s, 0);
  mspan.setSpanclass(m, s, 0);
  mspan.setElemsize(m, s, 0);
  m.i32[mspan.speciallock(s) >> 2] = 0;
  mspan.setSpecials(m, s, 0);
  mspan.setNeedzero(m, s, 0);
  mspan.setFreeindex(m, s, 0);
  mspan.setFreeIndexForScan(m, s, 0);
  mspan.setAllocBits(m, s, 0);
  mspan.setGcmarkBits(m, s, 0);
  mspan.setPinnerBits(m, s, 0);
  mspan.setState(m, s, mspan.mSpanDead);
}

function initHeapSpan(m: Memory, h: MHeap, s: MSpan, spanclass: number, base: number, npages: number): void {
  const nbytes = npages * pageSize;
  const sizeclass = spanclass >> 1;
  const elemsize = sizeclass === 0 ? nbytes : SizeClassToSize[sizeclass];
  const hasInlineMarks = sizeclass !== 0 && gcUsesSpanInlineMarkBits(m, elemsize);
  mspan.setSpanclass(m, s, spanclass);
  mspan.setElemsize(m, s, elemsize);
  if (sizeclass === 0) {
    mspan.setNelems(m, s, 1);
    mspan.setDivMul(m, s, 0);
  } else {
    let reserve = hasInlineMarks ? inlineMarkBytes : 0;
    if ((spanclass & 1) === 0 && heapBitsInSpan(elemsize)) reserve += nbytes / 64; // one bit for each word
    mspan.setNelems(m, s, ((nbytes - reserve) / elemsize) | 0);
    mspan.setDivMul(m, s, SizeClassToDivMagic[sizeclass]);
  }

  const nelems = mspan.nelems(m, s);
  mspan.setAllocCacheLo(m, s, -1);
  mspan.setAllocCacheHi(m, s, -1);
  mspan.setGcmarkBits(m, s, newMarkBits(m, nelems));
  mspan.setAllocBits(m, s, newAllocBits(m, nelems));
  mspan.setLimit(m, s, base + elemsize * nelems);
  mspan.setSweepgen(m, s, mheap.sweepgen(m, h));
  mspan.setState(m, s, mspan.mSpanInUse); // whoever sees this state sees all of the above

  setSpans(m, base, npages, s);
  const ha = heapArenaOf(m, base) as number;
  or8(m, heaparena.pageInUse(ha) + pageIndexOf(base), pageMaskOf(base));
  if (hasInlineMarks) or8(m, heaparena.pageUseSpanInlineMarkBits(ha) + pageIndexOf(base), pageMaskOf(base));
  mheap.addPagesInUse(m, h, npages);
}

// Growth.

/**
 * Adds at least `npages` pages, in whole chunks. Free pages at the end of the heap are not taken into account. The
 * caller has the heap lock. @returns bytes added; negative when the operating system has no more memory
 */
function grow(m: Memory, h: MHeap, npages: number): number {
  assertLockHeld(m);
  const isFirst = mheap.curArenaBase(m, h) === 0;
  const ask = alignUp(npages, pallocChunkPages) * pageSize;
  let totalGrowth = 0;
  if (mheap.curArenaBase(m, h) + ask > mheap.curArenaEnd(m, h)) {
    totalGrowth = growArena(m, h, ask);
    if (totalGrowth < 0) return totalGrowth;
    if (isFirst && globals.randomizeHeapBase(m)) {
      const chunk = nextHeapRandBits(m, logHeapArenaBytes - logPallocChunkBytes);
      mheap.setCurArenaBase(m, h, mheap.curArenaBase(m, h) + chunk * pallocChunkBytes);
      if (mheap.curArenaBase(m, h) + ask > mheap.curArenaEnd(m, h)) {
        totalGrowth = growArena(m, h, ask);
        if (totalGrowth < 0) return totalGrowth;
      }
    }
  }

  const v = mheap.curArenaBase(m, h);
  mheap.setCurArenaBase(m, h, v + ask);
  mapGrowth(m, h, v, ask);
  totalGrowth += ask;
  if (!isFirst || !globals.randomizeHeapBase(m)) return totalGrowth;

  const padding = nextHeapRandBits(m, logPallocChunkBytes) >> 13;
  if (padding !== 0) markRandomPaddingPages(m, mheap.pages(h), v - m.heapBase, padding);
  if (ask / pageSize - padding >= npages) return totalGrowth;
  const more = grow(m, h, npages);
  return more < 0 ? more : totalGrowth + more;
}

/**
 * Makes curArena at least `ask` bytes large: by more of the same, or by another place, after the rest was taken in.
 *
 * @returns bytes of the rest; negative when the operating system has no more memory
 */
function growArena(m: Memory, h: MHeap, ask: number): number {
  const av = heapSysAlloc(m, h, ask);
  if (av === 0) return -1;
  const asize = m.ret[0] * heapArenaBytes;
  if (av === mheap.curArenaEnd(m, h)) {
    mheap.setCurArenaEnd(m, h, av + asize);
    return 0;
  }
  const rest = mheap.curArenaEnd(m, h) - mheap.curArenaBase(m, h);
  if (rest !== 0) mapGrowth(m, h, mheap.curArenaBase(m, h), rest);
  mheap.setCurArenaBase(m, h, av);
  mheap.setCurArenaEnd(m, h, av + asize);
  return rest;
}

/** Takes reserved address space into the page allocator, where it counts as released: it has no memory yet. */
export function mapGrowth(m: Memory, h: MHeap, addr: number, size: number): void {
  sysMap(m, addr - m.heapBase, size, gcController.heapReleasedAt(globals.gcController(m)));
  const delta = heapStatsAcquire(m);
  stats.addReleased(m, delta, size);
  heapStatsRelease(m);
  pageAllocGrow(m, mheap.pages(h), addr - m.heapBase, size);
  traceEvent(m, Ev.heapGrow, size, 0, 0, 0);
}

// Freeing.

/** Gives a heap span's pages back. It must be swept and hold no object. */
export function freeSpan(m: Memory, s: MSpan): void {
  const h = globals.mheap_(m);
  lock(m, mheap.lock(h));
  freeSpanLocked(m, s, spanAllocHeap);
  unlock(m, mheap.lock(h));
}

/** Gives back what allocManual gave, of the same `typ`. Not while the collector marks. */
export function freeManual(m: Memory, s: MSpan, typ: number): void {
  const h = globals.mheap_(m);
  mspan.setNeedzero(m, s, 1);
  lock(m, mheap.lock(h));
  freeSpanLocked(m, s, typ);
  unlock(m, mheap.lock(h));
}

/** Frees a span of any kind. The caller has the heap lock. */
export function freeSpanLocked(m: Memory, s: MSpan, typ: number): void {
  assertLockHeld(m);
  const h = globals.mheap_(m);
  const base = mspan.startAddr(m, s);
  const npages = mspan.npages(m, s);
  const state = mspan.state(m, s);
  if (state === mspan.mSpanManual) {
    if (mspan.allocCount(m, s) !== 0) throwFatal("mheap.freeSpanLocked - invalid stack free");
  } else if (state === mspan.mSpanInUse) {
    if (mspan.allocCount(m, s) !== 0 || mspan.sweepgen(m, s) !== mheap.sweepgen(m, h)) {
      throwFatal("mheap.freeSpanLocked - invalid free");
    }
    retractHeapSpan(m, h, s, base, npages);
  } else {
    throwFatal("mheap.freeSpanLocked - invalid span state");
  }
  countFreeSpan(m, typ, npages * pageSize);
  pageAllocFree(m, mheap.pages(h), base, npages);
  mspan.setState(m, s, mspan.mSpanDead);
  traceEvent(m, Ev.freeSpan, s, base, npages, 0);
  freeMSpanLocked(m, h, s);
}

function retractHeapSpan(m: Memory, h: MHeap, s: MSpan, base: number, npages: number): void {
  mheap.addPagesInUse(m, h, -npages);
  const ha = heapArenaOf(m, base) as number;
  and8(m, heaparena.pageInUse(ha) + pageIndexOf(base), 0xff ^ pageMaskOf(base));
  if (gcUsesSpanInlineMarkBits(m, mspan.elemsize(m, s))) {
    and8(m, heaparena.pageUseSpanInlineMarkBits(ha) + pageIndexOf(base), 0xff ^ pageMaskOf(base));
  }
}

function countFreeSpan(m: Memory, typ: number, nbytes: number): void {
  const c = globals.gcController(m);
  gcController.addHeapFree(m, c, nbytes);
  if (typ === spanAllocHeap) gcController.addHeapInUse(m, c, -nbytes);
  const delta = heapStatsAcquire(m);
  countSpanBytes(m, delta, typ, -nbytes);
  heapStatsRelease(m);
}
