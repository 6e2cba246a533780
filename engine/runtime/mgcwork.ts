/**
 * Grey objects: where marking keeps what is still to be scanned, and the pages that it takes for that.
 *
 * A P puts objects into a buffer of its own and takes the last one first; a second buffer stands behind it
 * (records/mgcwork.ts). Full buffers go to a stack that all Ps share, and empty ones come from another:
 *
 *   putObj       wbuf1; full: wbuf2 takes its place; full too: it goes to the full ones, and an empty one comes
 *   tryGetObj    wbuf1; empty: wbuf2 takes its place; empty too: one of the full ones, if there is any
 *   gcWorkBalance   nobody finds anything on the stack: wbuf2 is given away, or the older half of wbuf1
 *   gcWorkDispose   both are given away, and what was counted is told
 *
 * Whoever gives work away sets flushedWork, for the end of marking to know that it has to look again.
 *
 *   getempty   the stack of empty buffers; else a free span, else 4 pages from the heap. The span is cut into 16: the
 *              lowest buffer is the caller's, the others are pushed in ascending order and so come back descending
 *   prepareFreeWorkbufs   after marking nobody holds a buffer: the stack is dropped and all spans are free
 *   freeSomeWbufs         a sweeper gives up to 64 free spans back
 *
 * Invariant: a buffer is on one of the stacks, or in one pair of hands; nobody else looks into it.
 *
 * Go 1.26: runtime/mgcwork.go.
 * Differs: nothing preempts, so that `preemptible` is not there.
 * Differs: that a worker may be needed is noted for whoever drains, with Green Tea (as in Go) and without (where Go asks
 * for one at once).
 * Differs: a P's queue of spans is not given away, as it has no part that others could take from.
 */
import { storePointer } from "../memory/address.ts";
import { lock, unlock } from "../memory/atomics.ts";
import { throwFatal } from "../memory/fatal.ts";
import { type Memory, NIL } from "../memory/memory.ts";
import { addHeapScanWork } from "../records/gcController.ts";
import { gcController, gcphase, work } from "../records/globals.ts";
import type { GcWork } from "../records/mgcwork.ts";
import * as gcwork from "../records/mgcwork.ts";
import * as mspan from "../records/mspan.ts";
import { first } from "../records/stack.ts";
import * as rec from "../records/work.ts";
import { _GCmark } from "./mgc.ts";
import { spanQueueEmpty } from "./mgcmark_greenteagc.ts";
import { allocManual, freeManual, spanAllocWorkBuf } from "./mheap.ts";
import { spanListInsert, spanListIsEmpty, spanListRemove, spanListTakeAll } from "./mheap_list.ts";

/** Offset of a work buffer in the window, or NIL. */
export type Workbuf = number;

const unitBits = 11;
const blockBits = 20;
const blockMask = 2 ** blockBits - 1;
const pageSize = 8192;
/** Spans that one call of freeSomeWbufs gives back at most. */
const batchSize = 64;

/** Objects that one buffer holds: 253. */
export const workbufObjs = (rec._WorkbufSize - 24) / 8;

// What a P has.

function objAt(m: Memory, b: Workbuf, i: number): number {
  return (m.i32[((b + 24) >> 2) + 2 * i] - m.baseLo) | 0;
}

/** Adds an object to a buffer with room. */
function push(m: Memory, b: Workbuf, obj: number): void {
  const n = rec.nobj(m, b);
  storePointer(m, b + 24 + 8 * n, obj);
  rec.setNobj(m, b, n + 1);
}

/** Takes the object that was added last. */
function pop(m: Memory, b: Workbuf): number {
  const n = rec.nobj(m, b) - 1;
  rec.setNobj(m, b, n);
  return objAt(m, b, n);
}

/** Gets the two buffers, the second of them with work if any is to be had. */
function gcWorkInit(m: Memory, w: GcWork): void {
  gcwork.setWbuf1(m, w, getempty(m));
  const full = trygetfull(m);
  gcwork.setWbuf2(m, w, full === NIL ? getempty(m) : full);
}

function swap(m: Memory, w: GcWork): Workbuf {
  const b = gcwork.wbuf2(m, w);
  gcwork.setWbuf2(m, w, gcwork.wbuf1(m, w));
  gcwork.setWbuf1(m, w, b);
  return b;
}

/** Gives a buffer with work to all. */
function flush(m: Memory, w: GcWork, b: Workbuf): void {
  putfull(m, b);
  gcwork.setFlushedWork(m, w, 1);
}

/** Notes that another worker would find work. */
function mayNeedWorker(m: Memory, w: GcWork): void {
  if (gcphase(m) === _GCmark) gcwork.setMayNeedWorker(m, w, 1);
}

/** Queues a grey object. @param obj its start */
export function putObj(m: Memory, w: GcWork, obj: number): void {
  let b: Workbuf = gcwork.wbuf1(m, w);
  let flushed = false;
  if (b === NIL) {
    gcWorkInit(m, w);
    b = gcwork.wbuf1(m, w);
  } else if (rec.nobj(m, b) === workbufObjs) {
    b = swap(m, w);
    if (rec.nobj(m, b) === workbufObjs) {
      flush(m, w, b);
      b = getempty(m);
      gcwork.setWbuf1(m, w, b);
      flushed = true;
    }
  }
  push(m, b, obj);
  if (flushed) mayNeedWorker(m, w);
}

/** The same if that is done in no time. @returns false when `putObj` has to do it */
export function putObjFast(m: Memory, w: GcWork, obj: number): boolean {
  const b = gcwork.wbuf1(m, w);
  if (b === NIL || rec.nobj(m, b) === workbufObjs) return false;
  push(m, b, obj);
  return true;
}

/** Queues `n` objects. @param at offset of the first of their addresses */
export function putObjBatch(m: Memory, w: GcWork, at: number, n: number): void {
  if (n === 0) return;
  if (gcwork.wbuf1(m, w) === NIL) gcWorkInit(m, w);
  let b: Workbuf = gcwork.wbuf1(m, w);
  let flushed = false;
  for (let done = 0; done < n; ) {
    while (rec.nobj(m, b) === workbufObjs) {
      flush(m, w, b);
      b = gcwork.wbuf2(m, w); // which may be full as well
      gcwork.setWbuf1(m, w, b);
      gcwork.setWbuf2(m, w, getempty(m));
      flushed = true;
    }
    const nobj = rec.nobj(m, b);
    const some = Math.min(n - done, workbufObjs - nobj);
    m.u8.copyWithin(b + 24 + 8 * nobj, at + 8 * done, at + 8 * (done + some));
    rec.setNobj(m, b, nobj + some);
    done += some;
  }
  if (flushed) mayNeedWorker(m, w);
}

/** Takes a grey object: the P's own, else one that another P has given away. @returns NIL when there is none */
export function tryGetObj(m: Memory, w: GcWork): number {
  if (gcwork.wbuf1(m, w) === NIL) gcWorkInit(m, w);
  let b: Workbuf = gcwork.wbuf1(m, w);
  if (rec.nobj(m, b) === 0) {
    b = swap(m, w);
    if (rec.nobj(m, b) === 0) {
      const full = trygetfull(m);
      if (full === NIL) return NIL;
      putempty(m, b);
      gcwork.setWbuf1(m, w, full);
      b = full;
    }
  }
  return pop(m, b);
}

/** The same if that is done in no time. @returns NIL when `tryGetObj` has to look */
export function tryGetObjFast(m: Memory, w: GcWork): number {
  const b = gcwork.wbuf1(m, w);
  return b === NIL || rec.nobj(m, b) === 0 ? NIL : pop(m, b);
}

/** Gives back all that this P has: its objects to the other Ps, its figures to the collector. */
export function gcWorkDispose(m: Memory, w: GcWork): void {
  if (gcwork.wbuf1(m, w) !== NIL) {
    disposeOf(m, w, gcwork.wbuf1(m, w));
    gcwork.setWbuf1(m, w, NIL);
    disposeOf(m, w, gcwork.wbuf2(m, w));
    gcwork.setWbuf2(m, w, NIL);
  }
  if (!spanQueueEmpty(m, gcwork.spanq(w))) gcwork.setFlushedWork(m, w, 1);
  const marked = gcwork.bytesMarked(m, w);
  if (marked !== 0) {
    rec.addBytesMarked(m, work(m), marked);
    gcwork.setBytesMarked(m, w, 0);
  }
  const scanned = gcwork.heapScanWork(m, w);
  if (scanned !== 0) {
    addHeapScanWork(m, gcController(m), scanned);
    gcwork.setHeapScanWork(m, w, 0);
  }
}

function disposeOf(m: Memory, w: GcWork, b: Workbuf): void {
  if (rec.nobj(m, b) === 0) putempty(m, b);
  else flush(m, w, b);
}

/** Gives some of this P's work to those who have none: to be called when the stack of full buffers is empty. */
export function gcWorkBalance(m: Memory, w: GcWork): void {
  const b = gcwork.wbuf1(m, w);
  if (b === NIL) return;
  const second = gcwork.wbuf2(m, w);
  if (rec.nobj(m, second) !== 0) {
    flush(m, w, second);
    gcwork.setWbuf2(m, w, getempty(m));
  } else if (rec.nobj(m, b) > 4) {
    gcwork.setWbuf1(m, w, handoff(m, b));
    gcwork.setFlushedWork(m, w, 1); // handoff has called putfull
  } else {
    return;
  }
  mayNeedWorker(m, w);
}

/** True when this P has nothing to be scanned. */
export function gcWorkEmpty(m: Memory, w: GcWork): boolean {
  const b = gcwork.wbuf1(m, w);
  if (b !== NIL && (rec.nobj(m, b) !== 0 || rec.nobj(m, gcwork.wbuf2(m, w)) !== 0)) return false;
  return spanQueueEmpty(m, gcwork.spanq(w));
}

/** Gives the older half of a buffer away. @returns another buffer, with the younger half */
function handoff(m: Memory, b: Workbuf): Workbuf {
  const b1 = getempty(m);
  const n = rec.nobj(m, b) >> 1;
  const left = rec.nobj(m, b) - n;
  rec.setNobj(m, b, left);
  rec.setNobj(m, b1, n);
  m.u8.copyWithin(b1 + 24, b + 24 + 8 * left, b + 24 + 8 * (left + n));
  putfull(m, b);
  return b1;
}

// The stacks of buffers that all Ps share.

function headOf(m: Memory, b: Workbuf): number {
  const count = rec.pushcnt(m, b) + 1;
  rec.setPushcnt(m, b, count);
  return ((count << blockBits) | ((b >> unitBits) + 1)) >>> 0;
}

function blockOf(head: number): Workbuf {
  return head === 0 ? NIL : ((head & blockMask) - 1) << unitBits;
}

/** An empty buffer. */
export function getempty(m: Memory): Workbuf {
  const b = popEmpty(m);
  if (b !== NIL) {
    if (rec.nobj(m, b) !== 0) throwFatal("workbuf is not empty");
    return b;
  }
  const base = mspan.startAddr(m, wbufSpan(m));
  for (let i = 0; i + rec._WorkbufSize <= rec.workbufAlloc; i += rec._WorkbufSize) {
    rec.setNobj(m, base + i, 0);
    if (i > 0) putempty(m, base + i);
  }
  return base;
}

/** A span to be cut into buffers. It counts as busy from now on. */
function wbufSpan(m: Memory): mspan.MSpan {
  const w = work(m);
  let s: mspan.MSpan = 0;
  if (!spanListIsEmpty(m, rec.wbufSpansFree(w))) {
    lock(m, rec.wbufSpansLock(w));
    s = first(m, rec.wbufSpansFree(w));
    if (s !== 0) {
      spanListRemove(m, rec.wbufSpansFree(w), s);
      spanListInsert(m, rec.wbufSpansBusy(w), s);
    }
    unlock(m, rec.wbufSpansLock(w));
  }
  if (s !== 0) return s;
  s = allocManual(m, rec.workbufAlloc / pageSize, spanAllocWorkBuf);
  if (s === 0) throwFatal("out of memory");
  lock(m, rec.wbufSpansLock(w));
  spanListInsert(m, rec.wbufSpansBusy(w), s);
  unlock(m, rec.wbufSpansLock(w));
  return s;
}

function popEmpty(m: Memory): Workbuf {
  const w = work(m);
  for (;;) {
    const head = rec.empty(m, w);
    if (head === 0) return NIL;
    const b = blockOf(head);
    if (rec.emptyCas(m, w, head, rec.nodeNext(m, b))) return b;
  }
}

/** Gives an empty buffer back. */
export function putempty(m: Memory, b: Workbuf): void {
  if (rec.nobj(m, b) !== 0) throwFatal("workbuf is not empty");
  const w = work(m);
  const head = headOf(m, b);
  for (;;) {
    const old = rec.empty(m, w);
    rec.setNodeNext(m, b, old);
    if (rec.emptyCas(m, w, old, head)) return;
  }
}

/** Hands a buffer with work over to all. */
export function putfull(m: Memory, b: Workbuf): void {
  if (rec.nobj(m, b) === 0) throwFatal("workbuf is empty");
  const w = work(m);
  const head = headOf(m, b);
  for (;;) {
    const old = rec.full(m, w);
    rec.setNodeNext(m, b, old);
    if (rec.fullCas(m, w, old, head)) return;
  }
}

/** A buffer with work; NIL when there is none. */
export function trygetfull(m: Memory): Workbuf {
  const w = work(m);
  for (;;) {
    const head = rec.full(m, w);
    if (head === 0) return NIL;
    const b = blockOf(head);
    if (!rec.fullCas(m, w, head, rec.nodeNext(m, b))) continue;
    if (rec.nobj(m, b) === 0) throwFatal("workbuf is empty");
    return b;
  }
}

/** Makes all spans free. Every buffer must be on the stack of empty ones. */
export function prepareFreeWorkbufs(m: Memory): void {
  const w = work(m);
  lock(m, rec.wbufSpansLock(w));
  if (rec.full(m, w) !== 0) throwFatal("cannot free workbufs when work.full != 0");
  rec.setEmpty(m, w, 0);
  spanListTakeAll(m, rec.wbufSpansFree(w), rec.wbufSpansBusy(w));
  unlock(m, rec.wbufSpansLock(w));
}

/** Gives some free spans back to the heap. @returns true when there are more */
export function freeSomeWbufs(m: Memory): boolean {
  const w = work(m);
  const free = rec.wbufSpansFree(w);
  lock(m, rec.wbufSpansLock(w));
  if (gcphase(m) !== 0 || spanListIsEmpty(m, free)) {
    unlock(m, rec.wbufSpansLock(w));
    return false;
  }
  for (let i = 0; i < batchSize && !spanListIsEmpty(m, free); i++) {
    const s = first(m, free);
    spanListRemove(m, free, s);
    freeManual(m, s, spanAllocWorkBuf);
  }
  const more = !spanListIsEmpty(m, free);
  unlock(m, rec.wbufSpansLock(w));
  return more;
}
