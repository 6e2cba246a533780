/**
 * The write barrier's buffer: what the program's stores tell the collector, and when it is looked at.
 *
 * While a collection marks, each store of a pointer records two: the one that it writes and the one that it writes over.
 * Both, always: whether the slot's object or the goroutine's stack has been scanned is not asked, since asking would take
 * a fence at every store. Recording is two stores to the P's own buffer. Shading waits until the buffer is full:
 *
 *   record     compiled code: new, old (gcWriteBarrier)      bulk and atomic barriers: old, new (get2), or one (get1)
 *   flush      each word in turn: below 4096, outside the heap, already marked: dropped
 *              a slot of a Green Tea span: marked, its span queued
 *              else marked; without pointers it is black at once, with pointers it is kept, as the start of its object
 *              at last those that were kept go to the P's work buffers, in one batch
 *
 * Invariant: between the first entry of a store and the store itself nothing else runs on this P; so that who finds a
 * buffer empty knows that each store either has been told of or is still to be.
 *
 * Go 1.26: runtime/mwbbuf.go, runtime/asm_amd64.s (gcWriteBarrier).
 * Differs: a thread that dies does not go on, so that none has a buffer to be discarded.
 * Differs: no checkmark mode.
 */
import { storePointer, windowOffset } from "../memory/address.ts";
import { throwFatal } from "../memory/fatal.ts";
import { type Memory, NIL } from "../memory/memory.ts";
import { addBytesMarked } from "../records/mgcwork.ts";
import * as mspan from "../records/mspan.ts";
import type { WbBuf } from "../records/mwbbuf.ts";
import * as wb from "../records/mwbbuf.ts";
import type { P } from "../records/runtime2.ts";
import * as p from "../records/runtime2.ts";
import { findObject } from "./mbitmap.ts";
import { markSlot } from "./mgcmark.ts";
import { tryDeferToSpanScan } from "./mgcmark_greenteagc.ts";
import { putObjBatch } from "./mgcwork.ts";

/** Smallest word that can be a pointer: what is below is nil, or a small number in a pointer's place. */
export const minLegalPointer = 4096;

/** Makes the buffer empty, with all of its entries to be used. */
export function wbBufReset(m: Memory, b: WbBuf): void {
  const start = wb.buf(b);
  wb.setNext(m, b, start);
  wb.setEnd(m, b, start + 8 * wb.wbBufEntries);
  if (((wb.end(m, b) - wb.next(m, b)) & 7) !== 0) throwFatal("bad write barrier buffer bounds");
}

/** Forgets what is recorded: for who knows that it does not matter any more. */
export function wbBufDiscard(m: Memory, b: WbBuf): void {
  wb.setNext(m, b, wb.buf(b));
}

/** True when nothing is recorded. */
export function wbBufEmpty(m: Memory, b: WbBuf): boolean {
  return wb.next(m, b) === wb.buf(b);
}

/** Takes one entry of the running P's buffer. @returns its offset, for the caller to fill before anything else happens */
export function get1(m: Memory, b: WbBuf): number {
  return take(m, b, 8);
}

/** Takes two entries that follow each other. */
export function get2(m: Memory, b: WbBuf): number {
  return take(m, b, 16);
}

/** Takes `n` entries of the running P's buffer, as compiled code does. Go: gcWriteBarrier1 … gcWriteBarrier8. */
export function gcWriteBarrier(m: Memory, n: number): number {
  return take(m, p.wbBuf(m.p), 8 * n);
}

function take(m: Memory, b: WbBuf, bytes: number): number {
  if (wb.next(m, b) + bytes > wb.end(m, b)) wbBufFlush(m);
  const at = wb.next(m, b);
  wb.setNext(m, b, at + bytes);
  return at;
}

/** Shades what the running P has recorded. */
export function wbBufFlush(m: Memory): void {
  wbBufFlush1(m, m.p);
}

/** Shades what P `pp` has recorded: this thread's, or one that stands still. */
export function wbBufFlush1(m: Memory, pp: P): void {
  const b = p.wbBuf(pp);
  const gcw = p.gcw(pp);
  const start = wb.buf(b);
  const end = wb.next(m, b);
  wb.setNext(m, b, 0); // a store with a barrier in here would be a mistake, and goes wrong at once

  let pos = start; // Here [start, pos) holds the objects of the entries so far that are to be queued.
  for (let at = start; at < end; at += 8) {
    const lo = m.i32[at >> 2];
    const hi = m.i32[(at >> 2) + 1];
    if (hi === 0 && lo >>> 0 < minLegalPointer) continue;
    const off = windowOffset(m, lo, hi);
    if (off === NIL || tryDeferToSpanScan(m, off, gcw)) continue;
    const obj = findObject(m, off, NIL, 0);
    if (obj === NIL) continue;
    const s = m.ret[0];
    if (!markSlot(m, s, m.ret[1])) continue;
    if ((mspan.spanclass(m, s) & 1) !== 0) {
      addBytesMarked(m, gcw, mspan.elemsize(m, s));
      continue;
    }
    storePointer(m, pos, obj);
    pos += 8;
  }
  putObjBatch(m, gcw, start, (pos - start) >> 3);
  wbBufReset(m, b);
}
