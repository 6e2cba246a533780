/**
 * Marking, as far as the allocator takes part in it: new objects are born black while a collection marks, the
 * current tiny blocks count as reachable, and whoever knows that an object lives can say so.
 *
 * Go 1.26: runtime/mgcmark.go (gcmarknewobject, gcMarkTinyAllocs, greyobject).
 * Differs: nothing is traced. Who lives is stated by the caller through `markObject`, which leaves the bits that
 * Go's collector leaves when it has marked and scanned the object.
 * Differs: bytesMarked is added to work.bytesMarked at once; Go gathers it per P first.
 */
import { load8, load32, or8 } from "../memory/atomics.ts";
import { throwFatal } from "../memory/fatal.ts";
import { type Memory, NIL } from "../memory/memory.ts";
import { allp, gomaxprocs, mheap_, work } from "../records/globals.ts";
import * as heaparena from "../records/heaparena.ts";
import * as mcache from "../records/mcache.ts";
import * as mheap from "../records/mheap.ts";
import type { MSpan } from "../records/mspan.ts";
import * as mspan from "../records/mspan.ts";
import * as p from "../records/runtime2.ts";
import { addBytesMarked, setBytesMarked } from "../records/work.ts";
import { objIndex } from "./mbitmap.ts";
import { gcUsesSpanInlineMarkBits, markBitsForIndex, scannedBitsForIndex } from "./mgcmark_greenteagc.ts";
import { arenaAt, heapArenaOf, pageIndexOf, pageMaskOf, spanOfHeap } from "./mheap.ts";

const pagesPerArenaBytes = 1024;

/** Marks an object that was allocated while marking goes on. It holds only nil, so it need not be scanned. */
export function gcmarknewobject(m: Memory, s: MSpan, obj: number): void {
  const i = objIndex(m, s, obj);
  or8(m, markBitsForIndex(m, s, i), 1 << (i & 7));
  if (gcUsesSpanInlineMarkBits(m, mspan.elemsize(m, s))) or8(m, scannedBitsForIndex(m, s, i), 1 << (i & 7));
  markPage(m, s);
  addBytesMarked(m, work(m), mspan.elemsize(m, s));
}

/** Notes that something in the span is marked, so that the page reclaimer leaves it alone. */
function markPage(m: Memory, s: MSpan): void {
  const base = mspan.startAddr(m, s);
  const at = heaparena.pageMarks(heapArenaOf(m, base)) + pageIndexOf(base);
  const mask = pageMaskOf(base);
  if ((load8(m, at) & mask) === 0) or8(m, at, mask);
}

/**
 * States that the object at `off` lives. Any byte of the object will do. Marking it twice changes nothing.
 *
 * @throws {Fatal} when no object can lie there
 */
export function markObject(m: Memory, off: number): void {
  const s = spanOfHeap(m, off);
  if (s === 0) throwFatal("found bad pointer in Go heap (incorrect use of unsafe or cgo?)");
  const i = objIndex(m, s, off);
  const at = markBitsForIndex(m, s, i);
  const mask = 1 << (i & 7);
  if ((load8(m, at) & mask) !== 0) return;
  or8(m, at, mask);
  if (gcUsesSpanInlineMarkBits(m, mspan.elemsize(m, s)) && (mspan.spanclass(m, s) & 1) === 0) {
    or8(m, scannedBitsForIndex(m, s, i), mask);
  }
  markPage(m, s);
  addBytesMarked(m, work(m), mspan.elemsize(m, s));
}

/** Marks every P's current tiny block: the P may still add to it. */
export function gcMarkTinyAllocs(m: Memory): void {
  const n = gomaxprocs(m);
  for (let i = 0; i < n; i++) {
    const c = p.mcache(m, allp(m, i));
    if (c === 0) continue;
    const tiny = mcache.tiny(m, c);
    if (tiny !== NIL) markObject(m, tiny);
  }
}

/** Clears what the last cycle's marking left: no page is marked, no byte counted. */
export function gcResetMarkState(m: Memory): void {
  const h = mheap_(m);
  const n = mheap.heapArenasLen(m, h);
  for (let i = 0; i < n; i++) {
    const marks = heaparena.pageMarks(arenaAt(m, load32(m, mheap.heapArenas(m, h) + 8 * i)));
    m.u8.fill(0, marks, marks + pagesPerArenaBytes);
  }
  setBytesMarked(m, work(m), 0);
}
