import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NIL } from "../../engine/memory/memory.ts";
import { popcount64 } from "../../engine/memory/u64.ts";
import * as gcbits from "../../engine/records/gcbits.ts";
import { allp, gcBitsArenas, writeBarrier, zerobase } from "../../engine/records/globals.ts";
import * as heaparena from "../../engine/records/heaparena.ts";
import * as mcache from "../../engine/records/mcache.ts";
import { bytesMarked } from "../../engine/records/mgcwork.ts";
import type { MSpan } from "../../engine/records/mspan.ts";
import * as mspan from "../../engine/records/mspan.ts";
import * as p from "../../engine/records/runtime2.ts";
import { mallocgc, nextFree, nextFreeFast } from "../../engine/runtime/malloc.ts";
import { nextFreeIndex, refillAllocCache } from "../../engine/runtime/mbitmap.ts";
import { flushallmcaches } from "../../engine/runtime/mcache.ts";
import { heapArenaOf, mheapAlloc, pageIndexOf, pageMaskOf } from "../../engine/runtime/mheap.ts";
import { newMarkBits, nextMarkBitArenaEpoch } from "../../engine/runtime/mheap_gcbits.ts";
import { readmemstats } from "../../engine/runtime/mstats.ts";
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
  sweep,
  type World,
} from "./object-heap.ts";

/** Free bits left in a span's allocCache. */
function cacheBits(w: World, s: MSpan): number {
  return popcount64(mspan.allocCacheLo(w.m, s), mspan.allocCacheHi(w.m, s));
}

/** Everything that finding a slot may change. */
function cursor(w: World, s: MSpan): number[] {
  return [
    mspan.freeindex(w.m, s),
    mspan.allocCount(w.m, s),
    mspan.allocCacheLo(w.m, s),
    mspan.allocCacheHi(w.m, s),
    mspan.freeIndexForScan(w.m, s),
  ];
}

/** A span of the class of 64 bytes, 126 slots, whose allocation bits are `taken`. */
function spanWithBits(w: World, taken: readonly number[]): MSpan {
  const s = mheapAlloc(w.m, 1, 13);
  for (const i of taken) w.m.u8[mspan.allocBits(w.m, s) + (i >> 3)] |= 1 << (i & 7);
  mspan.setAllocCount(w.m, s, taken.length);
  mspan.setFreeindex(w.m, s, 0);
  refillAllocCache(w.m, s, 0);
  return s;
}

describe("finding a free slot", () => {
  test("[A063] allocCache is the complement of 64 bits, shifted, and is filled anew at multiples of 64", () => {
    const w = boot();
    const seen = new Map<number, number[]>();
    for (let i = 0; i < 126; i++) {
      const x = noscan(w, 64);
      const s = span(w, x);
      expect(slot(w, x)).toBe(i);
      seen.set(i, [mspan.freeindex(w.m, s), cacheBits(w, s)]);
    }
    expect(seen.get(62)).toEqual([63, 1]);
    expect(seen.get(63)).toEqual([64, 64]);
    expect(seen.get(64)).toEqual([65, 63]);
    const s = cachedSpan(w, 13);
    expect([mspan.nelems(w.m, s), mspan.freeindex(w.m, s)]).toEqual([126, 126]);
    expect(span(w, noscan(w, 64))).not.toBe(s); // 125 was its last
  });

  test("[A064] nextFreeFast gives up at a multiple of 64 and changes nothing, unless it is the span's end", () => {
    const w = boot();
    const taken = Array.from({ length: 63 }, (_, i) => i); // 63 is the only free slot below 64
    const s = spanWithBits(w, taken);
    mspan.setFreeindex(w.m, s, 62);
    mspan.setAllocCacheLo(w.m, s, 0b10);
    mspan.setAllocCacheHi(w.m, s, 0);
    const before = cursor(w, s);
    expect(nextFreeFast(w.m, s)).toBe(NIL);
    expect(cursor(w, s)).toEqual(before);

    mspan.setNelems(w.m, s, 64);
    expect(nextFreeFast(w.m, s)).toBe(mspan.startAddr(w.m, s) + 63 * 64);
    expect(mspan.freeindex(w.m, s)).toBe(64);
  });

  test("[A065] nextFree refills when allocCount is nelems, and throws when the bitmap says full and the count does not", () => {
    const w = boot();
    const c = cacheOf(w);
    const objects = fillSpan(w, () => noscan(w, 2048));
    expect(objects).toHaveLength(4);
    const kinds = (body: () => void) => events(w, body).filter((e) => e[0] === Ev.refill).length;
    expect(kinds(() => noscan(w, 2048))).toBe(1); // full: another span
    for (let i = 0; i < 3; i++) expect(kinds(() => noscan(w, 2048))).toBe(0);

    const spc = mspan.spanclass(w.m, span(w, objects[0]));
    const s = mcache.alloc(w.m, c, spc);
    mspan.setAllocCount(w.m, s, 3);
    expect(() => nextFree(w.m, c, spc)).toThrow("s.allocCount != s.nelems && freeIndex == s.nelems");
  });

  test("[A066] freed slots are used again in ascending order, each hole in its turn", () => {
    const w = boot();
    const objects = fillSpan(w, () => noscan(w, 512));
    expect(objects).toHaveLength(15);
    sweep(
      w,
      objects.filter((_, i) => i % 3 === 0),
    );
    const s = span(w, objects[0]);
    const got = Array.from({ length: 10 }, () => noscan(w, 512));
    expect(got.map((x) => slot(w, x))).toEqual([1, 2, 4, 5, 7, 8, 10, 11, 13, 14]);
    expect(got.every((x) => span(w, x) === s)).toBe(true);
    expect(mspan.needzero(w.m, s)).toBe(1);
  });

  test("law: slots come out in order, for any bitmap and any number of slots", () => {
    const w = boot();
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 126 }),
        fc.uniqueArray(fc.integer({ min: 0, max: 125 })),
        (nelems, bits) => {
          const taken = bits.filter((i) => i < nelems);
          const s = spanWithBits(w, taken);
          mspan.setNelems(w.m, s, nelems);
          const order: number[] = [];
          for (let i = nextFreeIndex(w.m, s); i !== nelems; i = nextFreeIndex(w.m, s)) order.push(i);
          expect(order).toEqual(Array.from({ length: nelems }, (_, i) => i).filter((i) => !taken.includes(i)));
          mspan.setState(w.m, s, mspan.mSpanDead); // not to be counted: it was only borrowed
        },
      ),
      { numRuns: 400 },
    );
  });

  test("[A061] bitmaps come in words of 64, and their arenas go through four generations before they are used again", () => {
    const w = boot();
    const arenas = gcBitsArenas(w.m);
    const take = (n: number) => newMarkBits(w.m, n);
    const [a, b, c, d] = [take(64), take(65), take(1024), take(1)];
    expect([b - a, c - b, d - c]).toEqual([8, 16, 128]);

    const first = gcbits.arenasNext(w.m, arenas);
    w.m.u8[a] = 0xff;
    const epoch = () => {
      nextMarkBitArenaEpoch(w.m);
      const list = [
        gcbits.arenasCurrent(w.m, arenas),
        gcbits.arenasPrevious(w.m, arenas),
        gcbits.arenasFree(w.m, arenas),
      ];
      return list.indexOf(first);
    };
    expect([epoch(), epoch(), epoch()]).toEqual([0, 1, 2]); // current, previous, free
    take(64);
    expect(gcbits.arenasNext(w.m, arenas)).toBe(first);
    expect(w.m.u8[a]).toBe(0);
    expect(gcbits.arenasFree(w.m, arenas)).toBe(0);
  });
});

describe("the ways through mallocgc", () => {
  test("[A067] every object of size 0 is zerobase, and none is counted", () => {
    const w = boot();
    const before = readmemstats(w.m);
    const [a, b] = [noscan(w, 0), mallocgc(w.m, 0, w.ptr, true)];
    expect([a, b]).toEqual([zerobase(w.m), zerobase(w.m)]);
    const after = readmemstats(w.m);
    expect([after.Mallocs - before.Mallocs, after.TotalAlloc - before.TotalAlloc]).toEqual([0, 0]);
  });

  test("objects with pointers must be zeroed", () => {
    const w = boot();
    expect(() => mallocgc(w.m, 64, w.ptr, false)).toThrow("objects with pointers must be zeroed");
  });

  test("[A048] what is cleared: the noscan slot, the requested bytes, the slot with its header, the tiny block", () => {
    let w = boot();
    /** Fills a slot with 0xff, frees it, and gives the bytes of the slot after the next allocation there. */
    const reuse = (alloc: () => number, again: () => number, elemsize: number): number[] => {
      w = boot();
      const keep = alloc();
      const x = alloc();
      const start = mspan.startAddr(w.m, span(w, x)) + slot(w, x) * elemsize;
      w.m.u8.fill(0xff, start, start + elemsize);
      sweep(w, [keep]);
      const y = again();
      expect([span(w, y), slot(w, y)]).toEqual([
        span(w, keep),
        (start - mspan.startAddr(w.m, span(w, keep))) / elemsize,
      ]);
      return [...w.m.u8.subarray(start, start + elemsize)];
    };
    const zeros = (n: number) => Array(n).fill(0);
    const old = (n: number) => Array(n).fill(0xff);
    const noscan100 = () => noscan(w, 100);
    expect(reuse(noscan100, noscan100, 112)).toEqual(zeros(112));
    expect(reuse(noscan100, () => noscan(w, 100, false), 112)).toEqual(old(112));
    // The slot's last 24 bytes keep what lay there: no pointer bit is set for them.
    expect(
      reuse(
        () => scan(w, 480),
        () => scan(w, 456),
        480,
      ),
    ).toEqual([...zeros(456), ...old(24)]);
    const header = reuse(
      () => scan(w, 1000),
      () => scan(w, 904),
      1024,
    );
    expect(new DataView(Uint8Array.from(header).buffer).getUint32(0, true)).toBe(w.ptr);
    expect(header.slice(8)).toEqual(zeros(1016));
    expect(
      reuse(
        () => noscan(w, 16),
        () => noscan(w, 3),
        16,
      ),
    ).toEqual(zeros(16));
  });

  test("[A057] an object of more than 512 bytes with pointers begins 8 bytes into its slot, after its type", () => {
    const w = boot();
    const x = scan(w, 520);
    const s = span(w, x);
    expect([mspan.spanclass(w.m, s), x - mspan.startAddr(w.m, s)]).toEqual([54, 8]);
    expect([w.m.i32[(x - 8) >> 2], w.m.i32[(x - 4) >> 2]]).toEqual([w.ptr, 0]);
    expect(scan(w, 512) - mspan.startAddr(w.m, cachedSpan(w, 52))).toBe(0);
  });

  test("[A091] a large object has a span of its own, whose limit is the requested size", () => {
    const w = boot();
    const x = noscan(w, 32761);
    const s = span(w, x);
    expect([mspan.spanclass(w.m, s), mspan.npages(w.m, s), mspan.elemsize(w.m, s)]).toEqual([1, 4, 32768]);
    expect([mspan.limit(w.m, s) - x, mspan.freeindex(w.m, s), mspan.allocCount(w.m, s)]).toEqual([32761, 1, 1]);
    expect([mspan.nelems(w.m, s), age(w, s)]).toEqual([1, 0]);
    expect(mspan.largeType(w.m, span(w, scan(w, 40000)))).toBe(w.ptr);
    expect(mspan.largeType(w.m, s)).toBe(0);
  });

  test("[A077] freeIndexForScan follows freeindex with every new slot, and a tiny object in an old block moves nothing", () => {
    const w = boot();
    for (let i = 0; i < 70; i++) {
      const s = span(w, noscan(w, 64));
      expect(mspan.freeIndexForScan(w.m, s)).toBe(mspan.freeindex(w.m, s));
    }
    const s = span(w, noscan(w, 3));
    mspan.setFreeIndexForScan(w.m, s, 0);
    noscan(w, 3);
    expect(mspan.freeIndexForScan(w.m, s)).toBe(0);
    setWriteBarrier(w, true);
    const before = mspan.freeIndexForScan(w.m, cachedSpan(w, 13));
    noscan(w, 64);
    expect(mspan.freeIndexForScan(w.m, cachedSpan(w, 13))).toBe(before);
    expect(mspan.freeindex(w.m, cachedSpan(w, 13))).toBe(before + 1);
    setWriteBarrier(w, false);
  });

  test("[A076] while the barrier is on, new objects are black: mark, scan bit of small slots, page, bytes", () => {
    const w = boot();
    noscan(w, 48);
    noscan(w, 1024);
    setWriteBarrier(w, true);
    const small = noscan(w, 48);
    const s = span(w, small);
    const inline = mspan.startAddr(w.m, s) + 8064;
    expect([setBits(w, inline, 504), setBits(w, inline + 64, 504)]).toEqual([[1], [1]]);
    expect(setBits(w, mspan.gcmarkBits(w.m, s), 168)).toEqual([]);
    const big = noscan(w, 1024);
    expect(setBits(w, mspan.gcmarkBits(w.m, span(w, big)), 8)).toEqual([1]);
    expect(pageMark(w, small) && pageMark(w, big)).toBe(true);
    expect(bytesMarked(w.m, p.gcw(allp(w.m, 0)))).toBe(48 + 1024);
    setWriteBarrier(w, false);
  });
});

describe("the tiny allocator", () => {
  test("[A071] [A072] sixteen sizes fall where Go puts them; the block with more room left stays", () => {
    const w = boot();
    const sizes = [1, 2, 4, 8, 3, 5, 7, 12, 6, 15, 1, 1, 16, 9, 8, 8];
    const got = sizes.map((n) => noscan(w, n));
    const base = mspan.startAddr(w.m, span(w, got[0]));
    expect(got.map((x) => [(x - base) >> 4, (x - base) & 15])).toEqual([
      [0, 0],
      [0, 2],
      [0, 4],
      [0, 8],
      [1, 0],
      [1, 3],
      [1, 8],
      [2, 0],
      [3, 0],
      [4, 0], // 15 bytes took a block, but the one with 6 used stays current
      [3, 6],
      [3, 7],
      [5, 0], // 16 bytes are not tiny, yet come from the same span
      [6, 0],
      [3, 8],
      [7, 0],
    ]);
  });

  test("[A073] the place in the block is aligned by the size: to 8, 4, 2 or not at all", () => {
    const w = boot();
    for (let size = 1; size < 16; size++) {
      flushallmcaches(w.m);
      const first = noscan(w, 1);
      const x = noscan(w, size);
      const align = size % 8 === 0 ? 8 : size % 4 === 0 ? 4 : size % 2 === 0 ? 2 : 1;
      expect([size, x - first]).toEqual([size, align + size <= 16 ? align : 16]);
    }
  });

  test("[A074] tiny blocks share span class 5 with objects of 16 bytes", () => {
    const w = boot();
    const [a, b] = [noscan(w, 3), noscan(w, 16)];
    expect(span(w, a)).toBe(span(w, b));
    expect(mspan.spanclass(w.m, span(w, a))).toBe(5);
    expect(b - a).toBe(16);
  });

  test("[A075] a flush drops the block, which lives on as long as one part of it does", () => {
    const w = boot({ check: "step" });
    const parts = Array.from({ length: 16 }, () => noscan(w, 1));
    const block = parts[0] & ~15;
    expect(new Set(parts.map((x) => x & ~15)).size).toBe(1);
    const beforeFlush = noscan(w, 3);
    readmemstats(w.m);
    expect([mcache.tiny(w.m, cacheOf(w)), mcache.tinyoffset(w.m, cacheOf(w))]).toEqual([NIL, 0]);
    expect(noscan(w, 3) & ~15).not.toBe(beforeFlush & ~15); // ReadMemStats split what would have shared a block
    sweep(w, [parts[7]]);
    const s = span(w, block);
    expect(setBits(w, mspan.allocBits(w.m, s), 504)).toContain(slot(w, block));
    // The block that was current when the cycle began lives through it, even if all its parts are dead.
    const current = noscan(w, 2);
    sweep(w, [parts[7]]);
    expect(setBits(w, mspan.allocBits(w.m, s), 504)).toContain(slot(w, current));
    sweep(w, [parts[7]]);
    expect(setBits(w, mspan.allocBits(w.m, s), 504)).toEqual([slot(w, block)]);
  });
});

function setWriteBarrier(w: World, on: boolean): void {
  w.m.i32[writeBarrier(w.m) >> 2] = on ? 1 : 0;
}

function pageMark(w: World, off: number): boolean {
  const base = mspan.startAddr(w.m, span(w, off));
  return (w.m.u8[heaparena.pageMarks(heapArenaOf(w.m, base)) + pageIndexOf(base)] & pageMaskOf(base)) !== 0;
}
