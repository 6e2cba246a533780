/**
 * fixalloc: a free list for records of one size, outside the heap.
 *
 * Freed records are linked through their first word, last in first out; when the list is empty, a record is cut from
 * the current chunk.
 *
 * Go 1.26: runtime/mfixalloc.go (fixalloc).
 * Differs: `first`, a function in Go, is a number: 0 for none, 1 for recordspan, the only one there is.
 */
import { Layout } from "../memory/layout.ts";
import type { Ptr } from "../memory/memory.ts";

export type FixAlloc = Ptr<"fixalloc">;

/** `first` for the allocator of mspans: enter a new one into mheap_.allspans. */
export const firstRecordspan = 1;

export const layout = new Layout("fixalloc");
/** Bytes of a record. */
export const [size, setSize] = layout.uptr("size");
/** What to do with a record that was never used before. */
export const [first, setFirst] = layout.uptr("first");
export const [arg, setArg] = layout.ptr("arg");
/** Last freed record. */
export const [list, setList] = layout.ptr<"mlink">("list");
/** Next byte of the current chunk. */
export const [chunk, setChunk] = layout.uptr("chunk");
/** Bytes left in it. */
export const [nchunk, setNchunk] = layout.u32("nchunk");
/** Bytes of a new chunk: as many records as 16 KiB hold. */
export const [nalloc, setNalloc] = layout.u32("nalloc");
/** Bytes of records that are out. */
export const [inuse, setInuse] = layout.uptr("inuse");
/** Offset of the statistic that chunks are counted in. */
export const [stat, setStat] = layout.ptr("stat");
/** Not 0: a recycled record is cleared. */
export const [zero, setZero] = layout.u8("zero");
layout.seal();
