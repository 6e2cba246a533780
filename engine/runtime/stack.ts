/**
 * Stacks: contiguous, of a power of two from 2 KiB up, copied when they are too small or much too large.
 *
 *   stackalloc ─┬─ below 32 KiB: mcache.stackcache[order] ─ empty: half full again from stackpool[order]
 *               │                                             └─ no span with a free stack: 4 pages from the heap
 *               └─ 32 KiB and more: stackLarge, or pages from the heap
 *
 * A pool's span is cut from its start upwards, each piece put in front of the list; so pieces come back from its end
 * downwards, and a run of 16 KiB that moves to a P's list is turned round once more: new goroutines find ascending
 * addresses in the upper half of the span first, then in the lower half. Stacks are never cleared.
 *
 * Growing: the new stack is allocated before the old one is freed, the used part is copied to its end, and every word
 * that points into the old stack is moved by the distance: in frames, by the masks of their safe points, and in the g.
 *
 * Invariants
 *   1. A pool's span stands in the pool's list exactly while it has a free stack; its allocCount counts the others,
 *      those in P's lists among them.
 *   2. A list of a P holds at most 32 KiB.
 *
 * Go 1.26: runtime/stack.go.
 * Differs: no stack is taken from the operating system, and none is poisoned: those are debugging aids of Go's.
 * Differs: no defers, panics or waiting channel operations point into a stack, as there are none.
 * Differs: changes of stack size are not told to a pacer, as there is none yet.
 */

import { loadPointer, storePointer } from "../memory/address.ts";
import { lock, unlock } from "../memory/atomics.ts";
import { throwFatal } from "../memory/fatal.ts";
import { type Memory, NIL } from "../memory/memory.ts";
import * as g from "../records/g.ts";
import { allp, gcphase, gomaxprocs, sched, stackLarge, stackpool } from "../records/globals.ts";
import * as gsched from "../records/gsched.ts";
import type { MCache } from "../records/mcache.ts";
import { numStackOrders } from "../records/mcache.ts";
import * as mspan from "../records/mspan.ts";
import * as p from "../records/runtime2.ts";
import * as rec from "../records/stack.ts";
import * as symtab from "../records/symtab.ts";
import { allocManual, freeManual, spanAllocStack, spanOfUnchecked } from "./mheap.ts";
import { spanListInsert, spanListIsEmpty, spanListRemove } from "./mheap_list.ts";
import { Ev, traceEvent } from "./trace.ts";
import { newUnwinder, type Unwinder, unwinderInit, unwinderNext, unwinderValid } from "./traceback.ts";

/** Smallest stack, and what a goroutine that never ran before begins with. Go: stackMin, fixedStack. */
export const fixedStack = 2048;
/** Bytes at the low end that functions without a check may use. */
export const stackNosplit = 800;
/** Distance of stackguard0 from the low end: stackNosplit, and 128 that a small frame may go below it. */
export const stackGuard = 928;
/** A frame of at most this size is not added to the stack pointer before the check. */
export const stackSmall = 128;
/** Bytes of a span of the pool, and the most that a P's list may hold. */
export const _StackCacheSize = 32768;
const pageShift = 13;

/** Sets what Go sets before the first stack is made, and what its main function sets. */
export function stackinit(m: Memory): void {
  const s = sched(m);
  gsched.setStartingStackSize(m, s, fixedStack);
  gsched.setMaxstacksize(m, s, 1_000_000_000);
  gsched.setAdaptivestackstart(m, s, 1);
}

/** The bits that `n` has; one more than the logarithm that the name promises, as in Go. */
export function stacklog2(n: number): number {
  return 32 - Math.clz32(n);
}

/** Smallest power of two not below `x`. */
export function round2(x: number): number {
  let s = 1;
  while (s < x) s *= 2;
  return s;
}

// The pool.

/** Takes a stack from the pool. The caller has the pool's lock. */
function stackpoolalloc(m: Memory, order: number): number {
  const list = rec.span(stackpool(m, order));
  let s = rec.first(m, list);
  if (s === 0) {
    s = allocManual(m, _StackCacheSize >> pageShift, spanAllocStack);
    if (s === 0) throwFatal("out of memory");
    if (mspan.allocCount(m, s) !== 0) throwFatal("bad allocCount");
    if (mspan.manualFreeList(m, s) !== NIL) throwFatal("bad manualFreeList");
    const elemsize = fixedStack << order;
    mspan.setElemsize(m, s, elemsize);
    for (let i = 0; i < _StackCacheSize; i += elemsize) {
      const x = mspan.startAddr(m, s) + i;
      storePointer(m, x, mspan.manualFreeList(m, s));
      mspan.setManualFreeList(m, s, x);
    }
    spanListInsert(m, list, s);
  }
  const x = mspan.manualFreeList(m, s);
  if (x === NIL) throwFatal("span has no free stacks");
  mspan.setManualFreeList(m, s, loadPointer(m, x));
  mspan.setAllocCount(m, s, mspan.allocCount(m, s) + 1);
  if (mspan.manualFreeList(m, s) === NIL) spanListRemove(m, list, s);
  return x;
}

/** Puts a stack back. A span without stacks in use goes back to the heap at once, unless a collection marks. */
function stackpoolfree(m: Memory, x: number, order: number): void {
  const s = spanOfUnchecked(m, x);
  if (mspan.state(m, s) !== mspan.mSpanManual) throwFatal("freeing stack not in a stack span");
  const list = rec.span(stackpool(m, order));
  if (mspan.manualFreeList(m, s) === NIL) spanListInsert(m, list, s);
  storePointer(m, x, mspan.manualFreeList(m, s));
  mspan.setManualFreeList(m, s, x);
  mspan.setAllocCount(m, s, mspan.allocCount(m, s) - 1);
  // While marking, a pointer into the stack may lie about that the collector has read already: the pages must not
  // come back as a heap span before the cycle is over.
  if (gcphase(m) === 0 && mspan.allocCount(m, s) === 0) freeStackSpan(m, list, s);
}

function freeStackSpan(m: Memory, list: rec.MSpanList, s: mspan.MSpan): void {
  spanListRemove(m, list, s);
  mspan.setManualFreeList(m, s, NIL);
  freeManual(m, s, spanAllocStack);
}

// A P's lists.

/** Fills a P's empty list by half. */
function stackcacherefill(m: Memory, c: MCache, order: number): void {
  const pool = stackpool(m, order);
  let list = NIL;
  let size = 0;
  lock(m, rec.mu(pool));
  while (size < _StackCacheSize / 2) {
    const x = stackpoolalloc(m, order);
    storePointer(m, x, list);
    list = x;
    size += fixedStack << order;
  }
  unlock(m, rec.mu(pool));
  const cache = rec.stackfreelist(c, order);
  rec.setList(m, cache, list);
  rec.setSize(m, cache, size);
}

/** Empties a P's full list by half. */
function stackcacherelease(m: Memory, c: MCache, order: number): void {
  const pool = stackpool(m, order);
  const cache = rec.stackfreelist(c, order);
  let x = rec.list(m, cache);
  let size = rec.size(m, cache);
  lock(m, rec.mu(pool));
  while (size > _StackCacheSize / 2) {
    const y = loadPointer(m, x);
    stackpoolfree(m, x, order);
    x = y;
    size -= fixedStack << order;
  }
  unlock(m, rec.mu(pool));
  rec.setList(m, cache, x);
  rec.setSize(m, cache, size);
}

/** Gives all stacks of a P's lists back. */
export function stackcache_clear(m: Memory, c: MCache): void {
  for (let order = 0; order < numStackOrders; order++) {
    const pool = stackpool(m, order);
    const cache = rec.stackfreelist(c, order);
    lock(m, rec.mu(pool));
    let x = rec.list(m, cache);
    while (x !== NIL) {
      const y = loadPointer(m, x);
      stackpoolfree(m, x, order);
      x = y;
    }
    rec.setList(m, cache, NIL);
    rec.setSize(m, cache, 0);
    unlock(m, rec.mu(pool));
  }
}

// Allocation.

function orderOf(n: number): number {
  let order = 0;
  for (let n2 = n; n2 > fixedStack; n2 >>= 1) order++;
  return order;
}

function isSmallStack(n: number): boolean {
  return n < fixedStack << numStackOrders && n < _StackCacheSize;
}

/** A stack. @param n bytes, a power of two from 2048 up @returns offset of its low end */
export function stackalloc(m: Memory, n: number): number {
  if ((n & (n - 1)) !== 0) throwFatal("stack size not a power of 2");
  const v = isSmallStack(n) ? stackallocSmall(m, n) : stackallocLarge(m, n);
  traceEvent(m, Ev.stackalloc, v, n);
  return v;
}

function stackallocSmall(m: Memory, n: number): number {
  const order = orderOf(n);
  if (m.p === 0) {
    const pool = stackpool(m, order);
    lock(m, rec.mu(pool));
    const x = stackpoolalloc(m, order);
    unlock(m, rec.mu(pool));
    return x;
  }
  const c = p.mcache(m, m.p);
  const cache = rec.stackfreelist(c, order);
  if (rec.list(m, cache) === NIL) stackcacherefill(m, c, order);
  const x = rec.list(m, cache);
  rec.setList(m, cache, loadPointer(m, x));
  rec.setSize(m, cache, rec.size(m, cache) - n);
  return x;
}

function stackallocLarge(m: Memory, n: number): number {
  const npages = n >>> pageShift;
  const large = stackLarge(m);
  const list = rec.free(large, stacklog2(npages));
  lock(m, rec.lock(large));
  let s = rec.first(m, list);
  if (s !== 0) spanListRemove(m, list, s);
  unlock(m, rec.lock(large));
  if (s === 0) {
    s = allocManual(m, npages, spanAllocStack);
    if (s === 0) throwFatal("out of memory");
    mspan.setElemsize(m, s, n);
  }
  return mspan.startAddr(m, s);
}

/** Frees the stack of `n` bytes at `v`. */
export function stackfree(m: Memory, v: number, n: number): void {
  if ((n & (n - 1)) !== 0) throwFatal("stack not a power of 2");
  traceEvent(m, Ev.stackfree, v, n);
  if (isSmallStack(n)) stackfreeSmall(m, v, n);
  else stackfreeLarge(m, v);
}

function stackfreeSmall(m: Memory, x: number, n: number): void {
  const order = orderOf(n);
  if (m.p === 0) {
    const pool = stackpool(m, order);
    lock(m, rec.mu(pool));
    stackpoolfree(m, x, order);
    unlock(m, rec.mu(pool));
    return;
  }
  const c = p.mcache(m, m.p);
  const cache = rec.stackfreelist(c, order);
  if (rec.size(m, cache) >= _StackCacheSize) stackcacherelease(m, c, order);
  storePointer(m, x, rec.list(m, cache));
  rec.setList(m, cache, x);
  rec.setSize(m, cache, rec.size(m, cache) + n);
}

function stackfreeLarge(m: Memory, v: number): void {
  const s = spanOfUnchecked(m, v);
  if (mspan.state(m, s) !== mspan.mSpanManual) throwFatal("bad span state");
  if (gcphase(m) === 0) {
    freeManual(m, s, spanAllocStack);
    return;
  }
  const large = stackLarge(m);
  lock(m, rec.lock(large));
  spanListInsert(m, rec.free(large, stacklog2(mspan.npages(m, s))), s);
  unlock(m, rec.lock(large));
}

/** After marking: frees the spans that stackpoolfree and stackfree have kept. */
export function freeStackSpans(m: Memory): void {
  for (let order = 0; order < numStackOrders; order++) {
    const pool = stackpool(m, order);
    lock(m, rec.mu(pool));
    let s = rec.first(m, rec.span(pool));
    while (s !== 0) {
      const next = mspan.next(m, s);
      if (mspan.allocCount(m, s) === 0) freeStackSpan(m, rec.span(pool), s);
      s = next;
    }
    unlock(m, rec.mu(pool));
  }
  const large = stackLarge(m);
  lock(m, rec.lock(large));
  for (let i = 0; i < rec.numLargeLists; i++) {
    const list = rec.free(large, i);
    while (!spanListIsEmpty(m, list)) {
      const s = rec.first(m, list);
      spanListRemove(m, list, s);
      freeManual(m, s, spanAllocStack);
    }
  }
  unlock(m, rec.lock(large));
}

// Growing and shrinking.

/** Moves the pointer at `at` by `delta` if it points into [lo, hi). */
function adjustpointer(m: Memory, at: number, lo: number, hi: number, delta: number): void {
  const v = loadPointer(m, at);
  if (lo <= v && v < hi) storePointer(m, at, v + delta);
}

/** The same for `n` words from `base` on, those with a bit in the mask. */
function adjustpointers(m: Memory, base: number, mask: number, n: number, lo: number, hi: number, delta: number): void {
  for (let i = 0; i < n; i++) {
    if ((m.u8[mask + (i >> 3)] & (1 << (i & 7))) !== 0) adjustpointer(m, base + 8 * i, lo, hi, delta);
  }
}

function adjustframe(m: Memory, u: Unwinder, lo: number, hi: number, delta: number): void {
  if (u.argp - u.varp === 16) adjustpointer(m, u.varp, lo, hi, delta); // the caller's frame pointer
  const locals = symtab.nlocals(m, u.pc);
  if (locals > 0) adjustpointers(m, u.varp - 8 * locals, symtab.localsMask(u.pc), locals, lo, hi, delta);
  const args = symtab.nargs(m, u.pc);
  if (args > 0) adjustpointers(m, u.argp, symtab.argsMask(m, u.pc), args, lo, hi, delta);
}

/** Moves the goroutine to a new stack of `newsize` bytes. It must be stopped, and its state saved in the g. */
export function copystack(m: Memory, gp: g.G, newsize: number): void {
  const lo = g.stackLo(m, gp);
  const hi = g.stackHi(m, gp);
  if (lo === NIL) throwFatal("nil stackbase");
  const used = hi - g.schedSp(m, gp);

  // First, so that the new stack cannot be the old one's place.
  const newLo = stackalloc(m, newsize);
  const newHi = newLo + newsize;
  const delta = newHi - hi;
  m.u8.copyWithin(newHi - used, hi - used, hi);
  traceEvent(m, Ev.copystack, lo, newLo, used, gp);

  const ctxt = g.schedCtxt(m, gp);
  if (lo <= ctxt && ctxt < hi) g.setSchedCtxt(m, gp, ctxt + delta);
  const bp = g.schedBp(m, gp);
  if (lo <= bp && bp < hi) g.setSchedBp(m, gp, bp + delta);

  g.setStackLo(m, gp, newLo);
  g.setStackHi(m, gp, newHi);
  g.setStackguard0(m, gp, newLo + stackGuard);
  g.setSchedSp(m, gp, newHi - used);
  g.setStktopsp(m, gp, g.stktopsp(m, gp) + delta);

  const u = newUnwinder();
  for (unwinderInit(m, u, gp); unwinderValid(u); unwinderNext(m, u)) adjustframe(m, u, lo, hi, delta);
  stackfree(m, lo, hi - lo);
}

/**
 * Makes room for a call. Go's functions come here, through morestack, when their check fails; the g's state is that of
 * the call: sched.sp is where the return address lies, sched.pc is in the function that was called.
 */
export function newstack(m: Memory, gp: g.G): void {
  if (g.stackLo(m, gp) === NIL) throwFatal("missing stack in newstack");
  const sp = g.schedSp(m, gp) - 8; // the call of morestack itself
  if (sp < g.stackLo(m, gp)) throwFatal("runtime: split stack overflow");
  let newsize = (g.stackHi(m, gp) - g.stackLo(m, gp)) * 2;
  // Large enough for this function right away, or it would come again.
  const needed = symtab.maxSPDelta(m, symtab.fn(m, g.schedPc(m, gp))) + stackGuard;
  const used = g.stackHi(m, gp) - g.schedSp(m, gp);
  while (newsize - used < needed) newsize *= 2;
  if (newsize > gsched.maxstacksize(m, sched(m))) throwFatal("stack overflow");

  g.setAtomicstatus(m, gp, g._Gcopystack);
  copystack(m, gp, newsize);
  g.setAtomicstatus(m, gp, g._Grunning);
}

/** Halves the stack of a goroutine that uses less than a quarter of it. The collector has stopped the goroutine. */
export function shrinkstack(m: Memory, gp: g.G): void {
  if (g.stackLo(m, gp) === NIL) throwFatal("missing stack in shrinkstack");
  if ((g.atomicstatus(m, gp) & g._Gscan) === 0) throwFatal("bad status in shrinkstack");
  if (gsched.gcshrinkstackoff(m, sched(m)) !== 0) return;
  const avail = g.stackHi(m, gp) - g.stackLo(m, gp);
  const newsize = avail / 2;
  if (newsize < fixedStack) return;
  const used = g.stackHi(m, gp) - g.schedSp(m, gp) + stackNosplit;
  if (used >= avail / 4) return;
  copystack(m, gp, newsize);
}

/** From the stacks that were scanned in this cycle: how large new ones shall be. */
export function gcComputeStartingStackSize(m: Memory): void {
  const s = sched(m);
  if (gsched.adaptivestackstart(m, s) === 0) return;
  let scannedStackSize = 0;
  let scannedStacks = 0;
  const n = gomaxprocs(m);
  for (let i = 0; i < n; i++) {
    const pp = allp(m, i);
    scannedStackSize += p.scannedStackSize(m, pp);
    scannedStacks += p.scannedStacks(m, pp);
    p.setScannedStackSize(m, pp, 0);
    p.setScannedStacks(m, pp, 0);
  }
  if (scannedStacks === 0) {
    gsched.setStartingStackSize(m, s, fixedStack);
    return;
  }
  // With the guard: a goroutine of average need shall not grow its stack.
  const avg = Math.floor(scannedStackSize / scannedStacks) + stackGuard;
  gsched.setStartingStackSize(m, s, round2(Math.max(fixedStack, Math.min(avg, gsched.maxstacksize(m, s)))));
}
