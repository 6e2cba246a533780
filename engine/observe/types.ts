/**
 * What an observer sees of a heap: plain data, nothing computed, nothing of the engine.
 *
 * A snapshot is a copy: it may be kept, sent to another thread, written as JSON and drawn later. Names are Go's
 * where Go has one. Bit strings are hexadecimal digits, two a byte; bit k of byte b stands for number 8b + k. A 64-bit
 * word is "0x" and 16 digits, an address "0x" and as many digits as it needs.
 */

/** The mcentral set that holds a span: partial or full, and its role in the cycle of the snapshot. */
export type SpanSetName = "partialSwept" | "partialUnswept" | "fullSwept" | "fullUnswept";

/** One mspan. */
export interface SpanSnapshot {
  /** Place of the record in memory: the same span in two snapshots has the same id. */
  id: number;
  /** First page, counted from the heap's base. */
  page: number;
  npages: number;
  /** `inuse` holds objects, `manual` stacks or work buffers. */
  state: "inuse" | "manual";
  spanclass: number;
  /** 0 for a large object's span. */
  sizeclass: number;
  noscan: boolean;
  elemsize: number;
  nelems: number;
  freeindex: number;
  allocCount: number;
  allocCache: string;
  /** nelems bits, as of the last sweep: 1 survived it. */
  allocBits: string;
  gcmarkBits: string;
  sweepgen: number;
  needzero: number;
  base: string;
  /** End of the object part. */
  limit: string;
  /** Bytes at the span's end that hold no objects: pointer bitmap, then in-span mark bits. */
  reserved: { heapBits: number; inlineMarks: number };
  /** The P whose mcache holds the span. */
  cachedBy: number | null;
  /** A large object's span whose type is nil: the collector finds no pointers in it. */
  largeTypeNil: boolean;
  /** Its class is the one that tiny blocks come from (16 bytes, no pointers). */
  isTinyBlockSpan: boolean;
  sets: SpanSetName | null;
}

/** One P, as far as allocation is concerned. */
export interface ProcSnapshot {
  id: number;
  /** The tiny block of its mcache: `span` is a span's id, `offset` the first byte that is still free. */
  tiny: { base: string | null; span: number | null; slot: number | null; offset: number; allocs: number };
  /** Its page cache: bit i of `cache` is the free page i after `base`. */
  pcache: { base: string; cache: string; scav: string };
  /** Spans in its mcache that are not the empty one; `span` is a span's id. */
  alloc: { spanclass: number; span: number }[];
}

/** A heap at one moment. */
export interface HeapSnapshot {
  version: 1;
  heapBase: string;
  sweepgen: number;
  /** Pages `first` to `first + count - 1`, counted from the heap's base; bit i of a bitmap is page `first + i`. */
  pages: { first: number; count: number; inUse: string; scavenged: string };
  /** In address order. */
  spans: SpanSnapshot[];
  procs: ProcSnapshot[];
  /** Counters under Go's names; bytes where the name says so. */
  stats: Record<string, number>;
}

/** What a snapshot reads. */
export interface SnapshotOptions {
  /** First page, counted from the heap's base; default 0. */
  firstPage?: number;
  /** Number of pages; default: up to the end of the mapped heap. */
  pages?: number;
}

/** One difference of two snapshots: where, and both values. */
export interface Difference {
  /** `spans[3].freeindex`, `procs[0].tiny.offset`, `spans[3].allocBits[17]` (one slot's bit), … */
  path: string;
  before: string | number | boolean | null;
  after: string | number | boolean | null;
}
