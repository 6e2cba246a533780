/**
 * Which Ps mark, and how long: the numbers behind the background workers.
 *
 *   dedicated    as many as come nearest to 25 % of the Ps; each until the marking ends
 *   fractional   on every other P, if that would be off by more than 30 %: for a share of the P's time
 *   idle         on Ps with nothing else to do, up to a number
 *
 * To find and to wake a worker is the scheduler's business; here is what it decides by.
 *
 * Go 1.26: runtime/mgcpacer.go (enlistWorker, assignWaitingGCWorker, markWorkerStop, addIdleMarkWorker,
 * needIdleMarkWorker, removeIdleMarkWorker, setMaxIdleMarkWorkers), runtime/mgc.go (pollFractionalWorkerExit).
 * Differs: enlistWorker and assignWaitingGCWorker say what is to be done, as `enlistWorkerBy` and `markWorkerMode`; the
 * scheduler does it. Differs: the time is an argument.
 */
import { throwFatal } from "../memory/fatal.ts";
import type { Memory } from "../memory/memory.ts";
import * as gcc from "../records/gcController.ts";
import { gcController, greentea } from "../records/globals.ts";
import type { P } from "../records/runtime2.ts";
import * as p from "../records/runtime2.ts";

/** How far a fractional worker may exceed its share before it stops: else it would be behind again at once. */
const fractionalSlack = 1.2;

// Idle workers: a number and its limit in one word.

function numberOf(word: number): number {
  return (word << 16) >> 16;
}

function mostOf(word: number): number {
  return word >> 16;
}

function packed(number: number, most: number): number {
  return ((most << 16) | (number & 0xffff)) >>> 0;
}

/** Counts one more idle worker. True: the caller must become one; false: it must not. */
export function addIdleMarkWorker(m: Memory): boolean {
  const c = gcController(m);
  for (;;) {
    const old = gcc.idleMarkWorkers(m, c);
    const n = numberOf(old);
    if (n >= mostOf(old)) return false; // it may be more, when the limit was lowered meanwhile
    if (n < 0) throwFatal("negative idle mark workers");
    if (gcc.idleMarkWorkersCas(m, c, old, packed(n + 1, mostOf(old)))) return true;
  }
}

/** True when another idle worker would be welcome; it must still be added. */
export function needIdleMarkWorker(m: Memory): boolean {
  const word = gcc.idleMarkWorkers(m, gcController(m));
  return numberOf(word) < mostOf(word);
}

/** Counts one idle worker less. */
export function removeIdleMarkWorker(m: Memory): void {
  const c = gcController(m);
  for (;;) {
    const old = gcc.idleMarkWorkers(m, c);
    const n = numberOf(old);
    if (n - 1 < 0) throwFatal("negative idle mark workers");
    if (gcc.idleMarkWorkersCas(m, c, old, packed(n - 1, mostOf(old)))) return;
  }
}

/** Sets how many there may be. Those that are too many stop by themselves. */
export function setMaxIdleMarkWorkers(m: Memory, most: number): void {
  const c = gcController(m);
  for (;;) {
    const old = gcc.idleMarkWorkers(m, c);
    const n = numberOf(old);
    if (n < 0) throwFatal("negative idle mark workers");
    if (gcc.idleMarkWorkersCas(m, c, old, packed(n, most))) return;
  }
}

/** Most idle workers that there may be. */
export function maxIdleMarkWorkers(m: Memory): number {
  return mostOf(gcc.idleMarkWorkers(m, gcController(m)));
}

// Workers of all kinds.

/** False: no worker would be let run, so that none need be taken from the pool. Only while gcBlackenEnabled. */
export function needMarkWorker(m: Memory): boolean {
  const c = gcController(m);
  return gcc.dedicatedMarkWorkersNeeded(m, c) > 0 || gcc.fractionalUtilizationGoal(m, c) !== 0;
}

/**
 * What a worker is to be that was taken from the pool for this P: dedicated while some are needed, else fractional if
 * the P is not ahead of its share; gcMarkWorkerNotWorker: it goes back.
 *
 * @param now time in nanoseconds
 */
export function markWorkerMode(m: Memory, pp: P, now: number): number {
  if (takeDedicated(m)) return p.gcMarkWorkerDedicatedMode;
  const c = gcController(m);
  const goal = gcc.fractionalUtilizationGoal(m, c);
  if (goal === 0) return p.gcMarkWorkerNotWorker;
  const delta = now - gcc.markStartTime(m, c);
  if (delta > 0 && p.gcFractionalMarkTime(m, pp) / delta > goal) return p.gcMarkWorkerNotWorker;
  return p.gcMarkWorkerFractionalMode;
}

/** Claims a dedicated worker's place, if one is left. */
function takeDedicated(m: Memory): boolean {
  const c = gcController(m);
  for (;;) {
    const needed = gcc.dedicatedMarkWorkersNeeded(m, c);
    if (needed <= 0) return false;
    if (gcc.dedicatedMarkWorkersNeededCas(m, c, needed, needed - 1)) return true;
  }
}

/** True when the P's fractional worker has had its share, and a little more. @param now time in nanoseconds */
export function pollFractionalWorkerExit(m: Memory, pp: P, now: number): boolean {
  const c = gcController(m);
  const delta = now - gcc.markStartTime(m, c);
  if (delta <= 0) return true;
  const selfTime = p.gcFractionalMarkTime(m, pp) + (now - p.gcMarkWorkerStartTime(m, pp));
  return selfTime / delta > fractionalSlack * gcc.fractionalUtilizationGoal(m, c);
}

/** Books the time of a worker that stops, and frees its place. @param duration nanoseconds */
export function markWorkerStop(m: Memory, mode: number, duration: number): void {
  const c = gcController(m);
  switch (mode) {
    case p.gcMarkWorkerDedicatedMode:
      gcc.addDedicatedMarkTime(m, c, duration);
      gcc.addDedicatedMarkWorkersNeeded(m, c, 1);
      break;
    case p.gcMarkWorkerFractionalMode:
      gcc.addFractionalMarkTime(m, c, duration);
      break;
    case p.gcMarkWorkerIdleMode:
      gcc.addIdleMarkTime(m, c, duration);
      removeIdleMarkWorker(m);
      break;
    default:
      throwFatal("markWorkerStop: unknown mark worker mode");
  }
}

/** What more work is answered with: nothing; waking an idle P; asking a running P to become a worker. */
export const enlistNobody = 0;
export const enlistIdleP = 1;
export const enlistRunningP = 2;

/**
 * How another worker is got to start when there is more work.
 *
 * @param npidle     Ps that are idle
 * @param nmspinning threads that look for something to run
 */
export function enlistWorkerBy(m: Memory, npidle: number, nmspinning: number): number {
  const needDedicated = gcc.dedicatedMarkWorkersNeeded(m, gcController(m)) > 0;
  if (greentea(m)) {
    if (!needDedicated && !needIdleMarkWorker(m)) return enlistNobody;
    if (npidle !== 0 && nmspinning === 0) return enlistIdleP;
  }
  return needDedicated ? enlistRunningP : enlistNobody;
}
