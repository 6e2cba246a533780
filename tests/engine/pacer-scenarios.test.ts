/** TestGcPacer: programs of many kinds, and whether the pacer comes to rest near its goals. */
import { describe, expect, test } from "vitest";
import { noMemoryLimit } from "../../engine/records/gcController.ts";
import { gcGoalUtilization } from "../../engine/runtime/mgcpacer.ts";
import {
  type Cycle,
  constant,
  delayed,
  jitter,
  type Model,
  oscillate,
  ramp,
  type Stream,
  simulate,
  sum,
  unit,
} from "./pacer-model.ts";

const MiB = 2 ** 20;
const limit = 512 * MiB;
/** What a limit of 512 MiB leaves: 3 % less, rounded down as Go rounds. */
const limitGoal = limit - Math.floor(limit / 100) * 3;
const defaultHeapMinimum = 4 * MiB;

/** A heap that doubles 12 times, each time by less, and then stays as it is. */
const steady: Model = {
  gcPercent: 100,
  memoryLimit: noMemoryLimit,
  globalsBytes: 32 * 1024,
  cores: 8,
  allocRate: constant(33),
  scanRate: constant(1024),
  growthRate: settling(2, 12),
  scannableFrac: constant(1),
  stackBytes: constant(8192),
  length: 50,
};

/** A growth rate that falls from `from` to 1 in `cycles` cycles. */
function settling(from: number, cycles: number, ...more: Stream[]): Stream {
  return sum(constant(from), ramp(1 - from, cycles), ...more);
}

function near(got: number, want: number, epsilon: number): void {
  expect(got).toBeGreaterThanOrEqual(want - epsilon);
  expect(got).toBeLessThanOrEqual(want + epsilon);
}

function within(got: number, min: number, max: number): void {
  expect(got).toBeGreaterThanOrEqual(min);
  expect(got).toBeLessThanOrEqual(max);
}

/** Looks at the n-th cycle, counted from 1, from what is known of all cycles up to it. */
type Check = (c: readonly Cycle[], n: number) => void;

const atGoalUtilization: Check = (c, n) => near(c[n - 1].utilization, gcGoalUtilization, 0.005);
const settled: Check = (c, n) => near(c[n - 1].utilization, c[n - 2].utilization, 0.005);
const onGoal: Check = (c, n) => within(c[n - 1].goalRatio, 0.95, 1.05);

const steadyCheck: Check = (c, n) => {
  if (n < 25) return;
  atGoalUtilization(c, n);
  settled(c, n);
  onGoal(c, n);
};
const stepCheck: Check = (c, n) => {
  if (n < 25 || (n >= 50 && n < 75)) return;
  settled(c, n);
  onGoal(c, n);
};
const slowCheck = (from: number): Check => {
  return (c, n) => {
    if (n > from) within(c[n - 1].goalRatio, 0.925, 1.025);
    if (n > from) within(c[n - 1].triggerRatio, 0.925, 0.975);
    if (n <= 25) return;
    atGoalUtilization(c, n);
    near(c[n - 1].utilization, c[n - 2].utilization, 0.05);
    near(c[n - 1].utilization, c[11].utilization, 0.05);
  };
};

const jittery = settling(2, 12, jitter(0.01, 0xe));

const scenarios: [name: string, model: Model, check: Check][] = [
  ["Steady", steady, steadyCheck],
  [
    "SteadyBigStacks",
    { ...steady, allocRate: constant(132), stackBytes: sum(constant(2048), ramp(128 * MiB, 8)) },
    steadyCheck,
  ],
  ["SteadyBigGlobals", { ...steady, allocRate: constant(132), globalsBytes: 128 * MiB }, steadyCheck],
  ["StepAlloc", { ...steady, allocRate: sum(constant(33), delayed(50, ramp(66, 1))), length: 100 }, stepCheck],
  ["HeavyStepAlloc", { ...steady, allocRate: sum(constant(33), delayed(50, ramp(330, 1))), length: 100 }, stepCheck],
  [
    "StepScannableFrac",
    { ...steady, allocRate: constant(128), scannableFrac: sum(constant(0.2), delayed(50, unit(0.5))), length: 100 },
    stepCheck,
  ],
  [
    "HighGOGC",
    {
      ...steady,
      gcPercent: 1500,
      allocRate: sum(constant(165), jitter(7, 0x53)),
      growthRate: settling(2, 12, jitter(0.01, 1), delayed(25, unit(14))),
    },
    (c, n) => {
      if (n <= 12) return;
      // In the 26th cycle the heap grows fifteenfold: the goal gives way, to where the next one would have been.
      within(c[n - 1].goalRatio, 0.9, n === 26 ? 15 : 1.05);
      near(c[n - 1].utilization, gcGoalUtilization, gcGoalUtilization + 0.03);
      near(c[n - 1].utilization, c[n - 2].utilization, 0.03);
    },
  ],
  [
    "OscAlloc",
    { ...steady, allocRate: sum(constant(67), oscillate(13, 8)) },
    (c, n) => {
      if (n <= 12) return;
      onGoal(c, n);
      within(c[n - 1].utilization, 0.25, 0.3);
    },
  ],
  [
    "JitterAlloc",
    { ...steady, allocRate: sum(constant(132), jitter(13, 0xf)), growthRate: jittery },
    (c, n) => {
      if (n <= 12) return;
      within(c[n - 1].goalRatio, 0.95, 1.025);
      within(c[n - 1].utilization, 0.25, 0.275);
    },
  ],
  [
    "HeavyJitterAlloc",
    { ...steady, allocRate: sum(constant(330), jitter(33, 0)), growthRate: jittery },
    (c, n) => {
      if (n <= 13) return;
      onGoal(c, n);
      near(c[n - 1].utilization, c[n - 2].utilization, 0.05);
      near(c[n - 1].utilization, c[11].utilization, 0.05);
    },
  ],
  [
    "SmallHeapSlowAlloc",
    {
      ...steady,
      allocRate: constant(1),
      scanRate: constant(2048),
      growthRate: settling(2, 3),
      scannableFrac: constant(0.01),
    },
    slowCheck(4),
  ],
  [
    "MediumHeapSlowAlloc",
    {
      ...steady,
      allocRate: constant(1),
      scanRate: constant(2048),
      growthRate: settling(2, 8),
      scannableFrac: constant(0.01),
    },
    slowCheck(9),
  ],
  [
    "LargeHeapSlowAlloc",
    {
      ...steady,
      allocRate: constant(1),
      scanRate: constant(2048),
      growthRate: settling(4, 12),
      scannableFrac: constant(0.01),
    },
    (c, n) => {
      // A large heap that hardly allocates has 4 MiB of runway.
      if (n > 13) onGoal(c, n);
      if (n > 13) near(c[n - 1].goal - c[n - 1].trigger, defaultHeapMinimum, 64 * 1024);
      if (n <= 25) return;
      atGoalUtilization(c, n);
      near(c[n - 1].utilization, c[n - 2].utilization, 0.05);
      near(c[n - 1].utilization, c[11].utilization, 0.05);
    },
  ],
  [
    "SteadyMemoryLimit",
    { ...steady, memoryLimit: limit },
    (c, n) => {
      expect(c[n - 1].peak).toBeLessThan(limitGoal);
      steadyCheck(c, n);
    },
  ],
  [
    "SteadyMemoryLimitNoGCPercent",
    { ...steady, gcPercent: -1, memoryLimit: limit },
    (c, n) => {
      expect(c[n - 1].goal).toBe(limitGoal);
      steadyCheck(c, n);
    },
  ],
  ["ExceedMemoryLimit", { ...steady, memoryLimit: limit, growthRate: settling(3.5, 12) }, exceeded],
  [
    "ExceedMemoryLimitNoGCPercent",
    { ...steady, gcPercent: -1, memoryLimit: limit, growthRate: settling(3.5, 12) },
    (c, n) => {
      if (n < 10) expect(c[n - 1].goal).toBe(limitGoal);
      exceeded(c, n);
    },
  ],
  [
    "MaintainMemoryLimit",
    { ...steady, memoryLimit: limit, growthRate: settling(3, 12) },
    (c, n) => {
      if (n > 12) expect(c[n - 1].goal).toBe(limitGoal);
      steadyCheck(c, n);
    },
  ],
  [
    "MaintainMemoryLimitNoGCPercent",
    { ...steady, gcPercent: -1, memoryLimit: limit, growthRate: settling(3, 12) },
    (c, n) => {
      expect(c[n - 1].goal).toBe(limitGoal);
      steadyCheck(c, n);
    },
  ],
];

/** What lives is more than the limit: the goal is as low as it can be, and nearly all processors mark. */
function exceeded(c: readonly Cycle[], n: number): void {
  if (n > 12) expect(c[n - 1].goal).toBe(c[n - 1].live);
  if (n < 25) return;
  near(c[n - 1].utilization, 1, 0.005);
  settled(c, n);
}

describe("TestGcPacer", () => {
  test.each(scenarios)("%s", (_name, model, check) => {
    const cycles = simulate(model);
    expect(cycles).toHaveLength(model.length);
    for (let n = 1; n <= cycles.length; n++) {
      within(cycles[n - 1].utilization, 0, 1);
      check(cycles.slice(0, n), n);
    }
  });
});
