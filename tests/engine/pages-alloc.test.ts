/** The page allocator. Tables after Go's TestPageAllocGrow, …Alloc, …Exhaust, …Free, …AllocAndFree. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lock, unlock } from "../../engine/memory/atomics.ts";
import { load64 } from "../../engine/memory/layout.ts";
import { Memory } from "../../engine/memory/memory.ts";
import * as globals from "../../engine/records/globals.ts";
import * as mheap from "../../engine/records/mheap.ts";
import * as pageAlloc from "../../engine/records/mpagealloc.ts";
import * as mspan from "../../engine/records/mspan.ts";
import { maxOffAddr, pallocChunkBytes } from "../../engine/records/sizes.ts";
import { heapBaseFor } from "../../engine/runtime/mallocinit.ts";
import { freeSpan, mheapAlloc } from "../../engine/runtime/mheap.ts";
import { pageAllocFind, pageAllocFree } from "../../engine/runtime/mpagealloc.ts";
import { schedinit } from "../../engine/runtime/proc.ts";
import { addressOfPlace, BaseChunkIdx, type Chunks, Naive, Pages, type Place } from "./pages.ts";

/** Pages asked for, where they are found (null: nowhere), how many of them were scavenged. */
type Hit = readonly [number, Place | null, number?];

/** Far enough for an entry of its own at every level: 4 TiB. */
const bigJump = 0x100000;

describe("grow", () => {
  test.each<[string, number[], Place[]]>([
    ["one chunk", [0], [[0, 1]]],
    ["two neighbours join", [0, 1], [[0, 2]]],
    ["five neighbours join", [0, 1, 2, 3, 4], [[0, 5]]],
    [
      "every other chunk",
      [0, 2, 4],
      [
        [0, 1],
        [2, 3],
        [4, 5],
      ],
    ],
    [
      "neighbours and one apart",
      [0, 1, 2, 4],
      [
        [0, 3],
        [4, 5],
      ],
    ],
    [
      "wildly apart",
      [0, 1, 0x10, 0x21],
      [
        [0, 2],
        [0x10, 0x11],
        [0x21, 0x22],
      ],
    ],
    [
      "4 TiB apart",
      [0, bigJump],
      [
        [0, 1],
        [bigJump, bigJump + 1],
      ],
    ],
    [
      "33 ranges: more than there is room for at first",
      Array.from({ length: 33 }, (_, i) => 2 * i),
      Array.from({ length: 33 }, (_, i) => [2 * i, 2 * i + 1] as const),
    ],
  ])("[A024] TestPageAllocGrow: %s", (_name, chunks, inUse) => {
    const pages = Pages.of(Object.fromEntries(chunks.map((ci) => [ci, []])));
    expect(pages.inUse()).toEqual(inUse);
    expect(pages.wrongSummaries()).toEqual([]);
    expect(pages.searchAddr()).toBe(Number(addressOfPlace([chunks[0], 0])));
  });

  test("[A024] a chunk that fills the gap joins three ranges, and new chunks are wholly free and scavenged", () => {
    const pages = new Pages(0, 8);
    for (const ci of [2, 0, 1]) pages.grow([ci, 0], 512);
    expect(pages.inUse()).toEqual([[0, 3]]);
    expect(Object.values(pages.bitmaps())).toEqual(Array(3).fill("s".repeat(512)));
    pages.grow([3, 0], 100); // less than a chunk: widened
    expect(pages.inUse()).toEqual([[0, 4]]);
    expect([pageAlloc.end(pages.m, pages.p) - pageAlloc.start(pages.m, pages.p)]).toEqual([4]);
    expect(pages.wrongSummaries()).toEqual([]);
  });

  test("summaries are mapped by physical pages, once", () => {
    const pages = new Pages(0, 0x2000);
    const before = load64(pages.m, pages.stat);
    pages.grow([0, 0], 512);
    // 512 entries of levels 1 to 4 each (one page of 4 KiB), all 16384 of level 0 (32), 512 chunks of the scavenge index
    // (one page), a block of chunks (1 MiB).
    expect(load64(pages.m, pages.stat) - before).toBe(4 * 4096 + 32 * 4096 + 4096 + 1024 * 1024);
    expect(pageAlloc.summaryMappedReady(pages.m, pages.p)).toBe(37 * 4096);
    pages.grow([511, 0], 512); // the last entry of the same pages
    expect(pageAlloc.summaryMappedReady(pages.m, pages.p)).toBe(37 * 4096);
    pages.grow([512, 0], 512); // the next page of leaves, and of the index
    expect(pageAlloc.summaryMappedReady(pages.m, pages.p)).toBe(39 * 4096);
    pages.grow([3 * 512, 0], 512); // a page of leaves; the index is backed whole up to here: two pages
    expect(pageAlloc.summaryMappedReady(pages.m, pages.p)).toBe(42 * 4096);
    expect(load64(pages.m, pages.stat) - before).toBe(42 * 4096 + 1024 * 1024);
  });
});

describe("alloc", () => {
  const all: readonly (readonly [number, number])[] = [[0, 512]];
  test.each<[string, Chunks, Chunks, Hit[], Chunks]>([
    [
      "one page at a time",
      { 0: [] },
      {
        0: [
          [0, 1],
          [2, 2],
        ],
      },
      [
        [1, [0, 0], 1],
        [1, [0, 1]],
        [1, [0, 2], 1],
        [1, [0, 3], 1],
        [1, [0, 4]],
      ],
      { 0: [[0, 5]] },
    ],
    [
      "the last page of the third chunk",
      { 0: all, 1: all, 2: [[0, 511]] },
      { 0: all, 1: all, 2: all },
      [[1, [2, 511], 1]],
      { 0: all, 1: all, 2: all },
    ],
    [
      "behind a gap of chunks",
      { 0: all, 255: [] },
      { 0: all, 255: all },
      [[1, [0xff, 0], 1]],
      { 0: all, 255: [[0, 1]] },
    ],
    [
      "two at a time",
      { 0: [] },
      {
        0: [
          [0, 3],
          [7, 1],
        ],
      },
      [
        [2, [0, 0], 2],
        [2, [0, 2], 1],
        [2, [0, 4]],
        [2, [0, 6], 1],
        [2, [0, 8]],
      ],
      { 0: [[0, 10]] },
    ],
    [
      "two across the border of chunks",
      { 0: [[0, 511]], 1: [[1, 511]] },
      { 0: [[511, 1]], 1: [] },
      [[2, [0, 511], 1]],
      { 0: all, 1: all },
    ],
    [
      "five at a time",
      { 0: [] },
      {
        0: [
          [0, 8],
          [9, 1],
          [17, 5],
        ],
      },
      [
        [5, [0, 0], 5],
        [5, [0, 5], 4],
        [5, [0, 10]],
        [5, [0, 15], 3],
        [5, [0, 20], 2],
      ],
      { 0: [[0, 25]] },
    ],
    [
      "until nothing is left",
      { 0: [] },
      { 0: [[10, 1]] },
      [
        [509, [0, 0], 1],
        [509, null],
        [1, [0, 509]],
        [2, [0, 510]],
        [1, null],
        [509, null],
      ],
      { 0: all },
    ],
    [
      "a whole chunk",
      { 0: [] },
      {
        0: [
          [0, 1],
          [511, 1],
        ],
      },
      [
        [512, [0, 0], 2],
        [512, null],
        [1, null],
      ],
      { 0: all },
    ],
    [
      "a chunk and a page across the border",
      { 0: [[0, 256]], 1: [] },
      { 0: all, 1: all },
      [
        [513, [0, 256], 513],
        [512, null],
        [1, [1, 257], 1],
      ],
      { 0: all, 1: [[0, 258]] },
    ],
    [
      "two whole chunks",
      { 0: [], 1: [] },
      {},
      [
        [1024, [0, 0]],
        [1024, null],
        [1, null],
      ],
      { 0: all, 1: all },
    ],
    [
      "two whole chunks behind a gap, then before it",
      { 0: [], 64: [], 65: [] },
      { 0: all },
      [
        [1024, [0x40, 0]],
        [21, [0, 0], 21],
        [1, [0, 21], 1],
      ],
      { 0: [[0, 22]], 64: all, 65: all },
    ],
    [
      "a chunk and a quarter",
      { 0: all, 1: [[0, 384]], 2: [[0, 384]], 3: [] },
      { 0: all, 1: [[256, 129]], 2: [[170, 1]], 3: [[341, 1]] },
      [
        [640, [2, 384], 1],
        [640, null],
        [1, [1, 384], 1],
      ],
      { 0: all, 1: [[0, 385]], 2: all, 3: all },
    ],
    [
      "64 at a time",
      { 0: [] },
      {
        0: [
          [21, 1],
          [63, 65],
        ],
      },
      [
        [64, [0, 0], 2],
        [64, [0, 64], 64],
        [64, [0, 128]],
      ],
      { 0: [[0, 192]] },
    ],
    [
      "65 at a time",
      { 0: [] },
      { 0: [[129, 1]] },
      [
        [65, [0, 0]],
        [65, [0, 65], 1],
        [65, [0, 130]],
      ],
      { 0: [[0, 195]] },
    ],
    [
      "a chunk's worth across the border",
      { 0: [[0, 256]], 1: [[256, 256]] },
      { 0: [], 1: [[3, 100]] },
      [
        [512, [0, 256], 100],
        [512, null],
        [1, null],
      ],
      { 0: all, 1: all },
    ],
    [
      "seven chunks and five pages",
      { 0: [], 1: [], 2: [], 3: [], 4: [], 5: [], 6: [], 7: [] },
      { 0: [[50, 1]], 1: [[31, 1]], 2: [[7, 1]], 3: [[200, 1]], 4: [[3, 1]], 5: [[51, 1]], 6: [[20, 1]], 7: [[1, 1]] },
      [
        [7 * 512 + 5, [0, 0], 8],
        [7 * 512 + 5, null],
        [1, [7, 5]],
      ],
      { 0: all, 1: all, 2: all, 3: all, 4: all, 5: all, 6: all, 7: [[0, 6]] },
    ],
    [
      "two chunks' worth across two borders",
      { 0: [[0, 256]], 1: [], 2: [[256, 256]] },
      {
        0: [[0, 7]],
        1: [
          [3, 5],
          [121, 10],
        ],
        2: [[268, 2]],
      },
      [
        [1024, [0, 256], 15],
        [1024, null],
        [1, null],
      ],
      { 0: all, 1: all, 2: all },
    ],
    [
      "the end of a page of summaries, then 4 TiB on",
      { 511: [], [bigJump]: [] },
      {},
      [
        [511, [511, 0]],
        [1, [511, 511]],
        [1, [bigJump, 0]],
        [511, [bigJump, 1]],
        [1, null],
      ],
      { 511: all, [bigJump]: all },
    ],
    [
      "searchAddr never points where no memory is",
      {
        0: [[0, 511]],
        [bigJump + 0x503]: [
          [0, 502],
          [511, 1],
        ],
        [2 * bigJump]: [],
      },
      {},
      [
        [1, [0, 511]],
        [100, [2 * bigJump, 0]],
        [9, [bigJump + 0x503, 502]],
      ],
      { 0: all, [bigJump + 0x503]: all, [2 * bigJump]: [[0, 100]] },
    ],
  ])("[A019] [A020] [A025] TestPageAllocAlloc: %s", (_name, before, scav, hits, after) => {
    const pages = Pages.of(before, scav);
    for (const [n, at, wantScav = 0] of hits) {
      expect(pages.alloc(n), `${n} pages`).toEqual(at === null ? null : { at, scav: wantScav });
    }
    expect(pages.bitmaps()).toEqual(Pages.of(after, scav).bitmaps());
    expect(pages.wrongSummaries()).toEqual([]);
  });

  test("[A020] [A021] [A023] [A025] the script that was recorded from Go: places, scavenged pages, searchAddr", () => {
    const pages = Pages.of(
      {
        0: [
          [0, 10],
          [12, 50],
          [100, 28],
        ],
        1: [],
      },
      { 0: [[62, 38]], 1: [[0, 512]] },
    );
    const script: Hit[] = [
      [1, [0, 10], 0],
      [3, [0, 62], 3],
      [1, [0, 11], 0],
      [40, [0, 128], 0],
      [400, [0, 168], 56],
      [100, [1, 56], 100],
      [1, [0, 65], 1],
    ];
    for (const [n, at, scav] of script) expect(pages.alloc(n)).toEqual({ at, scav });
    expect(pages.searchPlace()).toEqual([0, 65]);
    pages.free([0, 5], 2);
    expect(pages.searchPlace()).toEqual([0, 5]);
    expect(pages.alloc(1)).toEqual({ at: [0, 5], scav: 0 });
  });

  test("[A021] [A131] the window for searchAddr shrinks only on the way down: later entries leave it alone", () => {
    const pages = Pages.of({
      0: [
        [0, 5],
        [6, 506],
      ],
      8: [[0, 100]],
    });
    expect(pages.alloc(10)?.at).toEqual([8, 100]);
    expect(pages.searchPlace()).toEqual([0, 0]); // the entry of chunk 0, not narrowed to page 5: the search went past it
    expect(pages.alloc(1)?.at).toEqual([0, 5]);
    expect(pages.searchPlace()).toEqual([0, 5]);
    expect(pages.alloc(10)?.at).toEqual([8, 110]);
    expect(pages.searchPlace()).toEqual([8, 110]);
    expect(pages.alloc(600)).toBeNull();
    expect(pages.searchPlace()).toEqual([8, 110]);
  });

  test.each([1, 2, 3, 4, 5, 8, 16, 64, 1024, 1025, 2048, 2049])(
    "[A022] TestPageAllocExhaust: %i pages at a time until there is no more",
    (npages) => {
      const pages = Pages.of({ 0: [], 1: [], 2: [], 3: [] });
      const count = Math.floor(2048 / npages);
      for (let i = 0; i < count; i++) {
        const first = i * npages;
        expect(pages.alloc(npages)?.at).toEqual([Math.floor(first / 512), first % 512]);
      }
      const before = pages.searchAddr();
      expect(pages.alloc(npages)).toBeNull();
      expect(pages.searchAddr()).toBe(npages === 1 ? maxOffAddr : before);
      const bits = Object.values(pages.bitmaps()).join("");
      expect(bits).toBe("a".repeat(count * npages) + ".".repeat(2048 - count * npages));
    },
  );

  test("[A019] [A021] [A025] law: the lowest run that is free, with its scavenged pages; searchAddr below no free page", () => {
    const op = fc.record({
      n: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 1100 })),
      pick: fc.nat(1e6),
      free: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(op, { minLength: 80, maxLength: 300, size: "max" }), (ops) => {
        const pages = new Pages(0, 40);
        const naive = new Naive(40);
        for (const [at, n] of [
          [[1, 0], 4],
          [[30, 0], 3],
        ] as const) {
          pages.grow(at, n * 512);
          naive.grow(at, n * 512);
        }
        const live: { at: Place; n: number }[] = [];
        for (const { n, pick, free } of ops) {
          if (free && live.length > 0) {
            const [gone] = live.splice(pick % live.length, 1);
            pages.free(gone.at, gone.n);
            naive.free(gone.at, gone.n);
          } else {
            const got = pages.alloc(n);
            expect(got).toEqual(naive.alloc(n));
            if (got !== null) live.push({ at: got.at, n });
          }
          expect(naive.wrongSummaries(pages)).toEqual([]);
          const [ci, pi] = pages.searchPlace();
          expect(naive.pages.subarray(0, ci * 512 + pi).includes(0)).toBe(false);
          const isMapped = pages.inUse().some(([from, to]) => ci >= from && ci < to);
          expect(isMapped || pages.searchAddr() === maxOffAddr).toBe(true);
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe("free", () => {
  const all: readonly (readonly [number, number])[] = [[0, 512]];
  test.each<[string, Chunks, number, Place[], Chunks]>([
    [
      "one page at a time",
      { 0: all },
      1,
      [
        [0, 0],
        [0, 1],
        [0, 2],
      ],
      { 0: [[3, 509]] },
    ],
    [
      "one page in each of three chunks",
      { 0: all, 1: all, 2: all },
      1,
      [
        [0, 256],
        [1, 0],
        [2, 511],
      ],
      {
        0: [
          [0, 256],
          [257, 255],
        ],
        1: [[1, 511]],
        2: [[0, 511]],
      },
    ],
    [
      "two at a time",
      { 0: all },
      2,
      [
        [0, 0],
        [0, 2],
        [0, 4],
      ],
      { 0: [[6, 506]] },
    ],
    ["two across a border", { 0: [[511, 1]], 1: [[0, 1]] }, 2, [[0, 511]], { 0: [], 1: [] }],
    [
      "64 at a time",
      { 0: all },
      64,
      [
        [0, 0],
        [0, 64],
        [0, 128],
      ],
      { 0: [[192, 320]] },
    ],
    [
      "65 at a time",
      { 0: all },
      65,
      [
        [0, 0],
        [0, 65],
        [0, 130],
      ],
      { 0: [[195, 317]] },
    ],
    ["a whole chunk", { 0: all }, 512, [[0, 0]], { 0: [] }],
    ["a chunk's worth across a border", { 0: [[256, 256]], 1: [[0, 256]] }, 512, [[0, 256]], { 0: [], 1: [] }],
    ["one page more", { 0: all, 1: all }, 513, [[0, 256]], { 0: [[0, 256]], 1: [[257, 255]] }],
    [
      "two chunks' worth across two borders",
      { 0: all, 1: all, 2: all },
      1024,
      [[0, 256]],
      { 0: [[0, 256]], 1: [], 2: [[256, 256]] },
    ],
  ])("[A023] TestPageAllocFree: %s", (_name, before, npages, frees, after) => {
    const pages = Pages.of(before);
    while (pages.alloc(1) !== null); // searchAddr is behind everything
    const filled = Pages.of(before);
    let lowest: Place = [1e6, 0];
    for (const at of frees) {
      filled.free(at, npages);
      pages.free(at, npages);
      if (at[0] < lowest[0] || (at[0] === lowest[0] && at[1] < lowest[1])) lowest = at;
      expect(pages.searchPlace()).toEqual(lowest);
    }
    expect(filled.bitmaps()).toEqual(Pages.of(after).bitmaps());
    expect(filled.wrongSummaries()).toEqual([]);
  });

  test("[A023] freeing above searchAddr leaves it", () => {
    const pages = Pages.of({
      0: [
        [0, 100],
        [200, 312],
      ],
    });
    pages.alloc(1);
    const before = pages.searchAddr();
    pages.free([0, 300], 5);
    expect(pages.searchAddr()).toBe(before);
  });
});

describe("allocating and freeing in turn", () => {
  test.each([1, 513])(
    "[A019] [A023] TestPageAllocAllocAndFree: what was freed is found again, %i pages at a time",
    (n) => {
      const pages = Pages.of({ 0: [], 1: [], 2: [], 3: [] });
      for (let round = 0; round < 3; round++) {
        const first = pages.alloc(n);
        const second = pages.alloc(n);
        expect(first?.at).toEqual([0, 0]);
        expect(second?.at).toEqual([Math.floor(n / 512), n % 512]);
        pages.free([0, 0], n);
        expect(pages.alloc(n)?.at).toEqual([0, 0]);
        pages.free(second?.at ?? [0, 0], n);
        pages.free([0, 0], n);
      }
    },
  );
});

describe("the candidate for searchAddr", () => {
  const all: readonly (readonly [number, number])[] = [[0, 512]];
  // Chunk 5 has one free page, 6 and 7 none, 8 and 9 are free. 600 pages are found under the next entry of level 3, so
  // the window stays at the entry of chunks 0 to 7, and chunk 0 was never grown into.

  test("[A132] in an allocator by itself it is moved to where memory is", () => {
    const pages = Pages.of({ 5: [[0, 511]], 6: all, 7: all, 8: [], 9: [] });
    const { m, p } = pages;
    expect(pages.locked(() => pageAllocFind(m, p, 600))).toBe(true);
    expect([m.ret[0] - BaseChunkIdx, m.ret[1]]).toEqual([8, 0]);
    expect([m.ret[2] - BaseChunkIdx, m.ret[3]]).toEqual([5, 0]);
  });

  test("[A132] in a live heap it stays when its arena exists", () => {
    // The drawn chunk is 5: chunks 0 to 4 of the arena are reserved and never mapped.
    const options = { base: "random", seedHi: ((0x12345 << 12) | (5 << 8)) >>> 0, seedLo: 0 } as const;
    const m = new Memory({ windowBytes: 2 ** 28, heapBase: heapBaseFor(options), check: "step" });
    schedinit(m, options);
    expect(mheapAlloc(m, 3 * 512, 1)).not.toBe(0);
    const h = globals.mheap_(m);
    const p = mheap.pages(h);
    const origin = pageAlloc.originChunk(m, p);
    expect(pageAlloc.start(m, p) - origin).toBe(5);
    const eight = mheapAlloc(m, 600, 1);
    expect(mspan.startAddr(m, eight)).toBe(8 * pallocChunkBytes);
    freeSpan(m, eight);
    lock(m, mheap.lock(h));
    pageAllocFree(m, p, 6 * pallocChunkBytes - 8192, 1); // the last page of chunk 5
    expect(pageAllocFind(m, p, 600)).toBe(true);
    expect([m.ret[0] - origin, m.ret[1]]).toEqual([8, 0]);
    expect([m.ret[2] - origin, m.ret[3]]).toEqual([0, 0]);
    unlock(m, mheap.lock(h));
  });
});
