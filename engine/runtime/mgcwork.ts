/**
 * Work buffers: where marking keeps what is still to be scanned, and the pages that it takes for them.
 *
 *   getempty   the stack of empty buffers; else a free span, else 4 pages from the heap. The span is cut into 16: the
 *              lowest buffer is the caller's, the others are pushed in ascending order and so come back descending
 *   prepareFreeWorkbufs   after marking nobody holds a buffer: the stack is dropped and all spans are free
 *   freeSomeWbufs         a sweeper gives up to 64 free spans back
 *
 * Go 1.26: runtime/mgcwork.go (getempty, putempty, putfull, trygetfull, prepareFreeWorkbufs, freeSomeWbufs).
 * Differs: nothing preempts, so that `preemptible` is not there.
 */
import { lock, unlock } from "../memory/atomics.ts";
import { throwFatal } from "../memory/fatal.ts";
import { type Memory, NIL } from "../memory/memory.ts";
import { gcphase, work } from "../records/globals.ts";
import * as mspan from "../records/mspan.ts";
import { first } from "../records/stack.ts";
import * as rec from "../records/work.ts";
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
