/**
 * How much memory to retain, and how fast the background scavenger works.
 *
 * Two goals, set when a cycle ends. By GOGC: what the heap's spans took then, scaled as the heap's goal has changed, and
 * 10 % more, so that the next cycle finds memory ready. By the memory limit: 95 % of it. The scavenger works while
 * either is exceeded.
 *
 *   park ──wake──> run: at least 1 ms of work, in pieces of 64 KiB, or up to the goal, or until nothing is found
 *    ^              │ nothing was given back
 *    └──────────────┤
 *                   └ sleep: as long as makes the work 1 % of the processors' time ──timer or wake──> run
 *
 * The share is kept by a controller: it compares the share that work and sleep came to with 1 %, and corrects the ratio
 * of the two. If its numbers leave the range of doubles, it starts afresh, after 5 s without it.
 *
 * Time is the process's own clock. `bgscavenge` is one bounded piece of work, for whoever runs the clock (time.ts).
 *
 * Go 1.26: runtime/mgcscavenge.go (gcPaceScavenger, scavengerState, bgscavenge, printScavTrace, piController).
 * Differs: the scavenger is no goroutine. A sleep is begun by one call and ended by the next, with its state in the
 * record. Differs: printScavTrace gives its line to the caller, who also clears the counts that it prints.
 */
import { lock, unlock } from "../memory/atomics.ts";
import { throwFatal } from "../memory/fatal.ts";
import { floatU, truncU } from "../memory/int64.ts";
import type { Memory } from "../memory/memory.ts";
import { fromUint64, noUint64 } from "../memory/u64.ts";
import * as gcc from "../records/gcController.ts";
import { clock, gcController, scavenge as goals, gomaxprocs, memstats, mheap_, scavenger } from "../records/globals.ts";
import * as stats from "../records/memstats.ts";
import type { PiController, Scavenger } from "../records/mgcscavenge.ts";
import * as scav from "../records/mgcscavenge.ts";
import * as mheap from "../records/mheap.ts";
import * as pageAlloc from "../records/mpagealloc.ts";
import { alignUp, physPageSize } from "../records/sizes.ts";
import { scavenge } from "./mgcscavenge.ts";

/** Share of the processors' time that the scavenger may take. */
const scavengePercent = 1;
/** What is retained above the goal by GOGC, and given back below the memory limit. */
const retainExtraPercent = 10;
const reduceExtraPercent = 5;
/** Time worked over time slept, until the controller knows better. */
const startingScavSleepRatio = 0.001;
/** Nanoseconds of work at a time: less could not be measured well. */
const minScavWorkTime = 1e6;
/** Bytes given back between two looks at the goals. */
const scavengeQuantum = 64 * 1024;
/** Nanoseconds for a physical page, where the clock shows none. */
const approxWorkedNSPerPhysicalPage = 10e3;
/** Nanoseconds without the controller after it failed. */
const cooldown = 5e9;

// Goals.

/** Bytes of heap that are backed by memory. */
export function heapRetained(m: Memory): number {
  const c = gcController(m);
  return gcc.heapInUse(m, c) + gcc.heapFree(m, c);
}

/** Go's uint64(x), as a number. */
function truncated(x: number): number {
  return floatU(truncU(x));
}

/**
 * Sets both goals. The heap lock is held or the world stopped.
 *
 * @param memoryLimit  bytes, 2^63 for none
 * @param heapGoal     of the cycle that begins now, in bytes
 * @param lastHeapGoal of the one that ended; 0 when none ever did
 */
export function gcPaceScavenger(m: Memory, memoryLimit: number, heapGoal: number, lastHeapGoal: number): void {
  const g = goals(m);
  const limitGoal = truncated(memoryLimit * ((100 - reduceExtraPercent) / 100));
  const isReached = fromUint64(gcc.mappedReady(m, gcController(m))) <= limitGoal;
  scav.setMemoryLimitGoal(m, g, isReached ? noUint64 : limitGoal);

  if (lastHeapGoal === 0) {
    scav.setGcPercentGoal(m, g, noUint64);
    return;
  }
  const goalRatio = heapGoal / lastHeapGoal;
  let goal = truncated(stats.lastHeapInUse(m, memstats(m)) * goalRatio);
  goal += Math.floor(goal / (100 / retainExtraPercent));
  if (goal >= noUint64) goal -= noUint64; // as Go's addition wraps around
  goal = alignUp(goal, physPageSize);
  const retained = heapRetained(m);
  scav.setGcPercentGoal(m, g, retained <= goal || retained - goal < physPageSize ? noUint64 : goal);
}

// The scavenger's state.

/** What the scavenger does instead of the real thing. Go's test hook: Scavenger. */
export interface ScavengerStubs {
  /** Sleeps. @returns nanoseconds that it took */
  readonly sleep: (ns: number) => number;
  /** Gives bytes back. @returns how many, and the nanoseconds that it took, 0 for unknown */
  readonly scavenge: (bytes: number) => readonly [released: number, ns: number];
  /** True when enough was given back. */
  readonly shouldStop: () => boolean;
  readonly gomaxprocs: () => number;
}

/** Makes a scavenger that waits to be woken. */
export function scavengerInit(m: Memory, s: Scavenger): void {
  const c = scav.sleepController(s);
  scav.setKp(m, c, 0.3375);
  scav.setTi(m, c, 3.2e6);
  scav.setTt(m, c, 1e9);
  scav.setOutMin(m, c, 0.001);
  scav.setOutMax(m, c, 1000);
  scav.setSleepRatio(m, s, startingScavSleepRatio);
  scav.setSleepStart(m, s, scav.notAsleep);
  scav.setSleepUntil(m, s, scav.notAsleep);
  scavengerPark(m, s);
}

/** Lets it wait until it is woken. */
export function scavengerPark(m: Memory, s: Scavenger): void {
  lock(m, scav.lock(s));
  scav.setParked(m, s, 1);
  unlock(m, scav.lock(s));
}

/** Asks for it to be woken, from where the lock may not be taken. */
export function scavengerReady(m: Memory, s: Scavenger): void {
  scav.setSysmonWake(m, s, 1);
}

/** Wakes it, from waiting or from sleep. */
export function scavengerWake(m: Memory, s: Scavenger): void {
  lock(m, scav.lock(s));
  if (scav.parked(m, s) !== 0) {
    scav.setSysmonWake(m, s, 0);
    scav.setParked(m, s, 0);
  }
  unlock(m, scav.lock(s));
}

function shouldStop(m: Memory): boolean {
  if (heapRetained(m) > scav.gcPercentGoal(m, goals(m))) return false;
  return gcc.mappedReady(m, gcController(m)) <= scav.memoryLimitGoal(m, goals(m));
}

/** One piece of real work. @returns bytes; ret[0] = nanoseconds */
function scavengeTimed(m: Memory, nbytes: number): number {
  const start = clock(m);
  const r = scavenge(m, mheap.pages(mheap_(m)), nbytes, false, false);
  const duration = clock(m) - start;
  if (duration > 0) scav.addBackgroundTime(m, goals(m), duration);
  m.ret[0] = duration;
  return r;
}

/**
 * Works for at least 1 ms, unless the goals are reached or nothing is found before.
 *
 * @param stubs null for the real thing
 * @returns nanoseconds worked; ret[0] = bytes given back
 */
export function scavengerRun(m: Memory, stubs: ScavengerStubs | null): number {
  let worked = 0;
  let released = 0;
  while (worked < minScavWorkTime) {
    if (stubs === null ? shouldStop(m) : stubs.shouldStop()) break;
    let r: number;
    let duration: number;
    if (stubs === null) {
      r = scavengeTimed(m, scavengeQuantum);
      duration = m.ret[0];
    } else {
      [r, duration] = stubs.scavenge(scavengeQuantum);
    }
    worked += duration === 0 ? approxWorkedNSPerPhysicalPage * Math.floor(r / physPageSize) : duration;
    released += r;
    if (r < scavengeQuantum) break; // the heap has no more, or the rest of this round is too small to bother
  }
  if (released > 0 && released < physPageSize) throwFatal("released less than one physical page of memory");
  m.ret[0] = released;
  return worked;
}

/**
 * Sleeps after `worked` nanoseconds of work. With stubs the sleep is over on return; else it ends when the clock has
 * come to `sleepUntil`, or somebody wakes the scavenger, and `scavengerSlept` is due then.
 */
export function scavengerSleep(m: Memory, s: Scavenger, worked: number, stubs: ScavengerStubs | null): void {
  lock(m, scav.lock(s));
  const counted = Math.max(worked, minScavWorkTime);
  const sleepTime = Math.trunc(counted / scav.sleepRatio(m, s));
  if (stubs !== null) {
    unlock(m, scav.lock(s));
    scavengerSlept(m, s, counted, stubs.sleep(sleepTime), stubs.gomaxprocs());
    return;
  }
  scav.setSleepStart(m, s, clock(m));
  scav.setSleepUntil(m, s, clock(m) + sleepTime);
  scav.setWorked(m, s, counted);
  scav.setParked(m, s, 1);
  unlock(m, scav.lock(s));
}

/** After a sleep: corrects the ratio of work to sleep. */
function scavengerSlept(m: Memory, s: Scavenger, worked: number, slept: number, procs: number): void {
  const left = scav.controllerCooldown(m, s);
  if (left > 0) {
    const t = slept + Math.trunc(worked);
    scav.setControllerCooldown(m, s, t > left ? 0 : left - t);
    return;
  }
  const idealFraction = scavengePercent / 100;
  const cpuFraction = worked / ((slept + worked) * procs);
  const ratio = piNext(m, scav.sleepController(s), cpuFraction, idealFraction, slept + worked);
  if (m.ret[0] !== 0) {
    scav.setSleepRatio(m, s, ratio);
    return;
  }
  scav.setSleepRatio(m, s, startingScavSleepRatio);
  scav.setControllerCooldown(m, s, cooldown);
  lock(m, scav.lock(s));
  scav.setPrintControllerReset(m, s, 1);
  unlock(m, scav.lock(s));
}

/**
 * One piece of the background scavenger's work, if it is awake: it runs once, and then waits or sleeps. Takes about
 * 1 ms of the clock.
 *
 * @returns false when it was not awake
 */
export function bgscavenge(m: Memory): boolean {
  const s = scavenger(m);
  if (scav.parked(m, s) !== 0) return false;
  const sleepStart = scav.sleepStart(m, s);
  if (sleepStart !== scav.notAsleep) {
    scav.setSleepStart(m, s, scav.notAsleep);
    scav.setSleepUntil(m, s, scav.notAsleep);
    scavengerSlept(m, s, scav.worked(m, s), clock(m) - sleepStart, gomaxprocs(m));
  }
  const worked = scavengerRun(m, null);
  const released = m.ret[0];
  if (released === 0) {
    scavengerPark(m, s);
    return true;
  }
  scav.addReleasedBg(m, pageAlloc.scav(mheap.pages(mheap_(m))), released);
  scavengerSleep(m, s, worked, null);
  return true;
}

/**
 * The line that GODEBUG=scavtrace=1 prints, without its end.
 *
 * @param isForced FreeOSMemory is what it is about
 */
export function printScavTrace(m: Memory, releasedBg: number, releasedEager: number, isForced: boolean): string {
  const kib = (n: number) => Math.floor(n / 1024);
  const c = gcController(m);
  const util = Math.floor((gcc.heapInUse(m, c) * 100) / heapRetained(m));
  const line =
    `scav ${kib(releasedBg)} KiB work (bg), ${kib(releasedEager)} KiB work (eager), ` +
    `${kib(gcc.heapReleased(m, c))} KiB now, ${util}% util`;
  if (isForced) return `${line} (forced)`;
  const s = scavenger(m);
  if (scav.printControllerReset(m, s) === 0) return line;
  scav.setPrintControllerReset(m, s, 0);
  return `${line} [controller reset]`;
}

// The controller: proportional and integral, with its integral drawn back while the output is at its bounds.

/**
 * Takes a sample.
 *
 * @param input    what was measured; @param setpoint what it should be; @param period time since the last sample
 * @returns the new output; ret[0] = 0 when the numbers left the range of doubles and the controller was reset, else 1
 */
export function piNext(m: Memory, c: PiController, input: number, setpoint: number, period: number): number {
  const prop = scav.kp(m, c) * (setpoint - input);
  const rawOutput = prop + scav.errIntegral(m, c);
  if (!Number.isFinite(rawOutput)) {
    scav.setInputOverflow(m, c, 1);
    return piReset(m, c);
  }
  const output = Math.min(Math.max(rawOutput, scav.outMin(m, c)), scav.outMax(m, c));
  const ti = scav.ti(m, c);
  const tt = scav.tt(m, c);
  if (ti !== 0 && tt !== 0) {
    const error = ((scav.kp(m, c) * period) / ti) * (setpoint - input) + (period / tt) * (output - rawOutput);
    const errIntegral = scav.errIntegral(m, c) + error;
    if (!Number.isFinite(errIntegral)) {
      scav.setErrOverflow(m, c, 1);
      return piReset(m, c);
    }
    scav.setErrIntegral(m, c, errIntegral);
  }
  m.ret[0] = 1;
  return output;
}

function piReset(m: Memory, c: PiController): number {
  scav.setErrIntegral(m, c, 0);
  m.ret[0] = 0;
  return scav.outMin(m, c);
}

/** When the sleeping scavenger's timer ends its sleep; `notAsleep` while it does not sleep. */
export function scavengerTimer(m: Memory, s: Scavenger): number {
  return scav.parked(m, s) === 0 ? scav.notAsleep : scav.sleepUntil(m, s);
}
