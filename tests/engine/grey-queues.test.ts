/** Grey objects: a P's two work buffers, the stacks that all share, and the bits of Green Tea that say who scans. */
import { describe, expect, test } from "vitest";
import { storePointer } from "../../engine/memory/address.ts";
import { Fatal } from "../../engine/memory/fatal.ts";
import { NIL } from "../../engine/memory/memory.ts";
import * as gcc from "../../engine/records/gcController.ts";
import * as globals from "../../engine/records/globals.ts";
import * as gcwork from "../../engine/records/mgcwork.ts";
import * as mspan from "../../engine/records/mspan.ts";
import * as p from "../../engine/records/runtime2.ts";
import { first } from "../../engine/records/stack.ts";
import * as work from "../../engine/records/work.ts";
import { gcMarkTermination } from "../../engine/runtime/mgc.ts";
import { gcDumpObject, gcMarkTinyAllocs, greyobject, shade } from "../../engine/runtime/mgcmark.ts";
import {
  inlineMarkBits,
  release,
  spanScanManyMark,
  spanScanOneMark,
  spanScanUnowned,
  tryAcquire,
  tryDeferToSpanScan,
} from "../../engine/runtime/mgcmark_greenteagc.ts";
import {
  gcWorkBalance,
  gcWorkDispose,
  gcWorkEmpty,
  getempty,
  prepareFreeWorkbufs,
  putfull,
  putObj,
  putObjBatch,
  putObjFast,
  tryGetObj,
  tryGetObjFast,
  trygetfull,
  workbufObjs,
} from "../../engine/runtime/mgcwork.ts";
import { gcwOf, isMarked, objectsOf, queued, setBarrier } from "./barrier-heap.ts";
import { boot, noscan, scan, slot, span, sweep, type World } from "./object-heap.ts";

/** Objects that are not there: any multiple of 8 does for a queue. */
const fake = (n: number, from = 0) => Array.from({ length: n }, (_, i) => 8 * (from + i));

function put(w: World, objects: readonly number[], i = 0): void {
  for (const obj of objects) if (!putObjFast(w.m, gcwOf(w, i), obj)) putObj(w.m, gcwOf(w, i), obj);
}

function takeAll(w: World, i = 0): number[] {
  const taken: number[] = [];
  for (;;) {
    let obj = tryGetObjFast(w.m, gcwOf(w, i));
    if (obj === NIL) obj = tryGetObj(w.m, gcwOf(w, i));
    if (obj === NIL) return taken;
    taken.push(obj);
  }
}

/** Buffers on the shared stack of full ones, the top first; they stay there. */
function fullBuffers(w: World): number[][] {
  const list: number[] = [];
  for (let b = trygetfull(w.m); b !== NIL; b = trygetfull(w.m)) list.push(b);
  for (const b of [...list].reverse()) putfull(w.m, b);
  return list.map((b) => objectsOf(w.m, b));
}

const flags = (w: World, i = 0) => [gcwork.flushedWork(w.m, gcwOf(w, i)), gcwork.mayNeedWorker(w.m, gcwOf(w, i))];

describe("work buffers", () => {
  test("[C072] hold 253 objects in 2 KiB, sixteen to a span of 32 KiB", () => {
    const w = boot();
    expect([workbufObjs, work._WorkbufSize, work.workbufAlloc / work._WorkbufSize]).toEqual([253, 2048, 16]);
    const buffers = Array.from({ length: 17 }, () => getempty(w.m));
    const busy = work.wbufSpansBusy(globals.work(w.m));
    const spans: number[] = [];
    for (let s = first(w.m, busy); s !== 0; s = mspan.next(w.m, s)) spans.push(s);
    expect(spans.map((s) => [mspan.npages(w.m, s), mspan.state(w.m, s)])).toEqual([
      [4, mspan.mSpanManual],
      [4, mspan.mSpanManual],
    ]);
    expect(new Set(buffers.slice(0, 16).map((b) => span(w, b)))).toEqual(new Set([spans[1]]));
    expect(span(w, buffers[16])).toBe(spans[0]);
    put(w, fake(253));
    expect(queued(w)[0]).toHaveLength(253);
    expect(putObjFast(w.m, gcwOf(w), 8)).toBe(false);
  });

  test("[C073] last in, first out; a full one changes places with the one behind it, and so does an empty one", () => {
    const w = boot();
    put(w, fake(253));
    const [b1, b2] = [gcwork.wbuf1(w.m, gcwOf(w)), gcwork.wbuf2(w.m, gcwOf(w))];
    put(w, [8 * 253]);
    expect([gcwork.wbuf1(w.m, gcwOf(w)), gcwork.wbuf2(w.m, gcwOf(w))]).toEqual([b2, b1]);
    expect(queued(w).slice(0, 2)).toEqual([[8 * 253], fake(253)]);
    // At the edge nothing goes to the shared stacks.
    for (let i = 0; i < 5; i++) {
      expect([tryGetObj(w.m, gcwOf(w)), tryGetObj(w.m, gcwOf(w))]).toEqual([8 * 253, 8 * 252]);
      put(w, [8 * 252, 8 * 253]);
    }
    expect([flags(w), fullBuffers(w)]).toEqual([[0, 0], []]);
    expect(takeAll(w)).toEqual(fake(254).reverse());
  });

  test("when both are full the first goes to all, and a worker may be needed while a collection marks", () => {
    const w = boot();
    setBarrier(w, true);
    put(w, fake(3 * 253));
    expect(flags(w)).toEqual([1, 1]);
    expect(fullBuffers(w)).toEqual([fake(253)]);
    expect(queued(w).slice(0, 2)).toEqual([fake(253, 506), fake(253, 253)]);

    const v = boot();
    put(v, fake(3 * 253));
    expect(flags(v)).toEqual([1, 0]); // no collection marks
  });

  test("[C155] a batch pushes each full first buffer without a look at the second, and fills what comes", () => {
    const w = boot();
    setBarrier(w, true);
    const batch = (objects: number[]) => {
      const at = globals.data(w.m);
      for (const [i, obj] of objects.entries()) storePointer(w.m, at + 8 * i, obj);
      putObjBatch(w.m, gcwOf(w), at, objects.length);
    };
    batch([]);
    expect(gcwork.wbuf1(w.m, gcwOf(w))).toBe(NIL);
    batch(fake(253));
    expect([flags(w), queued(w).slice(0, 2)]).toEqual([
      [0, 0],
      [fake(253), []],
    ]);
    batch(fake(10, 253)); // putObj would have let the second take its place
    expect(flags(w)).toEqual([1, 1]);
    expect([fullBuffers(w), queued(w).slice(0, 2)]).toEqual([[fake(253)], [fake(10, 253), []]]);

    // The second is full too: both go.
    const v = boot();
    put(v, fake(2 * 253));
    storePointer(v.m, globals.data(v.m), 80_000);
    putObjBatch(v.m, gcwOf(v), globals.data(v.m), 1);
    expect([fullBuffers(v), queued(v).slice(0, 2)]).toEqual([
      [fake(253), fake(253, 253)],
      [[80_000], []],
    ]);
  });

  test("[C155] who begins takes work from the others as the second buffer; who runs out takes more", () => {
    const w = boot({ procs: 2 });
    put(w, fake(10));
    gcWorkDispose(w.m, gcwOf(w));
    expect(fullBuffers(w)).toEqual([fake(10)]);
    expect(tryGetObjFast(w.m, gcwOf(w, 1))).toBe(NIL);
    expect(tryGetObj(w.m, gcwOf(w, 1))).toBe(8 * 9);
    expect([fullBuffers(w), queued(w, 1)[0]]).toEqual([[], fake(9)]);
    put(w, fake(5, 100));
    gcWorkDispose(w.m, gcwOf(w));
    expect(takeAll(w, 1)).toEqual([...fake(9).reverse(), ...fake(5, 100).reverse()]);
    expect(gcWorkEmpty(w.m, gcwOf(w, 1))).toBe(true);

    const v = boot({ procs: 2 });
    put(v, fake(10));
    gcWorkDispose(v.m, gcwOf(v));
    put(v, [8 * 20], 1);
    expect(queued(v, 1).slice(0, 2)).toEqual([[8 * 20], fake(10)]);
  });

  test("[C074] [C075] balance gives the second away, or the older half of a first with more than four", () => {
    const w = boot();
    setBarrier(w, true);
    gcWorkBalance(w.m, gcwOf(w)); // nothing there yet
    put(w, fake(4));
    gcWorkBalance(w.m, gcwOf(w));
    expect([flags(w), fullBuffers(w)]).toEqual([[0, 0], []]);
    put(w, fake(3, 4));
    gcWorkBalance(w.m, gcwOf(w));
    expect([flags(w), fullBuffers(w)]).toEqual([[1, 1], [fake(4)]]);
    expect(queued(w).slice(0, 2)).toEqual([fake(3, 4), []]);

    const v = boot();
    put(v, fake(254));
    gcWorkBalance(v.m, gcwOf(v));
    expect([flags(v), fullBuffers(v), queued(v).slice(0, 2)]).toEqual([[1, 0], [fake(253)], [[8 * 253], []]]);
  });

  test("[C076] dispose gives objects, spans' presence and figures to all; empty buffers go back unnoticed", () => {
    const w = boot();
    const gc = globals.gcController(w.m);
    const marked = () => work.bytesMarked(w.m, globals.work(w.m));
    tryGetObj(w.m, gcwOf(w)); // gets two empty ones
    const buffers = [gcwork.wbuf1(w.m, gcwOf(w)), gcwork.wbuf2(w.m, gcwOf(w))];
    gcwork.setBytesMarked(w.m, gcwOf(w), 4096);
    gcwork.setHeapScanWork(w.m, gcwOf(w), 100);
    gcWorkDispose(w.m, gcwOf(w));
    expect([flags(w), marked(), gcc.heapScanWork(w.m, gc)]).toEqual([[0, 0], 4096, 100]);
    expect([getempty(w.m), getempty(w.m)]).toEqual(buffers.reverse());
    gcwork.setBytesMarked(w.m, gcwOf(w), 1);
    put(w, fake(300));
    gcWorkDispose(w.m, gcwOf(w));
    gcWorkDispose(w.m, gcwOf(w)); // once more: nothing is told twice
    expect([flags(w), marked(), gcc.heapScanWork(w.m, gc)]).toEqual([[1, 0], 4097, 100]);
    expect(fullBuffers(w)).toEqual([fake(253), fake(47, 253)]);
    expect([gcwork.wbuf1(w.m, gcwOf(w)), gcWorkEmpty(w.m, gcwOf(w))]).toEqual([NIL, true]);
    expect(() => prepareFreeWorkbufs(w.m)).toThrow("cannot free workbufs when work.full != 0");
  });

  test("a marking that ends with work in somebody's hands is fatal", () => {
    const w = boot({ procs: 2 });
    put(w, fake(1), 1);
    expect(() => gcMarkTermination(w.m)).toThrow(new Fatal("P has cached GC work at end of mark termination"));
  });
});

describe("turning grey", () => {
  test("an object is marked and queued once; one without pointers is black at once", () => {
    const w = boot({ greentea: false });
    const [a, b] = [scan(w, 48), noscan(w, 48)];
    for (const off of [a + 40, b + 1, a, NIL, globals.data(w.m)]) shade(w.m, off);
    expect([queued(w), isMarked(w, a), isMarked(w, b)]).toEqual([[[a], [], []], true, true]);
    expect(gcwork.bytesMarked(w.m, gcwOf(w))).toBe(48);
    expect(() => greyobject(w.m, a + 4, span(w, a), gcwOf(w), slot(w, a))).toThrow(
      "greyobject: obj not pointer-aligned",
    );
  });

  test("[C069] the tiny blocks of all Ps are black from the start, on the account of their own P", () => {
    for (const greentea of [true, false]) {
      const w = boot({ procs: 2, greentea });
      const one = noscan(w, 1);
      w.m.p = globals.allp(w.m, 1) as number;
      const other = noscan(w, 1);
      gcMarkTinyAllocs(w.m);
      expect([isMarked(w, one), isMarked(w, other)]).toEqual([true, true]);
      expect([0, 1].map((i) => gcwork.bytesMarked(w.m, gcwOf(w, i)))).toEqual([16, 16]);
      expect([queued(w, 0), queued(w, 1)].flat(2)).toEqual([]);
    }
  });

  test("a dump of an object shows where it lies and its words, of a large one those around the place", () => {
    const w = boot();
    const off = scan(w, 24);
    storePointer(w.m, off + 8, off);
    const hex = (n: number) => `0x${(0xc000000000 + n).toString(16)}`;
    const s = span(w, off);
    const [base, limit] = [mspan.startAddr(w.m, s), mspan.limit(w.m, s)];
    expect(gcDumpObject(w.m, "object", off, 8)).toBe(
      `object=${hex(off)} s.base()=${hex(base)} s.limit=${hex(limit)} s.spanclass=6 s.elemsize=24 s.state=mSpanInUse\n` +
        ` *(object+0) = 0x0\n *(object+8) = ${hex(off)} <==\n *(object+16) = 0x0\n`,
    );
    const large = gcDumpObject(w.m, "obj", scan(w, 40_000), 20_000).split("\n");
    expect(large.filter((line) => line === " ...")).toHaveLength(2);
    expect(large).toHaveLength(1 + 128 + 1 + 31 + 1 + 1);
    expect(gcDumpObject(w.m, "obj", 64 << 20, 0)).toBe("obj=0xc004000000 s=nil\n");
  });
});

describe("Green Tea", () => {
  test("[C085] owned goes 0, 2, 6 as marks come, or 4 once two came at once; whoever finds 0 queues the span", () => {
    const w = boot();
    const imb = inlineMarkBits(w.m, span(w, scan(w, 48)));
    const owned = () => w.m.u8[imb + 63];
    expect([spanScanUnowned, spanScanOneMark, spanScanManyMark]).toEqual([0, 2, 4]);
    expect([tryAcquire(w.m, imb), owned()]).toEqual([true, 2]);
    expect([tryAcquire(w.m, imb), owned()]).toEqual([false, 6]);
    expect([tryAcquire(w.m, imb), owned()]).toEqual([false, 6]);
    expect([release(w.m, imb), owned()]).toEqual([6, 0]);
    w.m.u8[imb + 63] = 4;
    expect([tryAcquire(w.m, imb), owned()]).toEqual([false, 4]);
    expect([release(w.m, imb), owned()]).toEqual([4, 0]);
    expect([tryAcquire(w.m, imb), release(w.m, imb)]).toEqual([true, 2]);
  });

  test("[C084] the page's bit tells such spans, the class's multiplier the slot; any other object is left to others", () => {
    const w = boot();
    for (const size of [16, 24, 48, 112, 320, 512]) {
      const objects = Array.from({ length: 5 }, () => scan(w, size));
      for (const off of objects) expect(tryDeferToSpanScan(w.m, off + size - 1, gcwOf(w))).toBe(true);
      expect(objects.map((off) => isMarked(w, off))).toEqual([true, true, true, true, true]);
    }
    expect(queued(w)[2]).toHaveLength(6);
    for (const off of [scan(w, 8), scan(w, 520), noscan(w, 8192), scan(w, 40_000), globals.data(w.m), 64 << 20]) {
      expect(tryDeferToSpanScan(w.m, off, gcwOf(w))).toBe(false);
    }
    const v = boot({ greentea: false });
    expect(tryDeferToSpanScan(v.m, scan(v, 48), gcwOf(v))).toBe(false);
  });

  test("a queued span is work: the P is not empty, dispose says so, and a marking that ends with it is fatal", () => {
    const w = boot();
    const off = scan(w, 48);
    shade(w.m, off);
    expect(gcWorkEmpty(w.m, gcwOf(w))).toBe(false);
    gcWorkDispose(w.m, gcwOf(w));
    expect([flags(w), queued(w)[2]]).toEqual([[1, 0], [off]]); // slot 0 of its span
    expect(() => sweep(w, [off])).toThrow("P has cached GC work at end of mark termination");
  });

  test("256 spans fit into the queue; the next one is not lost in silence", () => {
    const w = boot();
    const objects = Array.from({ length: 257 * 15 }, () => scan(w, 512));
    const firsts = objects.filter((_, i) => i % 15 === 0);
    for (const off of firsts.slice(0, 256)) shade(w.m, off);
    expect(queued(w)[2]).toEqual(firsts.slice(0, 256));
    expect(() => shade(w.m, firsts[256])).toThrow("the queue of spans is full");
  });

  test("[C071] a new object is black while a collection marks; in mark termination there must be none", () => {
    const w = boot();
    setBarrier(w, true);
    const off = scan(w, 48);
    shade(w.m, off);
    expect([queued(w)[2], gcwork.bytesMarked(w.m, gcwOf(w))]).toEqual([[], 48]);
    globals.setGcphase(w.m, 2);
    expect(() => noscan(w, 48)).toThrow(new Fatal("mallocgc called with gcphase == _GCmarktermination"));
  });
});

test("a P has the number of its own queues, and begins with nothing", () => {
  const w = boot({ procs: 3 });
  for (const i of [0, 1, 2]) {
    expect([gcwork.id(w.m, gcwOf(w, i)), gcWorkEmpty(w.m, gcwOf(w, i))]).toEqual([i, true]);
    expect(p.wbBuf(globals.allp(w.m, i))).toBeGreaterThan(w.m.data);
  }
});
