/**
 * From what a cell knows to a picture: builders that take rows of `go.where` or a snapshot and return plain data.
 *
 * They place nothing by arithmetic of their own: paths, slots, spans and offsets are what the engine reported.
 */
import type { HeapSnapshot } from "goheap/observe";
import {
  type BorderPicture,
  type LanesPicture,
  type PathName,
  type PathsPicture,
  TINY_BLOCK_BYTES,
  type TinyBlock,
  type TinyPicture,
} from "./data/allocation.ts";
import { centralOf } from "./data/central.ts";
import { mapOf } from "./data/map.ts";
import { pagesOf } from "./data/pages.ts";
import { slabsOf } from "./data/slabs.ts";
import { slotOf } from "./data/slot.ts";
import { stairsOf } from "./data/stairs.ts";
import { stepsOf } from "./data/steps.ts";
import { stripOf } from "./data/strip.ts";
import { timelineOf } from "./data/timeline.ts";
import { wordsOf } from "./data/words.ts";
import type { Words } from "./read.ts";

interface Options {
  readonly caption?: Words | undefined;
}

/** One allocation: what was asked for, and the path that `go.where` says it took. */
export interface PathRow {
  readonly label?: Words;
  readonly size: number;
  readonly pointers?: boolean;
  readonly path: string;
  readonly slot?: number | null;
}

/** One size: its path, the bytes and pages that it cost. */
export interface BorderRow {
  readonly size: number;
  readonly path: string;
  readonly slot: number;
  readonly pages: number;
}

/** The decision tree of mallocgc with the branches lit that these allocations took. */
function paths(rows: readonly PathRow[], options: Options = {}): PathsPicture {
  return {
    kind: "paths",
    ...caption(options),
    items: rows.map((r) => ({
      label: r.label ?? `${r.size} B`,
      size: r.size,
      pointers: r.pointers ?? r.path.startsWith("small scan"),
      path: r.path as PathName,
      ...(typeof r.slot === "number" ? { slot: r.slot } : {}),
    })),
  };
}

/** The number line of sizes in two lanes, small and large. */
function border(rows: readonly BorderRow[], options: Options & { at?: number } = {}): BorderPicture {
  return {
    kind: "border",
    ...caption(options),
    points: rows
      .map(
        ({ size, path, slot, pages }) => ({ size, lane: path === "large" ? "large" : "small", slot, pages }) as const,
      )
      .sort((a, b) => a.size - b.size),
    ...(options.at === undefined ? {} : { at: options.at }),
  };
}

/** Tiny blocks, one a row. `offset` is the P's: the first free byte of the block that is still open. */
function tiny(blocks: readonly TinyBlock[], options: Options = {}): TinyPicture {
  return {
    kind: "tiny",
    ...caption(options),
    blocks: blocks.map((b) => ({ ...b, objects: b.objects.toSorted((x, y) => x.offset - y.offset) })),
  };
}

/** Tiny blocks from addresses: objects in the same 16 bytes share a row; rows are in order of first appearance. */
function tinyOf(
  objects: readonly { readonly address: string; readonly size: number; readonly label?: Words }[],
  options: Options = {},
): TinyPicture {
  const blocks = new Map<number, TinyBlock["objects"][number][]>();
  for (const o of objects) {
    const at = Number(o.address);
    const base = at - (at % TINY_BLOCK_BYTES);
    const block = blocks.get(base) ?? [];
    blocks.set(base, block);
    block.push({ offset: at - base, size: o.size, ...(o.label === undefined ? {} : { label: o.label }) });
  }
  const rows = [...blocks].map(([base, inside]) => ({ label: `0x${base.toString(16)}`, objects: inside }));
  return tiny(rows, options);
}

/** Ps with the goroutines that they run and the spans in their mcaches, as a snapshot has them. */
function lanes(
  snapshot: HeapSnapshot,
  options: Options & {
    goroutines?: readonly { readonly name: string; readonly p: number }[];
    objects?: readonly { readonly label: string; readonly address: string; readonly madeOn?: number }[];
  } = {},
): LanesPicture {
  const byId = new Map(snapshot.spans.map((s) => [s.id, s]));
  return {
    kind: "lanes",
    ...caption(options),
    procs: snapshot.procs.map((p) => ({
      id: p.id,
      goroutines: (options.goroutines ?? []).filter((g) => g.p === p.id).map((g) => g.name),
      ...(p.tiny.base === null ? {} : { tinyOffset: p.tiny.offset }),
      spans: p.alloc.flatMap(({ spanclass, span }) => {
        const s = byId.get(span);
        if (s === undefined) return [];
        const { elemsize, nelems, base, freeindex, allocCount, allocBits } = s;
        return [{ spanclass, elemsize, nelems, base, freeindex, allocCount, allocBits }];
      }),
    })),
    objects: (options.objects ?? []).flatMap(({ label, address, madeOn }) => {
      const found = findSpan(snapshot, address);
      const s = found && byId.get(found.span);
      if (!s || found.slot === null) return [];
      return [{ label, address, span: s.base, slot: found.slot, ...(madeOn === undefined ? {} : { madeOn }) }];
    }),
  };
}

/** The span (its id) and slot that an address lies in, or null when no span of the snapshot holds it. */
function findSpan(snapshot: HeapSnapshot, address: string): { span: number; slot: number | null } | null {
  const at = Number(address);
  for (const s of snapshot.spans) {
    const offset = at - Number(s.base);
    if (offset < 0 || offset >= s.npages * 8192) continue;
    const slot = s.elemsize > 0 ? Math.floor(offset / s.elemsize) : s.nelems;
    return { span: s.id, slot: slot < s.nelems ? slot : null };
  }
  return null;
}

function caption(options: Options): { caption?: Words } {
  return options.caption === undefined ? {} : { caption: options.caption };
}

/** Pictures that a cell can show besides tables, charts and the heap. */
export const show = {
  paths,
  border,
  tiny,
  tinyOf,
  lanes,
  pages: pagesOf,
  central: centralOf,
  timeline: timelineOf,
  map: mapOf,
  slabs: slabsOf,
  strip: stripOf,
  slot: slotOf,
  words: wordsOf,
  stairs: stairsOf,
  steps: stepsOf,
} as const;
