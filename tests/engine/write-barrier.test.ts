/** The write barrier's buffer: what it takes, when it is flushed, and what a flush makes of it. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { storePointer } from "../../engine/memory/address.ts";
import { Fatal } from "../../engine/memory/fatal.ts";
import { NIL } from "../../engine/memory/memory.ts";
import { allp, data } from "../../engine/records/globals.ts";
import { bytesMarked, flushedWork } from "../../engine/records/mgcwork.ts";
import * as mspan from "../../engine/records/mspan.ts";
import * as wb from "../../engine/records/mwbbuf.ts";
import { allocManual, freeManual, spanAllocStack } from "../../engine/runtime/mheap.ts";
import {
  gcWriteBarrier,
  get1,
  get2,
  minLegalPointer,
  wbBufDiscard,
  wbBufEmpty,
  wbBufFlush,
  wbBufFlush1,
  wbBufReset,
} from "../../engine/runtime/mwbbuf.ts";
import { bufferOf, gcwOf, isMarked, pageMark, queued, recorded, setBarrier } from "./barrier-heap.ts";
import { boot, noscan, scan, slot, span, sweep, type World } from "./object-heap.ts";

/** Records pointers one by one, as bulk barriers do. */
function record(w: World, ...offs: number[]): void {
  for (const off of offs) storePointer(w.m, get1(w.m, bufferOf(w)), off);
}

/** Records a word that need not be a pointer. */
function recordWord(w: World, lo: number, hi: number): void {
  const at = get1(w.m, bufferOf(w));
  w.m.i32[at >> 2] = lo;
  w.m.i32[(at >> 2) + 1] = hi;
}

/** Frees everything. */
function swept(w: World, off: number): number {
  sweep(w, []);
  return off;
}

describe("the buffer", () => {
  test("[C052] holds 512 entries in 4112 bytes; the reservation that does not fit flushes first", () => {
    const w = boot();
    const b = bufferOf(w);
    const large = scan(w, 1024);
    setBarrier(w, true);
    expect([wb.layout.size, wb.end(w.m, b) - wb.buf(b), wb.wbBufEntries]).toEqual([4112, 4096, 512]);
    record(w, ...Array.from({ length: 512 }, () => NIL));
    expect(recorded(w)).toHaveLength(512);
    record(w, large); // the 513th
    expect([recorded(w), isMarked(w, large)]).toEqual([[large], false]);

    // Compiled code takes up to eight at once: where only seven are left, none is used.
    record(w, ...Array.from({ length: 504 }, () => NIL));
    expect(recorded(w)).toHaveLength(505);
    const at = gcWriteBarrier(w.m, wb.wbMaxEntriesPerCall);
    expect([at, recorded(w).length]).toEqual([wb.buf(b), 8]);
    expect(isMarked(w, large)).toBe(true);

    wbBufReset(w.m, b);
    for (let i = 0; i < 64; i++) gcWriteBarrier(w.m, 8);
    expect(wb.next(w.m, b)).toBe(wb.end(w.m, b)); // exactly 512 fit
    expect([get2(w.m, b), wb.next(w.m, b)]).toEqual([wb.buf(b), wb.buf(b) + 16]);
  });

  test("each P has one: what is recorded goes to that of the running P, and any may be flushed", () => {
    const w = boot({ procs: 2 });
    const [a, b] = [scan(w, 40_000), scan(w, 40_000)];
    setBarrier(w, true);
    storePointer(w.m, gcWriteBarrier(w.m, 1), a);
    w.m.p = allp(w.m, 1) as number;
    storePointer(w.m, gcWriteBarrier(w.m, 1), b);
    expect([recorded(w, 0), recorded(w, 1)]).toEqual([[a], [b]]);
    wbBufFlush1(w.m, allp(w.m, 0));
    expect([recorded(w, 0), recorded(w, 1), queued(w, 0)[0], queued(w, 1)[0]]).toEqual([[], [b], [a], []]);
    wbBufFlush(w.m);
    expect([recorded(w, 1), queued(w, 1)[0]]).toEqual([[], [b]]);
  });

  test("is emptied by a reset, which gives all of it back, and by a discard, which leaves its end where it is", () => {
    const w = boot();
    const b = bufferOf(w);
    wb.setEnd(w.m, b, wb.buf(b) + 72); // nine entries: Go's testSmallBuf
    record(w, NIL, NIL);
    expect(wbBufEmpty(w.m, b)).toBe(false);
    wbBufDiscard(w.m, b);
    expect([wbBufEmpty(w.m, b), wb.end(w.m, b) - wb.buf(b)]).toEqual([true, 72]);
    record(w, NIL);
    wbBufReset(w.m, b);
    expect([wbBufEmpty(w.m, b), wb.end(w.m, b) - wb.buf(b)]).toEqual([true, 4096]);
  });
});

describe("a flush", () => {
  test("[C053] drops nil, small numbers, what is outside the heap, stacks, and what is marked already", () => {
    const w = boot();
    const { m } = w;
    const large = scan(w, 1024);
    const stack = mspan.startAddr(m, allocManual(m, 1, spanAllocStack));
    setBarrier(w, true);
    record(w, NIL, data(m), stack + 8, 64 << 20); // nil, a global, a stack, an arena that is not mapped
    recordWord(w, minLegalPointer - 1, 0);
    recordWord(w, minLegalPointer, 0);
    recordWord(w, large, 0xc1); // the low half of an object's address under another high half
    recordWord(w, large, 0);
    recordWord(w, -1, -1);
    wbBufFlush(m);
    expect([queued(w), isMarked(w, large), bytesMarked(m, gcwOf(w))]).toEqual([[[], [], []], false, 0]);

    record(w, large, large + 40, large); // once, whatever leads to it
    wbBufFlush(m);
    record(w, large);
    wbBufFlush(m);
    expect(queued(w)).toEqual([[large - 8], [], []]); // its slot begins with a malloc header
  });

  test("[C054] marks objects without pointers black: their slots count, they are not queued", () => {
    const w = boot({ greentea: false });
    const objects = [noscan(w, 3), noscan(w, 100), noscan(w, 3000), noscan(w, 40_000)];
    setBarrier(w, true);
    record(w, ...objects);
    wbBufFlush(w.m);
    expect(objects.map((off) => isMarked(w, off) && pageMark(w, off))).toEqual([true, true, true, true]);
    expect([queued(w)[0], bytesMarked(w.m, gcwOf(w))]).toEqual([[], 16 + 112 + 3072 + 40_960]);
  });

  test("marks and queues objects with pointers, in the order of the entries; their bytes count when they are scanned", () => {
    const w = boot({ greentea: false });
    const objects = [8, 48, 512, 1024, 40_000].map((size) => scan(w, size));
    setBarrier(w, true);
    record(w, ...objects.map((off) => off + 7)); // any byte will do
    wbBufFlush(w.m);
    // With a malloc header an object begins 8 bytes behind its slot, and it is the slot that is queued.
    const slots = objects.map((off, i) => (i === 3 ? off - 8 : off));
    expect([queued(w)[0], bytesMarked(w.m, gcwOf(w))]).toEqual([slots, 0]);
    expect(objects.every((off) => isMarked(w, off) && pageMark(w, off))).toBe(true);
    expect(wbBufEmpty(w.m, bufferOf(w))).toBe(true);
  });

  test("[C094] marks slots of Green Tea spans inside the span, queues the span once, and leaves its page's hint alone", () => {
    const w = boot();
    const [a, b, c] = [scan(w, 48), scan(w, 48), scan(w, 1024)];
    const bytes = noscan(w, 48);
    setBarrier(w, true);
    record(w, b, c, a, bytes, b);
    wbBufFlush(w.m);
    expect([a, b, bytes].map((off) => isMarked(w, off))).toEqual([true, true, true]);
    const base = mspan.startAddr(w.m, span(w, a));
    expect(queued(w)).toEqual([[c - 8], [], [base + slot(w, b)]]);
    expect(w.m.u8[base + 8192 - 128 + 63]).toBe(6); // owned: a second mark came while it was queued
    expect([pageMark(w, a), pageMark(w, bytes), pageMark(w, c)]).toEqual([false, false, true]);
    expect(bytesMarked(w.m, gcwOf(w))).toBe(48); // the one without pointers
  });

  test("[C049] a pointer to where no object can lie is fatal, with Go's report; invalidptr=0 passes over it", () => {
    for (const [what, at] of [
      ["a span that was freed", swept],
      ["behind the last slot", (w: World, off: number) => mspan.limit(w.m, span(w, off))],
    ] as const) {
      const run = (invalidptr: boolean) => {
        const w = boot({ invalidptr });
        const off = at(w, scan(w, 1152)); // 8192 bytes are seven of these, and 128 are left over
        setBarrier(w, true);
        record(w, off);
        wbBufFlush(w.m);
        return queued(w);
      };
      expect(run(false), what).toEqual([[], [], []]);
      expect(() => run(true), what).toThrow(
        new Fatal("found bad pointer in Go heap (incorrect use of unsafe or cgo?)"),
      );
    }
    const w = boot();
    const off = mspan.limit(w.m, span(w, scan(w, 1152)));
    record(w, off);
    let report: unknown;
    try {
      wbBufFlush(w.m);
    } catch (e) {
      report = (e as Error).cause;
    }
    const hex = (n: number) => `0x${(0xc000000000 + n).toString(16)}`;
    const base = mspan.startAddr(w.m, span(w, off));
    expect(report).toBe(
      `runtime: pointer ${hex(off)} to unused region of span span.base()=${hex(base)} span.limit=${hex(off)} span.state=1\n`,
    );
  });

  test("[C153] into the tail of a living Green Tea page it is no bad pointer; into one that was freed it is", () => {
    const w = boot();
    const kept = scan(w, 512);
    const base = mspan.startAddr(w.m, span(w, kept));
    setBarrier(w, true);
    record(w, base + 7688); // 15 slots of 512 end at 7680
    wbBufFlush(w.m);
    expect(w.m.u8[base + 8192 - 64 + 1] & 0x80).toBe(0x80); // the mark of a sixteenth
    record(w, mspan.startAddr(w.m, span(w, scan(w, 16))) + 8184);
    expect(() => wbBufFlush(w.m)).toThrow(new Fatal("index out of range"));

    const v = boot();
    const freed = scan(v, 512);
    sweep(v, []);
    record(v, freed);
    expect(() => wbBufFlush(v.m)).toThrow("found bad pointer in Go heap");
  });

  test("does not end in between when work buffers run over, and says that work was given away", () => {
    const w = boot({ greentea: false });
    const objects = Array.from({ length: 1000 }, () => scan(w, 16));
    setBarrier(w, true);
    record(w, ...objects);
    expect(recorded(w)).toEqual(objects.slice(512));
    wbBufFlush(w.m);
    expect(objects.every((off) => isMarked(w, off))).toBe(true);
    expect(flushedWork(w.m, gcwOf(w))).toBe(1);
    const [first, second] = queued(w);
    expect(second).toEqual([]);
    expect(first).toEqual(objects.slice(3 * 253));
  });

  test("law: whatever is recorded, afterwards exactly the objects among it are marked, each queued once", () => {
    const w = boot({ greentea: false });
    const objects = [8, 24, 512, 640, 9000, 70_000].flatMap((size) => [scan(w, size), noscan(w, size)]);
    const start = (off: number) => {
      const s = span(w, off);
      return mspan.startAddr(w.m, s) + slot(w, off) * mspan.elemsize(w.m, s);
    };
    const marked = new Set<number>();
    setBarrier(w, true);
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(NIL, data(w.m)), fc.nat({ max: objects.length - 1 }))), (picks) => {
        const before = queued(w)[0].length;
        const fresh = [...new Set(picks.map((i) => objects[i] ?? NIL))].filter(
          (off) => off !== NIL && !marked.has(off),
        );
        record(w, ...picks.map((i) => objects[i] ?? i));
        wbBufFlush(w.m);
        for (const off of fresh) marked.add(off);
        const wanted = fresh.filter((off) => (mspan.spanclass(w.m, span(w, off)) & 1) === 0).map(start);
        expect(queued(w)[0].slice(before)).toEqual(wanted);
        expect(objects.map((off) => isMarked(w, off))).toEqual(objects.map((off) => marked.has(off)));
      }),
      { numRuns: 50 },
    );
  });
});

test("a manual span that is freed again is no stack any more: a pointer into it is a bad one", () => {
  const w = boot();
  const s = allocManual(w.m, 1, spanAllocStack);
  const off = mspan.startAddr(w.m, s);
  freeManual(w.m, s, spanAllocStack);
  setBarrier(w, true);
  record(w, off);
  expect(() => wbBufFlush(w.m)).toThrow("found bad pointer in Go heap");
});
