/** Heap in use, idle, given back and resident over time, as data. */
import { type At, captionOf, field, list, optional, PictureFault, real, type Words, words } from "../read.ts";

/** Bytes at one moment. */
export interface Sample {
  /** Milliseconds. */
  readonly t: number;
  /** Go: HeapInuse. */
  readonly inuse: number;
  /** Go: HeapIdle; what was given back is part of it. */
  readonly idle: number;
  /** Go: HeapReleased. */
  readonly released: number;
  /** What takes up memory, where known. */
  readonly resident?: number;
}
export interface TimelinePicture {
  readonly kind: "timeline";
  readonly caption?: Words;
  /** In order of time. */
  readonly samples: readonly Sample[];
  /** What happened when: a rule through the drawing. */
  readonly marks: readonly { readonly t: number; readonly label: Words }[];
  /** Goals and limits: lines at a height. */
  readonly lines: readonly { readonly bytes: number; readonly label: Words }[];
  /** The moment that is looked at first; default: the last. */
  readonly at?: number;
}

const MAX_SAMPLES = 1_000;
const MAX_BYTES = 2 ** 48;
const MAX_TIME = 1e12;

/** @throws {PictureFault} */
export function readTimeline(at: At): TimelinePicture {
  const bytes = (b: At) => real(b, 0, MAX_BYTES);
  const time = (t: At) => real(t, 0, MAX_TIME);
  const samples = list(
    field(at, "samples"),
    (s) => ({
      t: time(field(s, "t")),
      inuse: bytes(field(s, "inuse")),
      idle: bytes(field(s, "idle")),
      released: bytes(field(s, "released")),
      ...optional(s, "resident", bytes),
    }),
    MAX_SAMPLES,
    1,
  );
  for (const [i, s] of samples.entries()) {
    if (i > 0 && s.t < samples[i - 1].t) throw new PictureFault(`samples[${i}].t`, "order");
    if (s.released > s.idle) throw new PictureFault(`samples[${i}].released`, "range");
  }
  const label = (l: At) => words(field(l, "label"));
  return {
    kind: "timeline",
    ...captionOf(at),
    samples,
    marks: list(field(at, "marks"), (m) => ({ t: time(field(m, "t")), label: label(m) }), 16),
    lines: list(field(at, "lines"), (l) => ({ bytes: bytes(field(l, "bytes")), label: label(l) }), 4),
    ...optional(at, "at", time),
  };
}

export interface TimelineOptions {
  readonly caption?: Words | undefined;
  readonly marks?: TimelinePicture["marks"];
  readonly lines?: TimelinePicture["lines"];
  /** Milliseconds of the moment to look at first. */
  readonly at?: number;
}

/** The heap over time. Beyond 1,000 samples every k-th is kept, and the last. */
export function timelineOf(rows: readonly Sample[], options: TimelineOptions = {}): TimelinePicture {
  const { caption, marks = [], lines = [], at } = options;
  const step = Math.ceil(rows.length / (MAX_SAMPLES - 1));
  const kept = step <= 1 ? rows : rows.filter((_, i) => i % step === 0 || i === rows.length - 1);
  return {
    kind: "timeline",
    ...(caption === undefined ? {} : { caption }),
    samples: kept.map(({ t, inuse, idle, released, resident }) => ({
      t,
      inuse,
      idle,
      released,
      ...(resident === undefined ? {} : { resident }),
    })),
    marks: marks.map(({ t, label }) => ({ t, label })),
    lines: lines.map(({ bytes, label }) => ({ bytes, label })),
    ...(at === undefined ? {} : { at }),
  };
}
