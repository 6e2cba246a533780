/**
 * The whole heap, checked: what must hold between any two operations, counted anew from the bytes.
 *
 * Everything is recomputed the slow way, from bitmaps and records, and compared with what the heap keeps. A heap made
 * with check "step" runs this after each operation of its process; it costs time in proportion to the heap.
 *
 *   pages    spans tile exactly the allocated pages that no page cache holds; each page leads to its span
 *   summaries  each entry says what its bitmap says; no page below searchAddr is free; the scavenge index counts as well
 *   slots    allocCount counts them; allocCache is the bitmap from freeindex on; free slots of a clean span are zero
 *   owners   a span has one: a P's mcache, or one queue of its class, by the table of sweepgen (records/mspan.ts)
 *   figures  pages in use, bytes, objects and frees agree with a recount; what is ready is all but what was released
 *
 * A program that dies for want of memory dies within an operation, and what Go had half done stays half done. So the
 * check can be told what was in flight (`InFlight`): that alone is left out, to the byte, and all else must hold.
 */
import { PageSize as pageSize, SizeClassToSize } from "../gc/sizeclasses.ts";
import { load32 } from "../memory/atomics.ts";
import { Fatal } from "../memory/fatal.ts";
import { load64 } from "../memory/layout.ts";
import { type Memory, NIL } from "../memory/memory.ts";
import { popcount64, shr64hi, shr64lo } from "../memory/u64.ts";
import * as gcc from "../records/gcController.ts";
import { allp, emptymspan, gcController, gomaxprocs, greentea, memstats, mheap_ } from "../records/globals.ts";
import * as heaparena from "../records/heaparena.ts";
import * as mcache from "../records/mcache.ts";
import * as mcentral from "../records/mcentral.ts";
import * as stats from "../records/memstats.ts";
import * as mheap from "../records/mheap.ts";
import * as pageAlloc from "../records/mpagealloc.ts";
import * as pageCache from "../records/mpagecache.ts";
import * as mranges from "../records/mranges.ts";
import type { MSpan } from "../records/mspan.ts";
import * as mspan from "../records/mspan.ts";
import * as spanset from "../records/mspanset.ts";
import * as p from "../records/runtime2.ts";
import {
  levelLogPages,
  pallocChunkBytes,
  pallocChunkPages,
  pallocChunksL2Bits,
  summaryLevels,
} from "../records/sizes.ts";
import { isFree } from "../runtime/mbitmap.ts";
import { inlineMarkBits } from "../runtime/mgcmark_greenteagc.ts";
import { chunkDataAt, inUseOf } from "../runtime/mgcscavenge_index.ts";
import { heapArenaOf, pageIndexOf, pageMaskOf, spanOf } from "../runtime/mheap.ts";
import {
  chunkIndex,
  chunkOf,
  mergeSummaries,
  offsetOfPage,
  scavIndex,
  searchAddr,
  sumAt,
  sumEnd,
  sumMax,
  sumStart,
} from "../runtime/mpagealloc.ts";
import { pageCacheBase } from "../runtime/mpagecache.ts";
import { getBit, popcntRange, summarize } from "../runtime/mpallocbits.ts";
import { checkStacks } from "./stacks.ts";

const tinySpanClass = 5;
const numSizeClasses = 68;
const numSpanClasses = 136;

function fail(what: string): never {
  throw new Fatal(`check failed: ${what}`);
}

function must(condition: boolean, what: () => string): void {
  if (!condition) fail(what());
}

/** What a program was in the middle of when it died. Go's order of steps says what is done of it and what is not. */
export interface InFlight {
  /** Bytes that the heap grows by. They are counted as released; the page allocator has no bitmaps for them. */
  readonly growth?: number;
  /** Of a growth: the operating system was still to say yes, so that consistent statistics do not have it either. */
  readonly isUnmapped?: boolean;
  /** Pages, released ones, taken for a span that has no record yet: offset of the first, and how many. */
  readonly pages?: readonly [off: number, npages: number];
  /** A span on released pages that are being made ready: they count as ready and as released, and it has no owner. */
  readonly span?: MSpan;
  /** A span that left its cache, and is counted so, and still stands there: nothing has taken its place yet. */
  readonly uncached?: MSpan;
  /** A span that is being swept. */
  readonly swept?: MSpan;
}

/**
 * Checks everything.
 *
 * @param flight what the program was in the middle of, if it died; it is left out, and nothing else is
 * @throws {Fatal} `check failed: …` with the first thing that does not hold
 */
export function checkInvariants(m: Memory, flight: InFlight = {}): void {
  const spans = liveSpans(m);
  const holders = cachedSpans(m);
  if (flight.uncached !== undefined) {
    must(holders.delete(flight.uncached), () => `${name(m, flight.uncached!)}, which left a cache, stands in none`);
  }
  const queues = queuedSpans(m);
  checkPages(m, spans, flight);
  checkSummaries(m);
  for (const s of spans) {
    if (mspan.state(m, s) !== mspan.mSpanInUse || s === flight.span || s === flight.swept) continue;
    checkSlots(m, s);
    checkOwner(m, s, holders.get(s), queues);
  }
  checkTiny(m);
  checkStacks(m);
  checkFigures(m, spans, holders, flight);
}

function name(m: Memory, s: MSpan): string {
  return `span at page ${mspan.startAddr(m, s) / pageSize} of class ${mspan.spanclass(m, s)}`;
}

function liveSpans(m: Memory): MSpan[] {
  const h = mheap_(m);
  const spans: MSpan[] = [];
  for (let i = 0; i < mheap.allspansLen(m, h); i++) {
    const s: MSpan = m.i32[((mheap.allspans(m, h) as number) >> 2) + 2 * i];
    if (mspan.state(m, s) !== mspan.mSpanDead) spans.push(s);
  }
  return spans;
}

/** The P that caches each span; a span with two is an error. */
function cachedSpans(m: Memory): Map<MSpan, number> {
  const holders = new Map<MSpan, number>();
  for (let i = 0; i < gomaxprocs(m); i++) {
    const c = p.mcache(m, allp(m, i));
    for (let spc = 0; spc < numSpanClasses; spc++) {
      const s = mcache.alloc(m, c, spc);
      if (s === emptymspan(m)) continue;
      must(!holders.has(s), () => `${name(m, s)} is cached by P ${holders.get(s)} and P ${i}`);
      must(mspan.spanclass(m, s) === spc, () => `${name(m, s)} is cached as class ${spc}`);
      holders.set(s, i);
    }
  }
  return holders;
}

/** Where a span stands in the queues: bit 0 partial, 1 full; index 0 and 1 of the pair; several entries add up. */
interface Entry {
  readonly spc: number;
  readonly isFull: boolean;
  readonly isSwept: boolean;
}

function queuedSpans(m: Memory): Map<MSpan, Entry[]> {
  const queues = new Map<MSpan, Entry[]>();
  const h = mheap_(m);
  const swept = (mheap.sweepgen(m, h) >>> 1) & 1;
  for (let spc = 0; spc < numSpanClasses; spc++) {
    const c = mheap.central(h, spc);
    for (let i = 0; i < 2; i++) {
      readQueue(m, mcentral.partial(c, i), { spc, isFull: false, isSwept: i === swept }, queues);
      readQueue(m, mcentral.full(c, i), { spc, isFull: true, isSwept: i === swept }, queues);
    }
  }
  return queues;
}

function readQueue(m: Memory, b: spanset.SpanSet, entry: Entry, queues: Map<MSpan, Entry[]>): void {
  const entries = spanset.spanSetBlockEntries;
  must(spanset.head(m, b) <= spanset.tail(m, b), () => `a queue of class ${entry.spc} has its head behind its tail`);
  for (let i = spanset.head(m, b); i < spanset.tail(m, b); i++) {
    const block = load32(m, spanset.spine(m, b) + 8 * Math.floor(i / entries));
    const s: MSpan = load32(m, spanset.blockSpans(block) + 8 * (i % entries));
    must(s !== 0, () => `a queue of class ${entry.spc} has an empty entry`);
    const list = queues.get(s);
    if (list === undefined) queues.set(s, [entry]);
    else list.push(entry);
  }
}

// Pages.

/** One number a page of the window: 0 free, 1 allocated with no known owner, 2 and up an owner was found. */
function checkPages(m: Memory, spans: MSpan[], { pages: taken }: InFlight): void {
  const pages = mheap.pages(mheap_(m));
  const owner = new Uint8Array(m.windowBytes / pageSize);
  forEachChunk(m, (ci) => {
    const bits = pageAlloc.pallocBits(chunkOf(m, pages, ci));
    const first = offsetOfPage(m, pages, ci, 0) / pageSize;
    for (let i = 0; i < pallocChunkPages; i++) owner[first + i] = getBit(m, bits, i);
  });
  for (const s of spans) claimSpan(m, s, owner);
  for (let i = 0; i < gomaxprocs(m); i++) claimCache(m, p.pcache(allp(m, i)), owner);
  if (taken !== undefined) claimPages(taken[0] / pageSize, taken[1], owner);
  forEachChunk(m, (ci) => {
    const scavenged = pageAlloc.scavenged(chunkOf(m, pages, ci));
    const first = offsetOfPage(m, pages, ci, 0) / pageSize;
    for (let i = 0; i < pallocChunkPages; i++) {
      const isScavenged = getBit(m, scavenged, i) !== 0;
      // The padding pages before a random base are allocated, scavenged and nobody's.
      if (owner[first + i] === 1 && !isScavenged) fail(`page ${first + i} is allocated but belongs to nobody`);
      if (owner[first + i] >= 2 && isScavenged) fail(`page ${first + i} is used but counts as scavenged`);
    }
  });
}

/** Pages that were taken for a span without a record are nobody's else. */
function claimPages(first: number, npages: number, owner: Uint8Array): void {
  for (let page = first; page < first + npages; page++) {
    must(owner[page] === 1, () => `page ${page}, taken for a span, is free or used`);
    owner[page] = 2;
  }
}

/** Every chunk that has bitmaps. Only a growth that is in flight can have entered one that has none. */
function forEachChunk(m: Memory, visit: (ci: number) => void): void {
  const pages = mheap.pages(mheap_(m));
  const inUse = pageAlloc.inUse(pages);
  for (let i = 0; i < mranges.rangesLen(m, inUse); i++) {
    const r = mranges.at(m, inUse, i);
    const end = chunkIndex(mranges.limit(m, r) - 1);
    for (let ci = chunkIndex(mranges.base(m, r)); ci <= end; ci++) {
      if (pageAlloc.chunks(m, pages, ci >>> pallocChunksL2Bits) !== 0) visit(ci);
    }
  }
}

function claimSpan(m: Memory, s: MSpan, owner: Uint8Array): void {
  const base = mspan.startAddr(m, s);
  const npages = mspan.npages(m, s);
  for (let i = 0; i < npages; i++) {
    const page = base / pageSize + i;
    must(owner[page] !== 0, () => `${name(m, s)} uses page ${page}, which is free`);
    must(owner[page] === 1, () => `${name(m, s)} uses page ${page}, which another span uses`);
    must(spanOf(m, page * pageSize) === s, () => `page ${page} does not lead to ${name(m, s)}`);
    owner[page] = 2;
  }
  const bits = heaparena.pageInUse(heapArenaOf(m, base));
  const isSet = (m.u8[bits + pageIndexOf(base)] & pageMaskOf(base)) !== 0;
  const isInUse = mspan.state(m, s) === mspan.mSpanInUse;
  must(isSet === isInUse, () => `pageInUse of ${name(m, s)} is ${isSet}`);
}

function claimCache(m: Memory, c: pageCache.PageCache, owner: Uint8Array): void {
  const lo = pageCache.cacheLo(m, c);
  const hi = pageCache.cacheHi(m, c);
  if ((lo | hi) === 0) return;
  const first = pageCacheBase(m, mheap.pages(mheap_(m)), c) / pageSize;
  for (let i = 0; i < 64; i++) {
    if (((i < 32 ? lo : hi) & (1 << (i & 31))) === 0) continue;
    must(owner[first + i] === 1, () => `page ${first + i} of a page cache is free or used`);
    owner[first + i] = 3;
  }
}

function checkSummaries(m: Memory): void {
  const pages = mheap.pages(mheap_(m));
  const lowest = searchAddr(m, pages);
  const parents = new Set<number>();
  forEachChunk(m, (ci) => {
    const bits = pageAlloc.pallocBits(chunkOf(m, pages, ci));
    expectSummary(m, sumAt(m, pages, summaryLevels - 1, ci), summarize(m, bits), `chunk ${ci}`);
    const inUse = inUseOf(load32(m, chunkDataAt(m, scavIndex(pages), ci)));
    const taken = popcntRange(m, bits, 0, pallocChunkPages);
    must(inUse === taken, () => `the scavenge index counts ${inUse} pages in use in chunk ${ci}, ${taken} are`);
    parents.add(ci >>> 3);
    const below = Math.min(pallocChunkPages, (lowest - m.heapBase - offsetOfPage(m, pages, ci, 0)) / pageSize);
    if (below > 0) must(popcntRange(m, bits, 0, below) === below, () => "a page below searchAddr is free");
  });
  let indices = parents;
  for (let level = summaryLevels - 2; level >= 1; level--) {
    const next = new Set<number>();
    for (const i of indices) {
      const children = sumAt(m, pages, level + 1, i * 8);
      expectSummary(
        m,
        sumAt(m, pages, level, i),
        mergeSummaries(m, children, 8, levelLogPages[level + 1]),
        `entry ${i}`,
      );
      next.add(i >>> 3);
    }
    indices = next;
  }
}

/** Compares an entry with what was just computed: `max`, and start and end in ret. */
function expectSummary(m: Memory, at: number, max: number, what: string): void {
  const agrees = sumStart(m, at) === m.ret[0] && sumMax(m, at) === max && sumEnd(m, at) === m.ret[1];
  must(agrees, () => `the summary of ${what} does not say what its bitmap says`);
}

// Slots.

function checkSlots(m: Memory, s: MSpan): void {
  const nelems = mspan.nelems(m, s);
  const freeindex = mspan.freeindex(m, s);
  const elemsize = mspan.elemsize(m, s);
  must(freeindex <= nelems, () => `${name(m, s)} has freeindex ${freeindex} of ${nelems}`);
  must(mspan.freeIndexForScan(m, s) <= freeindex, () => `${name(m, s)} shows the scan slots that are not given out`);
  const bytes = mspan.npages(m, s) * pageSize;
  must(nelems * elemsize + reservedBytes(m, s) <= bytes, () => `${name(m, s)} has slots beyond its end`);

  let used = 0;
  for (let i = 0; i < nelems; i++) if (!isFree(m, s, i)) used++;
  must(used === mspan.allocCount(m, s), () => `${name(m, s)} counts ${mspan.allocCount(m, s)} slots, ${used} are used`);
  if (mspan.spanclass(m, s) >> 1 === 0) return;
  // The cache of a span in a queue is filled when it is taken out; only an owner's must be right.
  if (mspan.sweepgen(m, s) === mheap.sweepgen(m, mheap_(m)) + 3) checkAllocCache(m, s);
  if (mspan.needzero(m, s) === 0) checkZero(m, s);
  if (usesInlineMarks(m, s)) {
    const byte = m.u8[inlineMarkBits(m, s) + 127];
    must(byte === mspan.spanclass(m, s), () => `${name(m, s)} has class byte ${byte} in its mark bits`);
  }
}

function usesInlineMarks(m: Memory, s: MSpan): boolean {
  const elemsize = mspan.elemsize(m, s);
  return greentea(m) && elemsize >= 16 && elemsize <= 512;
}

function reservedBytes(m: Memory, s: MSpan): number {
  const spc = mspan.spanclass(m, s);
  if (spc >> 1 === 0 || mspan.elemsize(m, s) > 512) return 0;
  return (usesInlineMarks(m, s) ? 128 : 0) + ((spc & 1) === 0 ? 128 : 0);
}

function checkAllocCache(m: Memory, s: MSpan): void {
  const freeindex = mspan.freeindex(m, s);
  if (freeindex === mspan.nelems(m, s)) return;
  const word = (mspan.allocBits(m, s) + ((freeindex >> 6) << 3)) >> 2;
  const lo = shr64lo(~m.i32[word], ~m.i32[word + 1], freeindex & 63);
  const hi = shr64hi(~m.i32[word + 1], freeindex & 63);
  const agrees = (mspan.allocCacheLo(m, s) ^ lo) === 0 && (mspan.allocCacheHi(m, s) ^ hi) === 0;
  must(agrees, () => `allocCache of ${name(m, s)} is not its bitmap from slot ${freeindex} on`);
}

function checkZero(m: Memory, s: MSpan): void {
  const words = mspan.elemsize(m, s) >> 2;
  const first = mspan.startAddr(m, s) >> 2;
  for (let i = mspan.freeindex(m, s); i < mspan.nelems(m, s); i++) {
    if (!isFree(m, s, i)) continue;
    for (let w = first + i * words; w < first + (i + 1) * words; w++) {
      if (m.i32[w] !== 0) fail(`free slot ${i} of ${name(m, s)} is not zero, yet needzero is 0`);
    }
  }
}

// Owners.

function checkOwner(m: Memory, s: MSpan, holder: number | undefined, queues: ReadonlyMap<MSpan, Entry[]>): void {
  const age = (mspan.sweepgen(m, s) - mheap.sweepgen(m, mheap_(m))) | 0;
  const entries = queues.get(s) ?? [];
  const swept = entries.filter((e) => e.isSwept);
  const unswept = entries.filter((e) => !e.isSwept);
  must(
    entries.every((e) => e.isSwept === false || e.spc === mspan.spanclass(m, s)),
    () => `${name(m, s)} is queued as another class`,
  );
  switch (age) {
    case 3:
    case 1:
      must(holder !== undefined, () => `${name(m, s)} says it is cached, and no P has it`);
      must(swept.length === 0, () => `${name(m, s)} is cached, and queued for others`);
      return;
    case 0: {
      must(holder === undefined, () => `P ${holder} caches ${name(m, s)}, which says it is not cached`);
      must(swept.length === 1, () => `${name(m, s)} stands in ${swept.length} queues of swept spans`);
      const isFull = mspan.allocCount(m, s) === mspan.nelems(m, s);
      must(swept[0].isFull === isFull, () => `${name(m, s)} stands in the wrong queue: full is ${isFull}`);
      return;
    }
    case -2:
      must(holder === undefined, () => `P ${holder} caches ${name(m, s)}, which is not swept`);
      must(swept.length === 0 && unswept.length === 1, () => `${name(m, s)} is not swept, and no sweeper can find it`);
      return;
    default:
      fail(`${name(m, s)} has a sweepgen ${age} from the heap's`);
  }
}

function checkTiny(m: Memory): void {
  for (let i = 0; i < gomaxprocs(m); i++) {
    const c = p.mcache(m, allp(m, i));
    const tiny = mcache.tiny(m, c);
    const used = mcache.tinyoffset(m, c);
    if (tiny === NIL) {
      must(used === 0, () => `P ${i} has no tiny block, yet uses ${used} bytes of it`);
      continue;
    }
    const s = spanOf(m, tiny);
    must(tiny % 16 === 0 && used <= 16, () => `the tiny block of P ${i} is not 16 bytes of a slot`);
    must(mspan.spanclass(m, s) === tinySpanClass, () => `the tiny block of P ${i} lies in ${name(m, s)}`);
    const slot = (tiny - mspan.startAddr(m, s)) / 16;
    must(!isFree(m, s, slot), () => `the tiny block of P ${i} lies in a free slot`);
  }
}

// Figures.

function equal(kept: number, counted: number, what: string): void {
  if (kept !== counted) fail(`${what}: kept ${kept}, counted ${counted}`);
}

function checkFigures(m: Memory, spans: MSpan[], holders: ReadonlyMap<MSpan, number>, flight: InFlight): void {
  const gc = gcController(m);
  const inUse = spans.filter((s) => mspan.state(m, s) === mspan.mSpanInUse);
  const growth = flight.growth ?? 0;
  const ready = flight.span === undefined ? 0 : mspan.npages(m, flight.span) * pageSize;
  const taken = (flight.pages?.[1] ?? 0) * pageSize;
  let pagesInUse = 0;
  for (const s of inUse) pagesInUse += mspan.npages(m, s);
  equal(mheap.pagesInUse(m, mheap_(m)), pagesInUse, "pagesInUse");
  const isCounted = flight.span === undefined || !inUse.includes(flight.span);
  equal(gcc.heapInUse(m, gc), pagesInUse * pageSize - (isCounted ? 0 : ready), "heapInUse");

  const released = gcc.heapReleased(m, gc);
  equal(released, releasedPages(m) * pageSize + growth + ready + taken, "heapReleased");
  let mapped = growth;
  forEachChunk(m, () => {
    mapped += pallocChunkBytes;
  });
  const manual = total(m, "inStacks") + total(m, "inWorkBufs");
  const heap = gcc.heapInUse(m, gc) + gcc.heapFree(m, gc) + released;
  equal(heap + manual, mapped, "heapInUse + heapFree + heapReleased + stacks + work buffers");
  equal(total(m, "inHeap"), gcc.heapInUse(m, gc), "inHeap");
  equal(total(m, "released"), released - (flight.isUnmapped ? growth : 0), "released");
  const ms = memstats(m);
  const runtimeSys = stats.mspan_sys(m, ms) + stats.mcache_sys(m, ms) + stats.gcMiscSys(m, ms) + stats.other_sys(m, ms);
  const sys = mapped + stats.stacks_sys(m, ms) + stats.buckhash_sys(m, ms) + runtimeSys;
  equal(gcc.mappedReady(m, gc), sys - released + ready, "mappedReady");
  equal(total(m, "committed"), mapped - released, "committed");
  checkObjects(m, inUse, holders);
}

function releasedPages(m: Memory): number {
  let n = 0;
  const pages = mheap.pages(mheap_(m));
  forEachChunk(m, (ci) => {
    n += popcntRange(m, pageAlloc.scavenged(chunkOf(m, pages, ci)), 0, pallocChunkPages);
  });
  for (let i = 0; i < gomaxprocs(m); i++) {
    const c = p.pcache(allp(m, i));
    const lo = pageCache.cacheLo(m, c) & pageCache.scavLo(m, c);
    const hi = pageCache.cacheHi(m, c) & pageCache.scavHi(m, c);
    n += popcount64(lo, hi);
  }
  return n;
}

const counterOffsets = new Map(stats.deltaLayout.fields.map((f) => [f.name, f.offset]));

/** A counter of the consistent statistics, over all three generations. */
function total(m: Memory, counter: string, index = 0): number {
  const at = counterOffsets.get(counter)! + 8 * index;
  const hs = stats.heapStats(memstats(m));
  let sum = 0;
  for (let i = 0; i < 3; i++) sum += load64(m, stats.stats(hs, i) + at);
  return sum;
}

function checkObjects(m: Memory, spans: MSpan[], holders: ReadonlyMap<MSpan, number>): void {
  const objects = new Float64Array(numSizeClasses);
  const notYetCounted = new Float64Array(numSizeClasses);
  for (const s of spans) {
    const c = mspan.spanclass(m, s) >> 1;
    objects[c] += mspan.allocCount(m, s);
    if (holders.has(s)) notYetCounted[c] += mspan.allocCount(m, s) - mspan.allocCountBeforeCache(m, s);
  }
  let allocated = total(m, "largeAlloc");
  let freed = total(m, "largeFree");
  equal(total(m, "largeAllocCount") - total(m, "largeFreeCount"), objects[0], "large objects");
  for (let c = 1; c < numSizeClasses; c++) {
    const allocs = total(m, "smallAllocCount", c);
    const frees = total(m, "smallFreeCount", c);
    equal(allocs - frees + notYetCounted[c], objects[c], `objects of size class ${c}`);
    allocated += allocs * SizeClassToSize[c];
    freed += frees * SizeClassToSize[c];
  }
  equal(gcc.totalAlloc(m, gcController(m)), allocated, "totalAlloc");
  equal(gcc.totalFree(m, gcController(m)), freed, "totalFree");
}
