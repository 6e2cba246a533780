/**
 * Pictures as data: what a cell hands to the page to be drawn.
 *
 * Everything here is plain and JSON-able, and each kind has a reader that takes an untrusted value and gives a clean
 * copy or a `PictureFault`. A kind's type, reader and builder stand together in data/.
 */
import type { HeapSnapshot } from "goheap/observe";
import {
  type BorderPicture,
  type LanesPicture,
  type PathsPicture,
  readBorder,
  readLanes,
  readPaths,
  readTiny,
  type TinyPicture,
} from "./data/allocation.ts";
import { type CentralPicture, readCentral } from "./data/central.ts";
import { type MapPicture, readMap } from "./data/map.ts";
import { type PagesPicture, readPages } from "./data/pages.ts";
import { readSlabs, type SlabsPicture } from "./data/slabs.ts";
import { readSlot, type SlotPicture } from "./data/slot.ts";
import { readStairs, type StairsPicture } from "./data/stairs.ts";
import { readSteps, type StepsPicture } from "./data/steps.ts";
import { readStrip, type StripPicture } from "./data/strip.ts";
import { readTimeline, type TimelinePicture } from "./data/timeline.ts";
import { readWords, type WordsPicture } from "./data/words.ts";
import { type At, captionOf, field, int, oneOf, optional, PictureFault, type Words } from "./read.ts";
import { parseSnapshot } from "./snapshot.ts";

export type {
  BorderPicture,
  CentralPicture,
  LanesPicture,
  MapPicture,
  PagesPicture,
  PathsPicture,
  SlabsPicture,
  SlotPicture,
  StairsPicture,
  StepsPicture,
  StripPicture,
  TimelinePicture,
  TinyPicture,
  WordsPicture,
};

export type Picture =
  | PathsPicture
  | BorderPicture
  | TinyPicture
  | LanesPicture
  | PagesPicture
  | CentralPicture
  | TimelinePicture
  | MapPicture
  | SlabsPicture
  | StripPicture
  | SlotPicture
  | WordsPicture
  | StairsPicture
  | StepsPicture;

/** A heap at one moment, and what of it is looked at first. The same as the protocol's heap output. */
export interface HeapDrawing {
  readonly kind: "heap";
  readonly snapshot: HeapSnapshot;
  /** Number of any page of the selected span. */
  readonly span?: number;
  readonly slot?: number;
  readonly caption?: Words;
}

/** What a step of a film may show. */
export type Drawing = Exclude<Picture, StepsPicture> | HeapDrawing;

const readers: { readonly [K in Drawing["kind"]]: (at: At) => Drawing } = {
  heap: readHeap,
  paths: readPaths,
  border: readBorder,
  tiny: readTiny,
  lanes: readLanes,
  pages: readPages,
  central: readCentral,
  timeline: readTimeline,
  map: readMap,
  slabs: readSlabs,
  strip: readStrip,
  slot: readSlot,
  words: readWords,
  stairs: readStairs,
};
const KINDS = Object.keys(readers) as Drawing["kind"][];
const PICTURE_KINDS = [...KINDS.filter((k) => k !== "heap"), "steps"] as Picture["kind"][];

function readHeap(at: At): HeapDrawing {
  return {
    kind: "heap",
    snapshot: parseSnapshot(field(at, "snapshot").value),
    ...optional(at, "span", (f) => int(f, 0, 2 ** 27)),
    ...optional(at, "slot", (f) => int(f, 0, 65_535)),
    ...captionOf(at),
  };
}

/** The drawing in an untrusted value: a picture, but no film, or a heap. @throws {PictureFault} */
export function parseDrawing(value: unknown): Drawing {
  const at: At = { value, where: "" };
  return readers[oneOf(field(at, "kind"), KINDS)](at);
}

/** The picture in an untrusted value. @throws {PictureFault} */
export function parsePicture(value: unknown): Picture {
  const at: At = { value, where: "" };
  const kind = oneOf(field(at, "kind"), PICTURE_KINDS);
  return kind === "steps" ? readSteps(at, parseDrawing) : (readers[kind](at) as Picture);
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
