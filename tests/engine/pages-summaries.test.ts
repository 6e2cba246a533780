/** Summaries: packed, merged, and kept in step with the bitmaps. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { osAlloc } from "../../engine/memory/os.ts";
import * as pageAlloc from "../../engine/records/mpagealloc.ts";
import { maxPackedValue, pallocChunkPages, summaryLevels } from "../../engine/records/sizes.ts";
import {
  chunkOf,
  mergeSummaries,
  packPallocSum,
  sumAt,
  sumEnd,
  sumMax,
  sumStart,
  update,
} from "../../engine/runtime/mpagealloc.ts";
import { allocRange } from "../../engine/runtime/mpallocbits.ts";
import { BaseChunkIdx, bareMemory, countFree, Naive, Pages, type Place } from "./pages.ts";

describe("a packed summary", () => {
  const m = bareMemory();
  const at = osAlloc(m, 4096);
  const unpack = () => [sumStart(m, at), sumMax(m, at), sumEnd(m, at)];

  test("[A016] holds three counts of 21 bits, and one bit for the region that is wholly free", () => {
    const count = fc.integer({ min: 0, max: maxPackedValue - 1 });
    fc.assert(
      fc.property(count, count, count, (start, max, end) => {
        packPallocSum(m, at, start, max, end);
        expect(unpack()).toEqual([start, max, end]);
        const want = BigInt(start) | (BigInt(max) << 21n) | (BigInt(end) << 42n);
        expect((BigInt(m.u32[(at >> 2) + 1]) << 32n) | BigInt(m.u32[at >> 2])).toBe(want);
      }),
      { numRuns: 1000 },
    );
    packPallocSum(m, at, maxPackedValue, maxPackedValue, maxPackedValue);
    expect([m.u32[at >> 2], m.u32[(at >> 2) + 1]]).toEqual([0, 0x80000000]); // 1 << 63
    expect(unpack()).toEqual([maxPackedValue, maxPackedValue, maxPackedValue]);
    m.i32[at >> 2] = 0;
    m.i32[(at >> 2) + 1] = 0;
    expect(unpack()).toEqual([0, 0, 0]);
  });

  test("says whether writing it changed anything", () => {
    expect(packPallocSum(m, at, 1, 2, 3)).toBe(true);
    expect(packPallocSum(m, at, 1, 2, 3)).toBe(false);
    expect(packPallocSum(m, at, 1, 2, 4)).toBe(true);
  });
});

describe("mergeSummaries", () => {
  const m = bareMemory();
  const at = osAlloc(m, 4096);
  const merge = (sums: readonly (readonly number[])[], logPages: number) => {
    for (const [i, [start, max, end]] of sums.entries()) packPallocSum(m, at + 8 * i, start, max, end);
    const max = mergeSummaries(m, at, sums.length, logPages);
    return [m.ret[0], max, m.ret[1]];
  };
  const [full, free, tail, head] = [
    [0, 0, 0],
    [4, 4, 4],
    [0, 1, 1],
    [2, 2, 0],
  ];

  test.each([
    ["two full regions", [full, full], [0, 0, 0]],
    ["two free regions join", [free, free], [8, 8, 8]],
    ["a run across the border", [tail, head], [0, 3, 0]],
    ["a free region in between", [tail, free], [0, 5, 5]],
    ["a free region first", [free, head], [6, 6, 0]],
    ["eight free regions", [free, free, free, free, free, free, free, free], [32, 32, 32]],
  ])("%s", (_name, sums, want) => expect(merge(sums, 2)).toEqual(want));

  test("law: merging equals counting the bits", () => {
    const region = fc
      .array(fc.constantFrom("0", "0", "0", "1"), { minLength: 16, maxLength: 16 })
      .map((b) => b.join(""));
    const mixed = fc.oneof(region, fc.constant("0".repeat(16)), fc.constant("1".repeat(16)));
    fc.assert(
      fc.property(fc.array(mixed, { minLength: 1, maxLength: 8 }), (regions) => {
        expect(merge(regions.map(countFree), 4)).toEqual(countFree(regions.join("")));
      }),
      { numRuns: 1000 },
    );
  });
});

describe("update", () => {
  /** Two stretches of 20 chunks, far enough apart for entries of their own at level 3. */
  const stretches: readonly Place[] = [
    [3, 0],
    [150, 0],
  ];

  function grown(): Pages {
    const pages = new Pages(0, 300);
    for (const at of stretches) pages.grow(at, 20 * pallocChunkPages);
    return pages;
  }

  test("[A017] [A018] law: after any allocations and frees all five levels are what counting gives", () => {
    const op = fc.record({
      n: fc.oneof(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 1500 })),
      pick: fc.nat(1e6),
      free: fc.integer({ min: 0, max: 9 }),
    });
    let total = 0;
    fc.assert(
      fc.property(fc.array(op, { minLength: 60, maxLength: 100, size: "max" }), (ops) => {
        const pages = grown();
        const live: { at: Place; n: number }[] = [];
        for (const [k, { n, pick, free }] of ops.entries()) {
          total++;
          if (free < 4 && live.length > 0) {
            const [gone] = live.splice(pick % live.length, 1);
            pages.free(gone.at, gone.n);
          } else {
            const got = pages.alloc(n);
            if (got !== null) live.push({ at: got.at, n });
          }
          if (k % 12 === 11 || k === ops.length - 1) expect(pages.wrongSummaries()).toEqual([]);
        }
      }),
      { numRuns: 12 },
    );
    expect(total).toBeGreaterThan(500);
  });

  test("[A017] [A018] 10,000 operations, large and small, over two stretches of chunks: equal after each", () => {
    const pages = grown();
    const naive = new Naive(300);
    for (const at of stretches) naive.grow(at, 20 * pallocChunkPages);
    const live: { at: Place; n: number }[] = [];
    let seed = 91;
    const next = (n: number) => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return (seed >>> 8) % n;
    };
    const free = ({ at, n }: { at: Place; n: number }) => {
      pages.free(at, n);
      naive.free(at, n);
    };
    for (let k = 0; k < 10_000; k++) {
      if (next(10) < 4 && live.length > 0) {
        free(live.splice(next(live.length), 1)[0]);
      } else {
        const n = next(8) === 0 ? 1 + next(1500) : 1 + next(40);
        const got = pages.alloc(n);
        const want = naive.alloc(n);
        if (String(got?.at) !== String(want?.at) || got?.scav !== want?.scav) {
          expect(got, `operation ${k}`).toEqual(want);
        }
        if (got !== null) live.push({ at: got.at, n });
        else for (const gone of live.splice(0, 30)) free(gone);
      }
      const wrong = naive.wrongSummaries(pages);
      if (wrong.length > 0) expect(wrong, `operation ${k}`).toEqual([]);
    }
    expect(pages.wrongSummaries()).toEqual([]);
  });

  /** Spoils the entry above chunk `ci` at each level but the leaf; whether an update writes there then shows. */
  function spoil(pages: Pages, ci: number): void {
    for (let l = 0; l < summaryLevels - 1; l++) spoilEntry(pages, l, ci);
  }
  const entryAbove = (l: number, ci: number) => (BaseChunkIdx + ci) >> (3 * (summaryLevels - 1 - l));
  const spoilEntry = (pages: Pages, l: number, ci: number) =>
    packPallocSum(pages.m, sumAt(pages.m, pages.p, l, entryAbove(l, ci)), 7, 7, 7);
  const isSpoilt = (pages: Pages, l: number, ci: number) => String(pages.sum(l, entryAbove(l, ci))) === "7,7,7";

  test("[A018] a chunk whose leaf stays the same touches no level", () => {
    const pages = Pages.of({
      0: [
        [0, 100],
        [110, 10],
      ],
    });
    spoil(pages, 0);
    pages.locked(() => {
      allocRange(pages.m, chunkOf(pages.m, pages.p, BaseChunkIdx), 105, 1); // start 0, longest 392, end 392: as before
      update(pages.m, pages.p, BaseChunkIdx, BaseChunkIdx, true, true);
    });
    expect([0, 1, 2, 3].map((l) => isSpoilt(pages, l, 0))).toEqual([true, true, true, true]);
  });

  test("[A018] nothing is written above the first level that stays the same", () => {
    // 16 chunks: two entries of level 3. The leaf of chunk 0 changes, but the longest run of its entry lies elsewhere.
    const before = Object.fromEntries(
      Array.from({ length: 16 }, (_, ci) => [
        ci,
        ci === 0
          ? ([
              [0, 1],
              [100, 412],
            ] as const)
          : [],
      ]),
    );
    const pages = Pages.of(before);
    for (let l = 0; l < 3; l++) spoilEntry(pages, l, 0);
    pages.free([0, 200], 4);
    expect(pages.sum(4, BaseChunkIdx)).toEqual([0, 99, 0]);
    expect([0, 1, 2].map((l) => isSpoilt(pages, l, 0))).toEqual([true, true, true]);
    // And one that changes level 3 goes on to level 2.
    pages.free([0, 0], 1);
    expect([0, 1, 2].map((l) => isSpoilt(pages, l, 0))).toEqual([false, false, false]);
  });

  test("[A018] in a stretch of pages only the first and the last chunk are read, inner leaves are written unread", () => {
    const pages = grown();
    const inner = pageAlloc.pallocBits(chunkOf(pages.m, pages.p, BaseChunkIdx + 4));
    pages.alloc(3 * pallocChunkPages);
    expect(pages.sum(4, BaseChunkIdx + 4)).toEqual([0, 0, 0]);
    pages.locked(() => {
      pages.m.i32[inner >> 2] = 0; // a lie that only reading would find
      update(pages.m, pages.p, BaseChunkIdx + 3, BaseChunkIdx + 5, true, true);
    });
    expect(pages.sum(4, BaseChunkIdx + 4)).toEqual([0, 0, 0]);
    pages.locked(() => update(pages.m, pages.p, BaseChunkIdx + 3, BaseChunkIdx + 5, false, true));
    expect(pages.sum(4, BaseChunkIdx + 4)).toEqual([32, 32, 0]);
  });
});
