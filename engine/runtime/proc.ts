/**
 * Ps: how many there are, and what each gets and gives back.
 *
 * P 0 takes over the mcache of the time before; every other P gets a fresh one. Page cache and mspan cache begin empty.
 * When their number is lowered, a P that goes gives everything back in this order: mspan records, pages, the spans in
 * its mcache and the stacks, the mcache, its dead gs. A P that is merely idle keeps all of it.
 *
 * The thread (`Memory`) runs one P at a time, `m.p`. Changing their number needs a stopped world.
 *
 * Go 1.26: runtime/proc.go (schedinit, procresize, p.init, p.destroy, acquirep, releasep).
 * Differs: only what memory needs; there are no run queues and timers to hand on. Differs: at most 256 Ps, whose records lie
 * in the data segment: Go makes them on its heap, so that this heap is emptier at the start.
 */
import { lock, unlock } from "../memory/atomics.ts";
import { throwFatal } from "../memory/fatal.ts";
import type { Memory } from "../memory/memory.ts";
import { noMemoryLimit } from "../records/gcController.ts";
import * as globals from "../records/globals.ts";
import * as gsched from "../records/gsched.ts";
import * as mfinal from "../records/mfinal.ts";
import * as mgcwork from "../records/mgcwork.ts";
import * as mheap from "../records/mheap.ts";
import type { P } from "../records/runtime2.ts";
import * as p from "../records/runtime2.ts";
import { type HeapOptions, mallocinit } from "./mallocinit.ts";
import { allocmcache, freemcache, prepareForSweep } from "./mcache.ts";
import { fixallocFree } from "./mfixalloc.ts";
import { gcinit } from "./mgc.ts";
import { scavengerInit } from "./mgcscavenge_pace.ts";
import { pageCacheFlush } from "./mpagecache.ts";
import { profileSeed } from "./mprof.ts";
import { wbBufReset } from "./mwbbuf.ts";
import { gfpurge, gTypesInit } from "./proc_g.ts";
import { stackinit } from "./stack.ts";
import { symtabInit } from "./symtab.ts";

/** Boots a process: an empty heap and its Ps, the first of which this thread runs. */
export function schedinit(m: Memory, options: HeapOptions = {}): void {
  stackinit(m);
  symtabInit(m);
  gTypesInit(m);
  profileSeed(m, options.seedLo ?? 1);
  mallocinit(m, options);
  gcinit(m, options.memoryLimit ?? noMemoryLimit);
  lock(m, globals.schedLock(m));
  procresize(m, options.procs ?? 1);
  unlock(m, globals.schedLock(m));
  scavengerInit(m, globals.scavenger(m));
}

/** Makes `nprocs` Ps run. The world is stopped and the caller has the scheduler's lock. */
export function procresize(m: Memory, nprocs: number): void {
  if (nprocs <= 0) throwFatal("procresize: invalid arg");
  if (nprocs > globals.maxProcs) throw new RangeError(`${nprocs} Ps: at most ${globals.maxProcs}`);
  const old = globals.gomaxprocs(m);
  if (nprocs > old) resizeAllp(m);
  for (let i = old; i < nprocs; i++) initP(m, globals.allp(m, i), i);

  if (m.p !== 0 && p.id(m, m.p) < nprocs) {
    p.setStatus(m, m.p, p._Prunning);
    prepareForSweep(m, p.mcache(m, m.p));
  } else {
    // Before the present P is destroyed: that needs a P to run on.
    m.p = 0;
    p.setStatus(m, globals.allp(m, 0), p._Pidle);
    acquirep(m, globals.allp(m, 0));
  }
  globals.setMcache0(m, 0);

  for (let i = nprocs; i < old; i++) destroyP(m, globals.allp(m, i));
  if (nprocs < old) resizeAllp(m);
  for (let i = nprocs - 1; i >= 0; i--) {
    const pp = globals.allp(m, i);
    if (pp !== m.p) p.setStatus(m, pp, p._Pidle);
  }
  globals.setGomaxprocs(m, nprocs);
}

/** The array of Ps is as long as it can get; what remains of growing it is its lock. */
function resizeAllp(m: Memory): void {
  lock(m, globals.allpLock(m));
  unlock(m, globals.allpLock(m));
}

/** Go: p.init. */
function initP(m: Memory, pp: P, id: number): void {
  p.setId(m, pp, id);
  mgcwork.setId(m, p.gcw(pp), id);
  p.setStatus(m, pp, p._Pgcstop);
  wbBufReset(m, p.wbBuf(pp));
  if (p.mcache(m, pp) !== 0) return;
  if (id !== 0) {
    p.setMcache(m, pp, allocmcache(m));
    return;
  }
  if (globals.mcache0(m) === 0) throwFatal("missing mcache?");
  p.setMcache(m, pp, globals.mcache0(m));
}

/** Go: p.destroy. */
function destroyP(m: Memory, pp: P): void {
  if (globals.gcphase(m) !== 0) throwFatal("P destroyed while GC is running");
  const h = globals.mheap_(m);
  const cached = p.mspancacheLen(m, pp);
  for (let i = 0; i < cached; i++) {
    fixallocFree(m, mheap.spanalloc(h), p.mspancacheBuf(m, pp, i)); // without the lock: the world is stopped
  }
  p.setMspancacheLen(m, pp, 0);
  lock(m, mheap.lock(h));
  pageCacheFlush(m, p.pcache(pp), mheap.pages(h));
  unlock(m, mheap.lock(h));
  freemcache(m, p.mcache(m, pp));
  p.setMcache(m, pp, 0);
  gfpurge(m, pp);
  mfinal.setQueued(m, globals.finalizers(m), mfinal.queued(m, globals.finalizers(m)) + p.cleanupsQueued(m, pp));
  p.setCleanupsQueued(m, pp, 0);
  const s = globals.sched(m);
  gsched.setGoroutinesCreated(m, s, gsched.goroutinesCreated(m, s) + p.goroutinesCreated(m, pp));
  p.setGoroutinesCreated(m, pp, 0);
  p.setStatus(m, pp, p._Pdead);
}

/** Lets this thread run P `pp`. A cache that the P has kept over the start of a sweep is flushed first. */
export function acquirep(m: Memory, pp: P): void {
  if (m.p !== 0) throwFatal("wirep: already in go");
  if (p.status(m, pp) !== p._Pidle) throwFatal("wirep: invalid p state");
  m.p = pp as number;
  p.setStatus(m, pp, p._Prunning);
  prepareForSweep(m, p.mcache(m, pp));
}

/** Lets go of the P that this thread runs. */
export function releasep(m: Memory): P {
  if (m.p === 0) throwFatal("releasep: invalid arg");
  const pp: P = m.p;
  if (p.status(m, pp) !== p._Prunning) throwFatal("releasep: invalid p state");
  m.p = 0;
  p.setStatus(m, pp, p._Pidle);
  return pp;
}
