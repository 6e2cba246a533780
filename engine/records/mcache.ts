/**
 * mcache: what one P allocates from without a lock: one span per span class, and the current tiny block.
 *
 * Go 1.26: runtime/mcache.go (mcache, stackfreelist).
 */
import { Layout } from "../memory/layout.ts";
import type { Ptr } from "../memory/memory.ts";

export type MCache = Ptr<"mcache">;

/** 68 size classes, each with and without pointers. */
export const numSpanClasses = 136;
/** Stack sizes with a list in the mcache: 2, 4, 8, 16 KiB. */
export const numStackOrders = 4;

export const layout = new Layout("mcache", 2296);
/** Bytes until the next heap sample. */
export const [nextSample, setNextSample] = layout.i64("nextSample");
export const [memProfRate, setMemProfRate] = layout.i64("memProfRate");
/** Bytes of scannable heap allocated since the last flush. */
export const [scanAlloc, setScanAlloc, addScanAlloc] = layout.i64("scanAlloc");
/** Start of the current tiny block; NIL for none. */
export const [tiny, setTiny] = layout.addr("tiny");
/** Bytes of the tiny block in use, counted from its start. */
export const [tinyoffset, setTinyoffset] = layout.uptr("tinyoffset");
/** Tiny objects placed into a block that was there already, since the last flush. */
export const [tinyAllocs, setTinyAllocs] = layout.uptr("tinyAllocs");
/** The span to allocate each span class from; emptymspan when there is none. */
export const [alloc, setAlloc] = layout.ptrs<"mspan">("alloc", numSpanClasses);
/** Lists of explicitly freed noscan slots: always 0, as Go leaves RuntimeFreegc off. */
export const [reusableNoscan, setReusableNoscan] = layout.ptrs<"gclink">("reusableNoscan", numSpanClasses);
/** Offset of 4 lists of free stacks, 16 bytes each: first stack, bytes. */
export const stackcache = layout.bytes("stackcache", 16 * numStackOrders, 8);
/** sweepgen at the last flush. */
export const [flushGen, setFlushGen] = layout.u32a("flushGen");
layout.seal();
