/**
 * mheap: the page heap, of which each process has one.
 *
 * `lock` guards growth, the page allocator, allspans and the record allocators. What a P holds in its page cache, its
 * mspan cache and its mcache needs no lock.
 *
 * Go 1.26: runtime/mheap.go (mheap).
 * Differs: `arenas` has bytes only for the arenas of the window, `arenasLo` on; Go's map has 2^22 entries.
 * Differs: no user arenas, and no map of weak handles of objects outside the heap.
 */
import { Layout } from "../memory/layout.ts";
import type { Ptr } from "../memory/memory.ts";
import * as mcentral from "./mcentral.ts";
import * as mfixalloc from "./mfixalloc.ts";
import * as mpagealloc from "./mpagealloc.ts";

export type MHeap = Ptr<"mheap">;

export const layout = new Layout("mheap");
/** Offset of the lock word. */
export const lock = layout.bytes("lock", 8, 8);
export const pages = layout.record("pages", mpagealloc.layout);
/** Grows by 2 with each collection; see mspan.sweepgen. */
export const [sweepgen, setSweepgen] = layout.u32("sweepgen");
layout.u32("sweepgenPad");
/** Every mspan record ever made: offset of allspansCap pointers, allspansLen of them in use. */
export const [allspans, setAllspans] = layout.ptr("allspans");
export const [allspansLen, setAllspansLen] = layout.uptr("allspans.len");
export const [allspansCap, setAllspansCap] = layout.uptr("allspans.cap");
/** Pages of spans in state mSpanInUse. */
export const [pagesInUse, setPagesInUse, addPagesInUse] = layout.i64a("pagesInUse");
/** Pages swept in this cycle. */
export const [pagesSwept, setPagesSwept, addPagesSwept] = layout.i64a("pagesSwept");
/** pagesSwept and heapLive at the point that the sweep ratio counts from. */
export const [pagesSweptBasis, setPagesSweptBasis] = layout.i64a("pagesSweptBasis");
export const [sweepHeapLiveBasis, setSweepHeapLiveBasis] = layout.i64("sweepHeapLiveBasis");
/** Pages to sweep for each byte allocated; 0 when sweeping need not keep pace. */
export const [sweepPagesPerByte, setSweepPagesPerByte] = layout.f64("sweepPagesPerByte");
/** Next page that reclaim looks at, over all of sweepArenas; 2^52 when it has come to the end (Go: 2^63). */
export const [reclaimIndex, setReclaimIndex, addReclaimIndex] = layout.i64a("reclaimIndex");
/** Pages that were freed by sweeping and not asked for. */
export const [reclaimCredit, setReclaimCredit, reclaimCreditCas, addReclaimCredit] = layout.u32a("reclaimCredit");
layout.u32("reclaimCreditHi");
/** Offset of the map of arenas: 8-byte pointers to heapArena, from arena number arenasLo on. 0 before the first. */
export const [arenas, setArenas] = layout.ptra<"heapArena">("arenas");
export const [arenasLo, setArenasLo] = layout.u32("arenasLo");
export const [arenasHi, setArenasHi] = layout.u32("arenasHi");
/** Where to try to reserve next; last in, first out. */
export const [arenaHints, setArenaHints] = layout.ptr<"arenaHint">("arenaHints");
/** Arena numbers (8 bytes each) in order of creation. */
export const [heapArenas, setHeapArenas] = layout.ptr("heapArenas");
export const [heapArenasLen, setHeapArenasLen] = layout.uptr("heapArenas.len");
export const [heapArenasCap, setHeapArenasCap] = layout.uptr("heapArenas.cap");
/** heapArenas as it was when the sweep began. */
export const [sweepArenas, setSweepArenas] = layout.ptr("sweepArenas");
export const [sweepArenasLen, setSweepArenasLen] = layout.uptr("sweepArenas.len");
/** heapArenas as it was when marking began. */
export const [markArenas, setMarkArenas] = layout.ptr("markArenas");
export const [markArenasLen, setMarkArenasLen] = layout.uptr("markArenas.len");
/** Go's addresses: the part of the last reservation that the heap has not grown into. 0 before the first. */
export const [curArenaBase, setCurArenaBase] = layout.i64("curArena.base");
export const [curArenaEnd, setCurArenaEnd] = layout.i64("curArena.end");
const centralAt = layout.record("central", mcentral.paddedLayout, 136);
export const spanalloc = layout.record("spanalloc", mfixalloc.layout);
export const cachealloc = layout.record("cachealloc", mfixalloc.layout);
export const arenaHintAlloc = layout.record("arenaHintAlloc", mfixalloc.layout);
/** Where to try to reserve user arenas. Go: userArena.arenaHints. */
export const [userArenaHints, setUserArenaHints] = layout.ptr<"arenaHint">("userArena.arenaHints");
/** Offset of the lock word that guards the record allocators of specials. */
export const speciallock = layout.bytes("speciallock", 8, 8);
export const specialfinalizeralloc = layout.record("specialfinalizeralloc", mfixalloc.layout);
export const specialCleanupAlloc = layout.record("specialCleanupAlloc", mfixalloc.layout);
export const specialCheckFinalizerAlloc = layout.record("specialCheckFinalizerAlloc", mfixalloc.layout);
export const specialTinyBlockAlloc = layout.record("specialTinyBlockAlloc", mfixalloc.layout);
export const specialprofilealloc = layout.record("specialprofilealloc", mfixalloc.layout);
export const specialReachableAlloc = layout.record("specialReachableAlloc", mfixalloc.layout);
export const specialPinCounterAlloc = layout.record("specialPinCounterAlloc", mfixalloc.layout);
export const specialWeakHandleAlloc = layout.record("specialWeakHandleAlloc", mfixalloc.layout);
/** Last id given to a cleanup. */
export const [cleanupID, setCleanupID] = layout.i64("cleanupID");
layout.seal();

/** The central list of span class `spc`. */
export function central(h: MHeap, spc: number): Ptr<"mcentral"> {
  return centralAt(h, spc) as number;
}
