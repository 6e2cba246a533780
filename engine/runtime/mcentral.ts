/**
 * mcentral: where a P gets a span with room for one span class, and where it puts the span back.
 *
 * A span with room is looked for in the cheapest place first: swept ones, then those still to be swept with room
 * left, then the full ones still to be swept; sweeping pays for itself here, as it makes the room that is wanted.
 * Only then the page heap is asked. At most 101 spans are looked at, so a heap full of full spans costs a bounded
 * time, for at most 1 % more memory.
 *
 * Go 1.26: runtime/mcentral.go (mcentral).
 */
import { SizeClassToNPages } from "../gc/sizeclasses.ts";
import { throwFatal } from "../memory/fatal.ts";
import type { Memory } from "../memory/memory.ts";
import { shr64hi, shr64lo } from "../memory/u64.ts";
import { mheap_ } from "../records/globals.ts";
import * as mcentral from "../records/mcentral.ts";
import * as mheap from "../records/mheap.ts";
import type { MSpan } from "../records/mspan.ts";
import * as mspan from "../records/mspan.ts";
import type { SpanSet } from "../records/mspanset.ts";
import { initHeapBits, nextFreeIndex, refillAllocCache } from "./mbitmap.ts";
import { activeBegin, activeEnd, deductSweepCredit, sweepSpan, tryAcquire } from "./mgcsweep.ts";
import { mheapAlloc } from "./mheap.ts";
import { spanSetPop, spanSetPush } from "./mspanset.ts";
import { Ev, From, traceEvent } from "./trace.ts";

const pageSize = 8192;

/** Spans that may be swept in vain before the page heap is asked: the loop runs budget + 1 times. */
export const spanBudget = 100;

/** Makes a zeroed mcentral that of span class `spc`. */
export function mcentralInit(m: Memory, c: mcentral.MCentral, spc: number): void {
  mcentral.setSpanclass(m, c, spc);
}

// sweepgen is always even: bit 1 of it says which set of each pair is the swept one.

export function partialUnswept(c: mcentral.MCentral, sweepgen: number): SpanSet {
  return mcentral.partial(c, 1 - ((sweepgen >>> 1) & 1));
}

export function partialSwept(c: mcentral.MCentral, sweepgen: number): SpanSet {
  return mcentral.partial(c, (sweepgen >>> 1) & 1);
}

export function fullUnswept(c: mcentral.MCentral, sweepgen: number): SpanSet {
  return mcentral.full(c, 1 - ((sweepgen >>> 1) & 1));
}

export function fullSwept(c: mcentral.MCentral, sweepgen: number): SpanSet {
  return mcentral.full(c, (sweepgen >>> 1) & 1);
}

/** A span with at least one free slot, for a P to cache, its allocCache in place; 0 when there is no memory. */
export function cacheSpan(m: Memory, c: mcentral.MCentral): MSpan {
  const spc = mcentral.spanclass(m, c);
  deductSweepCredit(m, SizeClassToNPages[spc >> 1] * pageSize, 0);

  const sg = mheap.sweepgen(m, mheap_(m));
  let s = spanSetPop(m, partialSwept(c, sg));
  if (s !== 0) {
    traceEvent(m, Ev.cacheSpan, spc, From.partialSwept, s);
  } else {
    s = sweepForSpan(m, c, sg);
    if (s === 0) s = mcentralGrow(m, c);
    if (s === 0) return 0;
  }
  loadAllocCache(m, s);
  return s;
}

/** Sweeps spans until one has room; 0 when there is none left or the budget is spent. */
function sweepForSpan(m: Memory, c: mcentral.MCentral, sg: number): MSpan {
  if (!activeBegin(m)) return 0;
  const spc = mcentral.spanclass(m, c);
  let budget = spanBudget; // shared by both loops; an entry that somebody else has swept costs as much as any
  for (; budget >= 0; budget--) {
    const s = spanSetPop(m, partialUnswept(c, sg));
    if (s === 0) break;
    if (!tryAcquire(m, s, sg)) continue;
    sweepSpan(m, s, true);
    activeEnd(m, sg);
    traceEvent(m, Ev.cacheSpan, spc, From.partialUnswept, s);
    return s;
  }
  for (; budget >= 0; budget--) {
    const s = spanSetPop(m, fullUnswept(c, sg));
    if (s === 0) break;
    if (!tryAcquire(m, s, sg)) continue;
    sweepSpan(m, s, true);
    const freeIndex = nextFreeIndex(m, s);
    if (freeIndex !== mspan.nelems(m, s)) {
      mspan.setFreeindex(m, s, freeIndex); // back to the free slot itself: it has not been handed out
      activeEnd(m, sg);
      traceEvent(m, Ev.cacheSpan, spc, From.fullUnswept, s);
      return s;
    }
    spanSetPush(m, fullSwept(c, sg), s);
  }
  activeEnd(m, sg);
  return 0;
}

/** Fills allocCache so that its bit 0 is slot freeindex. */
function loadAllocCache(m: Memory, s: MSpan): void {
  const freeindex = mspan.freeindex(m, s);
  const nelems = mspan.nelems(m, s);
  if (freeindex === nelems || mspan.allocCount(m, s) === nelems) throwFatal("span has no free objects");
  refillAllocCache(m, s, (freeindex & ~63) >> 3);
  const lo = mspan.allocCacheLo(m, s);
  const hi = mspan.allocCacheHi(m, s);
  mspan.setAllocCacheLo(m, s, shr64lo(lo, hi, freeindex & 63));
  mspan.setAllocCacheHi(m, s, shr64hi(hi, freeindex & 63));
}

/** Takes back a span that a P has cached. */
export function uncacheSpan(m: Memory, c: mcentral.MCentral, s: MSpan): void {
  const allocCount = mspan.allocCount(m, s);
  if (allocCount === 0) throwFatal("uncaching span but s.allocCount == 0");

  const sg = mheap.sweepgen(m, mheap_(m));
  const stale = mspan.sweepgen(m, s) === sg + 1;
  traceEvent(m, Ev.uncacheSpan, mcentral.spanclass(m, c), s, stale ? 1 : 0);
  if (stale) {
    // Cached before the sweep began, so it is in no set and nobody else will sweep it. Sweeping finds its place.
    mspan.setSweepgen(m, s, sg - 1);
    sweepSpan(m, s, false);
    return;
  }
  mspan.setSweepgen(m, s, sg);
  spanSetPush(m, allocCount < mspan.nelems(m, s) ? partialSwept(c, sg) : fullSwept(c, sg), s);
}

/** A new span from the page heap; 0 when there is no memory. */
function mcentralGrow(m: Memory, c: mcentral.MCentral): MSpan {
  const spc = mcentral.spanclass(m, c);
  const s = mheapAlloc(m, SizeClassToNPages[spc >> 1], spc);
  if (s === 0) return 0;
  initHeapBits(m, s);
  traceEvent(m, Ev.cacheSpan, spc, From.grow, s);
  return s;
}
