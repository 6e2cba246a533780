/**
 * The page allocator: which run of free pages comes next, without reading every bitmap.
 *
 * Address-ordered first fit: an allocation of n pages gets the lowest n free pages in a row. A summary describes a
 * region by three numbers of free pages: at its start, the longest run anywhere, and at its end. The three are enough
 * to answer for two neighbours as one, so a tree of them answers for the whole address space: an entry says whether a
 * run exists below it, and the way down says where. A run may cross entries, and is then known without going down.
 *
 *   level 0      2^21 pages (16 GiB)  ─┬─ 8 children each
 *   ...                                │
 *   level 4      2^9 pages (4 MiB)    ─┘  one bitmap chunk
 *
 * `searchAddr` cuts off what is known to be full: no page below it is free. Allocation raises it, freeing lowers it.
 *
 * A place is written as two small integers, the number of its chunk and of its page in there, or as one offset from
 * `originChunk`, which for the heap is the byte offset of the window. Second results are in `m.ret`, so that nothing is
 * allocated on the way.
 *
 * Invariants, whenever the heap lock is free
 *   1. Each leaf is `summarize` of its chunk, each other entry `mergeSummaries` of its 8 children.
 *   2. No page below searchAddr is free. searchAddr lies in a range of `inUse`, or is the highest address.
 *   3. A scavenged page is free, except for the padding pages of a random base.
 *
 * Go 1.26: runtime/mpagealloc.go, runtime/mpagealloc_64bit.go.
 * Differs: a summary is two halves of 32 bits: JavaScript has no fast integer of 64. Differs: summaries have bytes only
 * for the chunks that the allocator was made for; what lies outside reads as full, which is what it is. Their place and
 * the accounting of what is mapped are Go's.
 */
import { isLocked } from "../memory/atomics.ts";
import { debugCheck } from "../memory/check.ts";
import { throwFatal } from "../memory/fatal.ts";
import { type Memory, NIL } from "../memory/memory.ts";
import * as scav from "../records/mgcscavenge.ts";
import type { PageAlloc, PallocData } from "../records/mpagealloc.ts";
import * as pageAlloc from "../records/mpagealloc.ts";
import * as mranges from "../records/mranges.ts";
import {
  alignDown,
  alignUp,
  arenaBaseOffset,
  heapAddrBits,
  levelBits,
  levelLogPages,
  levelShift,
  logMaxPackedValue,
  maxPackedValue,
  pageSize,
  pallocChunkBytes,
  pallocChunkPages,
  pallocChunksL2Bits,
  pallocSumBytes,
  physPageSize,
  summaryLevels,
} from "../records/sizes.ts";
import { sysAlloc, sysMapMeta, sysReserveMeta } from "./mem.ts";
import { indexAlloc, indexFree, indexGrow, indexInit } from "./mgcscavenge_index.ts";
import { arenaAt } from "./mheap.ts";
import {
  allocAll,
  allocRange,
  find,
  freeAll,
  freeRange,
  popcntRange,
  setAll,
  setRange,
  summarize,
} from "./mpallocbits.ts";
import { addRange, addrRangesInit, findAddrGreaterEqual, findSucc } from "./mranges.ts";
import { Ev, traceEvent } from "./trace.ts";

const leaf = summaryLevels - 1;

// Places.

/** Number of the chunk that holds Go's address `addr`, given as a signed number. */
export function chunkIndex(addr: number): number {
  return Math.floor((addr - arenaBaseOffset) / pallocChunkBytes);
}

/** Go's address of the start of chunk `ci`, as a signed number. */
export function chunkBase(ci: number): number {
  return ci * pallocChunkBytes + arenaBaseOffset;
}

/** Number of the page of an offset or address within its chunk. */
export function chunkPageIndex(off: number): number {
  return (off >>> 13) & (pallocChunkPages - 1);
}

/** Number of the chunk that holds offset `off`. */
export function chunkOfOffset(m: Memory, p: PageAlloc, off: number): number {
  return pageAlloc.originChunk(m, p) + ((off / pallocChunkBytes) | 0);
}

/** Offset of page `pi` of chunk `ci`. */
export function offsetOfPage(m: Memory, p: PageAlloc, ci: number, pi: number): number {
  return (ci - pageAlloc.originChunk(m, p)) * pallocChunkBytes + pi * pageSize;
}

/** Chunk of searchAddr. */
export function searchChunk(m: Memory, p: PageAlloc): number {
  return ((pageAlloc.searchAddrHi(m, p) + 0x8000) << 10) | (pageAlloc.searchAddrLo(m, p) >>> 22);
}

/** Page of searchAddr in its chunk. */
export function searchPage(m: Memory, p: PageAlloc): number {
  return (pageAlloc.searchAddrLo(m, p) >>> 13) & (pallocChunkPages - 1);
}

/** Go's searchAddr as a signed number. */
export function searchAddr(m: Memory, p: PageAlloc): number {
  return pageAlloc.searchAddrHi(m, p) * 2 ** 32 + (pageAlloc.searchAddrLo(m, p) >>> 0);
}

/** Sets searchAddr to page `pi` of chunk `ci`. */
export function setSearch(m: Memory, p: PageAlloc, ci: number, pi: number): void {
  pageAlloc.setSearchAddrHi(m, p, (ci >>> 10) - 0x8000);
  pageAlloc.setSearchAddrLo(m, p, (ci << 22) | (pi << 13));
}

/** Go: maxSearchAddr. Nothing is free at or above searchAddr. */
export function setSearchToMax(m: Memory, p: PageAlloc): void {
  pageAlloc.setSearchAddrHi(m, p, 0x7fff);
  pageAlloc.setSearchAddrLo(m, p, -1);
}

/** Lowers searchAddr to page `pi` of chunk `ci` if that is lower. */
export function lowerSearch(m: Memory, p: PageAlloc, ci: number, pi: number): void {
  const have = searchChunk(m, p);
  if (ci < have || (ci === have && pi < searchPage(m, p))) setSearch(m, p, ci, pi);
}

/** True while the chunks at and above searchAddr were never grown into. */
export function isSearchExhausted(m: Memory, p: PageAlloc): boolean {
  return searchChunk(m, p) >= pageAlloc.end(m, p);
}

/** The index of what may be scavenged. */
export function scavIndex(p: PageAlloc): scav.ScavengeIndex {
  return scav.index(pageAlloc.scav(p));
}

/** The bitmaps of chunk `ci`, which was grown into. */
export function chunkOf(m: Memory, p: PageAlloc, ci: number): PallocData {
  const l2 = pageAlloc.chunks(m, p, ci >>> pallocChunksL2Bits) as number;
  return l2 + pageAlloc.pallocDataLayout.size * (ci & ((1 << pallocChunksL2Bits) - 1));
}

/** The bitmaps of chunk `ci`, 0 when its block of chunks was never used. */
export function tryChunkOf(m: Memory, p: PageAlloc, ci: number): PallocData {
  return pageAlloc.chunks(m, p, ci >>> pallocChunksL2Bits) === 0 ? 0 : chunkOf(m, p, ci);
}

// Summaries. One is known by the offset of its 8 bytes.

/** Offset of entry `i` of level `l`. */
export function sumAt(m: Memory, p: PageAlloc, l: number, i: number): number {
  return pageAlloc.array(m, pageAlloc.summary(p, l)) + pallocSumBytes * i;
}

/** Offset of the summary of chunk `ci`. */
export function leafAt(m: Memory, p: PageAlloc, ci: number): number {
  return sumAt(m, p, leaf, ci);
}

/** Free pages at the start of the region, of the halves of its summary. */
function startOf(lo: number, hi: number): number {
  return hi < 0 ? maxPackedValue : lo & (maxPackedValue - 1);
}

/** Longest run of free pages, likewise. */
function maxOf(lo: number, hi: number): number {
  return hi < 0 ? maxPackedValue : (lo >>> logMaxPackedValue) | ((hi & 0x3ff) << 11);
}

/** Free pages at the end, likewise. */
function endOf(hi: number): number {
  return hi < 0 ? maxPackedValue : (hi >>> 10) & (maxPackedValue - 1);
}

/** Free pages at the start of the region. */
export function sumStart(m: Memory, at: number): number {
  return startOf(m.i32[at >>> 2], m.i32[(at >>> 2) + 1]);
}

/** Longest run of free pages in the region. */
export function sumMax(m: Memory, at: number): number {
  return maxOf(m.i32[at >>> 2], m.i32[(at >>> 2) + 1]);
}

/** Free pages at the end of the region. */
export function sumEnd(m: Memory, at: number): number {
  return endOf(m.i32[(at >>> 2) + 1]);
}

/** Writes a summary. Go: packPallocSum. @returns true when it differs from what was there */
export function packPallocSum(m: Memory, at: number, start: number, max: number, end: number): boolean {
  const isFree = max === maxPackedValue;
  const lo = isFree ? 0 : start | (max << logMaxPackedValue);
  const hi = isFree ? 1 << 31 : (max >>> 11) | (end << 10);
  const i = at >> 2;
  if (m.i32[i] === lo && m.i32[i + 1] === hi) return false;
  m.i32[i] = lo;
  m.i32[i + 1] = hi;
  return true;
}

/**
 * The summary of `count` neighbouring regions taken as one.
 *
 * @param at       offset of the first of their summaries
 * @param logPages log2 of the pages in each
 * @returns the longest run; ret[0] = free pages at the start, ret[1] = at the end
 */
export function mergeSummaries(m: Memory, at: number, count: number, logPages: number): number {
  const full = 1 << logPages;
  const i32 = m.i32;
  const first = at >>> 2;
  let start = sumStart(m, at);
  let most = sumMax(m, at);
  let end = sumEnd(m, at);
  for (let i = 1; i < count; i++) {
    // Here (start, most, end) is the summary of regions 0..i-1, i << logPages pages in all.
    const lo = i32[first + (i << 1)];
    const hi = i32[first + (i << 1) + 1];
    if ((lo | hi) === 0) {
      end = 0; // nothing is free: whatever run there was is over
      continue;
    }
    const si = startOf(lo, hi);
    const mi = maxOf(lo, hi);
    const ei = endOf(hi);
    if (start === i << logPages) start += si; // the front run grows only while all so far is free
    if (end + si > most) most = end + si; // a run may cross the border
    if (mi > most) most = mi;
    end = ei === full ? end + full : ei;
  }
  m.ret[0] = start;
  m.ret[1] = end;
  return most;
}

/** Makes the leaf of chunk `ci` agree with its bitmap. @returns true when it changed */
function summarizeChunk(m: Memory, p: PageAlloc, ci: number): boolean {
  const max = summarize(m, pageAlloc.pallocBits(chunkOf(m, p, ci)));
  return packPallocSum(m, sumAt(m, p, leaf, ci), m.ret[0], max, m.ret[1]);
}

// Birth and growth.

/**
 * Prepares a page allocator that knows no page yet.
 *
 * @param mheapLock offset of the lock word that guards it
 * @param stat      offset of the statistic for what it takes for itself
 * @param isAlone   true for one without a heap around it. Go: test
 * @param from      first chunk that it can ever be asked to grow into; offset 0 is the start of this chunk
 * @param to        behind the last, fewer than 2^22 further on. About 17 bytes are needed for each chunk between, gaps included
 */
export function pageAllocInit(
  m: Memory,
  p: PageAlloc,
  mheapLock: number,
  stat: number,
  isAlone: boolean,
  from: number,
  to: number,
): void {
  pageAlloc.setSysStat(m, p, stat);
  addrRangesInit(m, pageAlloc.inUse(p), stat);
  sysInit(m, p, from, to);
  setSearchToMax(m, p);
  pageAlloc.setMheapLock(m, p, mheapLock);
  pageAlloc.setTest(m, p, isAlone ? 1 : 0);
  pageAlloc.setOriginChunk(m, p, from);
  indexInit(m, scavIndex(p), isAlone, from, to);
}

/** Reserves each level whole, as one array; bytes exist for the entries above chunks from..to-1. */
function sysInit(m: Memory, p: PageAlloc, from: number, to: number): void {
  let lo = from >>> 12; // a level 0 entry stands for 2^12 chunks
  let hi = ((to - 1) >>> 12) + 1;
  for (let l = 0; l < summaryLevels; l++) {
    if (l > 0) {
      lo <<= levelBits[l];
      hi <<= levelBits[l];
    }
    const entries = 2 ** (heapAddrBits - levelShift[l]);
    const bytes = alignUp(entries * pallocSumBytes, physPageSize);
    const r = sysReserveMeta(m, bytes, (hi - lo) * pallocSumBytes);
    if (r === 0) throwFatal("failed to reserve page summary memory");
    const level = pageAlloc.summary(p, l);
    pageAlloc.setArray(m, level, r - pallocSumBytes * lo);
    pageAlloc.setLo(m, level, lo);
    pageAlloc.setHi(m, level, hi);
    pageAlloc.setLen(m, level, 0);
  }
}

/** Accounts for the summaries above the addresses base..limit-1, whole blocks of them and whole physical pages. */
function sysGrow(m: Memory, p: PageAlloc, base: number, limit: number): void {
  const inUse = pageAlloc.inUse(p);
  const succ = findSucc(m, inUse, base);
  for (let l = 0; l < summaryLevels; l++) {
    const level = pageAlloc.summary(p, l);
    const needLimit = blockLimit(l, limit);
    if (needLimit > pageAlloc.len(m, level)) pageAlloc.setLen(m, level, needLimit);

    let from = alignDown(blockBase(l, base) * pallocSumBytes, physPageSize);
    let to = alignUp(needLimit * pallocSumBytes, physPageSize);
    if (succ > 0) {
      const r = mranges.at(m, inUse, succ - 1); // the neighbour below: what it needed is mapped
      from = Math.max(from, alignUp(blockLimit(l, mranges.limit(m, r)) * pallocSumBytes, physPageSize));
    }
    if (succ < mranges.rangesLen(m, inUse)) {
      const r = mranges.at(m, inUse, succ);
      to = Math.min(to, alignDown(blockBase(l, mranges.base(m, r)) * pallocSumBytes, physPageSize));
    }
    if (to <= from) continue;
    sysMapMeta(m, to - from, pageAlloc.sysStat(m, p) as number);
    pageAlloc.setSummaryMappedReady(m, p, pageAlloc.summaryMappedReady(m, p) + to - from);
  }
}

/** First entry of the block of siblings at level `l` that holds address `base`. */
function blockBase(l: number, base: number): number {
  return alignDown(Math.floor((base - arenaBaseOffset) / 2 ** levelShift[l]), 2 ** levelBits[l]);
}

/** Behind the last entry of the block of siblings at level `l` that holds address `limit - 1`. */
function blockLimit(l: number, limit: number): number {
  return alignUp(Math.floor((limit - 1 - arenaBaseOffset) / 2 ** levelShift[l]) + 1, 2 ** levelBits[l]);
}

/**
 * Takes in new pages, all free and scavenged. The caller has the heap lock.
 *
 * @param off  offset of the first; @param size bytes. Both are widened to whole chunks
 */
export function pageAllocGrow(m: Memory, p: PageAlloc, off: number, size: number): void {
  assertLockHeld(m, p);
  const start = chunkOfOffset(m, p, off);
  const end = chunkOfOffset(m, p, off + size + pallocChunkBytes - 1);
  const base = chunkBase(start);
  const limit = chunkBase(end);
  const level = pageAlloc.summary(p, leaf);
  if (start < pageAlloc.lo(m, level) || end > pageAlloc.hi(m, level)) {
    throwFatal(`page allocator: chunks ${start}..${end - 1} lie outside of the range it was made for`);
  }
  sysGrow(m, p, base, limit);
  const indexBytes = indexGrow(m, scavIndex(p), start, end, pageAlloc.sysStat(m, p) as number);
  pageAlloc.setSummaryMappedReady(m, p, pageAlloc.summaryMappedReady(m, p) + indexBytes);

  const isFirst = pageAlloc.start(m, p) === 0;
  if (isFirst || start < pageAlloc.start(m, p)) pageAlloc.setStart(m, p, start);
  if (end > pageAlloc.end(m, p)) pageAlloc.setEnd(m, p, end);
  addRange(m, pageAlloc.inUse(p), base, limit);
  lowerSearch(m, p, start, 0);

  for (let ci = start; ci < end; ci++) {
    const l1 = ci >>> pallocChunksL2Bits;
    if (pageAlloc.chunks(m, p, l1) === 0) {
      const block = sysAlloc(m, pageAlloc.chunksL2Bytes, pageAlloc.sysStat(m, p) as number);
      if (block === 0) throwFatal("pageAlloc: out of memory");
      pageAlloc.setChunks(m, p, l1, block);
    }
    setRange(m, pageAlloc.scavenged(chunkOf(m, p, ci)), 0, pallocChunkPages); // fresh memory counts as scavenged
  }
  // Free and contiguous, exactly as many pages as were asked for: so the last chunk may be summarized.
  update(m, p, start, start + Math.ceil(size / pallocChunkBytes) - 1, true, false);
}

function assertLockHeld(m: Memory, p: PageAlloc): void {
  debugCheck(m, isLocked(m, pageAlloc.mheapLock(m, p) as number), "the heap lock is held");
}

// Keeping the summaries.

/**
 * Makes the summaries agree with the bitmaps of chunks sc..ec. The caller has the heap lock.
 *
 * Climbs from the leaves and stops at the first level where nothing changed: above it nothing can.
 *
 * @param contig  all pages between the first and the last changed page were changed: inner chunks are known unread
 * @param isAlloc with contig: the pages were allocated, else freed
 */
export function update(m: Memory, p: PageAlloc, sc: number, ec: number, contig: boolean, isAlloc: boolean): void {
  assertLockHeld(m, p);
  if (sc === ec) {
    if (!summarizeChunk(m, p, sc)) return;
  } else {
    updateLeaves(m, p, sc, ec, contig, isAlloc);
  }
  let lo = sc;
  let hi = ec;
  for (let l = leaf - 1; l >= 0; l--) {
    lo >>>= levelBits[l + 1];
    hi >>>= levelBits[l + 1];
    if (!updateLevel(m, p, l, lo, hi)) return;
  }
}

function updateLeaves(m: Memory, p: PageAlloc, sc: number, ec: number, contig: boolean, isAlloc: boolean): void {
  summarizeChunk(m, p, sc);
  const inner = isAlloc ? 0 : pallocChunkPages;
  for (let ci = sc + 1; ci < ec; ci++) {
    if (contig) packPallocSum(m, sumAt(m, p, leaf, ci), inner, inner, inner);
    else summarizeChunk(m, p, ci);
  }
  summarizeChunk(m, p, ec);
}

/** Merges the children of entries lo..hi of level `l` again. @returns true when an entry changed */
function updateLevel(m: Memory, p: PageAlloc, l: number, lo: number, hi: number): boolean {
  const bits = levelBits[l + 1];
  let changed = false;
  for (let i = lo; i <= hi; i++) {
    const max = mergeSummaries(m, sumAt(m, p, l + 1, i << bits), 1 << bits, levelLogPages[l + 1]);
    if (packPallocSum(m, sumAt(m, p, l, i), m.ret[0], max, m.ret[1])) changed = true;
  }
  return changed;
}

// Allocation.

/**
 * Allocates the lowest `npages` free pages in a row. The caller has the heap lock.
 *
 * @returns their offset, NIL when there are none; ret[0] = how many of them were scavenged
 */
export function pageAllocAlloc(m: Memory, p: PageAlloc, npages: number): number {
  assertLockHeld(m, p);
  if (isSearchExhausted(m, p)) return NIL;

  const sc = searchChunk(m, p);
  const sp = searchPage(m, p);
  if (pallocChunkPages - sp >= npages && sumMax(m, sumAt(m, p, leaf, sc)) >= npages) {
    const j = find(m, pageAlloc.pallocBits(chunkOf(m, p, sc)), npages, sp);
    if (j < 0) throwFatal("bad summary data");
    return take(m, p, sc, j, npages, sc, m.ret[0]);
  }
  if (!pageAllocFind(m, p, npages)) {
    // Not one page is free; for more pages the failure says only that no run is long enough.
    if (npages === 1) setSearchToMax(m, p);
    return NIL;
  }
  return take(m, p, m.ret[0], m.ret[1], npages, m.ret[2], m.ret[3]);
}

/** Allocates what was found, and raises searchAddr to the candidate (ci, pi) when that is higher. */
function take(m: Memory, p: PageAlloc, c: number, j: number, npages: number, ci: number, pi: number): number {
  const scav = pageAllocRange(m, p, c, j, npages);
  const have = searchChunk(m, p);
  if (ci > have || (ci === have && pi > searchPage(m, p))) setSearch(m, p, ci, pi);
  m.ret[0] = scav;
  return offsetOfPage(m, p, c, j);
}

/**
 * Marks pages allocated: `npages` from page `pi` of chunk `sc` on. The caller has the heap lock.
 *
 * @returns how many of them were scavenged; they are not any more
 */
export function pageAllocRange(m: Memory, p: PageAlloc, sc: number, pi: number, npages: number): number {
  assertLockHeld(m, p);
  const ec = sc + ((pi + npages - 1) >> 9);
  let scav = 0;
  let from = pi;
  let left = npages;
  for (let ci = sc; ci <= ec; ci++) {
    const n = Math.min(left, pallocChunkPages - from);
    const chunk = chunkOf(m, p, ci);
    const scavenged = popcntRange(m, pageAlloc.scavenged(chunk), from, n);
    scav += scavenged;
    if (n === pallocChunkPages) allocAll(m, chunk);
    else allocRange(m, chunk, from, n);
    indexAlloc(m, scavIndex(p), ci, n);
    left -= n;
    from = 0;
  }
  update(m, p, sc, ec, true, true);
  return scav;
}

/** Frees `npages` pages at offset `off`. They are not scavenged by that. The caller has the heap lock. */
export function pageAllocFree(m: Memory, p: PageAlloc, off: number, npages: number): void {
  assertLockHeld(m, p);
  const sc = chunkOfOffset(m, p, off);
  const pi = chunkPageIndex(off);
  lowerSearch(m, p, sc, pi);
  const ec = sc + ((pi + npages - 1) >> 9);
  let from = pi;
  let left = npages;
  for (let ci = sc; ci <= ec; ci++) {
    const n = Math.min(left, pallocChunkPages - from);
    if (n === pallocChunkPages) freeAll(m, chunkOf(m, p, ci));
    else freeRange(m, chunkOf(m, p, ci), from, n);
    indexFree(m, scavIndex(p), ci, from, n);
    left -= n;
    from = 0;
  }
  update(m, p, sc, ec, true, false);
}

/**
 * Takes `npages` pages at offset `off` out of use for ever, so that the heap begins behind them: they are allocated
 * without a span, and scavenged. The caller has the heap lock.
 */
export function markRandomPaddingPages(m: Memory, p: PageAlloc, off: number, npages: number): void {
  assertLockHeld(m, p);
  const sc = chunkOfOffset(m, p, off);
  const pi = chunkPageIndex(off);
  const ec = sc + ((pi + npages - 1) >> 9);
  let from = pi;
  let left = npages;
  for (let ci = sc; ci <= ec; ci++) {
    const n = Math.min(left, pallocChunkPages - from);
    const chunk = chunkOf(m, p, ci);
    allocRange(m, chunk, from, n);
    indexAlloc(m, scavIndex(p), ci, n);
    if (n === pallocChunkPages) setAll(m, pageAlloc.scavenged(chunk));
    else setRange(m, pageAlloc.scavenged(chunk), from, n);
    left -= n;
    from = 0;
  }
  update(m, p, sc, ec, true, true);
}

// Search. Words of `m.ret` while it runs:
//   0, 1   the run that was found: its chunk, and page in there
//   2, 3   the candidate for searchAddr, likewise
//   4..6   the window: the free region of lowest address that was met, as chunks 4 to 5, from page 6 of the first on
// An entry met inside the window becomes the window; one that is disjoint lies above it and does not matter. So the
// window shrinks only while the search goes down into the very entry that it is.

/** An entry with free pages was met: `count` chunks from `ci` on, and in the first of them from page `pi` on. */
function foundFree(m: Memory, ci: number, count: number, pi: number): void {
  const last = ci + count - 1;
  if (ci >= m.ret[4] && last <= m.ret[5]) {
    m.ret[4] = ci;
    m.ret[5] = last;
    m.ret[6] = pi;
  } else if (last >= m.ret[4] && ci <= m.ret[5]) {
    throwFatal("range partially overlaps");
  }
}

/**
 * Looks for the lowest `npages` free pages in a row, from searchAddr on, through the summaries. The caller has the lock.
 *
 * @returns true when there are any; ret[0], ret[1] = chunk and page of the first; ret[2], ret[3] = chunk and page that
 * searchAddr may be raised to
 */
export function pageAllocFind(m: Memory, p: PageAlloc, npages: number): boolean {
  assertLockHeld(m, p);
  m.ret[4] = 0;
  m.ret[5] = 2 ** 26 - 1;
  m.ret[6] = 0;
  let i = 0; // the entry that the search has gone down into
  for (let l = 0; l < summaryLevels; l++) {
    const found = findInBlock(m, p, l, i << levelBits[l], npages);
    if (found === runFound) {
      findMappedAddr(m, p);
      return true;
    }
    if (found === nothingFound) {
      if (l === 0) return false;
      throwFatal("bad summary data");
    }
    i = found;
  }
  findInChunk(m, p, i, npages);
  findMappedAddr(m, p);
  return true;
}

const nothingFound = -1;
const runFound = -2;

/**
 * Looks through the block of siblings of level `l` that begins with entry `block`.
 *
 * @returns the entry to go down into; or runFound: ret[0], ret[1] have it; or nothingFound
 */
function findInBlock(m: Memory, p: PageAlloc, l: number, block: number, npages: number): number {
  const level = pageAlloc.summary(p, l);
  const array = pageAlloc.array(m, level);
  const log = levelLogPages[l];
  // At level 0 the block is the whole address space; entries without bytes are full and need not be visited.
  const first = l === 0 ? pageAlloc.lo(m, level) : block;
  const end = l === 0 ? pageAlloc.hi(m, level) : block + (1 << levelBits[l]);
  const search = searchChunk(m, p) >>> (log - 9);
  let size = 0; // length of the run of free pages that reaches up to entry j
  for (let j = search >= first && search < end ? search : first; j < end; j++) {
    const at = array + pallocSumBytes * j;
    if (m.i32[at >> 2] === 0 && m.i32[(at >> 2) + 1] === 0) {
      traceEvent(m, Ev.findStep, l, j, 0);
      size = 0;
      continue;
    }
    foundFree(m, j << (log - 9), 1 << (log - 9), 0);

    const s = sumStart(m, at);
    if (size + s >= npages) {
      traceEvent(m, Ev.findStep, l, j, 2);
      if (size === 0) setRunBefore(m, j << (log - 9), 0);
      return runFound;
    }
    if (sumMax(m, at) >= npages) {
      traceEvent(m, Ev.findStep, l, j, 2);
      return j;
    }
    traceEvent(m, Ev.findStep, l, j, 1);
    if (size !== 0 && s === 1 << log) {
      size += s; // wholly free: the run goes on
      continue;
    }
    size = sumEnd(m, at);
    setRunBefore(m, (j + 1) << (log - 9), size);
  }
  return nothingFound;
}

/** Notes a run that begins `size` pages before chunk `ci`. */
function setRunBefore(m: Memory, ci: number, size: number): void {
  m.ret[0] = ci - ((size + pallocChunkPages - 1) >> 9);
  m.ret[1] = -size & (pallocChunkPages - 1);
}

/** Finds the run inside chunk `ci`, where the summaries say that it is. */
function findInChunk(m: Memory, p: PageAlloc, ci: number, npages: number): void {
  const j = find(m, pageAlloc.pallocBits(chunkOf(m, p, ci)), npages, 0);
  if (j < 0) throwFatal("bad summary data");
  const firstFree = m.ret[0];
  m.ret[0] = ci;
  m.ret[1] = j;
  foundFree(m, ci, 1, firstFree);
}

/**
 * Makes the window's start the candidate for searchAddr, or, when no memory may be there, the next place where some is:
 * searchAddr is used to look at bitmaps.
 */
function findMappedAddr(m: Memory, p: PageAlloc): void {
  const ci = m.ret[4];
  m.ret[2] = ci;
  m.ret[3] = m.ret[6];
  if (pageAlloc.test(m, p) === 0 && arenaAt(m, ci >> 4) !== 0) return;
  const addr = findAddrGreaterEqual(m, pageAlloc.inUse(p), chunkBase(ci) + m.ret[6] * pageSize);
  if (Number.isNaN(addr)) {
    m.ret[2] = 2 ** 26 - 1;
    m.ret[3] = pallocChunkPages - 1;
    return;
  }
  m.ret[2] = chunkIndex(addr);
  m.ret[3] = Math.floor((addr - chunkBase(m.ret[2])) / pageSize);
}
