/**
 * Sweeping: unmarked objects become free slots, and spans without a marked object become free pages.
 *
 * Sweeping a span moves bits and touches no object: the mark bits become the allocation bits, a zeroed bitmap takes
 * their place, and the cursor goes back to slot 0. So freed memory keeps its bytes until it is handed out again.
 *
 * Who may sweep a span is settled by one compare-and-swap on its sweepgen, from h-2 to h-1 (see records/mspan.ts);
 * the sweep of a cycle is done when the unswept sets are drained and no sweeper holds a token.
 *
 * Go 1.26: runtime/mgcsweep.go (sweepone, mspan.sweep, deductSweepCredit, activeSweep, finishsweep_m, gcPaceSweeper).
 * Differs: a token is the caller's knowledge that `activeBegin` said yes; Go passes a sweepLocker value.
 */
import { SizeClassToSize } from "../gc/sizeclasses.ts";
import { throwFatal } from "../memory/fatal.ts";
import { asInt64, floatS, subS, type Uint64 } from "../memory/int64.ts";
import type { Memory } from "../memory/memory.ts";
import * as gcc from "../records/gcController.ts";
import { gcController, mheap_, scavenger, sweep } from "../records/globals.ts";
import { numSpanClasses } from "../records/mcache.ts";
import * as stats from "../records/memstats.ts";
import * as mheap from "../records/mheap.ts";
import type { MSpan } from "../records/mspan.ts";
import * as mspan from "../records/mspan.ts";
import * as sweepdata from "../records/sweep.ts";
import { countAlloc, refillAllocCache } from "./mbitmap.ts";
import { fullSwept, fullUnswept, partialSwept, partialUnswept } from "./mcentral.ts";
import { gcUsesSpanInlineMarkBits, markBitsForIndex, moveInlineMarks } from "./mgcmark_greenteagc.ts";
import { scavengerReady, scavengerWake } from "./mgcscavenge_pace.ts";
import { freeSpan } from "./mheap.ts";
import { newMarkBits, nextMarkBitArenaEpoch } from "./mheap_gcbits.ts";
import { spanHasNoSpecials, sweepSpecials } from "./mheap_specials.ts";
import { spanSetPop, spanSetPush, spanSetReset } from "./mspanset.ts";
import { heapStatsAcquire, heapStatsRelease } from "./mstats.ts";
import { Ev, traceEvent } from "./trace.ts";

const pageSize = 8192;
/** Bit of sweep.state: nothing is left to hand to a sweeper. */
export const sweepDrainedMask = 2 ** 31;
/** A full and a partial queue for each span class. */
const numSweepClasses = 2 * numSpanClasses;
const sweepClassDone = 2 ** 32 - 1;

/** What `sweepone` returns when nothing was left to sweep; Go's ^uintptr(0). */
export const nothingToSweep = -1;

// The token of a sweeper.

/** Registers a sweeper: the sweep is not done before it ends. False: there is nothing left to sweep. */
export function activeBegin(m: Memory): boolean {
  const a = sweep(m);
  for (;;) {
    const state = sweepdata.state(m, a);
    if (state >= sweepDrainedMask) return false;
    if (sweepdata.stateCas(m, a, state, state + 1)) return true;
  }
}

/** Ends a sweeper that began when the heap's sweepgen was `sg`. */
export function activeEnd(m: Memory, sg: number): void {
  if (sg !== mheap.sweepgen(m, mheap_(m))) throwFatal("sweeper left outstanding across sweep generations");
  const a = sweep(m);
  for (;;) {
    const state = sweepdata.state(m, a);
    if (state % sweepDrainedMask === 0) throwFatal("mismatched begin/end of activeSweep");
    if (sweepdata.stateCas(m, a, state, state - 1)) return;
  }
}

/** Notes that no span is left to be taken; true for the one caller that did it. */
function markDrained(m: Memory): boolean {
  const a = sweep(m);
  for (;;) {
    const state = sweepdata.state(m, a);
    if (state >= sweepDrainedMask) return false;
    if (sweepdata.stateCas(m, a, state, state + sweepDrainedMask)) return true;
  }
}

/** Sweepers at work. */
export function activeSweepers(m: Memory): number {
  return sweepdata.state(m, sweep(m)) % sweepDrainedMask;
}

/** True when every span of this cycle is swept. */
export function isSweepDone(m: Memory): boolean {
  return sweepdata.state(m, sweep(m)) === sweepDrainedMask;
}

/** Claims the span for sweeping; the caller holds a token of generation `sg`. */
export function tryAcquire(m: Memory, s: MSpan, sg: number): boolean {
  const unswept = (sg - 2) >>> 0;
  if (mspan.sweepgen(m, s) === unswept && mspan.sweepgenCas(m, s, unswept, (sg - 1) >>> 0)) return true;
  traceEvent(m, Ev.sweepSkip, s);
  return false;
}

// The queue of all unswept spans.

/** Moves centralIndex up to sc, never down. */
function updateCentralIndex(m: Memory, sc: number): void {
  const a = sweep(m);
  let old = sweepdata.centralIndex(m, a);
  while (old < sc && !sweepdata.centralIndexCas(m, a, old, sc)) old = sweepdata.centralIndex(m, a);
}

/** Pops an unswept span: span classes in order, of each the full ones first. 0 when there is none. */
function nextSpanForSweep(m: Memory): MSpan {
  const h = mheap_(m);
  const sg = mheap.sweepgen(m, h);
  for (let sc = sweepdata.centralIndex(m, sweep(m)); sc < numSweepClasses; sc++) {
    const c = mheap.central(h, sc >> 1);
    const s = spanSetPop(m, (sc & 1) === 0 ? fullUnswept(c, sg) : partialUnswept(c, sg));
    if (s !== 0) {
      updateCentralIndex(m, sc);
      return s;
    }
  }
  updateCentralIndex(m, sweepClassDone);
  return 0;
}

/** Sweeps one span. Returns the pages that this gave back to the page heap, or -1 when no span was left. */
export function sweepone(m: Memory): number {
  if (!activeBegin(m)) return nothingToSweep;
  const h = mheap_(m);
  const sg = mheap.sweepgen(m, h);
  let npages = nothingToSweep;
  let noMoreWork = false;
  for (;;) {
    const s = nextSpanForSweep(m);
    if (s === 0) {
      noMoreWork = markDrained(m);
      break;
    }
    if (mspan.state(m, s) !== mspan.mSpanInUse) {
      // Swept and freed by somebody who came to it another way: its generation must say so.
      const gen = mspan.sweepgen(m, s);
      if (gen !== sg && gen !== sg + 3) throwFatal("non in-use span in unswept list");
      continue;
    }
    if (!tryAcquire(m, s, sg)) continue;
    npages = mspan.npages(m, s);
    if (sweepSpan(m, s, false)) mheap.addReclaimCredit(m, h, npages);
    else npages = 0;
    break;
  }
  activeEnd(m, sg);
  if (noMoreWork) scavengerReady(m, scavenger(m)); // what was swept free can be given back now
  return npages;
}

/** Makes sure that a span in use is swept. Alone nobody else can be sweeping it. */
export function ensureSwept(m: Memory, s: MSpan): void {
  const sg = mheap.sweepgen(m, mheap_(m));
  if (activeBegin(m)) {
    if (tryAcquire(m, s, sg)) sweepSpan(m, s, false);
    activeEnd(m, sg);
  }
  for (;;) {
    const gen = mspan.sweepgen(m, s);
    if (gen === sg || gen === sg + 3) return;
  }
}

// One span.

function checkSpanState(m: Memory, s: MSpan, sg: number, what: string): void {
  if (mspan.state(m, s) !== mspan.mSpanInUse || mspan.sweepgen(m, s) !== (sg - 1) >>> 0) throwFatal(what);
}

/**
 * Frees every unmarked object of a span that the caller has claimed.
 *
 * @param preserve true: the caller keeps the span, so it goes neither into a set nor back to the page heap
 * @returns true when the span's pages were given back
 */
export function sweepSpan(m: Memory, s: MSpan, preserve: boolean): boolean {
  const h = mheap_(m);
  const sg = mheap.sweepgen(m, h);
  checkSpanState(m, s, sg, "mspan.sweep: bad span state");
  traceEvent(m, Ev.sweepStart, s);
  mheap.addPagesSwept(m, h, mspan.npages(m, s));

  if (mspan.specials(m, s) !== 0) {
    sweepSpecials(m, s, markBitsForIndex(m, s, 0), mspan.elemsize(m, s));
    if (mspan.specials(m, s) === 0) spanHasNoSpecials(m, s);
  }
  if (gcUsesSpanInlineMarkBits(m, mspan.elemsize(m, s))) moveInlineMarks(m, s, mspan.gcmarkBits(m, s));
  checkZombies(m, s);

  const nalloc = countAlloc(m, s);
  const allocCount = mspan.allocCount(m, s);
  if (nalloc > allocCount) throwFatal("sweep increased allocation count");
  mspan.setAllocCount(m, s, nalloc);
  mspan.setFreeindex(m, s, 0);
  mspan.setFreeIndexForScan(m, s, 0);
  mspan.setAllocBits(m, s, mspan.gcmarkBits(m, s));
  mspan.setGcmarkBits(m, s, newMarkBits(m, mspan.nelems(m, s)));
  refillAllocCache(m, s, 0);

  checkSpanState(m, s, sg, "mspan.sweep: bad span state after sweep");
  mspan.setSweepgen(m, s, sg); // from here on others may use the span, unless the caller keeps it
  const freed =
    mspan.spanclass(m, s) >> 1 !== 0
      ? finishSmall(m, s, sg, allocCount - nalloc, preserve)
      : !preserve && finishLarge(m, s, sg, allocCount - nalloc);
  traceEvent(m, Ev.sweepSpan, s, allocCount - nalloc, nalloc, freed ? 1 : 0);
  return freed;
}

/** Throws when a slot is marked that holds no object: somebody kept a pointer past its object's end. */
function checkZombies(m: Memory, s: MSpan): void {
  const nelems = mspan.nelems(m, s);
  const freeindex = mspan.freeindex(m, s);
  if (freeindex >= nelems) return; // every slot was handed out
  const marks = mspan.gcmarkBits(m, s);
  const allocs = mspan.allocBits(m, s);
  let i = freeindex >> 3;
  if ((m.u8[marks + i] & ~m.u8[allocs + i]) >> (freeindex & 7) !== 0) throwFatal("found pointer to free object");
  for (i++; i < (nelems + 7) >> 3; i++) {
    if ((m.u8[marks + i] & ~m.u8[allocs + i]) !== 0) throwFatal("found pointer to free object");
  }
}

/** Counts what was freed of a small-object span and finds its place. True when its pages were given back. */
function finishSmall(m: Memory, s: MSpan, sg: number, nfreed: number, preserve: boolean): boolean {
  const spc = mspan.spanclass(m, s);
  if (nfreed > 0) {
    mspan.setNeedzero(m, s, 1); // freed slots keep their bytes; a slot never used is still zero
    const d = heapStatsAcquire(m);
    stats.addSmallFreeCount(m, d, spc >> 1, nfreed);
    heapStatsRelease(m);
    gcc.addTotalFree(m, gcController(m), nfreed * SizeClassToSize[spc >> 1]);
  }
  if (preserve) return false;
  const nalloc = mspan.allocCount(m, s);
  if (nalloc === 0) {
    freeSpan(m, s);
    return true;
  }
  const c = mheap.central(mheap_(m), spc);
  spanSetPush(m, nalloc === mspan.nelems(m, s) ? fullSwept(c, sg) : partialSwept(c, sg), s);
  return false;
}

/** The same for the span of a large object. */
function finishLarge(m: Memory, s: MSpan, sg: number, nfreed: number): boolean {
  if (nfreed === 0) {
    spanSetPush(m, fullSwept(mheap.central(mheap_(m), mspan.spanclass(m, s)), sg), s);
    return false;
  }
  const size = mspan.elemsize(m, s);
  const d = heapStatsAcquire(m);
  stats.addLargeFreeCount(m, d, 1);
  stats.addLargeFree(m, d, size);
  heapStatsRelease(m);
  gcc.addTotalFree(m, gcController(m), size);
  freeSpan(m, s);
  return true;
}

// The whole heap.

/** Sweeps what is left, and empties the unswept sets, before a new cycle may mark. The world is stopped. */
export function finishsweep_m(m: Memory): void {
  while (sweepone(m) !== nothingToSweep);
  if (activeSweepers(m) !== 0) throwFatal("active sweepers found at start of mark phase");
  const h = mheap_(m);
  const sg = mheap.sweepgen(m, h);
  for (let spc = 0; spc < numSpanClasses; spc++) {
    spanSetReset(m, partialUnswept(mheap.central(h, spc), sg));
    spanSetReset(m, fullUnswept(mheap.central(h, spc), sg));
  }
  scavengerWake(m, scavenger(m)); // for a while nothing more will be freed
  nextMarkBitArenaEpoch(m);
}

// Proportional sweep: who allocates pays by sweeping.

/**
 * Sweeps until enough pages are swept for an allocation of `spanBytes`, so that the sweep ends before the next cycle
 * begins. The heap lock must be free.
 *
 * @param callerSweepPages pages that the caller is going to sweep itself
 */
export function deductSweepCredit(m: Memory, spanBytes: number, callerSweepPages: number): void {
  const h = mheap_(m);
  if (mheap.sweepPagesPerByte(m, h) === 0) return;
  for (;;) {
    const sweptBasis = mheap.pagesSweptBasis(m, h);
    const live = gcc.heapLive(m, gcController(m)) - mheap.sweepHeapLiveBasis(m, h);
    const newHeapLive = spanBytes + Math.max(0, live);
    const pagesTarget = Math.trunc(mheap.sweepPagesPerByte(m, h) * newHeapLive) - callerSweepPages;
    if (sweepUpTo(m, pagesTarget, sweptBasis)) return;
  }
}

/** False when the pacing was changed meanwhile: the target must be computed anew. */
function sweepUpTo(m: Memory, pagesTarget: number, sweptBasis: number): boolean {
  const h = mheap_(m);
  while (pagesTarget > mheap.pagesSwept(m, h) - sweptBasis) {
    if (sweepone(m) === nothingToSweep) {
      mheap.setSweepPagesPerByte(m, h, 0);
      return true;
    }
    if (mheap.pagesSweptBasis(m, h) !== sweptBasis) return false;
  }
  return true;
}

/** Sets how many pages must be swept per byte allocated. @param trigger heapLive at which the next cycle begins */
export function gcPaceSweeper(m: Memory, trigger: Uint64): void {
  const h = mheap_(m);
  if (isSweepDone(m)) {
    mheap.setSweepPagesPerByte(m, h, 0);
    return;
  }
  const heapLiveBasis = gcc.heapLive(m, gcController(m));
  // A margin of 1 MiB, so that rounding leaves nothing unswept, and never less than a page.
  const heapDistance = Math.max(pageSize, floatS(subS(asInt64(trigger), heapLiveBasis + 1024 * 1024)));
  const pagesSwept = mheap.pagesSwept(m, h);
  const sweepDistancePages = mheap.pagesInUse(m, h) - pagesSwept;
  if (sweepDistancePages <= 0) {
    mheap.setSweepPagesPerByte(m, h, 0); // the bases stay as they are
    return;
  }
  mheap.setSweepPagesPerByte(m, h, sweepDistancePages / heapDistance);
  mheap.setSweepHeapLiveBasis(m, h, heapLiveBasis);
  mheap.setPagesSweptBasis(m, h, pagesSwept); // last: tells sweepers to compute anew
}
