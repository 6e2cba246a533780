/** For tests of the write barrier: a heap with the barrier switched on by hand, and what its buffer and queues hold. */
import { loadPointer } from "../../engine/memory/address.ts";
import { type Memory, NIL } from "../../engine/memory/memory.ts";
import { allp, setGcphase, writeBarrier } from "../../engine/records/globals.ts";
import * as heaparena from "../../engine/records/heaparena.ts";
import * as gcwork from "../../engine/records/mgcwork.ts";
import * as mspan from "../../engine/records/mspan.ts";
import * as wb from "../../engine/records/mwbbuf.ts";
import * as p from "../../engine/records/runtime2.ts";
import { nobj } from "../../engine/records/work.ts";
import { objIndex } from "../../engine/runtime/mbitmap.ts";
import { _GCmark, _GCoff } from "../../engine/runtime/mgc.ts";
import { markBitsForIndex } from "../../engine/runtime/mgcmark_greenteagc.ts";
import { heapArenaOf, pageIndexOf, pageMaskOf, spanOf } from "../../engine/runtime/mheap.ts";
import type { World } from "./object-heap.ts";

/** Switches the barrier on, in the phase that it is on in, or off. */
export function setBarrier(w: World, on: boolean): void {
  setGcphase(w.m, on ? _GCmark : _GCoff);
  w.m.i32[writeBarrier(w.m) >> 2] = on ? 1 : 0;
}

export function bufferOf(w: World, i = 0): wb.WbBuf {
  return p.wbBuf(allp(w.m, i));
}

export function gcwOf(w: World, i = 0): gcwork.GcWork {
  return p.gcw(allp(w.m, i));
}

/** What is recorded, in order, as offsets; NIL for nil. */
export function recorded(w: World, i = 0): number[] {
  const b = bufferOf(w, i);
  const list: number[] = [];
  for (let at = wb.buf(b); at < wb.next(w.m, b); at += 8) list.push(loadPointer(w.m, at));
  return list;
}

/** Objects of a work buffer, the oldest first. */
export function objectsOf(m: Memory, b: number): number[] {
  if (b === NIL) return [];
  return Array.from({ length: nobj(m, b) }, (_, k) => loadPointer(m, b + 24 + 8 * k));
}

/** What P number `i` has queued: [wbuf1, wbuf2, spans]. */
export function queued(w: World, i = 0): [number[], number[], number[]] {
  const g = gcwOf(w, i);
  const q = gcwork.spanq(g);
  const spans: number[] = [];
  for (let k = gcwork.head(w.m, q); k < gcwork.tail(w.m, q); k++) {
    spans.push(loadPointer(w.m, gcwork.ring(q) + 8 * (k % gcwork.spanQueueRing)));
  }
  return [objectsOf(w.m, gcwork.wbuf1(w.m, g)), objectsOf(w.m, gcwork.wbuf2(w.m, g)), spans];
}

export function isMarked(w: World, off: number): boolean {
  const s = spanOf(w.m, off);
  const i = objIndex(w.m, s, off);
  return (w.m.u8[markBitsForIndex(w.m, s, i)] & (1 << (i & 7))) !== 0;
}

/** The hint for the page reclaimer: something in this span is marked. */
export function pageMark(w: World, off: number): boolean {
  const base = mspan.startAddr(w.m, spanOf(w.m, off));
  return (w.m.u8[heaparena.pageMarks(heapArenaOf(w.m, base)) + pageIndexOf(base)] & pageMaskOf(base)) !== 0;
}
