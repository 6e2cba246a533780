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
 * Go 1.26: runtime/mgcmark_greenteagc.go (spanInlineMarkBits and what the allocator and the sweeper use of it).
 */
import type { Memory } from "../memory/memory.ts";
import { greentea } from "../records/globals.ts";
import type { MSpan } from "../records/mspan.ts";
import * as mspan from "../records/mspan.ts";
import { heapBitsInSpan } from "./mbitmap.ts";

const pageSize = 8192;
/** Bytes of a span's inline mark bits. */
export const spanInlineMarkBitsBytes = 128;
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
