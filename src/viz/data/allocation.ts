/** Paths of allocations, the border of small and large, tiny blocks, and Ps as lanes: as data. */
import {
  type At,
  address,
  bits,
  bool,
  captionOf,
  field,
  int,
  list,
  oneOf,
  optional,
  PictureFault,
  text,
  type Words,
  words,
} from "../read.ts";

/** The way an allocation took through mallocgc, in the words of `go.where(ref).path`. */
export type PathName = "zero" | "tiny" | "small noscan" | "small scan" | "small scan, header" | "large";

export const PATH_NAMES: readonly PathName[] = [
  "zero",
  "tiny",
  "small noscan",
  "small scan",
  "small scan, header",
  "large",
];

/** Decision tree of mallocgc: which branch each allocation took. */
export interface PathsPicture {
  readonly kind: "paths";
  readonly caption?: Words;
  readonly items: readonly PathItem[];
}
export interface PathItem {
  readonly label: Words;
  /** Bytes asked for. */
  readonly size: number;
  readonly pointers: boolean;
  readonly path: PathName;
  /** Bytes of the slot that it got, when known. */
  readonly slot?: number;
}

/** A stretch of the number line of sizes, in two lanes. */
export interface BorderPicture {
  readonly kind: "border";
  readonly caption?: Words;
  /** In ascending order of size. */
  readonly points: readonly BorderPoint[];
  /** The size that is selected at first; default: the last small one. */
  readonly at?: number;
}
export interface BorderPoint {
  readonly size: number;
  readonly lane: "small" | "large";
  /** Bytes of the slot, of the whole span in the large lane. */
  readonly slot: number;
  /** Pages of the span. */
  readonly pages: number;
}

/** Tiny blocks of 16 bytes and the objects in them. */
export interface TinyPicture {
  readonly kind: "tiny";
  readonly caption?: Words;
  readonly blocks: readonly TinyBlock[];
}
export interface TinyBlock {
  readonly label?: Words;
  /** First free byte, while the block is the current one of a P; absent: the block is closed. */
  readonly offset?: number;
  /** In ascending order of offset, not overlapping. */
  readonly objects: readonly { readonly offset: number; readonly size: number; readonly label?: Words }[];
}

/** Ps side by side, each with the goroutines that it runs and the spans in its mcache. */
export interface LanesPicture {
  readonly kind: "lanes";
  readonly caption?: Words;
  readonly procs: readonly ProcLane[];
  /** Named objects: which span, which slot, and who made them. */
  readonly objects: readonly LaneObject[];
}
export interface ProcLane {
  readonly id: number;
  readonly goroutines: readonly string[];
  /** First free byte of its current tiny block; absent: it has none. */
  readonly tinyOffset?: number;
  readonly spans: readonly LaneSpan[];
}
export interface LaneSpan {
  readonly spanclass: number;
  readonly elemsize: number;
  readonly nelems: number;
  readonly base: string;
  /** Slots below it are taken; of the others those are whose bit is set in allocBits. */
  readonly freeindex: number;
  readonly allocCount: number;
  /** nelems bits in hexadecimal bytes, as in a snapshot. */
  readonly allocBits: string;
}
export interface LaneObject {
  readonly label: string;
  readonly address: string;
  /** Base of its span. */
  readonly span: string;
  readonly slot: number;
  /** The P that it was made on. */
  readonly madeOn?: number;
}

/** @throws {PictureFault} */
export function readPaths(at: At): PathsPicture {
  return { kind: "paths", ...captionOf(at), items: list(field(at, "items"), pathItem, 64, 1) };
}

/** @throws {PictureFault} */
export function readBorder(at: At): BorderPicture {
  const points = list(field(at, "points"), borderPoint, 256, 1);
  for (let i = 1; i < points.length; i++) {
    if (points[i].size <= points[i - 1].size) throw new PictureFault(`points[${i}].size`, "order");
  }
  return { kind: "border", ...captionOf(at), points, ...optional(at, "at", (f) => int(f)) };
}

/** @throws {PictureFault} */
export function readTiny(at: At): TinyPicture {
  return { kind: "tiny", ...captionOf(at), blocks: list(field(at, "blocks"), tinyBlock, 64, 1) };
}

/** @throws {PictureFault} */
export function readLanes(at: At): LanesPicture {
  return {
    kind: "lanes",
    ...captionOf(at),
    procs: list(field(at, "procs"), procLane, 32, 1),
    objects: list(field(at, "objects"), laneObject, 64),
  };
}

function pathItem(at: At): PathItem {
  return {
    label: words(field(at, "label")),
    size: int(field(at, "size")),
    pointers: bool(field(at, "pointers")),
    path: oneOf(field(at, "path"), PATH_NAMES),
    ...optional(at, "slot", (f) => int(f)),
  };
}

function borderPoint(at: At): BorderPoint {
  return {
    size: int(field(at, "size")),
    lane: oneOf(field(at, "lane"), ["small", "large"]),
    slot: int(field(at, "slot")),
    pages: int(field(at, "pages")),
  };
}

/** Bytes of a tiny block. Go: maxTinySize. */
export const TINY_BLOCK_BYTES = 16;

function tinyBlock(at: At): TinyBlock {
  const objects = list(
    field(at, "objects"),
    (o) => ({
      offset: int(field(o, "offset"), 0, TINY_BLOCK_BYTES - 1),
      size: int(field(o, "size"), 1, TINY_BLOCK_BYTES),
      ...optional(o, "label", words),
    }),
    TINY_BLOCK_BYTES,
  );
  let end = 0;
  for (const [i, o] of objects.entries()) {
    const where = `${at.where}.objects[${i}]`;
    if (o.offset < end) throw new PictureFault(`${where}.offset`, "order");
    end = o.offset + o.size;
    if (end > TINY_BLOCK_BYTES) throw new PictureFault(`${where}.size`, "range");
  }
  return {
    ...optional(at, "label", words),
    ...optional(at, "offset", (f) => int(f, end, TINY_BLOCK_BYTES)),
    objects,
  };
}

function procLane(at: At): ProcLane {
  return {
    id: int(field(at, "id"), 0, 255),
    goroutines: list(field(at, "goroutines"), (g) => text(g, 40), 64),
    ...optional(at, "tinyOffset", (f) => int(f, 0, TINY_BLOCK_BYTES)),
    spans: list(field(at, "spans"), laneSpan, 136),
  };
}

function laneSpan(at: At): LaneSpan {
  const nelems = int(field(at, "nelems"), 1, 8192);
  return {
    spanclass: int(field(at, "spanclass"), 0, 135),
    elemsize: int(field(at, "elemsize"), 1),
    nelems,
    base: address(field(at, "base")),
    freeindex: int(field(at, "freeindex"), 0, nelems),
    allocCount: int(field(at, "allocCount"), 0, nelems),
    allocBits: bits(field(at, "allocBits"), nelems),
  };
}

function laneObject(at: At): LaneObject {
  return {
    label: text(field(at, "label"), 40),
    address: address(field(at, "address")),
    span: address(field(at, "span")),
    slot: int(field(at, "slot"), 0, 8191),
    ...optional(at, "madeOn", (f) => int(f, 0, 255)),
  };
}
