/** The four span sets of one mcentral, as data: what `go.mcentral(spanclass)` knows. */
import { type At, captionOf, field, int, list, optional, text, type Words } from "../read.ts";

export const SETS = ["partialSwept", "partialUnswept", "fullSwept", "fullUnswept"] as const;
export type SetName = (typeof SETS)[number];

export interface CentralSpan {
  /** Its base address, or what else it is called. */
  readonly span: string;
  readonly sweepgen: number;
  readonly nelems: number;
  readonly allocCount: number;
}
export interface CentralPicture {
  readonly kind: "central";
  readonly caption?: Words;
  readonly spanclass: number;
  /** The heap's. */
  readonly sweepgen: number;
  /** Bytes of a slot, where known. */
  readonly elemsize?: number;
  readonly sets: { readonly [K in SetName]: readonly CentralSpan[] };
}

const MAX_SPANS = 256;

/** @throws {PictureFault} */
export function readCentral(at: At): CentralPicture {
  const sets = field(at, "sets");
  const spans = (name: SetName) =>
    list(
      field(sets, name),
      (s) => {
        const nelems = int(field(s, "nelems"), 1, 8192);
        return {
          span: text(field(s, "span"), 40),
          sweepgen: int(field(s, "sweepgen"), 0, 2 ** 32 - 1),
          nelems,
          allocCount: int(field(s, "allocCount"), 0, nelems),
        };
      },
      MAX_SPANS,
    );
  return {
    kind: "central",
    ...captionOf(at),
    spanclass: int(field(at, "spanclass"), 0, 135),
    sweepgen: int(field(at, "sweepgen"), 0, 2 ** 32 - 1),
    ...optional(at, "elemsize", (n) => int(n, 0)),
    sets: {
      partialSwept: spans("partialSwept"),
      partialUnswept: spans("partialUnswept"),
      fullSwept: spans("fullSwept"),
      fullUnswept: spans("fullUnswept"),
    },
  };
}

/** What `go.mcentral` returns. */
export type CentralRows = Pick<CentralPicture, "spanclass" | "sweepgen"> & CentralPicture["sets"];

/** The 2 × 2 board of one span class: partial and full, swept and unswept. */
export function centralOf(
  rows: CentralRows,
  options: { readonly caption?: Words | undefined; readonly elemsize?: number } = {},
): CentralPicture {
  const spans = (name: SetName): CentralSpan[] =>
    rows[name]
      .slice(0, MAX_SPANS)
      .map(({ span, sweepgen, nelems, allocCount }) => ({ span, sweepgen, nelems, allocCount }));
  return {
    kind: "central",
    ...(options.caption === undefined ? {} : { caption: options.caption }),
    spanclass: rows.spanclass,
    sweepgen: rows.sweepgen,
    ...(options.elemsize === undefined ? {} : { elemsize: options.elemsize }),
    sets: {
      partialSwept: spans("partialSwept"),
      partialUnswept: spans("partialUnswept"),
      fullSwept: spans("fullSwept"),
      fullUnswept: spans("fullUnswept"),
    },
  };
}
