/** Lists of spans that are managed by hand, work buffers, and Ps that come and go. */
import { describe, expect, test } from "vitest";
import { checkInvariants } from "../../engine/check/invariants.ts";
import { lock, unlock } from "../../engine/memory/atomics.ts";
import { NIL } from "../../engine/memory/memory.ts";
import { allp, gomaxprocs, mheap_, sched, schedLock, setGcphase, work } from "../../engine/records/globals.ts";
import * as gsched from "../../engine/records/gsched.ts";
import * as mcache from "../../engine/records/mcache.ts";
import * as mheap from "../../engine/records/mheap.ts";
import * as mspan from "../../engine/records/mspan.ts";
import * as p from "../../engine/records/runtime2.ts";
import * as rec from "../../engine/records/stack.ts";
import * as workRecord from "../../engine/records/work.ts";
import { fixallocAlloc } from "../../engine/runtime/mfixalloc.ts";
import {
  freeSomeWbufs,
  getempty,
  prepareFreeWorkbufs,
  putempty,
  putfull,
  trygetfull,
} from "../../engine/runtime/mgcwork.ts";
import { allocManual, freeManual, spanAllocStack, spanAllocWorkBuf, spanOf } from "../../engine/runtime/mheap.ts";
import {
  spanListInsert,
  spanListInsertBack,
  spanListIsEmpty,
  spanListRemove,
  spanListTakeAll,
} from "../../engine/runtime/mheap_list.ts";
import { readMetrics, readmemstats } from "../../engine/runtime/mstats.ts";
import { procresize } from "../../engine/runtime/proc.ts";
import { stackalloc, stackfree } from "../../engine/runtime/stack.ts";
import { Ev } from "../../engine/runtime/trace.ts";
import { exit, plainFn, start } from "./goroutines.ts";
import { boot, cacheOf, events, isEmptySpan, noscan, sweep, type World } from "./object-heap.ts";

describe("mSpanList", () => {
  /** Two empty lists, and three spans. Go's tests of lists are about lists of its own nodes. */
  function world() {
    const w = boot();
    lock(w.m, mheap.lock(mheap_(w.m)));
    const spans = [0, 1, 2].map(() => fixallocAlloc(w.m, mheap.spanalloc(mheap_(w.m))) as mspan.MSpan);
    unlock(w.m, mheap.lock(mheap_(w.m)));
    for (const s of spans) {
      mspan.setNext(w.m, s, 0);
      mspan.setPrev(w.m, s, 0);
      mspan.setList(w.m, s, 0);
    }
    return { w, list: workRecord.wbufSpansFree(work(w.m)), other: workRecord.wbufSpansBusy(work(w.m)), spans };
  }

  function forward(w: World, list: rec.MSpanList): mspan.MSpan[] {
    const found: mspan.MSpan[] = [];
    for (let s = rec.first(w.m, list); s !== 0; s = mspan.next(w.m, s)) {
      expect(mspan.list(w.m, s)).toBe(list);
      found.push(s);
    }
    const back: mspan.MSpan[] = [];
    for (let s = rec.last(w.m, list); s !== 0; s = mspan.prev(w.m, s)) back.push(s);
    expect(back.reverse()).toEqual(found);
    return found;
  }

  test("TestListManualPush: what is put in front comes first, what is put at the end last", () => {
    const { w, list, spans } = world();
    expect([spanListIsEmpty(w.m, list), forward(w, list)]).toEqual([true, []]);
    spanListInsert(w.m, list, spans[0]);
    spanListInsert(w.m, list, spans[1]);
    spanListInsertBack(w.m, list, spans[2]);
    expect(forward(w, list)).toEqual([spans[1], spans[0], spans[2]]);
    expect(() => spanListInsert(w.m, list, spans[0])).toThrow("mSpanList.insert");
  });

  test.each([0, 1, 2])(
    "TestListManualRemoveHead, TestListManualRemoveMiddle and TestListManualRemoveTail: number %i can be taken out",
    (i) => {
      const { w, list, other, spans } = world();
      for (const s of spans) spanListInsertBack(w.m, list, s);
      expect(() => spanListRemove(w.m, other, spans[i])).toThrow("mSpanList.remove");
      spanListRemove(w.m, list, spans[i]);
      expect(forward(w, list)).toEqual(spans.filter((_, k) => k !== i));
      spanListInsert(w.m, other, spans[i]);
      expect(forward(w, other)).toEqual([spans[i]]);
    },
  );

  test("TestListManualRemoveAll: in whatever order they go, at last the list is empty and can be used again", () => {
    for (const order of [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ]) {
      const { w, list, spans } = world();
      for (const s of spans) spanListInsertBack(w.m, list, s);
      for (const [n, i] of order.entries()) {
        spanListRemove(w.m, list, spans[i]);
        expect(forward(w, list)).toEqual(spans.filter((_, k) => !order.slice(0, n + 1).includes(k)));
      }
      expect([spanListIsEmpty(w.m, list), rec.last(w.m, list)]).toEqual([true, 0]);
      spanListInsert(w.m, list, spans[0]);
      expect(forward(w, list)).toEqual([spans[0]]);
    }
  });

  test("all of one go in front of the other", () => {
    const { w, list, other, spans } = world();
    spanListTakeAll(w.m, list, other);
    expect(forward(w, list)).toEqual([]);
    spanListInsert(w.m, other, spans[0]);
    spanListInsertBack(w.m, other, spans[1]);
    spanListTakeAll(w.m, list, other);
    expect([forward(w, list), forward(w, other)]).toEqual([[spans[0], spans[1]], []]);
    spanListInsert(w.m, other, spans[2]);
    spanListTakeAll(w.m, list, other);
    expect(forward(w, list)).toEqual([spans[2], spans[0], spans[1]]);
  });
});

describe("work buffers", () => {
  const inWorkBufs = (w: World) => readMetrics(w.m)["/memory/classes/metadata/other:bytes"] - readmemstats(w.m).GCSys;

  test("[A149] a span of 4 pages is 16 buffers: the lowest first, then descending", () => {
    const w = boot();
    const before = readmemstats(w.m);
    const bufs = Array.from({ length: 17 }, () => getempty(w.m));
    const base = bufs[0];
    expect(bufs.slice(1, 16)).toEqual(Array.from({ length: 15 }, (_, i) => base + 2048 * (15 - i)));
    const s = spanOf(w.m, base);
    expect([mspan.npages(w.m, s), mspan.state(w.m, s)]).toEqual([4, mspan.mSpanManual]);
    expect(spanOf(w.m, bufs[16])).not.toBe(s);
    const after = readmemstats(w.m);
    expect([after.GCSys - before.GCSys >= 2 * 32768, after.StackInuse]).toEqual([true, 0]);
    expect((after.HeapSys + 2 * 32768) % (4 * 1024 * 1024)).toBe(0);
    expect(inWorkBufs(w)).toBe(0); // both ways of reading agree
  });

  test("[A149] a buffer with work is handed on, an empty one is used again first", () => {
    const w = boot();
    const a = getempty(w.m);
    const b = getempty(w.m);
    workRecord.setNobj(w.m, a, 3);
    putfull(w.m, a);
    putempty(w.m, b);
    expect([getempty(w.m), trygetfull(w.m), trygetfull(w.m)]).toEqual([b, a, NIL]);
    expect(() => putempty(w.m, a)).toThrow("workbuf is not empty");
    expect(() => putfull(w.m, b)).toThrow("workbuf is empty");
    putfull(w.m, a);
    expect(() => prepareFreeWorkbufs(w.m)).toThrow("cannot free workbufs when work.full != 0");
  });

  test("[A149] after marking the spans are free; a sweeper gives back 64 at a time, and none while marking", () => {
    const w = boot();
    for (let i = 0; i < 70 * 16; i++) getempty(w.m);
    const free = workRecord.wbufSpansFree(work(w.m));
    const busy = workRecord.wbufSpansBusy(work(w.m));
    prepareFreeWorkbufs(w.m);
    expect([spanListIsEmpty(w.m, busy), spanListIsEmpty(w.m, free)]).toEqual([true, false]);
    setGcphase(w.m, 1);
    expect(freeSomeWbufs(w.m)).toBe(false);
    const again = getempty(w.m); // a free span is cut up before a new one is taken
    expect(spanOf(w.m, again)).toBe(rec.first(w.m, busy));
    setGcphase(w.m, 0);
    const gone = (body: () => void) => events(w, body).filter((e) => e[0] === Ev.freeSpan).length;
    expect(gone(() => expect(freeSomeWbufs(w.m)).toBe(true))).toBe(64);
    expect(gone(() => expect(freeSomeWbufs(w.m)).toBe(false))).toBe(5);
    sweep(w, []);
    expect([spanListIsEmpty(w.m, busy), spanListIsEmpty(w.m, free)]).toEqual([true, true]);
    checkInvariants(w.m);
  });
});

describe("states of a span", () => {
  test("[A036] dead to in use or manual and back, never from one use to another", () => {
    const w = boot();
    const now = new Map<number, string>();
    const log = events(w, () => {
      for (let i = 0; i < 300; i++) noscan(w, 40 * (i % 50) + 8);
      for (let i = 0; i < 20; i++) stackfree(w.m, stackalloc(w.m, 2048 << (i % 6)), 2048 << (i % 6));
      const s = allocManual(w.m, 3, spanAllocWorkBuf);
      freeManual(w.m, s, spanAllocWorkBuf);
      sweep(w, []);
      for (let i = 0; i < 100; i++) noscan(w, 40 * (i % 50) + 8);
    });
    let changes = 0;
    for (const [kind, s, spanclass] of log) {
      if (kind === Ev.initSpan) {
        expect(now.get(s) ?? "dead").toBe("dead");
        now.set(s, `in use, ${spanclass}`);
        changes++;
      } else if (kind === Ev.freeSpan) {
        expect(now.get(s)).toMatch(/in use/);
        now.set(s, "dead");
        changes++;
      }
    }
    expect(changes).toBeGreaterThan(80);
    const s = allocManual(w.m, 1, spanAllocStack);
    freeManual(w.m, s, spanAllocStack);
    expect(() => freeManual(w.m, s, spanAllocStack)).toThrow("mheap.freeSpanLocked - invalid span state");
    expect(() => allocManual(w.m, 1, 0)).toThrow("manual span allocation called with non-manually-managed type");
  });
});

describe("Ps", () => {
  function resize(w: World, n: number): void {
    lock(w.m, schedLock(w.m));
    procresize(w.m, n);
    unlock(w.m, schedLock(w.m));
  }

  /** Recorded with go 1.26.8: 2296, 9184 and 2296 at GOMAXPROCS 1, 4 and 1. */
  test("[A150] MCacheInuse is 2296 for each P", () => {
    const w = boot();
    const inuse = [1, 4, 1].map((n) => {
      resize(w, n);
      return readmemstats(w.m).MCacheInuse;
    });
    expect(inuse).toEqual([2296, 9184, 2296]);
    expect(readMetrics(w.m)["/sched/gomaxprocs:threads"]).toBe(1);
  });

  test("[A150] from four Ps to one: each that goes gives back records, pages, spans, stacks, its mcache, its dead gs", () => {
    const w = boot({ procs: 4 });
    const f = plainFn(w, 16);
    for (let i = 0; i < 4; i++) {
      w.m.p = allp(w.m, i);
      noscan(w, 1000);
      stackfree(w.m, stackalloc(w.m, 8192), 8192);
      exit(w, start(w, f));
    }
    const cached = [1, 2, 3].map((i) => cacheOf(w, i));
    const held = cached.map((c) => Array.from({ length: 136 }, (_, spc) => mcache.alloc(w.m, c, spc)));
    const spans = held.flat().filter((s) => !isEmptySpan(w, s)).length;
    w.m.p = allp(w.m, 3); // one that goes: P 0 is taken over
    const locks: number[] = [];
    w.m.lockLog = locks;
    const log = events(w, () => resize(w, 1)).map((e) => e[0]);
    w.m.lockLog = null;
    expect([gomaxprocs(w.m), w.m.p]).toEqual([1, allp(w.m, 0)]);
    expect(log.filter((k) => k === Ev.uncacheSpan).length).toBe(spans);
    expect(log.lastIndexOf(Ev.uncacheSpan)).toBeLessThan(log.lastIndexOf(Ev.freeSpan)); // the stacks' span after
    for (let i = 1; i < 4; i++) {
      const pp = allp(w.m, i);
      expect([p.status(w.m, pp), p.mcache(w.m, pp), p.mspancacheLen(w.m, pp)]).toEqual([p._Pdead, 0, 0]);
      expect(gsched.size(w.m, p.gFree(pp))).toBe(0);
    }
    expect(gsched.size(w.m, gsched.gFreeStack(sched(w.m)))).toBe(3);
    expect(readMetrics(w.m)["/sched/goroutines-created:goroutines"]).toBe(4);
    // For each P: the heap lock for the pages, then those of the spans and stacks, the heap lock for the mcache, the gs'.
    const heap = mheap.lock(mheap_(w.m));
    const gFree = gsched.gFreeLock(sched(w.m));
    const first = locks.slice(0, locks.indexOf(gFree) + 1);
    expect(first.filter((l) => l === heap).length).toBeGreaterThanOrEqual(2);
    expect(locks.filter((l) => l === gFree).length).toBe(3);
    checkInvariants(w.m);
  });

  test("[A150] a P's mcache outlives its idleness, and a P cannot go while marking", () => {
    const w = boot({ procs: 2 });
    setGcphase(w.m, 1);
    expect(() => resize(w, 1)).toThrow("P destroyed while GC is running");
  });

  test("[A151] allspans: at first room for 8192; the next record has half as much again mapped and the old array unmapped", () => {
    const w = boot();
    const h = mheap_(w.m);
    const other = () => readmemstats(w.m).OtherSys;
    noscan(w, 8);
    expect(mheap.allspansCap(w.m, h)).toBe(8192);
    lock(w.m, mheap.lock(h));
    while (mheap.allspansLen(w.m, h) < 8192) fixallocAlloc(w.m, mheap.spanalloc(h));
    unlock(w.m, mheap.lock(h));
    const before = other();
    lock(w.m, mheap.lock(h));
    fixallocAlloc(w.m, mheap.spanalloc(h));
    unlock(w.m, mheap.lock(h));
    expect([mheap.allspansCap(w.m, h), mheap.allspansLen(w.m, h)]).toEqual([12288, 8193]);
    expect(other() - before).toBe(98_304 - 65_536); // record 8193 is none that begins a chunk
  });
});
