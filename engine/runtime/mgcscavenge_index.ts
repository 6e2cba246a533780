/**
 * The scavenge index: which chunk the scavenger shall look at next, without asking their bitmaps.
 *
 * For each chunk it keeps how many pages are allocated, how many were when the generation began, and whether anything
 * may be left to give back. A chunk that is dense (496 pages of 512), now or at the beginning of its generation, is
 * left alone: it will soon be full again. Only forced scavenging takes from it.
 *
 * Two cursors run from the top of the heap downwards. `free` raises the forced one at once; the background one is
 * raised when a generation begins, to the highest page that was freed in the last. Who raises a cursor marks it, and a
 * search lowers a marked cursor only from the very value that it began with: so a free during a search is never lost.
 *
 * Invariant: inUse is the number of allocated pages of the chunk, but for a range that `scavengeOne` holds.
 * All but `find` run under the heap lock.
 *
 * Go 1.26: runtime/mgcscavenge.go (scavengeIndex, scavChunkData), runtime/mpagealloc_64bit.go (sysInit, sysGrow),
 * runtime/mranges.go (atomicOffAddr).
 */
import { load32, store32 } from "../memory/atomics.ts";
import { throwFatal } from "../memory/fatal.ts";
import type { Memory } from "../memory/memory.ts";
import type { ScavengeIndex } from "../records/mgcscavenge.ts";
import * as scav from "../records/mgcscavenge.ts";
import {
  alignDown,
  alignUp,
  heapAddrBits,
  logPallocChunkBytes,
  logPallocChunkPages,
  pallocChunkPages,
  physPageSize,
} from "../records/sizes.ts";
import { sysMapMeta, sysReserveMeta } from "./mem.ts";

/** A chunk with this many pages in use is dense. */
export const scavChunkHiOccPages = 0.96875 * pallocChunkPages;

// A chunk's data. The low word holds inUse, lastInUse and the flags, the high word the generation.

/** The low word of a chunk's data. Go: scavChunkData.pack. */
export function packScavChunkData(inUse: number, lastInUse: number, flags: number): number {
  return inUse | (lastInUse << 16) | (flags << scav.scavChunkFlagsShift);
}

/** Pages in use, of the low word. */
export function inUseOf(word: number): number {
  return word & 0xffff;
}

/** Pages that were in use when the generation began, of the low word. */
export function lastInUseOf(word: number): number {
  return (word >>> 16) & scav.scavChunkInUseMask;
}

/** The flags, of the low word. */
export function flagsOf(word: number): number {
  return word >>> scav.scavChunkFlagsShift;
}

/** Offset of the data of chunk `ci`. */
export function chunkDataAt(m: Memory, s: ScavengeIndex, ci: number): number {
  return scav.chunks(m, s) + scav.scavChunkDataBytes * ci;
}

/** True when the chunk is worth the scavenger's look. @param gen the index's generation */
export function shouldScavenge(word: number, chunkGen: number, gen: number, force: boolean): boolean {
  if ((flagsOf(word) & scav.scavChunkHasFree) === 0) return false;
  if (force) return true;
  if (chunkGen === gen) return inUseOf(word) < scavChunkHiOccPages && lastInUseOf(word) < scavChunkHiOccPages;
  // Nothing was changed since an older generation: inUse is also what the present one began with.
  return inUseOf(word) < scavChunkHiOccPages;
}

function storeChunk(m: Memory, at: number, gen: number, inUse: number, lastInUse: number, flags: number): void {
  store32(m, at + 4, gen);
  store32(m, at, packScavChunkData(inUse, lastInUse, flags));
}

// Birth and growth.

/**
 * Prepares an index of chunks from..to-1. Go: init, sysInit.
 *
 * @param isAlone true without a heap around it. Go: test
 */
export function indexInit(m: Memory, s: ScavengeIndex, isAlone: boolean, from: number, to: number): void {
  scav.setOrigin(m, s, from);
  scav.setSearchAddrBg(m, s, 0);
  scav.setSearchAddrForce(m, s, 0);
  scav.setFreeHWM(m, s, 0);
  scav.setTest(m, s, isAlone ? 1 : 0);
  const bytes = 2 ** (heapAddrBits - logPallocChunkBytes) * scav.scavChunkDataBytes;
  const r = sysReserveMeta(m, bytes, (to - from) * scav.scavChunkDataBytes);
  if (r === 0) throwFatal("failed to reserve scavenge index memory");
  scav.setChunks(m, s, r - scav.scavChunkDataBytes * from);
}

/**
 * Takes in chunks start..end-1; from the lowest to the highest chunk ever, the index is backed whole.
 *
 * @returns bytes that are backed now and were not before; they are counted in `stat`. Go: grow, sysGrow
 */
export function indexGrow(m: Memory, s: ScavengeIndex, start: number, end: number, stat: number): number {
  const lowest = scav.minHeapIdx(m, s);
  if (lowest === 0 || start < lowest) scav.setMinHeapIdx(m, s, start);

  const perPage = physPageSize / scav.scavChunkDataBytes;
  const haveMin = scav.min(m, s);
  const haveMax = scav.max(m, s);
  let needMin = alignDown(start, perPage);
  let needMax = alignUp(end, perPage);
  if (needMax < haveMin) needMax = haveMin;
  if (haveMax !== 0 && needMin > haveMax) needMin = haveMax;
  const bytes = newChunks(needMin, needMax, haveMin, haveMax) * scav.scavChunkDataBytes;
  if (bytes === 0) return 0;
  sysMapMeta(m, bytes, stat);
  if (haveMax === 0 || needMin < haveMin) scav.setMin(m, s, needMin);
  if (needMax > haveMax) scav.setMax(m, s, needMax);
  return bytes;
}

/** How many of needMin..needMax-1 lie outside haveMin..haveMax-1. Go: addrRange.subtract. */
function newChunks(needMin: number, needMax: number, haveMin: number, haveMax: number): number {
  if (haveMin <= needMin && needMax <= haveMax) return 0;
  if (haveMax === 0) return needMax - needMin;
  if (needMin < haveMin && haveMax < needMax) throwFatal("bad prune");
  return haveMax < needMax ? needMax - Math.max(needMin, haveMax) : Math.min(needMax, haveMin) - needMin;
}

// Cursors.

/** A page as a cursor: 1 plus its number. */
export function cursorOf(m: Memory, s: ScavengeIndex, ci: number, pi: number): number {
  return (ci - scav.origin(m, s)) * pallocChunkPages + pi + 1;
}

/** Chunk of a cursor's value, which is neither 0 nor negative. */
export function cursorChunk(m: Memory, s: ScavengeIndex, at: number): number {
  return scav.origin(m, s) + ((at - 1) >>> logPallocChunkPages);
}

/** Page of a cursor's value in its chunk. */
export function cursorPage(at: number): number {
  return (at - 1) & (pallocChunkPages - 1);
}

function load(m: Memory, s: ScavengeIndex, force: boolean): number {
  return (force ? scav.searchAddrForce(m, s) : scav.searchAddrBg(m, s)) | 0;
}

function cas(m: Memory, s: ScavengeIndex, force: boolean, old: number, v: number): boolean {
  return force ? scav.searchAddrForceCas(m, s, old, v) : scav.searchAddrBgCas(m, s, old, v);
}

/** Lowers a cursor to `at`, unless it is lower or marked. Go: atomicOffAddr.StoreMin; with 0, Clear. */
function lowerCursor(m: Memory, s: ScavengeIndex, force: boolean, at: number): void {
  for (;;) {
    const old = load(m, s, force);
    if (old < at || cas(m, s, force, old, at)) return;
  }
}

/** Takes the marks off both cursors and clears them, and the high-water mark. Go's test hook: ResetSearchAddrs. */
export function resetSearchAddrs(m: Memory, s: ScavengeIndex): void {
  scav.setSearchAddrBg(m, s, 0);
  scav.setSearchAddrForce(m, s, 0);
  scav.setFreeHWM(m, s, 0);
}

// What happens to it.

/**
 * The highest chunk that may hold pages to give back. Needs no lock.
 *
 * @param force dense chunks, too, and those freed in this generation
 * @returns its number, 0 when there is none; ret[0] = the page from which to look downwards
 */
export function indexFind(m: Memory, s: ScavengeIndex, force: boolean): number {
  m.ret[0] = 0;
  const old = load(m, s, force);
  if (old === 0) return 0;
  const isMarked = old < 0;
  const at = isMarked ? -old : old;
  const gen = scav.gen(m, s);
  const lowest = scav.minHeapIdx(m, s);
  const start = cursorChunk(m, s, at);
  for (let ci = start; ci >= lowest; ci--) {
    // No chunk above ci is worth a look.
    const data = chunkDataAt(m, s, ci);
    if (!shouldScavenge(load32(m, data), load32(m, data + 4) >>> 0, gen, force)) continue;
    if (ci === start) {
      m.ret[0] = cursorPage(at);
      return ci;
    }
    const lower = cursorOf(m, s, ci, pallocChunkPages - 1);
    if (isMarked)
      cas(m, s, force, old, lower); // it fails when the cursor was raised again: then that is what counts
    else lowerCursor(m, s, force, lower);
    m.ret[0] = pallocChunkPages - 1;
    return ci;
  }
  lowerCursor(m, s, force, 0); // nothing is left
  return 0;
}

/** Notes that `npages` pages of chunk `ci` were allocated. */
export function indexAlloc(m: Memory, s: ScavengeIndex, ci: number, npages: number): void {
  const at = chunkDataAt(m, s, ci);
  const word = load32(m, at);
  const gen = scav.gen(m, s);
  const inUse = inUseOf(word) + npages;
  if (inUse > pallocChunkPages) throwFatal("too many pages allocated in chunk?");
  const lastInUse = load32(m, at + 4) >>> 0 === gen ? lastInUseOf(word) : inUseOf(word);
  const flags = inUse === pallocChunkPages ? flagsOf(word) & ~scav.scavChunkHasFree : flagsOf(word);
  storeChunk(m, at, gen, inUse, lastInUse, flags);
}

/** Notes that `npages` pages of chunk `ci` were freed, from page `pi` on. */
export function indexFree(m: Memory, s: ScavengeIndex, ci: number, pi: number, npages: number): void {
  const at = chunkDataAt(m, s, ci);
  const word = load32(m, at);
  const gen = scav.gen(m, s);
  const inUse = inUseOf(word) - npages;
  if (inUse < 0) throwFatal("allocated pages below zero?");
  const lastInUse = load32(m, at + 4) >>> 0 === gen ? lastInUseOf(word) : inUseOf(word);
  storeChunk(m, at, gen, inUse, lastInUse, flagsOf(word) | scav.scavChunkHasFree);

  const last = cursorOf(m, s, ci, pi + npages - 1);
  if (scav.freeHWM(m, s) < last) scav.setFreeHWM(m, s, last);
  // Only a search can come between, and it only lowers: the value cannot have grown beyond what was read.
  if (Math.abs(load(m, s, true)) < last) scav.setSearchAddrForce(m, s, -last);
}

/** Begins a generation, once a cycle: what was freed in the last may now be given back in the background. */
export function indexNextGen(m: Memory, s: ScavengeIndex): void {
  scav.setGen(m, s, scav.gen(m, s) + 1);
  const highest = scav.freeHWM(m, s);
  if (Math.abs(load(m, s, false)) < highest) scav.setSearchAddrBg(m, s, -highest);
  scav.setFreeHWM(m, s, 0);
}

/** Notes that nothing is left in chunk `ci`, until the next free there. */
export function indexSetEmpty(m: Memory, s: ScavengeIndex, ci: number): void {
  const at = chunkDataAt(m, s, ci);
  const word = load32(m, at);
  store32(m, at, packScavChunkData(inUseOf(word), lastInUseOf(word), flagsOf(word) & ~scav.scavChunkHasFree));
}
