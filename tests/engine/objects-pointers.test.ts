import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { GoType } from "../../engine/index.ts";
import { DATA_BYTES, NIL } from "../../engine/memory/memory.ts";
import { rodataBytes } from "../../engine/process/descriptors.ts";
import { heapScan } from "../../engine/records/gcController.ts";
import { gcController } from "../../engine/records/globals.ts";
import * as mcache from "../../engine/records/mcache.ts";
import * as mspan from "../../engine/records/mspan.ts";
import * as abi from "../../engine/records/type.ts";
import { mallocgc } from "../../engine/runtime/malloc.ts";
import { heapBitsBase, typePointersNext, typePointersOf, typePointersWords } from "../../engine/runtime/mbitmap.ts";
import {
  array,
  boot,
  cacheOf,
  descriptor,
  pointer,
  scan,
  setBits,
  slot,
  span,
  sweep,
  uint8,
  type World,
  words,
} from "./object-heap.ts";

/** Lets new descriptors overwrite the old ones. */
function forgetDescriptors(w: World): void {
  w.m.i32[(w.m.data + DATA_BYTES - rodataBytes) >> 2] = 0;
}

/** Pointer words of the whole span, counted from its first word. */
function spanBits(w: World, off: number): number[] {
  const s = span(w, off);
  return setBits(w, heapBitsBase(w.m, s), 1024);
}

/** Offsets of the pointer words of an object, as the collector would walk them. */
function walk(w: World, x: number): number[] {
  const s = span(w, x);
  const start = mspan.startAddr(w.m, s) + slot(w, x) * mspan.elemsize(w.m, s);
  const tp = new Int32Array(typePointersWords);
  typePointersOf(w.m, s, start, tp);
  const found: number[] = [];
  for (;;) {
    const at = typePointersNext(w.m, tp, start + mspan.elemsize(w.m, s));
    if (at === NIL) return found;
    found.push((at - x) / 8);
  }
}

function make(w: World, t: GoType, n = 1): number {
  return mallocgc(w.m, t.size * n, descriptor(w, t), true);
}

describe("which words hold pointers", () => {
  test("[A054] one bit a word: at byte 7936 of the span, and at 8064 where slots have 8 bytes", () => {
    for (let k = 0; k < 6; k++) {
      const w = boot();
      const x = make(w, words(`${"-".repeat(k)}p${"-".repeat(5 - k)}`));
      expect([mspan.spanclass(w.m, span(w, x)), slot(w, x)]).toEqual([10, 0]);
      expect(heapBitsBase(w.m, span(w, x)) - mspan.startAddr(w.m, span(w, x))).toBe(7936);
      expect(w.m.u8[x + 7936 + (k >> 3)]).toBe(1 << (k & 7));
      const y = make(w, words(`${"-".repeat(k)}p${"-".repeat(5 - k)}`));
      expect(spanBits(w, x)).toEqual([k, (y - x) / 8 + k]);
    }
    const w = boot();
    const x = scan(w, 8);
    expect(heapBitsBase(w.m, span(w, x)) - x).toBe(8064);
  });

  test("[A055] TestGCInfo, law: the bits of an object are its type's, repeated, and no other slot's bits change", () => {
    const w = boot({ check: "none" });
    const type = fc
      .array(fc.constantFrom("p", "-"), { minLength: 1, maxLength: 64 })
      .map((a) => a.join(""))
      .filter((s) => s.includes("p"));
    const noise = fc.uint8Array({ minLength: 128, maxLength: 128 });
    /** What was written over all bits of a span after its last allocation. */
    const before = new Map<number, Uint8Array>();
    fc.assert(
      fc.property(type, fc.integer({ min: 1, max: 64 }), noise, (pattern, count, bytes) => {
        const n = Math.min(count, Math.floor(64 / pattern.length));
        if (pattern.length * n < 2) return; // 8-byte slots are another matter
        forgetDescriptors(w);
        const x = make(w, words(pattern), n);
        const s = span(w, x);
        const first = (x - mspan.startAddr(w.m, s)) / 8;
        const want = new Uint8Array(before.get(s) ?? new Uint8Array(128));
        const repeated = pattern.repeat(n);
        for (let i = 0; i < mspan.elemsize(w.m, s) / 8; i++) {
          const bit = 1 << ((first + i) & 7);
          want[(first + i) >> 3] &= ~bit;
          if (repeated[i] === "p") want[(first + i) >> 3] |= bit;
        }
        const at = heapBitsBase(w.m, s);
        const got = w.m.u8.subarray(at, at + 128);
        if (got.join() !== want.join()) expect(got).toEqual(want);
        expect(walk(w, x).join()).toBe([...repeated].flatMap((c, i) => (c === "p" ? [i] : [])).join());
        got.set(bytes);
        before.set(s, bytes);
      }),
      { numRuns: 10_000 },
    );
  });

  test("[A055] neighbours of a slot whose bits straddle two words keep theirs", () => {
    const w = boot({ check: "none" });
    const t = words("p-p-pp"); // 48 bytes: slot 10 has the bits 60 to 65
    const objects = Array.from({ length: 165 }, () => make(w, t));
    const s = span(w, objects[0]);
    const bits = heapBitsBase(w.m, s);
    const rest = new Set(objects);
    const freed = objects.filter((_, i) => i % 5 === 0);
    for (const x of freed) rest.delete(x);
    sweep(w, rest);
    const pattern = Array.from({ length: 128 }, (_, i) => (i * 37 + 11) & 0xff);
    for (const x of freed) {
      w.m.u8.set(pattern, bits);
      const before = setBits(w, bits, 1024);
      const y = make(w, words("-p----"));
      expect(y).toBe(x);
      const first = (x - mspan.startAddr(w.m, s)) / 8;
      const other = (i: number) => i < first || i >= first + 6;
      const after = setBits(w, bits, 1024);
      expect(after.filter(other)).toEqual(before.filter(other));
      expect(after.filter((i) => !other(i))).toEqual([first + 1]);
    }
  });

  test("[A055] 64 pointers set all 64 bits of their slot", () => {
    const w = boot();
    const x = scan(w, 512);
    expect(spanBits(w, x)).toEqual(Array.from({ length: 64 }, (_, i) => i));
  });

  test("[A056] the bits of 8-byte slots are all ones from the start and are never written", () => {
    const w = boot();
    const x = scan(w, 8);
    const bytes = () => [...w.m.u8.subarray(x + 8064, x + 8192)];
    const ones = Array(128).fill(0xff);
    expect(bytes()).toEqual(ones);
    for (let i = 1; i < 1008; i++) expect(span(w, scan(w, 8))).toBe(span(w, x));
    expect(bytes()).toEqual(ones);
    expect(mcache.scanAlloc(w.m, cacheOf(w))).toBe(8 * 1008);
  });

  test("[A058] an array in a slot with a header is tiled by its element's mask to the slot's end", () => {
    const w = boot();
    const x = make(w, words("-p-"), 30);
    expect(mspan.elemsize(w.m, span(w, x))).toBe(768);
    const inSlot = walk(w, x).map((i) => i + 1); // counted from the slot, whose word 0 is the header
    const wanted = Array.from({ length: 95 }, (_, i) => i + 1).filter((i) => (i - 1) % 3 === 1);
    expect(inSlot).toEqual(wanted);
  });

  test("[A058] large objects are tiled to the end of their pages; a mask of more than 64 words is read on", () => {
    const w = boot();
    const long = words(`${"-".repeat(70)}p${"-".repeat(70)}p-`);
    const x = make(w, long, 40);
    const n = mspan.elemsize(w.m, span(w, x)) / 8;
    const wanted = Array.from({ length: n }, (_, i) => i).filter((i) => i % 143 === 70 || i % 143 === 141);
    expect(walk(w, x)).toEqual(wanted);
  });

  test("TestHugeGCInfo: a type of 320,000 bytes has a mask on demand, and its object's words are those", () => {
    const w = boot();
    const huge = array(20_000, words("-p"));
    const d = descriptor(w, huge);
    expect([abi.tflag(w.m, d) & abi.TFlagGCMaskOnDemand, abi.ptrBytes(w.m, d)]).toEqual([16, 320_000]);
    const x = make(w, huge);
    const found = walk(w, x);
    const n = mspan.elemsize(w.m, span(w, x)) / 8; // tiled to the end of its pages, like any large object
    expect([n, found.length]).toEqual([40_960, 20_480]);
    expect(found.every((word, i) => word === 2 * i + 1)).toBe(true);
  });

  test("[A059] scanAlloc: elements up to the last pointer, only 8 for bare pointers, the slot with a header", () => {
    const amount = (alloc: (w: World) => void) => {
      const w = boot();
      alloc(w);
      const before = heapScan(w.m, gcController(w.m)) + mcache.scanAlloc(w.m, cacheOf(w));
      alloc(w);
      return heapScan(w.m, gcController(w.m)) + mcache.scanAlloc(w.m, cacheOf(w)) - before;
    };
    expect(amount((w) => void make(w, pointer(uint8), 64))).toBe(8);
    expect(amount((w) => void make(w, words("p-"), 32))).toBe(504);
    expect(amount((w) => void make(w, pointer(uint8), 65))).toBe(576);
    expect(amount((w) => void make(w, pointer(uint8), 5000))).toBe(40960);
    expect(amount((w) => void make(w, array(3, pointer(uint8))))).toBe(24);
    expect(amount((w) => void make(w, pointer(uint8)))).toBe(8);
  });
});
