/**
 * pageAlloc: which pages are free, as bitmaps of 512 pages and a tree of summaries over them.
 *
 *   summary[0]  entries of 16 GiB   ─┐
 *   summary[1]              2 GiB    │ children of entry i: entries 8i..8i+7 of the next level
 *   summary[2]            256 MiB    │
 *   summary[3]             32 MiB    │
 *   summary[4]              4 MiB   ─┘ one chunk
 *   chunks      [8192] → blocks of 8192 pallocData, each an allocation bitmap and a scavenged bitmap of 512 pages
 *
 * Entries and chunks are numbered as in Go, over the whole address space; `array + 8*i` is entry i of a level.
 * Only the entries `lo..hi-1` have bytes behind them: those of the range of chunks that the allocator was made for.
 *
 * pallocSum, 64 bits in two halves
 *
 *    63  62          42 41          21 20           0
 *   ├──┬───────────────┬──────────────┬──────────────┤   free pages at the start, longest run, at the end
 *   │ F│      end      │     max      │    start     │   F set: all 2^21 pages are free, the fields are not read
 *   └──┴───────────────┴──────────────┴──────────────┘
 *     hi: F end max[20:11]               lo: max[10:0] start
 *
 * Go 1.26: runtime/mpagealloc.go (pageAlloc, pallocSum), runtime/mpallocbits.go (pallocData).
 * Differs: `originChunk` is not in Go; offsets that the functions take and give count from there, so that the
 * heap's are its byte offsets.
 */
import { Layout } from "../memory/layout.ts";
import type { Ptr } from "../memory/memory.ts";
import * as mgcscavenge from "./mgcscavenge.ts";
import * as mranges from "./mranges.ts";
import { pallocChunksL1Bits, pallocChunksL2Bits, summaryLevels } from "./sizes.ts";

export type PageAlloc = Ptr<"pageAlloc">;
/** Offset of 8 words of 64 bits, one bit a page; 8-aligned. */
export type PageBits = Ptr<"pageBits">;
export type PallocData = Ptr<"pallocData">;

export const pallocDataLayout = new Layout("pallocData", 128);
/** Bit set: the page is allocated (to a span, or to a P's page cache). */
export const pallocBits = pallocDataLayout.bytes("pallocBits", 64, 8);
/** Bit set: the page was given back to the operating system, or never taken. */
export const scavenged = pallocDataLayout.bytes("scavenged", 64, 8);
pallocDataLayout.seal();

/** Bytes of a block of chunks, the unit in which bitmaps are taken from the operating system: 1 MiB. */
export const chunksL2Bytes = (1 << pallocChunksL2Bits) * pallocDataLayout.size;

export const summaryLayout = new Layout("summaryLevel", 16);
/** Offset at which entry 0 would lie; may be negative. */
export const [array, setArray] = summaryLayout.i32("array");
/** Entries below this number are in reach of the program. Go: len(summary[l]). */
export const [len, setLen] = summaryLayout.u32("len");
/** Entries lo..hi-1 have bytes. */
export const [lo, setLo] = summaryLayout.u32("lo");
export const [hi, setHi] = summaryLayout.u32("hi");
summaryLayout.seal();

export const layout = new Layout("pageAlloc");
export const summary = layout.record("summary", summaryLayout, summaryLevels);
export const [chunks, setChunks] = layout.ptrs<"pallocData">("chunks", 1 << pallocChunksL1Bits);
/** No page below this address is free, in offset order. Go's maximum address when nothing is. */
export const [searchAddrLo, setSearchAddrLo, searchAddrHi, setSearchAddrHi] = layout.bits64("searchAddr");
/** Chunks that were ever grown into lie in start..end-1; 0 before the first growth. */
export const [start, setStart] = layout.u32("start");
layout.u32("startHi");
export const [end, setEnd] = layout.u32("end");
layout.u32("endHi");
/** The address ranges that were grown into. */
export const inUse = layout.record("inUse", mranges.layout);
/** What may be given back to the operating system. */
export const scav = layout.record("scav", mgcscavenge.scavLayout);
/** Offset of the lock word that guards all of this: the heap's. */
export const [mheapLock, setMheapLock] = layout.ptr("mheapLock");
/** Offset of the statistic for what the allocator takes for itself. */
export const [sysStat, setSysStat] = layout.ptr("sysStat");
/** Bytes of summaries that are backed by memory. */
export const [summaryMappedReady, setSummaryMappedReady] = layout.i64("summaryMappedReady");
/** Not 0: a page allocator by itself, without a heap around it. */
export const [test, setTest] = layout.u8("test");
/** Number of the chunk that has offset 0. */
export const [originChunk, setOriginChunk] = layout.u32("originChunk");
layout.seal();
