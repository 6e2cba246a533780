/**
 * gcCPULimiter: the bucket that fills with processor time of the collector and drains with time of the program.
 *
 * Times are nanoseconds of the process's clock, sums of them nanoseconds of processors.
 *
 * Go 1.26: runtime/mgclimit.go (gcCPULimiterState, limiterEvent).
 * Differs: times are plain numbers, exact up to 2^53 ns, which is 104 days of processor time.
 * Differs: the stamp of an event, a type in 3 bits and a time in 61, is two fields, for want of a compare-and-swap of
 * 64 bits. The counter beside the type takes the place of the time in it. Over a shared memory, an update that comes
 * between the two can count a time twice.
 */
import { Layout } from "../memory/layout.ts";

export const layout = new Layout("gcCPULimiterState");
/** 1 while somebody updates the limiter, or the world is stopped for a change of phase. */
export const [lock, , lockCas] = layout.u32a("lock");
/** 1 while the bucket is full: nobody has to help the collector. */
export const [enabled, setEnabled] = layout.u32a("enabled");
/** 1 while the collector marks, as told at the last change of phase. */
export const [gcEnabled, setGcEnabled] = layout.u8("gcEnabled");
/** 1 between the start and the end of a change of phase. */
export const [transitioning, setTransitioning] = layout.u8("transitioning");
/** 0 <= fill <= capacity, nanoseconds of processors. */
export const [fill, setFill] = layout.i64("bucket.fill");
export const [capacity, setCapacity] = layout.i64("bucket.capacity");
/** All that did not fit into the bucket. */
export const [overflow, setOverflow] = layout.i64("overflow");
/** Time of assists, of idle marking and of idle Ps that is not yet in the bucket. */
export const [assistTimePool, setAssistTimePool, addAssistTimePool] = layout.i64a("assistTimePool");
export const [idleMarkTimePool, setIdleMarkTimePool, addIdleMarkTimePool] = layout.i64a("idleMarkTimePool");
export const [idleTimePool, setIdleTimePool, addIdleTimePool] = layout.i64a("idleTimePool");
/** Up to when time has been counted. */
export const [lastUpdate, setLastUpdate] = layout.i64a("lastUpdate");
/** The last cycle in which the bucket became full, counted from 1; 0: none. */
export const [lastEnabledCycle, setLastEnabledCycle] = layout.u32a("lastEnabledCycle");
/** Processors that time is counted for. */
export const [nprocs, setNprocs] = layout.i32("nprocs");
layout.seal();

export const eventLayout = new Layout("limiterEvent");
//  31                    3 2   0
// ├───────────────────────┬─────┤   type:  what this P does, 0 for nothing of interest
// │        counter        │ type│   counter: how often its time was taken away meanwhile
// └───────────────────────┴─────┘
export const [stamp, setStamp, stampCas] = eventLayout.u32a("stamp");
/** When it began, or when its time was last taken away. */
export const [start, setStart] = eventLayout.i64("start");
eventLayout.seal();
