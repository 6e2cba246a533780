/**
 * How large the heap may grow, and where a cycle must begin so that it ends there.
 *
 *   marked ─────────────── trigger ─────────────── goal
 *   │  the program allocates  │  and so it does here, while a cycle marks │
 *   0                       0.70 … 0.95 of the way, or 4 MiB before a large goal
 *
 *   by GOGC    what was marked, and GOGC percent of it and of the stacks and global variables that are scanned; at least
 *              4 MiB × GOGC/100. Moved up where the sweep, or the cycle under way, would have no room
 *   by limit   what is left of the memory limit when everything but objects is taken off, less a margin of 3 % (1 MiB at
 *              least); never below what was marked. Counts when it is the smaller one; then nothing moves it up
 *
 * The runway, from trigger to goal, is what the program allocates while the last cycle's work is done again, if both get
 * their share of the processors: cons/mark × 3 × work (at 25 % for the collector).
 *
 * Integers are Go's of 64 bits (memory/int64.ts): with GOGC=off and no limit both are near 2^63.
 *
 * Go 1.26: runtime/mgcpacer.go (heapGoal, heapGoalInternal, memoryLimitHeapGoal, trigger, commit).
 */
import { throwFatal } from "../memory/fatal.ts";
import {
  addU,
  divU,
  equal64,
  floatU,
  hi64,
  lessU,
  lo64,
  maxU,
  maxUint64,
  minU,
  mulU,
  subU,
  truncU,
  type Uint64,
} from "../memory/int64.ts";
import type { Memory } from "../memory/memory.ts";
import * as gcc from "../records/gcController.ts";
import { gcController } from "../records/globals.ts";

/** Share of the processors that background workers take, and that a cycle is to take in all. */
export const gcBackgroundUtilization = 0.25;
export const gcGoalUtilization = gcBackgroundUtilization;
/** Bytes of heap below which no cycle begins, at GOGC=100. */
export const defaultHeapMinimum = 4 * 1024 * 1024;
/** Bytes of allocation that a sweep under way is given at least. */
const sweepMinHeapDistance = 1024 * 1024;
/** Bytes that a cycle under way is given at least. */
const minRunway = 64 * 1024;
/** What a goal by the memory limit leaves free: percent, and bytes at least. */
const memoryLimitHeapGoalHeadroomPercent = 3;
const memoryLimitMinHeapGoalHeadroom = 1024 * 1024;
/** The trigger's bounds between what was marked and the goal, as fractions. */
const triggerRatioDen = 64;
const minTriggerRatioNum = 45;
const maxTriggerRatioNum = 61;

/** Bytes of live heap at which the cycle under way, or the next, is to have ended; the nearest number. */
export function heapGoal(m: Memory): number {
  return floatU(heapGoalInternal(m));
}

/**
 * The goal, exactly.
 *
 * @returns ret[0], ret[1] = low and high half of the trigger's lower bound, which is never above the goal
 */
export function heapGoalInternal(m: Memory): Uint64 {
  const c = gcController(m);
  const goal = gcc.gcPercentHeapGoal64(m, c);
  const limitGoal = smallerLimitGoal(m, goal);
  if (limitGoal !== null) {
    setBound(m, 0);
    return limitGoal;
  }
  const sweepDistTrigger = gcc.sweepDistMinTrigger(m, c);
  setBound(m, sweepDistTrigger);
  const swept = maxU(goal, sweepDistTrigger);
  const triggered = gcc.triggered64(m, c);
  if (typeof triggered !== "number" && equal64(triggered, maxUint64)) return swept;
  return maxU(swept, addU(triggered, minRunway));
}

function setBound(m: Memory, minTrigger: Uint64): void {
  m.ret[0] = lo64(minTrigger);
  m.ret[1] = hi64(minTrigger);
}

/** The goal by the memory limit if that is smaller than `goal`, else null. */
function smallerLimitGoal(m: Memory, goal: Uint64): Uint64 | null {
  // The usual case, without computing: no limit, or one beyond 2^53, leaves far more than 2^52.
  if (typeof goal === "number" && goal < 2 ** 52) {
    if (typeof gcc.memoryLimit64(m, gcController(m)) !== "number") return null;
  }
  const limitGoal = memoryLimitHeapGoal(m);
  return lessU(limitGoal, goal) ? limitGoal : null;
}

/** The goal that the memory limit leaves. */
export function memoryLimitHeapGoal(m: Memory): Uint64 {
  const c = gcController(m);
  let heapFree: number;
  let heapAlloc: number;
  let mappedReady: number;
  do {
    // The three are not read at once: again, if they cannot all have been true together.
    heapFree = gcc.heapFree(m, c);
    heapAlloc = gcc.totalAlloc(m, c) - gcc.totalFree(m, c);
    mappedReady = gcc.mappedReady(m, c);
  } while (heapFree + heapAlloc > mappedReady);
  const memoryLimit = gcc.memoryLimit64(m, c);
  const marked = gcc.heapMarked(m, c);
  const nonHeapMemory = mappedReady - heapFree - heapAlloc;
  const overage = lessU(memoryLimit, mappedReady) ? mappedReady - floatU(memoryLimit) : 0;
  // What is no heap fills the limit alone: nothing is left but to collect all the time.
  if (!lessU(nonHeapMemory + overage, memoryLimit)) return marked;

  const goal = subU(memoryLimit, nonHeapMemory + overage);
  const percent = mulU(divU(goal, 100), memoryLimitHeapGoalHeadroomPercent);
  const headroom = maxU(percent, memoryLimitMinHeapGoalHeadroom);
  const hasRoom = !lessU(goal, headroom) && !lessU(subU(goal, headroom), headroom);
  return maxU(hasRoom ? subU(goal, headroom) : headroom, marked);
}

/**
 * Bytes of live heap at which the next cycle begins.
 *
 * @returns ret[0], ret[1] = low and high half of the goal
 */
export function trigger(m: Memory): Uint64 {
  const c = gcController(m);
  const goal = heapGoalInternal(m);
  const sweepBound = (m.ret[1] >>> 0) * 2 ** 32 + (m.ret[0] >>> 0); // below 2^53: heapLive and 1 MiB
  m.ret[0] = lo64(goal);
  m.ret[1] = hi64(goal);
  const marked = gcc.heapMarked(m, c);
  if (!lessU(marked, goal)) return goal; // the limit is exceeded by what lives: all the time

  const part = divU(subU(goal, marked), triggerRatioDen);
  // Lower, and fast programs would allocate nearly everything while a cycle marks, which keeps it.
  const lowerBound = addU(mulU(part, minTriggerRatioNum), marked);
  const minTrigger = maxU(maxU(sweepBound, marked), lowerBound);
  // Higher, and a small heap would have no runway; a large one is content with 4 MiB of it.
  let maxTrigger = addU(mulU(part, maxTriggerRatioNum), marked);
  if (lessU(defaultHeapMinimum, goal)) maxTrigger = maxU(maxTrigger, subU(goal, defaultHeapMinimum));
  maxTrigger = maxU(maxTrigger, minTrigger);

  const runway = gcc.runway64(m, c);
  const wanted = lessU(goal, runway) ? minTrigger : subU(goal, runway);
  const at = minU(maxU(wanted, minTrigger), maxTrigger);
  if (lessU(goal, at)) throwFatal("produced a trigger greater than the heap goal");
  return at;
}

/**
 * Computes what goal and trigger are made from. While a cycle marks, `revise` must follow. The heap lock is held or the
 * world stopped.
 *
 * @param isSweepDone true when no sweep is under way that needs room
 */
export function commit(m: Memory, isSweepDone: boolean): void {
  const c = gcController(m);
  gcc.setSweepDistMinTrigger(m, c, isSweepDone ? 0 : gcc.heapLive(m, c) + sweepMinHeapDistance);

  const marked = gcc.heapMarked(m, c);
  const others = gcc.lastStackScan(m, c) + gcc.globalsScan(m, c);
  const percent = gcc.gcPercent(m, c);
  const goal = percent < 0 ? maxUint64 : addU(marked, divU(mulU(marked + others, percent), 100));
  gcc.setGcPercentHeapGoal64(m, c, maxU(goal, gcc.heapMinimum64(m, c)));

  const rates = (gcc.consMark(m, c) * (1 - gcGoalUtilization)) / gcGoalUtilization;
  gcc.setRunway64(m, c, truncU(rates * (gcc.lastHeapScan(m, c) + others)));
}
