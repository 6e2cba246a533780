/**
 * Green Tea's mark bits inside the span.
 *
 * A one-page span of 16..512-byte slots keeps a second set of mark bits in its own last 128 bytes, so that the
 * collector finds them without looking at the span record:
 *
 *   8064                    8127   8128                    8191
 *   │ scans: 63 bytes │ owned │    │ marks: 63 bytes │ class │
 *
 * A mark is set when the first pointer to an object is found, its scan bit when the object has been scanned. Sweeping
 * merges the marks into gcmarkBits and clears both. 63 bytes are enough: such a span has at most 504 slots.
 *
 * A span with marks to be scanned is queued once, by whoever makes it owned; the byte `owned` says what awaits the one
 * who scans it:
 *
 *   0 nobody has queued it   2 one mark, that of the slot it was queued with   4, 6 several marks, or so it may be
 *
 * A marker sets the mark first and touches `owned` then; who scans sets `owned` to 0 first and reads the marks then. So a
 * mark is seen by the one, or the span is queued again by the other.
 *
 * Go 1.26: runtime/mgcmark_greenteagc.go (spanInlineMarkBits, spanScanOwnership, tryDeferToSpanScan, spanQueue).
 * Differs: nobody takes spans from the queue and scans them; and once its ring is full nothing more can be put, as there
 * is no chain to move spans to. No span is lost without a word: the next one ends the program.
 */
import { SizeClassToDivMagic, SizeClassToSize } from "../gc/sizeclasses.ts";
import { storePointer } from "../memory/address.ts";
import { exchange8, fetchOr8, load8, or8 } from "../memory/atomics.ts";
import { throwFatal } from "../memory/fatal.ts";
import type { Memory } from "../memory/memory.ts";
import { greentea } from "../records/globals.ts";
import * as heaparena from "../records/heaparena.ts";
import type { GcWork, SpanQueue } from "../records/mgcwork.ts";
import * as gcwork from "../records/mgcwork.ts";
import type { MSpan } from "../records/mspan.ts";
import * as mspan from "../records/mspan.ts";
import { heapBitsInSpan } from "./mbitmap.ts";
import { heapArenaOf, pageIndexOf, pageMaskOf } from "./mheap.ts";

const pageSize = 8192;
/** Bytes of a span's inline mark bits. */
export const spanInlineMarkBitsBytes = 128;
const ownedOffset = 63;
const marksOffset = 64;
const classOffset = 127;

/** True when a span of slots of this size has inline mark bits. @param size the span's elemsize */
export function gcUsesSpanInlineMarkBits(m: Memory, size: number): boolean {
  return heapBitsInSpan(size) && size >= 16 && greentea(m);
}

/** Offset of a span's inline mark bits. */
export function inlineMarkBits(m: Memory, s: MSpan): number {
  return mspan.startAddr(m, s) + pageSize - spanInlineMarkBitsBytes;
}

/** Readies the inline mark bits of a new span: pages fresh from the OS are zero already. */
export function initInlineMarkBits(m: Memory, s: MSpan): void {
  initBits(m, s, mspan.needzero(m, s) !== 0);
}

function initBits(m: Memory, s: MSpan, needzero: boolean): void {
  const imb = inlineMarkBits(m, s);
  if (needzero) m.u8.fill(0, imb, imb + spanInlineMarkBitsBytes);
  m.u8[imb + classOffset] = mspan.spanclass(m, s);
}

/** Adds a span's inline marks to the bitmap at `dst` and clears them. */
export function moveInlineMarks(m: Memory, s: MSpan, dst: number): void {
  const marks = (inlineMarkBits(m, s) + marksOffset) >> 2;
  const words = (mspan.nelems(m, s) + 31) >> 5;
  const last = (classOffset - marksOffset) >> 2;
  for (let i = 0; i < words; i++) {
    const w = m.i32[marks + i];
    m.i32[(dst >> 2) + i] |= i === last ? w & 0xffffff : w; // the last byte is the class, no marks
  }
  initBits(m, s, true);
}

/** Offset of the byte that holds the mark bit of slot `i`; its bit is i & 7. */
export function markBitsForIndex(m: Memory, s: MSpan, i: number): number {
  if (gcUsesSpanInlineMarkBits(m, mspan.elemsize(m, s))) return inlineMarkBits(m, s) + marksOffset + (i >> 3);
  return mspan.gcmarkBits(m, s) + (i >> 3);
}

/** Offset of the byte that holds the scan bit of slot `i` in the inline mark bits. */
export function scannedBitsForIndex(m: Memory, s: MSpan, i: number): number {
  return inlineMarkBits(m, s) + (i >> 3);
}

// Who has the span: the byte `owned`.

export const spanScanUnowned = 0;
/** One slot is marked and not scanned: the one that the span was queued with. */
export const spanScanOneMark = 2;
/** More than one may be. */
export const spanScanManyMark = 4;

/** Says that one more slot is marked. @param imb offset of the bits @returns true when it is the caller's to queue the span */
export function tryAcquire(m: Memory, imb: number): boolean {
  const at = imb + ownedOffset;
  switch (load8(m, at)) {
    case spanScanUnowned:
      if (fetchOr8(m, at, spanScanOneMark) === spanScanUnowned) return true;
      break; // somebody was faster: there are two marks now
    case spanScanOneMark:
      break;
    default:
      return false;
  }
  return fetchOr8(m, at, spanScanManyMark) === spanScanUnowned;
}

/** Makes the span nobody's, before its marks are read. @returns what it was */
export function release(m: Memory, imb: number): number {
  return exchange8(m, imb + ownedOffset, spanScanUnowned);
}

/**
 * Marks the slot that `off` lies in and has its span scanned later, if the span keeps its mark bits inside. Looks at the
 * page only, not at the span record: an address behind the last slot marks a slot that is not there.
 *
 * @param off in the window
 * @returns false when the object must be marked otherwise
 */
export function tryDeferToSpanScan(m: Memory, off: number, w: GcWork): boolean {
  const ha = heapArenaOf(m, off);
  if (ha === 0) return false;
  if ((m.u8[heaparena.pageUseSpanInlineMarkBits(ha) + pageIndexOf(off)] & pageMaskOf(off)) === 0) return false;

  const base = off & -pageSize;
  const imb = base + pageSize - spanInlineMarkBitsBytes;
  const spc = m.u8[imb + classOffset];
  const i = Math.floor(((off - base) * SizeClassToDivMagic[spc >> 1]) / 2 ** 32);
  if (i >> 3 >= classOffset - marksOffset) throwFatal("index out of range");
  const at = imb + marksOffset + (i >> 3);
  const mask = 1 << (i & 7);
  if ((load8(m, at) & mask) !== 0) return true;
  or8(m, at, mask);

  if ((spc & 1) !== 0) {
    gcwork.addBytesMarked(m, w, SizeClassToSize[spc >> 1]);
    return true;
  }
  if (tryAcquire(m, imb)) spanQueuePut(m, gcwork.spanq(w), base + i);
  return true;
}

// A P's queue of spans.

/** Adds a span. @param s its offset plus the slot whose mark has it queued. Go: objptr */
function spanQueuePut(m: Memory, q: SpanQueue, s: number): void {
  const tail = gcwork.tail(m, q);
  if (spanQueueLen(m, q) === gcwork.spanQueueRing) throwFatal("the queue of spans is full, and nothing scans spans");
  storePointer(m, gcwork.ring(q) + 8 * (tail % gcwork.spanQueueRing), s);
  gcwork.setTail(m, q, tail + 1);
}

/** Spans in the queue. */
export function spanQueueLen(m: Memory, q: SpanQueue): number {
  return (gcwork.tail(m, q) - gcwork.head(m, q)) >>> 0;
}

/** True when no span is queued. */
export function spanQueueEmpty(m: Memory, q: SpanQueue): boolean {
  return spanQueueLen(m, q) === 0;
}
