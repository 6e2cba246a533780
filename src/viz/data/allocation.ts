/**
 * Pictures as data: what a cell hands to the page to be drawn.
 *
 * Everything here is plain and JSON-able, and each kind has a reader that takes an untrusted value and gives a clean
 * copy or a `PictureFault`. The readers take own properties of the expected type only, in range and of capped length.
 */

/** The page's language. */
export type Lang = "zh" | "en";

/** Words in both languages; a plain string is the same in both. */
export type Words = string | { readonly zh: string; readonly en: string };

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

export type Picture = PathsPicture | BorderPicture | TinyPicture | LanesPicture;

/** A picture cannot be drawn: which field is wrong, and how. */
export class PictureFault extends Error {
  override readonly name = "PictureFault";
  readonly where: string;
  readonly why: FaultKind;

  constructor(where: string, why: FaultKind) {
    super(`${where}: ${why}`);
    this.where = where;
    this.why = why;
  }
}

/** `kind` not the expected type, `range` outside what is possible, `hex` not hexadecimal digits, `short` too few of them. */
export type FaultKind = "kind" | "range" | "hex" | "short" | "order";

/** A value that is being read, with the name of its place. */
export interface At {
  readonly value: unknown;
  readonly where: string;
}

/** Own property `key` of an object; `undefined` when there is none. */
export function field(at: At, key: string): At {
  const { value, where } = at;
  if (typeof value !== "object" || value === null) throw new PictureFault(where || "picture", "kind");
  return {
    value: Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined,
    where: where ? `${where}.${key}` : key,
  };
}

/** A whole number from `min` to `max`. */
export function int({ value, where }: At, min = 0, max = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== "number") throw new PictureFault(where, "kind");
  if (!Number.isSafeInteger(value) || value < min || value > max) throw new PictureFault(where, "range");
  return value;
}

export function bool({ value, where }: At): boolean {
  if (typeof value !== "boolean") throw new PictureFault(where, "kind");
  return value;
}

export function text({ value, where }: At, max = 400): string {
  if (typeof value !== "string") throw new PictureFault(where, "kind");
  return value.length > max ? `${value.slice(0, max)}…` : value;
}

export function words(at: At): Words {
  if (typeof at.value !== "object") return text(at);
  return { zh: text(field(at, "zh")), en: text(field(at, "en")) };
}

export function oneOf<const T extends string>({ value, where }: At, names: readonly T[]): T {
  if (typeof value !== "string") throw new PictureFault(where, "kind");
  if (!names.includes(value as T)) throw new PictureFault(where, "range");
  return value as T;
}

export function list<T>({ value, where }: At, read: (at: At) => T, max: number, min = 0): T[] {
  if (!Array.isArray(value)) throw new PictureFault(where, "kind");
  if (value.length > max || value.length < min) throw new PictureFault(`${where}.length`, "range");
  return Array.from(value, (v: unknown, i) => read({ value: v, where: `${where}[${i}]` }));
}

/** `{ key: read(...) }`, or nothing when the property is absent. */
function optional<K extends string, T>(at: At, key: K, read: (at: At) => T): { [P in K]?: T } {
  const f = field(at, key);
  return (f.value === undefined ? {} : { [key]: read(f) }) as { [P in K]?: T };
}

/** An address or a 64-bit word: "0x" and 1 to 16 digits. */
export function address({ value, where }: At): string {
  if (typeof value !== "string") throw new PictureFault(where, "kind");
  if (!/^0x[0-9a-f]{1,16}$/i.test(value)) throw new PictureFault(where, "hex");
  return value.toLowerCase();
}

/** At least `n` bits as hexadecimal bytes, and not many more. */
export function bits({ value, where }: At, n: number): string {
  if (typeof value !== "string") throw new PictureFault(where, "kind");
  if (value.length < 2 * ((n + 7) >> 3)) throw new PictureFault(where, "short");
  if (value.length > 2 * ((n + 7) >> 3) + 64) throw new PictureFault(where, "range");
  if (!/^[0-9a-f]*$/i.test(value)) throw new PictureFault(where, "hex");
  return value;
}

/** The picture in an untrusted value. @throws {PictureFault} */
export function parsePicture(value: unknown): Picture {
  const at: At = { value, where: "" };
  const kind = oneOf(field(at, "kind"), ["paths", "border", "tiny", "lanes"]);
  const caption = optional(at, "caption", words);
  if (kind === "paths") return { kind, ...caption, items: list(field(at, "items"), pathItem, 64, 1) };
  if (kind === "border") {
    const points = list(field(at, "points"), borderPoint, 256, 1);
    for (let i = 1; i < points.length; i++) {
      if (points[i].size <= points[i - 1].size) throw new PictureFault(`points[${i}].size`, "order");
    }
    return { kind, ...caption, points, ...optional(at, "at", (f) => int(f)) };
  }
  if (kind === "tiny") return { kind, ...caption, blocks: list(field(at, "blocks"), tinyBlock, 64, 1) };
  return {
    kind,
    ...caption,
    procs: list(field(at, "procs"), procLane, 32, 1),
    objects: list(field(at, "objects"), laneObject, 64),
  };
}

/** The picture in an untrusted value, or null when there is none. */
export function readPicture(value: unknown): Picture | null {
  try {
    return parsePicture(value);
  } catch (e) {
    if (e instanceof PictureFault) return null;
    throw e;
  }
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
