/**
 * Goroutines as far as memory goes: how one comes by its g and its stack, and what becomes of both when it ends.
 *
 *   newproc1 ─ gfget ─┬─ a dead g of this P, the last first; its stack is still there if it has the starting size
 *                     ├─ none: up to 32 from the lists for all, those with a stack first
 *                     └─ none at all: malg, a new g (480 bytes of heap) with 2048 bytes of stack
 *   gdestroy ─ gfput ── keeps the stack only if it has the starting size; at 64 dead gs, all but 31 go to all
 *
 * A stack in the list for all is freed by the next collection; those in the Ps' lists are kept.
 *
 * Go 1.26: runtime/proc.go (malg, newproc1, gfput, gfget, gfpurge, gdestroy, allgadd), runtime/mgcmark.go
 * (markrootFreeGStacks).
 * Differs: a goroutine is what a caller makes of it: nothing is put on a run queue.
 */

import { storePointer } from "../memory/address.ts";
import { lock, unlock } from "../memory/atomics.ts";
import { throwFatal } from "../memory/fatal.ts";
import { type Memory, NIL } from "../memory/memory.ts";
import * as g from "../records/g.ts";
import { allp, gMask, gomaxprocs, gPtrType, gType, pclntab, sched } from "../records/globals.ts";
import * as gsched from "../records/gsched.ts";
import type { P } from "../records/runtime2.ts";
import * as p from "../records/runtime2.ts";
import * as symtab from "../records/symtab.ts";
import * as abi from "../records/type.ts";
import { gostartcall } from "./asm_amd64.ts";
import { mallocgc } from "./malloc.ts";
import { growslice } from "./slice.ts";
import { fixedStack, round2, stackalloc, stackfree, stackGuard } from "./stack.ts";

/** goids that a P fetches at once. */
const _GoidCacheBatch = 16;

/** Writes the descriptors of g and *g, which the linker does for Go. */
export function gTypesInit(m: Memory): void {
  const mask = gMask(m);
  m.i32[mask >> 2] = g.ptrMaskLo;
  m.i32[(mask >> 2) + 1] = g.ptrMaskHi;
  m.i32[(mask >> 2) + 2] = 1;
  writeType(m, gType(m), g.layout.size, g.ptrBytes, mask);
  writeType(m, gPtrType(m), 8, 8, mask + 8);
}

function writeType(m: Memory, t: abi.Type, size: number, ptrBytes: number, mask: number): void {
  abi.setSize(m, t, size);
  abi.setPtrBytes(m, t, ptrBytes);
  abi.setAlign(m, t, 8);
  abi.setFieldAlign(m, t, 8);
  abi.setGcData(m, t, mask);
}

/** Changes the status from one value to another, which it must have. */
export function casgstatus(m: Memory, gp: g.G, oldval: number, newval: number): void {
  if (!g.atomicstatusCas(m, gp, oldval, newval)) throwFatal("casgstatus: bad incoming values");
}

/** A new g. @param stacksize bytes, rounded up to a power of two; negative: without a stack */
export function malg(m: Memory, stacksize: number): g.G {
  const newg = mallocgc(m, g.layout.size, gType(m), true);
  if (stacksize < 0) return newg;
  const n = round2(stacksize);
  setStack(m, newg, stackalloc(m, n), n);
  storePointer(m, g.stackLo(m, newg), NIL); // the bottom word is cleared, as other systems keep the g there
  return newg;
}

function setStack(m: Memory, gp: g.G, lo: number, n: number): void {
  g.setStackLo(m, gp, lo);
  g.setStackHi(m, gp, lo + n);
  g.setStackguard0(m, gp, lo + stackGuard);
}

function freeStack(m: Memory, gp: g.G): void {
  stackfree(m, g.stackLo(m, gp), stackSize(m, gp));
  g.setStackLo(m, gp, NIL);
  g.setStackHi(m, gp, NIL);
  g.setStackguard0(m, gp, NIL);
}

function stackSize(m: Memory, gp: g.G): number {
  return g.stackLo(m, gp) === NIL ? 0 : g.stackHi(m, gp) - g.stackLo(m, gp);
}

/** Enters a g among all, where the collector finds it. */
function allgadd(m: Memory, gp: g.G): void {
  if (g.atomicstatus(m, gp) === g._Gidle) throwFatal("allgadd: bad status Gidle");
  const s = sched(m);
  lock(m, gsched.allglock(s));
  const len = gsched.allgsLen(m, s);
  const cap = gsched.allgsCap(m, s);
  if (len === cap) {
    gsched.setAllgs(m, s, growslice(m, len === 0 ? NIL : gsched.allgs(m, s), len + 1, cap, 1, gPtrType(m)));
    gsched.setAllgsCap(m, s, m.ret[0]);
  }
  storePointer(m, gsched.allgs(m, s) + 8 * len, gp);
  gsched.setAllgsLen(m, s, len + 1);
  unlock(m, gsched.allglock(s));
}

/** A goroutine that is ready to run function `fn`. */
export function newproc1(m: Memory, fn: symtab.Func): g.G {
  const pp: P = m.p;
  let newg = gfget(m, pp);
  if (newg === NIL) {
    newg = malg(m, fixedStack);
    casgstatus(m, newg, g._Gidle, g._Gdead);
    allgadd(m, newg);
  }
  if (g.stackHi(m, newg) === NIL) throwFatal("newproc1: newg missing stack");
  if (g.atomicstatus(m, newg) !== g._Gdead) throwFatal("newproc1: new g is not Gdead");

  const sp = g.stackHi(m, newg) - 32; // room for reads slightly beyond the frame
  g.clearSched(m, newg);
  g.setSchedSp(m, newg, sp);
  g.setStktopsp(m, newg, sp);
  g.setSchedPc(m, newg, symtab.goexitPC(pclntab(m)));
  gostartcall(m, newg, fn);
  g.setStartpc(m, newg, symtab.entry(m, fn));
  if (p.goidcache(m, pp) === p.goidcacheend(m, pp)) {
    const last = gsched.addGoidgen(m, sched(m), _GoidCacheBatch);
    p.setGoidcache(m, pp, last - _GoidCacheBatch + 1);
    p.setGoidcacheend(m, pp, last + 1);
  }
  g.setGoid(m, newg, p.goidcache(m, pp));
  casgstatus(m, newg, g._Gdead, g._Grunnable);
  p.setGoidcache(m, pp, p.goidcache(m, pp) + 1);
  p.setGoroutinesCreated(m, pp, p.goroutinesCreated(m, pp) + 1);
  return newg;
}

/** Ends a goroutine that runs. */
export function gdestroy(m: Memory, gp: g.G): void {
  casgstatus(m, gp, g._Grunning, g._Gdead);
  gfput(m, m.p, gp);
}

// Dead gs.

function push(m: Memory, list: gsched.GList, gp: g.G): void {
  g.setSchedlink(m, gp, gsched.head(m, list));
  gsched.setHead(m, list, gp);
  gsched.setSize(m, list, gsched.size(m, list) + 1);
}

function pop(m: Memory, list: gsched.GList): g.G {
  const gp = gsched.head(m, list);
  if (gp === NIL) return NIL;
  gsched.setHead(m, list, g.schedlink(m, gp));
  g.setSchedlink(m, gp, NIL);
  gsched.setSize(m, list, gsched.size(m, list) - 1);
  return gp;
}

/** Puts a dead g into the P's list. */
export function gfput(m: Memory, pp: P, gp: g.G): void {
  if (g.atomicstatus(m, gp) !== g._Gdead) throwFatal("gfput: bad status (not Gdead)");
  if (stackSize(m, gp) !== gsched.startingStackSize(m, sched(m))) freeStack(m, gp);
  const gFree = p.gFree(pp);
  push(m, gFree, gp);
  if (gsched.size(m, gFree) >= 64) spill(m, gFree, 32);
}

/**
 * Moves gs to the lists for all while there are at least `n`. They go to the front one by one, so that the last moved
 * is the first to be taken.
 */
function spill(m: Memory, gFree: gsched.GList, n: number): void {
  const s = sched(m);
  lock(m, gsched.gFreeLock(s));
  while (gsched.size(m, gFree) >= n) {
    const gp = pop(m, gFree);
    push(m, g.stackLo(m, gp) === NIL ? gsched.gFreeNoStack(s) : gsched.gFreeStack(s), gp);
  }
  unlock(m, gsched.gFreeLock(s));
}

/** A dead g to use again, with a stack of the starting size; NIL when there is none. */
export function gfget(m: Memory, pp: P): g.G {
  const s = sched(m);
  const gFree = p.gFree(pp);
  if (gsched.head(m, gFree) === NIL) fetch(m, s, gFree);
  const gp = pop(m, gFree);
  if (gp === NIL) return NIL;
  const startingStackSize = gsched.startingStackSize(m, s);
  if (g.stackLo(m, gp) !== NIL && stackSize(m, gp) !== startingStackSize) freeStack(m, gp);
  if (g.stackLo(m, gp) === NIL) setStack(m, gp, stackalloc(m, startingStackSize), startingStackSize);
  return gp;
}

/** Moves up to 32 dead gs from the lists for all, those with stacks first. */
function fetch(m: Memory, s: gsched.Sched, gFree: gsched.GList): void {
  const stack = gsched.gFreeStack(s);
  const noStack = gsched.gFreeNoStack(s);
  if (gsched.head(m, stack) === NIL && gsched.head(m, noStack) === NIL) return;
  lock(m, gsched.gFreeLock(s));
  while (gsched.size(m, gFree) < 32) {
    let gp = pop(m, stack);
    if (gp === NIL) gp = pop(m, noStack);
    if (gp === NIL) break;
    push(m, gFree, gp);
  }
  unlock(m, gsched.gFreeLock(s));
}

/** Moves all dead gs of a P that goes to the lists for all. */
export function gfpurge(m: Memory, pp: P): void {
  spill(m, p.gFree(pp), 1);
}

/** Frees the stacks in the list for all: a step of marking, done by one worker. */
export function markrootFreeGStacks(m: Memory): void {
  const s = sched(m);
  const stack = gsched.gFreeStack(s);
  const noStack = gsched.gFreeNoStack(s);
  lock(m, gsched.gFreeLock(s));
  const head = gsched.head(m, stack);
  const n = gsched.size(m, stack);
  gsched.setHead(m, stack, NIL);
  gsched.setSize(m, stack, 0);
  unlock(m, gsched.gFreeLock(s));
  if (head === NIL) return;

  let tail = NIL;
  for (let gp = head; gp !== NIL; gp = g.schedlink(m, gp)) {
    tail = gp;
    stackfree(m, g.stackLo(m, gp), stackSize(m, gp));
    g.setStackLo(m, gp, NIL);
    g.setStackHi(m, gp, NIL);
  }
  lock(m, gsched.gFreeLock(s));
  g.setSchedlink(m, tail, gsched.head(m, noStack));
  gsched.setHead(m, noStack, head);
  gsched.setSize(m, noStack, gsched.size(m, noStack) + n);
  unlock(m, gsched.gFreeLock(s));
}

/** Number of goroutines ever made that were not dead when last looked at. */
export function gcount(m: Memory): number {
  const s = sched(m);
  let n = gsched.allgsLen(m, s) - gsched.size(m, gsched.gFreeStack(s)) - gsched.size(m, gsched.gFreeNoStack(s));
  for (let i = 0; i < gomaxprocs(m); i++) n -= gsched.size(m, p.gFree(allp(m, i)));
  return n;
}
