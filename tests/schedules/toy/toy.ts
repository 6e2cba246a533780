/**
 * A toy in the engine's style, small enough to know how many schedules it has and which of them fail: the unit test of
 * the stepped transform and of the explorer.
 */
import { lock, unlock } from "../../../engine/memory/atomics.ts";
import { debugCheck } from "../../../engine/memory/check.ts";
import type { Memory } from "../../../engine/memory/memory.ts";
import * as toy from "./records.ts";

/** Adds one in two steps: two threads may both read the same number. */
export function incrementTorn(m: Memory, t: number): number {
  const seen = toy.count(m, t);
  toy.setCount(m, t, seen + 1);
  return seen;
}

/** Adds one by compare-and-swap: tries again when another was faster. */
export function incrementCas(m: Memory, t: number): number {
  for (;;) {
    const seen = toy.count(m, t);
    if (toy.countCas(m, t, seen, seen + 1)) return seen;
  }
}

/** A shared load as the argument of a shared store: two points, not one. */
export function incrementNested(m: Memory, t: number): number {
  toy.setCount(m, t, toy.count(m, t) + 1);
  return 0;
}

/** Takes the next slot under the lock. */
export function takeSlot(m: Memory, t: number): number {
  lock(m, toy.lockA(t));
  const slot = advanceCursor(m, t);
  unlock(m, toy.lockA(t));
  return slot;
}

/** The same with the lock forgotten. */
export function takeSlotUnlocked(m: Memory, t: number): number {
  return advanceCursor(m, t);
}

function advanceCursor(m: Memory, t: number): number {
  const slot = toy.cursor(m, t);
  debugCheck(m, slot < 1000, "toy: slots never end");
  toy.setCursor(m, t, slot + 1);
  return slot;
}

/** Takes A then B. With `lockBA` it waits in a circle. */
export function lockAB(m: Memory, t: number): void {
  lock(m, toy.lockA(t));
  lock(m, toy.lockB(t));
  unlock(m, toy.lockB(t));
  unlock(m, toy.lockA(t));
}

export function lockBA(m: Memory, t: number): void {
  lock(m, toy.lockB(t));
  lock(m, toy.lockA(t));
  unlock(m, toy.lockA(t));
  unlock(m, toy.lockB(t));
}

/** Waits in a loop until somebody calls `makeReady`. */
export function waitReady(m: Memory, t: number): number {
  while (toy.ready(m, t) === 0) {
    // spin
  }
  return toy.count(m, t);
}

export function makeReady(m: Memory, t: number): number {
  toy.setCount(m, t, 7);
  toy.setReady(m, t, 1);
  return 0;
}
