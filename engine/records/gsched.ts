/**
 * What the scheduler keeps: the goroutines that there are, the dead ones that wait to be used again, and how far it has
 * come in stopping the world.
 *
 * A dead g stands in its P's list, last in first out; at 64 of them more than half are moved on to the two lists for
 * all, one of gs that still have a stack and one of those that have none.
 *
 * Go 1.26: runtime/runtime2.go (schedt, gList), runtime/proc.go (allgs, allglock), runtime/stack.go (startingStackSize,
 * maxstacksize), runtime/proc.go (worldsema), runtime/metrics.go (metricsSema).
 */
import { Layout } from "../memory/layout.ts";
import type { Ptr } from "../memory/memory.ts";

export type GList = Ptr<"gList">;
export type Sched = Ptr<"sched">;

/** A list of gs, linked through schedlink. */
export const gListLayout = new Layout("gList", 16);
export const [head, setHead] = gListLayout.addr("head");
export const [size, setSize] = gListLayout.uptr("size");
gListLayout.seal();

export const layout = new Layout("sched");
/** Offset of the lock word that guards the two lists. */
export const gFreeLock = layout.bytes("gFree.lock", 8, 8);
export const gFreeStack = layout.record("gFree.stack", gListLayout);
export const gFreeNoStack = layout.record("gFree.noStack", gListLayout);
/** Last goid that was given to a P, in batches of 16. */
export const [goidgen, setGoidgen, addGoidgen] = layout.i64a("goidgen");
/** Goroutines made by Ps that are gone. */
export const [goroutinesCreated, setGoroutinesCreated] = layout.i64("goroutinesCreated");
export const allglock = layout.bytes("allglock", 8, 8);
/** Array of every g ever made, itself an object of the heap. */
export const [allgs, setAllgs] = layout.addr("allgs");
export const [allgsLen, setAllgsLen] = layout.uptr("allgs.len");
export const [allgsCap, setAllgsCap] = layout.uptr("allgs.cap");
/** Bytes of stack that a dead g is given when it is used again. */
export const [startingStackSize, setStartingStackSize] = layout.u32("startingStackSize");
/** Largest stack, in bytes. */
export const [maxstacksize, setMaxstacksize] = layout.u32("maxstacksize");
/** 0: dead gs are always given 2048 bytes. Go: GODEBUG=adaptivestackstart. */
export const [adaptivestackstart, setAdaptivestackstart] = layout.u32("debug.adaptivestackstart");
/** Not 0: stacks never shrink. Go: GODEBUG=gcshrinkstackoff. */
export const [gcshrinkstackoff, setGcshrinkstackoff] = layout.u32("debug.gcshrinkstackoff");
/** Not 0: the world is being stopped, or stands still; threads wait at this word. */
export const [gcwaiting, setGcwaiting] = layout.u32a("gcwaiting");
/** Offset of that word. */
export const gcwaitingAt = offsetOf("gcwaiting");
/** Ps that have not stopped yet; guarded by the scheduler's lock. */
export const [stopwait, setStopwait] = layout.i32("stopwait");
/** Offset of the word that becomes 1 when the last of them has stopped. */
export const stopnote = layout.bytes("stopnote", 8, 8);
/** Ps that have not yet done what forEachP asks; guarded by the lock. */
export const [safePointWait, setSafePointWait] = layout.i32("safePointWait");
layout.u32("safePointPad");
/** Offset of the word that becomes 1 when the last of them has. */
export const safePointNote = layout.bytes("safePointNote", 8, 8);
/** Offsets of semaphores, 0 for free: who may stop the world, who may read the consistent statistics. */
export const worldsema = layout.bytes("worldsema", 8, 8);
export const metricsSema = layout.bytes("metricsSema", 8, 8);
layout.seal();

function offsetOf(name: string): (s: Sched) => number {
  const { offset } = layout.fields.find((f) => f.name === name)!;
  return (s) => s + offset;
}
