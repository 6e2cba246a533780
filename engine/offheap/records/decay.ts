/** How fast the free pages of one state are let go. See ../decay.ts. */
import { Layout } from "../../memory/layout.ts";
import type { Ptr } from "../../memory/memory.ts";

export type Decay = Ptr<"decay">;

/** Epochs from a page's being freed until its share of the limit is 0. */
export const decaySteps = 200;

export const layout = new Layout("decay");
/** Time until all is let go, in nanoseconds; 0: at once, -1: never. */
export const [time, setTime] = layout.i64("time");
/** Length of an epoch and start of the current one, in nanoseconds. */
export const [interval, setInterval] = layout.i64("interval");
export const [epoch, setEpoch] = layout.i64("epoch");
/** Free pages at the end of the epoch before: what is more by now came in this one. */
export const [nunpurged, setNunpurged] = layout.u32("nunpurged");
/** Pages let go so far, and how many times that meant a call to the system. */
export const [purged, setPurged] = layout.i64("purged");
export const [calls, setCalls] = layout.u32("calls");
/** Pages that became free in each of the last epochs, the oldest first. */
export const [backlog, setBacklog] = layout.u32s("backlog", decaySteps);
layout.seal();
