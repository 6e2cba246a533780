/** Figures: what they say, that they agree with each other and with a recount; and the heap profile. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkInvariants } from "../../engine/check/invariants.ts";
import { readMemStatsSlow } from "../../engine/check/memstats.ts";
import { SizeClassToSize } from "../../engine/gc/sizeclasses.ts";
import { lockName } from "../../engine/process/locks.ts";
import * as gcc from "../../engine/records/gcController.ts";
import { allp, gcController, work } from "../../engine/records/globals.ts";
import * as mcache from "../../engine/records/mcache.ts";
import * as mspan from "../../engine/records/mspan.ts";
import * as special from "../../engine/records/special.ts";
import { first } from "../../engine/records/stack.ts";
import * as workRecord from "../../engine/records/work.ts";
import { fastlog2 } from "../../engine/runtime/fastlog2.ts";
import { flushallmcaches } from "../../engine/runtime/mcache.ts";
import { getempty } from "../../engine/runtime/mgcwork.ts";
import { addfinalizer, specialOf, specialsAt } from "../../engine/runtime/mheap_specials.ts";
import {
  fastexprand,
  memProfileRecords,
  mProf_PostSweep,
  nextSample,
  profileSeed,
  setMemProfileRate,
} from "../../engine/runtime/mprof.ts";
import { type MemStats, readMetrics, readmemstats } from "../../engine/runtime/mstats.ts";
import { stackalloc, stackfree } from "../../engine/runtime/stack.ts";
import { boot, cacheOf, noscan, scan, span, sweep, type World } from "./object-heap.ts";

/** A program that uses every path: allocates, sweeps, takes stacks and work buffers. */
function churn(w: World, steps: readonly number[]): void {
  let live: number[] = [];
  const stacks: [number, number][] = [];
  for (const x of steps) {
    const size = SizeClassToSize[1 + (x % 67)] - (x % 3);
    live.push(x % 2 === 0 ? noscan(w, Math.max(1, size)) : scan(w, Math.ceil(size / 8) * 8));
    if (x % 7 === 0) live.push(noscan(w, 1 + (x % 8)));
    if (x % 11 === 0) live.push(noscan(w, 40_000 + x));
    if (x % 13 === 0) stacks.push([stackalloc(w.m, 2048 << (x % 6)), 2048 << (x % 6)]);
    if (x % 17 === 0 && stacks.length > 0) stackfree(w.m, ...stacks.pop()!);
    if (x % 97 === 0) getempty(w.m);
    if (x % 101 === 0) {
      live = live.filter((_, i) => i % 3 !== 0);
      sweep(w, live);
    }
  }
}

/** Spans of work buffers. */
function wbufSpans(w: World): number {
  let n = 0;
  for (const list of [workRecord.wbufSpansBusy(work(w.m)), workRecord.wbufSpansFree(work(w.m))]) {
    for (let s = first(w.m, list); s !== 0; s = mspan.next(w.m, s)) n++;
  }
  return n;
}

const programs = fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 50, maxLength: 400 });

describe("MemStats", () => {
  test("[A121] TestMemStats: the sums hold: Sys is all …Sys, HeapSys in use and idle, HeapObjects mallocs less frees", () => {
    fc.assert(
      fc.property(programs, (steps) => {
        const w = boot();
        churn(w, steps);
        const m = readmemstats(w.m);
        const all = m.HeapSys + m.StackSys + m.MSpanSys + m.MCacheSys + m.BuckHashSys + m.GCSys + m.OtherSys;
        expect(m.Sys).toBe(all);
        expect(m.HeapSys).toBe(m.HeapInuse + m.HeapIdle);
        expect(m.HeapObjects).toBe(m.Mallocs - m.Frees);
        expect(m.HeapReleased).toBeLessThanOrEqual(m.HeapIdle);
        expect([m.Alloc, m.BySize.length, m.BySize[60].Size]).toEqual([m.HeapAlloc, 61, 18432]);
        expect(m.MSpanInuse).toBeLessThanOrEqual(m.MSpanSys);
        expect([m.MCacheInuse, m.Lookups, m.EnableGC, m.DebugGC]).toEqual([2296, 0, true, false]);
      }),
      { numRuns: 15 },
    );
  });

  test("[A034] TestReadMemStats: every figure is what a recount over spans and bitmaps gives", () => {
    fc.assert(
      fc.property(programs, (steps) => {
        const w = boot();
        churn(w, steps);
        const fast = readmemstats(w.m);
        const { Manual, ...slow } = readMemStatsSlow(w.m);
        expect(Object.fromEntries(Object.keys(slow).map((k) => [k, fast[k as keyof MemStats]]))).toEqual(slow);
        expect(fast.StackInuse + 32768 * wbufSpans(w)).toBe(Manual);
        checkInvariants(w.m);
      }),
      { numRuns: 15 },
    );
  });

  /** Recorded with go 1.26.8: Mallocs +164, Frees +50, TotalAlloc +95888, BySize[1] +10, BySize[2] +100. */
  test("[A121] tiny objects count as a malloc and a free at once, and their blocks for themselves", () => {
    const w = boot();
    noscan(w, 16);
    const before = readmemstats(w.m);
    for (let i = 0; i < 100; i++) noscan(w, 8); // 50 blocks of 16 bytes
    for (let i = 0; i < 50; i++) noscan(w, 16);
    for (let i = 0; i < 10; i++) scan(w, 8);
    for (let i = 0; i < 3; i++) noscan(w, 20_000);
    noscan(w, 32_768);
    const after = readmemstats(w.m);
    const d = (k: "Mallocs" | "Frees" | "TotalAlloc" | "HeapObjects") => after[k] - before[k];
    expect([d("Mallocs"), d("Frees"), d("HeapObjects")]).toEqual([164, 50, 114]);
    expect(d("TotalAlloc")).toBe(100 * 16 + 80 + 3 * 20_480 + 32_768);
    expect([
      after.BySize[1].Mallocs - before.BySize[1].Mallocs,
      after.BySize[2].Mallocs - before.BySize[2].Mallocs,
    ]).toEqual([10, 100]);
  });

  test("figures that disagree are Go's throw", () => {
    const w = boot();
    noscan(w, 100);
    const gc = gcController(w.m);
    gcc.addTotalAlloc(w.m, gc, 8);
    expect(() => readmemstats(w.m)).toThrow("totalAlloc and consistent stats are not equal");
    gcc.addTotalAlloc(w.m, gc, -8);
    gcc.addMappedReady(w.m, gc, 4096);
    expect(() => readmemstats(w.m)).toThrow("mappedReady and other memstats are not equal");
  });
});

describe("runtime/metrics", () => {
  test("[A122] lag: what was taken from a cached span is not counted before a flush", () => {
    const w = boot();
    noscan(w, 16);
    flushallmcaches(w.m);
    noscan(w, 16);
    const objects = () => readMetrics(w.m)["/gc/heap/allocs:objects"];
    const before = objects();
    for (let i = 0; i < 10; i++) noscan(w, 16);
    expect(objects() - before).toBe(0);
    readmemstats(w.m);
    expect(objects() - before).toBe(11);
  });

  /** Recorded with go 1.26.8. */
  test("[A123] allocs-by-size has 69 boundaries: 1, 9, 17, 25 … 28673, 32769, infinity", () => {
    const { buckets, counts } = readMetrics(boot().m)["/gc/heap/allocs-by-size:bytes"];
    expect([buckets.length, counts.length]).toEqual([69, 68]);
    expect([buckets.slice(0, 4), buckets.slice(66)]).toEqual([
      [1, 9, 17, 25],
      [28673, 32769, Number.POSITIVE_INFINITY],
    ]);
  });

  test("TestReadMetricsConsistency: the memory classes add up to the total, and after a flush to MemStats", () => {
    fc.assert(
      fc.property(programs, (steps) => {
        const w = boot();
        churn(w, steps);
        const parts = () => {
          const m = readMetrics(w.m);
          const classes = Object.entries(m).filter(([k]) => k.startsWith("/memory/classes/") && !k.includes("total"));
          return { m, sum: classes.reduce((sum, [, v]) => sum + (v as number), 0) };
        };
        const lagging = parts();
        expect(lagging.sum).toBe(lagging.m["/memory/classes/total:bytes"]);
        const s = readmemstats(w.m);
        const { m, sum } = parts();
        expect([m["/memory/classes/total:bytes"], sum]).toEqual([s.Sys, s.Sys]);
        expect(m["/gc/heap/allocs:bytes"]).toBe(s.TotalAlloc);
        expect(m["/gc/heap/allocs:bytes"] - m["/gc/heap/frees:bytes"]).toBe(s.HeapAlloc);
        expect(m["/memory/classes/heap/objects:bytes"]).toBe(s.HeapAlloc);
        expect(m["/memory/classes/heap/objects:bytes"] + m["/memory/classes/heap/unused:bytes"]).toBe(s.HeapInuse);
        expect(m["/memory/classes/heap/free:bytes"] + m["/memory/classes/heap/released:bytes"]).toBe(s.HeapIdle);
        expect(m["/memory/classes/heap/stacks:bytes"]).toBe(s.StackInuse);
        expect(m["/memory/classes/metadata/other:bytes"]).toBe(s.GCSys);
        expect(m["/gc/heap/allocs:objects"] + m["/gc/heap/tiny/allocs:objects"]).toBe(s.Mallocs);
        expect(m["/gc/heap/objects:objects"]).toBe(s.HeapObjects);
        const { counts } = m["/gc/heap/allocs-by-size:bytes"];
        expect(counts.reduce((a, b) => a + b)).toBe(m["/gc/heap/allocs:objects"]);
        expect(s.BySize.slice(1).map((b) => b.Mallocs)).toEqual(counts.slice(0, 60));
      }),
      { numRuns: 15 },
    );
  });

  test("TestReadMetricsCumulative: what counts upwards never goes down", () => {
    const w = boot();
    let last = readMetrics(w.m);
    for (let round = 0; round < 20; round++) {
      churn(
        w,
        Array.from({ length: 60 }, (_, i) => i * 31 + round * 7),
      );
      const now = readMetrics(w.m);
      for (const k of Object.keys(now) as (keyof typeof now)[]) {
        if (!/allocs|frees|cycles|queued|created/.test(k)) continue;
        const [a, b] = [last[k], now[k]];
        if (typeof a === "number") expect(b, k).toBeGreaterThanOrEqual(a);
        else for (const [i, n] of a.counts.entries()) expect((b as typeof a).counts[i], k).toBeGreaterThanOrEqual(n);
      }
      last = now;
    }
    expect(last["/gc/heap/frees:objects"]).toBeGreaterThan(0);
  });
});

describe("the heap profile", () => {
  /** Objects of the given size that are sampled among `n`. */
  function sampled(w: World, size: number, n: number): number[] {
    const hits: number[] = [];
    for (let i = 0; i < n; i++) {
      const off = noscan(w, size);
      for (let s = specialOf(w.m, specialsAt(span(w, off))); s !== 0; s = special.next(w.m, s)) {
        if (special.offset(w.m, s) === off - mspan.startAddr(w.m, span(w, off))) hits.push(i);
      }
    }
    return hits;
  }

  test("[A124] with rate 0 nothing is sampled; set later, the first slot of each P is, and the mean holds", () => {
    const w = boot({ procs: 2 });
    profileSeed(w.m, 7);
    expect(sampled(w, 1024, 5000)).toEqual([]);
    setMemProfileRate(w.m, 16 * 1024);
    const hits = sampled(w, 1024, 10_000);
    expect(hits[0]).toBe(0);
    expect(hits.length).toBeGreaterThan(500); // 625 on average
    expect(hits.length).toBeLessThan(750);
    w.m.p = allp(w.m, 1);
    expect(sampled(w, 1024, 1)).toEqual([0]);
    setMemProfileRate(w.m, 0);
    expect(sampled(w, 1024, 3)).toEqual([0]); // the change itself, as in Go
  });

  test("[A124] rate 1 samples every slot", () => {
    const w = boot();
    setMemProfileRate(w.m, 1);
    expect(sampled(w, 64, 20).length).toBe(20);
  });

  test("[A124] the same seed gives the same samples, and the heap's addresses are those without a profile", () => {
    const run = (rate: number, seed: number) => {
      const w = boot();
      profileSeed(w.m, seed);
      setMemProfileRate(w.m, rate);
      const hits = sampled(w, 1024, 3000);
      return { hits, at: noscan(w, 1024) };
    };
    expect(run(65536, 5)).toEqual(run(65536, 5));
    expect(run(65536, 5).hits).not.toEqual(run(65536, 6).hits);
    expect(run(65536, 5).at).toBe(run(0, 5).at);
  });

  test("[A124] an object that joins a tiny block leaves the distance to the next sample as it is", () => {
    const w = boot();
    setMemProfileRate(w.m, 512 * 1024);
    noscan(w, 1);
    const c = cacheOf(w);
    const before = mcache.nextSample(w.m, c);
    for (let i = 0; i < 15; i++) noscan(w, 1);
    expect(mcache.nextSample(w.m, c)).toBe(before);
    noscan(w, 1);
    expect(mcache.nextSample(w.m, c)).toBe(before - 16); // a new block
    scan(w, 600);
    expect(mcache.nextSample(w.m, c)).toBe(before - 16 - 640); // the slot, its header included
  });

  test("[A124] the distance is drawn from an exponential distribution around the rate", () => {
    const w = boot();
    profileSeed(w.m, 3);
    const n = 20_000;
    const mean = 1000;
    const draws = Array.from({ length: n }, () => fastexprand(w.m, mean));
    const average = draws.reduce((a, b) => a + b) / n;
    expect(Math.abs(average - mean)).toBeLessThan(0.03 * mean);
    // Half of an exponential distribution lies below ln 2 of its mean.
    const below = draws.filter((d) => d < Math.LN2 * mean).length / n;
    expect(Math.abs(below - 0.5)).toBeLessThan(0.02);
    expect(Math.min(...draws)).toBeGreaterThan(0);
    setMemProfileRate(w.m, 1);
    expect(nextSample(w.m)).toBe(0);
  });

  test("TestFastLog2: the approximation is close", () => {
    let worst = 0;
    for (let x = 1; x < 2 ** 26; x += 1 + (x >> 10)) worst = Math.max(worst, Math.abs(fastlog2(x) - Math.log2(x)));
    expect(worst).toBeLessThan(1e-3);
    expect([fastlog2(1), fastlog2(2 ** 26)]).toEqual([0, 26]);
  });

  test("a sample becomes part of the profile when its cycle's sweep is over, and so does its death", () => {
    const w = boot();
    setMemProfileRate(w.m, 1);
    const live = noscan(w, 1000);
    noscan(w, 1000);
    const total = () => memProfileRecords(w.m).map((r) => [r.size, r.AllocObjects, r.FreeObjects, r.FreeBytes]);
    expect(total()).toEqual([[1024, 0, 0, 0]]);
    sweep(w, [live]);
    mProf_PostSweep(w.m);
    expect(total()).toEqual([[1024, 0, 1, 1024]].map(([s]) => [s, 2, 1, 1024]));
    expect(readmemstats(w.m).BuckHashSys).toBeGreaterThan(8 * 179_999);
  });
});

describe("features that Go leaves off", () => {
  test("[A125] no slot is freed but by a sweep; the lists of reusable slots stay empty; options have none of it", () => {
    const w = boot();
    churn(
      w,
      Array.from({ length: 300 }, (_, i) => i * 13),
    );
    const c = cacheOf(w);
    for (let spc = 0; spc < mcache.numSpanClasses; spc++) expect(mcache.reusableNoscan(w.m, c, spc)).toBe(0);
    const frees = () => readmemstats(w.m).Frees - tiny();
    const tiny = () => readMetrics(w.m)["/gc/heap/tiny/allocs:objects"];
    const other = boot();
    for (let i = 0; i < 1000; i++) noscan(other, 64);
    expect(readmemstats(other.m).Frees).toBe(0);
    expect(frees()).toBeGreaterThan(0);
  });
});

describe("locks", () => {
  /** Go's order, as far as it is used here: each may be taken while those named after it are held. */
  const mayHold: Record<string, readonly string[]> = {
    mheap: ["sched", "sweep", "mspanSpecial", "stackpool", "stackLarge", "wbufSpans", "spanSetSpine", "scavenge"],
    mheapSpecial: ["mheap", "mspanSpecial", "sched"],
    gcBitsArenas: ["mspanSpecial", "sched", "stackpool", "stackLarge", "allg"],
    spanSetSpine: ["sched", "allg"],
    globalAlloc: [
      "mheap",
      "mheapSpecial",
      "gcBitsArenas",
      "spanSetSpine",
      "fin",
      "profInsert",
      "sched",
      "stackpool",
      "stackLarge",
      "wbufSpans",
      "allg",
    ],
    "heapStats.noPLock": ["mheap", "stackpool", "stackLarge", "wbufSpans", "sched", "allg", "mheapSpecial"],
    stackpool: ["sched", "allg"],
    stackLarge: ["sched"],
    wbufSpans: ["mspanSpecial", "sched"],
    profMemFuture: ["profMemActive"],
    gFree: ["sched"],
    allp: ["sched"],
  };

  test("[A126] every lock is taken in Go's order", () => {
    const w = boot({ procs: 2 });
    const seen = new Set<number>();
    const taken = new Set<string>();
    const wrong: string[] = [];
    const log: number[] = [];
    // A lock is logged just before it is taken: those that are held can be seen in their words.
    log.push = (l: number) => {
      const name = lockName(w.m, l);
      taken.add(name);
      for (const other of seen) {
        if (w.m.i32[other >> 2] === 0) continue;
        const held = lockName(w.m, other);
        if (!(mayHold[name] ?? []).includes(held)) wrong.push(`${name} under ${held}`);
      }
      seen.add(l);
      return 0;
    };
    w.m.lockLog = log;
    setMemProfileRate(w.m, 4096);
    churn(
      w,
      Array.from({ length: 800 }, (_, i) => i * 37),
    );
    for (let i = 0; i < 200; i++) addfinalizer(w.m, scan(w, 64), w.m.data);
    sweep(w, []);
    readmemstats(w.m);
    readMetrics(w.m);
    w.m.lockLog = null;
    expect([...new Set(wrong)]).toEqual([]);
    expect([...taken].sort()).toEqual(
      expect.arrayContaining([
        "fin",
        "gcBitsArenas",
        "mheap",
        "mheapSpecial",
        "mspanSpecial",
        "profInsert",
        "profMemFuture",
        "spanSetSpine",
        "stackLarge",
        "stackpool",
        "wbufSpans",
      ]),
    );
  });
});
