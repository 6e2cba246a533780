import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkInvariants } from "../../engine/check/invariants.ts";
import { hashMemory } from "../../engine/observe/hash.ts";
import * as gcc from "../../engine/records/gcController.ts";
import { allp, gcController, mheap_, sweep as sweepdata_ } from "../../engine/records/globals.ts";
import * as mcache from "../../engine/records/mcache.ts";
import * as mheap from "../../engine/records/mheap.ts";
import type { MSpan } from "../../engine/records/mspan.ts";
import * as mspan from "../../engine/records/mspan.ts";
import * as sweepdata from "../../engine/records/sweep.ts";
import { flushallmcaches } from "../../engine/runtime/mcache.ts";
import { cacheSpan, fullSwept, partialSwept } from "../../engine/runtime/mcentral.ts";
import { gcBeginCycle, gcEndMarking } from "../../engine/runtime/mgc.ts";
import { markObject } from "../../engine/runtime/mgcmark.ts";
import {
  activeBegin,
  activeEnd,
  deductSweepCredit,
  gcPaceSweeper,
  isSweepDone,
  nothingToSweep,
  sweepone,
  sweepSpan,
} from "../../engine/runtime/mgcsweep.ts";
import { mheapAlloc } from "../../engine/runtime/mheap.ts";
import { reclaim, reclaimDone } from "../../engine/runtime/mheap_reclaim.ts";
import { spanSetPop } from "../../engine/runtime/mspanset.ts";
import { readMetrics } from "../../engine/runtime/mstats.ts";
import { Ev } from "../../engine/runtime/trace.ts";
import {
  age,
  boot,
  cachedSpan,
  cacheOf,
  events,
  fillSpan,
  noscan,
  scan,
  setBits,
  slot,
  span,
  startSweep,
  sweep,
  sweepgen,
  type World,
} from "./object-heap.ts";

/** Takes a span for sweeping, as tryAcquire does. */
function claim(w: World, s: MSpan): void {
  mspan.setSweepgen(w.m, s, sweepgen(w) - 1);
}

describe("the sweep of one span", () => {
  test("[A037] sweepgen: 3, 1, -1, 0 for a span that is cached when the cycle begins; -2, -1, 0 for one that is not", () => {
    const w = boot();
    const uncached = noscan(w, 64);
    flushallmcaches(w.m);
    const cached = noscan(w, 128);
    const [a, b] = [span(w, uncached), span(w, cached)];
    gcEndMarkingOnly(w, [uncached, cached], (seen) => {
      expect(seen.get(b)).toEqual([3, 1, -1, 0]);
      expect(seen.get(a)).toEqual([0, -2, -1, 0]);
    });

    function gcEndMarkingOnly(w: World, live: number[], verify: (seen: Map<MSpan, number[]>) => void): void {
      const seen = new Map<MSpan, number[]>([
        [a, [age(w, a)]],
        [b, [age(w, b)]],
      ]);
      const look = () => {
        for (const [s, ages] of seen) if (ages[ages.length - 1] !== age(w, s)) ages.push(age(w, s));
      };
      gcBeginCycle(w.m);
      for (const x of live) markObject(w.m, x);
      w.m.trace = { event: look };
      gcEndMarking(w.m);
      look();
      while (sweepone(w.m) !== nothingToSweep) look();
      w.m.trace = null;
      verify(seen);
    }
  });

  test("[A098] marks become allocation bits; count, cursor, cache and needzero follow", () => {
    const w = boot();
    const objects = Array.from({ length: 8 }, () => noscan(w, 1024));
    const s = span(w, objects[0]);
    flushallmcaches(w.m);
    mspan.setNeedzero(w.m, s, 0);
    gcBeginCycle(w.m);
    markObject(w.m, objects[1]);
    markObject(w.m, objects[4]);
    const marks = mspan.gcmarkBits(w.m, s);
    gcEndMarking(w.m);
    while (sweepone(w.m) !== nothingToSweep);
    expect([mspan.allocCount(w.m, s), mspan.freeindex(w.m, s), mspan.freeIndexForScan(w.m, s)]).toEqual([2, 0, 0]);
    expect([mspan.allocBits(w.m, s), setBits(w, marks, 64)]).toEqual([marks, [1, 4]]);
    expect(mspan.gcmarkBits(w.m, s)).not.toBe(marks);
    expect(setBits(w, mspan.gcmarkBits(w.m, s), 64)).toEqual([]);
    expect([mspan.allocCacheLo(w.m, s), mspan.allocCacheHi(w.m, s)]).toEqual([~0b10010, ~0]);
    expect([mspan.needzero(w.m, s), age(w, s)]).toEqual([1, 0]);
    expect([0, 1, 2].map(() => slot(w, noscan(w, 1024)))).toEqual([0, 2, 3]);
  });

  test("[A047] needzero is set by a sweep that frees something, and only by it", () => {
    const w = boot();
    const [a, b] = [noscan(w, 64), noscan(w, 64)];
    const s = span(w, a);
    sweep(w, [a, b]);
    expect(mspan.needzero(w.m, s)).toBe(0);
    flushallmcaches(w.m);
    startSweep(w, [a]);
    expect(cacheSpan(w.m, mheap.central(mheap_(w.m), 13))).toBe(s); // swept for its taker: preserve
    expect([mspan.needzero(w.m, s), mspan.allocCount(w.m, s)]).toEqual([1, 1]);
  });

  test("[A062] inline marks are merged into the bitmap and cleared; the class byte stays", () => {
    const w = boot();
    const objects = Array.from({ length: 70 }, () => noscan(w, 16));
    const s = span(w, objects[0]);
    const inline = mspan.startAddr(w.m, s) + 8064;
    gcBeginCycle(w.m);
    for (const i of [0, 62, 63, 64]) w.m.u8[inline + 64 + (i >> 3)] |= 1 << (i & 7);
    w.m.u8[inline] = 1; // a scan bit
    expect(setBits(w, mspan.gcmarkBits(w.m, s), 504)).toEqual([]);
    gcEndMarking(w.m);
    while (sweepone(w.m) !== nothingToSweep);
    expect(setBits(w, mspan.allocBits(w.m, s), 504)).toEqual([0, 62, 63, 64]);
    expect([...w.m.u8.subarray(inline, inline + 127)].every((b) => b === 0)).toBe(true);
    expect(w.m.u8[inline + 127]).toBe(mspan.spanclass(w.m, s));
  });

  test("[A062] all 504 slots of 16 bytes can be marked, though the last word of marks ends in the class", () => {
    const w = boot();
    const objects = fillSpan(w, () => noscan(w, 16));
    expect(objects).toHaveLength(504);
    sweep(w, objects.slice(400));
    const s = span(w, objects[0]);
    expect(mspan.allocCount(w.m, s)).toBe(104);
    expect(setBits(w, mspan.allocBits(w.m, s), 512)).toEqual(Array.from({ length: 104 }, (_, i) => 400 + i));
  });

  test("[A099] an empty span is given back unless its taker keeps it; a dead large object is, a live one is queued", () => {
    const w = boot();
    const small = (preserve: boolean) => {
      const s = span(w, noscan(w, 64));
      flushallmcaches(w.m);
      spanSetPop(w.m, sets(w, 13));
      claim(w, s);
      const freed = sweepSpan(w.m, s, preserve);
      return [freed, mspan.state(w.m, s), mspan.allocCount(w.m, s)];
    };
    expect(small(true)).toEqual([false, mspan.mSpanInUse, 0]);
    expect(small(false)).toEqual([true, mspan.mSpanDead, 0]);

    const frees = () => readMetrics(w.m)["/gc/heap/frees:bytes"];
    const before = frees();
    const dead = span(w, noscan(w, 40000));
    const x = noscan(w, 50000);
    sweep(w, [x]);
    expect(mspan.state(w.m, dead)).toBe(mspan.mSpanDead);
    expect(frees() - before).toBe(40960);
    expect(spanSetPop(w.m, fullSwept(mheap.central(mheap_(w.m), 1), sweepgen(w)))).toBe(span(w, x));
  });

  test("[A100] a mark on a slot that holds no object is an error", () => {
    const w = boot();
    const x = noscan(w, 64);
    const s = span(w, x);
    gcBeginCycle(w.m);
    markObject(w.m, x);
    markObject(w.m, x + 5 * 64); // a pointer past what was handed out
    expect(() => gcEndMarking(w.m)).toThrow("found pointer to free object");
    const w2 = boot();
    const objects = Array.from({ length: 20 }, () => noscan(w2, 64));
    sweep(w2, objects.slice(0, 10));
    gcBeginCycle(w2.m);
    expect(() => {
      markObject(w2.m, objects[15]); // freed in the cycle before
      gcEndMarking(w2.m);
      while (sweepone(w2.m) !== nothingToSweep);
    }).toThrow("found pointer to free object");
    expect(s).not.toBe(0);
  });

  test("an address that no object can have cannot be marked", () => {
    const w = boot();
    expect(() => markObject(w.m, 8192 * 300)).toThrow("found bad pointer in Go heap");
  });
});

function sets(w: World, spc: number) {
  return partialSwept(mheap.central(mheap_(w.m), spc), sweepgen(w));
}

describe("the sweep of the heap", () => {
  test("[A097] sweepone: span classes in ascending order, of each the full ones first", () => {
    const w = boot();
    const keep: number[] = [];
    const full = (alloc: () => number) => {
      const objects = fillSpan(w, alloc);
      keep.push(...objects);
      return span(w, objects[0]);
    };
    const partial = (alloc: () => number) => {
      const x = alloc();
      keep.push(x);
      return span(w, x);
    };
    const f5 = full(() => noscan(w, 16));
    const p5 = partial(() => noscan(w, 16));
    const p4 = partial(() => scan(w, 16));
    const f9 = full(() => noscan(w, 32));
    flushallmcaches(w.m);
    const order: number[] = [];
    gcBeginCycle(w.m);
    for (const x of keep) markObject(w.m, x);
    gcEndMarking(w.m);
    const index: number[] = [];
    for (;;) {
      const log = events(w, () => void sweepone(w.m)).filter((e) => e[0] === Ev.sweepStart);
      if (log.length === 0) break;
      order.push(log[0][1]);
      index.push(sweepdata.centralIndex(w.m, sweepdata_(w.m)));
    }
    expect(order).toEqual([p4, f5, p5, f9]);
    expect(index).toEqual([9, 10, 11, 18]);
    expect([isSweepDone(w.m), sweepone(w.m)]).toEqual([true, -1]);
    expect(sweepdata.centralIndex(w.m, sweepdata_(w.m))).toBe(2 ** 32 - 1);
  });

  test("a freed span's pages are returned by sweepone and become credit", () => {
    const w = boot();
    noscan(w, 20000); // 5 pages hold two slots of 20480
    flushallmcaches(w.m);
    startSweep(w, []);
    expect(sweepone(w.m)).toBe(5);
    expect(mheap.reclaimCredit(w.m, mheap_(w.m))).toBe(5);
    expect(sweepone(w.m)).toBe(-1);
  });

  test("[A101] [A138] reclaim: credit first, then pieces of 512 pages; what is freed beyond the need is credit", () => {
    const w = boot();
    const h = mheap_(w.m);
    const objects = Array.from({ length: 10 }, () => noscan(w, 40000)); // 5 pages each
    flushallmcaches(w.m);
    startSweep(w, [objects[0]]);
    mheap.addReclaimCredit(w.m, h, 3);
    const log: number[] = [];
    w.m.lockLog = log;
    reclaim(w.m, 5);
    w.m.lockLog = null;
    // 3 of credit, then piece 0: nine dead objects of 5 pages each, for 2 pages.
    expect([mheap.reclaimIndex(w.m, h), mheap.reclaimCredit(w.m, h)]).toEqual([512, 45 - 2]);
    expect(log.filter((l) => l === mheap.lock(h)).length).toBe(1 + 2 * 9); // taken anew after each span and by its freeing
    expect(mspan.state(w.m, span(w, objects[0]))).toBe(mspan.mSpanInUse);
    reclaim(w.m, 1000);
    expect([mheap.reclaimIndex(w.m, h), mheap.reclaimCredit(w.m, h)]).toEqual([reclaimDone, 0]);
    mheap.addReclaimCredit(w.m, h, 7);
    reclaim(w.m, 5); // nothing is done any more
    expect(mheap.reclaimCredit(w.m, h)).toBe(7);
    while (sweepone(w.m) !== nothingToSweep);
    checkInvariants(w.m);
  });

  test("a span is allocated during a sweep only after as many pages were swept free", () => {
    const w = boot();
    for (let i = 0; i < 4; i++) noscan(w, 40000);
    flushallmcaches(w.m);
    startSweep(w, []);
    expect(isSweepDone(w.m)).toBe(false);
    const log = events(w, () => void noscan(w, 40000)).map((e) => e[0]);
    expect(log.indexOf(Ev.sweepSpan)).toBeGreaterThanOrEqual(0);
    expect(log.indexOf(Ev.sweepSpan)).toBeLessThan(log.indexOf(Ev.allocSpan));
  });

  test("[A136] the sweep is not done while a sweeper holds a token, and a phase begins with everything reset", () => {
    const w = boot();
    noscan(w, 64);
    startSweep(w, []);
    const h = mheap_(w.m);
    expect([mheap.pagesSwept(w.m, h), mheap.reclaimIndex(w.m, h), mheap.reclaimCredit(w.m, h)]).toEqual([1, 0, 0]);
    expect([mheap.sweepArenasLen(w.m, h), sweepdata.centralIndex(w.m, sweepdata_(w.m))]).toEqual([1, 0]);
    expect(activeBegin(w.m)).toBe(true);
    while (sweepone(w.m) !== nothingToSweep);
    expect(isSweepDone(w.m)).toBe(false);
    activeEnd(w.m, sweepgen(w));
    expect(isSweepDone(w.m)).toBe(true);
    expect(activeBegin(w.m)).toBe(false);
    expect(() => activeEnd(w.m, sweepgen(w))).toThrow("mismatched begin/end of activeSweep");
  });

  test("[A096] [A137] the ratio: pages left over bytes left, with 1 MiB of margin and never less than a page", () => {
    const w = boot();
    const h = mheap_(w.m);
    startSweep(w, []);
    const set = (live: number, inUse: number, swept: number, trigger: number) => {
      gcc.setHeapLive(w.m, gcController(w.m), live);
      mheap.setPagesInUse(w.m, h, inUse);
      mheap.setPagesSwept(w.m, h, swept);
      gcPaceSweeper(w.m, trigger);
      return mheap.sweepPagesPerByte(w.m, h);
    };
    expect(set(41258856, 7906, 0, 70382316)).toBe(7906 / (70382316 - 41258856 - 1048576));
    expect(set(41258856, 100, 10, 41258856 + 1048576 + 8191)).toBe(90 / 8192);
    expect([mheap.sweepHeapLiveBasis(w.m, h), mheap.pagesSweptBasis(w.m, h)]).toEqual([41258856, 10]);
    expect(set(50000000, 10, 10, 70382316)).toBe(0);
    expect([mheap.sweepHeapLiveBasis(w.m, h), mheap.pagesSweptBasis(w.m, h)]).toEqual([41258856, 10]); // as they were
  });

  test("[A095] who allocates sweeps first, up to the line that the ratio draws, less what it will sweep itself", () => {
    const w = boot();
    const h = mheap_(w.m);
    const keep: number[] = [];
    for (let i = 0; i < 40; i++) keep.push(...fillSpan(w, () => noscan(w, 4096)));
    flushallmcaches(w.m);
    startSweep(w, keep);
    const basis = gcc.heapLive(w.m, gcController(w.m));
    mheap.setSweepPagesPerByte(w.m, h, 1 / 8192);
    mheap.setSweepHeapLiveBasis(w.m, h, basis);
    mheap.setPagesSweptBasis(w.m, h, mheap.pagesSwept(w.m, h));
    const sweptBy = (bytes: number, own: number) => {
      const before = mheap.pagesSwept(w.m, h);
      deductSweepCredit(w.m, bytes, own);
      return mheap.pagesSwept(w.m, h) - before;
    };
    expect([sweptBy(8192, 0), sweptBy(8192, 0), sweptBy(3 * 8192 - 1, 0), sweptBy(5 * 8192, 2)]).toEqual([1, 0, 1, 1]);
    gcc.addHeapLive(w.m, gcController(w.m), 10 * 8192);
    expect(sweptBy(8192, 0)).toBe(11 - 3);
    expect(sweptBy(100 * 8192, 0)).toBe(40 - 11);
    expect(mheap.sweepPagesPerByte(w.m, h)).toBe(0); // nothing is left: no debt any more
  });
});

describe("the whole heap", () => {
  /** One random operation: allocate, drop, sweep wholly or span by span, flush. */
  const operation = fc.oneof(
    {
      weight: 20,
      arbitrary: fc.record({
        op: fc.constant("new" as const),
        size: fc.oneof(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 60000 })),
        scan: fc.boolean(),
      }),
    },
    { weight: 6, arbitrary: fc.record({ op: fc.constant("drop" as const), at: fc.nat() }) },
    { weight: 2, arbitrary: fc.record({ op: fc.constant("start" as const) }) },
    { weight: 6, arbitrary: fc.record({ op: fc.constant("one" as const) }) },
    { weight: 1, arbitrary: fc.record({ op: fc.constant("flush" as const) }) },
    { weight: 2, arbitrary: fc.record({ op: fc.constant("proc" as const), at: fc.nat({ max: 1 }) }) },
  );

  test("[A129] [A049] [A035] [A040] law: after any operation every invariant holds, and no two live objects overlap", () => {
    fc.assert(
      fc.property(fc.array(operation, { minLength: 1, maxLength: 120 }), fc.boolean(), (ops, greentea) => {
        const w = boot({ procs: 2, greentea });
        let live: { off: number; size: number; fill: number }[] = [];
        let fill = 1;
        for (const o of ops) {
          if (o.op === "new") {
            const size = o.scan ? (o.size + 7) & ~7 : o.size;
            const off = o.scan ? scan(w, size) : noscan(w, size);
            for (const x of live)
              if (off < x.off + x.size && x.off < off + size) expect.fail("two live objects overlap");
            expect(w.m.u8.subarray(off, off + size).every((b) => b === 0)).toBe(true);
            fill = (fill % 250) + 1;
            w.m.u8.fill(fill, off, off + size);
            live.push({ off, size, fill });
          } else if (o.op === "drop") {
            live.splice(o.at % (live.length + 1), 3);
          } else if (o.op === "start") {
            startSweep(
              w,
              live.map((x) => x.off),
            );
          } else if (o.op === "one") {
            sweepone(w.m);
          } else if (o.op === "flush") {
            flushallmcaches(w.m);
          } else {
            w.m.p = allp(w.m, o.at);
          }
          checkInvariants(w.m);
        }
        for (const x of live) expect(w.m.u8.subarray(x.off, x.off + x.size).every((b) => b === x.fill)).toBe(true);
        live = [];
      }),
      { numRuns: 25 },
    );
  });

  test.each([1, 2, 8])("[A128] the same operations leave the same bytes, with %i Ps", (procs) => {
    const run = () => {
      const w = boot({ procs, check: "none", windowBytes: 64 * 1024 * 1024 });
      const live: number[] = [];
      let x = 12345;
      const random = (n: number) => {
        x = (Math.imul(x, 1103515245) + 12345) & 0x7fffffff;
        return (x >>> 8) % n;
      };
      for (let i = 0; i < 100_000; i++) {
        w.m.p = allp(w.m, random(procs));
        const size = 1 + random(400);
        live.push(random(3) === 0 ? scan(w, (size + 7) & ~7) : noscan(w, size));
        if (live.length > 2000) live.splice(random(1500), 400);
        if (i % 20_000 === 19_999) sweep(w, live);
      }
      return [hashMemory(w.m), mheap.pagesInUse(w.m, mheap_(w.m)), live.length];
    };
    const first = run();
    expect(run()).toEqual(first);
  });

  test("[A125] what Go leaves off is off: no reuse lists, no objects freed but by sweeping", () => {
    const w = boot();
    const x = noscan(w, 64);
    for (let i = 0; i < 1000; i++) noscan(w, 64);
    const c = cachedSpan(w, 13);
    for (let spc = 0; spc < mcache.numSpanClasses; spc++) {
      expect(mcache.reusableNoscan(w.m, cacheOf(w), spc)).toBe(0);
    }
    const frees = readMetrics(w.m)["/gc/heap/frees:objects"];
    flushallmcaches(w.m);
    expect([frees, readMetrics(w.m)["/gc/heap/frees:objects"]]).toEqual([0, 0]);
    expect(mspan.state(w.m, span(w, x))).toBe(mspan.mSpanInUse);
    expect(mspan.state(w.m, c)).toBe(mspan.mSpanInUse);
    expect(mspan.freeindex(w.m, mheapAlloc(w.m, 1, 13))).toBe(0);
  });
});
