/**
 * The CPU limiter: keeps the collector from taking all the processors when the heap does not fit into its limit.
 *
 *        time of the collector                 a bucket that holds one second of each P
 *                 ▼
 *        │▒▒▒▒▒▒▒▒▒▒▒▒▒▒│ full: limiting; nobody assists, nobody scavenges for an allocation
 *        └──────┬───────┘
 *               ▼ time of the program
 *
 * A nanosecond in for each nanosecond of the collector, one out for each of the program: over a window of two seconds a
 * P, the collector gets at most half. The bucket is never less than empty: quiet times earn no credit.
 *
 *   collector's   while it marks 25 % of all the time, and all assists; when the world is stopped for it, all the time
 *   nobody's      Ps that are idle, or mark because they have nothing else to do
 *   program's     the rest
 *
 * What a P does meanwhile is an event: `limiterEventStart`, `limiterEventStop`. An update in between takes the time of
 * events that go on, so that no time is counted in a window that it does not belong to.
 *
 * Go 1.26: runtime/mgclimit.go.
 */
import { debugCheck } from "../memory/check.ts";
import { throwFatal } from "../memory/fatal.ts";
import type { Memory, Ptr } from "../memory/memory.ts";
import * as l from "../records/gclimit.ts";
import { allp, gcCPULimiter, gcCPULimiterLimiting, gomaxprocs, memstats, sched } from "../records/globals.ts";
import { addIdleTime } from "../records/gsched.ts";
import { numgc } from "../records/memstats.ts";
import * as p from "../records/runtime2.ts";
import { gcBackgroundUtilization } from "./mgcpacer_goal.ts";

/** Nanoseconds of the bucket for each P. */
export const capacityPerProc = 1e9;
/** Nanoseconds that the limiter may go without an update. */
export const gcCPULimiterUpdatePeriod = 10e6;

/** True while the collector may take no more: then nobody has to help. */
export function limiting(m: Memory): boolean {
  return gcCPULimiterLimiting(m);
}

/** The world stops for marking to begin or to end. Takes the limiter until finishGCTransition. */
export function startGCTransition(m: Memory, enableGC: boolean, now: number): void {
  const c = gcCPULimiter(m);
  if (!tryLock(m)) throwFatal("failed to acquire lock to start a GC transition");
  if ((l.gcEnabled(m, c) !== 0) === enableGC) throwFatal("transitioning GC to the same state as before?");
  updateLocked(m, now);
  l.setGcEnabled(m, c, enableGC ? 1 : 0);
  l.setTransitioning(m, c, 1);
}

/** The world goes on. All the time of all Ps since the start was the collector's. */
export function finishGCTransition(m: Memory, now: number): void {
  const c = gcCPULimiter(m);
  if (l.transitioning(m, c) === 0) throwFatal("finishGCTransition called without starting one?");
  const lastUpdate = l.lastUpdate(m, c);
  if (now >= lastUpdate) accumulate(m, 0, (now - lastUpdate) * l.nprocs(m, c));
  l.setLastUpdate(m, c, now);
  l.setTransitioning(m, c, 0);
  unlock(m);
}

/** True when nobody has updated the limiter for 10 ms. */
export function limiterNeedUpdate(m: Memory, now: number): boolean {
  return now - l.lastUpdate(m, gcCPULimiter(m)) > gcCPULimiterUpdatePeriod;
}

/** Counts nanoseconds of assists, in the next update. */
export function limiterAddAssistTime(m: Memory, t: number): void {
  l.addAssistTimePool(m, gcCPULimiter(m), t);
}

/** Counts nanoseconds of idle Ps, in the next update. */
export function limiterAddIdleTime(m: Memory, t: number): void {
  l.addIdleTimePool(m, gcCPULimiter(m), t);
}

/** Brings the bucket up to date. Left out when somebody else is at it: the next update has it all. */
export function limiterUpdate(m: Memory, now: number): void {
  if (!tryLock(m)) return;
  if (l.transitioning(m, gcCPULimiter(m)) !== 0) throwFatal("update during transition");
  updateLocked(m, now);
  unlock(m);
}

function updateLocked(m: Memory, now: number): void {
  const c = gcCPULimiter(m);
  const lastUpdate = l.lastUpdate(m, c);
  if (now < lastUpdate) return; // somebody's older idea of now
  let windowTotalTime = (now - lastUpdate) * l.nprocs(m, c);
  l.setLastUpdate(m, c, now);

  let assistTime = l.assistTimePool(m, c);
  if (assistTime !== 0) l.addAssistTimePool(m, c, -assistTime);
  let idleTime = l.idleTimePool(m, c);
  if (idleTime !== 0) l.addIdleTimePool(m, c, -idleTime);

  for (let i = 0; i < gomaxprocs(m); i++) {
    const typ = limiterEventConsume(m, p.limiterEvent(allp(m, i)), now);
    if (typ === limiterEventNone) continue;
    const duration = now - consumedSince(m);
    if (typ === limiterEventIdle) addIdleTime(m, sched(m), duration);
    if (typ === limiterEventIdle || typ === limiterEventIdleMarkWork) idleTime += duration;
    else assistTime += duration;
  }

  // Workers take their share of all the time, so that is computed before idle time is taken off.
  let windowGCTime = assistTime;
  if (l.gcEnabled(m, c) !== 0) windowGCTime += Math.trunc(windowTotalTime * gcBackgroundUtilization);
  windowTotalTime -= idleTime;
  accumulate(m, windowTotalTime - windowGCTime, windowGCTime);
}

/** Fills the bucket, or drains it. The limiter is locked. */
function accumulate(m: Memory, mutatorTime: number, gcTime: number): void {
  const c = gcCPULimiter(m);
  const capacity = l.capacity(m, c);
  const fill = l.fill(m, c);
  const headroom = capacity - fill;
  const enabled = headroom === 0;
  const change = gcTime - mutatorTime;
  debugCheck(m, fill >= 0 && fill <= capacity, "limiter: the bucket holds less than nothing, or more than it can");

  if (change > 0 && headroom <= change) {
    l.setOverflow(m, c, l.overflow(m, c) + change - headroom);
    l.setFill(m, c, capacity);
    if (!enabled) turnOn(m);
    return;
  }
  l.setFill(m, c, Math.max(0, fill + change));
  if (change !== 0 && enabled) l.setEnabled(m, c, 0); // a change of 0 leaves it as it is
}

function turnOn(m: Memory): void {
  const c = gcCPULimiter(m);
  l.setEnabled(m, c, 1);
  l.setLastEnabledCycle(m, c, numgc(m, memstats(m)) + 1);
}

function tryLock(m: Memory): boolean {
  return l.lockCas(m, gcCPULimiter(m), 0, 1);
}

function unlock(m: Memory): void {
  if (!l.lockCas(m, gcCPULimiter(m), 1, 0)) throwFatal("double unlock");
}

/** The number of Ps has changed. Never while the collector marks. */
export function limiterResetCapacity(m: Memory, now: number, nprocs: number): void {
  const c = gcCPULimiter(m);
  if (!tryLock(m)) throwFatal("failed to acquire lock to reset capacity");
  updateLocked(m, now);
  l.setNprocs(m, c, nprocs);
  const capacity = nprocs * capacityPerProc;
  l.setCapacity(m, c, capacity);
  if (l.fill(m, c) > capacity) {
    l.setFill(m, c, capacity);
    turnOn(m);
  } else if (l.fill(m, c) < capacity) {
    l.setEnabled(m, c, 0);
  }
  unlock(m);
}

// Events.

/** What a P can be at: nothing of interest; marking for want of something better; helping; being idle. */
export const limiterEventNone = 0;
export const limiterEventIdleMarkWork = 1;
export const limiterEventMarkAssist = 2;
export const limiterEventScavengeAssist = 3;
export const limiterEventIdle = 4;
const limiterEventBits = 3;
const typeMask = (1 << limiterEventBits) - 1;

export type LimiterEvent = Ptr<"limiterEvent">;

/** Begins an event. False: one is under way already, which has the time. @param e `limiterEvent` of the P */
export function limiterEventStart(m: Memory, e: LimiterEvent, typ: number, now: number): boolean {
  const old = l.stamp(m, e);
  if ((old & typeMask) !== limiterEventNone) return false;
  l.setStart(m, e, now);
  l.setStamp(m, e, typ);
  return true;
}

/**
 * Takes the time of an event that is under way; it goes on from now.
 *
 * @returns its type, limiterEventNone when there is none or no time to take; ret[0], ret[1] = halves of when it began
 */
export function limiterEventConsume(m: Memory, e: LimiterEvent, now: number): number {
  for (;;) {
    const old = l.stamp(m, e);
    const typ = old & typeMask;
    if (typ === limiterEventNone) return typ;
    if (typ > limiterEventIdle) throwFatal("invalid limiter event type found");
    const start = l.start(m, e);
    if (now <= start) return limiterEventNone; // somebody's older idea of now
    if (!l.stampCas(m, e, old, (old + typeMask + 1) >>> 0)) continue;
    l.setStart(m, e, now);
    m.ret[0] = start % 2 ** 32;
    m.ret[1] = Math.floor(start / 2 ** 32);
    return typ;
  }
}

/** The second result of limiterEventConsume: when the time that it took began. */
function consumedSince(m: Memory): number {
  return m.ret[1] * 2 ** 32 + (m.ret[0] >>> 0);
}

/** Ends the event of type `typ` and counts its time. */
export function limiterEventStop(m: Memory, e: LimiterEvent, typ: number, now: number): void {
  let stamp: number;
  do {
    stamp = l.stamp(m, e);
    if ((stamp & typeMask) !== typ) throwFatal("limiterEvent.stop: found wrong event in p's limiter event slot");
  } while (!l.stampCas(m, e, stamp, limiterEventNone));
  const duration = now - l.start(m, e);
  if (duration <= 0) return;
  switch (typ) {
    case limiterEventIdle:
      addIdleTime(m, sched(m), duration);
      limiterAddIdleTime(m, duration);
      break;
    case limiterEventIdleMarkWork:
      limiterAddIdleTime(m, duration);
      break;
    case limiterEventMarkAssist:
    case limiterEventScavengeAssist:
      limiterAddAssistTime(m, duration);
      break;
    default:
      throwFatal("limiterEvent.stop: invalid limiter event type found");
  }
}
