/**
 * A cycle without a collector: the caller states what lives, and the heap is swept as Go sweeps it.
 *
 *   gcBeginCycle   finish the sweep before, clear the marks, mark the current tiny blocks; then mark what lives
 *   gcEndMarking   heapLive is what was marked; sweepgen += 2: every span but those just flushed needs sweeping
 *   sweepone …     until nothing is left
 *
 * Go 1.26: runtime/mgc.go (gcStart, gcMark, gcMarkTermination, gcSweep), runtime/mgcpacer.go (resetLive).
 * Differs: no marking, no phases and no write barrier between the two.
 * Differs: every P but the running one counts as idle when the caches are flushed.
 * Differs: heapScan restarts from 0: how much of the live objects is pointers is known to a collector only.
 */
import { lock, unlock } from "../memory/atomics.ts";
import { throwFatal } from "../memory/fatal.ts";
import type { Memory } from "../memory/memory.ts";
import * as gcc from "../records/gcController.ts";
import { allp, gcController, gomaxprocs, memstats, mheap_, sweep, work } from "../records/globals.ts";
import { numgc, setNumgc } from "../records/memstats.ts";
import * as mheap from "../records/mheap.ts";
import * as p from "../records/runtime2.ts";
import * as sweepdata from "../records/sweep.ts";
import * as workRecord from "../records/work.ts";
import { prepareForSweep } from "./mcache.ts";
import { gcMarkTinyAllocs, gcResetMarkState } from "./mgcmark.ts";
import { activeBegin, activeEnd, finishsweep_m, nothingToSweep, sweepone } from "./mgcsweep.ts";

/** Ends the sweep of the cycle before and readies the marks. The world is stopped. */
export function gcBeginCycle(m: Memory): void {
  finishsweep_m(m);
  gcResetMarkState(m);
  gcMarkTinyAllocs(m);
}

/** Begins the sweep: from here on every unmarked object is garbage. The world is stopped until the caches are flushed. */
export function gcEndMarking(m: Memory): void {
  const gc = gcController(m);
  const marked = workRecord.bytesMarked(m, work(m));
  gcc.setHeapMarked(m, gc, marked);
  gcc.setHeapLive(m, gc, marked);
  gcc.setHeapScan(m, gc, 0);
  setNumgc(m, memstats(m), numgc(m, memstats(m)) + 1);
  workRecord.addCycles(m, work(m), 1);
  gcSweep(m);
  flushBeforeSweep(m);
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
 * The sweep is not done before the last is flushed, hence the token.
 */
function flushBeforeSweep(m: Memory): void {
  const sg = mheap.sweepgen(m, mheap_(m));
  if (!activeBegin(m)) throwFatal("failed to set sweep barrier");
  const n = gomaxprocs(m);
  for (let i = 0; i < n; i++) {
    if (allp(m, i) !== m.p) flush(m, allp(m, i));
  }
  if (m.p !== 0) flush(m, m.p);
  activeEnd(m, sg);
}

function flush(m: Memory, pp: p.P): void {
  const c = p.mcache(m, pp);
  if (c !== 0) prepareForSweep(m, c);
}

/** Sweeps all that is left. */
export function sweepAll(m: Memory): void {
  while (sweepone(m) !== nothingToSweep);
}
