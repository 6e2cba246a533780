/** A process's address space, as data: what `go.segments()` knows, and the address that is zoomed in on. */
import {
  type At,
  address,
  captionOf,
  field,
  int,
  list,
  optional,
  PictureFault,
  text,
  type Words,
  words,
} from "../read.ts";

export interface Segment {
  readonly name: Words;
  /** text, rodata, data, bss, heap, runtime, stack …: what its name does not say, how it is drawn. */
  readonly kind: string;
  readonly from: string;
  /** First address after it. */
  readonly to: string;
}
export interface MapPicture {
  readonly kind: "map";
  readonly caption?: Words;
  /** In address order, not overlapping. */
  readonly segments: readonly Segment[];
  /** The address that is looked at first; default: the start of the heap, else of the first segment. */
  readonly at?: string;
}

/** @throws {PictureFault} */
export function readMap(at: At): MapPicture {
  const segments = list(
    field(at, "segments"),
    (s) => ({
      name: words(field(s, "name")),
      kind: text(field(s, "kind"), 40),
      from: place(field(s, "from")),
      to: place(field(s, "to")),
    }),
    64,
    1,
  );
  let end = 0;
  for (const [i, s] of segments.entries()) {
    if (Number(s.from) < end) throw new PictureFault(`segments[${i}].from`, "order");
    end = Number(s.to);
    if (end <= Number(s.from)) throw new PictureFault(`segments[${i}].to`, "order");
  }
  return { kind: "map", ...captionOf(at), segments, ...optional(at, "at", place) };
}

/** An address of a 48-bit space; its end is one too. */
function place(at: At): string {
  const a = address(at);
  int({ value: Number(a), where: at.where }, 0, 2 ** 48);
  return a;
}

/** A row of `go.segments()`. */
export interface SegmentRow {
  readonly name: Words;
  readonly kind: string;
  readonly from: string;
  readonly to: string;
}

/** The process from its 48-bit space to one byte. */
export function mapOf(
  rows: readonly SegmentRow[],
  options: { readonly caption?: Words | undefined; readonly at?: string | { readonly address: string } } = {},
): MapPicture {
  const { caption, at } = options;
  return {
    kind: "map",
    ...(caption === undefined ? {} : { caption }),
    segments: rows
      .map(({ name, kind, from, to }) => ({ name, kind, from, to }))
      .sort((a, b) => Number(a.from) - Number(b.from)),
    ...(at === undefined ? {} : { at: typeof at === "string" ? at : at.address }),
  };
}
