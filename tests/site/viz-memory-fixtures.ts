/** Pictures of the page heap, the process and off-heap memory, made by hand: small enough to know by heart. */

import { stepsOf } from "../../src/viz/data/steps.ts";
import type {
  CentralPicture,
  Drawing,
  MapPicture,
  PagesPicture,
  SlabsPicture,
  SlotPicture,
  StairsPicture,
  StepsPicture,
  StripPicture,
  TimelinePicture,
  WordsPicture,
} from "../../src/viz/data.ts";
import { BASE, bitString, heapAfterOneCycle, makeSnapshot, makeSpan, span } from "./viz-fixtures.ts";

const hex = (n: number) => `0x${n.toString(16)}`;
const CHUNK = 4 << 20;
/** Numbers of chunks count from -2^47. */
const FIRST = (BASE + 2 ** 47) / CHUNK;

const chunk = (k: number, used: readonly number[], back: readonly number[], sum: [number, number, number]) => ({
  index: FIRST + k,
  address: hex(BASE + k * CHUNK),
  start: sum[0],
  max: sum[1],
  end: sum[2],
  inUse: bitString(512, used),
  scavenged: bitString(512, back),
});

/**
 * Two chunks. The first: pages 0–99 and 110–499 in use, so runs of 10 and of 12 at its end; the second: 0–4 free, 5–9
 * in use, the rest free and given back.
 */
const chunks = [
  chunk(0, [...span(0, 99), ...span(110, 499)], [], [0, 12, 12]),
  chunk(1, span(5, 9), span(10, 511), [5, 502, 502]),
];
const summary = (level: number, start: number, max: number, end: number) => ({
  index: Math.floor(FIRST / 8 ** (4 - level)),
  address: hex(BASE),
  pages: 512 * 8 ** (4 - level),
  start,
  max,
  end,
});
const upper = span(0, 3).map((l) => [summary(l, 0, 502, 0)]);

export const pagesPicture: PagesPicture = {
  kind: "pages",
  chunks,
  levels: [
    ...upper,
    chunks.map(({ index, address, start, max, end }) => ({ index, address, pages: 512, start, max, end })),
  ],
  searchAddr: hex(BASE + 100 * 8192),
};

/** A search for 15 pages: 12 at the end of the first chunk and 5 at the start of the second make 17. */
export const findPicture: PagesPicture = {
  ...pagesPicture,
  find: {
    pages: 15,
    via: "tree",
    address: hex(BASE + 500 * 8192),
    steps: [
      ...span(0, 3)
        .map((level) => ({ ...summary(level, 0, 502, 0), level, took: "accepted" as const }))
        .map(step),
      step({ ...chunks[0], level: 4, took: "refused" }),
      step({ ...chunks[1], level: 4, took: "accepted" }),
    ],
  },
};

function step<
  T extends {
    level: number;
    index: number;
    address: string;
    start: number;
    max: number;
    end: number;
    took: "accepted" | "refused" | "skipped";
  },
>(s: T) {
  const { level, index, address, start, max, end, took } = s;
  return { level, index, address, start, max, end, took };
}

export const centralPicture: CentralPicture = {
  kind: "central",
  spanclass: 5,
  sweepgen: 6,
  sets: {
    partialSwept: [{ span: "0xc000002000", sweepgen: 6, nelems: 504, allocCount: 126 }],
    partialUnswept: [
      { span: "0xc000004000", sweepgen: 4, nelems: 504, allocCount: 300 },
      { span: "0xc000006000", sweepgen: 4, nelems: 504, allocCount: 503 },
    ],
    fullSwept: [],
    fullUnswept: [{ span: "0xc000008000", sweepgen: 4, nelems: 504, allocCount: 504 }],
  },
};

const M = 2 ** 20;
export const timelinePicture: TimelinePicture = {
  kind: "timeline",
  samples: [
    { t: 0, inuse: 1 * M, idle: 3 * M, released: 3 * M, resident: 2 * M },
    { t: 100, inuse: 64 * M, idle: 3 * M, released: 3 * M, resident: 65 * M },
    { t: 200, inuse: 4 * M, idle: 63 * M, released: 3 * M, resident: 65 * M },
    { t: 400, inuse: 4 * M, idle: 63 * M, released: 60 * M, resident: 8 * M },
  ],
  marks: [{ t: 200, label: { zh: "清扫完", en: "swept" } }],
  lines: [{ bytes: 8 * M, label: { zh: "应保留", en: "to retain" } }],
};

export const mapPicture: MapPicture = {
  kind: "map",
  segments: [
    { name: { zh: "代码", en: "program" }, kind: "text", from: "0x400000", to: "0x47c000" },
    { name: "heap arena", kind: "heap", from: "0xc000000000", to: "0xc000400000" },
    { name: { zh: "还没用的", en: "not used yet" }, kind: "reserved", from: "0xc000400000", to: "0xc004000000" },
    { name: "stack", kind: "stack", from: "0x7ffc3a000000", to: "0x7ffc3a021000" },
  ],
  at: "0xc000012345",
};

export const slabsPicture: SlabsPicture = {
  kind: "slabs",
  extents: [
    { address: "0xc008000000", pages: 1, state: "slab", arena: 0, size: 1024, regions: 4, live: 2, bits: "1010" },
    {
      address: "0xc008001000",
      pages: 7,
      state: "slab",
      arena: 0,
      size: 112,
      regions: 256,
      live: 1,
      bits: `1${"0".repeat(255)}`,
    },
    { address: "0xc008008000", pages: 40, state: "large", arena: 0, size: 163840, regions: 1, live: 1, bits: "" },
    { address: "0xc008030000", pages: 16, state: "muzzy", arena: 0, size: 0, regions: 0, live: 0, bits: "" },
  ],
  spans: [
    { base: "0xc000000000", npages: 1, kind: "scan", elemsize: 1024, nelems: 8, taken: bitString(8, [0, 1, 4]) },
    { base: "0xc000002000", npages: 4, kind: "stack", elemsize: 0, nelems: 0, taken: "" },
  ],
};

export const stripPicture: StripPicture = {
  kind: "strip",
  strips: [
    {
      name: { zh: "首次适配", en: "first fit" },
      bytes: 100,
      blocks: [
        { at: 0, size: 30, kind: "live" },
        { at: 40, size: 10, kind: "pointers", label: "p" },
        { at: 50, size: 20, kind: "hole" },
        { at: 80, size: 10, kind: "meta" },
      ],
      note: { zh: "25 字节放不下", en: "25 bytes do not fit" },
    },
    { name: { zh: "地址", en: "addresses" }, bytes: 200, blocks: [{ at: 0, size: 200, kind: "reserved" }] },
  ],
};

export const slotPicture: SlotPicture = {
  kind: "slot",
  moments: [
    { say: { zh: "新的", en: "fresh" }, needzero: false, bytes: "00".repeat(16) },
    { say: { zh: "写过", en: "written" }, needzero: false, bytes: `2a00ff${"00".repeat(13)}` },
    { say: { zh: "死了", en: "dead" }, needzero: true, bytes: `2a00ff${"00".repeat(13)}` },
  ],
};

export const wordsPicture: WordsPicture = {
  kind: "words",
  types: [
    { name: "[]byte", bytes: 24, pointers: "1", place: { zh: "位图", en: "bitmap" } },
    { name: "[80]*int", bytes: 640, pointers: "1".repeat(80), header: true },
    { name: "[5000]byte", bytes: 5000, pointers: "" },
  ],
};

export const stairsPicture: StairsPicture = {
  kind: "stairs",
  steps: [
    { name: "nextFreeFast", count: 99_414, note: { zh: "最快", en: "fastest" } },
    { name: "nextFree", count: 1_544 },
    { name: "refill", count: 1_540 },
    { name: "mheap.grow", count: 0 },
  ],
};

/** A heap at two moments and its pages between them. */
const film: { say: { zh: string; en: string }; picture: Drawing }[] = [
  {
    say: { zh: "开始", en: "The start." },
    picture: { kind: "heap", snapshot: makeSnapshot([makeSpan({ page: 0, elemsize: 48, freeindex: 2 })]), span: 0 },
  },
  {
    say: { zh: "又一个", en: "One more." },
    picture: { kind: "heap", snapshot: makeSnapshot([makeSpan({ page: 0, elemsize: 48, freeindex: 3 })]), span: 0 },
  },
  { say: { zh: "页", en: "The pages." }, picture: pagesPicture },
];
export const stepsPicture: StepsPicture = stepsOf(film);

/** A film whose frames have much in common. */
export const longFilm: StepsPicture = stepsOf(
  span(0, 39).map((slot) => ({
    say: { zh: `第 ${slot} 步`, en: `Step ${slot}` },
    picture: { kind: "heap", snapshot: heapAfterOneCycle(), span: 3, slot },
  })),
);

export const MEMORY_PICTURES = {
  pages: pagesPicture,
  find: findPicture,
  central: centralPicture,
  timeline: timelinePicture,
  map: mapPicture,
  slabs: slabsPicture,
  strip: stripPicture,
  slot: slotPicture,
  words: wordsPicture,
  stairs: stairsPicture,
  steps: stepsPicture,
} as const;
