/** Stores, copies, clearings and atomics under the write barrier: what each records, in what order, before what. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boot as bootProcess, int64, Process, struct } from "../../engine/index.ts";
import { loadPointer, storePointer } from "../../engine/memory/address.ts";
import { Memory, NIL } from "../../engine/memory/memory.ts";
import { writeDescriptor } from "../../engine/process/descriptors.ts";
import { type BarrierHalves, storeRun, storeWithBarrier } from "../../engine/process/stores.ts";
import { World as CellWorld } from "../../engine/process/world.ts";
import { data, gcdatamask, setEdata } from "../../engine/records/globals.ts";
import * as mspan from "../../engine/records/mspan.ts";
import * as wb from "../../engine/records/mwbbuf.ts";
import type { Type } from "../../engine/records/type.ts";
import * as abi from "../../engine/records/type.ts";
import { atomic_casPointer, atomicstorep, sync_atomic_SwapPointer } from "../../engine/runtime/atomic_pointer.ts";
import { mallocgc } from "../../engine/runtime/malloc.ts";
import {
  memclrHasPointers,
  typedmemclr,
  typedmemmove,
  typedslicecopy,
  wbMove,
  wbZero,
} from "../../engine/runtime/mbarrier.ts";
import { typePointersNext, typePointersOf, typePointersOfRange } from "../../engine/runtime/mbitmap.ts";
import { bulkBarrierPreWrite, typeBitsBulkBarrier } from "../../engine/runtime/mbitmap_barrier.ts";
import { memmove } from "../../engine/runtime/memmove.ts";
import { allocManual, spanAllocStack } from "../../engine/runtime/mheap.ts";
import { wbBufReset } from "../../engine/runtime/mwbbuf.ts";
import { schedinit } from "../../engine/runtime/proc.ts";
import { growslice, makeslicecopy, moveSlice, moveSliceNoCap } from "../../engine/runtime/slice.ts";
import { bufferOf, isMarked, queued, recorded, setBarrier } from "./barrier-heap.ts";
import { boot, descriptor, noscan, pointer, scan, slot, span, uint8, type World, words } from "./object-heap.ts";

/** Objects to point to, and what is recorded of them: their numbers, -1 for nil. */
function targets(w: World, n: number): { all: number[]; names: () => number[] } {
  const all = Array.from({ length: n }, () => noscan(w, 64));
  return { all, names: () => recorded(w).map((off) => all.indexOf(off)) };
}

function fill(w: World, at: number, offs: readonly number[]): void {
  for (const [i, off] of offs.entries()) storePointer(w.m, at + 8 * i, off);
}

const wordsAt = (w: World, at: number, n: number) => Array.from({ length: n }, (_, i) => loadPointer(w.m, at + 8 * i));

/** Words of the data segment, all of them pointers. */
function globalWords(w: World, n: number): number {
  setEdata(w.m, 8 * n);
  for (let i = 0; i < n; i++) w.m.u8[gcdatamask(w.m) + (i >> 3)] |= 1 << (i & 7);
  return data(w.m);
}

describe("one pointer store", () => {
  test("[C050] records the new pointer and the one that it replaces, whatever colour anything has", () => {
    const w = boot();
    const { all, names } = targets(w, 3);
    const at = scan(w, 64);
    storeWithBarrier(w.m, at, all[0]);
    expect(names()).toEqual([]); // the barrier is off
    setBarrier(w, true);
    const born = scan(w, 64); // black from birth
    expect(isMarked(w, born)).toBe(true);
    storeWithBarrier(w.m, at, all[1]);
    storeWithBarrier(w.m, born, all[2]);
    expect(names()).toEqual([1, 0, 2, -1]);
    expect([loadPointer(w.m, at), loadPointer(w.m, born)]).toEqual([all[1], all[2]]);
  });

  test("[C051] [C163] all of a run is recorded before the first of its stores; eight entries at a time", () => {
    const w = boot();
    const { all, names } = targets(w, 12);
    const at = scan(w, 96);
    fill(w, at, all.slice(6));
    setBarrier(w, true);
    wb.setEnd(w.m, bufferOf(w), wb.buf(bufferOf(w)) + 72); // nine: the second eight have the first flushed
    storeRun(
      w.m,
      [0, 1, 2, 3, 4, 5].map((i) => ({ slot: at + 8 * i, to: all[i] })),
    );
    expect(names()).toEqual([4, 10, 5, 11]);
    expect(all.map((off) => isMarked(w, off))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((i) => i % 6 < 4));
    expect(wordsAt(w, at, 6)).toEqual(all.slice(0, 6));

    // Two stores to one slot, one variable in two slots: the old pointer is that of before the run, each stands once.
    wbBufReset(w.m, bufferOf(w));
    storeRun(w.m, [
      { slot: at, to: all[7], variable: "x" },
      { slot: at, to: all[8] },
      { slot: at + 8, to: all[7], variable: "x" },
    ]);
    expect([names(), wordsAt(w, at, 2)]).toEqual([
      [7, 0, 8, 1],
      [all[8], all[7]],
    ]);
  });

  test("[C163] of a run with values, too, the pointers come first, and all of it before anything is stored", () => {
    const w = boot();
    const { all, names } = targets(w, 5);
    const typ = descriptor(w, words("pp"));
    const [x, y] = [mallocgc(w.m, 16, typ, true), mallocgc(w.m, 16, typ, true)];
    fill(w, x, [all[0], all[1]]);
    fill(w, y, [all[2], all[3]]);
    setBarrier(w, true);
    storeRun(w.m, [
      { typ, dst: x, src: NIL },
      { slot: x, to: all[4] },
      { typ, dst: y, src: x },
    ]);
    expect(names()).toEqual([4, 0, 0, 1, 2, 0, 3, 1]);
    expect([...wordsAt(w, x, 2), ...wordsAt(w, y, 2)]).toEqual([all[4], NIL, all[4], NIL]);
  });

  test("constants are not recorded, nor what is known to be zero", () => {
    const w = boot();
    const { all, names } = targets(w, 2);
    const at = scan(w, 64);
    fill(w, at, [all[0]]);
    setBarrier(w, true);
    storeRun(w.m, [{ slot: at, to: NIL, isConstant: true }]);
    storeRun(w.m, [{ slot: at + 8, to: all[1], isFresh: true }]);
    storeRun(w.m, [{ slot: at + 16, to: NIL, isConstant: true, isFresh: true }]);
    expect(names()).toEqual([0, 1]);
  });

  test("[C056] [C057] of a cell: stores to objects and globals have it, those to the frame's own variables have not", () => {
    const node = struct("node", { next: pointer("node"), value: int64 });
    const w = boot();
    const go = new Process(new CellWorld(w.m), 0);
    const [a, b, c] = [go.new(node), go.new(node), go.new(node)];
    const globals = go.globals({ head: pointer(node) });
    const locals = go.goroutine("main").locals({ p: pointer(node) });
    globals.head = a;
    a.next = b;
    setBarrier(w, true);
    const offs = [a, b, c].map((ref) => Number(BigInt(ref.address) - 0xc000000000n));
    const names = () => recorded(w).map((off) => offs.indexOf(off));
    locals.p = c;
    locals.p = null;
    a.value = 7;
    expect(names()).toEqual([]);
    globals.head = c;
    a.next = c;
    a.next = null;
    expect(names()).toEqual([2, 0, 2, 1, 2]);
    setBarrier(w, false);
  });
});

describe("halves", () => {
  test.each([
    ["both", [1, 0], [0, 1, 2, 3], [0, 2]],
    ["deletion", [0], [0, 2], [0, 2]],
    ["insertion", [1], [1, 3], []],
    ["none", [], [], []],
  ] as [BarrierHalves, number[], number[], number[]][])(
    "%s: a store, a copy, a clearing",
    (halves, store, copy, clear) => {
      for (const place of ["object", "global"]) {
        const w = boot();
        const { all, names } = targets(w, 4);
        const typ = descriptor(w, words("p-p"));
        const [x, y] = [mallocgc(w.m, 24, typ, true), mallocgc(w.m, 24, typ, true)];
        const at = place === "object" ? x : globalWords(w, 3);
        const seen = (body: () => void) => {
          fill(w, at, [all[0], NIL, all[2]]);
          fill(w, y, [all[1], NIL, all[3]]);
          setBarrier(w, true);
          wbBufReset(w.m, bufferOf(w));
          body();
          setBarrier(w, false);
          return names();
        };
        expect(seen(() => storeWithBarrier(w.m, at, all[1], halves))).toEqual(store);
        expect(loadPointer(w.m, at)).toBe(all[1]);
        // A global's words are all pointers here: its mask decides when both are recorded, the type's when one is.
        const copied = seen(() => storeRun(w.m, [{ typ, dst: at, src: y }], halves));
        expect(copied.filter((i) => i >= 0)).toEqual(copy);
        expect(wordsAt(w, at, 3)).toEqual([all[1], NIL, all[3]]);
        expect(seen(() => storeRun(w.m, [{ typ, dst: at, src: NIL }], halves)).filter((i) => i >= 0)).toEqual(clear);
        expect(wordsAt(w, at, 3)).toEqual([NIL, NIL, NIL]);
      }
    },
  );

  test("none of them is recorded for a copy to a stack, and none while the barrier is off", () => {
    const w = boot();
    const typ = descriptor(w, words("pp"));
    const { all, names } = targets(w, 2);
    const from = mallocgc(w.m, 16, typ, true);
    const stack = mspan.startAddr(w.m, allocManual(w.m, 1, spanAllocStack));
    fill(w, from, all);
    for (const halves of ["both", "deletion", "insertion", "none"] as const) {
      storeRun(w.m, [{ typ, dst: from, src: stack }], halves);
      fill(w, from, all);
      setBarrier(w, true);
      storeRun(w.m, [{ typ, dst: stack, src: from }], halves);
      storeRun(w.m, [{ typ, dst: stack, src: NIL }], halves);
      setBarrier(w, false);
    }
    expect(names()).toEqual([]);
  });

  test("an option of the process, in words that it knows", () => {
    expect(() => bootProcess({ writeBarrier: "half" as never })).toThrow(
      'writeBarrier is half: use "both", "deletion", "insertion" or "none"',
    );
    const w = boot();
    const go = new Process(new CellWorld(w.m, "insertion"), 0);
    const node = struct("node", { next: pointer("node") });
    const [a, b] = [go.new(node), go.new(node)];
    a.next = a;
    setBarrier(w, true);
    a.next = b;
    setBarrier(w, false);
    expect(recorded(w).map((off) => 0xc000000000 + off)).toEqual([Number(b.address)]);
  });
});

describe("bulk barriers", () => {
  test("[C059] a copy records for each pointer word of the target its old value, then the new one", () => {
    const w = boot();
    const typ = descriptor(w, words("p-pp"));
    const { all, names } = targets(w, 8);
    const [x, y] = [mallocgc(w.m, 32, typ, true), mallocgc(w.m, 32, typ, true)];
    const reset = () => {
      fill(w, x, [all[0], all[1], all[2], all[3]]);
      fill(w, y, [all[4], all[5], all[6], all[7]]);
      wbBufReset(w.m, bufferOf(w));
    };
    reset();
    setBarrier(w, true);
    typedmemmove(w.m, typ, x, y);
    expect([names(), wordsAt(w, x, 4)]).toEqual([[0, 4, 2, 6, 3, 7], all.slice(4)]);
    reset();
    wbMove(w.m, typ, x, y);
    expect([names(), wordsAt(w, x, 4)]).toEqual([[0, 4, 2, 6, 3, 7], all.slice(0, 4)]); // the barrier alone
    reset();
    typedmemmove(w.m, typ, x, x);
    expect(names()).toEqual([]);

    const stack = mspan.startAddr(w.m, allocManual(w.m, 1, spanAllocStack));
    typedmemmove(w.m, typ, stack, x);
    typedmemmove(w.m, typ, globalWords(w, 4) + 4096, x); // behind the last global
    expect(names()).toEqual([]);
    // From a stack to the heap it is the target that counts.
    typedmemmove(w.m, typ, y, stack);
    expect(names()).toEqual([4, 0, 6, 2, 7, 3]);
    // Nothing of it without pointers in the type, whatever the place.
    wbBufReset(w.m, bufferOf(w));
    typedmemmove(w.m, descriptor(w, words("----")), x, y);
    expect(names()).toEqual([]);
  });

  test("[C056] in globals the mask of the data segment decides, from the variable's word on", () => {
    const w = boot();
    const { all, names } = targets(w, 8);
    const base = globalWords(w, 24);
    w.m.u8[gcdatamask(w.m)] = 0; // words 0 to 7: no pointers
    w.m.u8[gcdatamask(w.m) + 1] = 0b10100000; // of 8 to 15: 13 and 15
    const from = scan(w, 8 * 16);
    fill(w, base + 8 * 13, [all[0], all[1], all[2], all[3]]);
    fill(w, from + 8 * 9, [all[4], all[5], all[6], all[7]]);
    setBarrier(w, true);
    bulkBarrierPreWrite(w.m, base + 8 * 4, from, 8 * 13, 0); // words 4 to 16
    expect(names()).toEqual([0, 4, 2, 6, 3, 7]);
    wbBufReset(w.m, bufferOf(w));
    bulkBarrierPreWrite(w.m, base + 8 * 14, NIL, 16, w.ptr);
    expect(names()).toEqual([2]);
  });

  test("[C060] a clearing records what is lost: a value's, or all that an object's bits say", () => {
    const w = boot();
    const typ = descriptor(w, words("p-p"));
    const { all, names } = targets(w, 6);
    const x = mallocgc(w.m, 48, typ, true); // two values
    const reset = () => {
      fill(w, x, all);
      wbBufReset(w.m, bufferOf(w));
    };
    setBarrier(w, true);
    reset();
    typedmemclr(w.m, typ, x + 24);
    expect([names(), wordsAt(w, x, 6)]).toEqual([
      [3, 5],
      [...all.slice(0, 3), NIL, NIL, NIL],
    ]);
    reset();
    memclrHasPointers(w.m, x, 48);
    expect([names(), wordsAt(w, x, 6)]).toEqual([[0, 2, 3, 5], Array(6).fill(NIL)]);
    reset();
    memclrHasPointers(w.m, x + 8, 24); // words 1 to 3
    expect([names(), wordsAt(w, x, 6)]).toEqual([
      [2, 3],
      [all[0], NIL, NIL, NIL, all[4], all[5]],
    ]);
    reset();
    wbZero(w.m, typ, x);
    expect([names(), wordsAt(w, x, 6)]).toEqual([[0, 2], all]);
    reset();
    typedmemclr(w.m, uint8Type(w), noscan(w, 3) + 1); // any alignment without pointers
    expect(names()).toEqual([]);
  });

  test("[C164] copies of slices: up to the last pointer of the last element, overlapping, nothing onto itself", () => {
    const w = boot();
    const typ = descriptor(w, words("p--"));
    const { all, names } = targets(w, 4);
    const x = mallocgc(w.m, 24 * 4, typ, true);
    for (const [i, off] of all.entries()) storePointer(w.m, x + 24 * i, off);
    const firsts = () => [0, 1, 2, 3].map((i) => all.indexOf(loadPointer(w.m, x + 24 * i)));
    setBarrier(w, true);
    expect(typedslicecopy(w.m, typ, x, 4, x, 4)).toBe(4);
    expect(typedslicecopy(w.m, typ, x, 0, x + 24, 3)).toBe(0);
    expect(names()).toEqual([]);
    expect(typedslicecopy(w.m, typ, x + 24, 3, x, 4)).toBe(3);
    expect([names(), firsts()]).toEqual([
      [1, 0, 2, 1, 3, 2],
      [0, 0, 1, 2],
    ]);
    wbBufReset(w.m, bufferOf(w));
    expect(typedslicecopy(w.m, typ, x, 4, x + 24, 3)).toBe(3);
    expect([names(), firsts()]).toEqual([
      [0, 0, 0, 1, 1, 2],
      [0, 1, 2, 2],
    ]);
    expect(() => bulkBarrierPreWrite(w.m, x + 4, NIL, 8, typ)).toThrow("bulkBarrierPreWrite: unaligned arguments");
    expect(() => bulkBarrierPreWrite(w.m, x, x, 4, typ)).toThrow("bulkBarrierPreWrite: unaligned arguments");
  });

  test("[C164] a copy of more than fits is flushed in the middle, more than once", () => {
    const w = boot({ greentea: false });
    const old = Array.from({ length: 700 }, () => scan(w, 16));
    const fresh = Array.from({ length: 700 }, () => scan(w, 16));
    const [x, y] = [scan(w, 8 * 700), scan(w, 8 * 700)];
    fill(w, x, old);
    fill(w, y, fresh);
    setBarrier(w, true);
    typedslicecopy(w.m, w.ptr, x, 700, y, 700);
    const both = old.flatMap((off, i) => [off, fresh[i]]);
    expect(recorded(w)).toEqual(both.slice(1024));
    expect(both.filter((off) => isMarked(w, off))).toEqual(both.slice(0, 1024).filter((off) => isMarked(w, off)));
    expect(both.slice(0, 1024).every((off) => isMarked(w, off))).toBe(true);
    expect(wordsAt(w, x, 700)).toEqual(fresh);
  });

  test("[C058] [C164] a value sent to another's stack is recorded by its type, both halves, wherever it goes", () => {
    const w = boot();
    const typ = descriptor(w, words("-pp-"));
    const { all, names } = targets(w, 8);
    const x = mallocgc(w.m, 32, typ, true);
    const stack = mspan.startAddr(w.m, allocManual(w.m, 1, spanAllocStack));
    fill(w, x, all.slice(0, 4));
    fill(w, stack, all.slice(4));
    typeBitsBulkBarrier(w.m, typ, stack, x, 32);
    expect(names()).toEqual([]);
    setBarrier(w, true);
    typeBitsBulkBarrier(w.m, typ, stack, x, 32);
    expect(names()).toEqual([5, 1, 6, 2]);
    expect(() => typeBitsBulkBarrier(w.m, typ, stack, x, 24)).toThrow("runtime: invalid typeBitsBulkBarrier");
    expect(() => typeBitsBulkBarrier(w.m, 0, stack, x, 24)).toThrow("typeBitsBulkBarrier without type");
  });

  test("[C061] what grows or moves to the heap records what it gets: its memory is fresh", () => {
    const w = boot();
    const typ = descriptor(w, words("p-"));
    const { all, names } = targets(w, 3);
    const old = mallocgc(w.m, 48, typ, true);
    for (const [i, off] of all.entries()) storePointer(w.m, old + 16 * i, off);
    const stack = mspan.startAddr(w.m, allocManual(w.m, 1, spanAllocStack));
    w.m.u8.copyWithin(stack, old, old + 48);
    growslice(w.m, old, 4, 3, 1, typ);
    expect(names()).toEqual([]);
    setBarrier(w, true);
    const grown = growslice(w.m, old, 4, 3, 1, typ);
    expect([names(), loadPointer(w.m, grown + 32)]).toEqual([[0, 1, 2], all[2]]);
    expect([slot(w, grown), isMarked(w, grown), isMarked(w, old)]).toEqual([expect.any(Number), true, false]);
    for (const make of [
      () => makeslicecopy(w.m, typ, 5, 3, old),
      () => moveSlice(w.m, typ, stack, 3),
      () => moveSliceNoCap(w.m, typ, stack, 3),
    ]) {
      wbBufReset(w.m, bufferOf(w));
      const p = make();
      expect([names(), loadPointer(w.m, p)]).toEqual([[0, 1, 2], all[0]]);
    }
    wbBufReset(w.m, bufferOf(w));
    makeslicecopy(w.m, typ, 2, 3, old);
    growslice(w.m, NIL, 1, 0, 1, typ);
    growslice(w.m, noscan(w, 16), 3, 2, 1, uint8Type(w));
    expect(names()).toEqual([0, 1]);
  });

  test("law: a part of any object records the pointers that a walk of the whole object finds there", () => {
    const w = boot();
    const types = [
      "p",
      "-p",
      "p--",
      "p".padEnd(64, "-"),
      "p".padEnd(90, "-"),
      `p${"-".repeat(69)}p`,
      `${"-".repeat(100)}pp`,
    ].map((t) => descriptor(w, words(t)));
    const walk = (start: (tp: Int32Array) => void, limit: number) => {
      const tp = new Int32Array(5);
      start(tp);
      const list: number[] = [];
      for (let at = typePointersNext(w.m, tp, limit); at !== NIL; at = typePointersNext(w.m, tp, limit)) list.push(at);
      return list;
    };
    fc.assert(
      fc.property(
        fc.constantFrom(...types),
        fc.integer({ min: 1, max: 80 }),
        fc.nat(10_000),
        fc.nat(10_000),
        (typ: Type, n, from, length) => {
          const size = n * abi.size(w.m, typ);
          const x = mallocgc(w.m, size, typ, true);
          const s = span(w, x);
          const base = mspan.startAddr(w.m, s) + slot(w, x) * mspan.elemsize(w.m, s);
          const first = x + 8 * (from % (size / 8));
          const last = Math.min(first + 8 + 8 * length, x + size);
          const all = walk((tp) => typePointersOf(w.m, s, base, tp), base + mspan.elemsize(w.m, s));
          const part = walk((tp) => typePointersOfRange(w.m, s, first, last - first, tp), last);
          expect(part).toEqual(all.filter((at) => at >= first && at < last));
        },
      ),
      { numRuns: 500 },
    );
  });

  function uint8Type(w: World): Type {
    return descriptor(w, uint8);
  }
});

test("[C062] atomics record the old and the new pointer before they act, and if they fail", () => {
  const w = boot();
  const { all, names } = targets(w, 5);
  const at = scan(w, 64);
  fill(w, at, [all[0]]);
  atomicstorep(w.m, at, all[0]);
  expect(names()).toEqual([]);
  setBarrier(w, true);
  atomicstorep(w.m, at, all[1]);
  expect(names()).toEqual([0, 1]);
  expect(sync_atomic_SwapPointer(w.m, at, all[2])).toBe(all[1]);
  expect(names()).toEqual([0, 1, 1, 2]);
  expect([atomic_casPointer(w.m, at, all[1], all[3]), loadPointer(w.m, at)]).toEqual([false, all[2]]);
  expect([atomic_casPointer(w.m, at, all[2], NIL), loadPointer(w.m, at)]).toEqual([true, NIL]);
  expect(names()).toEqual([0, 1, 1, 2, 2, 3, 2, -1]);
  expect(queued(w)).toEqual([[], [], []]); // nothing is shaded before a flush
});

test("over a shared buffer words are moved and stored whole, by the same functions with the same results", () => {
  const results = [false, true].map((isShared) => {
    const buffer = isShared ? new SharedArrayBuffer(180 << 20) : new ArrayBuffer(180 << 20);
    const m = new Memory({ buffer });
    schedinit(m);
    const w: World = { m, ptr: writeDescriptor(m, pointer(uint8)) };
    const { all, names } = targets(w, 6);
    const at = scan(w, 256);
    fill(w, at, all);
    setBarrier(w, true);
    typedslicecopy(m, w.ptr, at + 16, 6, at, 6);
    typedslicecopy(m, w.ptr, at, 6, at + 8, 6);
    memmove(m, at + 101, at + 3, 40);
    const swapped = sync_atomic_SwapPointer(m, at, all[3]);
    const cas = [atomic_casPointer(m, at, all[3], all[4]), atomic_casPointer(m, at, all[3], all[4])];
    return { names: names(), words: [...m.u8.subarray(at, at + 256)], swapped, cas };
  });
  expect(results[1]).toEqual(results[0]);
  expect(results[0].cas).toEqual([true, false]);
});
