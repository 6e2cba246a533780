/** Page runs of a jemalloc-style allocator beside the spans of a Go heap, as data. */
import type { HeapSnapshot } from "goheap/observe";
import {
  type At,
  address,
  bits,
  captionOf,
  field,
  int,
  list,
  oneOf,
  optional,
  PictureFault,
  text,
  type Words,
} from "../read.ts";

/** Bytes of a page: jemalloc's here, and the Go heap's. */
export const EXTENT_PAGE = 4096;
export const SPAN_PAGE = 8192;

export const EXTENT_STATES = ["slab", "large", "dirty", "muzzy", "retained"] as const;

/** A run of pages, as `jemalloc.extents` has it. */
export interface Extent {
  readonly address: string;
  /** Of 4096 bytes. */
  readonly pages: number;
  readonly state: (typeof EXTENT_STATES)[number];
  readonly arena: number;
  /** Bytes of a region; 0 when free. */
  readonly size: number;
  readonly regions: number;
  /** Of them in the program's hands. */
  readonly live: number;
  /** One digit a region of a slab: 1 out of it. */
  readonly bits: string;
}
/** A span of the Go heap. */
export interface SlabSpan {
  readonly base: string;
  /** Of 8192 bytes. */
  readonly npages: number;
  readonly kind: "scan" | "noscan" | "tiny" | "stack";
  readonly elemsize: number;
  readonly nelems: number;
  /** nelems bits in hexadecimal bytes: 1 taken. */
  readonly taken: string;
}
export interface SlabsPicture {
  readonly kind: "slabs";
  readonly caption?: Words;
  /** In address order. */
  readonly extents: readonly Extent[];
  /** In address order; absent: no Go heap beside it. */
  readonly spans?: readonly SlabSpan[];
}

const MAX_ROWS = 256;

/** @throws {PictureFault} */
export function readSlabs(at: At): SlabsPicture {
  const extents = list(
    field(at, "extents"),
    (e) => {
      const pages = int(field(e, "pages"), 1, 2 ** 28);
      const size = int(field(e, "size"), 0, pages * EXTENT_PAGE);
      const regions = int(field(e, "regions"), 0, 4096);
      const digits = text(field(e, "bits"), 4096);
      if (!/^[01]*$/.test(digits)) throw new PictureFault(`${e.where}.bits`, "kind");
      const state = oneOf(field(e, "state"), EXTENT_STATES);
      if (state === "slab" && digits.length !== regions) throw new PictureFault(`${e.where}.bits`, "short");
      if (regions * size > pages * EXTENT_PAGE) throw new PictureFault(`${e.where}.regions`, "range");
      return {
        address: address(field(e, "address")),
        pages,
        state,
        arena: int(field(e, "arena"), 0, 255),
        size,
        regions,
        live: int(field(e, "live"), 0, regions),
        bits: digits,
      };
    },
    MAX_ROWS,
  );
  const span = (s: At) => {
    const npages = int(field(s, "npages"), 1, 2 ** 17);
    const nelems = int(field(s, "nelems"), 0, 8192);
    const elemsize = int(field(s, "elemsize"), 0, npages * SPAN_PAGE);
    if (nelems * elemsize > npages * SPAN_PAGE) throw new PictureFault(`${s.where}.nelems`, "range");
    return {
      base: address(field(s, "base")),
      npages,
      kind: oneOf(field(s, "kind"), ["scan", "noscan", "tiny", "stack"]),
      elemsize,
      nelems,
      taken: bits(field(s, "taken"), nelems),
    };
  };
  return {
    kind: "slabs",
    ...captionOf(at),
    extents,
    ...optional(at, "spans", (s) => list(s, span, MAX_ROWS)),
  };
}

/** Slabs beside Go's spans. Beyond 256 rows of each, the rest is left out. */
export function slabsOf(
  from: readonly Extent[] | { readonly extents: readonly Extent[] },
  options: { readonly caption?: Words | undefined; readonly go?: HeapSnapshot } = {},
): SlabsPicture {
  const extents = "extents" in from ? from.extents : from;
  const { caption, go } = options;
  return {
    kind: "slabs",
    ...(caption === undefined ? {} : { caption }),
    extents: extents.slice(0, MAX_ROWS).map(({ address, pages, state, arena, size, regions, live, bits }) => ({
      address,
      pages,
      state,
      arena,
      size,
      regions,
      live,
      bits,
    })),
    ...(go === undefined ? {} : { spans: go.spans.slice(0, MAX_ROWS).map(slabSpan) }),
  };
}

function slabSpan(s: HeapSnapshot["spans"][number]): SlabSpan {
  const bytes = new Array<number>((s.nelems + 7) >> 3).fill(0);
  for (let i = 0; i < s.nelems; i++) {
    const byte = Number.parseInt(s.allocBits.slice((i >> 3) * 2, (i >> 3) * 2 + 2), 16);
    if (i < s.freeindex || (byte >> (i & 7)) & 1) bytes[i >> 3] |= 1 << (i & 7);
  }
  return {
    base: s.base,
    npages: s.npages,
    kind: s.state === "manual" ? "stack" : s.isTinyBlockSpan ? "tiny" : s.noscan ? "noscan" : "scan",
    elemsize: s.state === "manual" ? 0 : s.elemsize,
    nelems: s.state === "manual" ? 0 : s.nelems,
    taken: s.state === "manual" ? "" : bytes.map((b) => b.toString(16).padStart(2, "0")).join(""),
  };
}
