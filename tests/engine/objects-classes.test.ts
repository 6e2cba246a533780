import { describe, expect, test } from "vitest";
import {
  makeClasses,
  NumSizeClasses,
  SizeClassToDivMagic,
  SizeClassToNPages,
  SizeClassToSize,
  sizeToClass,
} from "../../engine/gc/sizeclasses.ts";
import * as mspan from "../../engine/records/mspan.ts";
import { mheapAlloc } from "../../engine/runtime/mheap.ts";
import { roundupsize, roundupsizeLargeHi, roundupsizeLargeLo } from "../../engine/runtime/msize.ts";
import { boot, noscan, scan, slot, span, sweep } from "./object-heap.ts";

/** Go's own table, as its documentation lists it. */
const sizes = [
  0, 8, 16, 24, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240, 256, 288, 320, 352, 384, 416, 448, 480,
  512, 576, 640, 704, 768, 896, 1024, 1152, 1280, 1408, 1536, 1792, 2048, 2304, 2688, 3072, 3200, 3456, 4096, 4864,
  5376, 6144, 6528, 6784, 6912, 8192, 9472, 9728, 10240, 10880, 12288, 13568, 14336, 16384, 18432, 19072, 20480, 21760,
  24576, 27264, 28672, 32768,
];
const pagesFrom35 = "2 1 2 1 2 1 3 2 3 1 3 2 3 4 5 6 1 7 6 5 4 3 5 7 2 9 7 5 8 3 10 7 4".split(" ").map(Number);
const pages = [0, ...Array(34).fill(1), ...pagesFrom35];

/** Slots of a span with and without pointers, classes 1 to 26, as Go 1.26.8 printed them; then one number for both. */
const nelemsTo26 = [
  [1008, 1024],
  [496, 504],
  [330, 336],
  [248, 252],
  [165, 168],
  [124, 126],
  [99, 100],
  [82, 84],
  [70, 72],
  [62, 63],
  [55, 56],
  [49, 50],
  [45, 45],
  [41, 42],
  [38, 38],
  [35, 36],
  [33, 33],
  [31, 31],
  [27, 28],
  [24, 25],
  [22, 22],
  [20, 21],
  [19, 19],
  [17, 18],
  [16, 16],
  [15, 15],
];
const nelemsFrom27 = "14 12 11 10 9 8 7 6 11 5 9 4 7 3 8 5 7 2 5 3 4 5 6 7 1 6 5 4 3 2 3 4 1 4 3 2 3 1 3 2 1"
  .split(" ")
  .map(Number);

describe("size classes", () => {
  test("the generator makes Go's table of sizes and pages", () => {
    expect(makeClasses()).toEqual(sizes.map((size, i) => ({ size, npages: pages[i] })));
    expect([...SizeClassToSize]).toEqual(sizes);
    expect([...SizeClassToNPages]).toEqual(pages);
    expect(NumSizeClasses).toBe(68);
  });

  test("[A039] the multiplier divides exactly for every offset of every class", () => {
    for (let c = 1; c < NumSizeClasses; c++) {
      for (let off = 0; off < pages[c] * 8192; off++) {
        const q = Math.floor((off * SizeClassToDivMagic[c]) / 2 ** 32);
        if (q !== Math.floor(off / sizes[c])) expect.fail(`class ${c}, offset ${off}: ${q}`);
      }
    }
  });

  test("[A050] every size from 1 to 32760, with and without pointers, goes to the smallest slot that holds it", () => {
    for (let size = 1; size <= 32768; size++) {
      const want = sizes.findIndex((s) => s >= size);
      if (sizeToClass(size) !== want) expect.fail(`size ${size}: class ${sizeToClass(size)}, not ${want}`);
    }
    const w = boot({ check: "none" });
    const live = new Set<number>();
    let bytes = 0;
    for (let size = 1; size <= 32760; size++) {
      for (const hasPointers of [false, true]) {
        if (hasPointers && size % 8 !== 0) continue; // types with pointers have whole words
        const x = hasPointers ? scan(w, size) : noscan(w, size);
        const s = span(w, x);
        const header = hasPointers && size > 512 ? 8 : 0;
        const want = !hasPointers && size < 16 ? 2 : sizes.findIndex((n) => n >= size + header);
        const got = [mspan.spanclass(w.m, s), mspan.elemsize(w.m, s), mspan.npages(w.m, s)];
        const wanted = [2 * want + (hasPointers ? 0 : 1), sizes[want], pages[want]];
        if (got.join() !== wanted.join()) expect.fail(`${size} ${hasPointers}: ${got}, not ${wanted}`);
        bytes += sizes[want];
      }
      if (bytes > 64 * 1024 * 1024) {
        sweep(w, live);
        bytes = 0;
      }
    }
  });

  test("[A051] roundupsize: what append sees as capacity, headers taken off, pages for large ones, overflow", () => {
    const bytes = [5, 33, 513, 32759, 32760, 32761, 40000];
    expect(bytes.map((n) => roundupsize(n, true))).toEqual([8, 48, 576, 32768, 32768, 32768, 40960]);
    expect([65, 66, 127, 4095].map((n) => roundupsize(8 * n, false))).toEqual([568, 568, 1016, 32760]);
    // 2^64 - 1 and 2^64 - 8191 would pass 2^64 when rounded up: they stay; 2^64 - 8192 is a page already.
    const max = 2 ** 32 - 1;
    for (const lo of [max, 2 ** 32 - 8191]) {
      expect([roundupsizeLargeLo(lo, max), roundupsizeLargeHi(lo, max)]).toEqual([lo, max]);
    }
    expect([roundupsizeLargeLo(2 ** 32 - 8192, max), roundupsizeLargeHi(2 ** 32 - 8192, max)]).toEqual([
      2 ** 32 - 8192,
      max,
    ]);
    expect([roundupsizeLargeLo(max, 6), roundupsizeLargeHi(max, 6)]).toEqual([0, 7]);
  });

  test("[A052] the number of slots in a span of each of the 134 classes is Go's", () => {
    const w = boot();
    const got: number[][] = [];
    for (let c = 1; c < NumSizeClasses; c++) {
      const header = sizes[c] > 512 ? 8 : 0;
      const s = span(w, scan(w, sizes[c] - header));
      // The noscan span of class 1 is never used by programs: ask for its slots through the page heap instead.
      const n =
        c === 1 ? nelemsOfClass1Noscan() : mspan.nelems(w.m, span(w, noscan(w, sizes[c] > 32760 ? 32760 : sizes[c])));
      got.push([mspan.nelems(w.m, s), n]);
    }
    expect(got.slice(0, 26)).toEqual(nelemsTo26);
    expect(got.slice(26)).toEqual(nelemsFrom27.map((n) => [n, n]));
  });

  test("[A053] without Green Tea a span has the slots that its mark bits would take", () => {
    const w = boot({ greentea: false });
    const count = (x: number) => mspan.nelems(w.m, span(w, x));
    expect([count(noscan(w, 16)), count(scan(w, 8)), count(scan(w, 16))]).toEqual([512, 1008, 504]);
  });

  test("[A068] the border at 32760: without and with pointers, headers included", () => {
    const w = boot();
    const row = (x: number) => {
      const s = span(w, x);
      const slotStart = mspan.startAddr(w.m, s) + slot(w, x) * mspan.elemsize(w.m, s);
      return [mspan.spanclass(w.m, s), mspan.npages(w.m, s), x - slotStart];
    };
    expect([32760, 32761, 32768, 32769].map((n) => row(noscan(w, n)))).toEqual([
      [135, 4, 0],
      [1, 4, 0],
      [1, 4, 0],
      [1, 5, 0],
    ]);
    expect([512, 520, 32760, 32768].map((n) => row(scan(w, n)))).toEqual([
      [52, 1, 0],
      [54, 1, 8],
      [134, 4, 8],
      [0, 4, 0],
    ]);
  });
});

function nelemsOfClass1Noscan(): number {
  const w = boot();
  return mspan.nelems(w.m, mheapAlloc(w.m, 1, 3));
}
