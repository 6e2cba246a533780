/** The page cache of a P. Tables after Go's TestPageCacheAlloc, TestPageCacheFlush, TestPageAllocAllocToCache. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maxOffAddr } from "../../engine/records/sizes.ts";
import { addressOfPlace, type BitRange, Cache, type Chunks, Pages, type Place } from "./pages.ts";

const every = 2n ** 64n - 1n;
const all: readonly BitRange[] = [[0, 512]];
const bigJump = 0x100000;

/** Ranges of set bits, counted from `first`. */
function rangesOf(word: bigint, first: number): BitRange[] {
  const found: BitRange[] = [];
  for (let i = 0; i < 64; i++) {
    if (((word >> BigInt(i)) & 1n) === 0n) continue;
    const last = found[found.length - 1];
    if (last !== undefined && last[0] + last[1] === first + i) found[found.length - 1] = [last[0], last[1] + 1];
    else found.push([first + i, 1]);
  }
  return found;
}

describe("alloc", () => {
  /** [pages asked for, page of the window or null, scavenged pages] */
  test.each<[string, bigint, bigint, [number, number | null, number?][]]>([
    [
      "empty",
      0n,
      0n,
      [
        [1, null],
        [2, null],
        [10, null],
      ],
    ],
    [
      "the lowest page",
      1n,
      1n,
      [
        [1, 0, 1],
        [1, null],
        [10, null],
      ],
    ],
    [
      "the highest page",
      1n << 63n,
      1n,
      [
        [1, 63],
        [1, null],
        [10, null],
      ],
    ],
    [
      "holes of one",
      0x20005555n,
      0x5505n,
      [
        [2, null],
        [1, 0, 1],
        [1, 2, 1],
        [1, 4],
        [1, 6],
        [1, 8, 1],
        [1, 10, 1],
        [1, 12, 1],
        [1, 14, 1],
        [1, 29],
        [1, null],
      ],
    ],
    [
      "two low pages",
      3n,
      2n << 62n,
      [
        [2, 0],
        [2, null],
        [1, null],
      ],
    ],
    [
      "two high pages",
      3n << 62n,
      3n << 62n,
      [
        [2, 62, 2],
        [2, null],
        [1, null],
      ],
    ],
    [
      "holes of two",
      0x3333n << 31n,
      0x3030n << 31n,
      [
        [2, 31],
        [2, 35, 2],
        [2, 39],
        [2, 43, 2],
        [2, null],
      ],
    ],
    [
      "53 pages from the 10th on",
      (2n ** 53n - 1n) << 10n,
      (2n ** 16n - 1n) << 10n,
      [
        [53, 10, 16],
        [53, null],
        [1, null],
      ],
    ],
    [
      "53 of 64 pages",
      every,
      (2n ** 16n - 1n) << 10n,
      [
        [53, 0, 16],
        [53, null],
        [1, 53],
      ],
    ],
    [
      "all 64 pages",
      every,
      every,
      [
        [64, 0, 64],
        [64, null],
        [1, null],
      ],
    ],
    [
      "all sizes mixed",
      every,
      every,
      [
        [5, 0, 5],
        [7, 5, 7],
        [1, 12, 1],
        [23, 13, 23],
        [63, null],
        [3, 36, 3],
        [3, 39, 3],
        [3, 42, 3],
        [12, 45, 12],
        [11, null],
        [4, 57, 4],
        [4, null],
        [36, null],
        [2, 61, 2],
        [3, null],
        [1, 63, 1],
        [4, null],
        [1, null],
      ],
    ],
  ])("[A029] TestPageCacheAlloc: %s", (_name, cache, scav, hits) => {
    const c = new Cache(Pages.of({ 0: all }), [0, 64], cache, scav);
    for (const [n, page, wantScav = 0] of hits) {
      expect(c.alloc(n), `${n} pages`).toEqual(page === null ? null : { at: [0, 64 + page], scav: wantScav });
    }
  });

  test("[A029] law: the lowest fit; scavenged pages counted and cleared; no fit changes nothing", () => {
    const pages = Pages.of({ 0: all });
    const word = fc.oneof(
      fc.bigInt(0n, every),
      fc.tuple(fc.bigInt(0n, every), fc.bigInt(0n, every)).map(([a, b]) => a | b),
    );
    fc.assert(
      fc.property(word, fc.bigInt(0n, every), fc.integer({ min: 1, max: 64 }), (cache, scav, n) => {
        const c = new Cache(pages, [0, 0], cache, scav);
        const letters = [...cache.toString(2).padStart(64, "0")].reverse().join("");
        const first = letters.indexOf("1".repeat(n));
        const got = c.alloc(n);
        if (first < 0) {
          expect(got).toBeNull();
          expect([c.state().cache, c.state().scav]).toEqual([cache, scav]);
          return;
        }
        const mask = (2n ** BigInt(n) - 1n) << BigInt(first);
        const count = [...(scav & mask).toString(2)].filter((bit) => bit === "1").length;
        expect(got).toEqual({ at: [0, first], scav: count });
        expect([c.state().cache, c.state().scav]).toEqual([cache & ~mask, scav & ~mask]);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("flush", () => {
  function check(first: number, cache: bigint, scav: bigint): void {
    const pages = Pages.of({ 0: [[first, 64]] });
    const c = new Cache(pages, [0, first], cache, scav);
    c.flush();
    const want = Pages.of({ 0: rangesOf(every ^ cache, first) }, { 0: rangesOf(scav, first) });
    // Pages.of clears scavenged bits of taken pages; a flush gives back the whole word.
    const bits = Array.from({ length: 512 }, (_, i) => [pages.isAllocated([0, i]), pages.isScavenged([0, i])]);
    const wanted = Array.from({ length: 512 }, (_, i) => [
      want.isAllocated([0, i]),
      i >= first && i < first + 64 && cache !== 0n && ((scav >> BigInt(i - first)) & 1n) === 1n,
    ]);
    if (cache === 0n) for (let i = 0; i < 64; i++) wanted[first + i][0] = true;
    expect(bits).toEqual(wanted);
    expect(pages.wrongSummaries()).toEqual([]);
    expect(c.state().cache).toBe(0n);
  }

  test("[A030] TestPageCacheFlush: an empty cache does nothing, a full one gives everything back", () => {
    check(0, 0n, 0n);
    check(0, every, every);
    check(448, every, 0n);
  });

  test("[A030] law: free pages and scavenged bits are as before the cache was filled", () => {
    fc.assert(
      fc.property(fc.nat(7), fc.bigInt(0n, every), fc.bigInt(0n, every), (block, cache, scav) =>
        check(64 * block, cache, scav & cache),
      ),
      { numRuns: 100 },
    );
  });

  test("[A030] searchAddr falls to the start of the window, if that is lower", () => {
    const pages = Pages.of({ 0: [], 1: [[0, 1]] });
    const c = new Cache(pages);
    c.fill();
    expect(pages.searchPlace()).toEqual([0, 63]);
    c.alloc(3);
    c.flush();
    expect(pages.searchPlace()).toEqual([0, 0]); // of the window, not of its first free page
    expect(c.state()).toEqual({ base: 0n, cache: 0n, scav: 0n });
    pages.free([0, 0], 3);
    const high = new Cache(pages, [1, 0], 1n, 0n);
    high.flush();
    expect(pages.searchPlace()).toEqual([0, 0]);
  });
});

describe("allocToCache", () => {
  /** Windows expected one after the other: first page, free pages, scavenged bits. null: nothing is left. */
  type Window = readonly [Place, bigint, bigint] | null;
  test.each<[string, Chunks, Chunks, Window[], Chunks, Chunks]>([
    [
      "four windows of a free chunk",
      { 0: [] },
      {
        0: [
          [1, 1],
          [64, 64],
        ],
      },
      [
        [[0, 0], every, 2n],
        [[0, 64], every, every],
        [[0, 128], every, 0n],
        [[0, 192], every, 0n],
      ],
      { 0: [[0, 256]] },
      {},
    ],
    [
      "the last window of the third chunk",
      { 0: all, 1: all, 2: [[0, 448]] },
      { 0: all, 1: all },
      [[[2, 448], every, 0n]],
      { 0: all, 1: all, 2: all },
      {},
    ],
    [
      "behind a gap",
      { 0: all, 255: [] },
      { 0: all, 255: [[31, 67]] },
      [[[0xff, 0], every, ((1n << 33n) - 1n) << 31n]],
      { 0: all, 255: [[0, 64]] },
      { 255: [[64, 34]] },
    ],
    [
      "what is free of a window, then of the next",
      {
        0: [
          [0, 32],
          [33, 31],
          [96, 32],
        ],
      },
      {
        0: [
          [1, 4],
          [31, 5],
          [66, 2],
        ],
      },
      [
        [[0, 0], 1n << 32n, 1n << 32n],
        [[0, 64], 2n ** 32n - 1n, 3n << 2n],
      ],
      { 0: [[0, 128]] },
      {},
    ],
    ["nothing", { 0: all }, {}, [null, null, null], { 0: all }, {}],
    [
      "scavenged bits of taken pages stay in the chunk",
      {
        0: [
          [0, 1],
          [10, 2],
        ],
      },
      {
        0: [
          [0, 4],
          [11, 1],
        ],
      },
      [[[0, 0], every ^ (1n | (3n << 10n)), 7n << 1n]],
      { 0: [[0, 64]] },
      {},
    ],
    [
      "the end of a page of summaries, then 4 TiB on",
      { 511: [[0, 511]], [bigJump]: [[1, 511]] },
      {},
      [[[511, 448], 1n << 63n, 0n], [[bigJump, 0], 1n, 0n], null],
      { 511: all, [bigJump]: all },
      {},
    ],
  ])("[A028] TestPageAllocAllocToCache: %s", (_name, before, scav, windows, after, scavAfter) => {
    const pages = Pages.of(before, scav);
    const c = new Cache(pages);
    for (const window of windows) {
      c.fill();
      if (window === null) {
        expect(c.state()).toEqual({ base: 0n, cache: 0n, scav: 0n });
        expect(pages.searchAddr()).toBe(maxOffAddr);
        continue;
      }
      const [[ci, pi], cache, scavBits] = window;
      expect(c.state()).toEqual({ base: addressOfPlace([ci, pi]), cache, scav: scavBits });
      expect(pages.searchPlace()).toEqual([ci, pi + 63]);
    }
    expect(pages.wrongSummaries()).toEqual([]);
    expect(pages.bitmaps()).toEqual(Pages.of(after, scavAfter).bitmaps());
  });

  test("[A028] the example of the specification: the block of the first free page, searchAddr at its last page", () => {
    const pages = Pages.of(
      {
        0: [
          [0, 6],
          [7, 121],
        ],
      },
      {},
    );
    pages.lowerSearch([0, 0]);
    const c = new Cache(pages);
    c.fill();
    expect(c.state()).toEqual({ base: addressOfPlace([0, 0]), cache: 0x40n, scav: 0n });
    expect(pages.searchPlace()).toEqual([0, 63]);
    c.fill(); // from page 63 on: the next block with a free page
    expect(c.state().base).toBe(addressOfPlace([0, 128]));
  });

  test("[A133] the word of scavenged bits is taken whole, stray bits of taken pages included", () => {
    const pages = new Pages(0, 1);
    pages.grow([0, 0], 512);
    expect(pages.alloc(7)).toEqual({ at: [0, 0], scav: 7 });
    const bits = pages.bitmaps()[0];
    expect(bits.slice(0, 10)).toBe("aaaaaaasss");
    // Padding pages are taken and scavenged: bring that about by hand.
    pages.locked(() => pages.scavenge([0, 0], 7));
    const c = new Cache(pages);
    c.fill();
    expect(c.state().cache).toBe(every ^ 0x7fn);
    expect(c.state().scav).toBe(every);
    expect(c.state().scav & ~c.state().cache).toBe(0x7fn);
    expect(pages.bitmaps()[0].slice(0, 10)).toBe("bbbbbbbaaa");
  });

  test("law: filling and flushing, with allocations in between, loses no page and no bit", () => {
    const op = fc.record({ kind: fc.nat(5), n: fc.integer({ min: 1, max: 20 }), pick: fc.nat(1e6) });
    fc.assert(
      fc.property(fc.array(op, { minLength: 30, maxLength: 200, size: "max" }), (ops) => {
        const pages = Pages.of({ 0: [], 1: [], 3: [] }, { 0: all, 1: all, 3: all });
        const before = Object.values(pages.bitmaps()).join("").length;
        const caches = [new Cache(pages), new Cache(pages)];
        const live: { at: Place; n: number }[] = [];
        let touched = 0;
        for (const { kind, n, pick } of ops) {
          const c = caches[pick % 2];
          if (kind === 0 && live.length > 0) {
            const [gone] = live.splice(pick % live.length, 1);
            pages.free(gone.at, gone.n);
          } else if (kind === 1) c.flush();
          else {
            if (c.state().cache === 0n) c.fill();
            const got = kind < 4 ? c.alloc(n) : pages.alloc(n);
            if (got === null) continue;
            live.push({ at: got.at, n });
            touched += got.scav;
          }
        }
        for (const c of caches) c.flush();
        const text = Object.values(pages.bitmaps()).join("");
        const count = (letter: string) => text.split(letter).length - 1;
        expect(count("a")).toBe(live.reduce((sum, { n }) => sum + n, 0));
        expect(count("b")).toBe(0);
        expect(count("s")).toBe(before - touched); // nothing scavenges here: each page is touched once
        expect(pages.wrongSummaries()).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});
