/**
 * The pacer: when a cycle begins, and how much who allocates must help so that it ends in time.
 *
 *   startCycle   counts begin anew; workers for 25 % of the processors
 *   revise       work left over bytes left = what must be scanned for each byte allocated. Again whenever one changes
 *   endCycle     cons/mark, from what was allocated and scanned meanwhile: how early the next one must begin
 *   resetLive    what was marked is what lives
 *   commit       the next goal (mgcpacer_goal.ts)
 *
 * At first as much work is expected as the last cycle did. When that is exceeded, the heap is growing: the goal moves
 * out in proportion to all the work that there can be, at most to where the next cycle would have let it grow. Beyond
 * the goal there are 10 % more, with all the work that there can be.
 *
 * Go 1.26: runtime/mgcpacer.go (gcControllerState.init, startCycle, revise, endCycle, resetLive, update,
 * addScannableStack, addGlobals, setGCPercent, setMemoryLimit; gcControllerCommit, setGCPercent, setMemoryLimit,
 * readGOGC, readGOMEMLIMIT).
 * Differs: setGCPercent does not wait for the end of a cycle that marks when it switches collection off; that is for the
 * caller, who can wait.
 */
import { lock, unlock } from "../memory/atomics.ts";
import { throwFatal } from "../memory/fatal.ts";
import {
  addS,
  asInt64,
  asUint64,
  divU,
  floatS,
  floatU,
  type Int64,
  lessS,
  lessU,
  maxInt64,
  maxUint64,
  mulU,
  subS,
  truncS,
  uint64,
} from "../memory/int64.ts";
import type { Memory } from "../memory/memory.ts";
import * as gcc from "../records/gcController.ts";
import {
  allp,
  gcBlackenEnabled,
  gcController,
  gcphase,
  gcstoptheworld,
  gomaxprocs,
  mheap_,
} from "../records/globals.ts";
import * as mheap from "../records/mheap.ts";
import type { P } from "../records/runtime2.ts";
import * as p from "../records/runtime2.ts";
import { commit, defaultHeapMinimum, gcBackgroundUtilization, heapGoalInternal, trigger } from "./mgcpacer_goal.ts";
import { setMaxIdleMarkWorkers } from "./mgcpacer_workers.ts";
import { gcPaceScavenger } from "./mgcscavenge_pace.ts";
import { gcPaceSweeper, isSweepDone } from "./mgcsweep.ts";
import { parseByteCount } from "./string.ts";

export {
  commit,
  gcBackgroundUtilization,
  gcGoalUtilization,
  heapGoal,
  heapGoalInternal,
  memoryLimitHeapGoal,
  trigger,
} from "./mgcpacer_goal.ts";

/** Units of work that a worker keeps to itself before it tells others. */
export const gcCreditSlack = 2000;
/** Nanoseconds of assists that a P keeps to itself. */
export const gcAssistTimeSlack = 5000;
/** Units of work that an assist does at least: it pays for the next ones, too. */
export const gcOverAssistWork = 64 * 1024;
/** Bytes of stack, made less given up, that a P keeps to itself. */
const maxStackScanSlack = 8 * 1024;
/** How far the number of dedicated workers may be off before fractional ones make up for it. */
const maxUtilError = 0.3;
/** What GOGC=off counts as while a cycle that somebody asked for is under way. */
const forcedGCPercent = 100000;
/** Units of work that are expected to be left, at least. */
const minScanWorkRemaining = 1000;
/** Where the goal is moved to when it is exceeded. */
const maxOvershoot = 1.1;

/** Go: gcControllerState.init. @param memoryLimit bytes; 2^63, for math.MaxInt64: none */
export function gcControllerInit(m: Memory, gcPercent: number, memoryLimit: Int64): void {
  const c = gcController(m);
  gcc.setHeapMinimum64(m, c, defaultHeapMinimum);
  gcc.setTriggered64(m, c, maxUint64);
  gcControllerSetGCPercent(m, gcPercent);
  gcControllerSetMemoryLimit(m, memoryLimit);
  commit(m, true); // no sweep comes before the first cycle
}

/**
 * Begins the accounts of a cycle. The world is stopped.
 *
 * @param now     when it was asked to stop
 * @param procs   GOMAXPROCS
 * @param trigger what began the cycle: gcTriggerHeap …
 */
export function startCycle(m: Memory, now: number, procs: number, trigger: number): void {
  const c = gcController(m);
  gcc.setHeapScanWork(m, c, 0);
  gcc.setStackScanWork(m, c, 0);
  gcc.setGlobalsScanWork(m, c, 0);
  gcc.setBgScanCredit(m, c, 0);
  gcc.setAssistTime(m, c, 0);
  gcc.setDedicatedMarkTime(m, c, 0);
  gcc.setFractionalMarkTime(m, c, 0);
  gcc.setIdleMarkTime(m, c, 0);
  gcc.setMarkStartTime(m, c, now);
  gcc.setTriggered64(m, c, gcc.heapLive(m, c));

  const dedicated = workersOf(m, procs);
  for (let i = 0; i < gomaxprocs(m); i++) {
    p.setGcAssistTime(m, allp(m, i), 0);
    p.setGcFractionalMarkTime(m, allp(m, i), 0);
  }
  if (trigger === gcc.gcTriggerTime) {
    // Nothing is in a hurry, but somebody must be sure to run.
    setMaxIdleMarkWorkers(m, dedicated > 0 ? 0 : 1);
  } else {
    setMaxIdleMarkWorkers(m, procs - dedicated);
  }
  gcc.setDedicatedMarkWorkersNeeded(m, c, dedicated);
  revise(m);
}

/** Sets what fractional workers are to take. @returns how many dedicated workers there are to be */
function workersOf(m: Memory, procs: number): number {
  const c = gcController(m);
  if (gcstoptheworld(m) > 0) {
    gcc.setFractionalUtilizationGoal(m, c, 0);
    return procs;
  }
  const totalUtilizationGoal = procs * gcBackgroundUtilization;
  let dedicated = Math.trunc(totalUtilizationGoal + 0.5);
  const utilError = dedicated / totalUtilizationGoal - 1;
  if (utilError >= -maxUtilError && utilError <= maxUtilError) {
    gcc.setFractionalUtilizationGoal(m, c, 0);
    return dedicated;
  }
  if (dedicated > totalUtilizationGoal) dedicated--;
  gcc.setFractionalUtilizationGoal(m, c, (totalUtilizationGoal - dedicated) / procs);
  return dedicated;
}

/** Adapts the ratio of assists to what is known by now. To be called while gcBlackenEnabled only. */
export function revise(m: Memory): void {
  const c = gcController(m);
  const live = gcc.heapLive(m, c);
  const globals = gcc.globalsScan(m, c);
  const work = gcc.heapScanWork(m, c) + gcc.stackScanWork(m, c) + gcc.globalsScanWork(m, c);
  // If the heap is in a steady state; and if all that can be scanned turns out to live.
  let scanWorkExpected = gcc.lastHeapScan(m, c) + gcc.lastStackScan(m, c) + globals;
  const maxScanWork = gcc.heapScan(m, c) + gcc.maxStackScan(m, c) + globals;

  let heapGoal = asInt64(heapGoalInternal(m));
  if (work > scanWorkExpected) {
    heapGoal = extendedGoal(m, heapGoal, scanWorkExpected, maxScanWork);
    scanWorkExpected = maxScanWork;
  }
  if (lessS(heapGoal, live)) {
    heapGoal = truncS(floatS(heapGoal) * maxOvershoot);
    scanWorkExpected = maxScanWork;
  }
  const scanWorkRemaining = Math.max(scanWorkExpected - work, minScanWorkRemaining);
  const distance = floatS(subS(heapGoal, live));
  const heapRemaining = distance <= 0 ? 1 : distance;
  gcc.setAssistWorkPerByte(m, c, scanWorkRemaining / heapRemaining);
  gcc.setAssistBytesPerWork(m, c, heapRemaining / scanWorkRemaining);
}

/** The goal of a heap that grows: as much further as there can be more work, but not beyond the next cycle's goal. */
function extendedGoal(m: Memory, heapGoal: Int64, scanWorkExpected: number, maxScanWork: number): Int64 {
  const c = gcController(m);
  const percent = gcc.gcPercent(m, c);
  const gcPercent = percent < 0 ? forcedGCPercent : percent;
  const triggered = asInt64(gcc.triggered64(m, c));
  const runway = (floatS(subS(heapGoal, triggered)) / scanWorkExpected) * maxScanWork;
  const extHeapGoal = addS(truncS(runway), triggered);
  const hardGoal = truncS((1.0 + gcPercent / 100.0) * floatS(heapGoal));
  return lessS(hardGoal, extHeapGoal) ? hardGoal : extHeapGoal;
}

/**
 * Estimates cons/mark for the next cycle: the most of what was measured in this and the four before.
 *
 * @param now   when the world was asked to stop
 * @param procs GOMAXPROCS
 */
export function endCycle(m: Memory, now: number, procs: number): void {
  const c = gcController(m);
  gcc.setLastHeapGoal64(m, c, heapGoalInternal(m)); // the scavenger's; it is about to change

  const assistDuration = now - gcc.markStartTime(m, c);
  let utilization = gcBackgroundUtilization;
  if (assistDuration > 0) utilization += gcc.assistTime(m, c) / (assistDuration * procs);

  const live = gcc.heapLive(m, c);
  const triggered = gcc.triggered64(m, c);
  if (!lessU(triggered, live)) return; // nothing was allocated meanwhile: nothing can be told from this cycle
  const idleUtilization = assistDuration > 0 ? gcc.idleMarkTime(m, c) / (assistDuration * procs) : 0;

  // Idle workers count on the side of marking only: the program could have had their time, and did not want it.
  const scanWork = gcc.heapScanWork(m, c) + gcc.stackScanWork(m, c) + gcc.globalsScanWork(m, c);
  const current = ((live - floatU(triggered)) * (utilization + idleUtilization)) / (scanWork * (1 - utilization));
  rememberConsMark(m, current);
}

function rememberConsMark(m: Memory, current: number): void {
  const c = gcController(m);
  let most = current;
  for (let i = 0; i < gcc.consMarkHistory; i++) {
    const last = gcc.lastConsMark(m, c, i);
    if (last > most) most = last;
  }
  gcc.setConsMark(m, c, most);
  const newest = gcc.consMarkHistory - 1;
  for (let i = 0; i < newest; i++) gcc.setLastConsMark(m, c, i, gcc.lastConsMark(m, c, i + 1));
  gcc.setLastConsMark(m, c, newest, current);
}

/** What was marked lives, and what was scanned is what can be scanned. After endCycle, before commit; world stopped. */
export function resetLive(m: Memory, bytesMarked: number): void {
  const c = gcController(m);
  gcc.setHeapMarked(m, c, bytesMarked);
  gcc.setHeapLive(m, c, bytesMarked);
  gcc.setHeapScan(m, c, gcc.heapScanWork(m, c));
  gcc.setLastHeapScan(m, c, gcc.heapScanWork(m, c));
  gcc.setLastStackScan(m, c, gcc.stackScanWork(m, c));
  gcc.setTriggered64(m, c, maxUint64);
}

/** Moves heapLive on, and heapScan between cycles; during one, who assists must know. Go: gcControllerState.update. */
export function gcControllerUpdate(m: Memory, dHeapLive: number, dHeapScan: number): void {
  const c = gcController(m);
  if (dHeapLive !== 0) gcc.addHeapLive(m, c, dHeapLive);
  if (gcBlackenEnabled(m)) revise(m);
  else if (dHeapScan !== 0) gcc.addHeapScan(m, c, dHeapScan);
}

/** Counts bytes of stack that a goroutine got, or gave up. @param pp the running P, 0 for none */
export function addScannableStack(m: Memory, pp: P, amount: number): void {
  const c = gcController(m);
  if (pp === 0) {
    gcc.addMaxStackScan(m, c, amount);
    return;
  }
  const delta = p.maxStackScanDelta(m, pp) + amount;
  const isLarge = delta >= maxStackScanSlack || delta <= -maxStackScanSlack;
  if (isLarge) gcc.addMaxStackScan(m, c, delta);
  p.setMaxStackScanDelta(m, pp, isLarge ? 0 : delta);
}

/** Counts bytes of global variables that can hold pointers. */
export function addGlobals(m: Memory, amount: number): void {
  gcc.addGlobalsScan(m, gcController(m), amount);
}

// Settings.

/** Go: gcControllerState.setGCPercent. commit must follow. @returns the percentage before */
export function gcControllerSetGCPercent(m: Memory, percent: number): number {
  const c = gcController(m);
  const out = gcc.gcPercent(m, c);
  const set = percent < 0 ? -1 : percent;
  gcc.setHeapMinimum64(m, c, divU(mulU(asUint64(set), defaultHeapMinimum), 100)); // -1 wraps around, and goes unused
  gcc.setGcPercent(m, c, set);
  return out;
}

/** Go: gcControllerState.setMemoryLimit. commit must follow. @returns the limit before */
export function gcControllerSetMemoryLimit(m: Memory, limit: Int64): Int64 {
  const c = gcController(m);
  const out = gcc.memoryLimit64(m, c);
  if (!lessS(limit, 0)) gcc.setMemoryLimit(m, c, limit);
  return out;
}

/** debug.SetGCPercent. @param percent negative: no cycle begins by itself @returns the percentage before */
export function setGCPercent(m: Memory, percent: number): number {
  const h = mheap_(m);
  lock(m, mheap.lock(h));
  const out = gcControllerSetGCPercent(m, percent);
  gcControllerCommit(m);
  unlock(m, mheap.lock(h));
  return out;
}

/** debug.SetMemoryLimit. @param limit bytes, 2^63 for none; negative: only tell @returns the limit before */
export function setMemoryLimit(m: Memory, limit: number): number {
  const h = mheap_(m);
  lock(m, mheap.lock(h));
  const out = floatS(gcControllerSetMemoryLimit(m, limit));
  if (limit >= 0 && limit !== out) gcControllerCommit(m);
  unlock(m, mheap.lock(h));
  return out;
}

/** Goal, sweeping and scavenging for the cycle that begins now. The heap lock is held or the world stopped. */
export function gcControllerCommit(m: Memory): void {
  commit(m, isSweepDone(m));
  if (gcphase(m) !== 0) revise(m);
  const begin = trigger(m);
  const goal = uint64(m.ret[1], m.ret[0]);
  gcPaceSweeper(m, begin);
  const c = gcController(m);
  gcPaceScavenger(m, gcc.memoryLimit(m, c), floatU(goal), gcc.lastHeapGoal(m, c));
}

/** What GOGC says: a percentage, -1 for "off", 100 for what cannot be read. @param text empty when it is not set */
export function readGOGC(text: string): number {
  if (text === "off") return -1;
  if (!/^[+-]?[0-9]+$/.test(text)) return 100;
  const percent = Number(text);
  return percent >= -(2 ** 31) && percent < 2 ** 31 ? percent : 100;
}

/** What GOMEMLIMIT says, in bytes. @param text empty when it is not set */
export function readGOMEMLIMIT(text: string): Int64 {
  if (text === "" || text === "off") return maxInt64;
  return parseByteCount(text) ?? throwFatal("malformed GOMEMLIMIT; see `go doc runtime/debug.SetMemoryLimit`");
}
