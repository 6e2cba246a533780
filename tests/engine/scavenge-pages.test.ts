/**
 * Which pages are given back: the scavenge index, the candidates in a chunk, and page allocators by themselves.
 *
 * Length: the tables of Go's own tests, a line for each range.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isLocked, lock, unlock } from "../../engine/memory/atomics.ts";
import { type Memory, NIL } from "../../engine/memory/memory.ts";
import { osAlloc } from "../../engine/memory/os.ts";
import * as globals from "../../engine/records/globals.ts";
import * as scav from "../../engine/records/mgcscavenge.ts";
import * as mheap from "../../engine/records/mheap.ts";
import * as pageAlloc from "../../engine/records/mpagealloc.ts";
import { pageSize, pallocChunkPages } from "../../engine/records/sizes.ts";
import { findScavengeCandidate, scavenge, scavengeEverything, scavengeOne } from "../../engine/runtime/mgcscavenge.ts";
import {
  chunkDataAt,
  cursorChunk,
  cursorPage,
  flagsOf,
  indexAlloc,
  indexFind,
  indexFree,
  indexGrow,
  indexInit,
  indexNextGen,
  indexSetEmpty,
  inUseOf,
  lastInUseOf,
  packScavChunkData,
  resetSearchAddrs,
  shouldScavenge,
} from "../../engine/runtime/mgcscavenge_index.ts";
import { chunkOf, pageAllocAlloc, scavIndex } from "../../engine/runtime/mpagealloc.ts";
import { allocRange, popcntRange, setRange } from "../../engine/runtime/mpallocbits.ts";
import { Ev } from "../../engine/runtime/trace.ts";
import { boot, noscan, sweep } from "./object-heap.ts";
import { BaseChunkIdx, type BitRange, bareMemory, type Chunks, Pages, type Place } from "./pages.ts";

/** Gives back `bytes` bytes by force. Go's test hook: PageAlloc.Scavenge. */
function scavengeBytes(pages: Pages, bytes: number, force = true): number {
  return scavenge(pages.m, pages.p, bytes, false, force);
}

describe("TestScavChunkDataPack", () => {
  test("[A103] what is packed is what is unpacked", () => {
    fc.assert(
      fc.property(fc.nat(512), fc.nat(512), fc.nat(63), (inUse, lastInUse, flags) => {
        const word = packScavChunkData(inUse, lastInUse, flags);
        expect([inUseOf(word), lastInUseOf(word), flagsOf(word)]).toEqual([inUse, lastInUse, flags]);
      }),
      {
        numRuns: 500,
        examples: [
          [512, 512, 0b11],
          [12, 0, 0],
        ],
      },
    );
  });

  test.each([
    // inUse, lastInUse, hasFree, chunk's gen, present gen, force → is it looked at?
    [0, 0, 0, 5, 5, true, false],
    [512, 512, 1, 5, 5, true, true],
    [495, 495, 1, 5, 5, false, true],
    [496, 0, 1, 5, 5, false, false],
    [0, 496, 1, 5, 5, false, false],
    [0, 496, 1, 4, 5, false, true],
    [496, 0, 1, 4, 5, false, false],
    [495, 512, 1, 2 ** 32 - 1, 0, false, true],
  ])(
    "[A103] %i pages in use, %i before, flag %i, generation %i of %i, force %s: %s",
    (n, last, flag, gen, now, f, yes) => {
      expect(shouldScavenge(packScavChunkData(n, last, flag), gen, now, f)).toBe(yes);
    },
  );
});

/** An index by itself. Chunks are counted from BaseChunkIdx. */
class Index {
  readonly m = bareMemory();
  readonly s = osAlloc(this.m, scav.indexLayout.size);

  constructor(chunks: number) {
    indexInit(this.m, this.s, true, BaseChunkIdx, BaseChunkIdx + chunks);
    indexGrow(this.m, this.s, BaseChunkIdx, BaseChunkIdx + chunks, osAlloc(this.m, 8));
  }

  /** Every chunk dense in the last generation, and with nothing to give. */
  static dense(chunks: number): Index {
    const index = new Index(chunks);
    index.alloc([0, 0], [chunks, 0]);
    indexNextGen(index.m, index.s);
    index.free([0, 0], [chunks, 0]);
    for (let ci = 0; ci < chunks; ci++) indexSetEmpty(index.m, index.s, BaseChunkIdx + ci);
    resetSearchAddrs(index.m, index.s);
    return index;
  }

  *#runs([c0, p0]: Place, [c1, p1]: Place): Generator<[number, number, number]> {
    for (let ci = c0; ci <= c1; ci++) {
      const from = ci === c0 ? p0 : 0;
      const to = ci === c1 ? p1 : pallocChunkPages;
      if (to > from) yield [BaseChunkIdx + ci, from, to - from];
    }
  }

  alloc(base: Place, limit: Place): void {
    for (const [ci, , n] of this.#runs(base, limit)) indexAlloc(this.m, this.s, ci, n);
  }

  free(base: Place, limit: Place): void {
    for (const [ci, pi, n] of this.#runs(base, limit)) indexFree(this.m, this.s, ci, pi, n);
  }

  mark(base: Place, limit: Place): void {
    this.alloc(base, limit);
    this.free(base, limit);
  }

  find(force: boolean): Place | null {
    const ci = indexFind(this.m, this.s, force);
    return ci === 0 ? null : [ci - BaseChunkIdx, this.m.ret[0]];
  }

  nextGen(): void {
    indexNextGen(this.m, this.s);
  }

  setEmpty(ci: number): void {
    indexSetEmpty(this.m, this.s, BaseChunkIdx + ci);
  }

  /** Everything that it gives out, each chunk emptied at once. */
  drain(force: boolean): Place[] {
    const found: Place[] = [];
    for (let at = this.find(force); at !== null; at = this.find(force)) {
      found.push(at);
      this.setEmpty(at[0]);
    }
    return found;
  }

  cursor(force: boolean): { at: Place | null; isMarked: boolean } {
    const v = (force ? scav.searchAddrForce(this.m, this.s) : scav.searchAddrBg(this.m, this.s)) | 0;
    const abs = Math.abs(v);
    const at: Place | null = abs === 0 ? null : [cursorChunk(this.m, this.s, abs) - BaseChunkIdx, cursorPage(abs)];
    return { at, isMarked: v < 0 };
  }
}

describe("TestScavengeIndex", () => {
  const downFrom = (top: number, bottom: number): Place[] =>
    Array.from({ length: top - bottom + 1 }, (_, i) => [top - i, pallocChunkPages - 1]);
  const cases: [string, (readonly [Place, Place])[], Place[]][] = [
    ["Uninitialized", [], []],
    [
      "OnePage",
      [
        [
          [0, 3],
          [0, 4],
        ],
      ],
      [[0, 3]],
    ],
    [
      "FirstPage",
      [
        [
          [0, 0],
          [0, 1],
        ],
      ],
      [[0, 0]],
    ],
    [
      "SeveralPages",
      [
        [
          [0, 9],
          [0, 14],
        ],
      ],
      [[0, 13]],
    ],
    [
      "WholeChunk",
      [
        [
          [0, 0],
          [1, 0],
        ],
      ],
      [[0, 511]],
    ],
    [
      "LastPage",
      [
        [
          [0, 511],
          [1, 0],
        ],
      ],
      [[0, 511]],
    ],
    [
      "SevenChunksOffset",
      [
        [
          [6, 11],
          [13, 15],
        ],
      ],
      [[13, 14], ...downFrom(12, 6)],
    ],
    [
      "ThirtyTwoChunks",
      [
        [
          [0, 0],
          [32, 0],
        ],
      ],
      downFrom(31, 0),
    ],
    [
      "ThirtyTwoChunksOffset",
      [
        [
          [3, 0],
          [35, 0],
        ],
      ],
      downFrom(34, 3),
    ],
    [
      "Mark",
      Array.from(
        { length: 32 },
        (_, i) =>
          [
            [i, 0],
            [i + 1, 0],
          ] as const,
      ),
      downFrom(31, 0),
    ],
    [
      "MarkIdempotentOneChunk",
      [
        [
          [0, 0],
          [1, 0],
        ],
        [
          [0, 0],
          [1, 0],
        ],
      ],
      [[0, 511]],
    ],
    [
      "MarkIdempotentThirtyTwoChunks",
      [
        [
          [0, 0],
          [32, 0],
        ],
        [
          [0, 0],
          [32, 0],
        ],
      ],
      downFrom(31, 0),
    ],
    [
      "MarkIdempotentThirtyTwoChunksOffset",
      [
        [
          [4, 0],
          [31, 0],
        ],
        [
          [5, 0],
          [36, 0],
        ],
      ],
      downFrom(35, 4),
    ],
    [
      "TwoChunks",
      [
        [
          [0, 128],
          [1, 128],
        ],
      ],
      [
        [1, 127],
        [0, 511],
      ],
    ],
    [
      "TwoChunksOffset",
      [
        [
          [7, 128],
          [8, 129],
        ],
      ],
      [
        [8, 128],
        [7, 511],
      ],
    ],
  ];

  test.each(cases)("[A104] Bg/%s: nothing before the next generation, then all of it", (_name, marks, want) => {
    const index = Index.dense(64);
    for (const [base, limit] of marks) index.mark(base, limit);
    expect(index.find(false)).toBeNull();
    index.nextGen();
    expect(index.drain(false)).toEqual(want);
  });

  test.each(cases)("[A104] Force/%s: at once", (_name, marks, want) => {
    const index = Index.dense(64);
    for (const [base, limit] of marks) index.mark(base, limit);
    expect(index.drain(true)).toEqual(want);
  });

  test.each([false, true])("[A104] MarkInterleaved, force %s", (force) => {
    const index = Index.dense(64);
    for (let ci = 0; ci < 32; ci++) {
      index.mark([ci, 0], [ci + 1, 0]);
      if (!force) index.nextGen();
      expect(index.find(force)).toEqual([ci, 511]);
      index.setEmpty(ci);
    }
    expect(index.find(force)).toBeNull();
  });

  test("[A139] a hit in the cursor's own chunk leaves it, marked or not; a mark outlives a search without a hit", () => {
    const index = new Index(4);
    index.alloc([0, 0], [4, 0]);
    index.free([1, 0], [1, 100]);
    const raised = { at: [1, 99], isMarked: true };
    expect(index.cursor(true)).toEqual(raised);
    expect(index.find(true)).toEqual([1, 99]);
    expect(index.cursor(true)).toEqual(raised);
    expect(index.cursor(false)).toEqual({ at: null, isMarked: false }); // only a generation raises this one
    index.nextGen();
    expect(index.cursor(false)).toEqual(raised);
    expect(index.find(false)).toEqual([1, 99]);
    index.setEmpty(1);
    expect(index.find(false)).toBeNull();
    expect(index.find(true)).toBeNull();
    expect([index.cursor(false), index.cursor(true)]).toEqual([raised, raised]);
  });

  test("[A139] a hit in a lower chunk takes the mark away; without a mark the cursor only falls, at last to nothing", () => {
    const index = new Index(4);
    index.alloc([0, 0], [4, 0]);
    index.free([1, 0], [1, 100]);
    index.free([3, 7], [3, 8]);
    index.setEmpty(3);
    expect(index.cursor(true)).toEqual({ at: [3, 7], isMarked: true });
    expect(index.find(true)).toEqual([1, 511]);
    expect(index.cursor(true)).toEqual({ at: [1, 511], isMarked: false });
    index.setEmpty(1);
    index.free([0, 0], [0, 1]); // below the cursor: it stays
    expect(index.cursor(true)).toEqual({ at: [1, 511], isMarked: false });
    expect(index.find(true)).toEqual([0, 511]);
    index.setEmpty(0);
    expect(index.find(true)).toBeNull();
    expect(index.cursor(true)).toEqual({ at: null, isMarked: false });
  });

  test("[A103] more pages than a chunk has, or fewer than none, are Go's own throws", () => {
    const index = new Index(1);
    index.alloc([0, 0], [0, 512]);
    expect(() => index.alloc([0, 0], [0, 1])).toThrow("too many pages allocated in chunk?");
    index.free([0, 0], [0, 512]);
    expect(() => index.free([0, 0], [0, 1])).toThrow("allocated pages below zero?");
  });
});

describe("TestPallocDataFindScavengeCandidate", () => {
  const m = bareMemory();
  const d = osAlloc(m, pageAlloc.pallocDataLayout.size);
  function candidate(alloc: readonly BitRange[], scavenged: readonly BitRange[], min: number, max: number, from = 511) {
    m.u8.fill(0, d, d + pageAlloc.pallocDataLayout.size);
    for (const [i, n] of alloc) if (n > 0) allocRange(m, d, i, n);
    for (const [i, n] of scavenged) if (n > 0) setRange(m, pageAlloc.scavenged(d), i, n);
    const start = findScavengeCandidate(m, d, from, min, max);
    return m.ret[0] === 0 ? null : [start, m.ret[0]];
  }

  test.each<[string, BitRange[], BitRange[], number, number, BitRange]>([
    [
      "MixedMin1",
      [
        [0, 40],
        [42, 470],
      ],
      [
        [0, 41],
        [42, 470],
      ],
      1,
      512,
      [41, 1],
    ],
    [
      "MultiMin1",
      [
        [0, 63],
        [65, 20],
        [87, 425],
      ],
      [[86, 1]],
      1,
      512,
      [85, 1],
    ],
    ["PreserveHugePageBottom", [[258, 254]], [], 1, 3, [0, 258]],
    ["PreserveHugePageTop", [[0, 256]], [], 1, 1, [256, 256]],
    ["recorded from Go: nothing is split when all fits", [[0, 300]], [[500, 12]], 1, 512, [300, 200]],
    ["recorded from Go: the top", [[0, 300]], [[500, 12]], 1, 8, [492, 8]],
    ["recorded from Go: the lower huge page is kept whole", [], [], 1, 300, [0, 512]],
    ["a huge page that is not wholly free is no reason", [[0, 1]], [], 1, 300, [212, 300]],
    ["the border itself splits nothing", [], [], 1, 256, [256, 256]],
  ])("[A105] %s", (_name, alloc, scavenged, min, max, want) => {
    expect(candidate(alloc, scavenged, min, max)).toEqual(want);
  });

  for (let n = 1; n <= 64; n *= 2) {
    test(`[A105] pages that can only be given back ${n} together`, () => {
      expect(candidate([], [], n, 512)).toEqual([0, 512]);
      expect(candidate([], [[0, 512]], n, 512)).toBeNull();
      expect(candidate([[0, 512]], [[256, 256]], n, 512)).toBeNull();
      expect(candidate([[n, 512 - n]], [], n, 512)).toEqual([0, n]);
      expect(candidate([[0, 512 - n]], [], n, 512)).toEqual([512 - n, n]);
      expect(
        candidate(
          [
            [0, 64 - n],
            [64 + n, 448 - n],
          ],
          [],
          n,
          2 * n,
        ),
      ).toEqual([64 - n, 2 * n]); // Straddle64
      const above: BitRange = [128 + 3 * n, 384 - 3 * n];
      expect(candidate([[64, 64], above], [[1, 10]], n, 3 * n)).toEqual([128, 3 * n]); // BottomEdge64WithFull
      expect(candidate([[64, 62], [127, 1], above], [[1, 10]], n, 3 * n)).toEqual([128, 3 * n]); // …WithPocket
      expect(candidate([], [[0, 512 - n]], n, 0)).toEqual([512 - n, n]); // Max0
      if (n <= 8) {
        expect(
          candidate(
            [
              [0, 40],
              [40 + n, 472 - n],
            ],
            [],
            n,
            512,
          ),
        ).toEqual([40, n]); // OneFree
        expect(
          candidate(
            [
              [0, 40],
              [40 + n, 472 - n],
            ],
            [[40, 1]],
            n,
            512,
          ),
        ).toBeNull(); // OneScavenged
      }
      if (n === 1) return;
      expect(candidate([], [[0, 513 - 2 * n]], n, n - 2)).toEqual([512 - n, n]); // MaxUnaligned
      expect(
        candidate(
          [
            [0, 64 - n],
            [64, 5],
            [70, 11],
            [82, 430],
          ],
          [],
          n,
          n,
        ),
      ).toEqual([64 - n, n]); // SkipSmall
      expect(
        candidate(
          [
            [0, 64 - n],
            [64, 63],
            [127 + n, 385 - n],
          ],
          [],
          n,
          n,
        ),
      ).toEqual([64 - n, n]); // SkipMisaligned
      expect(candidate([], [[0, 512 - n]], n, 1)).toEqual([512 - n, n]); // MaxLessThan
    });
  }

  test("[A105] a minimum that is no power of 2, or too large, is Go's own throw", () => {
    expect(() => candidate([], [], 0, 1)).toThrow("min must be a non-zero power of 2");
    expect(() => candidate([], [], 3, 1)).toThrow("min must be a non-zero power of 2");
    expect(() => candidate([], [], 128, 1)).toThrow("min too large");
  });

  test("[A105] law: the top of the highest run, more than was asked for only to keep a huge page whole", () => {
    const ranges = fc.array(fc.tuple(fc.nat(511), fc.integer({ min: 1, max: 120 })), { maxLength: 6 });
    fc.assert(
      fc.property(ranges, ranges, fc.integer({ min: 1, max: 512 }), fc.nat(511), (a, s, max, from) => {
        const clip = (list: [number, number][]) => list.map(([i, n]): BitRange => [i, Math.min(n, 512 - i)]);
        const taken = new Array(512).fill(false);
        for (const [i, n] of [...clip(a), ...clip(s)]) taken.fill(true, i, i + n);
        let end = from - (from % 64) + 64;
        while (end > 0 && taken[end - 1]) end--;
        let low = end;
        while (low > 0 && !taken[low - 1]) low--;
        if (end === 0) {
          expect(candidate(clip(a), clip(s), 1, max, from)).toBeNull();
          return;
        }
        let start = Math.max(low, end - max);
        const huge = start - (start % 256);
        if (Math.ceil(start / 256) * 256 <= end && huge >= low) start = huge;
        expect(candidate(clip(a), clip(s), 1, max, from)).toEqual([start, end - start]);
      }),
      { numRuns: 500 },
    );
  });
});

describe("TestPageAllocScavenge", () => {
  const all: BitRange = [0, 512];
  const everything = scavengeEverything;
  test.each<[string, Chunks, Chunks, [number, number][], Chunks]>([
    ["AllFreeUnscavExhaust", { 0: [], 1: [], 2: [] }, {}, [[everything, 3 * 512]], { 0: [all], 1: [all], 2: [all] }],
    ["NoneFreeUnscavExhaust", { 0: [all], 1: [], 2: [all] }, { 1: [all] }, [[everything, 0]], { 1: [all] }],
    ["ScavHighestPageFirst", { 0: [] }, { 0: [[1, 510]] }, [[1, 1]], { 0: [[1, 511]] }],
    [
      "ScavMultiple",
      { 0: [] },
      { 0: [[1, 510]] },
      [
        [pageSize, 1],
        [pageSize, 1],
      ],
      { 0: [all] },
    ],
    [
      "ScavMultiple2",
      { 0: [], 1: [] },
      { 0: [[1, 510]], 1: [[0, 510]] },
      [
        [2 * pageSize, 2],
        [pageSize, 1],
        [pageSize, 1],
      ],
      { 0: [all], 1: [all] },
    ],
    [
      "ScavDiscontiguous",
      { 0: [], 14: [] },
      { 0: [[1, 510]], 14: [[2, 510]] },
      [
        [2 * pageSize, 2],
        [everything, 2],
        [everything, 0],
      ],
      { 0: [all], 14: [all] },
    ],
    [
      "ScavAllVeryDiscontiguous",
      { 0: [], 4096: [] },
      {},
      [
        [everything, 2 * 512],
        [everything, 0],
      ],
      { 0: [all], 4096: [all] },
    ],
  ])("[A025] [A106] %s", (_name, before, scavBefore, requests, scavAfter) => {
    const pages = Pages.of(before, scavBefore);
    for (const [bytes, want] of requests) expect(scavengeBytes(pages, bytes)).toBe(want * pageSize);
    const want = Pages.of(before, scavAfter);
    expect(pages.bitmaps()).toEqual(want.bitmaps());
    expect(pages.searchPlace()).toEqual(want.searchPlace());
    expect(pages.wrongSummaries()).toEqual([]);
  });

  test("[A025] law: an allocation reports the pages that were given back, as counting them one by one does", () => {
    const op = fc.oneof(
      fc.record({ alloc: fc.integer({ min: 1, max: 700 }) }),
      fc.record({ free: fc.nat() }),
      fc.record({ bytes: fc.nat(3 * 2 ** 20), force: fc.boolean() }),
      fc.record({ nextGen: fc.constant(true) }),
    );
    fc.assert(
      fc.property(fc.array(op, { maxLength: 60 }), (ops) => {
        const pages = new Pages(0, 4);
        pages.grow([0, 0], 4 * 512);
        const live: { at: Place; n: number }[] = [];
        const letters = () => Object.values(pages.bitmaps()).join("");
        for (const o of ops) {
          if ("alloc" in o) {
            const before = letters();
            const got = pages.alloc(o.alloc);
            if (got === null) continue;
            const first = got.at[0] * 512 + got.at[1];
            expect(got.scav).toBe([...before.slice(first, first + o.alloc)].filter((c) => c === "s").length);
            live.push({ at: got.at, n: o.alloc });
          } else if ("free" in o && live.length > 0) {
            const [{ at, n }] = live.splice(o.free % live.length, 1);
            pages.free(at, n);
          } else if ("bytes" in o) {
            const before = letters().split("s").length;
            const released = scavengeBytes(pages, o.bytes, o.force);
            expect(letters().split("s").length - before).toBe(released / pageSize);
          } else if ("nextGen" in o) {
            pages.locked(() => indexNextGen(pages.m, scavIndex(pages.p)));
          }
        }
        expect(letters()).not.toContain("b"); // nothing is in use and given back at once
        expect(pages.wrongSummaries()).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test("[A140] growth and scavenging leave the index's counts as they are", () => {
    const pages = Pages.of({ 0: [[0, 100]], 1: [] });
    const words = () =>
      [0, 1].map((ci) => {
        const at = chunkDataAt(pages.m, scavIndex(pages.p), BaseChunkIdx + ci) >> 2;
        return [pages.m.u32[at], pages.m.u32[at + 1]];
      });
    const before = words();
    const { s, m } = { s: scavIndex(pages.p), m: pages.m };
    const cursors = () => [scav.searchAddrBg(m, s), scav.searchAddrForce(m, s), scav.freeHWM(m, s)];
    const cursorsBefore = cursors();
    expect(scavengeOne(pages.m, pages.p, BaseChunkIdx + 1, 511, 8 * pageSize)).toBe(256 * pageSize);
    expect(words()).toEqual(before);
    expect(cursors()).toEqual(cursorsBefore);

    const grown = new Pages(0, 4);
    grown.grow([0, 0], 512);
    grown.alloc(5);
    const at = chunkDataAt(grown.m, scavIndex(grown.p), BaseChunkIdx) >> 2;
    const word = grown.m.u32[at];
    grown.grow([1, 0], 1024);
    expect([grown.m.u32[at], grown.m.u32[at + 2], grown.m.u32[at + 4]]).toEqual([word, 0, 0]);
    // Fresh chunks are wholly given back: there is nothing to find in them, whatever one asks for.
    expect(scavengeBytes(grown, everything)).toBe(0);
  });

  test("[A106] a chunk with nothing left is taken off the index, so that the search goes on below", () => {
    const pages = Pages.of({ 0: [], 1: [all] });
    pages.free([1, 8], 1);
    pages.scavenge([1, 8], 1);
    expect(scavengeOne(pages.m, pages.p, BaseChunkIdx + 1, 511, pageSize)).toBe(0);
    const word = pages.m.u32[chunkDataAt(pages.m, scavIndex(pages.p), BaseChunkIdx + 1) >> 2];
    expect([inUseOf(word), flagsOf(word)]).toEqual([511, 0]);
    expect(scavengeBytes(pages, pageSize)).toBe(256 * pageSize);
  });

  test("[A106] while pages lose their memory the lock is free, and nobody else can take them", () => {
    const w = boot();
    const big = noscan(w, 3 * 2 ** 20);
    w.m.u8.fill(0xff, big, big + 3 * 2 ** 20);
    sweep(w, []);
    const h = globals.mheap_(w.m);
    const pages = mheap.pages(h);
    const seen: number[][] = [];
    w.m.trace = {
      event(kind, off, npages) {
        if (kind !== Ev.scavenge) return;
        expect(isLocked(w.m, mheap.lock(h))).toBe(false);
        const bits = pageAlloc.pallocBits(
          chunkOf(w.m, pages, pageAlloc.originChunk(w.m, pages) + Math.floor(off / 2 ** 22)),
        );
        expect(popcntRange(w.m, bits, (off / pageSize) % 512, npages)).toBe(npages);
        mheapLocked(w.m, h, () => {
          for (;;) {
            const other = pageAllocAlloc(w.m, pages, 1);
            if (other === NIL) break;
            expect(other < off || other >= off + npages * pageSize).toBe(true);
          }
        });
        seen.push([off, npages]);
      },
    };
    scavenge(w.m, pages, pageSize, false, true);
    w.m.trace = null;
    expect(seen).toHaveLength(1);
    const [[off, npages]] = seen;
    expect(w.m.u8.subarray(off, off + npages * pageSize).every((b) => b === 0)).toBe(true);
  });
});

function mheapLocked(m: Memory, h: mheap.MHeap, what: () => void): void {
  lock(m, mheap.lock(h));
  what();
  unlock(m, mheap.lock(h));
}
