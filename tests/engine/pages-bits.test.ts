/** Bitmaps of one chunk. Tables after Go's TestPallocBits…, TestMallocBitsPopcntRange, TestFindBitRange64, TestFillAligned. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { osAlloc } from "../../engine/memory/os.ts";
import * as pallocdata from "../../engine/records/mpagealloc.ts";
import { fillAligned } from "../../engine/runtime/mgcscavenge.ts";
import {
  allocAll,
  allocRange,
  block64,
  clearBlock64,
  clearRange,
  find,
  findBitRange64,
  findLargeN,
  findSmallN,
  freeAll,
  freeRange,
  getBit,
  popcntRange,
  setBlock64,
  setRange,
  summarize,
} from "../../engine/runtime/mpallocbits.ts";
import { type BitRange, bareMemory, countFree } from "./pages.ts";

const m = bareMemory();
const data = osAlloc(m, pallocdata.pallocDataLayout.size);
const bits = pallocdata.pallocBits(data) as number;
const scav = pallocdata.scavenged(data) as number;

/** Sets the 512 bits of `b`: ranges of ones. */
function make(b: number, ones: readonly BitRange[]): void {
  clearRange(m, b, 0, 512);
  for (const [i, n] of ones) if (n > 0) setRange(m, b, i, n);
}

const text = (b: number) => Array.from({ length: 512 }, (_, i) => getBit(m, b, i)).join("");

function invert(b: number): void {
  for (let k = b >> 2; k < (b >> 2) + 16; k++) m.i32[k] = ~m.i32[k];
}

const lo = (x: bigint) => Number(BigInt.asIntN(32, x));
const hi = (x: bigint) => Number(BigInt.asIntN(32, x >> 32n));
const word = (low: number, high: number) => BigInt.asUintN(64, (BigInt(high) << 32n) | BigInt(low >>> 0));

/** A bitmap of 512, with runs of every length. */
const bitmap = fc
  .array(fc.tuple(fc.nat(511), fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 200 }))), {
    maxLength: 40,
  })
  .chain((ranges) => fc.boolean().map((inverted) => ({ ranges, inverted })));

function load({ ranges, inverted }: { ranges: readonly BitRange[]; inverted: boolean }): string {
  make(
    bits,
    ranges.map(([i, n]) => [i, Math.min(n, 512 - i)]),
  );
  if (inverted) invert(bits);
  return text(bits);
}

describe("summarize", () => {
  test.each<[string, BitRange[], number[]]>([
    ["no page is free", [], [0, 0, 0]],
    ["free only at the start", [[0, 10]], [10, 10, 0]],
    ["free only at the end", [[472, 40]], [0, 40, 40]],
    [
      "free at both ends",
      [
        [0, 11],
        [489, 23],
      ],
      [11, 23, 23],
    ],
    [
      "the longest run lies inside",
      [
        [0, 4],
        [50, 100],
        [508, 4],
      ],
      [4, 100, 4],
    ],
    [
      "nothing free at the ends",
      [
        [1, 20],
        [35, 241],
        [462, 30],
      ],
      [0, 241, 0],
    ],
    [
      "two runs of the same length",
      [
        [35, 2],
        [40, 5],
        [100, 5],
      ],
      [0, 5, 0],
    ],
    ["one page", [[2, 1]], [0, 1, 0]],
    ["every page is free", [[0, 512]], [512, 512, 512]],
    [
      "the example of the specification",
      [
        [0, 3],
        [8, 92],
        [300, 205],
        [507, 5],
      ],
      [3, 205, 5],
    ],
  ])("[A011] TestPallocBitsSummarize: %s", (_name, free, [start, max, end]) => {
    make(bits, free);
    invert(bits);
    expect(summarize(m, bits)).toBe(max);
    expect([m.ret[0], m.ret[1]]).toEqual([start, end]);
  });

  test("[A011] TestPallocBitsSummarizeRandom, law: it is what counting bit by bit gives, for any bitmap", () => {
    fc.assert(
      fc.property(bitmap, (b) => {
        const [start, max, end] = countFree(load(b));
        expect([summarize(m, bits), m.ret[0], m.ret[1]]).toEqual([max, start, end]);
      }),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 16, maxLength: 16 }), (words) => {
        for (const [i, w] of words.entries()) m.i32[(bits >> 2) + i] = w;
        const [start, max, end] = countFree(text(bits));
        expect([summarize(m, bits), m.ret[0], m.ret[1]]).toEqual([max, start, end]);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("find", () => {
  const half = 256;
  test.each<[string, BitRange[], number, number[], BitRange[]]>([
    ["one page, all free", [], 1, [0, 1, 2, 3, 4, 5], [[0, 6]]],
    ["two pages, all free", [], 2, [0, 2, 4, 6, 8, 10], [[0, 12]]],
    ["five pages, all free", [], 5, [0, 5, 10, 15, 20], [[0, 25]]],
    ["64 pages, all free", [], 64, [0, 64, 128], [[0, 192]]],
    ["65 pages, all free", [], 65, [0, 65, 130], [[0, 195]]],
    ["one page, none free", [[0, 512]], 1, [-1, -1], [[0, 512]]],
    ["five pages, none free", [[0, 512]], 5, [-1, -1], [[0, 512]]],
    ["65 pages, none free", [[0, 512]], 65, [-1, -1], [[0, 512]]],
    [
      "one page into a hole of one",
      [
        [0, half - 3],
        [half - 2, half + 2],
      ],
      1,
      [half - 3, -1],
      [[0, 512]],
    ],
    [
      "two pages into a hole of two",
      [
        [0, half - 3],
        [half - 1, half + 1],
      ],
      2,
      [half - 3, -1],
      [[0, 512]],
    ],
    [
      "five pages into a hole of five",
      [
        [0, half - 3],
        [half + 2, half - 2],
      ],
      5,
      [half - 3, -1],
      [[0, 512]],
    ],
    [
      "65 pages into a hole of 65",
      [
        [0, half - 31],
        [half + 34, half - 34],
      ],
      65,
      [half - 31, -1],
      [[0, 512]],
    ],
    [
      "64 pages, holes too short",
      [
        [0, 32],
        [64, 32],
        [100, 412],
      ],
      64,
      [-1],
      [
        [0, 32],
        [64, 32],
        [100, 412],
      ],
    ],
    [
      "161 pages behind a hole too short",
      [
        [0, 185],
        [331, 1],
      ],
      161,
      [332],
      [
        [0, 185],
        [331, 162],
      ],
    ],
    [
      "31 pages at the end of a word",
      [
        [0, 1],
        [32, 480],
      ],
      31,
      [1, -1],
      [[0, 512]],
    ],
    [
      "32 pages across two words",
      [
        [0, 40],
        [72, 440],
      ],
      32,
      [40, -1],
      [[0, 512]],
    ],
  ])("[A012] TestPallocBitsAlloc: %s", (_name, before, npages, hits, after) => {
    make(bits, before);
    for (const hit of hits) {
      expect(find(m, bits, npages, 0)).toBe(hit);
      if (hit >= 0) setRange(m, bits, hit, npages);
    }
    const got = text(bits);
    make(bits, after);
    expect(got).toBe(text(bits));
  });

  test("[A012] the second result is the first free page met, wherever the fit is", () => {
    make(bits, [
      [3, 5],
      [100, 200],
      [505, 2],
    ]);
    expect(find(m, bits, 93, 0)).toBe(300); // the hole 8..99 is only 92 pages long
    expect(m.ret[0]).toBe(0);
    expect(find(m, bits, 92, 0)).toBe(8);
    expect([find(m, bits, 206, 0), m.ret[0]]).toEqual([-1, 0]);
    make(bits, [[0, 512]]);
    expect([find(m, bits, 2, 0), m.ret[0]]).toEqual([-1, -1]);
    expect([find(m, bits, 80, 0), m.ret[0]]).toEqual([-1, -1]);
  });

  test("[A012] law: the lowest run, and the first free page, as a search letter by letter finds them", () => {
    fc.assert(
      fc.property(bitmap, fc.integer({ min: 1, max: 512 }), fc.nat(511), (b, npages, from) => {
        const first = from - (from % 64);
        const rest = load(b).slice(first);
        const at = rest.indexOf("0".repeat(npages));
        const free = rest.indexOf("0");
        expect([find(m, bits, npages, from), m.ret[0]]).toEqual([
          at < 0 ? -1 : first + at,
          npages === 1 ? (at < 0 ? -1 : first + at) : free < 0 ? -1 : first + free,
        ]);
      }),
      { numRuns: 3000 },
    );
  });

  test("[A012] law: for 33 to 64 pages both ways to search agree", () => {
    fc.assert(
      fc.property(bitmap, fc.integer({ min: 33, max: 64 }), (b, npages) => {
        load(b);
        expect(findLargeN(m, bits, npages, 0)).toBe(findSmallN(m, bits, npages, 0));
      }),
    );
  });

  test("[A013] a search begins at the word of 64 bits that holds the hint: bits below the hint are seen", () => {
    make(bits, [[3, 61]]); // pages 0..2 free, the rest of word 0 taken
    expect(find(m, bits, 1, 40)).toBe(0);
    expect(find(m, bits, 2, 40)).toBe(0);
    expect(find(m, bits, 100, 40)).toBe(64);
    expect(m.ret[0]).toBe(0);
    expect(find(m, bits, 1, 64)).toBe(64);
    setRange(m, bits, 64, 3);
    expect(find(m, bits, 1, 64)).toBe(67);
  });
});

describe("findBitRange64", () => {
  const at = (x: bigint, n: number) => findBitRange64(lo(x), hi(x), n);

  test.each<[bigint, number, number]>([
    [0x8000000000000000n, 1, 63],
    [0xc000010001010000n, 2, 62],
    [0xc000010001030000n, 2, 16],
    [0xe000030001030000n, 3, 61],
    [0xe000030001070000n, 3, 16],
    [0xffff03ff01070000n, 16, 48],
    [0xffff03ff0107ffffn, 16, 0],
    [0x0fff03ff01079fffn, 16, 64],
    [0xff0fn, 5, 8],
  ])("[A014] TestFindBitRange64: in %s, %i bits in a row", (x, n, want) => expect(at(x, n)).toBe(want));

  test("[A014] in all ones at 0, in all zeroes nowhere", () => {
    for (let n = 1; n <= 64; n++) {
      expect(at(2n ** 64n - 1n, n)).toBe(0);
      expect(at(0n, n)).toBe(64);
    }
  });

  test("[A014] law: the lowest run, as a search letter by letter finds it", () => {
    const runs = fc.array(fc.tuple(fc.nat(63), fc.integer({ min: 1, max: 64 })), { maxLength: 6 });
    fc.assert(
      fc.property(runs, fc.bigInt(0n, 2n ** 64n - 1n), fc.integer({ min: 1, max: 64 }), (ranges, noise, n) => {
        for (const x of [
          noise,
          ranges.reduce((w, [i, k]) => w | BigInt.asUintN(64, (2n ** BigInt(k) - 1n) << BigInt(i)), 0n),
        ]) {
          const letters = [...x.toString(2).padStart(64, "0")].reverse().join("");
          const want = letters.indexOf("1".repeat(n));
          expect(at(x, n)).toBe(want < 0 ? 64 : want);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("popcntRange", () => {
  test.each<[string, BitRange[], number[][]]>([
    [
      "none set",
      [],
      [
        [0, 1, 0],
        [5, 3, 0],
        [129, 256, 0],
        [0, 512, 0],
      ],
    ],
    [
      "all set",
      [[0, 512]],
      [
        [0, 1, 1],
        [5, 3, 3],
        [2, 11, 11],
        [129, 256, 256],
        [0, 512, 512],
      ],
    ],
    [
      "the upper half",
      [[256, 256]],
      [
        [255, 1, 0],
        [256, 1, 1],
        [255, 2, 1],
        [128, 128, 0],
        [128, 129, 1],
        [129, 256, 129],
        [0, 512, 256],
      ],
    ],
    [
      "up to an odd bound",
      [[0, 111]],
      [
        [110, 2, 1],
        [99, 50, 12],
        [110, 1, 1],
        [111, 1, 0],
        [256, 256, 0],
        [0, 512, 111],
      ],
    ],
  ])("TestMallocBitsPopcntRange: %s", (_name, ones, tests) => {
    make(bits, ones);
    for (const [i, n, want] of tests) expect(popcntRange(m, bits, i, n)).toBe(want);
  });

  test("TestPallocBitsAllocRange and TestPallocBitsFree, law: counting, setting and clearing ranges agree with letters", () => {
    fc.assert(
      fc.property(bitmap, fc.nat(511), fc.integer({ min: 1, max: 512 }), (b, i, size) => {
        const n = Math.min(size, 512 - i);
        const before = load(b);
        expect(popcntRange(m, bits, i, n)).toBe(before.slice(i, i + n).replaceAll("0", "").length);
        setRange(m, bits, i, n);
        expect(text(bits)).toBe(before.slice(0, i) + "1".repeat(n) + before.slice(i + n));
        clearRange(m, bits, i, n);
        expect(text(bits)).toBe(before.slice(0, i) + "0".repeat(n) + before.slice(i + n));
      }),
    );
  });

  test("blocks of 64 are read, set and cleared at their own place", () => {
    make(bits, [[130, 3]]);
    expect([block64(m, bits, 150), m.ret[0]]).toEqual([0b11100, 0]);
    setBlock64(m, bits, 191, 1, -1);
    expect([block64(m, bits, 128), m.ret[0]]).toEqual([0b11101, -1]);
    clearBlock64(m, bits, 128, 4, 1);
    expect([block64(m, bits, 128), m.ret[0]]).toEqual([0b11001, -2]);
    expect(text(bits).slice(0, 128) + text(bits).slice(192)).not.toContain("1");
  });
});

describe("pallocData", () => {
  test("[A015] allocating pages clears their scavenged bits, freeing them does not set any", () => {
    make(bits, []);
    make(scav, [[0, 512]]);
    allocRange(m, data, 3, 5);
    expect(text(scav)).toBe(`11100000${"1".repeat(504)}`);
    expect(text(bits)).toBe(`00011111${"0".repeat(504)}`);
    freeRange(m, data, 3, 5);
    expect(text(scav)).toBe(`11100000${"1".repeat(504)}`);
    expect(text(bits)).toBe("0".repeat(512));

    allocAll(m, data);
    expect([text(bits), text(scav)]).toEqual(["1".repeat(512), "0".repeat(512)]);
    freeAll(m, data);
    expect([text(bits), text(scav)]).toEqual(["0".repeat(512), "0".repeat(512)]);
  });
});

describe("fillAligned", () => {
  const fill = (x: bigint, n: number) => {
    const low = fillAligned(m, lo(x), hi(x), n);
    return word(low, m.ret[0]);
  };

  /** Group by group, with BigInt. */
  function slow(x: bigint, n: number): bigint {
    const group = 2n ** BigInt(n) - 1n;
    let out = 0n;
    for (let i = 0n; i < 64n; i += BigInt(n)) if ((x >> i) & group) out |= group << i;
    return out;
  }

  test("TestFillAligned: a group with any bit becomes full, others stay empty", () => {
    expect(fill(0x0100a3n, 8)).toBe(0xff00ffn);
    expect(fill(0xf00000000050000fn, 1)).toBe(0xf00000000050000fn);
    expect(() => fillAligned(m, 1, 0, 3)).toThrow("bad m value");
    expect(() => fillAligned(m, 1, 0, 128)).toThrow("bad m value");
  });

  test.each([1, 2, 4, 8, 16, 32, 64])("law: as group by group, for groups of %i", (n) => {
    const sparse = fc.array(fc.nat(63), { maxLength: 4 }).map((is) => is.reduce((x, i) => x | (1n << BigInt(i)), 0n));
    fc.assert(
      fc.property(fc.oneof(sparse, fc.bigInt(0n, 2n ** 64n - 1n)), (x) => {
        expect(fill(x, n)).toBe(slow(x, n));
      }),
      { numRuns: 500 },
    );
  });
});
