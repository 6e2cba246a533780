/** Stretches of memory under one another, true to one scale, as data. */
import { type At, captionOf, field, int, list, oneOf, optional, PictureFault, type Words, words } from "../read.ts";

export const BLOCK_KINDS = [
  "live",
  "pointers",
  "tiny",
  "free",
  "waste",
  "hole",
  "meta",
  "stack",
  "reserved",
  "ready",
  "resident",
  "returned",
] as const;
export type BlockKind = (typeof BLOCK_KINDS)[number];

export interface StripBlock {
  /** First byte. */
  readonly at: number;
  readonly size: number;
  readonly kind: BlockKind;
  readonly label?: Words;
}
export interface Strip {
  readonly name: Words;
  readonly bytes: number;
  /** In address order, not overlapping; what lies between them is free. */
  readonly blocks: readonly StripBlock[];
  /** A remark: what failed, what it costs. */
  readonly note?: Words;
}
export interface StripPicture {
  readonly kind: "strip";
  readonly caption?: Words;
  readonly strips: readonly Strip[];
  /** Bytes of a row, a power of two: longer strips are folded. */
  readonly row?: number;
}

const MAX_BLOCKS = 2_048;

/** @throws {PictureFault} */
export function readStrip(at: At): StripPicture {
  const strips = list(
    field(at, "strips"),
    (s) => {
      const bytes = int(field(s, "bytes"), 1, 2 ** 48);
      const blocks = list(
        field(s, "blocks"),
        (b) => ({
          at: int(field(b, "at"), 0, bytes),
          size: int(field(b, "size"), 1, bytes),
          kind: oneOf(field(b, "kind"), BLOCK_KINDS),
          ...optional(b, "label", words),
        }),
        MAX_BLOCKS,
      );
      let end = 0;
      for (const [i, b] of blocks.entries()) {
        if (b.at < end) throw new PictureFault(`${s.where}.blocks[${i}].at`, "order");
        end = b.at + b.size;
        if (end > bytes) throw new PictureFault(`${s.where}.blocks[${i}].size`, "range");
      }
      return { name: words(field(s, "name")), bytes, blocks, ...optional(s, "note", words) };
    },
    24,
    1,
  );
  const count = strips.reduce((n, s) => n + s.blocks.length, 0);
  if (count > MAX_BLOCKS) throw new PictureFault("strips", "range");
  const row = optional(at, "row", (r) => int(r, 8, 2 ** 48));
  if (row.row !== undefined && strips.some((s) => s.bytes / (row.row as number) > 64))
    throw new PictureFault("row", "range");
  return { kind: "strip", ...captionOf(at), strips, ...row };
}

/** Strips of memory, one under another, true to one scale. Blocks may come in any order. */
export function stripOf(
  strips: readonly Strip[],
  options: { readonly caption?: Words | undefined; readonly row?: number } = {},
): StripPicture {
  const { caption, row } = options;
  return {
    kind: "strip",
    ...(caption === undefined ? {} : { caption }),
    strips: strips.map(({ name, bytes, blocks, note }) => ({
      name,
      bytes,
      blocks: blocks
        .map(({ at, size, kind, label }) => ({ at, size, kind, ...(label === undefined ? {} : { label }) }))
        .sort((a, b) => a.at - b.at),
      ...(note === undefined ? {} : { note }),
    })),
    ...(row === undefined ? {} : { row }),
  };
}
