/**
 * Specials: notes about single objects: finalizers, cleanups, weak handles, profile records.
 *
 * Adding or removing one first makes sure that the object's span is swept, as a sweeper walks the same list. The list
 * has a lock of its own, and the records come from allocators behind another.
 *
 * Go 1.26: runtime/mheap.go (addspecial … freeSpecial), runtime/mfinal.go (queuefinalizer), runtime/mcleanup.go
 * (cleanupQueue.enqueue).
 * Differs: objects that are no part of the heap have no weak handles.
 * Differs: nobody runs what is queued: that needs goroutines of the runtime's own.
 */
import { loadPointerAtomic, storePointerAtomic } from "../memory/address.ts";
import { and8, lock, or8, unlock } from "../memory/atomics.ts";
import { throwFatal } from "../memory/fatal.ts";
import { type Memory, NIL } from "../memory/memory.ts";
import { finalizers, gcphase, memstats, mheap_ } from "../records/globals.ts";
import * as heaparena from "../records/heaparena.ts";
import { gcMiscSysAt, other_sysAt } from "../records/memstats.ts";
import * as mfinal from "../records/mfinal.ts";
import * as mheap from "../records/mheap.ts";
import type { MSpan } from "../records/mspan.ts";
import * as mspan from "../records/mspan.ts";
import * as p from "../records/runtime2.ts";
import type { Special, Splice } from "../records/special.ts";
import * as special from "../records/special.ts";
import { mallocgc } from "./malloc.ts";
import { fixallocAlloc, fixallocFree, fixallocInit } from "./mfixalloc.ts";
import { ensureSwept } from "./mgcsweep.ts";
import { heapArenaOf, pageIndexOf, pageMaskOf, spanOfHeap } from "./mheap.ts";
import { mProf_Free } from "./mprof.ts";
import { persistentalloc } from "./persistentalloc.ts";

/** Bytes of a weak handle: alone in its slot, so that it lives no longer than those who hold it. */
const weakHandleBytes = 16;

/** Makes the record allocators; a part of Go's mheap.init. */
export function specialsInit(m: Memory): void {
  const h = mheap_(m);
  const stat = other_sysAt(memstats(m));
  fixallocInit(m, mheap.specialfinalizeralloc(h), special.finalizerLayout.size, 0, 0, stat);
  fixallocInit(m, mheap.specialCleanupAlloc(h), special.cleanupLayout.size, 0, 0, stat);
  fixallocInit(m, mheap.specialCheckFinalizerAlloc(h), special.checkFinalizerLayout.size, 0, 0, stat);
  fixallocInit(m, mheap.specialTinyBlockAlloc(h), special.tinyBlockLayout.size, 0, 0, stat);
  fixallocInit(m, mheap.specialprofilealloc(h), special.profileLayout.size, 0, 0, stat);
  fixallocInit(m, mheap.specialReachableAlloc(h), special.reachableLayout.size, 0, 0, stat);
  fixallocInit(m, mheap.specialPinCounterAlloc(h), special.pinCounterLayout.size, 0, 0, stat);
  fixallocInit(m, mheap.specialWeakHandleAlloc(h), special.weakHandleLayout.size, 0, 0, gcMiscSysAt(memstats(m)));
}

// The list of a span.

/** The bit of the span's first page: the collector looks for specials only where it is set. */
function spanHasSpecials(m: Memory, s: MSpan): void {
  const base = mspan.startAddr(m, s);
  or8(m, heaparena.pageSpecials(heapArenaOf(m, base)) + pageIndexOf(base), pageMaskOf(base));
}

export function spanHasNoSpecials(m: Memory, s: MSpan): void {
  const base = mspan.startAddr(m, s);
  and8(m, heaparena.pageSpecials(heapArenaOf(m, base)) + pageIndexOf(base), 0xff ^ pageMaskOf(base));
}

/** Offset of the word that links a span to its first special. */
const specialsField = mspan.layout.fields.find((f) => f.name === "specials")!.offset;

/** Where the list of the span begins. */
export function specialsAt(s: MSpan): Splice {
  return s + specialsField;
}

/** The special that a place links to; 0 at the end. */
export function specialOf(m: Memory, at: Splice): Special {
  return m.i32[at >> 2];
}

function link(m: Memory, at: Splice, s: Special): void {
  m.i32[at >> 2] = s;
}

/** Where a special of this offset and kind is, or belongs; ret[0] is 1 when there is one. */
function specialFindSplicePoint(m: Memory, span: MSpan, offset: number, kind: number): Splice {
  let at = specialsAt(span);
  m.ret[0] = 0;
  for (let s = specialOf(m, at); s !== 0; s = specialOf(m, at)) {
    const o = special.offset(m, s);
    const k = special.kind(m, s);
    if (offset === o && kind === k) {
      m.ret[0] = 1;
      break;
    }
    if (offset < o || (offset === o && kind < k)) break;
    at = special.nextAt(s);
  }
  return at;
}

/**
 * Notes `s` for the byte at `off`. Its kind must be set.
 *
 * @param force also when there is one of its kind at that byte already
 * @returns false when there was one
 */
export function addspecial(m: Memory, off: number, s: Special, force: boolean): boolean {
  const span = spanOfHeap(m, off);
  if (span === 0) throwFatal("addspecial on invalid pointer");
  ensureSwept(m, span);
  const offset = off - mspan.startAddr(m, span);
  lock(m, mspan.speciallock(span));
  const at = specialFindSplicePoint(m, span, offset, special.kind(m, s));
  const isNew = m.ret[0] === 0 || force;
  if (isNew) {
    special.setOffset(m, s, offset);
    special.setNext(m, s, specialOf(m, at));
    link(m, at, s);
    spanHasSpecials(m, span);
  }
  unlock(m, mspan.speciallock(span));
  return isNew;
}

/** Takes the special of a kind at the byte `off` off its list; 0 when there is none. The caller frees the record. */
export function removespecial(m: Memory, off: number, kind: number): Special {
  const span = spanOfHeap(m, off);
  if (span === 0) throwFatal("removespecial on invalid pointer");
  ensureSwept(m, span);
  let result: Special = 0;
  lock(m, mspan.speciallock(span));
  const at = specialFindSplicePoint(m, span, off - mspan.startAddr(m, span), kind);
  if (m.ret[0] === 1) {
    result = specialOf(m, at);
    link(m, at, special.next(m, result));
  }
  if (mspan.specials(m, span) === 0) spanHasNoSpecials(m, span);
  unlock(m, mspan.speciallock(span));
  return result;
}

/** A cleared record from one of the allocators, of this kind. */
function newSpecial(m: Memory, alloc: number, kind: number): Special {
  const h = mheap_(m);
  lock(m, mheap.speciallock(h));
  const s: Special = fixallocAlloc(m, alloc);
  unlock(m, mheap.speciallock(h));
  special.setKind(m, s, kind);
  return s;
}

function freeRecord(m: Memory, alloc: number, s: Special): void {
  const h = mheap_(m);
  lock(m, mheap.speciallock(h));
  fixallocFree(m, alloc, s as number);
  unlock(m, mheap.speciallock(h));
}

// Each kind.

/** Has `fn` called with the object once nothing else leads to it. @returns false when it has a finalizer already */
export function addfinalizer(m: Memory, off: number, fn: number, nret = 0, fint = 0, ot = 0): boolean {
  const alloc = mheap.specialfinalizeralloc(mheap_(m));
  const s = newSpecial(m, alloc, special._KindSpecialFinalizer) as number;
  special.setFn(m, s, fn);
  special.setNret(m, s, nret);
  special.setFint(m, s, fint);
  special.setOt(m, s, ot);
  if (addspecial(m, off, s, false)) return true;
  freeRecord(m, alloc, s);
  return false;
}

export function removefinalizer(m: Memory, off: number): void {
  const s = removespecial(m, off, special._KindSpecialFinalizer);
  if (s !== 0) freeRecord(m, mheap.specialfinalizeralloc(mheap_(m)), s);
}

/** Has `fn(arg)` called after the object is gone. An object may have many. @returns the cleanup's id */
export function addCleanup(m: Memory, off: number, fn: number, arg: number, call = NIL): number {
  const h = mheap_(m);
  lock(m, mheap.speciallock(h));
  const s = fixallocAlloc(m, mheap.specialCleanupAlloc(h));
  const id = mheap.cleanupID(m, h) + 1; // from 1 on
  mheap.setCleanupID(m, h, id);
  unlock(m, mheap.speciallock(h));
  special.setKind(m, s, special._KindSpecialCleanup);
  special.setCleanupCall(m, s, call);
  special.setCleanupFn(m, s, fn);
  special.setCleanupArg(m, s, arg);
  special.setCleanupId(m, s, id);
  addspecial(m, off, s, true);
  return id;
}

/** Notes the bucket that a sampled object is counted in. */
export function setprofilebucket(m: Memory, off: number, b: number): void {
  const s = newSpecial(m, mheap.specialprofilealloc(mheap_(m)), special._KindSpecialProfile) as number;
  special.setBucket(m, s, b);
  if (!addspecial(m, off, s, false)) throwFatal("setprofilebucket: profile already set");
}

/** The object's weak handle: a word in the heap that holds its address until it dies. */
export function getOrAddWeakHandle(m: Memory, off: number): number {
  const known = getWeakHandle(m, off);
  if (known !== NIL) return known;
  const alloc = mheap.specialWeakHandleAlloc(mheap_(m));
  const s = newSpecial(m, alloc, special._KindSpecialWeakHandle) as number;
  const handle = mallocgc(m, weakHandleBytes, 0, true);
  special.setHandle(m, s, handle);
  storePointerAtomic(m, handle, off);
  if (addspecial(m, off, s, false)) return handle;
  freeRecord(m, alloc, s); // somebody else was first
  const other = getWeakHandle(m, off);
  if (other === NIL) throwFatal("failed to get or create weak handle");
  return other;
}

/** The object's weak handle, or NIL. */
export function getWeakHandle(m: Memory, off: number): number {
  const span = spanOfHeap(m, off);
  if (span === 0) throwFatal("getWeakHandle on invalid pointer");
  ensureSwept(m, span);
  lock(m, mspan.speciallock(span));
  const at = specialFindSplicePoint(m, span, off - mspan.startAddr(m, span), special._KindSpecialWeakHandle);
  const handle = m.ret[0] === 1 ? special.handle(m, specialOf(m, at) as number) : NIL;
  unlock(m, mspan.speciallock(span));
  return handle;
}

/** What a weak pointer leads to: the object, kept alive by this, or NIL when it is dead. */
export function makeStrongFromWeak(m: Memory, handle: number): number {
  const off = loadPointerAtomic(m, handle);
  if (off === NIL) return NIL;
  const span = spanOfHeap(m, off);
  if (span === 0) return NIL;
  // An unswept object may be dead already; sweeping it clears the handle.
  ensureSwept(m, span);
  return loadPointerAtomic(m, handle);
}

/** Does what a special asks for when its object dies, and frees the record. @param off the byte that it was set for */
export function freeSpecial(m: Memory, s: Special, off: number, size: number): void {
  const h = mheap_(m);
  const r = s as number;
  switch (special.kind(m, s)) {
    case special._KindSpecialFinalizer:
      queuefinalizer(m, off, special.fn(m, r), special.nret(m, r), special.fint(m, r), special.ot(m, r));
      freeRecord(m, mheap.specialfinalizeralloc(h), s);
      return;
    case special._KindSpecialWeakHandle:
      storePointerAtomic(m, special.handle(m, r), NIL);
      freeRecord(m, mheap.specialWeakHandleAlloc(h), s);
      return;
    case special._KindSpecialProfile:
      mProf_Free(m, special.bucket(m, r), size);
      freeRecord(m, mheap.specialprofilealloc(h), s);
      return;
    case special._KindSpecialReachable:
      special.setDone(m, r, 1);
      return; // whoever made it looks at it, and frees it
    case special._KindSpecialPinCounter:
      freeRecord(m, mheap.specialPinCounterAlloc(h), s);
      return;
    case special._KindSpecialCleanup:
      cleanupEnqueue(m, special.cleanupCall(m, r), special.cleanupFn(m, r), special.cleanupArg(m, r));
      freeRecord(m, mheap.specialCleanupAlloc(h), s);
      return;
    case special._KindSpecialCheckFinalizer:
      freeRecord(m, mheap.specialCheckFinalizerAlloc(h), s);
      return;
    case special._KindSpecialTinyBlock:
      freeRecord(m, mheap.specialTinyBlockAlloc(h), s);
      return;
    default:
      throwFatal("bad special kind");
  }
}

// In a sweep.

/**
 * Before a span's marks become its allocation bits: deals with the specials of every object that is not marked. An
 * object with a finalizer anywhere in it is marked after all, so that the finalizer finds it; its finalizers are queued
 * and its weak handles cleared, and the rest stays. Of a dead object all go.
 */
export function sweepSpecials(m: Memory, s: MSpan, markBitsForIndex: number, size: number): void {
  let at = specialsAt(s);
  for (let it = specialOf(m, at); it !== 0; it = specialOf(m, at)) {
    const objIndex = Math.floor(special.offset(m, it) / size); // it may be set for a byte inside of the object
    const mark = markBitsForIndex + (objIndex >> 3);
    if ((m.u8[mark] & (1 << (objIndex & 7))) !== 0) {
      at = keepLive(m, s, at, it, size);
      continue;
    }
    const endOffset = (objIndex + 1) * size;
    const isRevived = hasFinalizer(m, it, endOffset);
    if (isRevived) m.u8[mark] |= 1 << (objIndex & 7);
    for (let x = specialOf(m, at); x !== 0 && special.offset(m, x) < endOffset; x = specialOf(m, at)) {
      const kind = special.kind(m, x);
      if (isRevived && kind !== special._KindSpecialFinalizer && kind !== special._KindSpecialWeakHandle) {
        at = special.nextAt(x);
        continue;
      }
      link(m, at, special.next(m, x));
      freeSpecial(m, x, mspan.startAddr(m, s) + special.offset(m, x), size);
    }
  }
}

function hasFinalizer(m: Memory, from: Special, endOffset: number): boolean {
  for (let x = from; x !== 0 && special.offset(m, x) < endOffset; x = special.next(m, x)) {
    if (special.kind(m, x) === special._KindSpecialFinalizer) return true;
  }
  return false;
}

/** A marked object keeps its specials, but for the question whether it is reachable, which is answered now. */
function keepLive(m: Memory, s: MSpan, at: Splice, it: Special, size: number): Splice {
  if (special.kind(m, it) !== special._KindSpecialReachable) return special.nextAt(it);
  link(m, at, special.next(m, it));
  special.setReachable(m, it as number, 1);
  freeSpecial(m, it, mspan.startAddr(m, s) + special.offset(m, it), size);
  return at;
}

// The queues.

/** Queues a finalizer. Not while marking: the collector does not look at the queue twice. */
function queuefinalizer(m: Memory, arg: number, fn: number, nret: number, fint: number, ot: number): void {
  if (gcphase(m) !== 0) throwFatal("queuefinalizer during GC");
  const q = finalizers(m);
  lock(m, mfinal.finlock(q));
  if (mfinal.finq(m, q) === 0 || mfinal.cnt(m, mfinal.finq(m, q)) === mfinal.finBlockEntries) {
    if (mfinal.finc(m, q) === 0) {
      const fresh = persistentalloc(m, mfinal.finBlockSize, 0, gcMiscSysAt(memstats(m)));
      mfinal.setAlllink(m, fresh, mfinal.allfin(m, q));
      mfinal.setAllfin(m, q, fresh);
      mfinal.setFinc(m, q, fresh);
    }
    const block = mfinal.finc(m, q);
    mfinal.setFinc(m, q, mfinal.next(m, block));
    mfinal.setNext(m, block, mfinal.finq(m, q));
    mfinal.setFinq(m, q, block);
  }
  const block = mfinal.finq(m, q);
  const f = mfinal.fin(block, mfinal.cnt(m, block));
  mfinal.addCnt(m, block, 1);
  mfinal.setFn(m, f, fn);
  mfinal.setNret(m, f, nret);
  mfinal.setFint(m, f, fint);
  mfinal.setOt(m, f, ot);
  mfinal.setArg(m, f, arg);
  mfinal.setFinqueued(m, q, mfinal.finqueued(m, q) + 1);
  unlock(m, mfinal.finlock(q));
}

/** Queues a cleanup in the P's block; a full block goes to all. Go: cleanupQueue.enqueue. */
function cleanupEnqueue(m: Memory, call: number, fn: number, arg: number): void {
  let b = p.cleanups(m, m.p);
  if (b === 0) {
    b = newCleanupBlock(m);
    p.setCleanups(m, m.p, b);
  }
  const n = mfinal.n(m, b);
  const c = mfinal.blockCleanups(b, n);
  mfinal.setCall(m, c, call);
  mfinal.setCleanupFn(m, c, fn);
  mfinal.setCleanupArg(m, c, arg);
  mfinal.setN(m, b, n + 1);
  if (n + 1 === mfinal.cleanupBlockEntries) {
    pushFull(m, b);
    p.setCleanups(m, m.p, 0);
  }
  p.setCleanupsQueued(m, m.p, p.cleanupsQueued(m, m.p) + 1);
}

/** An emptied block, or a new one. */
function newCleanupBlock(m: Memory): mfinal.CleanupBlock {
  const q = finalizers(m);
  for (let b = mfinal.free(m, q); b !== 0; b = mfinal.free(m, q)) {
    if (mfinal.freeCas(m, q, b, mfinal.blockNext(m, b))) return b;
  }
  const b: mfinal.CleanupBlock = persistentalloc(m, mfinal.cleanupBlockSize, 512, gcMiscSysAt(memstats(m)));
  for (;;) {
    const next = mfinal.all(m, q);
    mfinal.setBlockAlllink(m, b, next);
    if (mfinal.allCas(m, q, next, b)) return b;
  }
}

function pushFull(m: Memory, b: mfinal.CleanupBlock): void {
  const q = finalizers(m);
  for (;;) {
    const old = mfinal.full(m, q);
    mfinal.setBlockNext(m, b, old);
    if (mfinal.fullCas(m, q, old, b)) return;
  }
}
