/**
 * The heap's goal: how large it may grow before the next cycle must have ended, by GOGC and by the memory limit.
 *
 * Here it only tells the scavenger how the heap's size is developing: nothing begins a cycle by itself.
 *
 *   GOGC    what the last cycle marked, and gcPercent of it more; at least 4 MiB × GOGC/100
 *   limit   what is left of it for objects when everything else in use is taken off, less a margin of 3 % (1 MiB at
 *           least); never below what was marked
 *
 * Go 1.26: runtime/mgcpacer.go (init, setGCPercent, commit, heapGoalInternal, memoryLimitHeapGoal, setMemoryLimit,
 * gcControllerCommit).
 * Differs: no trigger and no runway; stacks and globals hold nothing that is scanned. Nothing paces the sweep.
 */
import { lock, unlock } from "../memory/atomics.ts";
import type { Memory } from "../memory/memory.ts";
import { noUint64 } from "../memory/u64.ts";
import * as gcc from "../records/gcController.ts";
import { gcController, mheap_ } from "../records/globals.ts";
import * as mheap from "../records/mheap.ts";
import { gcPaceScavenger } from "./mgcscavenge_pace.ts";
import { isSweepDone } from "./mgcsweep.ts";

/** Bytes of heap below which no cycle begins, at GOGC=100. */
const defaultHeapMinimum = 4 * 1024 * 1024;
/** Bytes of allocation that a sweep under way is given at least. */
const sweepMinHeapDistance = 1024 * 1024;
/** Bytes that a cycle under way is given at least. */
const minRunway = 64 * 1024;
/** What a goal by the memory limit leaves free: percent, and bytes at least. */
const memoryLimitHeapGoalHeadroomPercent = 3;
const memoryLimitMinHeapGoalHeadroom = 1024 * 1024;

/** Go: gcControllerState.init. */
export function gcControllerInit(m: Memory, gcPercent: number, memoryLimit: number): void {
  const c = gcController(m);
  gcc.setTriggered(m, c, noUint64);
  gcc.setGcPercent(m, c, gcPercent);
  gcc.setHeapMinimum(m, c, gcPercent < 0 ? defaultHeapMinimum : Math.trunc((defaultHeapMinimum * gcPercent) / 100));
  gcc.setMemoryLimit(m, c, memoryLimit);
  commit(m, true);
}

/** Sets the goal by GOGC from what was marked. The heap lock is held or the world stopped. */
function commit(m: Memory, isSweepDone: boolean): void {
  const c = gcController(m);
  gcc.setSweepDistMinTrigger(m, c, isSweepDone ? 0 : gcc.heapLive(m, c) + sweepMinHeapDistance);
  const percent = gcc.gcPercent(m, c);
  const marked = gcc.heapMarked(m, c);
  const goal = percent < 0 ? noUint64 : marked + Math.floor((marked * percent) / 100);
  gcc.setGcPercentHeapGoal(m, c, Math.max(goal, gcc.heapMinimum(m, c)));
}

/** Bytes of live heap at which a cycle should have ended. */
export function heapGoal(m: Memory): number {
  const c = gcController(m);
  let goal = gcc.gcPercentHeapGoal(m, c);
  const limitGoal = memoryLimitHeapGoal(m);
  if (limitGoal < goal) return limitGoal;
  // Only the goal by GOGC is moved to leave the sweep and the cycle their room.
  goal = Math.max(goal, gcc.sweepDistMinTrigger(m, c));
  const triggered = gcc.triggered(m, c);
  return triggered === noUint64 ? goal : Math.max(goal, triggered + minRunway);
}

/** The goal that the memory limit leaves. */
function memoryLimitHeapGoal(m: Memory): number {
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
  const memoryLimit = gcc.memoryLimit(m, c);
  const marked = gcc.heapMarked(m, c);
  const nonHeapMemory = mappedReady - heapFree - heapAlloc;
  const overage = Math.max(0, mappedReady - memoryLimit);
  if (nonHeapMemory + overage >= memoryLimit) return marked;

  const goal = memoryLimit - (nonHeapMemory + overage);
  const percent = Math.floor(goal / 100) * memoryLimitHeapGoalHeadroomPercent;
  const headroom = Math.max(percent, memoryLimitMinHeapGoalHeadroom);
  return Math.max(goal - headroom < headroom ? headroom : goal - headroom, marked);
}

/** Goal and scavenging for the cycle that begins now. The heap lock is held or the world stopped. */
export function gcControllerCommit(m: Memory): void {
  commit(m, isSweepDone(m));
  const c = gcController(m);
  gcPaceScavenger(m, gcc.memoryLimit(m, c), heapGoal(m), gcc.lastHeapGoal(m, c));
}

/** debug.SetMemoryLimit. @param limit bytes, 2^63 for none; negative: only tell @returns the limit before */
export function setMemoryLimit(m: Memory, limit: number): number {
  const h = mheap_(m);
  lock(m, mheap.lock(h));
  const c = gcController(m);
  const out = gcc.memoryLimit(m, c);
  if (limit >= 0 && limit !== out) {
    gcc.setMemoryLimit(m, c, limit);
    gcControllerCommit(m);
  }
  unlock(m, mheap.lock(h));
  return out;
}
