/** Names of locks, as Go's lock ranks call them. */
import type { Memory } from "../memory/memory.ts";
import * as gcbits from "../records/gcbits.ts";
import * as globals from "../records/globals.ts";
import * as gsched from "../records/gsched.ts";
import { numSpanClasses, numStackOrders } from "../records/mcache.ts";
import * as mcentral from "../records/mcentral.ts";
import * as memstats from "../records/memstats.ts";
import * as mfinal from "../records/mfinal.ts";
import * as mgcscavenge from "../records/mgcscavenge.ts";
import * as mheap from "../records/mheap.ts";
import * as mprof from "../records/mprof.ts";
import * as mspan from "../records/mspan.ts";
import { spineLock } from "../records/mspanset.ts";
import * as stack from "../records/stack.ts";
import * as sweep from "../records/sweep.ts";
import * as work from "../records/work.ts";

/** The name of the lock whose word lies at `at`. Go: runtime/mklockrank.go. */
export function lockName(m: Memory, at: number): string {
  const h = globals.mheap_(m);
  if (at === mheap.lock(h)) return "mheap";
  if (at === gcbits.lock(globals.gcBitsArenas(m))) return "gcBitsArenas";
  if (at === globals.globalAllocLock(globals.globalAlloc(m))) return "globalAlloc";
  if (at === sweep.lock(globals.sweep(m))) return "sweep";
  if (at === mgcscavenge.lock(globals.scavenger(m))) return "scavenge";
  if (at === memstats.noPLock(memstats.heapStats(globals.memstats(m)))) return "heapStats.noPLock";
  if (at === globals.schedLock(m)) return "sched";
  if (at === globals.allpLock(m)) return "allp";
  if (at === gsched.gFreeLock(globals.sched(m))) return "gFree";
  if (at === gsched.allglock(globals.sched(m))) return "allg";
  if (at === stack.lock(globals.stackLarge(m))) return "stackLarge";
  if (at === work.wbufSpansLock(globals.work(m))) return "wbufSpans";
  if (at === mheap.speciallock(h)) return "mheapSpecial";
  if (at === mfinal.finlock(globals.finalizers(m))) return "fin";
  if (at === mprof.profInsertLock(globals.mprof(m))) return "profInsert";
  if (at === mprof.profMemActiveLock(globals.mprof(m))) return "profMemActive";
  for (let i = 0; i < mprof.futureCycles; i++) {
    if (at === mprof.profMemFutureLock(globals.mprof(m), i)) return "profMemFuture";
  }
  for (let order = 0; order < numStackOrders; order++) {
    if (at === stack.mu(globals.stackpool(m, order))) return "stackpool";
  }
  return isSpineLock(m, at) ? "spanSetSpine" : speciallockOr(m, at);
}

function isSpineLock(m: Memory, at: number): boolean {
  const h = globals.mheap_(m);
  for (let spc = 0; spc < numSpanClasses; spc++) {
    const c = mheap.central(h, spc);
    for (let i = 0; i < 2; i++) {
      if (at === spineLock(mcentral.partial(c, i)) || at === spineLock(mcentral.full(c, i))) return true;
    }
  }
  return false;
}

function speciallockOr(m: Memory, at: number): string {
  const h = globals.mheap_(m);
  for (let i = 0; i < mheap.allspansLen(m, h); i++) {
    if (at === mspan.speciallock(m.i32[((mheap.allspans(m, h) as number) >> 2) + 2 * i])) return "mspanSpecial";
  }
  return `lock at ${at}`;
}
