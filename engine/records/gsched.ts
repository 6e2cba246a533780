/**
 * What the scheduler keeps about goroutines: those that there are, and the dead ones that wait to be used again.
 *
 * A dead g stands in its P's list, last in first out; at 64 of them more than half are moved on to the two lists for
 * all, one of gs that still have a stack and one of those that have none.
 *
 * Go 1.26: runtime/runtime2.go (schedt, gList), runtime/proc.go (allgs, allglock), runtime/stack.go (startingStackSize,
 * maxstacksize).
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
/** Nanoseconds that Ps have been idle for since the last cycle ended. */
export const [idleTime, setIdleTime, addIdleTime] = layout.i64a("idleTime");
layout.seal();
