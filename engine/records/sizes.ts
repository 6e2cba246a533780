/**
 * The figures that the page half of the heap is built on: pages, chunks, arenas, levels.
 *
 *   page   8 KiB    unit of spans                          bit in a chunk's bitmap
 *   chunk  4 MiB    512 pages; unit of growth              one entry of the lowest summary level
 *   arena  64 MiB   8192 pages; unit of reservation        one heapArena
 *
 * Chunks and arenas are numbered over the whole 48-bit address space, from arenaBaseOffset upwards, as in Go: so the
 * heap's first chunk at 0xc000000000 has number 33,751,040. These numbers stay below 2^26 and are small integers.
 *
 * Go 1.26: runtime/malloc.go, runtime/mpagealloc.go, runtime/mpagealloc_64bit.go (constants).
 */
import { PageShift, PageSize } from "../gc/sizeclasses.ts";

export const pageShift = PageShift;
export const pageSize = PageSize;
/** Page of the simulated operating system. */
export const physPageSize = 4096;
export const physHugePageSize = 2 * 1024 * 1024;
export const minPhysPageSize = 4096;
export const maxPhysPageSize = 512 * 1024;

export const heapAddrBits = 48;
export const maxAlloc = 2 ** heapAddrBits;
/** Lowest address of the linear order, as a signed number. Go writes it 0xffff800000000000. */
export const arenaBaseOffset = -(2 ** 47);
/** First and last address in that order. */
export const minOffAddr = arenaBaseOffset;
export const maxOffAddr = 2 ** 47 - 1;
export const minLegalPointer = 4096;

export const logHeapArenaBytes = 26;
export const heapArenaBytes = 64 * 1024 * 1024;
export const pagesPerArena = heapArenaBytes / pageSize;
export const arenaL1Bits = 0;
export const arenaL2Bits = heapAddrBits - logHeapArenaBytes;

export const logPallocChunkPages = 9;
export const pallocChunkPages = 1 << logPallocChunkPages;
export const logPallocChunkBytes = logPallocChunkPages + pageShift;
export const pallocChunkBytes = pallocChunkPages * pageSize;
export const pallocChunksL1Bits = 13;
export const pallocChunksL2Bits = heapAddrBits - logPallocChunkBytes - pallocChunksL1Bits;

export const summaryLevels = 5;
export const summaryLevelBits = 3;
export const summaryL0Bits = heapAddrBits - logPallocChunkBytes - (summaryLevels - 1) * summaryLevelBits;
export const pallocSumBytes = 8;
/** Largest count of pages that a summary can hold: those of one entry of level 0. */
export const logMaxPackedValue = logPallocChunkPages + (summaryLevels - 1) * summaryLevelBits;
export const maxPackedValue = 1 << logMaxPackedValue;

/** log2 of the entries that are children of one parent; level 0 is one block. */
export const levelBits: readonly number[] = [summaryL0Bits, 3, 3, 3, 3];
/** log2 of the bytes that one entry stands for. */
export const levelShift: readonly number[] = [34, 31, 28, 25, 22];
/** log2 of the pages that one entry stands for. */
export const levelLogPages: readonly number[] = [21, 18, 15, 12, 9];

/** Pages in a P's page cache; spans of fewer than a quarter of this many pages come from it. */
export const pageCachePages = 64;

/**
 * Figures of Go's that this heap has no use for: it has no huge pages for its tables (minHeapForMetadataHugePages), no
 * user arenas (userArenaChunkBytes), no goroutine that sweeps ten spans before it gives way (sweepBatchSize), and
 * records of its own where Go's hold more (sizeofMheap, sizeofPageAlloc).
 */
export const sweepBatchSize = 10;
export const minHeapForMetadataHugePages = 2 ** 30;
export const userArenaChunkBytes = 8 * 1024 * 1024;
export const sizeofMheap = 93_464;
export const sizeofPageAlloc = 65_848;

export const fixAllocChunk = 16 * 1024;
export const persistentChunkSize = 256 * 1024;
/** From this size on a persistent allocation is the operating system's own. */
export const persistentMaxBlock = 64 * 1024;

/** Smallest multiple of `align` that is not below `n`. @param align a power of two; both below 2^53 */
export function alignUp(n: number, align: number): number {
  return Math.ceil(n / align) * align;
}

/** Largest multiple of `align` that is not above `n`. */
export function alignDown(n: number, align: number): number {
  return Math.floor(n / align) * align;
}

/** Number of the arena that holds Go's address `addr`, given as a signed number. Go: arenaIndex. */
export function arenaIndexOf(addr: number): number {
  return Math.floor((addr - arenaBaseOffset) / heapArenaBytes);
}

/** Go's address of the start of arena `ai`, as a signed number. */
export function arenaBase(ai: number): number {
  return ai * heapArenaBytes + arenaBaseOffset;
}
