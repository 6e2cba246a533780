/** When memory is given back: in the background, on allocation, by force; and what that does to the heap. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boot as bootProcess, int64 } from "../../engine/index.ts";
import { lock, unlock } from "../../engine/memory/atomics.ts";
import type { Memory } from "../../engine/memory/memory.ts";
import { OS_PREPARED, OS_READY, osAlloc, osFigures, osState } from "../../engine/memory/os.ts";
import { noUint64, popcount64 } from "../../engine/memory/u64.ts";
import * as gcc from "../../engine/records/gcController.ts";
import * as globals from "../../engine/records/globals.ts";
import * as memstats from "../../engine/records/memstats.ts";
import * as scav from "../../engine/records/mgcscavenge.ts";
import * as mheap from "../../engine/records/mheap.ts";
import * as pageAlloc from "../../engine/records/mpagealloc.ts";
import * as pageCache from "../../engine/records/mpagecache.ts";
import * as mspan from "../../engine/records/mspan.ts";
import * as p from "../../engine/records/runtime2.ts";
import { heapGoal, setMemoryLimit } from "../../engine/runtime/mgcpacer.ts";
import { scavenge, scavengeAll } from "../../engine/runtime/mgcscavenge.ts";
import {
  gcPaceScavenger,
  heapRetained,
  piNext,
  printScavTrace,
  type ScavengerStubs,
  scavengerInit,
  scavengerPark,
  scavengerRun,
  scavengerSleep,
  scavengerWake,
} from "../../engine/runtime/mgcscavenge_pace.ts";
import { freeSpan, mheapAlloc } from "../../engine/runtime/mheap.ts";
import { readmemstats } from "../../engine/runtime/mstats.ts";
import { procresize } from "../../engine/runtime/proc.ts";
import { nanotime, timeSleep } from "../../engine/runtime/time.ts";
import { boot, noscan, span, sweep, type World } from "./object-heap.ts";
import { bareMemory } from "./pages.ts";

const MiB = 2 ** 20;

function sums(m: Memory) {
  return pageAlloc.scav(mheap.pages(globals.mheap_(m)));
}

function released(m: Memory): number {
  return gcc.heapReleased(m, globals.gcController(m));
}

function ready(m: Memory): number {
  return gcc.mappedReady(m, globals.gcController(m));
}

/** A heap with holes of 64 KiB between objects of 64 KiB, a cycle old. @returns what lives */
function swissCheese(w: World, total: number): number[] {
  const live: number[] = [];
  for (let i = 0; i < total / 65536; i++) {
    const x = noscan(w, 65536);
    if (i % 2 === 0) live.push(x);
  }
  sweep(w, live);
  sweep(w, live); // the chunks are not dense any more, and the background cursor is raised to their holes
  return live;
}

/** A heap with one free run of `bytes` at the bottom, backed by memory, then an object, then pages never used. */
function withHole(bytes: number, cycles = 1): World {
  const w = boot();
  noscan(w, bytes);
  const above = noscan(w, 128 * 1024);
  for (let i = 0; i < cycles; i++) sweep(w, [above]);
  return w;
}

describe("TestScavenger", () => {
  test("[A109] it takes 1 % of a processor, does all the work there is, and stops where it is told to", () => {
    const totalWork = 64 * MiB - 3 * 4096;
    let [available, stopAt, slept, worked, total] = [0, 0, 0, 0, 0];
    const stubs: ScavengerStubs = {
      sleep: (ns) => {
        slept += ns;
        return ns;
      },
      scavenge: (bytes) => {
        const n = Math.min(bytes, available);
        const ns = Math.floor((n + 4095) / 4096) * 10_000;
        available -= n;
        worked += n === 0 ? 0 : ns;
        return [n, ns];
      },
      shouldStop: () => available <= stopAt,
      gomaxprocs: () => 1,
    };
    const m = bareMemory();
    const s = osAlloc(m, scav.scavengerLayout.size);
    scavengerInit(m, s);
    const wakeAndWait = () => {
      scavengerWake(m, s);
      while (scav.parked(m, s) === 0) {
        const ns = scavengerRun(m, stubs);
        const n = m.ret[0];
        if (n === 0) scavengerPark(m, s);
        else {
          total += n;
          scavengerSleep(m, s, ns, stubs);
        }
      }
    };
    const share = () => worked / (worked + slept);

    available = totalWork;
    wakeAndWait();
    expect(total).toBe(totalWork);
    expect(share()).toBeGreaterThan(0.005);
    expect(share()).toBeLessThan(0.015);
    wakeAndWait();
    expect(total).toBe(totalWork);
    available = totalWork;
    wakeAndWait();
    expect(total).toBe(2 * totalWork);
    [available, stopAt] = [totalWork, MiB - 3 * 4096];
    wakeAndWait();
    expect(total).toBe(3 * totalWork - stopAt);
    expect(share()).toBeGreaterThan(0.005);
    expect(share()).toBeLessThan(0.015);
  });

  test("[A152] the controller: twenty steps, by the formula with its numbers written out", () => {
    const m = bareMemory();
    const s = osAlloc(m, scav.scavengerLayout.size);
    scavengerInit(m, s);
    let integral = 0;
    for (let i = 1; i <= 20; i++) {
      const [input, period] = [i % 4 === 0 ? 0.3 : 0.004 * i, 1e6 * i];
      const raw = 0.3375 * (0.01 - input) + integral;
      const out = raw < 0.001 ? 0.001 : raw > 1000 ? 1000 : raw;
      integral += ((0.3375 * period) / 3.2e6) * (0.01 - input) + (period / 1e9) * (out - raw);
      expect(piNext(m, scav.sleepController(s), input, 0.01, period), `step ${i}`).toBe(out);
      expect(m.ret[0]).toBe(1);
    }
  });

  test("[A152] numbers out of range: the ratio is the first one again, and for 5 s nobody asks the controller", () => {
    const m = bareMemory();
    const s = osAlloc(m, scav.scavengerLayout.size);
    scavengerInit(m, s);
    const asked: number[] = [];
    const answers = [1e9, Number.POSITIVE_INFINITY, 3e9, 3e9, 1e9];
    const stubs: ScavengerStubs = {
      sleep: (ns) => {
        asked.push(ns);
        return answers[asked.length - 1];
      },
      scavenge: () => [0, 0],
      shouldStop: () => true,
      gomaxprocs: () => 1,
    };
    scavengerSleep(m, s, 0, stubs); // less than 1 ms counts as 1 ms
    expect(scav.sleepRatio(m, s)).not.toBe(0.001);
    scavengerSleep(m, s, 2e6, stubs);
    expect([scav.sleepRatio(m, s), scav.controllerCooldown(m, s)]).toEqual([0.001, 5e9]);
    scavengerSleep(m, s, 2e6, stubs);
    expect(scav.controllerCooldown(m, s)).toBe(2e9 - 2e6);
    scavengerSleep(m, s, 2e6, stubs);
    expect([scav.sleepRatio(m, s), scav.controllerCooldown(m, s)]).toEqual([0.001, 0]);
    scavengerSleep(m, s, 2e6, stubs);
    expect(scav.sleepRatio(m, s)).not.toBe(0.001);
    expect([asked[0], asked[2], asked[3]]).toEqual([1e9, 2e9, 2e9]);
  });
});

describe("goals", () => {
  const page = 4096;
  test.each([
    // retained against a goal of 11 MiB (10 MiB in use then, the heap's goal unchanged, 10 % more)
    ["at the goal", 11 * MiB, 4 * MiB, 4 * MiB, null],
    ["less than a page above", 11 * MiB + page - 1, 4 * MiB, 4 * MiB, null],
    ["a page above", 11 * MiB + page, 4 * MiB, 4 * MiB, 11 * MiB],
    ["no cycle has ended yet", 100 * MiB, 4 * MiB, 0, null],
    ["the heap shrinks to half", 100 * MiB, 4 * MiB, 8 * MiB, 5.5 * MiB],
    [
      "a tenth is taken in whole bytes, and the sum up to whole pages",
      100 * MiB,
      3,
      7,
      Math.ceil(4943722.7 / page) * page,
    ],
  ])("[A107] by GOGC: %s", (_name, retained, goal, last, want) => {
    const { m } = boot();
    memstats.setLastHeapInUse(m, globals.memstats(m), 10 * MiB);
    gcc.setHeapInUse(m, globals.gcController(m), retained - 8192);
    gcc.setHeapFree(m, globals.gcController(m), 8192);
    gcPaceScavenger(m, gcc.noMemoryLimit, goal, last);
    expect(scav.gcPercentGoal(m, globals.scavenge(m))).toBe(want ?? noUint64);
    expect(scav.memoryLimitGoal(m, globals.scavenge(m))).toBe(noUint64);
  });

  test.each([
    [99_614_720, null],
    [99_614_721, 99_614_720],
    [200 * MiB, 99_614_720],
  ])("[A107] by a limit of 100 MiB, with %i bytes ready", (mapped, want) => {
    const { m } = boot();
    gcc.setMappedReady(m, globals.gcController(m), mapped);
    gcPaceScavenger(m, 100 * MiB, 4 * MiB, 4 * MiB);
    expect(scav.memoryLimitGoal(m, globals.scavenge(m))).toBe(want ?? noUint64);
  });

  test("the heap's goal: 4 MiB at first, then twice what was marked; what the limit leaves, if that is less", () => {
    const w = boot();
    expect(heapGoal(w.m)).toBe(4 * MiB);
    const live = [noscan(w, 8 * MiB), noscan(w, 2 * MiB)];
    sweep(w, live);
    expect(heapGoal(w.m)).toBe(20 * MiB);
    expect(gcc.lastHeapGoal(w.m, globals.gcController(w.m))).toBe(10 * MiB + 64 * 1024); // it had begun beyond 4 MiB
    expect(setMemoryLimit(w.m, 15 * MiB)).toBe(gcc.noMemoryLimit);
    const others = ready(w.m) - gcc.heapFree(w.m, globals.gcController(w.m)) - 10 * MiB;
    expect(heapGoal(w.m)).toBe(15 * MiB - others - MiB); // 1 MiB is more than 3 %
    expect(setMemoryLimit(w.m, -1)).toBe(15 * MiB);
    setMemoryLimit(w.m, 1);
    expect(heapGoal(w.m)).toBe(10 * MiB);
  });
});

describe("on allocation", () => {
  test("[A108] beyond the memory limit: as much is given back by force as the allocation exceeds it by", () => {
    const w = withHole(MiB);
    const fresh = 1.5 * MiB; // 1 MiB of it would fit nowhere below
    setMemoryLimit(w.m, ready(w.m) + fresh - 4096);
    const before = released(w.m);
    noscan(w, fresh);
    expect(scav.releasedEager(w.m, sums(w.m))).toBe(8192);
    expect(released(w.m)).toBe(before - fresh + 8192);
    expect(nanotime(w.m)).toBe(20_000);
    expect(scav.assistTime(w.m, globals.scavenge(w.m))).toBe(20_000);
    expect(ready(w.m)).toBeLessThanOrEqual(gcc.memoryLimit(w.m, globals.gcController(w.m)));
  });

  test("[A108] not while the limiter forbids help, and not without a P", () => {
    const limited = withHole(MiB);
    setMemoryLimit(limited.m, ready(limited.m));
    globals.setGcCPULimiterLimiting(limited.m, true);
    noscan(limited, 1.5 * MiB);
    expect(scav.releasedEager(limited.m, sums(limited.m))).toBe(0);

    const alone = withHole(MiB);
    setMemoryLimit(alone.m, ready(alone.m));
    const pp = alone.m.p;
    alone.m.p = 0;
    const s = mheapAlloc(alone.m, 192, 1);
    alone.m.p = pp;
    expect(s).not.toBe(0);
    expect(scav.releasedEager(alone.m, sums(alone.m))).toBe(0);
    const other = withHole(MiB);
    setMemoryLimit(other.m, ready(other.m));
    expect(mheapAlloc(other.m, 192, 1)).not.toBe(0);
    expect(scav.releasedEager(other.m, sums(other.m))).toBe(MiB); // all that there is
  });

  test("[A108] growth beyond the goal: what it exceeds the goal by, at most the growth; dense chunks are left alone", () => {
    const grown = (over: number, cycles: number) => {
      const w = withHole(1.5 * MiB, cycles);
      scav.setGcPercentGoal(w.m, globals.scavenge(w.m), heapRetained(w.m) + 4 * MiB - over);
      noscan(w, 4 * MiB); // it does not fit into what is there
      return scav.releasedEager(w.m, sums(w.m));
    };
    expect(grown(0, 2)).toBe(0);
    expect(grown(MiB / 8, 2)).toBe(MiB / 8);
    expect(grown(0.5 * MiB, 2)).toBe(0.5 * MiB);
    expect(grown(5 * MiB, 2)).toBe(1.5 * MiB); // 4 MiB were wanted
    // One cycle ago these pages were in use: the background cursor has not been raised to them yet.
    expect(grown(MiB, 1)).toBe(0);
  });

  test("[A108] both: the larger amount, once, and by force", () => {
    const w = withHole(1.5 * MiB);
    scav.setGcPercentGoal(w.m, globals.scavenge(w.m), heapRetained(w.m) + 3 * MiB);
    gcc.setMemoryLimit(w.m, globals.gcController(w.m), ready(w.m) + 4 * MiB - 8192);
    noscan(w, 4 * MiB);
    expect(scav.releasedEager(w.m, sums(w.m))).toBe(MiB); // for growth, which alone could not take these pages yet
  });

  test("TestPhysicalMemoryUtilization: the holes of a heap that must grow are given back as it grows", () => {
    const w = boot();
    const live = swissCheese(w, 32 * MiB);
    noscan(w, 16 * MiB);
    const stats = readmemstats(w.m);
    const backed = stats.HeapSys - stats.HeapReleased - 64 * 8192;
    expect((backed - stats.HeapAlloc) / stats.HeapAlloc).toBeLessThanOrEqual(0.1 + 8192 / 65536);
    expect(live.length).toBe(256);
    expect(scav.releasedEager(w.m, sums(w.m))).toBeGreaterThan(8 * MiB);
  });
});

describe("in the background", () => {
  test("[A109] time passes: the heap comes down to its goal, at 1 % of the time, and takes up no memory", () => {
    const go = bootProcess({ check: "step" });
    const big = go.malloc(64 * MiB, null, false);
    for (let i = 0; i < 64 * MiB; i += 128 * 1024) big.set(i, 0xff); // 512 pages of 4 KiB
    const resident = go.os().resident;
    go.sweep({ live: [big] });
    go.sweep(); // dead, swept; its pages may be given back one generation later
    go.sweep();
    const before = go.scavenger();
    expect(before.gcPercentGoal).not.toBeNull();
    expect(go.os().released).toBeLessThan(8 * MiB);
    expect(before.heapRetained).toBeGreaterThan(60 * MiB);
    go.sleep(1);
    const first = go.scavenger();
    expect(first.releasedBg).toBeGreaterThan(0);
    expect(first.parked).toBe(true);
    const t = go.nanotime; // its first piece of work was a huge page: more than 1 ms
    go.sleep(60_000);
    const after = go.scavenger();
    expect(after.heapRetained).toBeLessThanOrEqual((before.gcPercentGoal as number) + 2 * MiB);
    expect(after.releasedBg).toBe(before.heapRetained - after.heapRetained);
    expect(go.nanotime).toBe(t + 60_000 * 1e6);
    expect(go.os().resident).toBeLessThan(resident - 1.5 * MiB);
    const again = go.scavenger().releasedBg;
    go.sleep(1000);
    expect(go.scavenger().releasedBg).toBe(again); // the goal is reached: it waits
  });

  test("[A109] the share of the time, over the middle of a long job", () => {
    const w = boot({ windowBytes: 512 * MiB });
    noscan(w, 256 * MiB, false);
    for (let i = 0; i < 3; i++) sweep(w, []);
    timeSleep(w.m, 3e9);
    const [t0, w0] = [nanotime(w.m), scav.backgroundTime(w.m, globals.scavenge(w.m))];
    timeSleep(w.m, 10e9);
    const share = (scav.backgroundTime(w.m, globals.scavenge(w.m)) - w0) / (nanotime(w.m) - t0);
    expect(share).toBeGreaterThan(0.005);
    expect(share).toBeLessThan(0.015);
  });

  test("[A109] a cycle wakes it from its sleep; when the sweep is done sysmon does", () => {
    const w = boot();
    noscan(w, 32 * MiB, false);
    sweep(w, []);
    sweep(w, []);
    const s = globals.scavenger(w.m);
    expect(scav.sysmonWake(w.m, s)).toBe(1);
    timeSleep(w.m, 1); // one piece of work
    expect([scav.parked(w.m, s), scav.sysmonWake(w.m, s)]).toEqual([1, 1]); // it was awake when it was asked for
    timeSleep(w.m, 1); // so now it is woken from its sleep
    expect([scav.parked(w.m, s), scav.sysmonWake(w.m, s)]).toEqual([1, 0]);
    const until = scav.sleepUntil(w.m, s);
    expect(until).toBeGreaterThan(nanotime(w.m) + 1e8);
    const before = scav.releasedBg(w.m, sums(w.m));
    timeSleep(w.m, 1);
    expect([scav.sleepUntil(w.m, s), scav.releasedBg(w.m, sums(w.m))]).toEqual([until, before]);
    sweep(w, []);
    timeSleep(w.m, 1);
    expect(scav.sleepUntil(w.m, s)).not.toBe(until);
    expect(scav.releasedBg(w.m, sums(w.m))).toBeGreaterThan(before);
  });

  test("the memory limit alone is a reason, too", () => {
    const go = bootProcess({ memoryLimit: 24 * MiB, check: "step" });
    const keep = go.new(int64);
    go.malloc(16 * MiB, null, false);
    go.sweep({ live: [keep] });
    go.sweep({ live: [keep] });
    expect(go.scavenger().memoryLimitGoal).toBeNull(); // 95 % are not reached
    expect(go.setMemoryLimit(10 * MiB)).toBe(24 * MiB);
    const goal = go.scavenger().memoryLimitGoal as number;
    expect(goal).toBe(Math.trunc(10 * MiB * 0.95));
    go.sleep(30_000);
    expect(go.scavenger().mappedReady).toBeLessThanOrEqual(goal);
    expect(go.setMemoryLimit(Number.POSITIVE_INFINITY)).toBe(10 * MiB);
    expect(go.setMemoryLimit(-1)).toBe(Number.POSITIVE_INFINITY);
    expect(() => bootProcess({ memoryLimit: -1 })).toThrow(expect.objectContaining({ code: "cell/option" }));
    expect(() => go.sleep(-1)).toThrow(expect.objectContaining({ code: "cell/option" }));
  });

  test("the line of scavtrace", () => {
    const w = boot();
    noscan(w, 4 * MiB);
    sweep(w, []);
    noscan(w, MiB);
    const kib = released(w.m) / 1024;
    expect(printScavTrace(w.m, 65_536, 1023, false)).toBe(
      `scav 64 KiB work (bg), 0 KiB work (eager), ${kib} KiB now, 25% util`,
    );
    scav.setPrintControllerReset(w.m, globals.scavenger(w.m), 1);
    expect(printScavTrace(w.m, 0, 4096, true)).toMatch(/ 4 KiB work \(eager\), .*% util \(forced\)$/);
    expect(printScavTrace(w.m, 0, 0, false)).toMatch(/% util \[controller reset\]$/);
    expect(printScavTrace(w.m, 0, 0, false)).toMatch(/% util$/);
  });
});

describe("TestFreeOSMemory", () => {
  test("[A110] what was freed is given back, and takes up no memory", () => {
    const go = bootProcess({ check: "step" });
    const keep = go.new(int64);
    const big = go.malloc(32 * MiB, null, false);
    go.freeOSMemory({ live: [keep, big] });
    const before = go.memstats().HeapReleased;
    const resident = go.os().resident;
    go.freeOSMemory({ live: [keep] });
    expect(go.memstats().HeapReleased - before).toBe(32 * MiB);
    expect(go.os()).toMatchObject({ released: go.memstats().HeapReleased });
    expect(go.os().resident).toBeLessThan(resident + 64 * 1024);
    expect(keep.isFreed).toBe(false);
    go.freeOSMemory(); // without a list everything lives
    expect([keep.isFreed, big.isFreed]).toEqual([false, true]);
  });

  test.each([false, true])("[A110] what stays is in page caches: one that is in use %s", (isUsed) => {
    const w = boot({ check: "step" });
    const c = p.pcache(w.m.p);
    const live = Array.from({ length: 100 }, () => noscan(w, 8192));
    while ((pageCache.cacheLo(w.m, c) | pageCache.cacheHi(w.m, c)) !== 0) live.push(noscan(w, 8192));
    sweep(
      w,
      live.filter((_, i) => i % 3 !== 0),
    );
    if (isUsed) noscan(w, 8192); // a new window, with pages that were in use before
    scavengeAll(w.m);
    const stats = readmemstats(w.m);
    const kept = popcount64(
      pageCache.cacheLo(w.m, c) & ~pageCache.scavLo(w.m, c),
      pageCache.cacheHi(w.m, c) & ~pageCache.scavHi(w.m, c),
    );
    expect(stats.HeapIdle - stats.HeapReleased).toBe(8192 * kept);
    expect(kept > 0).toBe(isUsed);
  });
});

describe("what it does to the heap", () => {
  test("[A010] growth, use, release and reuse, in bytes given back and ready", () => {
    const { m } = boot();
    const first = mheapAlloc(m, 16, 1); // the heap grows
    const step = (what: () => void) => {
      const [r, v, faults] = [released(m), ready(m), osFigures(m).faults];
      what();
      return [released(m) - r, ready(m) - v, osFigures(m).faults - faults];
    };
    let s: number = 0;
    expect(step(() => (s = mheapAlloc(m, 1, 1) as number))).toEqual([-8192, 8192, 2]);
    const off = mspan.startAddr(m, s);
    expect(osState(m, off)).toBe(OS_READY);
    expect(step(() => freeSpan(m, s))).toEqual([0, 0, 0]);
    expect(step(() => freeSpan(m, first))).toEqual([0, 0, 0]);
    m.u8.fill(0xff, 0, 16 * 8192);
    const resident = osFigures(m).resident;
    expect(step(() => scavengeAll(m))).toEqual([17 * 8192, -17 * 8192, 0]);
    expect(osFigures(m).resident).toBe(resident - 16 * 8192); // the last page was never written to
    expect(osState(m, 0)).toBe(OS_PREPARED);
    expect(m.u8.subarray(0, 16 * 8192).every((b) => b === 0)).toBe(true);
    expect(step(() => mheapAlloc(m, 16, 1))).toEqual([-16 * 8192, 16 * 8192, 32]);
    expect(step(() => mheapAlloc(m, 500, 1))[0]).toBe(4 * MiB - 500 * 8192); // 4 MiB more, and 500 pages of them used
  });

  test.each([true, false])("[A045] 1 MiB fresh, reused, and given back between; madvdontneed %s", (madvdontneed) => {
    const w = boot({ madvdontneed });
    const needzero = () => {
      const x = noscan(w, MiB, false);
      const was = mspan.needzero(w.m, span(w, x));
      w.m.u8.fill(0xff, x, x + MiB);
      return [x, was];
    };
    const [x, fresh] = needzero();
    expect(fresh).toBe(0);
    sweep(w, []);
    expect(needzero()).toEqual([x, 1]);
    sweep(w, []);
    scavengeAll(w.m);
    expect([w.m.u8[x], w.m.u8[x + MiB - 1]]).toEqual(madvdontneed ? [0, 0] : [0xff, 0xff]);
    expect(needzero()).toEqual([x, madvdontneed ? 0 : 1]);
  });

  test("[A031] at the end of marking idle Ps give their page caches back; a P that goes does so, too", () => {
    const w = boot({ procs: 2 });
    const cached = (i: number) => {
      const c = p.pcache(globals.allp(w.m, i));
      return popcount64(pageCache.cacheLo(w.m, c), pageCache.cacheHi(w.m, c));
    };
    const objects = [noscan(w, 64 * 8192)]; // the heap grows: windows are whole from here on
    for (const i of [1, 0]) {
      w.m.p = globals.allp(w.m, i) as number;
      objects.push(noscan(w, 8192));
    }
    expect([cached(0), cached(1)]).toEqual([63, 63]);
    sweep(w, objects);
    expect([cached(0), cached(1)]).toEqual([63, 0]);
    w.m.p = globals.allp(w.m, 1) as number;
    noscan(w, 8192);
    w.m.p = globals.allp(w.m, 0) as number;
    expect(cached(1)).toBe(62);
    lock(w.m, globals.schedLock(w.m));
    procresize(w.m, 1);
    unlock(w.m, globals.schedLock(w.m));
    expect(cached(1)).toBe(0);
  });

  test("TestPageCacheLeak: no P that went keeps a page", () => {
    const w = boot({ procs: 8 });
    for (let i = 0; i < 8; i++) {
      w.m.p = globals.allp(w.m, i) as number;
      noscan(w, 8192 * (i + 1));
    }
    w.m.p = globals.allp(w.m, 0) as number;
    lock(w.m, globals.schedLock(w.m));
    procresize(w.m, 1);
    unlock(w.m, globals.schedLock(w.m));
    for (let i = 1; i < 8; i++) {
      const c = p.pcache(globals.allp(w.m, i));
      expect([pageCache.cacheLo(w.m, c), pageCache.cacheHi(w.m, c)]).toEqual([0, 0]);
    }
  });

  test("[A009] [A010] TestScavengedBitsCleared, law: after any script nothing in use counts as given back, figures agree", () => {
    const op = fc.oneof(
      fc.record({ size: fc.integer({ min: 1, max: 300_000 }) }),
      fc.record({ keep: fc.integer({ min: 1, max: 5 }) }),
      fc.record({ bytes: fc.nat(2 * MiB), force: fc.boolean() }),
      fc.record({ sleep: fc.nat(500) }),
      fc.record({ limit: fc.integer({ min: 3 * MiB, max: 16 * MiB }) }),
    );
    fc.assert(
      fc.property(fc.array(op, { maxLength: 25 }), fc.boolean(), (ops, drawn) => {
        const go = bootProcess({ check: "step", base: drawn ? "random" : "fixed", seed: 7 }); // everything is checked
        let live: ReturnType<typeof go.malloc>[] = [];
        for (const o of ops) {
          if ("size" in o) live.push(go.malloc(o.size));
          else if ("keep" in o) {
            live = live.filter((_, i) => i % o.keep === 0);
            go.sweep({ live });
          } else if ("sleep" in o) go.sleep(o.sleep);
          else if ("limit" in o) go.setMemoryLimit(o.limit);
          else if (o.force) go.freeOSMemory();
        }
        const stats = go.memstats();
        expect(stats.Sys - stats.HeapReleased).toBe(go.scavenger().mappedReady);
        expect((stats.HeapSys + stats.StackInuse) % (4 * MiB)).toBe(0);
        const pages = go.snapshot().pages;
        const bytes = (hex: string) => hex.match(/../g)?.map((b) => Number.parseInt(b, 16)) ?? [];
        const scavenged = bytes(pages.scavenged);
        if (!drawn) expect(bytes(pages.inUse).some((b, i) => (b & scavenged[i]) !== 0)).toBe(false);
      }),
      { numRuns: 25 },
    );
  });

  test("a request by bytes gives back at least that, from the top of the heap", () => {
    const w = boot();
    const low = noscan(w, MiB / 2);
    const high = noscan(w, MiB);
    sweep(w, []);
    const pages = mheap.pages(globals.mheap_(w.m));
    expect(scavenge(w.m, pages, 100_000, false, true)).toBe(13 * 8192);
    expect([osState(w.m, low), osState(w.m, high), osState(w.m, high + MiB - 1)]).toEqual([
      OS_READY,
      OS_READY,
      OS_PREPARED,
    ]);
  });
});
