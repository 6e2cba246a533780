/**
 * mspan: a run of pages with one use.
 *
 * A heap span is cut into `nelems` equal slots of `elemsize` bytes, handed out in address order by one cursor:
 *
 *   slot       0 ... freeindex-1 │ freeindex ... nelems-1
 *              all allocated     │ told by allocBits as of the last sweep; allocCache holds 64 of them inverted,
 *                                │ shifted so that its bit 0 is slot `freeindex`
 *
 * Invariants   1. freeindex <= nelems and allocCount <= nelems; allocCount == nelems means full.
 *              2. bit k of allocCache set => slot freeindex+k is free (for freeindex+k < nelems).
 *              3. bits at or past nelems may hold anything; callers compare with nelems.
 *
 * `sweepgen` against h = mheap_.sweepgen, which grows by 2 a cycle:
 *   h-2  needs sweeping        h-1  being swept            h    swept, ready
 *   h+1  cached before the sweep began, needs sweeping     h+3  swept, then cached
 *
 * Go 1.26: runtime/mheap.go (mspan, mSpanState).
 */
import { Layout } from "../memory/layout.ts";
import type { Ptr } from "../memory/memory.ts";

export type MSpan = Ptr<"mspan">;

/** The span is of no use: its pages are free, or it was never used. Go: mSpanDead. */
export const mSpanDead = 0;
/** Allocated for the garbage-collected heap. Go: mSpanInUse. */
export const mSpanInUse = 1;
/** Allocated for stacks or work buffers, managed by hand. Go: mSpanManual. */
export const mSpanManual = 2;

export const layout = new Layout("mspan", 160);
export const [next, setNext] = layout.ptr<"mspan">("next");
export const [prev, setPrev] = layout.ptr<"mspan">("prev");
/** The list that a manual span stands in; 0 for none. */
export const [list, setList] = layout.ptr<"mSpanList">("list");
export const [startAddr, setStartAddr] = layout.addrInHeap("startAddr");
/** Pages of 8 KiB. */
export const [npages, setNpages] = layout.uptr("npages");
/** First free stack of a manual span; NIL when there is none. */
export const [manualFreeList, setManualFreeList] = layout.addr("manualFreeList");
export const [freeindex, setFreeindex] = layout.u16("freeindex");
export const [nelems, setNelems] = layout.u16("nelems");
/** freeindex as the collector may see it: it never passes a slot whose contents are not yet published. */
export const [freeIndexForScan, setFreeIndexForScan] = layout.u16("freeIndexForScan");
export const [allocCacheLo, setAllocCacheLo, allocCacheHi, setAllocCacheHi] = layout.bits64("allocCache");
/** Offset of the bitmap (8-aligned): 1 = slot was allocated at the last sweep. Bit k of byte b is slot 8b+k. */
export const [allocBits, setAllocBits] = layout.ptr<"gcBits">("allocBits");
export const [gcmarkBits, setGcmarkBits] = layout.ptr<"gcBits">("gcmarkBits");
export const [pinnerBits, setPinnerBits] = layout.ptr<"gcBits">("pinnerBits");
/** @see the table above; `sweepgenCas` is the claim to sweep */
export const [sweepgen, setSweepgen, sweepgenCas] = layout.u32a("sweepgen");
/** Multiplier for division by elemsize: objIndex = (offset * divMul) >> 32, exact for every class. */
export const [divMul, setDivMul] = layout.u32("divMul");
export const [allocCount, setAllocCount, addAllocCount] = layout.u16("allocCount");
/** size class << 1 | noscan; class 0 is a large object's. */
export const [spanclass, setSpanclass] = layout.u8("spanclass");
/** mSpanDead, mSpanInUse or mSpanManual; published last. */
export const [state, setState] = layout.u8a("state");
/** Not 0: a slot may hold old bytes and must be cleared before it is handed out. */
export const [needzero, setNeedzero] = layout.u8("needzero");
layout.u8("isUserArenaChunk"); // user arenas are off in 1.26; never written here
/** allocCount when the span was cached: the difference is what the cache has handed out. */
export const [allocCountBeforeCache, setAllocCountBeforeCache] = layout.u16("allocCountBeforeCache");
/** Bytes of a slot; of the whole span for a large object. */
export const [elemsize, setElemsize] = layout.uptr("elemsize");
/** End of the object part: no slot byte lies at or after it. */
export const [limit, setLimit] = layout.addr("limit");
/** Lock word of the specials list. */
export const speciallock = layout.bytes("speciallock", 8, 8);
export const [specials, setSpecials] = layout.ptr<"special">("specials");
layout.bytes("userArenaChunkFree", 16, 8); // as above
/** Type descriptor of a large object with pointers; 0 tells the collector to skip it. */
export const [largeType, setLargeType, largeTypeCas] = layout.ptra<"type">("largeType");
layout.seal();
