/**
 * Roots: where a collection begins: queued finalizers and cleanups, dead goroutines' stacks (to be freed), the
 * program's global variables, specials, stacks.
 *
 * A stack is measured and may be halved before it is read, as the goroutine stands still.
 *
 * Go 1.26: runtime/mgcmark.go (gcMarkRoots: markroot, markrootBlock, markrootSpans, scanstack, gcScanFinalizer).
 * Differs: an object that a root leads to is marked; what it leads to in turn is not looked at.
 * Differs: all roots are visited at once, while the world is stopped.
 */
import { loadPointer } from "../memory/address.ts";
import { load32 } from "../memory/atomics.ts";
import { type Memory, NIL } from "../memory/memory.ts";
import * as g from "../records/g.ts";
import { allp, data, edata, finalizers, gcdatamask, mheap_, sched } from "../records/globals.ts";
import * as gsched from "../records/gsched.ts";
import * as heaparena from "../records/heaparena.ts";
import * as mfinal from "../records/mfinal.ts";
import * as mheap from "../records/mheap.ts";
import type { MSpan } from "../records/mspan.ts";
import * as mspan from "../records/mspan.ts";
import * as p from "../records/runtime2.ts";
import * as special from "../records/special.ts";
import * as symtab from "../records/symtab.ts";
import { markObject } from "./mgcmark.ts";
import { arenaAt, spanOfHeap } from "./mheap.ts";
import { specialOf, specialsAt } from "./mheap_specials.ts";
import { markrootFreeGStacks } from "./proc_g.ts";
import { shrinkstack } from "./stack.ts";
import { newUnwinder, unwinderInit, unwinderNext, unwinderValid } from "./traceback.ts";

/** Visits all roots, in Go's order. The world is stopped. */
export function gcMarkRoots(m: Memory): void {
  markrootFinalizers(m);
  markrootFreeGStacks(m);
  markrootCleanups(m);
  markWords(m, data(m), gcdatamask(m), edata(m) >> 3);
  markrootSpans(m);
  markrootStacks(m);
}

/** Marks the object that a root leads to, if it is one of the heap's. */
function markFrom(m: Memory, off: number): void {
  if (off !== NIL && spanOfHeap(m, off) !== 0) markObject(m, off);
}

/** Marks from the words of [base, base + 8n) that the mask names. */
function markWords(m: Memory, base: number, mask: number, n: number): void {
  for (let i = 0; i < n; i++) {
    if ((m.u8[mask + (i >> 3)] & (1 << (i & 7))) !== 0) markFrom(m, loadPointer(m, base + 8 * i));
  }
}

function markrootFinalizers(m: Memory): void {
  for (let b = mfinal.allfin(m, finalizers(m)); b !== 0; b = mfinal.alllink(m, b)) {
    const n = mfinal.cnt(m, b);
    for (let i = 0; i < n; i++) {
      markFrom(m, mfinal.fn(m, mfinal.fin(b, i)));
      markFrom(m, mfinal.arg(m, mfinal.fin(b, i)));
    }
  }
}

function markrootCleanups(m: Memory): void {
  for (let b = mfinal.all(m, finalizers(m)); b !== 0; b = mfinal.blockAlllink(m, b)) {
    const n = mfinal.n(m, b);
    for (let i = 0; i < n; i++) {
      const c = mfinal.blockCleanups(b, i);
      markFrom(m, mfinal.call(m, c));
      markFrom(m, mfinal.cleanupFn(m, c));
      markFrom(m, mfinal.cleanupArg(m, c));
    }
  }
}

/** Specials that hold pointers are roots; which spans have any is told by the arenas' bits. */
function markrootSpans(m: Memory): void {
  const h = mheap_(m);
  const n = mheap.heapArenasLen(m, h);
  for (let k = 0; k < n; k++) {
    const ha = arenaAt(m, load32(m, mheap.heapArenas(m, h) + 8 * k));
    const bits = heaparena.pageSpecials(ha);
    for (let i = 0; i < 1024; i++) {
      if (m.u8[bits + i] === 0) continue;
      for (let j = 0; j < 8; j++) {
        if ((m.u8[bits + i] & (1 << j)) !== 0) markSpecials(m, heaparena.spans(m, ha, 8 * i + j));
      }
    }
  }
}

function markSpecials(m: Memory, s: MSpan): void {
  if (mspan.state(m, s) !== mspan.mSpanInUse) return;
  for (let x = specialOf(m, specialsAt(s)); x !== 0; x = special.next(m, x)) {
    const r = x as number;
    switch (special.kind(m, x)) {
      case special._KindSpecialFinalizer: // not the object itself, or it would never be collected
        markFrom(m, special.fn(m, r));
        break;
      case special._KindSpecialWeakHandle:
        markFrom(m, special.handle(m, r));
        break;
      case special._KindSpecialCleanup:
        markFrom(m, special.cleanupCall(m, r));
        markFrom(m, special.cleanupFn(m, r));
        markFrom(m, special.cleanupArg(m, r));
        break;
    }
  }
}

/** The gs themselves, of which the heap holds a list, and the stacks of those that are not dead. */
function markrootStacks(m: Memory): void {
  const s = sched(m);
  const n = gsched.allgsLen(m, s);
  if (n === 0) return;
  markFrom(m, gsched.allgs(m, s));
  for (let i = 0; i < n; i++) {
    const gp = loadPointer(m, gsched.allgs(m, s) + 8 * i);
    markFrom(m, gp);
    if (g.atomicstatus(m, gp) !== g._Gdead) scanstack(m, gp);
  }
}

/** Reads one stack, after it was halved if it was much too large. */
function scanstack(m: Memory, gp: g.G): void {
  const status = g.atomicstatus(m, gp);
  g.setAtomicstatus(m, gp, status | g._Gscan);
  const pp = m.p === 0 ? allp(m, 0) : m.p;
  p.setScannedStackSize(m, pp, p.scannedStackSize(m, pp) + g.stackHi(m, gp) - g.schedSp(m, gp));
  p.setScannedStacks(m, pp, p.scannedStacks(m, pp) + 1);
  shrinkstack(m, gp);
  markFrom(m, g.schedCtxt(m, gp));
  const u = newUnwinder();
  for (unwinderInit(m, u, gp); unwinderValid(u); unwinderNext(m, u)) {
    const locals = symtab.nlocals(m, u.pc);
    markWords(m, u.varp - 8 * locals, symtab.localsMask(u.pc), locals);
    markWords(m, u.argp, symtab.argsMask(m, u.pc), symtab.nargs(m, u.pc));
  }
  g.setAtomicstatus(m, gp, status);
}
