/** Page bitmap, summaries and the path of a search, as data: what `go.pages()` and `go.findPages(n)` know. */
import {
  type At,
  address,
  bits,
  captionOf,
  field,
  int,
  list,
  nullable,
  oneOf,
  optional,
  PictureFault,
  type Words,
} from "../read.ts";

/** Pages of a chunk. Go: pallocChunkPages. */
export const CHUNK_PAGES = 512;
/** Levels of summaries. Go: summaryLevels. */
export const LEVELS = 5;
/** Children of a summary below the root. Go: 1 << summaryLevelBits. */
export const FAN_OUT = 8;

/** Free pages at a region's start, in its longest run, and at its end. */
export interface Sum {
  readonly start: number;
  readonly max: number;
  readonly end: number;
}
export interface Chunk extends Sum {
  readonly index: number;
  readonly address: string;
  /** 512 bits in hexadecimal bytes, one a page: 1 in use. */
  readonly inUse: string;
  /** The same: 1 given back to the operating system. */
  readonly scavenged: string;
}
export interface Summary extends Sum {
  readonly index: number;
  readonly address: string;
  /** Pages that one entry of its level stands for. */
  readonly pages: number;
}
export const TOOK = ["accepted", "refused", "skipped"] as const;
/** A summary that the search looked at, and what came of it. */
export interface FindStep extends Sum {
  readonly level: number;
  readonly index: number;
  readonly address: string;
  readonly took: (typeof TOOK)[number];
}
export interface Find {
  /** Pages asked for. */
  readonly pages: number;
  /** The chunk at searchAddr sufficed, the summaries were asked, or no page was free at all. */
  readonly via: "searchAddr" | "tree" | "none";
  /** Where they were found; null: nowhere. */
  readonly address: string | null;
  readonly steps: readonly FindStep[];
}
export interface PagesPicture {
  readonly kind: "pages";
  readonly caption?: Words;
  readonly chunks: readonly Chunk[];
  /** From the root down. */
  readonly levels: readonly (readonly Summary[])[];
  /** No page below it is free; null: none is free at all. */
  readonly searchAddr: string | null;
  /** Index of the chunk that is looked at first. */
  readonly chunk?: number;
  readonly find?: Find;
}

const MAX_CHUNKS = 64;
const MAX_STEPS = 512;
/** More free pages than an address space has. */
const MAX_PAGES = 2 ** 36;
const MAX_INDEX = 2 ** 36;

function sum(at: At): Sum {
  const max = int(field(at, "max"), 0, MAX_PAGES);
  return { start: int(field(at, "start"), 0, max), max, end: int(field(at, "end"), 0, max) };
}

/** @throws {PictureFault} */
export function readPages(at: At): PagesPicture {
  const chunks = list(
    field(at, "chunks"),
    (c) => ({
      index: int(field(c, "index"), 0, MAX_INDEX),
      address: address(field(c, "address")),
      ...sum(c),
      inUse: bits(field(c, "inUse"), CHUNK_PAGES),
      scavenged: bits(field(c, "scavenged"), CHUNK_PAGES),
    }),
    MAX_CHUNKS,
  );
  for (let i = 1; i < chunks.length; i++)
    if (chunks[i].index <= chunks[i - 1].index) throw new PictureFault(`chunks[${i}].index`, "order");
  const level = (l: At) =>
    list(
      l,
      (s) => ({
        index: int(field(s, "index"), 0, MAX_INDEX),
        address: address(field(s, "address")),
        pages: int(field(s, "pages"), 1, MAX_PAGES),
        ...sum(s),
      }),
      MAX_CHUNKS,
    );
  const step = (s: At) => ({
    level: int(field(s, "level"), 0, LEVELS - 1),
    index: int(field(s, "index"), 0, MAX_INDEX),
    address: address(field(s, "address")),
    ...sum(s),
    took: oneOf(field(s, "took"), TOOK),
  });
  const find = (f: At) => ({
    pages: int(field(f, "pages"), 1, MAX_PAGES),
    via: oneOf(field(f, "via"), ["searchAddr", "tree", "none"]),
    address: nullable(field(f, "address"), address),
    steps: list(field(f, "steps"), step, MAX_STEPS),
  });
  return {
    kind: "pages",
    ...captionOf(at),
    chunks,
    levels: list(field(at, "levels"), level, LEVELS),
    searchAddr: nullable(field(at, "searchAddr"), address),
    ...optional(at, "chunk", (c) => int(c, 0, MAX_INDEX)),
    ...optional(at, "find", find),
  };
}

/** What `go.pages()` returns, as far as it is drawn. */
export type PagesRows = Pick<PagesPicture, "chunks" | "levels" | "searchAddr">;

export interface PagesOptions {
  readonly caption?: Words | undefined;
  /** Index of the chunk to look at first; default: where the search ended, else the first. */
  readonly chunk?: number;
  /** What `go.findPages(n)` returned. */
  readonly find?: Find;
}

/** The page heap: a chunk's bitmap, the summaries above it, and the path of a search. */
export function pagesOf(rows: PagesRows, options: PagesOptions = {}): PagesPicture {
  const { caption, chunk, find } = options;
  const sum = ({ start, max, end }: Sum): Sum => ({ start, max, end });
  return {
    kind: "pages",
    ...(caption === undefined ? {} : { caption }),
    chunks: rows.chunks.slice(0, MAX_CHUNKS).map((c) => ({
      index: c.index,
      address: c.address,
      ...sum(c),
      inUse: c.inUse,
      scavenged: c.scavenged,
    })),
    levels: rows.levels.map((l) =>
      l.slice(0, MAX_CHUNKS).map((s) => ({ index: s.index, address: s.address, pages: s.pages, ...sum(s) })),
    ),
    searchAddr: rows.searchAddr,
    ...(chunk === undefined ? {} : { chunk }),
    ...(find === undefined
      ? {}
      : {
          find: {
            pages: find.pages,
            via: find.via,
            address: find.address,
            steps: find.steps
              .slice(0, MAX_STEPS)
              .map((s) => ({ level: s.level, index: s.index, address: s.address, ...sum(s), took: s.took })),
          },
        }),
  };
}
