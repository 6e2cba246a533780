/** How often each of a chain of ever slower paths was taken, as data. */
import { type At, captionOf, field, int, list, optional, type Words, words } from "../read.ts";

export interface Stair {
  readonly name: Words;
  readonly count: number;
  /** What is done on it. */
  readonly note?: Words;
}
export interface StairsPicture {
  readonly kind: "stairs";
  readonly caption?: Words;
  /** From the most taken to the least. */
  readonly steps: readonly Stair[];
}

/** @throws {PictureFault} */
export function readStairs(at: At): StairsPicture {
  const stair = (s: At) => ({
    name: words(field(s, "name")),
    count: int(field(s, "count"), 0, 1e12),
    ...optional(s, "note", words),
  });
  return { kind: "stairs", ...captionOf(at), steps: list(field(at, "steps"), stair, 16, 1) };
}

/** A staircase: each step's count, on a logarithmic scale. */
export function stairsOf(
  rows: readonly Stair[],
  options: { readonly caption?: Words | undefined } = {},
): StairsPicture {
  return {
    kind: "stairs",
    ...(options.caption === undefined ? {} : { caption: options.caption }),
    steps: rows.map(({ name, count, note }) => ({ name, count, ...(note === undefined ? {} : { note }) })),
  };
}
