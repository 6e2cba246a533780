/**
 * Scavenging gives free pages back to the operating system: the heap's size in memory falls, its addresses stay.
 *
 *   scavenge ─> indexFind: the highest chunk with something to give
 *            └> scavengeOne ─ lock ─ findScavengeCandidate, marks the range allocated ─ unlock
 *                           │        sysUnused: the pages lose their memory, and read as zero from here on
 *                           └ lock ─ marks the range free and scavenged ─ unlock
 *
 * From the top down: allocation takes the lowest pages first, so the highest are the least likely to be needed soon.
 * The range is held allocated while the operating system is at work, so that the heap lock need not be.
 * A huge page (2 MiB) that is wholly free is given back whole, even when less was asked for: half of one would cost
 * the rest its speed.
 *
 * When it happens: in the background (mgcscavenge_pace.ts), on allocation (mheap.ts, allocSpan), and by FreeOSMemory.
 *
 * Go 1.26: runtime/mgcscavenge.go (pageAlloc.scavenge, scavengeOne, pallocData.findScavengeCandidate, fillAligned),
 * runtime/mheap.go (scavengeAll).
 * Differs: of the ways to say when to stop early, only the one in use is there: the limiter's.
 */
import { lock, unlock } from "../memory/atomics.ts";
import { throwFatal } from "../memory/fatal.ts";
import type { Memory } from "../memory/memory.ts";
import { clz64, shl64hi, shl64lo } from "../memory/u64.ts";
import * as gcController from "../records/gcController.ts";
import * as globals from "../records/globals.ts";
import * as stats from "../records/memstats.ts";
import * as mheap from "../records/mheap.ts";
import type { PageAlloc, PallocData } from "../records/mpagealloc.ts";
import * as pageAlloc from "../records/mpagealloc.ts";
import { alignUp, maxPhysPageSize, pageSize, physHugePageSize, physPageSize } from "../records/sizes.ts";
import { sysUnused } from "./mem.ts";
import { indexFind, indexSetEmpty } from "./mgcscavenge_index.ts";
import { chunkOf, leafAt, lowerSearch, offsetOfPage, scavIndex, sumMax, update } from "./mpagealloc.ts";
import { allocRange, block64, freeRange, setRange } from "./mpallocbits.ts";
import { heapStatsAcquire, heapStatsRelease } from "./mstats.ts";
import { Ev, traceEvent } from "./trace.ts";

/** As many bytes as there are: a request that only the end of the heap stops. Go: ^uintptr(0). */
export const scavengeEverything = 2 ** 52;

/** Go's pages in the largest page that an operating system may have. */
const maxPagesPerPhysPage = maxPhysPageSize / pageSize;
/** Go's pages in a huge page. */
const pagesPerHugePage = physHugePageSize / pageSize;

/**
 * Gives back at least `nbytes` bytes, as far as there are any. The heap lock must be free.
 *
 * @param isAssist the caller is an allocation: stop when the limiter no longer allows help
 * @param force    from dense chunks, too, and from those freed in this generation
 * @returns bytes given back; may be more than asked for, for the sake of a huge page
 */
export function scavenge(m: Memory, p: PageAlloc, nbytes: number, isAssist: boolean, force: boolean): number {
  let released = 0;
  while (released < nbytes) {
    const ci = indexFind(m, scavIndex(p), force);
    if (ci === 0) break;
    const pi = m.ret[0];
    released += scavengeOne(m, p, ci, pi, nbytes - released);
    if (isAssist && globals.gcCPULimiterLimiting(m)) break;
  }
  return released;
}

/** Gives back every free page of the heap. Go: mheap.scavengeAll. @returns bytes */
export function scavengeAll(m: Memory): number {
  return scavenge(m, mheap.pages(globals.mheap_(m)), scavengeEverything, false, true);
}

/**
 * Gives back one run of pages of chunk `ci`, or notes that nothing is left there. The heap lock must be free.
 *
 * @param searchIdx page from which to look downwards
 * @param max       bytes wanted
 * @returns bytes given back
 */
export function scavengeOne(m: Memory, p: PageAlloc, ci: number, searchIdx: number, max: number): number {
  const minPages = Math.max(1, Math.floor(physPageSize / pageSize));
  const l = pageAlloc.mheapLock(m, p) as number;
  lock(m, l);
  let npages = 0;
  let base = 0;
  if (sumMax(m, leafAt(m, p, ci)) >= minPages) {
    base = findScavengeCandidate(m, chunkOf(m, p, ci), searchIdx, minPages, Math.ceil(max / pageSize));
    npages = m.ret[0];
  }
  if (npages === 0) {
    indexSetEmpty(m, scavIndex(p), ci);
    unlock(m, l);
    return 0;
  }

  // Nobody may take the pages while they lose their memory. The index is not told: it would forget the chunk's density.
  allocRange(m, chunkOf(m, p, ci), base, npages);
  update(m, p, ci, ci, true, true);
  unlock(m, l);

  if (pageAlloc.test(m, p) === 0) releasePages(m, offsetOfPage(m, p, ci, base), npages * pageSize);

  lock(m, l);
  lowerSearch(m, p, ci, base);
  freeRange(m, chunkOf(m, p, ci), base, npages);
  update(m, p, ci, ci, true, false);
  setRange(m, pageAlloc.scavenged(chunkOf(m, p, ci)), base, npages);
  unlock(m, l);
  return npages * pageSize;
}

/** The pages go back to the operating system, and from the free to the released ones. */
function releasePages(m: Memory, off: number, nbytes: number): void {
  sysUnused(m, off, nbytes);
  const c = globals.gcController(m);
  gcController.addHeapReleased(m, c, nbytes);
  gcController.addHeapFree(m, c, -nbytes);
  const delta = heapStatsAcquire(m);
  stats.addCommitted(m, delta, -nbytes);
  stats.addReleased(m, delta, nbytes);
  heapStatsRelease(m);
  traceEvent(m, Ev.scavenge, off, nbytes / pageSize, 0, 0);
}

/**
 * The pages of a chunk to give back next: the top of the highest run that is free and still has memory.
 *
 * @param searchIdx runs that begin above the word of this page are not looked at
 * @param minimum   pages that can only be given back together, a power of two
 * @param max       pages wanted; rounded up to a multiple of `minimum`
 * @returns the first page; ret[0] = how many, 0 when there are none, more than `max` when a huge page is kept whole
 */
export function findScavengeCandidate(
  m: Memory,
  d: PallocData,
  searchIdx: number,
  minimum: number,
  max: number,
): number {
  if ((minimum & (minimum - 1)) !== 0 || minimum === 0) throwFatal("min must be a non-zero power of 2");
  if (minimum > maxPagesPerPhysPage) throwFatal("min too large");
  const wanted = max === 0 ? minimum : alignUp(max, minimum);

  let i = searchIdx >> 6;
  let lo = -1;
  let hi = -1;
  for (; i >= 0; i--) {
    lo = unavailable(m, d, i, minimum);
    hi = m.ret[0];
    if ((lo & hi) !== -1) break;
  }
  if (i < 0) {
    m.ret[0] = 0;
    return 0;
  }

  // Word i has the top of the run. How far does it go down?
  const z1 = clz64(~lo, ~hi);
  const end = 64 * i + 64 - z1;
  const belowLo = shl64lo(lo, z1);
  const belowHi = shl64hi(lo, hi, z1);
  const run = (belowLo | belowHi) !== 0 ? clz64(belowLo, belowHi) : 64 - z1 + runBelow(m, d, i - 1, minimum);

  const size = Math.min(run, wanted);
  const start = keepHugePage(end - size, end, run);
  m.ret[0] = end - start;
  return start;
}

/** Pages that end word `i` and the words below it, as far as they are free and have memory. */
function runBelow(m: Memory, d: PallocData, i: number, minimum: number): number {
  let run = 0;
  for (let j = i; j >= 0; j--) {
    const lo = unavailable(m, d, j, minimum);
    const hi = m.ret[0];
    run += clz64(lo, hi);
    if ((lo | hi) !== 0) break;
  }
  return run;
}

/** Moves `start` down to the border of a huge page that it would split, if all of that page lies in the run. */
function keepHugePage(start: number, end: number, run: number): number {
  if (alignUp(start, pagesPerHugePage) > end) return start;
  const below = start - (start % pagesPerHugePage);
  return below >= end - run ? below : start;
}

/** The pages of word `i` that cannot be given back: in use, or given back already. @returns low half; ret[0] = high */
function unavailable(m: Memory, d: PallocData, i: number, minimum: number): number {
  const scavLo = block64(m, pageAlloc.scavenged(d), 64 * i);
  const scavHi = m.ret[0];
  const allocLo = block64(m, pageAlloc.pallocBits(d), 64 * i);
  return fillAligned(m, scavLo | allocLo, scavHi | m.ret[0], minimum);
}

/** Bits 0, n, 2n, … of 32. */
const lowest: readonly number[] = [0, -1, 0x55555555, 0, 0x11111111, 0, 0, 0, 0x01010101];

/**
 * Fills each aligned group of `n` bits in which any bit is set. `fillAligned(0x0100a3, 8)` is 0xff00ff.
 *
 * @param n power of two, at most 64
 * @returns the low half; ret[0] = the high half
 */
export function fillAligned(m: Memory, lo: number, hi: number, n: number): number {
  if (n < 1 || n > 64 || (n & (n - 1)) !== 0) throwFatal("bad m value");
  if (n === 64) {
    m.ret[0] = (lo | hi) === 0 ? 0 : -1;
    return m.ret[0];
  }
  m.ret[0] = fillAligned32(hi, n);
  return fillAligned32(lo, n);
}

function fillAligned32(x: number, n: number): number {
  if (n === 32) return x === 0 ? 0 : -1;
  let y = x;
  for (let s = 1; s < n; s *= 2) y |= y >>> s; // now bit i tells of bits i..i+n-1
  const groups = n === 16 ? 0x00010001 : lowest[n];
  return Math.imul(y & groups, (1 << n) - 1) | 0;
}
