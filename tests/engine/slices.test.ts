/** What append, make and strings ask for. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { int64, uint8 } from "../../engine/index.ts";
import { NIL } from "../../engine/memory/memory.ts";
import { zerobase } from "../../engine/records/globals.ts";
import * as mspan from "../../engine/records/mspan.ts";
import type { Type } from "../../engine/records/type.ts";
import { readmemstats } from "../../engine/runtime/mstats.ts";
import {
  bytealg_MakeNoZero,
  growslice,
  growsliceBuf,
  makeslice,
  makeslicecopy,
  moveSlice,
  moveSliceNoCap,
  nextslicecap,
  sliceBufBytes,
} from "../../engine/runtime/slice.ts";
import {
  concatstrings,
  rawbyteslice,
  rawruneslice,
  rawstring,
  stringtoslicebyte,
} from "../../engine/runtime/string.ts";
import { Ev } from "../../engine/runtime/trace.ts";
import { boot, descriptor, events, noscan, span, sweep, type World, words } from "./object-heap.ts";

interface Slice {
  readonly ptr: number;
  readonly len: number;
  readonly cap: number;
}

const nil: Slice = { ptr: NIL, len: 0, cap: 0 };

/** `append(s, x)` of a slice that has no buffer. */
function append(w: World, et: Type, s: Slice): Slice {
  if (s.len < s.cap) return { ...s, len: s.len + 1 };
  const ptr = growslice(w.m, s.ptr, s.len + 1, s.cap, 1, et);
  return { ptr, len: s.len + 1, cap: w.m.ret[0] };
}

/** The same of one that begins in a buffer of the frame. */
function appendBuf(w: World, et: Type, s: Slice, buf: number, bufLen: number): Slice {
  if (s.len < s.cap) return { ...s, len: s.len + 1 };
  const ptr = growsliceBuf(w.m, s.ptr, s.len + 1, s.cap, 1, et, buf, bufLen);
  return { ptr, len: s.len + 1, cap: w.m.ret[0] };
}

/** Sizes of the requests that reach mallocgc. */
function requests(w: World, body: () => void): number[] {
  return events(w, body)
    .filter((e) => e[0] === Ev.mallocgc)
    .map((e) => e[1]);
}

function caps(n: number, step: (s: Slice) => Slice): number[] {
  let s = nil;
  return Array.from({ length: n }, () => {
    s = step(s);
    return s.cap;
  });
}

describe("growslice", () => {
  /** Recorded with go 1.26.8: cap(append(make([]int64, n), 1)). */
  test("[A145] one more than 256, 512, 848 and 1000 int64 gives room for 512, 848, 1280 and 1536", () => {
    const w = boot();
    const et = descriptor(w, int64);
    const got = [256, 512, 848, 1000].map((n) => append(w, et, { ptr: makeslice(w.m, et, n, n), len: n, cap: n }).cap);
    expect(got).toEqual([512, 848, 1280, 1536]);
  });

  /** Recorded with go 1.26.8: a local []byte, which begins in a buffer of 32 bytes, grown one by one. */
  test("[A145] TestAppendByteInLoop: bytes have room for 8, 16, 24, 32, 64, 128", () => {
    const w = boot();
    const et = descriptor(w, uint8);
    const buf = noscan(w, 32);
    const got = caps(70, ((s: Slice) => appendBuf(w, et, s, buf, 32)) as (s: Slice) => Slice);
    expect([...new Set(got)]).toEqual([8, 16, 24, 32, 64, 128]);
    expect([8, 9, 16, 17, 24, 25, 32, 33, 64, 65].map((n) => got[n - 1])).toEqual([
      8, 16, 16, 24, 24, 32, 32, 64, 64, 128,
    ]);
  });

  /** Go's own table: elements, objects, capacity that the caller sees. */
  test.each([
    [0, 0, 0],
    [1, 1, 1],
    [2, 1, 2],
    [3, 1, 3],
    [4, 1, 4],
    [5, 1, 8],
    [8, 1, 8],
    [9, 2, 16],
  ])(
    "TestAppendPtrInLoop: %i pointers, grown in a buffer and returned, are %i objects with room for %i",
    (n, objects, cap) => {
      const w = boot();
      const et = w.ptr;
      const buf = noscan(w, sliceBufBytes);
      let s = nil;
      const asked = requests(w, () => {
        for (let i = 0; i < n; i++) {
          s = appendBuf(w, et, s, buf, sliceBufBytes / 8);
          w.m.i32[(s.ptr + 8 * i) >> 2] = i + 1; // in the place of a pointer
        }
        if (s.ptr !== buf) return;
        const ptr = moveSliceNoCap(w.m, et, s.ptr, s.len);
        s = { ...s, ptr, cap: w.m.ret[0] };
      });
      expect([asked.length, s.cap]).toEqual([objects, cap]);
      for (let i = 0; i < n; i++) expect(w.m.i32[(s.ptr + 8 * i) >> 2]).toBe(i + 1);
    },
  );

  test("[A145] law: nextslicecap is Go's rule, for every capacity up to a hundred thousand", () => {
    const naive = (newLen: number, oldCap: number): number => {
      if (newLen > 2 * oldCap) return newLen;
      if (oldCap < 256) return 2 * oldCap;
      let cap = BigInt(oldCap);
      while (cap < BigInt(newLen)) cap += (cap + 768n) >> 2n;
      return Number(cap);
    };
    const wrong: number[] = [];
    for (let cap = 1; cap <= 100_000; cap++) if (nextslicecap(cap + 1, cap) !== naive(cap + 1, cap)) wrong.push(cap);
    expect(wrong).toEqual([]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 3e6 }), (cap, more) => {
        expect(nextslicecap(cap + more, cap)).toBe(naive(cap + more, cap));
      }),
    );
  });

  test("elements keep their values, and what lies behind them is zero", () => {
    const w = boot();
    for (const [t, size] of [
      [descriptor(w, int64), 8],
      [descriptor(w, words("p--")), 24],
      [descriptor(w, uint8), 1],
    ]) {
      w.m.u8.fill(0xee, noscan(w, 4096, false), 0); // nothing: the slot is dirty only below
      let s = nil;
      for (let i = 0; i < 50; i++) {
        s = append(w, t, s);
        w.m.u8[s.ptr + i * size] = size === 24 ? 0 : i + 1;
      }
      if (size !== 24) for (let i = 0; i < 50; i++) expect(w.m.u8[s.ptr + i * size]).toBe(i + 1);
      for (let b = 50 * size; b < s.cap * size; b++) expect(w.m.u8[s.ptr + b]).toBe(0);
    }
  });

  test("elements of size 0 need no memory; too many are Go's panic", () => {
    const w = boot();
    const empty = descriptor(w, words(""));
    expect(growslice(w.m, NIL, 5, 0, 5, empty)).toBe(zerobase(w.m));
    expect(w.m.ret[0]).toBe(5);
    const et = descriptor(w, int64);
    expect(() => growslice(w.m, NIL, -1, 0, 1, et)).toThrow("growslice: len out of range");
    expect(() => growslice(w.m, NIL, 2 ** 46, 0, 1, et)).toThrow("growslice: len out of range");
  });
});

describe("append's three forms", () => {
  /** Recorded with go 1.26.8: capacities of a local []int64, and objects, for 1, 4, 5 and 9 elements. */
  const all = [1, 2, 3, 4, 8, 8, 8, 8, 16];
  test.each([
    ["that leaves the function begins in a buffer and is moved at the end", "escapes", all, [1, 1, 1, 2]],
    ["that stays in the function begins with the whole buffer", "stays", [4, 4, 4, 4, 8, 8, 8, 8, 16], [0, 0, 1, 2]],
    ["of the package has no buffer", "global", [1, 2, 4, 4, 8, 8, 8, 8, 16], [1, 3, 4, 5]],
  ])("[A146] a slice %s", (_name, form, wantCaps, wantObjects) => {
    const w = boot();
    const et = descriptor(w, int64);
    const frame = noscan(w, sliceBufBytes); // stands for the frame
    const bufLen = sliceBufBytes / 8;
    const step = (s: Slice) => (form === "global" ? append(w, et, s) : appendBuf(w, et, s, frame, bufLen));
    const start = form === "stays" ? { ptr: frame, len: 0, cap: bufLen } : nil;
    let seen: number[] = [];
    const objects = [1, 4, 5, 9].map((n) => {
      let s: Slice = start;
      seen = [];
      return requests(w, () => {
        for (let i = 0; i < n; i++) {
          s = step(s);
          seen.push(s.cap);
        }
        if (form === "escapes" && s.ptr === frame) moveSlice(w.m, et, s.ptr, s.cap);
      }).length;
    });
    expect(seen).toEqual(wantCaps);
    expect(objects).toEqual(wantObjects);
  });

  test("[A146] at the escape the capacity stays, or is the slot's where nobody looks at it; empty stays empty", () => {
    const w = boot();
    const et = descriptor(w, int64);
    const frame = noscan(w, 32);
    w.m.u8.fill(7, frame, frame + 24);
    const kept = moveSlice(w.m, et, frame, 3);
    expect([w.m.ret[0], mspan.elemsize(w.m, span(w, kept)), w.m.u8[kept + 23]]).toEqual([3, 24, 7]);
    const rounded = moveSliceNoCap(w.m, et, frame, 3);
    expect([w.m.ret[0], w.m.u8[rounded + 23]]).toEqual([3, 7]);
    expect(moveSliceNoCap(w.m, descriptor(w, words("pp-----")), frame, 1)).not.toBe(NIL); // 56 bytes: 64
    expect(w.m.ret[0]).toBe(1);
    expect([moveSlice(w.m, et, frame, 0), moveSlice(w.m, et, NIL, 0)]).toEqual([zerobase(w.m), NIL]);
  });

  test("the buffer of a slice that stays on the stack has 32 bytes, and makeslice asks for what exceeds it", () => {
    // Which of the two a make uses is the compiler's comparison: it comes with cells in Go.
    const w = boot();
    expect(sliceBufBytes).toBe(32);
    expect(requests(w, () => void makeslice(w.m, descriptor(w, uint8), 33, 33))).toEqual([33]);
  });
});

describe("strings", () => {
  test("[A148] a string is asked for at its exact length, a slice of bytes at its slot's", () => {
    const w = boot();
    const a = noscan(w, 20);
    w.m.u8.fill(65, a, a + 20);
    let s = { off: NIL, len: 0 };
    expect(
      requests(
        w,
        () =>
          void (s = concatstrings(w.m, NIL, [
            { off: a, len: 20 },
            { off: a, len: 13 },
          ])),
      ),
    ).toEqual([33]);
    expect([s.len, mspan.elemsize(w.m, span(w, s.off))]).toEqual([33, 48]);
    expect([...w.m.u8.subarray(s.off, s.off + 33)].every((b) => b === 65)).toBe(true);

    let b = NIL;
    expect(requests(w, () => void (b = stringtoslicebyte(w.m, NIL, s)))).toEqual([48]);
    expect([w.m.ret[0], w.m.u8[b + 32], w.m.u8[b + 33]]).toEqual([48, 65, 0]);
  });

  test("[A148] what lies behind the elements is cleared, even in a slot that was used before", () => {
    const w = boot();
    const dirty = Array.from({ length: 400 }, () => noscan(w, 48));
    for (const off of dirty) w.m.u8.fill(0xff, off, off + 48);
    sweep(
      w,
      dirty.filter((_, i) => i % 2 === 0), // the spans stay, with holes
    );
    for (const make of [() => rawbyteslice(w.m, 33), () => rawruneslice(w.m, 9)]) {
      const off = make();
      const cap = w.m.ret[0];
      expect([12, 48]).toContain(cap);
      expect([...w.m.u8.subarray(off + 36, off + 48)].every((x) => x === 0)).toBe(true);
    }
    expect(requests(w, () => void rawstring(w.m, 33))).toEqual([33]);
    expect(requests(w, () => void bytealg_MakeNoZero(w.m, 33))).toEqual([48]);
  });

  test("[A148] up to 32 bytes in a buffer of the frame, and one that is not empty as it is: nothing is asked for", () => {
    const w = boot();
    const buf = noscan(w, 32);
    const a = { off: noscan(w, 20), len: 20 };
    const none = { off: NIL, len: 0 };
    const asked = requests(w, () => {
      expect(concatstrings(w.m, buf, [a, { off: a.off, len: 12 }])).toEqual({ off: buf, len: 32 });
      expect(concatstrings(w.m, NIL, [none, a, none])).toBe(a);
      expect(concatstrings(w.m, NIL, [none])).toEqual(none);
      expect([stringtoslicebyte(w.m, buf, a), w.m.ret[0]]).toEqual([buf, 32]);
    });
    expect(asked).toEqual([]);
    expect(requests(w, () => void concatstrings(w.m, buf, [a, { off: a.off, len: 13 }]))).toEqual([33]);
    expect(requests(w, () => void concatstrings(w.m, NIL, [a], true))).toEqual([20]); // it may lie in the frame
  });

  test("makeslicecopy clears what is not copied", () => {
    const w = boot();
    const et = descriptor(w, uint8);
    const from = noscan(w, 16);
    w.m.u8.fill(9, from, from + 16);
    const to = makeslicecopy(w.m, et, 24, 16, from);
    expect([w.m.u8[to + 15], w.m.u8[to + 16], w.m.u8[to + 23]]).toEqual([9, 0, 0]);
    expect(() => makeslicecopy(w.m, et, -1, 0, from)).toThrow("makeslice: len out of range");
    expect(readmemstats(w.m).HeapObjects).toBeGreaterThan(1);
  });
});
