/** Rows of the allocator's checklist about the order of steps: sweeping on credit, the start of a sweep, Ps that go. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkInvariants } from "../../engine/check/invariants.ts";
import { type BootOptions, boot as bootProcess, uint8 } from "../../engine/index.ts";
import { lock, unlock } from "../../engine/memory/atomics.ts";
import * as gcc from "../../engine/records/gcController.ts";
import {
  allp,
  gcController,
  mcache0,
  mheap_,
  sched,
  schedLock,
  setGcphase,
  stackpool,
  sweep as sweep_,
  work,
} from "../../engine/records/globals.ts";
import * as gsched from "../../engine/records/gsched.ts";
import * as mcache from "../../engine/records/mcache.ts";
import * as mfixalloc from "../../engine/records/mfixalloc.ts";
import * as mheap from "../../engine/records/mheap.ts";
import * as pageCache from "../../engine/records/mpagecache.ts";
import * as mspan from "../../engine/records/mspan.ts";
import * as p from "../../engine/records/runtime2.ts";
import * as stackRecord from "../../engine/records/stack.ts";
import * as sweepdata from "../../engine/records/sweep.ts";
import * as workRecord from "../../engine/records/work.ts";
import { flushallmcaches } from "../../engine/runtime/mcache.ts";
import { fixallocAlloc } from "../../engine/runtime/mfixalloc.ts";
import { scavengeAll } from "../../engine/runtime/mgcscavenge.ts";
import { deductSweepCredit, isSweepDone, nothingToSweep, sweepone } from "../../engine/runtime/mgcsweep.ts";
import { getempty, putempty } from "../../engine/runtime/mgcwork.ts";
import { readMetrics, readmemstats } from "../../engine/runtime/mstats.ts";
import { procresize } from "../../engine/runtime/proc.ts";
import { stackalloc, stackcache_clear, stackfree } from "../../engine/runtime/stack.ts";
import { Ev } from "../../engine/runtime/trace.ts";
import { exit, plainFn, start } from "./goroutines.ts";
import { boot, cacheOf, events, isEmptySpan, noscan, scan, startSweep, sweep, type World } from "./object-heap.ts";

/** Runs something, and looks at each event as it comes. */
function watch(w: World, look: (event: readonly number[]) => void, body: () => void): void {
  w.m.trace = { event: (...e) => look(e) };
  try {
    body();
  } finally {
    w.m.trace = null;
  }
}

describe("sweeping on credit", () => {
  /** A heap with `pages` one-page spans to be swept, all of them live. */
  function unswept(pages: number): World {
    const w = boot({ check: "none", windowBytes: 256 * 2 ** 20 });
    const live = Array.from({ length: pages }, () => noscan(w, 8192));
    flushallmcaches(w.m);
    startSweep(w, live);
    return w;
  }

  function setPace(w: World, ratio: number, liveBasis: number, sweptBasis: number): void {
    mheap.setSweepPagesPerByte(w.m, mheap_(w.m), ratio);
    mheap.setSweepHeapLiveBasis(w.m, mheap_(w.m), liveBasis);
    mheap.setPagesSweptBasis(w.m, mheap_(w.m), sweptBasis);
  }

  const swept = (w: World) => mheap.pagesSwept(w.m, mheap_(w.m));
  const live = (w: World) => gcc.heapLive(w.m, gcController(w.m));

  /**
   * Recorded with go 1.26.8, after a cycle with 7906 pages in use: (live - basis, pages swept) was (372 736, 105),
   * (536 576, 152), ... (1 683 456, 475) while objects of 4096 bytes were allocated.
   */
  test("[A095] the line that was recorded from Go: never behind it, never more than a span ahead", () => {
    const w = unswept(1200);
    const ratio = 7906 / (70_382_316 - 41_258_856 - 1_048_576);
    const basis = live(w);
    const zero = swept(w);
    setPace(w, ratio, basis, zero);
    const seen = new Map<number, number>();
    for (let i = 0; i < 500; i++) {
      noscan(w, 4096);
      const since = live(w) - basis;
      const ahead = swept(w) - zero - ratio * since;
      expect(ahead, `${since} bytes on`).toBeGreaterThan(-1);
      expect(ahead, `${since} bytes on`).toBeLessThanOrEqual(1);
      seen.set(since, swept(w) - zero);
    }
    // Go's readings lie half a span beside those here: the pages swept are those of the line there, or one more.
    for (const [since, pages] of [
      [208_896, 59],
      [372_736, 105],
      [536_576, 152],
      [1_683_456, 475],
    ]) {
      expect(Math.ceil(ratio * since), `${since} bytes on`).toBe(pages);
      const [before, after] = [since - 4096, since + 4096].map((at) => seen.get(at) as number);
      expect(before <= pages && pages <= after + 1, `${before} to ${after} pages, Go ${pages}`).toBe(true);
    }
  });

  test("[A095] the pacing changes while a span is swept: the target is computed anew, from the new basis", () => {
    const w = unswept(60);
    setPace(w, 1 / 8192, live(w), swept(w));
    let count = 0;
    // 50 pages are due. After the third the basis moves up to where the sweep is, and the line is half as steep.
    watch(
      w,
      ([kind]) => {
        if (kind === Ev.sweepSpan && ++count === 3) setPace(w, 0.5 / 8192, live(w), swept(w));
      },
      () => deductSweepCredit(w.m, 50 * 8192, 0),
    );
    expect(count).toBe(3 + 25);
    expect(mheap.sweepPagesPerByte(w.m, mheap_(w.m))).toBe(0.5 / 8192);
    setPace(w, 1 / 8192, live(w) + 8192, swept(w)); // less is live than at the basis: that counts as nothing
    const before = swept(w);
    deductSweepCredit(w.m, 2 * 8192, 1);
    expect(swept(w) - before).toBe(1);
    deductSweepCredit(w.m, 1000 * 8192, 0);
    expect([mheap.sweepPagesPerByte(w.m, mheap_(w.m)), sweepone(w.m)]).toEqual([0, nothingToSweep]);
    setPace(w, 0, 0, 0);
    const log = events(w, () => deductSweepCredit(w.m, 2 ** 30, 0));
    expect(log).toEqual([]); // no ratio, no debt
  });
});

describe("the start of a sweep", () => {
  test("[A136] everything begins anew; work buffers, stacks, then the caches; and it is not done before the last", () => {
    const w = boot({ procs: 2 });
    const h = mheap_(w.m);
    const objects = [0, 1].map((i) => {
      w.m.p = allp(w.m, i);
      return noscan(w, 64);
    });
    // While marking, a span of stacks without a user and a large stack are held back, and a work buffer's span is busy.
    setGcphase(w.m, 1);
    const stacks = Array.from({ length: 4 }, () => stackalloc(w.m, 16384));
    const large = stackalloc(w.m, 65536);
    for (const x of stacks) stackfree(w.m, x, 16384);
    stackcache_clear(w.m, cacheOf(w, 1));
    stackfree(w.m, large, 65536);
    putempty(w.m, getempty(w.m));
    setGcphase(w.m, 0);
    // What a sweep before this one has left.
    mheap.setPagesSwept(w.m, h, 1000);
    mheap.setReclaimIndex(w.m, h, 77);
    mheap.addReclaimCredit(w.m, h, 5);
    mheap.setSweepPagesPerByte(w.m, h, 0.5);
    mheap.setSweepArenasLen(w.m, h, 0);
    sweepdata.setCentralIndex(w.m, sweep_(w.m), 200);

    const isListed = (list: number) => stackRecord.first(w.m, list) !== 0;
    const wbufs = () => [workRecord.wbufSpansBusy(work(w.m)), workRecord.wbufSpansFree(work(w.m))].map(isListed);
    expect(wbufs()).toEqual([true, false]);
    const order: string[] = [];
    const note = (what: string) => {
      if (order[order.length - 1] !== what) order.push(what);
    };
    watch(
      w,
      ([kind, a]) => {
        if (kind === Ev.freeSpan && mspan.state(w.m, a) !== mspan.mSpanInUse) {
          expect(wbufs()).toEqual([false, true]); // they were first
          note("stacks");
        } else if (kind === Ev.uncacheSpan) {
          note(order.includes("cache of another P") ? "own cache" : "cache of another P");
          expect(isSweepDone(w.m)).toBe(false);
          if (order.length > 2) return;
          const { reclaimIndex, reclaimCredit, sweepPagesPerByte, sweepArenasLen } = mheap;
          const { pagesSwept } = mheap;
          const resets = [reclaimIndex, reclaimCredit, sweepPagesPerByte, pagesSwept, sweepArenasLen].map((f) =>
            f(w.m, h),
          );
          expect(resets).toEqual([0, 0, 0, 0, mheap.heapArenasLen(w.m, h)]);
          expect(sweepdata.centralIndex(w.m, sweep_(w.m))).toBe(0);
          // A sweeper that comes now finds nothing: all spans are in caches. Yet the sweep is not done.
          expect([sweepone(w.m), isSweepDone(w.m)]).toEqual([nothingToSweep, false]);
        }
      },
      () => startSweep(w, objects),
    );
    expect(order).toEqual(["stacks", "cache of another P", "own cache"]);
    expect(isSweepDone(w.m)).toBe(true);
    checkInvariants(w.m);
  });
});

describe("Ps that go", () => {
  /** What P `i` holds at this moment. */
  function holdings(w: World, i: number) {
    const pp = allp(w.m, i);
    const c = p.mcache(w.m, pp);
    const spans = c === 0 ? [] : Array.from({ length: mcache.numSpanClasses }, (_, spc) => mcache.alloc(w.m, c, spc));
    return {
      records: p.mspancacheLen(w.m, pp),
      hasPages: pageCache.cacheLo(w.m, p.pcache(pp)) !== 0 || pageCache.cacheHi(w.m, p.pcache(pp)) !== 0,
      spans: spans.filter((s) => !isEmptySpan(w, s)).length,
      stacks: c === 0 ? 0 : stackRecord.size(w.m, (mcache.stackcache(c) as number) + 32),
      mcaches: mfixalloc.inuse(w.m, mheap.cachealloc(mheap_(w.m))) / 2296,
      gs: gsched.size(w.m, p.gFree(pp)),
    };
  }

  test("[A150] records, pages, spans, stacks, mcache, dead gs: what a P that goes holds at each step", () => {
    const w = boot({ procs: 2 });
    w.m.p = allp(w.m, 1);
    noscan(w, 1000);
    stackfree(w.m, stackalloc(w.m, 8192), 8192);
    exit(w, start(w, plainFn(w, 16)));
    w.m.p = allp(w.m, 0);
    const at = holdings(w, 1);
    expect(at.records * at.spans * at.stacks * at.gs).toBeGreaterThan(0);
    const records = Array.from({ length: at.records }, (_, k) => p.mspancacheBuf(w.m, allp(w.m, 1), k));

    const names = new Map<number, string>([
      [mheap.lock(mheap_(w.m)), "heap"],
      [stackRecord.mu(stackpool(w.m, 2)), "stack pool"],
      [gsched.gFreeLock(sched(w.m)), "dead gs"],
    ]);
    const steps: [string, ReturnType<typeof holdings>][] = [];
    const log: number[] = [];
    log.push = (lock) => {
      const name = names.get(lock);
      if (name !== undefined) steps.push([name, holdings(w, 1)]);
      return 0;
    };
    w.m.lockLog = log;
    watch(
      w,
      ([kind]) => {
        if (kind === Ev.uncacheSpan) steps.push(["span", holdings(w, 1)]);
      },
      () => {
        lock(w.m, schedLock(w.m));
        procresize(w.m, 1);
        unlock(w.m, schedLock(w.m));
      },
    );
    w.m.lockLog = null;
    const first = (name: string) => steps.find(([n]) => n === name)![1];
    const nth = (name: string, k: number) => steps.filter(([n]) => n === name)[k][1];
    const gone = { ...at, records: 0 };
    expect(first("heap")).toEqual(gone); // the records were first; now the pages
    expect(first("span")).toMatchObject({ ...gone, hasPages: false, spans: expect.any(Number) });
    expect(first("stack pool")).toEqual({ ...gone, hasPages: false, spans: 0 });
    const last = steps.filter(([n]) => n === "heap").length - 1;
    expect(nth("heap", last)).toEqual({ ...gone, hasPages: false, spans: 0, stacks: 0 }); // to free the mcache
    expect(first("dead gs")).toEqual({ ...gone, hasPages: false, spans: 0, stacks: 0, mcaches: 1 });
    const order = steps.map(([n]) => n).filter((n, k, all) => n !== all[k - 1]);
    expect(order).toEqual(["heap", "span", "stack pool", "heap", "dead gs"]);
    expect(holdings(w, 1)).toEqual({ records: 0, hasPages: false, spans: 0, stacks: 0, mcaches: 1, gs: 0 });
    // The records went from the first on, so that the last is the first to be used again.
    expect(fixallocAlloc(w.m, mheap.spanalloc(mheap_(w.m)))).toBe(records.at(-1));
  });

  test("[A150] the mcache of the time before there were Ps becomes that of P 0", () => {
    const w = boot({ procs: 3 });
    const caches = [0, 1, 2].map((i) => cacheOf(w, i) as number);
    expect([caches[1] - caches[0], caches[2] - caches[1]]).toEqual([2296, 2296]); // the first that was ever made
    expect(mcache0(w.m)).toBe(0);
    const own = cacheOf(w, 0);
    for (const n of [1, 4, 1]) {
      lock(w.m, schedLock(w.m));
      procresize(w.m, n);
      unlock(w.m, schedLock(w.m));
      expect([cacheOf(w, 0), readmemstats(w.m).MCacheInuse]).toEqual([own, 2296 * n]);
    }
  });
});

describe("features that Go leaves off", () => {
  test("[A125] options that ask for them change nothing: not a byte, not an event", () => {
    const program = (options: BootOptions) => {
      const go = bootProcess({ check: "step", ...options });
      const log = go.trace(() => {
        const kept = Array.from({ length: 300 }, (_, i) => go.malloc(1 + ((i * 37) % 700)));
        for (let i = 0; i < 50; i++) go.append(uint8, ...Array(40).fill(i));
        expect(kept.length).toBe(300);
      });
      return [go.hash(), log, go.memstats()];
    };
    const features = ["sizeSpecializedMalloc", "runtimeFreegc", "runtimeSecret", "arenas"];
    const asked = Object.fromEntries(features.map((name) => [name, true])) as BootOptions;
    expect(program(asked)).toEqual(program({}));
  });

  test("[A125] what Go was recorded to leave off is what this heap has no option for", () => {
    const file = join(import.meta.dirname, "../oracle/recordings/facts-1.jsonl");
    const f18 = readFileSync(file, "utf8")
      .split("\n")
      .find((line) => line.startsWith('{"fact":"F18"')) as string;
    const { on, offButKnown } = JSON.parse(f18).values;
    expect(offButKnown).toEqual(["arenas", "runtimefreegc", "runtimesecret", "sizespecializedmalloc"]);
    expect(on).toEqual(["dwarf5", "greenteagc", "randomizedheapbase64", "regabiargs", "regabiwrappers"]);
  });

  test("[A125] TestFreegc: there is no free without a sweep: nothing is freed, and no list of reusable slots is begun, in any span class", () => {
    const w = boot({ procs: 2 });
    const freed = [Ev.sweepSpan, Ev.sweepStart, Ev.freeSpan];
    const log = events(w, () => {
      for (let i = 0; i < 4000; i++) {
        w.m.p = allp(w.m, i % 2);
        noscan(w, i % 5 === 0 ? 3 : 1 + ((i * 131) % 3000));
      }
    });
    expect(log.filter(([kind]) => freed.includes(kind as never))).toEqual([]);
    for (let spc = 0; spc < mcache.numSpanClasses; spc++) {
      for (const i of [0, 1]) expect(mcache.reusableNoscan(w.m, cacheOf(w, i), spc)).toBe(0);
    }
    const { Frees } = readmemstats(w.m); // which flushes the caches
    const tiny = readMetrics(w.m)["/gc/heap/tiny/allocs:objects"];
    expect([Frees, tiny > 0]).toEqual([tiny, true]); // an object that joins a tiny block counts as freed at once
  });
});

describe("the whole heap", () => {
  test.each([8, 16, 48, 128])("a span of %i-byte objects is handed out under a check at every step", (size) => {
    const go = bootProcess({ check: "step" });
    const first = go.make(uint8, size);
    for (let i = 1; i < 200; i++) go.make(uint8, size);
    expect(go.span(first).allocCount).toBeGreaterThan(size === 8 ? 99 : 62);
  });

  test("[A129] 100,000 operations, and every invariant after each", () => {
    let x = 1;
    const random = (n: number) => {
      x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
      return Math.floor((x / 2 ** 32) * n);
    };
    const counts: Record<string, number> = {};
    const did = (what: string) => {
      counts[what] = (counts[what] ?? 0) + 1;
    };
    // Two hundred heaps of 500 operations: a check costs time in proportion to the heap. A heap has few sizes, so that
    // spans become full.
    for (let round = 0; round < 200; round++) {
      const procs = 1 + (round % 3);
      const w = boot({ procs, greentea: round % 4 !== 3, windowBytes: 64 * 2 ** 20 });
      const sizes = Array.from({ length: 5 }, (_, i) => 1 + random(2 ** (3 + ((round + 3 * i) % 13))));
      let live: number[] = [];
      for (let i = 0; i < 500; i++) {
        w.m.p = allp(w.m, random(procs));
        const kind = random(100);
        if (kind < 84) {
          const size = sizes[random(5)];
          live.push(random(3) === 0 ? scan(w, (size + 7) & ~7) : noscan(w, size));
          did("allocations");
        } else if (kind < 90) {
          live = live.filter(() => random(5) !== 0);
          did("drops");
        } else if (kind < 92) {
          startSweep(w, live);
          did("cycles");
        } else if (kind < 98) {
          sweepone(w.m);
          did("sweeps");
        } else if (kind < 99) {
          flushallmcaches(w.m);
          did("flushes");
        } else {
          sweep(w, live);
          scavengeAll(w.m);
          did("whole cycles with everything returned");
        }
        checkInvariants(w.m);
      }
    }
    expect(Object.values(counts).reduce((a, b) => a + b)).toBe(100_000);
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(800);
    expect(Object.keys(counts)).toHaveLength(6);
  }, 600_000);
});
