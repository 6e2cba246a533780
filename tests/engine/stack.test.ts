/** Stacks: where they come from, how they grow and shrink, what becomes of them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkInvariants } from "../../engine/check/invariants.ts";
import { loadPointer, storePointer } from "../../engine/memory/address.ts";
import { NIL } from "../../engine/memory/memory.ts";
import * as g from "../../engine/records/g.ts";
import { allp, mheap_, sched, setGcphase, stackLarge, stackpool } from "../../engine/records/globals.ts";
import * as gsched from "../../engine/records/gsched.ts";
import * as mheap from "../../engine/records/mheap.ts";
import * as mspan from "../../engine/records/mspan.ts";
import * as p from "../../engine/records/runtime2.ts";
import * as rec from "../../engine/records/stack.ts";
import { ret } from "../../engine/runtime/asm_amd64.ts";
import { flushallmcaches } from "../../engine/runtime/mcache.ts";
import { spanOf } from "../../engine/runtime/mheap.ts";
import { readMetrics, readmemstats } from "../../engine/runtime/mstats.ts";
import { freeStackSpans, round2, shrinkstack, stackalloc, stackfree, stacklog2 } from "../../engine/runtime/stack.ts";
import { Ev } from "../../engine/runtime/trace.ts";
import { callFn, exit, fn, park, plainFn, stackOf, start } from "./goroutines.ts";
import { boot, cacheOf, events, startSweep, sweep, type World } from "./object-heap.ts";

const KiB = 1024;

/** Bytes in each list of a P. */
function cached(w: World, i = 0): number[] {
  return [0, 1, 2, 3].map((order) => rec.size(w.m, rec.stackfreelist(cacheOf(w, i), order)));
}

function poolSpans(w: World, order: number): mspan.MSpan[] {
  const spans: mspan.MSpan[] = [];
  for (let s = rec.first(w.m, rec.span(stackpool(w.m, order))); s !== 0; s = mspan.next(w.m, s)) spans.push(s);
  return spans;
}

function largeSpans(w: World, i: number): number {
  let n = 0;
  for (let s = rec.first(w.m, rec.free(stackLarge(w.m), i)); s !== 0; s = mspan.next(w.m, s)) n++;
  return n;
}

function manualSpans(w: World): number[] {
  const h = mheap_(w.m);
  const list = (mheap.allspans(w.m, h) as number) >> 2;
  const spans = Array.from({ length: mheap.allspansLen(w.m, h) }, (_, i) => w.m.i32[list + 2 * i]);
  return spans.filter((s) => mspan.state(w.m, s) === mspan.mSpanManual).map((s) => mspan.npages(w.m, s));
}

/** Takes the P away: stacks then come from the pool itself. */
function withoutP<T>(w: World, body: () => T): T {
  const pp = w.m.p;
  w.m.p = 0;
  try {
    return body();
  } finally {
    w.m.p = pp;
  }
}

describe("small stacks", () => {
  test.each([
    [2 * KiB, 8],
    [4 * KiB, 4],
    [8 * KiB, 2],
    [16 * KiB, 1],
  ])("[A111] the first of %i bytes fills the P's list with 16 KiB: %i stacks", (n, count) => {
    const w = boot();
    stackalloc(w.m, n);
    const order = Math.log2(n / 2048);
    expect(cached(w)[order]).toBe((count - 1) * n);
    const [s] = poolSpans(w, order);
    expect([mspan.npages(w.m, s), mspan.elemsize(w.m, s), mspan.allocCount(w.m, s)]).toEqual([4, n, count]);
    expect([mspan.nelems(w.m, s), mspan.state(w.m, s)]).toEqual([0, mspan.mSpanManual]);
  });

  test("[A111] a list of 32 KiB is halved before it takes the 17th", () => {
    const w = boot();
    const stacks = Array.from({ length: 32 }, () => stackalloc(w.m, 2 * KiB));
    expect(cached(w)).toEqual([0, 0, 0, 0]);
    for (const lo of stacks.slice(0, 16)) stackfree(w.m, lo, 2 * KiB);
    expect(cached(w)[0]).toBe(32 * KiB);
    stackfree(w.m, stacks[16], 2 * KiB);
    expect(cached(w)[0]).toBe(9 * 2 * KiB); // 8 were left, and this one
  });

  test("[A111] order and span of the pool: whoever has no P takes from the pool directly", () => {
    const w = boot();
    const lo = withoutP(w, () => stackalloc(w.m, 4 * KiB));
    expect(cached(w)).toEqual([0, 0, 0, 0]);
    expect(mspan.allocCount(w.m, spanOf(w.m, lo))).toBe(1);
    withoutP(w, () => stackfree(w.m, lo, 4 * KiB));
    expect(poolSpans(w, 1)).toEqual([]);
  });

  /** Recorded with go 1.26.8: forty goroutines started one after another, GOMAXPROCS=1, no collection. */
  test("[A112] fresh goroutines lie ascending in groups of eight, the upper half of a span before its lower half", () => {
    const w = boot();
    const f = plainFn(w, 16);
    const los = Array.from({ length: 40 }, () => {
      const gp = start(w, f);
      park(w, gp);
      return stackOf(w, gp).lo;
    });
    for (let group = 0; group < 5; group++) {
      const base = mspan.startAddr(w.m, spanOf(w.m, los[8 * group]));
      const half = group % 2 === 0 ? 0x4000 : 0;
      const wanted = Array.from({ length: 8 }, (_, i) => base + half + 0x800 * i);
      expect(los.slice(8 * group, 8 * group + 8)).toEqual(wanted);
    }
    expect(spanOf(w.m, los[0])).toBe(spanOf(w.m, los[8]));
    expect(mspan.allocCount(w.m, spanOf(w.m, los[0]))).toBe(16);
  });

  test("[A113] the last stack of a span gives its pages back at once, but not while marking goes on", () => {
    const w = boot();
    const lo = withoutP(w, () => stackalloc(w.m, 8 * KiB));
    withoutP(w, () => stackfree(w.m, lo, 8 * KiB));
    expect(manualSpans(w)).toEqual([]);

    const again = withoutP(w, () => stackalloc(w.m, 8 * KiB));
    setGcphase(w.m, 1);
    withoutP(w, () => stackfree(w.m, again, 8 * KiB));
    expect(manualSpans(w)).toEqual([4]);
    expect(mspan.allocCount(w.m, spanOf(w.m, again))).toBe(0);
    setGcphase(w.m, 0);
    freeStackSpans(w.m);
    expect(manualSpans(w)).toEqual([]);
    checkInvariants(w.m);
  });

  test("[A155] the pool uses its first span; a freed stack goes to the front of its own span's list", () => {
    const w = boot();
    const take = (n: number) => withoutP(w, () => Array.from({ length: n }, () => stackalloc(w.m, 2 * KiB)));
    const a = take(16);
    const b = take(16);
    expect(poolSpans(w, 0)).toEqual([]); // both are fully used
    for (const lo of [a[0], b[0], b[1]]) withoutP(w, () => stackfree(w.m, lo, 2 * KiB));
    expect(take(3)).toEqual([b[1], b[0], a[0]]);
    expect(poolSpans(w, 0)).toEqual([]);
  });

  test("TestStackCache: a flush gives all lists back, head first, and the pool's spans with them", () => {
    const w = boot({ procs: 2 });
    for (const n of [2, 4, 8, 16]) stackfree(w.m, stackalloc(w.m, n * KiB), n * KiB);
    expect(cached(w)).toEqual([16 * KiB, 16 * KiB, 16 * KiB, 16 * KiB]);
    expect(readMetrics(w.m)["/memory/classes/heap/stacks:bytes"]).toBe(4 * 32 * KiB);
    flushallmcaches(w.m);
    expect([...cached(w), ...cached(w, 1)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect(manualSpans(w)).toEqual([]);
    expect(readMetrics(w.m)["/memory/classes/heap/stacks:bytes"]).toBe(0);
  });

  test("a stack must be a power of two, and come from a span of stacks", () => {
    const w = boot();
    expect(() => stackalloc(w.m, 3000)).toThrow("stack size not a power of 2");
    expect(() => stackfree(w.m, 0, 3000)).toThrow("stack not a power of 2");
    sweep(w, []);
    const gp = start(w, plainFn(w, 16)); // an object of the heap
    expect(() => withoutP(w, () => stackfree(w.m, gp, 2048))).toThrow("freeing stack not in a stack span");
    expect(() => stackfree(w.m, gp, 65536)).toThrow("bad span state");
  });
});

describe("large stacks", () => {
  test.each([
    [0, 0],
    [1, 1],
    [4, 3],
    [8, 4],
  ])("stacklog2 of %i pages is %i: the length of the number, one more than its logarithm", (n, want) => {
    expect(stacklog2(n)).toBe(want);
  });

  test("[A114] they are spans of their own; freed while marking they wait in stackLarge and are used again", () => {
    const w = boot();
    const lo = stackalloc(w.m, 64 * KiB);
    expect(manualSpans(w)).toEqual([8]);
    stackfree(w.m, lo, 64 * KiB);
    expect(manualSpans(w)).toEqual([]);

    const other = stackalloc(w.m, 64 * KiB);
    setGcphase(w.m, 1);
    stackfree(w.m, other, 64 * KiB);
    expect([largeSpans(w, 4), manualSpans(w)]).toEqual([1, [8]]);
    expect(stackalloc(w.m, 64 * KiB)).toBe(other);
    expect(largeSpans(w, 4)).toBe(0);
    stackfree(w.m, other, 64 * KiB);
    stackfree(w.m, stackalloc(w.m, 32 * KiB), 32 * KiB);
    setGcphase(w.m, 0);
    freeStackSpans(w.m);
    expect([largeSpans(w, 4), largeSpans(w, 3), manualSpans(w)]).toEqual([0, 0, []]);
  });
});

describe("growing", () => {
  test("[A115] a stack is doubled, and doubled on until the function that asks has room", () => {
    const w = boot();
    const gp = start(w, plainFn(w, 16));
    expect(stackOf(w, gp).size).toBe(2048);
    callFn(w, gp, plainFn(w, 5000 - 8));
    expect(stackOf(w, gp).size).toBe(8192);
    const other = start(w, plainFn(w, 16));
    callFn(w, other, plainFn(w, 1200));
    expect(stackOf(w, other).size).toBe(4096);
  });

  test("[A115] a call grows the stack only if its frame would come below the guard, less 128 bytes for small ones", () => {
    const w = boot();
    const used = stackOf(w, start(w, plainFn(w, 16))).used; // 32 spare, the return address, a frame of 24
    expect(used).toBe(64);
    const room = 2048 - used - 8 - 928; // down to the guard, below the return address
    for (const [frame, size] of [
      [room + 128 - 8, 2048],
      [room + 128, 4096],
    ]) {
      const gp = start(w, plainFn(w, 16));
      callFn(w, gp, plainFn(w, frame - 8));
      expect(stackOf(w, gp).size).toBe(size);
    }
  });

  test("[A115] more than a gigabyte is Go's throw", () => {
    const w = boot();
    gsched.setMaxstacksize(w.m, sched(w.m), 4096);
    const gp = start(w, plainFn(w, 16));
    callFn(w, gp, plainFn(w, 1200));
    expect(() => callFn(w, gp, plainFn(w, 2000))).toThrow("stack overflow");
  });

  test("[A154] the new stack is allocated before the old one is freed", () => {
    const w = boot();
    const gp = start(w, plainFn(w, 16));
    const f = plainFn(w, 1200);
    const { lo, used } = stackOf(w, gp);
    const kinds = new Set<number>([Ev.stackalloc, Ev.stackfree, Ev.copystack, Ev.allocSpan]);
    const log = events(w, () => callFn(w, gp, f)).filter((e) => kinds.has(e[0]));
    const now = stackOf(w, gp).lo;
    expect(log.map((e) => e.slice(0, 4))).toEqual([
      [Ev.allocSpan, mspan.startAddr(w.m, spanOf(w.m, now)), 4, expect.any(Number)], // the list was empty
      [Ev.stackalloc, now, 4096, 0],
      [Ev.copystack, lo, now, used + 8], // with the return address
      [Ev.stackfree, lo, 2048, 0],
    ]);
    expect(cached(w)).toEqual([8 * 2048, 3 * 4096, 0, 0]);
    expect(stackalloc(w.m, 2048)).toBe(lo); // the last freed is the next
  });

  test("[A154] TestStackGrowth: pointers into the stack move with it; numbers and pointers elsewhere stay", () => {
    const w = boot();
    const gp = start(w, fn(w, "p-p")); // a pointer, a number, a pointer
    const first = g.schedSp(w.m, gp);
    storePointer(w.m, first, first + 16); // to its own third word
    storePointer(w.m, first + 8, first + 16); // a number that looks the same
    storePointer(w.m, first + 16, gp); // into the heap
    callFn(w, gp, fn(w, "p"));
    const second = g.schedSp(w.m, gp);
    storePointer(w.m, second, first); // into the caller's frame
    const before = stackOf(w, gp);
    callFn(w, gp, plainFn(w, 40_000));
    const delta = stackOf(w, gp).hi - before.hi;
    expect(delta).not.toBe(0);
    expect(stackOf(w, gp).size).toBe(65536);
    expect([0, 8, 16].map((i) => loadPointer(w.m, first + delta + i))).toEqual([first + delta + 16, first + 16, gp]);
    expect(loadPointer(w.m, second + delta)).toBe(first + delta);
    expect(g.stackguard0(w.m, gp)).toBe(stackOf(w, gp).lo + 928);

    // Returning finds every frame where it is now.
    ret(w.m, gp);
    expect(g.schedSp(w.m, gp)).toBe(second + delta);
    ret(w.m, gp);
    expect(g.schedSp(w.m, gp)).toBe(first + delta);
    ret(w.m, gp);
    expect([g.schedSp(w.m, gp), g.schedBp(w.m, gp)]).toEqual([g.stktopsp(w.m, gp), NIL]);
  });

  test("law: however calls and returns follow each other, each local keeps its value and each pointer its target", () => {
    const w = boot();
    const fns = [fn(w, "p-"), fn(w, `p-${"-".repeat(60)}`), fn(w, `p-${"-".repeat(700)}`)];
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1, max: 2 }), { maxLength: 60 }), (steps) => {
        const gp = start(w, fns[0]);
        const frames = [frameOf(w, gp, 0)];
        mark(w, gp, frames.length, 0);
        for (const step of steps) {
          if (step < 0) {
            if (frames.length === 1) continue;
            frames.pop();
            ret(w.m, gp);
          } else {
            callFn(w, gp, fns[step]);
            frames.push(frameOf(w, gp, step));
            mark(w, gp, frames.length, frames.length > 1 ? frames[frames.length - 2] : 0);
          }
          const { hi } = stackOf(w, gp);
          frames.forEach((depth, i) => {
            expect(w.m.i32[(hi - depth + 8) >> 2]).toBe(i + 1);
            if (i > 0) expect(loadPointer(w.m, hi - depth)).toBe(hi - frames[i - 1]);
          });
        }
        exit(w, gp);
      }),
      { numRuns: 60 },
    );
    checkInvariants(w.m);
  });

  /** Distance of the lowest local from the stack's high end, which moving does not change. */
  function frameOf(w: World, gp: g.G, _f: number): number {
    return stackOf(w, gp).used;
  }

  /** First word: pointer to the caller's first local; second: a number. */
  function mark(w: World, gp: g.G, n: number, caller: number): void {
    const sp = g.schedSp(w.m, gp);
    storePointer(w.m, sp, caller === 0 ? NIL : stackOf(w, gp).hi - caller);
    w.m.i32[(sp + 8) >> 2] = n;
  }
});

describe("shrinking", () => {
  /** A goroutine that has come back from a deep call: a large stack, little of it in use. */
  function deep(w: World, frame: number, locals: number): g.G {
    const gp = start(w, plainFn(w, locals));
    callFn(w, gp, plainFn(w, frame));
    ret(w.m, gp);
    park(w, gp);
    return gp;
  }

  test.each([
    // used = 32 + 8 + frame; 8192 shrinks if used + 800 < 2048
    ["just less than a quarter with the reserve of 800", 1248 - 48 - 8, 4096],
    ["a quarter", 1248 - 48, 8192],
  ])("[A115] %s", (_name, locals, want) => {
    const w = boot();
    const gp = deep(w, 5000, locals);
    expect(stackOf(w, gp).size).toBe(8192);
    const { used } = stackOf(w, gp);
    g.setAtomicstatus(w.m, gp, g._Gwaiting | g._Gscan);
    shrinkstack(w.m, gp);
    g.setAtomicstatus(w.m, gp, g._Gwaiting);
    expect([stackOf(w, gp).size, stackOf(w, gp).used]).toEqual([want, used]);
  });

  test("[A115] a collection halves stacks once a cycle, down to 2048, and never that of a running goroutine", () => {
    const w = boot();
    const gp = deep(w, 5000, 16);
    const sizes = [1, 2, 3].map(() => {
      sweep(w, []);
      return stackOf(w, gp).size;
    });
    expect(sizes).toEqual([4096, 2048, 2048]);
    expect(() => shrinkstack(w.m, gp)).toThrow("bad status in shrinkstack");
    gsched.setGcshrinkstackoff(w.m, sched(w.m), 1);
    const other = deep(w, 5000, 16);
    sweep(w, []);
    expect(stackOf(w, other).size).toBe(8192);
  });

  test("[A115] new goroutines begin with the average of what was in use, the guard added, as a power of two", () => {
    const w = boot();
    for (const locals of [2900, 3100]) park(w, start(w, plainFn(w, Math.floor(locals / 8) * 8 - 48)));
    sweep(w, []);
    expect(readMetrics(w.m)["/gc/stack/starting-size:bytes"]).toBe(4096); // 3000 + 928
    expect([round2(3928), round2(4096), round2(4097)]).toEqual([4096, 4096, 8192]);
  });

  test("[A115] without a stack to measure it is 2048 again; with adaptivestackstart=0 it stays", () => {
    const w = boot();
    const gp = start(w, plainFn(w, 20_000));
    park(w, gp);
    sweep(w, []);
    expect(gsched.startingStackSize(w.m, sched(w.m))).toBe(32768);
    g.setAtomicstatus(w.m, gp, g._Grunning);
    exit(w, gp);
    gsched.setAdaptivestackstart(w.m, sched(w.m), 0);
    sweep(w, []);
    expect(gsched.startingStackSize(w.m, sched(w.m))).toBe(32768);
    gsched.setAdaptivestackstart(w.m, sched(w.m), 1);
    sweep(w, []);
    expect(gsched.startingStackSize(w.m, sched(w.m))).toBe(2048);
  });
});

describe("figures", () => {
  /** Recorded with go 1.26.8: 62 spans for 1000 goroutines, and 1000 objects of 480 bytes. */
  test("[A116] [A153] a thousand goroutines: StackInuse grows by 32 KiB steps, HeapSys + StackInuse by 4 MiB steps", () => {
    const w = boot();
    const f = plainFn(w, 16);
    const before = readmemstats(w.m);
    for (let i = 0; i < 1000; i++) park(w, start(w, f));
    const after = readmemstats(w.m);
    const by480 = after.BySize.findIndex((b) => b.Size === 480);
    // 63 spans hold 1008 stacks. Go's has one span with free stacks before the first reading, so that it adds 62.
    expect((after.StackInuse - before.StackInuse) / 32768).toBe(63);
    expect(after.BySize[by480].Mallocs - before.BySize[by480].Mallocs).toBe(1000);
    expect((after.HeapSys + after.StackInuse) % (4 * 1024 * KiB)).toBe(0);
    expect(after.StackSys).toBe(after.StackInuse);
    expect(after.Sys - before.Sys - (after.HeapSys - before.HeapSys)).toBeGreaterThan(after.StackInuse);
  });

  test("TestStackMem: a thousand deep goroutines one after another use the memory of one", () => {
    const w = boot();
    const deep = plainFn(w, 50_000);
    const f = plainFn(w, 16);
    const inuse: number[] = [];
    for (let i = 0; i < 1000; i++) {
      const gp = start(w, f);
      callFn(w, gp, deep);
      exit(w, gp);
      inuse.push(readMetrics(w.m)["/memory/classes/heap/stacks:bytes"]);
    }
    expect(Math.max(...inuse.slice(1))).toBe(inuse[1]);
    expect(inuse[1]).toBeLessThan(256 * KiB);
  });
});

describe("dead goroutines", () => {
  const gFree = (w: World, i = 0) => gsched.size(w.m, p.gFree(allp(w.m, i)));
  const global = (w: World) => [gsched.gFreeStack, gsched.gFreeNoStack].map((l) => gsched.size(w.m, l(sched(w.m))));

  /** Recorded with go 1.26.8: six goroutines one after another, one address. */
  test("[A143] goroutines one after another use the same g and the same stack", () => {
    const w = boot();
    const f = plainFn(w, 16);
    const seen = new Set<string>();
    for (let i = 0; i < 6; i++) {
      const gp = start(w, f);
      seen.add(`${gp} ${stackOf(w, gp).lo}`);
      exit(w, gp);
    }
    expect(seen.size).toBe(1);
    expect(gsched.allgsLen(w.m, sched(w.m))).toBe(1);
  });

  test("[A143] the 64th dead g sends 33 of them to all; the last moved is the first to come back", () => {
    const w = boot();
    const f = plainFn(w, 16);
    const gs = Array.from({ length: 64 }, () => start(w, f));
    for (const gp of gs.slice(0, 63)) exit(w, gp);
    expect([gFree(w), global(w)]).toEqual([63, [0, 0]]);
    exit(w, gs[63]);
    expect([gFree(w), global(w)]).toEqual([31, [33, 0]]);
    // The P's own come first, the last put in first; then 32 of the others, moved one by one and so turned round.
    const own = Array.from({ length: 31 }, () => start(w, f));
    expect(own).toEqual(gs.slice(0, 31).reverse());
    expect(start(w, f)).toBe(gs[62]);
    expect([gFree(w), global(w)]).toEqual([31, [1, 0]]);
  });

  test("[A143] a collection frees the stacks in the list for all, and no others", () => {
    const w = boot();
    const f = plainFn(w, 16);
    const gs = Array.from({ length: 64 }, () => start(w, f));
    for (const gp of gs) exit(w, gp);
    startSweep(w, []);
    expect([gFree(w), global(w)]).toEqual([31, [0, 33]]);
    expect(gs.filter((gp) => g.stackLo(w.m, gp) === NIL).length).toBe(33);
    checkInvariants(w.m);
  });

  test("[A153] a g that died with another stack than the starting size is without; used again it gets that size", () => {
    const w = boot();
    const big = start(w, plainFn(w, 12_000));
    exit(w, big);
    expect(g.stackLo(w.m, big)).toBe(NIL);
    const f = plainFn(w, 16);
    expect(stackOf(w, start(w, f)).size).toBe(2048);
  });

  test("[A153] with a starting size of 16 KiB, gs used again get it, and brand-new ones 2048", () => {
    const w = boot();
    const f = plainFn(w, 16);
    const gs = Array.from({ length: 8 }, () => start(w, f));
    for (const gp of gs) exit(w, gp);
    park(w, start(w, plainFn(w, 12_000))); // takes one of the dead
    sweep(w, []);
    expect(gsched.startingStackSize(w.m, sched(w.m))).toBe(16384);
    const sizes = Array.from({ length: 13 }, () => stackOf(w, start(w, f)).size);
    expect(sizes).toEqual([...Array(7).fill(16384), ...Array(6).fill(2048)]);
  });

  test("[A150] a P that goes hands its dead gs to all", () => {
    const w = boot({ procs: 2 });
    const f = plainFn(w, 16);
    w.m.p = allp(w.m, 1);
    const gs = [start(w, f), start(w, f)];
    for (const gp of gs) exit(w, gp);
    expect(gFree(w, 1)).toBe(2);
  });
});
