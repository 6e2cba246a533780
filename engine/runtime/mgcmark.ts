/**
 * Marking: how an object turns grey, and what the allocator has to do with it: new objects are born black while a
 * collection marks, and the current tiny blocks count as reachable.
 *
 *   shade        a pointer, from anywhere: the object that it leads to turns grey
 *   greyobject   the object is marked and queued; one without pointers has nothing to be scanned, and is black at once
 *
 * Go 1.26: runtime/mgcmark.go (gcmarknewobject, gcMarkTinyAllocs, greyobject, shade, gcDumpObject).
 * Differs: nothing is traced. Who lives is stated by the caller through `markObject`, which leaves the bits that
 * Go's collector leaves when it has marked and scanned the object; its bytes are added to work.bytesMarked at once.
 * Differs: no checkmark mode.
 */
import { addressOf, formatAddress } from "../memory/address.ts";
import { load8, load32, or8 } from "../memory/atomics.ts";
import { throwFatal } from "../memory/fatal.ts";
import { type Memory, NIL } from "../memory/memory.ts";
import { allp, gcphase, gomaxprocs, mheap_, work } from "../records/globals.ts";
import * as heaparena from "../records/heaparena.ts";
import * as mcache from "../records/mcache.ts";
import type { GcWork } from "../records/mgcwork.ts";
import * as gcwork from "../records/mgcwork.ts";
import * as mheap from "../records/mheap.ts";
import type { MSpan } from "../records/mspan.ts";
import * as mspan from "../records/mspan.ts";
import * as p from "../records/runtime2.ts";
import { addBytesMarked, setBytesMarked } from "../records/work.ts";
import { findObject, objIndex } from "./mbitmap.ts";
import { _GCmarktermination } from "./mgc.ts";
import {
  gcUsesSpanInlineMarkBits,
  markBitsForIndex,
  scannedBitsForIndex,
  tryDeferToSpanScan,
} from "./mgcmark_greenteagc.ts";
import { putObj, putObjFast } from "./mgcwork.ts";
import { arenaAt, heapArenaOf, pageIndexOf, pageMaskOf, spanOf, spanOfHeap } from "./mheap.ts";

const pagesPerArenaBytes = 1024;

/** Marks an object that was allocated while marking goes on. It holds only nil, so it need not be scanned. */
export function gcmarknewobject(m: Memory, s: MSpan, obj: number): void {
  if (gcphase(m) === _GCmarktermination) throwFatal("mallocgc called with gcphase == _GCmarktermination");
  const i = objIndex(m, s, obj);
  or8(m, markBitsForIndex(m, s, i), 1 << (i & 7));
  if (gcUsesSpanInlineMarkBits(m, mspan.elemsize(m, s))) or8(m, scannedBitsForIndex(m, s, i), 1 << (i & 7));
  markPage(m, s);
  gcwork.addBytesMarked(m, p.gcw(m.p), mspan.elemsize(m, s));
}

/** Notes that something in the span is marked, so that the page reclaimer leaves it alone. */
function markPage(m: Memory, s: MSpan): void {
  const base = mspan.startAddr(m, s);
  const at = heaparena.pageMarks(heapArenaOf(m, base)) + pageIndexOf(base);
  const mask = pageMaskOf(base);
  if ((load8(m, at) & mask) === 0) or8(m, at, mask);
}

/** Sets the mark of slot `i`. @returns false when it was set already */
export function markSlot(m: Memory, s: MSpan, i: number): boolean {
  const at = markBitsForIndex(m, s, i);
  const mask = 1 << (i & 7);
  if ((load8(m, at) & mask) !== 0) return false;
  or8(m, at, mask);
  markPage(m, s);
  return true;
}

/** Turns the object that a pointer leads to grey, if it is one of the heap's. @param off in the window, or NIL */
export function shade(m: Memory, off: number): void {
  const w = p.gcw(m.p);
  if (off === NIL || tryDeferToSpanScan(m, off, w)) return;
  const obj = findObject(m, off, NIL, 0);
  if (obj !== NIL) greyobject(m, obj, m.ret[0], w, m.ret[1]);
}

/** Marks an object and queues it to be scanned. @param obj its start, slot `i` of span `s` */
export function greyobject(m: Memory, obj: number, s: MSpan, w: GcWork, i: number): void {
  if ((obj & 7) !== 0) throwFatal("greyobject: obj not pointer-aligned");
  if (!markSlot(m, s, i)) return;
  if ((mspan.spanclass(m, s) & 1) !== 0) {
    gcwork.addBytesMarked(m, w, mspan.elemsize(m, s));
    return;
  }
  if (!putObjFast(m, w, obj)) putObj(m, w, obj);
}

/**
 * What Go prints of an object in a report: where it lies, and its words; of a large one the first 128, and those around
 * `off`.
 */
export function gcDumpObject(m: Memory, label: string, obj: number, off: number): string {
  const hex = (at: number) => formatAddress(addressOf(m, at));
  const s = spanOf(m, obj);
  if (s === 0) return `${label}=${hex(obj)} s=nil\n`;
  const state = ["mSpanDead", "mSpanInUse", "mSpanManual"][mspan.state(m, s)];
  const [base, limit] = [hex(mspan.startAddr(m, s)), hex(mspan.limit(m, s))];
  const isStack = mspan.state(m, s) === mspan.mSpanManual && mspan.elemsize(m, s) === 0;
  const size = isStack ? off + 8 : mspan.elemsize(m, s); // how much of a frame there is nobody knows here
  let text = `${label}=${hex(obj)} s.base()=${base} s.limit=${limit} s.spanclass=${mspan.spanclass(m, s)}`;
  text += ` s.elemsize=${mspan.elemsize(m, s)} s.state=${state}\n`;
  let skipped = false;
  for (let i = 0; i < size; i += 8) {
    if (!(i < 128 * 8 || (off - 16 * 8 < i && i < off + 16 * 8))) {
      skipped = true;
      continue;
    }
    if (skipped) text += " ...\n";
    skipped = false;
    const word = formatAddress(m.u32[(obj + i + 4) >> 2] * 2 ** 32 + m.u32[(obj + i) >> 2]);
    text += ` *(${label}+${i}) = ${word}${i === off ? " <==" : ""}\n`;
  }
  return skipped ? `${text} ...\n` : text;
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
    const w = p.gcw(allp(m, i));
    if (tiny === NIL || tryDeferToSpanScan(m, tiny, w)) continue;
    findObject(m, tiny, NIL, 0);
    greyobject(m, tiny, m.ret[0], w, m.ret[1]);
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
