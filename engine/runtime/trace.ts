/**
 * Events of the allocator, for pictures and tests that want to see the steps.
 *
 * Nothing is recorded unless `m.trace` is set, and an event is five numbers, so a heap that nobody watches pays one
 * comparison. This is not Go's execution tracer.
 */
import type { Memory } from "../memory/memory.ts";

/** Kinds of event. Behind each: what the operands a, b, c, d mean; those not named are 0. */
export const Ev = Object.freeze({
  /** A request arrives: size in bytes, offset of the type or 0, needzero 0 or 1. */
  mallocgc: 1,
  /** The way it takes: one of `Path`. */
  path: 2,
  /** A tiny object goes into the current block: offset of the object, its offset in the block. */
  tinyHit: 3,
  /** A slot was found in allocCache: span, slot. */
  nextFreeFast: 4,
  /** A slot was found the long way: span, slot. */
  nextFree: 5,
  /** A full span leaves the cache for another of its class: span class. */
  refill: 6,
  /** Where the new span comes from: span class, one of `From`, span. */
  cacheSpan: 7,
  /** A cached span goes back: span class, span, 1 if it was stale. */
  uncacheSpan: 8,
  /** Pages for a span: offset, pages, 0 from the P's page cache or 1 from the page heap. */
  allocSpan: 9,
  /** The P's page cache takes a new window: offset of the window. */
  pageCacheRefill: 10,
  /** The page heap gives a run of pages: offset, pages. */
  pagesAlloc: 11,
  /** The heap grows: bytes. */
  heapGrow: 12,
  /** A span record is filled in: span, span class, offset, pages. */
  initSpan: 13,
  /** A span's pages become free: span, offset, pages. */
  freeSpan: 14,
  /** A span was swept: span, objects freed, objects left, 1 if its pages were given back. */
  sweepSpan: 15,
  /** Bytes were cleared: offset, count. */
  zeroed: 16,
  /** The object is ready: offset, bytes of its slot (0: it shares a tiny block). */
  mallocDone: 17,
  /** A span set gave up an entry that somebody else had swept: span. */
  sweepSkip: 18,
  /** A span that was claimed begins to be swept: span. */
  sweepStart: 19,
  /** Pages were given back to the operating system: offset, pages. */
  scavenge: 20,
  /** A search for pages looked at a summary: level, entry, 0 no page is free, 1 no run is long enough, 2 it is here. */
  findStep: 21,
  /** A stack is handed out: offset, bytes. */
  stackalloc: 40,
  /** A stack is freed: offset, bytes. */
  stackfree: 41,
  /** A goroutine moves to another stack: offset of the old, of the new, bytes in use, offset of the g. */
  copystack: 42,
});

/** Ways through mallocgc, the operand of `Ev.path`. */
export const Path = Object.freeze({
  zero: 0,
  tiny: 1,
  smallNoscan: 2,
  smallScanNoHeader: 3,
  smallScanHeader: 4,
  large: 5,
});

/** Sources of a span, the operand of `Ev.cacheSpan`. */
export const From = Object.freeze({ partialSwept: 0, partialUnswept: 1, fullUnswept: 2, grow: 3 });

/** Tells the listener, if there is one. */
export function traceEvent(m: Memory, kind: number, a = 0, b = 0, c = 0, d = 0): void {
  if (m.trace !== null) m.trace.event(kind, a, b, c, d);
}
