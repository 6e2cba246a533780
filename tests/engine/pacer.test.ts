/** The pacer: goal, trigger, assist ratio, cons/mark, settings, and the numbers behind the workers. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { floatU, lessU } from "../../engine/memory/int64.ts";
import { noUint64 } from "../../engine/memory/u64.ts";
import * as gcc from "../../engine/records/gcController.ts";
import * as globals from "../../engine/records/globals.ts";
import * as memstats from "../../engine/records/memstats.ts";
import * as scav from "../../engine/records/mgcscavenge.ts";
import * as mheap from "../../engine/records/mheap.ts";
import * as p from "../../engine/records/runtime2.ts";
import * as pacer from "../../engine/runtime/mgcpacer.ts";
import * as workers from "../../engine/runtime/mgcpacer_workers.ts";
import { schedinit } from "../../engine/runtime/proc.ts";
import { boot, noscan, startSweep, sweep } from "./object-heap.ts";
import { decimal, GCController } from "./pacer.ts";
import { bareMemory } from "./pages.ts";

const MiB = 2 ** 20;
const none = gcc.noMemoryLimit;
const off = "18446744073709551615";

/** The pacer's plain fields. */
function fields(c: GCController) {
  const { m } = c;
  return {
    dedicated: gcc.dedicatedMarkWorkersNeeded(m, c.c),
    fractional: gcc.fractionalUtilizationGoal(m, c.c),
    idle: workers.maxIdleMarkWorkers(m),
    consMark: gcc.consMark(m, c.c),
    runway: decimal(gcc.runway64(m, c.c)),
    percentGoal: decimal(gcc.gcPercentHeapGoal64(m, c.c)),
    limitGoal: decimal(pacer.memoryLimitHeapGoal(m)),
    minimum: decimal(gcc.heapMinimum64(m, c.c)),
  };
}

/** What marking leaves: bytes that live, and bytes of heap and stack that were scanned. */
function afterCycle(c: GCController, marked: number, heap = 0, stack = 0, isSweepDone = true): void {
  gcc.setHeapScanWork(c.m, c.c, heap);
  gcc.setStackScanWork(c.m, c.c, stack);
  pacer.resetLive(c.m, marked);
  pacer.commit(c.m, isSweepDone);
}

describe("the golden vectors", () => {
  const rows: [string, GCController, number, number[], string[][]][] = [
    [
      "GOGC=100, no limit, 4 Ps",
      new GCController(100, none),
      4,
      [1, 0, 3],
      [
        ["3997696", "4194304", "0.666666667", "0.517857143", "0.011363636", "0.081942794", "807544", "6430720"],
        ["5623176", "6430720", "4.067879893", "3.845163183", "0.047366427", "0.081942794", "807544", "8527872"],
      ],
    ],
    [
      "GOGC=50, no limit, 1 P",
      new GCController(50, none),
      1,
      [0, 0.25, 1],
      [
        ["1998848", "2097152", "1.333333333", "0.722222222", "0.002774325", "0.088545759", "872616", "4788224"],
        ["4300608", "4788224", "6.736842105", "9.301163781", "5.858560270", "0.088545759", "872616", "6361088"],
      ],
    ],
    [
      "GOGC=off, a limit of 64 MiB, 6 Ps",
      new GCController(-1, 64 * MiB),
      6,
      [1, (1.5 - 1) / 6, 5],
      [
        ["62044198", "65095600", "0.042954681", "0.041875918", "0.039972329", "0.081225508", "800475", off],
        ["62191654", "65095600", "1.131216627", "0.793833906", "0.000472252", "0.081225508", "800475", off],
      ],
    ],
  ];
  test.each(rows)("[C136] [C137] [C138] %s", (_name, c, procs, counts, cycles) => {
    for (const [i, want] of cycles.entries()) {
      const got = [decimal(c.trigger), decimal(c.heapGoal)];
      const ratio = () => got.push(c.assistWorkPerByte.toFixed(9));
      c.startCycle(65536, 131072, 0.75, procs);
      ratio();
      const { dedicated, fractional, idle } = fields(c);
      expect([dedicated, fractional, idle]).toEqual(counts);
      const first = { heapLive: 262144, heapScan: 131072, heapScanWork: 1048576 };
      c.revise({ ...first, stackScanWork: 8192, globalsScanWork: 131072 });
      ratio();
      c.revise({ heapLive: 524288, heapScan: 0, heapScanWork: 2097152, stackScanWork: 0, globalsScanWork: 0 });
      ratio();
      c.endCycle((3 + i) * MiB, 200000, 10000000, procs);
      const { consMark, runway, percentGoal } = fields(c);
      expect([...got, consMark.toFixed(9), runway, percentGoal]).toEqual(want);
    }
  });
});

describe("the goal", () => {
  test.each([
    [100, 8485912, 1912, 157802, 17131538],
    [50, 8485912, 1912, 157802, 12808725],
    [0, 8485912, 1912, 157802, 8485912],
    [100, 1 * MiB, 4096, 4096, 4 * MiB], // not below the minimum
    [2147483647, 64 * MiB, 0, 0, 1441151947196334], // 64 MiB × 2147483647 exceeds 2^53 on the way
  ])("[C136] GOGC=%i: marked %i, stacks %i, globals %i", (percent, marked, stacks, data, want) => {
    const c = new GCController(percent, none);
    pacer.addGlobals(c.m, data);
    afterCycle(c, marked, 0, stacks);
    expect(decimal(c.heapGoal)).toBe(String(want));
    expect(pacer.heapGoal(c.m)).toBe(want);
  });

  test.each([
    [100, "4194304"],
    [50, "2097152"],
    [1, "41943"],
    [0, "0"],
    [400, "16777216"],
    [-1, "184467440737053573"],
    [-77, "184467440737053573"],
  ])("[C141] the minimum at GOGC=%i, which wraps around when it is off", (percent, want) => {
    const c = new GCController(percent, none);
    expect(fields(c).minimum).toBe(want);
    expect(gcc.gcPercent(c.m, c.c)).toBe(Math.max(-1, percent));
    if (percent < 0) expect(fields(c).percentGoal).toBe(off);
  });

  test.each<[string, number, number, number, number, number, number]>([
    // limit, mapped, free, objects, marked → goal
    ["3 % is more than 1 MiB", 512 * MiB, 0, 0, 0, 0, 512 * MiB - 3 * Math.floor((512 * MiB) / 100)],
    ["1 MiB is more than 3 %", 20 * MiB, 0, 0, 0, 0, 19 * MiB],
    ["what is no object is taken off", 20 * MiB, 9 * MiB, MiB, 5 * MiB, 0, 16 * MiB],
    ["what exceeds the limit is taken off twice", 20 * MiB, 22 * MiB, MiB, 18 * MiB, 0, 14 * MiB],
    ["a goal below its own headroom is the headroom", 1.5 * MiB, 0, 0, 0, 0, MiB],
    ["so is one below the headroom alone", 20 * MiB, 19.5 * MiB, 0, 0, 0, MiB],
    ["but not below what was marked", 20 * MiB, 19.5 * MiB, 0, 0, 3 * MiB, 3 * MiB],
    ["nothing is left: what was marked", 20 * MiB, 40 * MiB, 0, 0, 2 * MiB, 2 * MiB],
  ])("[C142] by a limit: %s", (_name, limit, mapped, free, objects, marked, want) => {
    const c = new GCController(-1, limit);
    gcc.setMappedReady(c.m, c.c, mapped);
    gcc.setHeapFree(c.m, c.c, free);
    gcc.setTotalAlloc(c.m, c.c, objects + 12345);
    gcc.setTotalFree(c.m, c.c, 12345);
    afterCycle(c, marked);
    expect(decimal(c.heapGoal)).toBe(String(want));
  });

  test("[C142] by a limit, strictly the smaller: neither the sweep nor the cycle under way moves it", () => {
    const c = new GCController(100, 20 * MiB);
    afterCycle(c, 12 * MiB, 0, 0, false);
    gcc.setTriggered64(c.m, c.c, 30 * MiB);
    expect([decimal(c.heapGoal), decimal(c.minTrigger)]).toEqual([String(19 * MiB), "0"]);
    // 24 MiB by GOGC; the limit leaves as much or more: then both do.
    const big = new GCController(100, 25 * MiB);
    afterCycle(big, 12 * MiB, 0, 0, false);
    expect([decimal(big.heapGoal), decimal(big.minTrigger)]).toEqual([String(24 * MiB), String(13 * MiB)]);
    gcc.setTriggered64(big.m, big.c, 30 * MiB);
    expect(decimal(big.heapGoal)).toBe(String(30 * MiB + 65536));
  });

  test("[C136] it leaves a sweep under way 1 MiB, and a cycle under way 64 KiB", () => {
    const c = new GCController(10, none);
    afterCycle(c, 5 * MiB, 0, 0, false);
    expect(decimal(c.heapGoal)).toBe(String(6 * MiB)); // by GOGC it is 5.5 MiB
    gcc.setTriggered64(c.m, c.c, 6 * MiB - 1000);
    expect(decimal(c.heapGoal)).toBe(String(6 * MiB - 1000 + 65536));
    expect(decimal(c.minTrigger)).toBe(String(6 * MiB));
  });

  test("GOGC=off and no limit: near 2^63, to the byte", () => {
    const c = new GCController(-1, none);
    expect(decimal(c.heapGoal)).toBe("8946670875749132533"); // as recorded of Go
    gcc.setMappedReady(c.m, c.c, 4_000_157);
    const left = 2n ** 63n - 1n - 4_000_157n;
    expect(decimal(c.heapGoal)).toBe(String(left - (left / 100n) * 3n));
    expect(pacer.heapGoal(c.m)).toBe(Number(decimal(c.heapGoal)));
  });
});

describe("the trigger", () => {
  /** A pacer whose goal by GOGC=100 is twice `marked`, with a runway. */
  function paced(marked: number, runway: number): GCController {
    const c = new GCController(100, none);
    afterCycle(c, marked);
    gcc.setRunway64(c.m, c.c, runway);
    return c;
  }
  const at = (c: GCController) => floatU(c.trigger);

  test("[C137] of the first cycle: 61/64 of 4 MiB", () => {
    expect(at(new GCController(100, none))).toBe(3997696);
  });

  test.each<[string, number, number, number]>([
    ["the goal less the runway", 64 * MiB, 8 * MiB, 120 * MiB],
    ["not below 45/64 of the way", 64 * MiB, 60 * MiB, 64 * MiB + 45 * MiB],
    ["nor when the runway exceeds the goal", 64 * MiB, 200 * MiB, 64 * MiB + 45 * MiB],
    ["a large heap: 4 MiB before the goal at the latest", 128 * MiB, 0, 252 * MiB],
    ["a small one: 61/64 of the way", 32 * MiB, 0, 32 * MiB + 30.5 * MiB],
    ["rounded down by parts of 64", 8 * MiB + 63, 0, 8 * MiB + 63 + ((8 * MiB) / 64) * 61],
  ])("[C137] %s", (_name, marked, runway, want) => {
    expect(at(paced(marked, runway))).toBe(want);
  });

  test("[C137] a sweep that needs room moves it up, with the goal, also beyond 61/64", () => {
    const c = new GCController(10, none);
    afterCycle(c, 5 * MiB, 0, 0, false);
    expect([at(c), floatU(c.heapGoal)]).toEqual([6 * MiB, 6 * MiB]);
  });

  test("[C137] what lives exceeds the goal: a cycle all the time", () => {
    const c = new GCController(-1, 8 * MiB);
    afterCycle(c, 12 * MiB);
    expect([at(c), floatU(c.heapGoal)]).toEqual([12 * MiB, 12 * MiB]);
  });

  test("the second result is the goal", () => {
    const c = new GCController(-1, none);
    const trigger = c.trigger;
    const [lo, hi] = [c.m.ret[0], c.m.ret[1]];
    expect((BigInt(hi >>> 0) << 32n) | BigInt(lo >>> 0)).toBe(8946670875749132533n);
    expect(decimal(trigger)).toBe("8946670875744938229"); // 4 MiB before it
  });

  test("law: what was marked <= trigger <= goal, and a longer runway never makes it later", () => {
    const bytes = fc.integer({ min: 0, max: 2 ** 40 });
    fc.assert(
      fc.property(
        bytes,
        bytes,
        bytes,
        fc.integer({ min: -1, max: 2 ** 31 - 1 }),
        fc.boolean(),
        (marked, runway, limit, gogc, done) => {
          const c = new GCController(gogc, limit % 3 === 0 ? none : limit, shared);
          afterCycle(c, marked, 0, 0, done);
          gcc.setRunway64(c.m, c.c, runway);
          const [early, goal] = [c.trigger, c.heapGoal];
          expect(lessU(goal, early)).toBe(false);
          expect(lessU(early, Math.min(marked, floatU(goal)))).toBe(false);
          gcc.setRunway64(c.m, c.c, Math.floor(runway / 2));
          expect(lessU(c.trigger, early)).toBe(false);
        },
      ),
      { seed: 1437, numRuns: 2000 },
    );
  });
});

const shared = bareMemory();

describe("[C138] the assist ratio", () => {
  /** A cycle that began at 10 MiB with a goal of 16: 8 MiB lived before, of which 4 are expected to be scanned. */
  function begun(): GCController {
    const c = new GCController(100, none);
    afterCycle(c, 8 * MiB, 4 * MiB);
    gcc.setHeapLive(c.m, c.c, 10 * MiB);
    gcc.addHeapScan(c.m, c.c, MiB);
    pacer.startCycle(c.m, 0, 4, gcc.gcTriggerHeap);
    return c;
  }
  const ratios = (c: GCController) => [gcc.assistWorkPerByte(c.m, c.c), gcc.assistBytesPerWork(c.m, c.c)];
  const set = (c: GCController, live: number, work: number) => {
    gcc.setHeapLive(c.m, c.c, live);
    gcc.setHeapScanWork(c.m, c.c, work);
    pacer.revise(c.m);
    return ratios(c);
  };

  test("work that is left over bytes that are left, and the other way about", () => {
    const c = begun();
    expect(ratios(c)).toEqual([4 / 6, 6 / 4]);
    expect(set(c, 12 * MiB, MiB)).toEqual([3 / 4, 4 / 3]);
    expect(set(c, 12 * MiB, 4 * MiB)).toEqual([1000 / (4 * MiB), (4 * MiB) / 1000]); // as if a little were left
  });

  test("more work than expected: the goal moves out in proportion, and all that can be scanned is expected", () => {
    const c = begun(); // 5 MiB can be: 4 and what was allocated before it began
    const goal = 10 * MiB + (6 * MiB * 5) / 4;
    expect(set(c, 12 * MiB, 4.5 * MiB)).toEqual([(0.5 * MiB) / (goal - 12 * MiB), (goal - 12 * MiB) / (0.5 * MiB)]);
  });

  test("but not beyond the goal that the next cycle would have", () => {
    const c = begun();
    gcc.setMaxStackScan(c.m, c.c, 400 * MiB);
    expect(set(c, 12 * MiB, 5 * MiB)[0]).toBe((400 * MiB) / (32 * MiB - 12 * MiB));
    gcc.setGcPercent(c.m, c.c, -1); // somebody asked for the cycle: as if it were 100000
    expect(set(c, 12 * MiB, 5 * MiB)[0]).toBe((400 * MiB) / (10 * MiB + 6 * MiB * (405 / 4) - 12 * MiB));
  });

  test("beyond the goal: a tenth more, all that can be scanned; beyond that, a byte", () => {
    const c = begun();
    const stretched = Math.trunc(16 * MiB * 1.1);
    expect(set(c, 17 * MiB, 2 * MiB)[0]).toBe((3 * MiB) / (stretched - 17 * MiB));
    expect(set(c, 18 * MiB, 2 * MiB)).toEqual([3 * MiB, 1 / (3 * MiB)]);
  });

  test("GOGC=off without a limit: the hard goal is no int64, and its wrapping around leaves the program alone", () => {
    const c = begun();
    pacer.gcControllerSetGCPercent(c.m, -1);
    pacer.commit(c.m, true);
    const [work, bytes] = set(c, 12 * MiB, 5 * MiB);
    expect([work, bytes]).toEqual([1000 / (2 ** 63 - 12 * MiB), (2 ** 63 - 12 * MiB) / 1000]);
  });

  test("whoever moves heapLive while the collector marks revises; heapScan stands still meanwhile", () => {
    const c = begun();
    const before = gcc.heapScan(c.m, c.c);
    pacer.gcControllerUpdate(c.m, MiB, 100);
    expect([c.heapLive, gcc.heapScan(c.m, c.c), ratios(c)[0]]).toEqual([11 * MiB, before + 100, 4 / 6]);
    globals.setGcBlackenEnabled(c.m, true);
    pacer.gcControllerUpdate(c.m, 0, 100); // also without a change of heapLive
    expect([gcc.heapScan(c.m, c.c), ratios(c)[0]]).toEqual([before + 100, 4 / 5]);
    globals.setGcBlackenEnabled(c.m, false);
  });
});

describe("cons/mark", () => {
  /** A cycle in which so many bytes were allocated and scanned, with no assists. */
  function cycle(c: GCController, allocated: number, scanned: number, idle = 0): number {
    const from = c.heapLive;
    pacer.startCycle(c.m, 1000, 4, gcc.gcTriggerHeap);
    gcc.setHeapLive(c.m, c.c, from + allocated);
    gcc.setHeapScanWork(c.m, c.c, scanned);
    gcc.setIdleMarkTime(c.m, c.c, idle);
    pacer.endCycle(c.m, 2000, 4);
    return gcc.consMark(c.m, c.c);
  }

  test("[C139] the most of this cycle and the four before", () => {
    const c = new GCController(100, none);
    const third = (x: number) => (x * 0.25) / (MiB * 0.75);
    expect([5, 3, 4, 1, 2].map((x) => cycle(c, x, MiB))).toEqual([5, 5, 5, 5, 5].map(third));
    expect([0.5, 0.5, 0.5].map((x) => cycle(c, x * 2, MiB))).toEqual([4, 4, 2].map(third));
    expect(cycle(c, 7, MiB)).toBe(third(7));
  });

  test("a cycle in which nothing was allocated tells nothing, but its goal is noted", () => {
    const c = new GCController(100, none);
    const before = cycle(c, 9, MiB);
    gcc.setLastHeapGoal(c.m, c.c, 0);
    expect(cycle(c, 0, MiB)).toBe(before);
    expect(gcc.lastConsMark(c.m, c.c, 3)).toBe(before);
    expect(gcc.lastConsMark(c.m, c.c, 2)).toBe(0);
    expect(gcc.lastHeapGoal(c.m, c.c)).toBe(4 * MiB);
  });

  test("[C152] the marking lasts from stop to stop: assists raise the share, idle marking its own side only", () => {
    const c = new GCController(100, none);
    pacer.startCycle(c.m, 5000, 4, gcc.gcTriggerHeap);
    expect(gcc.markStartTime(c.m, c.c)).toBe(5000);
    gcc.setHeapLive(c.m, c.c, 3 * MiB);
    gcc.setHeapScanWork(c.m, c.c, 1000);
    gcc.setAssistTime(c.m, c.c, 800);
    gcc.setIdleMarkTime(c.m, c.c, 400);
    pacer.endCycle(c.m, 7000, 4);
    const utilization = 0.25 + 800 / (2000 * 4);
    expect(gcc.consMark(c.m, c.c)).toBe((3 * MiB * (utilization + 400 / (2000 * 4))) / (1000 * (1 - utilization)));
  });

  test("runway: cons/mark at 3 to 1, for all the work of the last cycle", () => {
    const c = new GCController(100, none);
    cycle(c, 300_000, MiB);
    afterCycle(c, 8 * MiB, 5 * MiB, 4096);
    const rate = (300_000 * 0.25) / (MiB * 0.75);
    expect(fields(c).runway).toBe(String(Math.trunc(((rate * 0.75) / 0.25) * (5 * MiB + 4096))));
  });

  test("a cycle that scanned nothing makes cons/mark infinite, and the runway what Go's conversion gives", () => {
    const c = new GCController(100, none);
    expect(cycle(c, 100, 0)).toBe(Number.POSITIVE_INFINITY);
    afterCycle(c, 8 * MiB, 0, 4096);
    expect(fields(c).runway).toBe(String(2n ** 63n));
    expect(floatU(c.trigger)).toBe(8 * MiB + Math.floor((floatU(c.heapGoal) - 8 * MiB) / 64) * 45);
  });
});

describe("settings", () => {
  test("[C143] SetGCPercent and SetMemoryLimit give what was set before, and commit", () => {
    const w = boot();
    const { m } = w;
    sweep(w, [noscan(w, 10 * MiB)]);
    expect(pacer.setGCPercent(m, 50)).toBe(100);
    expect(pacer.heapGoal(m)).toBe(15 * MiB);
    expect(pacer.setGCPercent(m, -5)).toBe(50);
    expect(pacer.heapGoal(m)).toBeGreaterThan(8.9e18);
    expect(pacer.setGCPercent(m, 100)).toBe(-1);
    expect(pacer.heapGoal(m)).toBe(20 * MiB);

    expect(pacer.setMemoryLimit(m, -1)).toBe(none);
    expect(pacer.setMemoryLimit(m, 100 * MiB)).toBe(none);
    expect(pacer.setMemoryLimit(m, -1)).toBe(100 * MiB);
    const goals = globals.scavenge(m);
    scav.setMemoryLimitGoal(m, goals, 1);
    pacer.setMemoryLimit(m, 100 * MiB); // the same: nothing is computed anew
    expect(scav.memoryLimitGoal(m, goals)).toBe(1);
    pacer.setMemoryLimit(m, 200 * MiB);
    expect(scav.memoryLimitGoal(m, goals)).toBe(noUint64);
  });

  test("a commit paces the sweep that is under way, towards the trigger", () => {
    const w = boot();
    startSweep(w, [noscan(w, 10 * MiB), noscan(w, 8192)]);
    const h = globals.mheap_(w.m);
    pacer.setGCPercent(w.m, 200);
    const left = mheap.pagesInUse(w.m, h) - mheap.pagesSwept(w.m, h);
    const live = gcc.heapLive(w.m, globals.gcController(w.m));
    expect(left).toBeGreaterThan(0);
    expect(mheap.sweepPagesPerByte(w.m, h)).toBe(left / (floatU(pacer.trigger(w.m)) - live - MiB));
    sweep(w, []);
    pacer.setGCPercent(w.m, 100); // nothing is left to sweep
    expect(mheap.sweepPagesPerByte(w.m, h)).toBe(0);
  });

  test("[C145] a commit tells the scavenger: 95 % of the limit; what was in use, scaled as the goal, and a tenth more", () => {
    const { m } = boot();
    const c = globals.gcController(m);
    const goals = globals.scavenge(m);
    const set = (lastGoal: number, inUse: number, retained: number, mapped: number) => {
      gcc.setLastHeapGoal(m, c, lastGoal);
      memstats.setLastHeapInUse(m, globals.memstats(m), inUse);
      gcc.setHeapInUse(m, c, retained);
      gcc.setHeapFree(m, c, 0);
      gcc.setMappedReady(m, c, mapped);
      gcc.setTotalAlloc(m, c, gcc.totalFree(m, c) + mapped); // all of it is objects
      pacer.gcControllerCommit(m); // the goal is 4 MiB
      return [scav.gcPercentGoal(m, goals), scav.memoryLimitGoal(m, goals)];
    };
    gcc.setMemoryLimit(m, c, 100 * MiB);
    expect(set(0, MiB, 90 * MiB, 90 * MiB)).toEqual([noUint64, noUint64]); // no cycle has ended yet
    const scaled = 10 * MiB * 0.5; // the last goal was 8 MiB
    const goal = Math.ceil((scaled + scaled / 10) / 4096) * 4096;
    expect(set(8 * MiB, 10 * MiB, 90 * MiB, 96 * MiB)).toEqual([goal, 99614720]);
    expect(set(8 * MiB, 10 * MiB, goal + 4095, 99614720)).toEqual([noUint64, noUint64]); // neither is exceeded enough
    expect(set(8 * MiB, 10 * MiB, goal + 4096, 99614721)).toEqual([goal, 99614720]);
  });

  test("stacks are counted by Ps, and told in lots of 8 KiB; without a P at once", () => {
    const m = bareMemory();
    schedinit(m, { procs: 2 });
    const c = globals.gcController(m);
    const before = gcc.maxStackScan(m, c);
    const total = () => gcc.maxStackScan(m, c) - before;
    const told = (pp: number, amounts: number[]) =>
      amounts.map((n) => {
        pacer.addScannableStack(m, pp, n);
        return total();
      });
    expect(told(globals.allp(m, 0), [4096, 4095, 1])).toEqual([0, 0, 8192]);
    expect(told(globals.allp(m, 1), [-8191, -1, 2048])).toEqual([8192, 0, 0]);
    expect(told(0, [2048, -4096])).toEqual([2048, -2048]);
  });

  test.each([
    ["", 100],
    ["off", -1],
    ["50", 50],
    ["+7", 7],
    ["-3", -3],
    ["2147483647", 2147483647],
    ["2147483648", 100],
    ["1e2", 100],
    ["OFF", 100],
    [" 50", 100],
  ])("GOGC=%j is read as %i", (text, want) => expect(pacer.readGOGC(text)).toBe(want));

  test.each([
    ["", "9223372036854775807"],
    ["off", "9223372036854775807"],
    ["9223372036854775807", "9223372036854775807"],
    ["0", "0"],
    ["1000B", "1000"],
    ["64KiB", "65536"],
    ["3MiB", "3145728"],
    ["5GiB", "5368709120"],
    ["8388607TiB", "9223370937343148032"],
  ])("GOMEMLIMIT=%j is read as %s bytes", (text, want) => expect(decimal(pacer.readGOMEMLIMIT(text))).toBe(want));

  test.each(["9223372036854775808", "8388608TiB", "64K", "64kiB", "64Ki", "B", "KiB", "1.5GiB", "-1", "64MB"])(
    "GOMEMLIMIT=%j ends the program",
    (text) => {
      expect(() => pacer.readGOMEMLIMIT(text)).toThrow(
        "malformed GOMEMLIMIT; see `go doc runtime/debug.SetMemoryLimit`",
      );
    },
  );
});

describe("workers", () => {
  const started = (procs: number, kind = gcc.gcTriggerHeap, stw = 0) => {
    const c = new GCController(100, none, shared);
    globals.setGcstoptheworld(c.m, stw);
    pacer.startCycle(c.m, 0, procs, kind);
    globals.setGcstoptheworld(c.m, 0);
    const { dedicated, fractional, idle } = fields(c);
    return [dedicated, fractional, idle];
  };

  test.each([
    [1, 0, 0.25],
    [2, 0, 0.25],
    [3, 0, 0.25],
    [4, 1, 0],
    [5, 1, 0],
    [6, 1, 0.5 / 6],
    [7, 2, 0],
    [8, 2, 0],
    [9, 2, 0],
    [10, 3, 0],
    [11, 3, 0],
    [12, 3, 0],
    [13, 3, 0],
    [14, 4, 0],
    [15, 4, 0],
    [16, 4, 0],
  ])(
    "[C099] [C102] %i Ps: %i dedicated, share of a fractional one %d, the rest idle",
    (procs, dedicated, fractional) => {
      expect(started(procs)).toEqual([dedicated, fractional, procs - dedicated]);
      expect(started(procs, gcc.gcTriggerTime)).toEqual([dedicated, fractional, dedicated > 0 ? 0 : 1]);
    },
  );

  test.each([1, 2, 7])("[C160] gcstoptheworld: %i Ps mark, all of them", (procs) => {
    expect(started(procs, gcc.gcTriggerHeap, 1)).toEqual([procs, 0, 0]);
    expect(started(procs, gcc.gcTriggerHeap, 2)).toEqual([procs, 0, 0]);
  });

  test("what the last cycle counted is gone, of every P too", () => {
    const m = bareMemory();
    schedinit(m, { procs: 3 });
    const c = globals.gcController(m);
    gcc.setBgScanCredit(m, c, -7);
    for (let i = 0; i < 3; i++) {
      p.setGcAssistTime(m, globals.allp(m, i), 100 + i);
      p.setGcFractionalMarkTime(m, globals.allp(m, i), 200 + i);
    }
    pacer.startCycle(m, 77, 3, gcc.gcTriggerCycle);
    expect([gcc.bgScanCredit(m, c), gcc.markStartTime(m, c), gcc.triggered(m, c)]).toEqual([0, 77, gcc.heapLive(m, c)]);
    for (let i = 0; i < 3; i++) {
      expect([p.gcAssistTime(m, globals.allp(m, i)), p.gcFractionalMarkTime(m, globals.allp(m, i))]).toEqual([0, 0]);
    }
  });

  test("[C101] [C167] six Ps: one dedicated, then fractional ones while a P is not ahead of its share", () => {
    const m = bareMemory();
    schedinit(m, { procs: 6 });
    pacer.startCycle(m, 1000, 6, gcc.gcTriggerHeap);
    const c = globals.gcController(m);
    const pp = globals.allp(m, 2);
    const goal = gcc.fractionalUtilizationGoal(m, c); // 1/12
    expect(workers.needMarkWorker(m)).toBe(true);
    expect(workers.markWorkerMode(m, pp, 1000)).toBe(p.gcMarkWorkerDedicatedMode);
    expect(gcc.dedicatedMarkWorkersNeeded(m, c)).toBe(0);
    expect(workers.markWorkerMode(m, pp, 1000)).toBe(p.gcMarkWorkerFractionalMode); // no time has passed
    p.setGcFractionalMarkTime(m, pp, 100);
    expect(workers.markWorkerMode(m, pp, 1000 + 1200)).toBe(p.gcMarkWorkerFractionalMode); // exactly its share
    expect(workers.markWorkerMode(m, pp, 1000 + 1199)).toBe(p.gcMarkWorkerNotWorker);

    // It runs from 2200 on: it stops when it has had 1.2 times its share.
    p.setGcMarkWorkerStartTime(m, pp, 2200);
    expect(workers.pollFractionalWorkerExit(m, pp, 1000)).toBe(true);
    expect(workers.pollFractionalWorkerExit(m, pp, 999)).toBe(true);
    const share = (now: number) => (100 + now - 2200) / (now - 1000);
    let now = 2200;
    while (!workers.pollFractionalWorkerExit(m, pp, now)) now++;
    expect(share(now)).toBeGreaterThan(1.2 * goal);
    expect(share(now - 1)).toBeLessThanOrEqual(1.2 * goal);
    expect(now).toBeGreaterThan(2200);
  });

  test("with dedicated workers only, the next one is wanted when one has stopped", () => {
    const m = bareMemory();
    schedinit(m, { procs: 4 });
    pacer.startCycle(m, 0, 4, gcc.gcTriggerHeap);
    const pp = globals.allp(m, 0);
    expect(workers.markWorkerMode(m, pp, 5)).toBe(p.gcMarkWorkerDedicatedMode);
    expect(workers.needMarkWorker(m)).toBe(false);
    expect(workers.markWorkerMode(m, pp, 5)).toBe(p.gcMarkWorkerNotWorker);
    workers.markWorkerStop(m, p.gcMarkWorkerDedicatedMode, 30);
    expect(workers.needMarkWorker(m)).toBe(true);
    expect(workers.addIdleMarkWorker(m)).toBe(true);
    workers.markWorkerStop(m, p.gcMarkWorkerIdleMode, 20);
    workers.markWorkerStop(m, p.gcMarkWorkerFractionalMode, 10);
    const c = globals.gcController(m);
    const times = [gcc.dedicatedMarkTime(m, c), gcc.fractionalMarkTime(m, c), gcc.idleMarkTime(m, c)];
    expect(times).toEqual([30, 10, 20]);
    expect(() => workers.markWorkerStop(m, 4, 1)).toThrow("markWorkerStop: unknown mark worker mode");
    expect(() => workers.markWorkerStop(m, p.gcMarkWorkerIdleMode, 1)).toThrow("negative idle mark workers");
  });

  test("[C103] more work: an idle P is woken if nobody looks for work already, else a running one is asked", () => {
    const m = bareMemory();
    schedinit(m, { procs: 4 });
    pacer.startCycle(m, 0, 4, gcc.gcTriggerHeap);
    const by = (npidle: number, nmspinning: number) => workers.enlistWorkerBy(m, npidle, nmspinning);
    expect([by(1, 0), by(1, 1), by(0, 0)]).toEqual([
      workers.enlistIdleP,
      workers.enlistRunningP,
      workers.enlistRunningP,
    ]);
    workers.markWorkerMode(m, globals.allp(m, 0), 0); // the dedicated one is there: only idle Ps are of use
    expect([by(1, 0), by(1, 1), by(0, 0)]).toEqual([workers.enlistIdleP, workers.enlistNobody, workers.enlistNobody]);
    workers.setMaxIdleMarkWorkers(m, 0);
    expect(by(1, 0)).toBe(workers.enlistNobody);
    globals.setGreentea(m, false); // the older marker never wakes one
    workers.markWorkerStop(m, p.gcMarkWorkerDedicatedMode, 0);
    expect(by(1, 0)).toBe(workers.enlistRunningP);
  });

  test("TestIdleMarkWorkerCount", () => {
    const { m } = new GCController(100, none);
    const [add, need, remove] = [workers.addIdleMarkWorker, workers.needIdleMarkWorker, workers.removeIdleMarkWorker];
    const most = 10;
    const times = (n: number, what: (i: number) => void) => Array.from({ length: n }, (_, i) => what(i));
    workers.setMaxIdleMarkWorkers(m, most);
    times(most, () => expect([need(m), add(m)]).toEqual([true, true]));
    expect([need(m), add(m)]).toEqual([false, false]);
    times(most, () => {
      remove(m);
      expect(need(m)).toBe(true);
    });
    times(most - 1, () => expect(add(m)).toBe(true));
    times(most, () => {
      expect([add(m), add(m)]).toEqual([true, false]);
      remove(m);
    });
    workers.setMaxIdleMarkWorkers(m, 0); // nine are still at work
    expect([need(m), add(m)]).toEqual([false, false]);
    times(most - 1, () => remove(m));
    expect(need(m)).toBe(false);
    workers.setMaxIdleMarkWorkers(m, 1);
    expect([need(m), add(m), need(m)]).toEqual([true, true, false]);
    remove(m);
    expect(() => remove(m)).toThrow("negative idle mark workers");
  });
});
