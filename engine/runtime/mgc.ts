/**
 * A cycle without a collector: the caller states what lives, and the heap is swept as Go sweeps it.
 *
 *   gcBeginCycle   finish the sweep before, clear the marks, mark the current tiny blocks; then mark what lives
 *   gcEndMarking   heapLive is what was marked; sweepgen += 2: every span but those just flushed needs sweeping;
 *                  the scavenger's goals are set, and its next generation begins
 *   sweepone …     until nothing is left
 *
 * Go 1.26: runtime/mgc.go (gcinit, gcStart, gcMark, gcMarkTermination, gcSweep), runtime/mgcpacer.go (startCycle,
 * endCycle, resetLive).
 * Differs: no tracing between the two, and the write barrier stays off; but roots are visited, and what they lead to is marked.
 * Differs: every P but the running one counts as idle when the caches are flushed.
 * Differs: heapScan restarts from 0: how much of the live objects is pointers is known to a collector only.
 */
import { lock, unlock } from "../memory/atomics.ts";
import { throwFatal } from "../memory/fatal.ts";
import type { Memory } from "../memory/memory.ts";
import { noUint64 } from "../memory/u64.ts";
import * as gcc from "../records/gcController.ts";
import {
  allp,
  gcController,
  gomaxprocs,
  memstats,
  mheap_,
  scavenge,
  setGcphase,
  sweep,
  work,
} from "../records/globals.ts";
import { numgc, setLastHeapInUse, setNumgc } from "../records/memstats.ts";
import * as scav from "../records/mgcscavenge.ts";
import * as mheap from "../records/mheap.ts";
import * as p from "../records/runtime2.ts";
import * as sweepdata from "../records/sweep.ts";
import * as workRecord from "../records/work.ts";
import { prepareForSweep } from "./mcache.ts";
import { gcMarkTinyAllocs, gcResetMarkState } from "./mgcmark.ts";
import { gcMarkRoots } from "./mgcmark_roots.ts";
import { gcControllerCommit, gcControllerInit, heapGoal } from "./mgcpacer.ts";
import { indexNextGen } from "./mgcscavenge_index.ts";
import { activeBegin, activeEnd, finishsweep_m, nothingToSweep, sweepDrainedMask, sweepone } from "./mgcsweep.ts";
import { freeSomeWbufs, gcWorkDispose, gcWorkEmpty, prepareFreeWorkbufs } from "./mgcwork.ts";
import { scavIndex } from "./mpagealloc.ts";
import { pageCacheFlush } from "./mpagecache.ts";
import { mProf_Flush, mProf_NextCycle } from "./mprof.ts";
import { wbBufReset } from "./mwbbuf.ts";
import { forEachP } from "./proc_world.ts";
import { freeStackSpans, gcComputeStartingStackSize } from "./stack.ts";

/** Before the first P: no sweep is under way, and the heap has a goal. @param memoryLimit bytes, 2^63 for none */
export function gcinit(m: Memory, memoryLimit: number): void {
  sweepdata.setState(m, sweep(m), sweepDrainedMask);
  gcControllerInit(m, 100, memoryLimit);
}

/** Phases of a cycle, in gcphase. */
export const _GCoff = 0;
export const _GCmark = 1;
export const _GCmarktermination = 2;

/** Ends the sweep of the cycle before and readies the marks. The world is stopped. */
export function gcBeginCycle(m: Memory): void {
  finishsweep_m(m);
  gcResetMarkState(m);
  const gc = gcController(m);
  gcc.setTriggered(m, gc, gcc.heapLive(m, gc));
  setGcphase(m, _GCmark);
  gcMarkTinyAllocs(m);
  gcMarkRoots(m);
}

/** Begins the sweep: from here on every unmarked object is garbage. The world is stopped until the caches are flushed. */
export function gcEndMarking(m: Memory): void {
  flushBeforeSweep(m, gcMarkTermination(m));
}

/**
 * The part of it for which the world must stand still. What comes next holds the sweep open: `flushBeforeSweep`, or, when
 * other threads run again, `gcFlushRunning`.
 *
 * @returns the generation of the sweep
 */
export function gcMarkTermination(m: Memory): number {
  gcComputeStartingStackSize(m);
  flushMarkWork(m);
  setGcphase(m, _GCoff);
  const gc = gcController(m);
  gcc.setLastHeapGoal(m, gc, heapGoal(m));
  const marked = workRecord.bytesMarked(m, work(m));
  gcc.setHeapMarked(m, gc, marked);
  gcc.setHeapLive(m, gc, marked);
  gcc.setHeapScan(m, gc, 0);
  gcc.setTriggered(m, gc, noUint64);
  workRecord.addCycles(m, work(m), 1);
  gcSweep(m);

  setLastHeapInUse(m, memstats(m), gcc.heapInUse(m, gc));
  gcControllerCommit(m);
  scav.setAssistTime(m, scavenge(m), 0);
  scav.setBackgroundTime(m, scavenge(m), 0);
  setNumgc(m, memstats(m), numgc(m, memstats(m)) + 1);
  indexNextGen(m, scavIndex(mheap.pages(mheap_(m)))); // the heap is at its fullest: about to be swept
  mProf_NextCycle(m);
  if (!activeBegin(m)) throwFatal("failed to set sweep barrier");
  return mheap.sweepgen(m, mheap_(m));
}

/** Ends the marking for each P: what its stores have recorded does not matter any more, and its figures are told. Go: gcMark. */
function flushMarkWork(m: Memory): void {
  const n = gomaxprocs(m);
  for (let i = 0; i < n; i++) {
    const pp = allp(m, i);
    wbBufReset(m, p.wbBuf(pp));
    if (!gcWorkEmpty(m, p.gcw(pp))) throwFatal("P has cached GC work at end of mark termination");
    gcWorkDispose(m, p.gcw(pp));
  }
}

/** Lets the swept and the unswept sets of every class change places. Go: gcSweep. */
function gcSweep(m: Memory): void {
  const h = mheap_(m);
  lock(m, mheap.lock(h));
  mheap.setSweepgen(m, h, mheap.sweepgen(m, h) + 2);
  sweepdata.setState(m, sweep(m), 0);
  mheap.setPagesSwept(m, h, 0);
  mheap.setSweepArenas(m, h, mheap.heapArenas(m, h));
  mheap.setSweepArenasLen(m, h, mheap.heapArenasLen(m, h));
  mheap.setReclaimIndex(m, h, 0);
  mheap.setReclaimCredit(m, h, 0);
  mheap.setSweepPagesPerByte(m, h, 0); // nothing paces the sweep while nothing triggers the next cycle
  unlock(m, mheap.lock(h));
  sweepdata.setCentralIndex(m, sweep(m), 0);
}

/**
 * Flushes every P's mcache, which sweeps the spans in it: the other Ps' first, as idle Ps' are, then the running one's.
 * An idle P gives its page cache back, too.
 * The sweep is not done before the last is flushed, hence the token. Before that, what marking has held back goes: the
 * spans of work buffers become free, those of stacks are given back.
 */
function flushBeforeSweep(m: Memory, sg: number): void {
  freeHeldBack(m);
  const n = gomaxprocs(m);
  for (let i = 0; i < n; i++) {
    if (allp(m, i) === m.p) continue;
    flush(m, allp(m, i));
    flushPages(m, allp(m, i));
  }
  if (m.p !== 0) flush(m, m.p);
  activeEnd(m, sg);
}

/** The same while the world runs: every P flushes its own caches, as soon as it comes to a safe point. */
export function gcFlushRunning(m: Memory, sg: number): void {
  freeHeldBack(m);
  forEachP(m);
  activeEnd(m, sg);
}

function freeHeldBack(m: Memory): void {
  mProf_Flush(m);
  prepareFreeWorkbufs(m);
  freeStackSpans(m);
}

function flush(m: Memory, pp: p.P): void {
  const c = p.mcache(m, pp);
  if (c !== 0) prepareForSweep(m, c);
}

/** Gives the pages in a P's page cache back. The heap lock must be free. */
export function flushPages(m: Memory, pp: p.P): void {
  const h = mheap_(m);
  lock(m, mheap.lock(h));
  pageCacheFlush(m, p.pcache(pp), mheap.pages(h));
  unlock(m, mheap.lock(h));
}

/** Sweeps all that is left, and gives the pages of work buffers back, as the background sweeper does. */
export function sweepAll(m: Memory): void {
  while (sweepone(m) !== nothingToSweep);
  while (freeSomeWbufs(m));
}
