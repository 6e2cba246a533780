/** Snapshots and pictures made by hand: heaps small enough to know by heart. Addresses and counts hang together. */
import type { HeapSnapshot, ProcSnapshot, SpanSnapshot } from "goheap/observe";
import type { BorderPicture, LanesPicture, PathsPicture, TinyPicture } from "../../src/viz/data/allocation.ts";

export const BASE = 0xc000000000;
const hex = (n: number) => `0x${n.toString(16)}`;

/** Hexadecimal bytes from slot numbers. */
export function bitString(n: number, set: Iterable<number>): string {
  const bytes = new Uint8Array((n + 7) >> 3);
  for (const i of set) bytes[i >> 3] |= 1 << (i & 7);
  return [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
}

/** Numbers from..to. */
export function span(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

interface Made extends Partial<SpanSnapshot> {
  page: number;
  elemsize: number;
  /** Slots whose bit is set in allocBits. */
  survivors?: readonly number[];
  marks?: readonly number[];
}

/** A span whose record agrees with itself. */
export function makeSpan(o: Made): SpanSnapshot {
  const npages = o.npages ?? 1;
  const noscan = o.noscan ?? false;
  const isLarge = o.sizeclass === 0;
  const heapBits = !noscan && o.elemsize <= 512 && !isLarge ? npages * 128 : 0;
  const inlineMarks = o.elemsize >= 16 && o.elemsize <= 512 && !isLarge ? 128 : 0;
  const nelems = o.nelems ?? (isLarge ? 1 : Math.floor((npages * 8192 - heapBits - inlineMarks) / o.elemsize));
  const survivors = new Set(o.survivors ?? []);
  const freeindex = o.freeindex ?? 0;
  let cache = 0n;
  for (let k = 0; k < 64; k++) if (!survivors.has(freeindex + k)) cache |= 1n << BigInt(k);
  const base = BASE + o.page * 8192;
  const used = span(0, nelems - 1).filter((i) => i < freeindex || survivors.has(i)).length;
  const { survivors: _s, marks: _m, ...rest } = o;
  return {
    id: 0x8000000 + o.page * 160,
    npages,
    state: "inuse",
    spanclass: noscan ? 5 : 4,
    sizeclass: 2,
    noscan,
    nelems,
    freeindex,
    allocCount: used,
    allocCache: `0x${cache.toString(16).padStart(16, "0")}`,
    allocBits: bitString(nelems, survivors),
    gcmarkBits: bitString(nelems, o.marks ?? []),
    sweepgen: 6,
    needzero: survivors.size > 0 ? 1 : 0,
    base: hex(base),
    limit: hex(base + nelems * o.elemsize),
    reserved: { heapBits, inlineMarks },
    cachedBy: null,
    largeTypeNil: false,
    isTinyBlockSpan: false,
    sets: null,
    ...rest,
  };
}

export function makeSnapshot(spans: SpanSnapshot[], procs: ProcSnapshot[] = [makeProc(0)], pages = 64): HeapSnapshot {
  const used = spans.flatMap((s) => span(s.page, s.page + s.npages - 1));
  const cached = procs.flatMap((p) =>
    span(0, 63)
      .filter((k) => (BigInt(p.pcache.cache) >> BigInt(k)) & 1n)
      .map((k) => (Number(p.pcache.base) - BASE) / 8192 + k),
  );
  const last = Math.max(0, ...used) + 1;
  return {
    version: 1,
    heapBase: hex(BASE),
    sweepgen: 4,
    pages: {
      first: 0,
      count: pages,
      inUse: bitString(pages, [...used, ...cached]),
      scavenged: bitString(
        pages,
        span(0, pages - 1).filter((p) => p > last + 4 && !cached.includes(p)),
      ),
    },
    spans: spans.sort((a, b) => a.page - b.page),
    procs,
    stats: { heapLive: 4416 },
  };
}

export function makeProc(id: number, o: Partial<ProcSnapshot> = {}): ProcSnapshot {
  return {
    id,
    tiny: { base: null, span: null, slot: null, offset: 0, allocs: 0 },
    pcache: { base: hex(BASE), cache: "0x0000000000000000", scav: "0x0000000000000000" },
    alloc: [],
    ...o,
  };
}

/** Survivors of figure 4-1's sort: bands that a few shifts draw. */
function bands(n: number, from: number): number[] {
  return span(from, n - 1).filter((i) => ((i * 2654435761) >>> 0) % 97 < 18 || (i >> 4) % 5 === 3);
}

/** A heap of one P after one cycle: spans of several classes, a stack, a large object, a tiny block, free pages. */
export function heapAfterOneCycle(): HeapSnapshot {
  const main = makeSpan({ page: 3, elemsize: 16, freeindex: 171, survivors: bands(496, 0), sweepgen: 7, cachedBy: 0 });
  const tiny = makeSpan({
    page: 1,
    elemsize: 16,
    noscan: true,
    isTinyBlockSpan: true,
    freeindex: 5,
    sweepgen: 7,
    cachedBy: 0,
  });
  return makeSnapshot(
    [
      makeSpan({ page: 0, elemsize: 8, spanclass: 2, sizeclass: 1, freeindex: 40 }),
      tiny,
      main,
      makeSpan({ page: 4, npages: 4, elemsize: 32768, state: "manual", nelems: 0, spanclass: 0, sizeclass: 0 }),
      makeSpan({ page: 8, elemsize: 48, spanclass: 10, sizeclass: 5, freeindex: 70, survivors: [80, 81, 99, 164] }),
      makeSpan({
        page: 9,
        elemsize: 48,
        noscan: true,
        spanclass: 11,
        sizeclass: 5,
        survivors: span(20, 99),
        marks: span(30, 60),
        sweepgen: 2,
        sets: "partialUnswept",
      }),
      makeSpan({ page: 10, npages: 2, elemsize: 1408, noscan: true, spanclass: 71, sizeclass: 35, freeindex: 4 }),
      makeSpan({ page: 12, npages: 4, elemsize: 32768, noscan: true, spanclass: 135, sizeclass: 67, freeindex: 1 }),
      makeSpan({
        page: 16,
        npages: 5,
        elemsize: 40960,
        noscan: true,
        spanclass: 1,
        sizeclass: 0,
        freeindex: 1,
        limit: hex(BASE + 16 * 8192 + 32769),
      }),
      makeSpan({ page: 24, npages: 60, elemsize: 60 * 8192, spanclass: 0, sizeclass: 0, freeindex: 1 }),
    ],
    [
      makeProc(0, {
        tiny: { base: hex(BASE + 8192 + 64), span: tiny.id, slot: 4, offset: 5, allocs: 3 },
        pcache: { base: hex(BASE), cache: "0x0000000000600000", scav: "0x0000000000400000" },
        alloc: [
          { spanclass: 4, span: main.id },
          { spanclass: 5, span: tiny.id },
        ],
      }),
    ],
    96,
  );
}

export const pathsPicture: PathsPicture = {
  kind: "paths",
  items: [
    { label: "new(byte)", size: 1, pointers: false, path: "tiny", slot: 16 },
    { label: "new([600]byte)", size: 600, pointers: false, path: "small noscan", slot: 640 },
    { label: "new([65]*int)", size: 520, pointers: true, path: "small scan, header", slot: 576 },
  ],
};

export const borderPicture: BorderPicture = {
  kind: "border",
  points: span(32750, 32770).map((size) => ({
    size,
    lane: size <= 32760 ? "small" : "large",
    slot: size <= 32768 ? 32768 : 40960,
    pages: size <= 32768 ? 4 : 5,
  })),
};

export const tinyPicture: TinyPicture = {
  kind: "tiny",
  blocks: [
    { label: { zh: "全是 1 字节", en: "all 1 byte" }, objects: span(0, 15).map((offset) => ({ offset, size: 1 })) },
    {
      label: { zh: "1 和 8 交替", en: "1 and 8 in turn" },
      objects: [
        { offset: 0, size: 1 },
        { offset: 8, size: 8 },
      ],
    },
    {
      label: "P0",
      offset: 7,
      objects: [
        { offset: 0, size: 1 },
        { offset: 2, size: 2 },
        { offset: 4, size: 3, label: "c" },
      ],
    },
  ],
};

export const lanesPicture: LanesPicture = {
  kind: "lanes",
  procs: [
    {
      id: 0,
      goroutines: ["main", "g2"],
      tinyOffset: 9,
      spans: [
        {
          spanclass: 4,
          elemsize: 16,
          nelems: 496,
          base: "0xc000006000",
          freeindex: 171,
          allocCount: 276,
          allocBits: bitString(496, span(200, 304)),
        },
        {
          spanclass: 5,
          elemsize: 16,
          nelems: 504,
          base: "0xc000002000",
          freeindex: 5,
          allocCount: 5,
          allocBits: bitString(504, []),
        },
      ],
    },
    {
      id: 1,
      goroutines: [],
      spans: [
        {
          spanclass: 7,
          elemsize: 24,
          nelems: 336,
          base: "0xc000008000",
          freeindex: 40,
          allocCount: 40,
          allocBits: bitString(336, []),
        },
      ],
    },
  ],
  objects: [
    { label: "a", address: "0xc000006030", span: "0xc000006000", slot: 3, madeOn: 1 },
    { label: "b", address: "0xc00000a010", span: "0xc00000a000", slot: 1 },
  ],
};

/** Bytes of Go 1.26's size classes up to 2304, as the home page gets them from the build. */
export const rulerClasses = [
  8, 16, 24, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240, 256, 288, 320, 352, 384, 416, 448, 480,
  512, 576, 640, 704, 768, 896, 1024, 1152, 1280, 1408, 1536, 1792, 2048, 2304,
];
