/**
 * A program and a machine that the pacer is tried on: so much allocation, so much scanning, so much of it living on.
 *
 * An idealised collector: every half millisecond of a cycle, time is divided between marking and the program so that the
 * assist ratio is kept exactly, but at least a quarter of it marks. Go: TestGcPacer (runtime/mgcpacer_test.go).
 */
import { floatU } from "../../engine/memory/int64.ts";
import { GCController } from "./pacer.ts";

/** A value for each cycle, from 0 on. */
export type Stream = (cycle: number) => number;

export const constant =
  (value: number): Stream =>
  () =>
    value;
/** From 0 to `height` in `length` cycles, and there for good. */
export const ramp =
  (height: number, length: number): Stream =>
  (i) =>
    (height * Math.min(i, length)) / length;
/** Once `height`, then 0. */
export const unit =
  (height: number): Stream =>
  (i) =>
    i === 0 ? height : 0;
export const oscillate =
  (height: number, period: number): Stream =>
  (i) =>
    Math.sin(((i % period) / period) * 2 * Math.PI) * height;
/** Between -height and height, always the same for one seed. */
export const jitter =
  (height: number, seed: number): Stream =>
  (i) => {
    let x = Math.imul(i + 1, 0x9e3779b9) ^ Math.imul(seed + 1, 0x85ebca6b);
    for (const by of [15, 13, 16]) x = Math.imul(x ^ (x >>> by), 0x2c1b3c6d);
    return ((x >>> 0) / 2 ** 31 - 1) * height;
  };
/** 0 for `cycles` cycles, then the stream from its beginning. */
export const delayed =
  (cycles: number, stream: Stream): Stream =>
  (i) =>
    i < cycles ? 0 : stream(i - cycles);
export const sum =
  (...streams: Stream[]): Stream =>
  (i) =>
    streams.reduce((total, stream) => total + stream(i), 0);

export interface Model {
  readonly gcPercent: number;
  /** Bytes; 2^63 for none. */
  readonly memoryLimit: number;
  readonly globalsBytes: number;
  readonly cores: number;
  /** KiB allocated, and scanned, in a millisecond of one processor. */
  readonly allocRate: Stream;
  readonly scanRate: Stream;
  /** What lives after a cycle over what lived before it, what was allocated meanwhile aside. */
  readonly growthRate: Stream;
  /** Share of the heap that can hold pointers. */
  readonly scannableFrac: Stream;
  readonly stackBytes: Stream;
  readonly length: number;
}

export interface Cycle {
  readonly live: number;
  readonly trigger: number;
  readonly goal: number;
  readonly peak: number;
  /** Share of the processors that marked, idle time aside. */
  readonly utilization: number;
  readonly goalRatio: number;
  readonly triggerRatio: number;
}

const initialHeapBytes = 256 * 1024;
/** Nanoseconds. */
const revisePeriod = 500e3;
const background = 0.25;
const minRate = 0.0001;

/** Runs the model's cycles, and says of each what came of it. */
export function simulate(model: Model): Cycle[] {
  const c = new GCController(model.gcPercent, model.memoryLimit);
  const cycles: Cycle[] = [];
  let allocatedBlackLast = 0;
  for (let i = 0; i < model.length; i++) {
    const scannable = Math.min(1, Math.max(0, model.scannableFrac(i)));
    const stackBytes = Math.max(0, Math.floor(model.stackBytes(i) / 2048) * 2048);
    const growth = Math.max(minRate, model.growthRate(i));
    c.startCycle(stackBytes, model.globalsBytes, scannable, model.cores);
    const nextMarked = i === 0 ? initialHeapBytes : Math.trunc((c.heapMarked - allocatedBlackLast) * growth);
    const run = mark(c, model, i, [model.globalsBytes, stackBytes, Math.trunc(nextMarked * scannable)], scannable);

    const goal = floatU(c.heapGoal);
    const trigger = run.triggered;
    cycles.push({
      live: c.heapMarked,
      trigger,
      goal,
      peak: c.heapLive,
      utilization: run.assistTime / (run.duration * model.cores) + background,
      goalRatio: c.heapLive / goal,
      triggerRatio: (trigger - c.heapMarked) / (goal - c.heapMarked),
    });
    c.endCycle(nextMarked + run.allocated, run.assistTime, run.duration, model.cores);
    allocatedBlackLast = run.allocated;
  }
  return cycles;
}

/** Marks until nothing is left. @param left bytes of globals, stacks and heap, scanned in this order */
function mark(c: GCController, model: Model, i: number, left: number[], scannable: number) {
  const triggered = c.heapLive;
  const allocRate = Math.max(minRate, model.allocRate(i));
  const scanRate = Math.max(minRate, model.scanRate(i));
  const perPeriod = 1024 * (revisePeriod / 1e6) * model.cores;
  let [duration, assistTime, allocated] = [0, 0, 0];
  while (left.some((bytes) => bytes > 0)) {
    // The share of time at which scanned over allocated is the assist ratio.
    const pressure = c.assistWorkPerByte * allocRate;
    const utilization = Math.max(background, pressure / (pressure + scanRate));
    const couldScan = Math.trunc(scanRate * perPeriod * utilization);
    const [globalsScanWork, stackScanWork, heapScanWork] = take(left, couldScan);
    const scanned = globalsScanWork + stackScanWork + heapScanWork;

    let elapsed = revisePeriod;
    if (scanned < couldScan) elapsed = Math.trunc((scanned * revisePeriod) / (scanRate * perPeriod * utilization));
    const fresh = Math.trunc(((allocRate * perPeriod * elapsed) / revisePeriod) * (1 - utilization));
    const heapScan = Math.trunc(fresh * scannable);
    c.revise({ heapLive: fresh, heapScan, heapScanWork, stackScanWork, globalsScanWork });

    assistTime += Math.trunc(elapsed * model.cores * (utilization - background));
    duration += elapsed;
    allocated += fresh;
  }
  return { triggered, duration, assistTime, allocated };
}

/** Takes up to `bytes` from the front. @returns how many from each */
function take(left: number[], bytes: number): number[] {
  let rest = bytes;
  return left.map((have, k) => {
    const taken = Math.min(have, rest);
    left[k] = have - taken;
    rest -= taken;
    return taken;
  });
}
