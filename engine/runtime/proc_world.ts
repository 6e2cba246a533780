/**
 * Stopping the world: how one thread makes all others stand still, and how they go on.
 *
 *   stopTheWorldWithSema   gcwaiting = 1, idle Ps are stopped at once; sleeps until the last running P has stopped
 *   safePoint              what a running thread asks between two operations: must I stop, must I flush?
 *   gcstopm                the P stops, the thread sleeps at gcwaiting
 *   startTheWorldWithSema  every P is idle again, gcwaiting = 0; each thread takes its own P back
 *   forEachP               has every P flush its caches: idle ones here and now, running ones at their next safe point
 *
 * A thread must not stop between two steps of one operation: half-filled spans and odd sequence numbers would be seen.
 * So nothing here interrupts anybody; threads ask.
 *
 * In the plain build nobody else runs, and each of these is over at once.
 *
 * Go 1.26: runtime/proc.go (stopTheWorldWithSema, startTheWorldWithSema, gcstopm, handoffp, forEachP, runSafePointFn),
 * runtime/sema.go (semacquire, semrelease).
 * Differs: a thread keeps to one P. It gives the P up and takes the same one back; Go hands Ps to whichever thread is free.
 * Differs: the only thing that Ps are asked to do by forEachP is the flush at the start of a sweep.
 * Differs: a semaphore has no queue of waiters; whoever wakes first has it.
 */
import { cas32, futexsleep, futexwakeup, load32, lock, store32, unlock } from "../memory/atomics.ts";
import { throwFatal } from "../memory/fatal.ts";
import type { Memory } from "../memory/memory.ts";
import { allp, gomaxprocs, sched, schedLock } from "../records/globals.ts";
import * as gsched from "../records/gsched.ts";
import type { P } from "../records/runtime2.ts";
import * as p from "../records/runtime2.ts";
import { prepareForSweep } from "./mcache.ts";
import { flushPages } from "./mgc.ts";
import { acquirep, procresize, releasep } from "./proc.ts";

// One thread's P.

/** Takes the idle P `pp` for this thread, when the world runs. */
export function takep(m: Memory, pp: P): void {
  const s = sched(m);
  for (;;) {
    lock(m, schedLock(m));
    if (gsched.gcwaiting(m, s) === 0) break;
    unlock(m, schedLock(m));
    futexsleep(m, gsched.gcwaitingAt(s), 1);
  }
  acquirep(m, pp);
  unlock(m, schedLock(m));
}

/** Gives this thread's P up, as one does before a long wait. It is idle then, or stopped if somebody waits for that. */
export function handoffp(m: Memory): P {
  lock(m, schedLock(m));
  if (p.runSafePointFnCas(m, m.p, 1, 0)) {
    safePointFn(m, m.p);
    countSafePoint(m);
  }
  const pp = releasep(m);
  if (gsched.gcwaiting(m, sched(m)) !== 0) stopp(m, pp);
  unlock(m, schedLock(m));
  return pp;
}

/** Stops a P for whoever stops the world. The caller has the scheduler's lock. */
function stopp(m: Memory, pp: P): void {
  const s = sched(m);
  p.setStatus(m, pp, p._Pgcstop);
  const left = gsched.stopwait(m, s) - 1;
  gsched.setStopwait(m, s, left);
  if (left === 0) notewakeup(m, gsched.stopnote(s));
}

/** Does what others wait for: call it between two operations, as often as can be. */
export function safePoint(m: Memory): void {
  if (gsched.gcwaiting(m, sched(m)) !== 0) gcstopm(m);
  if (p.runSafePointFn(m, m.p) !== 0) runSafePointFn(m);
}

/** Stops this thread's P, and sleeps until the world is started. */
export function gcstopm(m: Memory): void {
  lock(m, schedLock(m));
  if (gsched.gcwaiting(m, sched(m)) === 0) throwFatal("gcstopm: not waiting for gc");
  const pp = releasep(m);
  stopp(m, pp);
  unlock(m, schedLock(m));
  takep(m, pp);
}

// The world.

/** Lets every P but this thread's stop. The caller has worldsema. */
export function stopTheWorldWithSema(m: Memory): void {
  const s = sched(m);
  lock(m, schedLock(m));
  const n = gomaxprocs(m);
  gsched.setStopwait(m, s, n);
  gsched.setGcwaiting(m, s, 1);
  for (let i = 0; i < n; i++) {
    const pp = allp(m, i);
    if (pp !== m.p && p.status(m, pp) !== p._Pidle) continue;
    p.setStatus(m, pp, p._Pgcstop);
    gsched.setStopwait(m, s, gsched.stopwait(m, s) - 1);
  }
  const wait = gsched.stopwait(m, s) > 0;
  unlock(m, schedLock(m));
  if (wait) notesleep(m, gsched.stopnote(s));
  if (gsched.stopwait(m, s) !== 0) throwFatal("stopTheWorld: not stopped (stopwait != 0)");
  for (let i = 0; i < n; i++) {
    if (p.status(m, allp(m, i)) !== p._Pgcstop) throwFatal("stopTheWorld: not stopped (status != _Pgcstop)");
  }
}

/** Lets all Ps run again. @param nprocs how many there are from now on; as many as before when left out */
export function startTheWorldWithSema(m: Memory, nprocs = gomaxprocs(m)): void {
  const s = sched(m);
  lock(m, schedLock(m));
  const hadP = m.p !== 0;
  procresize(m, nprocs);
  if (!hadP) releasep(m);
  gsched.setGcwaiting(m, s, 0);
  unlock(m, schedLock(m));
  futexwakeup(m, gsched.gcwaitingAt(s), Number.POSITIVE_INFINITY);
}

/** Has every P flush its mcache, and an idle one its page cache, too. The world runs, and the caller has worldsema. */
export function forEachP(m: Memory): void {
  const s = sched(m);
  lock(m, schedLock(m));
  if (gsched.safePointWait(m, s) !== 0) throwFatal("forEachP: sched.safePointWait != 0");
  const n = gomaxprocs(m);
  gsched.setSafePointWait(m, s, m.p === 0 ? n : n - 1);
  for (let i = 0; i < n; i++) {
    if (allp(m, i) !== m.p) p.setRunSafePointFn(m, allp(m, i), 1);
  }
  // Idle Ps stay idle while the lock is held.
  for (let i = 0; i < n; i++) {
    const pp = allp(m, i);
    if (p.status(m, pp) !== p._Pidle || !p.runSafePointFnCas(m, pp, 1, 0)) continue;
    safePointFn(m, pp);
    gsched.setSafePointWait(m, s, gsched.safePointWait(m, s) - 1);
  }
  const wait = gsched.safePointWait(m, s) > 0;
  unlock(m, schedLock(m));
  if (m.p !== 0) safePointFn(m, m.p);
  if (wait) notesleep(m, gsched.safePointNote(s));
  if (gsched.safePointWait(m, s) !== 0) throwFatal("forEachP: not done");
}

/** Does what forEachP asked of this thread's P, if nobody has done it yet. */
function runSafePointFn(m: Memory): void {
  if (!p.runSafePointFnCas(m, m.p, 1, 0)) return;
  safePointFn(m, m.p);
  lock(m, schedLock(m));
  countSafePoint(m);
  unlock(m, schedLock(m));
}

function countSafePoint(m: Memory): void {
  const s = sched(m);
  const left = gsched.safePointWait(m, s) - 1;
  gsched.setSafePointWait(m, s, left);
  if (left === 0) notewakeup(m, gsched.safePointNote(s));
}

function safePointFn(m: Memory, pp: P): void {
  prepareForSweep(m, p.mcache(m, pp));
  if (p.status(m, pp) === p._Pidle) flushPages(m, pp);
}

// Notes and semaphores: words that threads sleep at.

/** Wakes the one who sleeps, or is about to. */
function notewakeup(m: Memory, n: number): void {
  if (load32(m, n) !== 0) throwFatal("notewakeup - double wakeup");
  store32(m, n, 1);
  futexwakeup(m, n, 1);
}

/** Sleeps until the note is given, and clears it. */
function notesleep(m: Memory, n: number): void {
  while (load32(m, n) === 0) futexsleep(m, n, 0);
  store32(m, n, 0);
}

/** Takes the semaphore at `sema`; while another has it, this thread's P is free for others. */
export function semacquire(m: Memory, sema: number): void {
  while (!cas32(m, sema, 0, 1)) {
    const pp = m.p === 0 ? 0 : handoffp(m);
    futexsleep(m, sema, 1);
    if (pp !== 0) takep(m, pp);
  }
}

/** Gives the semaphore at `sema` back. */
export function semrelease(m: Memory, sema: number): void {
  store32(m, sema, 0);
  futexwakeup(m, sema, 1);
}
