import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { lock, unlock } from "../../engine/memory/atomics.ts";
import { bufferBytes, Memory, NIL } from "../../engine/memory/memory.ts";
import * as gcc from "../../engine/records/gcController.ts";
import { allp, gcController, memstats, mheap_, spanSetBlockPool } from "../../engine/records/globals.ts";
import * as mcache from "../../engine/records/mcache.ts";
import * as mcentral from "../../engine/records/mcentral.ts";
import { gcMiscSys } from "../../engine/records/memstats.ts";
import * as mheap from "../../engine/records/mheap.ts";
import type { MSpan } from "../../engine/records/mspan.ts";
import * as mspan from "../../engine/records/mspan.ts";
import * as spanset from "../../engine/records/mspanset.ts";
import * as p from "../../engine/records/runtime2.ts";
import { flushallmcaches, prepareForSweep, refill } from "../../engine/runtime/mcache.ts";
import {
  cacheSpan,
  fullSwept,
  fullUnswept,
  partialSwept,
  partialUnswept,
  uncacheSpan,
} from "../../engine/runtime/mcentral.ts";
import { gcBeginCycle, gcEndMarking } from "../../engine/runtime/mgc.ts";
import { mheapAlloc } from "../../engine/runtime/mheap.ts";
import { spanSetPop, spanSetPush, spanSetReset } from "../../engine/runtime/mspanset.ts";
import { readMetrics, readmemstats } from "../../engine/runtime/mstats.ts";
import { stackalloc, stackfree } from "../../engine/runtime/stack.ts";
import { Ev, From } from "../../engine/runtime/trace.ts";
import {
  age,
  boot,
  cachedSpan,
  cacheOf,
  events,
  fillSpan,
  isEmptySpan,
  locks,
  noscan,
  scan,
  slot,
  span,
  startSweep,
  sweep,
  sweepgen,
  type World,
} from "./object-heap.ts";

const spc64 = 13; // 64 bytes, no pointers: 126 slots
const spc4096 = 2 * 44 + 1;

function central(w: World, spc: number): mcentral.MCentral {
  return mheap.central(mheap_(w.m), spc);
}

function inSet(w: World, b: spanset.SpanSet): number {
  return spanset.tail(w.m, b) - spanset.head(w.m, b);
}

function heapLive(w: World): number {
  return gcc.heapLive(w.m, gcController(w.m));
}

/** [source, span] of each span that a run took from a central list. */
function sources(w: World, body: () => void): number[][] {
  return events(w, body)
    .filter((e) => e[0] === Ev.cacheSpan)
    .map((e) => [e[2], e[3]]);
}

describe("spanSet", () => {
  const world = () => boot({ check: "none" });
  const set = (w: World) => mcentral.partial(central(w, 3), 0); // span class 3 is never used by programs

  /** Blocks in the pool. */
  function poolSize(w: World): number {
    let n = 0;
    for (let head = spanset.poolHead(w.m, spanSetBlockPool(w.m)); head !== 0; n++) {
      head = spanset.blockNext(w.m, (head & 0x3fffff) * spanset.tagAlign);
    }
    return n;
  }

  test("[A089] [A135] first in, first out over blocks of 512; used-up blocks and, at a reset, the part-used one are recycled", () => {
    const w = world();
    const b = set(w);
    const index = () => [spanset.head(w.m, b), spanset.tail(w.m, b), spanset.spineLen(w.m, b)];
    for (let i = 1; i <= 600; i++) spanSetPush(w.m, b, 8 * i);
    expect([index(), poolSize(w)]).toEqual([[0, 600, 2], 0]);
    for (let i = 1; i <= 600; i++) expect(spanSetPop(w.m, b)).toBe(8 * i);
    expect([index(), poolSize(w), spanSetPop(w.m, b)]).toEqual([[600, 600, 2], 1, 0]);
    spanSetReset(w.m, b);
    expect([index(), poolSize(w)]).toEqual([[0, 0, 0], 2]);
    const taken = gcMiscSys(w.m, memstats(w.m));
    for (let i = 1; i <= 600; i++) spanSetPush(w.m, b, 8 * i);
    expect([poolSize(w), spanSetPop(w.m, b)]).toEqual([0, 8]);
    expect(gcMiscSys(w.m, memstats(w.m))).toBe(taken); // from the pool: no memory was taken
    expect(() => spanSetReset(w.m, b)).toThrow("attempt to clear non-empty span set");
  });

  test("[A090] a pop finds nothing while the block of its position is not there yet", () => {
    const w = world();
    const b = set(w);
    spanset.setTail(w.m, b, 1); // a pusher that has taken a position and not made its block
    expect(spanSetPop(w.m, b)).toBe(0);
    expect(spanset.head(w.m, b)).toBe(0);
  });

  test("[A089] four threads push and pop 100,000 spans each, and each span comes out once", async () => {
    const w = boot({ windowBytes: 64 * 1024 * 1024 });
    const shared = new SharedArrayBuffer(bufferBytes(w.m.windowBytes));
    new Uint8Array(shared).set(new Uint8Array(w.m.buffer as ArrayBuffer));
    const results = new SharedArrayBuffer(4 * 400_001);
    const set = mcentral.partial(central(w, 3), 0);
    await Promise.all(
      [0, 1, 2, 3].map(
        (thread) =>
          new Promise<void>((resolve, reject) => {
            const worker = new Worker(new URL("./spanset-thread.ts", import.meta.url), {
              workerData: { shared, results, set, thread, count: 100_000, windowBytes: w.m.windowBytes },
            });
            worker.on("error", reject);
            worker.on("exit", () => resolve());
          }),
      ),
    );
    const seen = new Int32Array(results);
    let wrong = 0;
    for (let i = 1; i <= 400_000; i++) if (seen[i] !== 1) wrong++;
    expect(wrong).toBe(0);
    const m = new Memory({ windowBytes: w.m.windowBytes, buffer: shared });
    expect([spanset.head(m, set), spanset.tail(m, set)]).toEqual([400_000, 400_000]);
  });
});

describe("mcentral", () => {
  test("[A084] a span is looked for among swept partial, unswept partial, unswept full ones, then made", () => {
    const w = boot();
    const c = central(w, spc64);
    const take = () => sources(w, () => void cacheSpan(w.m, c));
    expect(take()[0][0]).toBe(From.grow);

    // A span with a free slot, as a flush leaves it.
    const a = span(w, noscan(w, 64));
    flushallmcaches(w.m);
    expect(take()).toEqual([[From.partialSwept, a]]);
    mspan.setSweepgen(w.m, a, sweepgen(w) + 3);
    uncacheSpan(w.m, c, a);

    // Unswept, with room: it is swept, and its dead slot is handed out again.
    gcBeginCycle(w.m);
    gcEndMarking(w.m);
    expect(inSet(w, partialUnswept(c, sweepgen(w)))).toBe(1);
    const log = events(w, () => void expect(cacheSpan(w.m, c)).toBe(a));
    expect(log.map((e) => e[0])).toEqual([Ev.sweepStart, Ev.sweepSpan, Ev.cacheSpan]);
    expect(log[2].slice(1, 4)).toEqual([spc64, From.partialUnswept, a]);
    mspan.setAllocCount(w.m, a, mspan.nelems(w.m, a));
    mspan.setFreeindex(w.m, a, mspan.nelems(w.m, a));
    spanSetPush(w.m, fullSwept(c, sweepgen(w)), a);

    // Unswept and full: the first one that sweeping makes room in; those that stay full go to the swept full ones.
    const full = fillSpan(w, () => noscan(w, 64));
    fillSpan(w, () => noscan(w, 64));
    noscan(w, 64);
    sweep(w, []);
    expect(a).not.toBe(0);
    const w2 = boot();
    const [first, second] = [fillSpan(w2, () => noscan(w2, 64)), fillSpan(w2, () => noscan(w2, 64))];
    flushallmcaches(w2.m);
    startSweep(w2, [...first, ...second.slice(1)]);
    const c2 = central(w2, spc64);
    expect(inSet(w2, fullUnswept(c2, sweepgen(w2)))).toBe(2);
    expect(sources(w2, () => void cacheSpan(w2.m, c2))).toEqual([[From.fullUnswept, span(w2, second[0])]]);
    expect(mspan.freeindex(w2.m, span(w2, second[0]))).toBe(0);
    expect(inSet(w2, fullSwept(c2, sweepgen(w2)))).toBe(1);
    expect(full.length).toBe(126);
  });

  test("[A085] at most 101 spans are looked at, over both unswept sets together", () => {
    const stale = (w: World, b: spanset.SpanSet, n: number) => {
      // Entries of a span that somebody else has swept already: each costs one look.
      const s = mheapAlloc(w.m, 1, spc64);
      for (let i = 0; i < n; i++) spanSetPush(w.m, b, s);
    };
    const looks = (w: World) => {
      const log = events(w, () => void cacheSpan(w.m, central(w, spc64)));
      expect(log.filter((e) => e[0] === Ev.cacheSpan).map((e) => e[2])).toEqual([From.grow]);
      return log.filter((e) => e[0] === Ev.sweepSkip).length;
    };
    const one = boot();
    startSweep(one, []);
    stale(one, partialUnswept(central(one, spc64), sweepgen(one)), 150);
    expect(looks(one)).toBe(101);
    expect(inSet(one, partialUnswept(central(one, spc64), sweepgen(one)))).toBe(49);

    const both = boot();
    startSweep(both, []);
    stale(both, partialUnswept(central(both, spc64), sweepgen(both)), 60);
    stale(both, fullUnswept(central(both, spc64), sweepgen(both)), 60);
    expect(looks(both)).toBe(101);
    expect(inSet(both, fullUnswept(central(both, spc64), sweepgen(both)))).toBe(60 - 41);
  });

  test("[A086] a span that is wholly empty after its sweep is used again, not given back", () => {
    const w = boot();
    const s = span(w, noscan(w, 64));
    flushallmcaches(w.m);
    startSweep(w, []);
    const pagesInUse = mheap.pagesInUse(w.m, mheap_(w.m));
    expect(cacheSpan(w.m, central(w, spc64))).toBe(s);
    expect([mspan.allocCount(w.m, s), mspan.state(w.m, s)]).toEqual([0, mspan.mSpanInUse]);
    expect(mheap.pagesInUse(w.m, mheap_(w.m))).toBe(pagesInUse);
  });

  test("[A087] a span that goes back is swept if it is stale, else queued by whether it has room", () => {
    const w = boot();
    const c = central(w, spc64);
    const s = cachedAfter(w, 1);
    mspan.setAllocCount(w.m, s, 0);
    expect(() => uncacheSpan(w.m, c, s)).toThrow("uncaching span but s.allocCount == 0");
    mspan.setAllocCount(w.m, s, 1);
    flushallmcaches(w.m);
    expect([inSet(w, partialSwept(c, sweepgen(w))), age(w, s)]).toEqual([1, 0]);

    const full = fillSpan(w, () => noscan(w, 64));
    expect(span(w, full[0])).toBe(s);
    flushallmcaches(w.m);
    expect([inSet(w, fullSwept(c, sweepgen(w))), inSet(w, partialSwept(c, sweepgen(w)))]).toEqual([1, 0]);

    // Cached before the sweep began, and nothing in it lives: its pages are free at once.
    const w2 = boot();
    const dead = cachedAfter(w2, 5);
    const log = events(w2, () => startSweep(w2, []));
    expect(log.filter((e) => e[0] === Ev.uncacheSpan).map((e) => e.slice(1, 4))).toEqual([[spc64, dead, 1]]);
    expect([mspan.state(w2.m, dead), mheap.pagesInUse(w2.m, mheap_(w2.m))]).toEqual([mspan.mSpanDead, 0]);
  });

  test("[A088] the sets change roles with sweepgen, and the unswept ones are empty when marking begins", () => {
    const w = boot();
    const live = [...fillSpan(w, () => noscan(w, 64)), noscan(w, 64), noscan(w, 40000)];
    flushallmcaches(w.m);
    const c = central(w, spc64);
    const before = [partialSwept(c, sweepgen(w)), fullSwept(c, sweepgen(w))];
    startSweep(w, live);
    expect([partialUnswept(c, sweepgen(w)), fullUnswept(c, sweepgen(w))]).toEqual(before);
    expect([partialSwept(c, sweepgen(w)), fullSwept(c, sweepgen(w))]).not.toContain(before[0]);
    gcBeginCycle(w.m); // sweeps what is left, as marking must not begin before
    for (let spc = 0; spc < mcache.numSpanClasses; spc++) {
      for (const b of [partialUnswept(central(w, spc), sweepgen(w)), fullUnswept(central(w, spc), sweepgen(w))]) {
        expect([spanset.head(w.m, b), spanset.tail(w.m, b)]).toEqual([0, 0]);
      }
    }
  });

  test("[A092] a large object's span is queued as swept and full at once, and never cached", () => {
    const w = boot();
    const s = span(w, noscan(w, 40000));
    const set = fullSwept(central(w, 1), sweepgen(w));
    expect([inSet(w, set), spanSetPop(w.m, set)]).toEqual([1, s]);
    const t = span(w, scan(w, 40000));
    expect(spanSetPop(w.m, fullSwept(central(w, 0), sweepgen(w)))).toBe(t);
    expect([0, 1].every((spc) => isEmptySpan(w, cachedSpan(w, spc)))).toBe(true);
  });

  function cachedAfter(w: World, n: number): MSpan {
    for (let i = 0; i < n; i++) noscan(w, 64);
    return cachedSpan(w, spc64);
  }
});

describe("mcache", () => {
  test("[A078] each P has one; the first P takes over that of the time before", () => {
    const w = boot({ procs: 2 });
    const a = noscan(w, 64);
    w.m.p = allp(w.m, 1);
    const b = noscan(w, 64);
    expect(span(w, a)).not.toBe(span(w, b));
    expect([slot(w, a), slot(w, b), slot(w, noscan(w, 64))]).toEqual([0, 0, 1]);
    w.m.p = allp(w.m, 0);
    expect([span(w, noscan(w, 64)), slot(w, noscan(w, 64))]).toEqual([span(w, a), 2]);
    expect(p.mcache(w.m, allp(w.m, 0))).not.toBe(p.mcache(w.m, allp(w.m, 1)));
    // mcache0 was the first record of its allocator, and P 0 has it.
    expect(cacheOf(w, 1) - cacheOf(w, 0)).toBe(2296);
  });

  test("[A079] [A081] heapLive grows by the whole free part of a span, and a flush takes back what was not used", () => {
    const w = boot();
    const steps: number[] = [];
    const step = (body: () => void) => {
      const before = heapLive(w);
      body();
      steps.push(heapLive(w) - before);
    };
    step(() => noscan(w, 4000));
    step(() => noscan(w, 4000));
    step(() => noscan(w, 3000));
    step(() => readmemstats(w.m));
    expect(steps).toEqual([8192, 0, 24576, -21504]);
    expect(mspan.spanclass(w.m, span(w, 0))).toBe(spc4096);
    // A span cached before the sweep phase is not counted a second time: heapLive was set anew.
    const x = noscan(w, 3000);
    startSweep(w, [x]);
    expect(heapLive(w)).toBe(3072);
  });

  test("[A080] allocations are counted when the span leaves the cache: not at all within it, all at once then", () => {
    const w = boot();
    const count = () => readMetrics(w.m)["/gc/heap/allocs:objects"];
    const seen = Array.from({ length: 253 }, () => {
      noscan(w, 64);
      return count();
    });
    expect(seen.slice(0, 126)).toEqual(Array(126).fill(0));
    expect(seen.slice(126, 252)).toEqual(Array(126).fill(126));
    expect(seen[252]).toBe(252);
  });

  test("[A082] a flush gives spans back in the order of their classes and clears the tiny block and the stack lists", () => {
    const w = boot();
    noscan(w, 1000);
    scan(w, 24);
    noscan(w, 3);
    const c = cacheOf(w);
    for (const n of [2048, 4096, 8192, 16384]) stackfree(w.m, stackalloc(w.m, n), n);
    expect([...w.m.u8.subarray(mcache.stackcache(c), mcache.stackcache(c) + 64)].some((b) => b !== 0)).toBe(true);
    const log = events(w, () => flushallmcaches(w.m)).filter((e) => e[0] === Ev.uncacheSpan);
    expect(log.map((e) => e[1])).toEqual([5, 6, 65]);
    expect([mcache.tiny(w.m, c), mcache.tinyoffset(w.m, c), mcache.tinyAllocs(w.m, c)]).toEqual([NIL, 0, 0]);
    expect([...w.m.u8.subarray(mcache.stackcache(c), mcache.stackcache(c) + 64)].every((b) => b === 0)).toBe(true);
    for (let spc = 0; spc < mcache.numSpanClasses; spc++) expect(isEmptySpan(w, cachedSpan(w, spc))).toBe(true);
  });

  test("[A083] the cache is flushed once in each sweep phase, before its first allocation there", () => {
    const w = boot({ procs: 2 });
    const c = cacheOf(w);
    noscan(w, 64);
    const flushes = (body: () => void) => events(w, body).filter((e) => e[0] === Ev.uncacheSpan).length;
    expect(mcache.flushGen(w.m, c)).toBe(sweepgen(w));
    expect(flushes(() => prepareForSweep(w.m, c))).toBe(0);
    mcache.setFlushGen(w.m, c, sweepgen(w) - 2);
    expect(flushes(() => prepareForSweep(w.m, c))).toBe(1);
    expect(mcache.flushGen(w.m, c)).toBe(sweepgen(w));
    mcache.setFlushGen(w.m, c, sweepgen(w) - 4);
    expect(() => prepareForSweep(w.m, c)).toThrow("bad flushGen");
    mcache.setFlushGen(w.m, c, sweepgen(w));
    startSweep(w, []); // P 1 does not run: its cache is flushed all the same
    expect([0, 1].map((i) => mcache.flushGen(w.m, cacheOf(w, i)))).toEqual([sweepgen(w), sweepgen(w)]);
  });

  test("a span that is not full must not be replaced", () => {
    const w = boot();
    noscan(w, 64);
    expect(() => refill(w.m, cacheOf(w), spc64)).toThrow("refill of span with free space remaining");
  });
});

describe("locks", () => {
  test("[A094] large objects of up to 15 pages come through the page cache without a lock", () => {
    const w = boot();
    noscan(w, 40000); // makes the heap grow and the set take a block
    noscan(w, 40000); // fills the page cache
    expect(locks(w, () => noscan(w, 40000))).toEqual([]);
    expect(locks(w, () => noscan(w, 131072))).toEqual([mheap.lock(mheap_(w.m))]);
  });

  test("[A127] 100,000 small allocations take a lock only where a span is fetched", () => {
    const w = boot();
    const taken = new Set<boolean>();
    let withLock = 0;
    let refills = 0;
    w.m.trace = { event: (kind) => void (kind === Ev.refill && refills++) };
    for (let i = 0; i < 100_000; i++) {
      w.m.lockLog = [];
      const before = refills;
      noscan(w, 8 + ((i * 7) % 500));
      if (w.m.lockLog.length > 0) {
        withLock++;
        taken.add(refills > before);
      }
    }
    expect([...taken]).toEqual([true]);
    expect(withLock).toBeGreaterThan(0);
    expect(withLock).toBeLessThan(refills);
  });

  test("a lock that is held cannot be taken by the same thread", () => {
    const w = boot();
    const at = mheap.lock(mheap_(w.m));
    lock(w.m, at);
    expect(() => noscan(w, 131072)).toThrow("deadlock");
    unlock(w.m, at);
  });
});

describe("statistics", () => {
  test("[A121] MemStats: its identities, 61 size classes, and tiny objects on both sides", () => {
    const w = boot();
    const before = readmemstats(w.m);
    for (let i = 0; i < 100; i++) noscan(w, 8);
    for (let i = 0; i < 50; i++) noscan(w, 16);
    for (let i = 0; i < 10; i++) scan(w, 8);
    for (let i = 0; i < 3; i++) noscan(w, 20000);
    noscan(w, 32768);
    const after = readmemstats(w.m);
    const d = (f: "Mallocs" | "Frees" | "TotalAlloc" | "HeapObjects") => after[f] - before[f];
    const by = (i: number) => after.BySize[i].Mallocs - before.BySize[i].Mallocs;
    expect([by(1), by(2), d("Mallocs"), d("Frees"), d("TotalAlloc")]).toEqual([10, 100, 164, 50, 95888]);
    expect([after.BySize.length, after.BySize[60].Size, after.BySize[0].Size]).toEqual([61, 18432, 0]);
    const sys = after.HeapSys + after.StackSys + after.MSpanSys + after.MCacheSys + after.BuckHashSys;
    expect(after.Sys).toBe(sys + after.GCSys + after.OtherSys);
    expect(after.HeapSys).toBe(after.HeapInuse + after.HeapIdle);
    expect(after.HeapObjects).toBe(after.Mallocs - after.Frees);
    expect(d("HeapObjects")).toBe(114);
  });

  test("[A122] metrics lag behind MemStats, which flushes", () => {
    const w = boot();
    const count = () => readMetrics(w.m)["/gc/heap/allocs:objects"];
    for (let i = 0; i < 10; i++) noscan(w, 16);
    expect(count()).toBe(0);
    readmemstats(w.m);
    expect(count()).toBe(10);
  });

  test("[A123] allocations by size: 69 boundaries, the last bucket holds every large object", () => {
    const w = boot();
    for (const n of [8, 16, 32761, 32768, 100000]) noscan(w, n);
    readmemstats(w.m);
    const { buckets, counts } = readMetrics(w.m)["/gc/heap/allocs-by-size:bytes"];
    expect([buckets.length, counts.length]).toEqual([69, 68]);
    expect([...buckets.slice(0, 3), ...buckets.slice(-3)]).toEqual([1, 9, 17, 28673, 32769, Number.POSITIVE_INFINITY]);
    expect([counts[0], counts[1], counts[67]]).toEqual([0, 2, 3]);
  });

  test("counters of the consistent statistics keep their sum through any number of reads", () => {
    const w = boot();
    for (let i = 0; i < 7; i++) {
      for (let k = 0; k < 126; k++) noscan(w, 64);
      noscan(w, 64);
      expect(readMetrics(w.m)["/gc/heap/allocs:objects"]).toBe(Math.floor((127 * (i + 1) - 1) / 126) * 126);
    }
  });
});
