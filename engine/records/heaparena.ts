/**
 * heapArena: what the heap knows about one arena of 64 MiB.
 *
 *   spans       for each of the 8192 pages the span it belongs to; not cleared when a span is freed
 *   pageInUse   bit of a span's first page: the span is in use for the heap      ┐ bit i%8 of byte i/8 is page i;
 *   pageMarks   …: the span has a marked object                                  │ only the bits of first pages
 *   pageSpecials, pageUseSpanInlineMarkBits …                                    ┘ of spans are used
 *   zeroedBase  bytes at the start of the arena that may have been written to; only grows
 *
 * Invariant: pageInUse is set exactly for the first pages of spans in state mSpanInUse.
 *
 * Go 1.26: runtime/mheap.go (heapArena).
 */
import { Layout } from "../memory/layout.ts";
import type { Ptr } from "../memory/memory.ts";
import type { MSpan } from "./mspan.ts";
import { pagesPerArena } from "./sizes.ts";

export type HeapArena = Ptr<"heapArena">;

export const layout = new Layout("heapArena", 69648);
const spansAt = layout.bytes("spans", 8 * pagesPerArena, 8);
/** Offsets of bitmaps of 1024 bytes. */
export const pageInUse = layout.bytes("pageInUse", pagesPerArena / 8);
export const pageMarks = layout.bytes("pageMarks", pagesPerArena / 8);
export const pageSpecials = layout.bytes("pageSpecials", pagesPerArena / 8);
export const pageUseSpanInlineMarkBits = layout.bytes("pageUseSpanInlineMarkBits", pagesPerArena / 8);
layout.ptr("checkmarks"); // a debugging aid of the collector; never written here
export const [zeroedBase, setZeroedBase, zeroedBaseCas] = layout.u32a("zeroedBase");
layout.u32("zeroedBaseHi");
layout.seal();

/** The span that page `i` of the arena belongs to, or last belonged to; 0 when none ever did. */
export function spans(m: { readonly i32: Int32Array }, ha: HeapArena, i: number): MSpan {
  return m.i32[(spansAt(ha) >> 2) + 2 * i];
}

/** Enters `s` for pages i..i+n-1 of the arena. */
export function fillSpans(m: { readonly i32: Int32Array }, ha: HeapArena, i: number, n: number, s: MSpan): void {
  const { i32 } = m;
  const from = (spansAt(ha) >> 2) + 2 * i;
  const to = from + 2 * n;
  for (let k = from; k < to; k += 2) i32[k] = s;
}
