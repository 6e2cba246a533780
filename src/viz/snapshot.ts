/**
 * A heap snapshot, read for drawing: checked once, then asked for slots, pages and addresses.
 *
 * Slots carry flags, so that a run of equal slots is one stroke:
 *
 *   slot < freeindex or its bit in allocBits   allocated
 *   its bit in allocBits                       survivor of the last mark
 *   its bit in gcmarkBits                      marked in this cycle
 */
import type { HeapSnapshot, ProcSnapshot, SpanSnapshot } from "goheap/observe";
import { type At, address, bits, bool, field, int, list, nullable, oneOf, PictureFault, text } from "./read.ts";

export const ALLOCATED = 1;
export const SURVIVOR = 2;
export const MARKED = 4;

/** Bytes of a page of the heap. */
export const PAGE_BYTES = 8192;
/** Squares of one row of a folded drawing: half of a 64-bit word. */
export const ROW = 32;

/** Bit `i` of a string of hexadecimal bytes. */
export function bit(hex: string, i: number): number {
  const digit = Number.parseInt(hex[((i >> 3) << 1) + ((i & 7) < 4 ? 1 : 0)], 16);
  return (digit >> (i & 3)) & 1;
}

/** Flags of each slot of a span. */
export function slotFlags(s: SpanSnapshot): Uint8Array {
  const flags = new Uint8Array(s.nelems);
  for (let i = 0; i < s.nelems; i++) {
    const survivor = bit(s.allocBits, i);
    flags[i] =
      (i < s.freeindex || survivor ? ALLOCATED : 0) | (survivor ? SURVIVOR : 0) | (bit(s.gcmarkBits, i) ? MARKED : 0);
  }
  return flags;
}

/** Zero bits below the lowest set bit of a "0x…" word of 64 bits; 64 when there is none. */
export function trailingZeros(word: string): number {
  const digits = word.slice(2).padStart(16, "0");
  for (let n = 0; n < 16; n++) {
    const d = Number.parseInt(digits[15 - n], 16);
    if (d !== 0) return 4 * n + (31 - Math.clz32(d & -d));
  }
  return 64;
}

/** The slot that the next allocation takes, or null when the span is full. */
export function nextSlot(s: SpanSnapshot): number | null {
  if (s.freeindex >= s.nelems) return null;
  const zeros = trailingZeros(s.allocCache);
  if (zeros < 64) return s.freeindex + zeros < s.nelems ? s.freeindex + zeros : null;
  // The cache is used up: the next word of allocBits is looked at.
  for (let i = (s.freeindex + 64) & -64; i < s.nelems; i++) if (!bit(s.allocBits, i)) return i;
  return null;
}

/** How far a span's sweep generation is from the heap's: -2 needs sweeping … 3 swept, then cached. */
export function sweepDistance(s: SpanSnapshot, snapshot: HeapSnapshot): number {
  return (s.sweepgen - snapshot.sweepgen) | 0;
}

/** True while a span still shows the state before the last mark. */
export function isUnswept(s: SpanSnapshot, snapshot: HeapSnapshot): boolean {
  const d = sweepDistance(s, snapshot);
  return s.state === "inuse" && (d === -2 || d === -1 || d === 1);
}

/** What a span's slots are drawn as. */
export function spanKind(s: SpanSnapshot): "scan" | "noscan" | "tiny" | "stack" {
  if (s.state === "manual") return "stack";
  if (s.isTinyBlockSpan) return "tiny";
  return s.noscan ? "noscan" : "scan";
}

/** `0xc000012340` from a number. */
export function hex(addr: number): string {
  return `0x${addr.toString(16)}`;
}

/** `true` runs of a predicate over 0..n-1, as [first, length] pairs. */
export function runs(n: number, is: (i: number) => boolean, from = 0): [number, number][] {
  const out: [number, number][] = [];
  for (let i = from; i < n; i++) {
    if (!is(i)) continue;
    const first = i;
    while (i + 1 < n && is(i + 1)) i++;
    out.push([first, i - first + 1]);
  }
  return out;
}

/** `0–170, 173, 180–181`: a set of slots in words. */
export function ranges(n: number, is: (i: number) => boolean): string {
  return runs(n, is)
    .map(([i, k]) => (k === 1 ? `${i}` : `${i}–${i + k - 1}`))
    .join(", ");
}

/** The snapshot in an untrusted value. @throws {PictureFault} naming the first field that is wrong */
export function parseSnapshot(value: unknown): HeapSnapshot {
  const at: At = { value, where: "" };
  int(field(at, "version"), 1, 1);
  const p = field(at, "pages");
  const count = int(field(p, "count"), 0, 1 << 17);
  const snapshot: HeapSnapshot = {
    version: 1,
    heapBase: address(field(at, "heapBase")),
    sweepgen: int(field(at, "sweepgen"), 0, 2 ** 32 - 1),
    pages: {
      first: int(field(p, "first"), 0, 2 ** 27),
      count,
      inUse: bits(field(p, "inUse"), count),
      scavenged: bits(field(p, "scavenged"), count),
    },
    spans: list(field(at, "spans"), readSpan, 16384),
    procs: list(field(at, "procs"), readProc, 256),
    stats: readStats(field(at, "stats")),
  };
  for (let i = 1; i < snapshot.spans.length; i++) {
    const before = snapshot.spans[i - 1];
    if (snapshot.spans[i].page < before.page + before.npages) throw new PictureFault(`spans[${i}].page`, "order");
  }
  return snapshot;
}

/** The snapshot in an untrusted value, or null when it is none. */
export function readSnapshot(value: unknown): HeapSnapshot | null {
  try {
    return parseSnapshot(value);
  } catch (e) {
    if (e instanceof PictureFault) return null;
    throw e;
  }
}

function word(at: At): string {
  const w = address(at);
  if (w.length !== 18) throw new PictureFault(at.where, "short");
  return w;
}

function readSpan(at: At): SpanSnapshot {
  const npages = int(field(at, "npages"), 1, 1 << 17);
  const state = oneOf(field(at, "state"), ["inuse", "manual"]);
  const nelems = int(field(at, "nelems"), state === "inuse" ? 1 : 0, 65535);
  const elemsize = int(field(at, "elemsize"), state === "inuse" ? 1 : 0, npages * PAGE_BYTES);
  if (nelems * elemsize > npages * PAGE_BYTES) throw new PictureFault(`${at.where}.nelems`, "range");
  const r = field(at, "reserved");
  return {
    id: int(field(at, "id")),
    page: int(field(at, "page"), 0, 2 ** 27),
    npages,
    state,
    spanclass: int(field(at, "spanclass"), 0, 135),
    sizeclass: int(field(at, "sizeclass"), 0, 67),
    noscan: bool(field(at, "noscan")),
    elemsize,
    nelems,
    freeindex: int(field(at, "freeindex"), 0, nelems),
    allocCount: int(field(at, "allocCount"), 0, nelems),
    allocCache: word(field(at, "allocCache")),
    allocBits: bits(field(at, "allocBits"), nelems),
    gcmarkBits: bits(field(at, "gcmarkBits"), nelems),
    sweepgen: int(field(at, "sweepgen"), 0, 2 ** 32 - 1),
    needzero: int(field(at, "needzero"), 0, 1),
    base: address(field(at, "base")),
    limit: address(field(at, "limit")),
    reserved: {
      heapBits: int(field(r, "heapBits"), 0, PAGE_BYTES),
      inlineMarks: int(field(r, "inlineMarks"), 0, PAGE_BYTES),
    },
    cachedBy: nullable(field(at, "cachedBy"), (f) => int(f, 0, 255)),
    largeTypeNil: bool(field(at, "largeTypeNil")),
    isTinyBlockSpan: bool(field(at, "isTinyBlockSpan")),
    sets: nullable(field(at, "sets"), (f) => oneOf(f, ["partialSwept", "partialUnswept", "fullSwept", "fullUnswept"])),
  };
}

function readProc(at: At): ProcSnapshot {
  const t = field(at, "tiny");
  const c = field(at, "pcache");
  return {
    id: int(field(at, "id"), 0, 255),
    tiny: {
      base: nullable(field(t, "base"), address),
      span: nullable(field(t, "span"), (f) => int(f)),
      slot: nullable(field(t, "slot"), (f) => int(f, 0, 65535)),
      offset: int(field(t, "offset"), 0, 16),
      allocs: int(field(t, "allocs")),
    },
    pcache: { base: address(field(c, "base")), cache: word(field(c, "cache")), scav: word(field(c, "scav")) },
    alloc: list(
      field(at, "alloc"),
      (a) => ({ spanclass: int(field(a, "spanclass"), 0, 135), span: int(field(a, "span")) }),
      136,
    ),
  };
}

function readStats(at: At): Record<string, number> {
  if (typeof at.value !== "object" || at.value === null) throw new PictureFault(at.where, "kind");
  const out: Record<string, number> = {};
  for (const key of Object.keys(at.value).slice(0, 256)) {
    const f = field(at, key);
    if (typeof f.value === "number" && Number.isFinite(f.value))
      out[text({ value: key, where: at.where }, 80)] = f.value;
  }
  return out;
}
