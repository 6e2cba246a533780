/** Specials: lists in order, and what a sweep does with them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadPointer } from "../../engine/memory/address.ts";
import { NIL } from "../../engine/memory/memory.ts";
import { allp, finalizers, mheap_ } from "../../engine/records/globals.ts";
import * as heaparena from "../../engine/records/heaparena.ts";
import * as mfinal from "../../engine/records/mfinal.ts";
import * as mfixalloc from "../../engine/records/mfixalloc.ts";
import * as mheap from "../../engine/records/mheap.ts";
import * as mspan from "../../engine/records/mspan.ts";
import * as p from "../../engine/records/runtime2.ts";
import * as special from "../../engine/records/special.ts";
import { flushallmcaches } from "../../engine/runtime/mcache.ts";
import { fixallocAlloc } from "../../engine/runtime/mfixalloc.ts";
import { heapArenaOf, pageIndexOf, pageMaskOf } from "../../engine/runtime/mheap.ts";
import {
  addCleanup,
  addfinalizer,
  addspecial,
  getOrAddWeakHandle,
  getWeakHandle,
  makeStrongFromWeak,
  removefinalizer,
  removespecial,
  specialOf,
  specialsAt,
} from "../../engine/runtime/mheap_specials.ts";
import { readMetrics } from "../../engine/runtime/mstats.ts";
import { age, boot, noscan, scan, span, startSweep, sweep, type World } from "./object-heap.ts";

/** The list of the object's span, as [offset in the object's span, kind]. */
function list(w: World, off: number): number[][] {
  const found: number[][] = [];
  for (let s = specialOf(w.m, specialsAt(span(w, off))); s !== 0; s = special.next(w.m, s)) {
    found.push([special.offset(w.m, s), special.kind(w.m, s)]);
  }
  return found;
}

function pageSpecials(w: World, off: number): boolean {
  const base = mspan.startAddr(w.m, span(w, off));
  return (w.m.u8[heaparena.pageSpecials(heapArenaOf(w.m, base)) + pageIndexOf(base)] & pageMaskOf(base)) !== 0;
}

function add(w: World, off: number, kind: number, force = false): boolean {
  const s = fixallocAlloc(w.m, mheap.specialfinalizeralloc(mheap_(w.m)));
  special.setKind(w.m, s, kind);
  return addspecial(w.m, off, s, force);
}

/** What is queued: finalizers as [function, object], cleanups as arguments. */
function queuedFinalizers(w: World): number[][] {
  const found: number[][] = [];
  for (let b = mfinal.finq(w.m, finalizers(w.m)); b !== 0; b = mfinal.next(w.m, b)) {
    for (let i = 0; i < mfinal.cnt(w.m, b); i++) {
      found.push([mfinal.fn(w.m, mfinal.fin(b, i)), mfinal.arg(w.m, mfinal.fin(b, i))]);
    }
  }
  return found;
}

function queuedCleanups(w: World, i = 0): number[] {
  const b = p.cleanups(w.m, allp(w.m, i));
  if (b === 0) return [];
  return Array.from({ length: mfinal.n(w.m, b) }, (_, k) => mfinal.cleanupArg(w.m, mfinal.blockCleanups(b, k)));
}

/** A function, as a program would have it: outside the heap. */
const code = (w: World, n: number) => w.m.data + 8 * n;

/** An argument, as a program would have it: any number that is no object's address. */
const arg = (w: World, n: number) => w.m.data + 4096 + 8 * n;

describe("the list of a span", () => {
  test("[A119] is in order of offset and kind; the second of a kind is refused", () => {
    const w = boot();
    const off = noscan(w, 64);
    const base = mspan.startAddr(w.m, span(w, off));
    expect([off - base, pageSpecials(w, off)]).toEqual([0, false]);
    expect([add(w, off + 16, 2), add(w, off, 7), add(w, off, 2)]).toEqual([true, true, true]);
    expect([list(w, off), pageSpecials(w, off)]).toEqual([
      [
        [0, 2],
        [0, 7],
        [16, 2],
      ],
      true,
    ]);
    expect([add(w, off, 2), list(w, off).length]).toEqual([false, 3]);
    expect([add(w, off, 7, true), list(w, off)]).toEqual([
      true,
      [
        [0, 2],
        [0, 7],
        [0, 7],
        [16, 2],
      ],
    ]);

    for (const [at, kind] of [
      [0, 2],
      [0, 7],
      [0, 7],
      [16, 2],
    ])
      expect(removespecial(w.m, off + at, kind)).not.toBe(0);
    expect([list(w, off), pageSpecials(w, off), removespecial(w.m, off, 2)]).toEqual([[], false, 0]);
  });

  test("[A119] adding or removing sweeps the span first", () => {
    const w = boot();
    const a = noscan(w, 64);
    startSweep(w, [a]);
    const other = boot();
    const objects = Array.from({ length: 200 }, () => noscan(other, 64)); // more than a span: the first is not cached
    startSweep(other, objects);
    expect(age(other, span(other, objects[0]))).toBe(-2);
    addfinalizer(other.m, objects[0], code(other, 1));
    expect(age(other, span(other, objects[0]))).toBe(0);
  });

  test("[A119] only objects of the heap have specials", () => {
    const w = boot();
    noscan(w, 8);
    expect(() => addfinalizer(w.m, w.m.windowBytes - 8, code(w, 1))).toThrow("addspecial on invalid pointer");
    expect(() => removefinalizer(w.m, w.m.windowBytes - 8)).toThrow("removespecial on invalid pointer");
    expect(() => getOrAddWeakHandle(w.m, w.m.windowBytes - 8)).toThrow("getWeakHandle on invalid pointer");
  });

  test("law: whatever is added and removed, the list is what a sorted list would be", () => {
    const op = fc.record({ at: fc.integer({ min: 0, max: 7 }), kind: fc.constantFrom(2, 3, 7), add: fc.boolean() });
    fc.assert(
      fc.property(fc.array(op, { maxLength: 40 }), (ops) => {
        const w = boot();
        const off = noscan(w, 64);
        const model: number[][] = [];
        for (const { at, kind, add: isAdd } of ops) {
          const i = model.findIndex(([o, k]) => o === 8 * at && k === kind);
          if (!isAdd) {
            expect(removespecial(w.m, off + 8 * at, kind) !== 0).toBe(i >= 0);
            if (i >= 0) model.splice(i, 1);
          } else if (add(w, off + 8 * at, kind, kind === 7) !== false) {
            model.push([8 * at, kind]);
            model.sort(([a, b], [c, d]) => a - c || b - d);
          } else {
            expect(i).toBeGreaterThanOrEqual(0);
          }
          expect(list(w, off)).toEqual(model);
          expect(pageSpecials(w, off)).toBe(model.length > 0);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe("a sweep", () => {
  /** As go 1.26.8 does: the finalizer saw the weak pointer nil; the cleanup came after the second collection. */
  test("[A120] revives an object with a finalizer and clears its weak handle; its cleanup waits", () => {
    const w = boot();
    const off = scan(w, 64);
    const handle = getOrAddWeakHandle(w.m, off);
    addfinalizer(w.m, off, code(w, 1));
    addCleanup(w.m, off, code(w, 2), arg(w, 42));
    expect([loadPointer(w.m, handle), makeStrongFromWeak(w.m, handle), getWeakHandle(w.m, off)]).toEqual([
      off,
      off,
      handle,
    ]);

    sweep(w, [handle]);
    expect(queuedFinalizers(w)).toEqual([[code(w, 1), off]]);
    expect([loadPointer(w.m, handle), queuedCleanups(w)]).toEqual([NIL, []]);
    expect(list(w, off)).toEqual([[off - mspan.startAddr(w.m, span(w, off)), special._KindSpecialCleanup]]);
    expect([mspan.allocCount(w.m, span(w, off)), makeStrongFromWeak(w.m, handle)]).toEqual([1, NIL]);

    // The finalizer runs: nothing leads to the object any more.
    mfinal.setFinq(w.m, finalizers(w.m), 0);
    for (let b = mfinal.allfin(w.m, finalizers(w.m)); b !== 0; b = mfinal.alllink(w.m, b)) mfinal.setCnt(w.m, b, 0);
    sweep(w, []);
    expect(queuedCleanups(w)).toEqual([arg(w, 42)]);
    const m = readMetrics(w.m);
    expect([m["/gc/finalizers/queued:finalizers"], m["/gc/cleanups/queued:cleanups"]]).toEqual([1, 1]);
  });

  /** As go 1.26.8 does: 3 2 1 0. */
  test("[A119] [A144] queues the cleanups of an object the newest first; a finalizer keeps them", () => {
    const w = boot();
    const off = scan(w, 64);
    for (let i = 0; i < 4; i++) expect(addCleanup(w.m, off, code(w, 1), arg(w, i))).toBe(i + 1);
    addfinalizer(w.m, off, code(w, 2));
    sweep(w, []);
    expect(queuedCleanups(w)).toEqual([]);
    removefinalizer(w.m, off); // there is none any more: nothing happens
    for (let b = mfinal.allfin(w.m, finalizers(w.m)); b !== 0; b = mfinal.alllink(w.m, b)) mfinal.setCnt(w.m, b, 0);
    sweep(w, []);
    expect(queuedCleanups(w)).toEqual([3, 2, 1, 0].map((i) => arg(w, i)));
  });

  test("[A120] of a dead object all specials go; of a living one all stay", () => {
    const w = boot();
    const dead = scan(w, 64);
    const live = scan(w, 64);
    const handles = [getOrAddWeakHandle(w.m, dead), getOrAddWeakHandle(w.m, live)];
    for (const off of [dead, live]) addCleanup(w.m, off, code(w, 1), arg(w, off === dead ? 0 : 1));
    const h = mheap_(w.m);
    const inuse = () => mfixalloc.inuse(w.m, mheap.specialWeakHandleAlloc(h)) / special.weakHandleLayout.size;
    expect(inuse()).toBe(2);
    sweep(w, [live]);
    expect(handles.map((x) => loadPointer(w.m, x))).toEqual([NIL, live]);
    expect([queuedCleanups(w), inuse(), list(w, live).length]).toEqual([[arg(w, 0)], 1, 2]);
  });

  test("[A120] a finalizer of an inner byte revives the whole object, and each tiny object of a block its block", () => {
    const w = boot();
    const off = scan(w, 64);
    addfinalizer(w.m, off + 24, code(w, 1));
    const tiny = [noscan(w, 4), noscan(w, 4)];
    for (const t of tiny) addfinalizer(w.m, t, code(w, 2));
    flushallmcaches(w.m); // or the current block would count as reachable
    sweep(w, []);
    const seen = queuedFinalizers(w);
    expect(seen).toContainEqual([code(w, 1), off + 24]);
    for (const t of tiny) expect(seen).toContainEqual([code(w, 2), t]);
    expect(mspan.allocCount(w.m, span(w, off))).toBe(1);
  });

  test("a finalizer that is taken back is not called; a second one is refused", () => {
    const w = boot();
    const off = scan(w, 64);
    expect([addfinalizer(w.m, off, code(w, 1)), addfinalizer(w.m, off, code(w, 2))]).toEqual([true, false]);
    removefinalizer(w.m, off);
    sweep(w, []);
    expect([queuedFinalizers(w), pageSpecials(w, off)]).toEqual([[], false]);
  });

  test("more finalizers than a block holds take another; more cleanups hand theirs on", () => {
    const w = boot();
    const objects = Array.from({ length: 150 }, () => scan(w, 64));
    for (const off of objects) addfinalizer(w.m, off, code(w, 1));
    const others = Array.from({ length: 45 }, () => scan(w, 128));
    for (const [i, off] of others.entries()) addCleanup(w.m, off, code(w, 1), arg(w, i));
    sweep(w, []);
    expect(new Set(queuedFinalizers(w).map(([, off]) => off))).toEqual(new Set(objects));
    let full = 0;
    for (let b = mfinal.full(w.m, finalizers(w.m)); b !== 0; b = mfinal.blockNext(w.m, b)) full += mfinal.n(w.m, b);
    expect([full, queuedCleanups(w).length]).toEqual([40, 5]);
  });
});
