/**
 * Snapshots: a heap's records read by Go's names, and its bits from memory, into plain data.
 *
 * Nothing is computed that the records hold; what is not a field is a question of place: which mcache points to a
 * span, which mcentral queue it stands in, which slot a P's tiny block is. The heap is not changed.
 */
import { addressOf, formatAddress } from "../memory/address.ts";
import { type Memory, NIL } from "../memory/memory.ts";
import { hex64 } from "../memory/u64.ts";
import * as gcController from "../records/gcController.ts";
import * as globals from "../records/globals.ts";
import * as mcacheRecord from "../records/mcache.ts";
import * as mcentral from "../records/mcentral.ts";
import * as mheap from "../records/mheap.ts";
import * as mpagealloc from "../records/mpagealloc.ts";
import * as mpagecache from "../records/mpagecache.ts";
import * as mspan from "../records/mspan.ts";
import * as spanset from "../records/mspanset.ts";
import * as runtime2 from "../records/runtime2.ts";
import { pageSize, pallocChunkBytes, pallocChunkPages, pallocChunksL2Bits } from "../records/sizes.ts";
import type { HeapSnapshot, ProcSnapshot, SnapshotOptions, SpanSetName, SpanSnapshot } from "./types.ts";

/** The class of tiny blocks: 16 bytes, no pointers. Go: tinySpanClass. */
const tinySpanClass = 5;
/** Largest slot of a span that holds its own pointer bitmap. Go: gc.MinSizeForMallocHeader. */
const minSizeForMallocHeader = 512;
/** Smallest slot of a span that holds its own mark bits, and their bytes. Go: gcUsesSpanInlineMarkBits, spanInlineMarkBits. */
const minSizeForInlineMarks = 16;
const spanInlineMarkBitsBytes = 128;

/**
 * A copy of a heap's state. The same bytes give the same snapshot.
 * @zh 堆状态的一份拷贝。同样的字节得到同样的快照。
 *
 * @param options pages that the bitmaps shall cover; default: all that the heap has grown into. Spans and Ps are
 *   always complete.
 */
export function takeSnapshot(m: Memory, options: SnapshotOptions = {}): HeapSnapshot {
  const h = globals.mheap_(m);
  const firstPage = options.firstPage ?? 0;
  const pages = options.pages ?? Math.max(mappedPages(m) - firstPage, 0);
  const sets = readSets(m);
  const holders = readHolders(m);
  const spans: SpanSnapshot[] = [];
  const list = mheap.allspans(m, h) as number;
  for (let i = 0; i < mheap.allspansLen(m, h); i++) {
    const s: mspan.MSpan = m.i32[(list + 8 * i) >> 2];
    if (mspan.state(m, s) !== mspan.mSpanDead) spans.push(readSpan(m, s, holders, sets));
  }
  spans.sort((a, b) => a.page - b.page);
  return {
    version: 1,
    heapBase: formatAddress(m.heapBase),
    sweepgen: mheap.sweepgen(m, h),
    pages: {
      first: firstPage,
      count: pages,
      inUse: pageBits(m, firstPage, pages, mpagealloc.pallocBits),
      scavenged: pageBits(m, firstPage, pages, mpagealloc.scavenged),
    },
    spans,
    procs: Array.from({ length: globals.gomaxprocs(m) }, (_, i) => readProc(m, globals.allp(m, i))),
    stats: readStats(m),
  };
}

function readSpan(
  m: Memory,
  s: mspan.MSpan,
  holders: ReadonlyMap<number, number>,
  sets: ReadonlyMap<number, SpanSetName>,
): SpanSnapshot {
  const isInUse = mspan.state(m, s) === mspan.mSpanInUse;
  const spc = mspan.spanclass(m, s);
  const start = mspan.startAddr(m, s);
  const nelems = isInUse ? mspan.nelems(m, s) : 0;
  return {
    id: s,
    page: start / pageSize,
    npages: mspan.npages(m, s),
    state: isInUse ? "inuse" : "manual",
    spanclass: spc,
    sizeclass: spc >> 1,
    noscan: (spc & 1) === 1,
    elemsize: isInUse ? mspan.elemsize(m, s) : 0,
    nelems,
    freeindex: isInUse ? mspan.freeindex(m, s) : 0,
    allocCount: isInUse ? mspan.allocCount(m, s) : 0,
    allocCache: hex64(isInUse ? mspan.allocCacheLo(m, s) : 0, isInUse ? mspan.allocCacheHi(m, s) : 0),
    allocBits: bitString(m, mspan.allocBits(m, s), nelems),
    gcmarkBits: bitString(m, mspan.gcmarkBits(m, s), nelems),
    sweepgen: mspan.sweepgen(m, s),
    needzero: mspan.needzero(m, s),
    base: formatAddress(addressOf(m, start)),
    limit: formatAddress(addressOf(m, mspan.limit(m, s))),
    reserved: isInUse ? reservedBytes(m, s, spc) : { heapBits: 0, inlineMarks: 0 },
    cachedBy: holders.get(s) ?? null,
    largeTypeNil: isInUse && spc >> 1 === 0 && mspan.largeType(m, s) === 0,
    isTinyBlockSpan: isInUse && spc === tinySpanClass,
    sets: sets.get(s) ?? null,
  };
}

function reservedBytes(m: Memory, s: mspan.MSpan, spc: number): SpanSnapshot["reserved"] {
  const size = mspan.elemsize(m, s);
  const isInSpan = size <= minSizeForMallocHeader && spc >> 1 !== 0;
  return {
    heapBits: isInSpan && (spc & 1) === 0 ? (mspan.npages(m, s) * pageSize) / 64 : 0,
    inlineMarks: isInSpan && size >= minSizeForInlineMarks && globals.greentea(m) ? spanInlineMarkBitsBytes : 0,
  };
}

/** `n` bits from byte `at`, as hexadecimal bytes; bits past `n` read as 0. */
function bitString(m: Memory, at: number, n: number): string {
  let s = "";
  for (let i = 0; i < n; i += 8) {
    const byte = at === 0 ? 0 : m.u8[at + (i >> 3)] & (n - i < 8 ? (1 << (n - i)) - 1 : 0xff);
    s += byte.toString(16).padStart(2, "0");
  }
  return s;
}

/** Span → the P whose mcache holds it. */
function readHolders(m: Memory): Map<number, number> {
  const holders = new Map<number, number>();
  for (let i = 0; i < globals.gomaxprocs(m); i++) {
    const c = runtime2.mcache(m, globals.allp(m, i)) as mcacheRecord.MCache;
    if (c === 0) continue;
    for (let spc = 0; spc < mcacheRecord.numSpanClasses; spc++) {
      const s = mcacheRecord.alloc(m, c, spc) as number;
      if (s !== 0 && s !== globals.emptymspan(m)) holders.set(s, i);
    }
  }
  return holders;
}

/** Span → the mcentral queue that it stands in. */
function readSets(m: Memory): Map<number, SpanSetName> {
  const sets = new Map<number, SpanSetName>();
  for (let spc = 0; spc < mcacheRecord.numSpanClasses; spc++) {
    for (const [name, spans] of Object.entries(centralSets(m, spc)) as [SpanSetName, number[]][]) {
      for (const s of spans) sets.set(s, name);
    }
  }
  return sets;
}

/** The four queues of a span class, each from its head to its tail; popped entries are 0 and left out. */
export function centralSets(m: Memory, spc: number): Record<SpanSetName, mspan.MSpan[]> {
  const h = globals.mheap_(m);
  const c = mheap.central(h, spc) as mcentral.MCentral;
  const swept = (mheap.sweepgen(m, h) / 2) % 2;
  return {
    partialSwept: readSet(m, mcentral.partial(c, swept)),
    partialUnswept: readSet(m, mcentral.partial(c, 1 - swept)),
    fullSwept: readSet(m, mcentral.full(c, swept)),
    fullUnswept: readSet(m, mcentral.full(c, 1 - swept)),
  };
}

function readSet(m: Memory, set: spanset.SpanSet): mspan.MSpan[] {
  const spans: mspan.MSpan[] = [];
  const spine = spanset.spine(m, set) as number;
  for (let i = spanset.head(m, set); i < spanset.tail(m, set); i++) {
    const block = m.i32[(spine + 8 * Math.floor(i / spanset.spanSetBlockEntries)) >> 2] as spanset.SpanSetBlock;
    if (block === 0) continue;
    const s = m.i32[(spanset.blockSpans(block) + 8 * (i % spanset.spanSetBlockEntries)) >> 2];
    if (s !== 0) spans.push(s);
  }
  return spans;
}

function readProc(m: Memory, p: runtime2.P): ProcSnapshot {
  const c = runtime2.mcache(m, p) as mcacheRecord.MCache;
  const pc = runtime2.pcache(p) as mpagecache.PageCache;
  const alloc: ProcSnapshot["alloc"] = [];
  for (let spc = 0; c !== 0 && spc < mcacheRecord.numSpanClasses; spc++) {
    const s = mcacheRecord.alloc(m, c, spc) as number;
    if (s !== 0 && s !== globals.emptymspan(m)) alloc.push({ spanclass: spc, span: s });
  }
  const base = (mpagecache.baseHi(m, pc) >>> 0) * 2 ** 32 + (mpagecache.baseLo(m, pc) >>> 0);
  return {
    id: runtime2.id(m, p),
    tiny: readTiny(m, c),
    pcache: {
      base: formatAddress(base),
      cache: hex64(mpagecache.cacheLo(m, pc), mpagecache.cacheHi(m, pc)),
      scav: hex64(mpagecache.scavLo(m, pc), mpagecache.scavHi(m, pc)),
    },
    alloc,
  };
}

/** The tiny block of an mcache, and the span that holds it: one of the heap's, found by address. */
function readTiny(m: Memory, c: mcacheRecord.MCache): ProcSnapshot["tiny"] {
  const off = c === 0 ? NIL : mcacheRecord.tiny(m, c);
  if (off === NIL)
    return { base: null, span: null, slot: null, offset: 0, allocs: c === 0 ? 0 : mcacheRecord.tinyAllocs(m, c) };
  const s = spanAt(m, off);
  return {
    base: formatAddress(addressOf(m, off)),
    span: s === 0 ? null : s,
    slot: s === 0 ? null : (off - mspan.startAddr(m, s)) / mspan.elemsize(m, s),
    offset: mcacheRecord.tinyoffset(m, c),
    allocs: mcacheRecord.tinyAllocs(m, c),
  };
}

function spanAt(m: Memory, off: number): mspan.MSpan {
  const h = globals.mheap_(m);
  const list = mheap.allspans(m, h) as number;
  for (let i = 0; i < mheap.allspansLen(m, h); i++) {
    const s: mspan.MSpan = m.i32[(list + 8 * i) >> 2];
    const start = mspan.startAddr(m, s);
    if (mspan.state(m, s) === mspan.mSpanInUse && off >= start && off < mspan.limit(m, s)) return s;
  }
  return 0;
}

/** Pages from the heap's base to the end of the last chunk that it has grown into. */
function mappedPages(m: Memory): number {
  const p = mheap.pages(globals.mheap_(m)) as mpagealloc.PageAlloc;
  const end = mpagealloc.end(m, p);
  return end === 0 ? 0 : (end - mpagealloc.originChunk(m, p)) * pallocChunkPages;
}

/** Bits of pages first..first+count-1 from one of the two bitmaps of their chunks; 0 where there is no chunk. */
function pageBits(m: Memory, first: number, count: number, bitmap: (d: mpagealloc.PallocData) => number): string {
  const p = mheap.pages(globals.mheap_(m)) as mpagealloc.PageAlloc;
  const start = mpagealloc.start(m, p);
  const end = mpagealloc.end(m, p);
  const bytes = new Uint8Array((count + 7) >> 3);
  for (let i = 0; i < count; i++) {
    const page = first + i;
    const ci = mpagealloc.originChunk(m, p) + Math.floor((page * pageSize) / pallocChunkBytes);
    if (ci < start || ci >= end) continue;
    const block = mpagealloc.chunks(m, p, ci >>> pallocChunksL2Bits) as number;
    if (block === 0) continue;
    const data = block + mpagealloc.pallocDataLayout.size * (ci & ((1 << pallocChunksL2Bits) - 1));
    const k = page % pallocChunkPages;
    if ((m.u8[bitmap(data) + (k >> 3)] >> (k & 7)) & 1) bytes[i >> 3] |= 1 << (i & 7);
  }
  return hexBytes(bytes);
}

/** Two digits a byte. */
export function hexBytes(bytes: Uint8Array): string {
  let s = "";
  for (const b of bytes) s += b.toString(16).padStart(2, "0");
  return s;
}

/** Counters that are fields of their own; bytes but for pagesInUse. */
function readStats(m: Memory): Record<string, number> {
  const g = globals.gcController(m) as Parameters<typeof gcController.heapLive>[1];
  return {
    heapLive: gcController.heapLive(m, g),
    heapScan: gcController.heapScan(m, g),
    heapMarked: gcController.heapMarked(m, g),
    heapInUse: gcController.heapInUse(m, g),
    heapFree: gcController.heapFree(m, g),
    heapReleased: gcController.heapReleased(m, g),
    totalAlloc: gcController.totalAlloc(m, g),
    totalFree: gcController.totalFree(m, g),
    pagesInUse: mheap.pagesInUse(m, globals.mheap_(m)),
  };
}
