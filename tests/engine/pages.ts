/** Page allocators by themselves, described by the pages that are taken in them. Go: runtime/export_test.go. */
import { lock, unlock } from "../../engine/memory/atomics.ts";
import { FIXED_HEAP_BASE, Memory, NIL } from "../../engine/memory/memory.ts";
import { osAlloc, osInit } from "../../engine/memory/os.ts";
import * as pageAlloc from "../../engine/records/mpagealloc.ts";
import * as pageCache from "../../engine/records/mpagecache.ts";
import * as mranges from "../../engine/records/mranges.ts";
import { levelLogPages, pageSize, pallocChunkPages, summaryLevels } from "../../engine/records/sizes.ts";
import { indexAlloc, indexFree } from "../../engine/runtime/mgcscavenge_index.ts";
import {
  chunkIndex,
  chunkOf,
  chunkOfOffset,
  chunkPageIndex,
  lowerSearch,
  offsetOfPage,
  pageAllocAlloc,
  pageAllocFree,
  pageAllocGrow,
  pageAllocInit,
  scavIndex,
  searchAddr,
  searchChunk,
  searchPage,
  sumAt,
  sumEnd,
  sumMax,
  sumStart,
  update,
} from "../../engine/runtime/mpagealloc.ts";
import { allocToCache, pageCacheAlloc, pageCacheFlush } from "../../engine/runtime/mpagecache.ts";
import { allocRange, clearRange, getBit, setRange } from "../../engine/runtime/mpallocbits.ts";

/** First page and number of pages. */
export type BitRange = readonly [number, number];
/** Chunks by their number counted from BaseChunkIdx, each with the ranges of its pages that are meant. */
export type Chunks = Readonly<Record<number, readonly BitRange[]>>;
/** A page: chunk counted from BaseChunkIdx, and page in the chunk. */
export type Place = readonly [number, number];

/** Go's tests count chunks from here: address 0x3000000000. */
export const BaseChunkIdx = chunkIndex(0x3000000000);

/** A fresh memory whose meta space is used for what the test wants to look at. */
export function bareMemory(windowBytes = 64 * 1024 * 1024): Memory {
  const m = new Memory({ windowBytes, heapBase: FIXED_HEAP_BASE, check: "step" });
  osInit(m);
  return m;
}

/** A page allocator by itself. */
export class Pages {
  readonly m: Memory;
  readonly p: number;
  readonly stat: number;
  readonly #lock: number;

  /** @param from first chunk, @param to behind the last one that it can grow into, counted from BaseChunkIdx */
  constructor(from: number, to: number, m = bareMemory((to - from > 2 ** 18 ? 256 : 64) * 1024 * 1024)) {
    this.m = m;
    this.#lock = osAlloc(m, 8);
    this.stat = osAlloc(m, 8);
    this.p = osAlloc(m, pageAlloc.layout.size);
    pageAllocInit(m, this.p, this.#lock, this.stat, true, BaseChunkIdx + from, BaseChunkIdx + to);
  }

  /** The pages `before` taken and those of `scav` scavenged, as Go's NewPageAlloc. */
  static of(before: Chunks, scav: Chunks = {}): Pages {
    const numbers = Object.keys(before).map(Number);
    const pages = new Pages(Math.min(...numbers), Math.max(...numbers) + 1);
    for (const ci of numbers.sort((a, b) => a - b)) {
      pages.grow([ci, 0], pallocChunkPages);
      pages.locked(() => {
        const chunk = chunkOf(pages.m, pages.p, BaseChunkIdx + ci);
        clearRange(pages.m, pageAlloc.scavenged(chunk), 0, pallocChunkPages);
        indexAlloc(pages.m, scavIndex(pages.p), BaseChunkIdx + ci, pallocChunkPages);
        indexFree(pages.m, scavIndex(pages.p), BaseChunkIdx + ci, 0, pallocChunkPages);
        for (const [i, n] of scav[ci] ?? []) if (n > 0) setRange(pages.m, pageAlloc.scavenged(chunk), i, n);
        for (const [i, n] of before[ci]) {
          if (n === 0) continue;
          allocRange(pages.m, chunk, i, n);
          indexAlloc(pages.m, scavIndex(pages.p), BaseChunkIdx + ci, n);
        }
        update(pages.m, pages.p, BaseChunkIdx + ci, BaseChunkIdx + ci, false, false);
      });
    }
    return pages;
  }

  locked<T>(what: () => T): T {
    lock(this.m, this.#lock);
    try {
      return what();
    } finally {
      unlock(this.m, this.#lock);
    }
  }

  off([ci, pi]: Place): number {
    return offsetOfPage(this.m, this.p, BaseChunkIdx + ci, pi);
  }

  place(off: number): Place {
    return [chunkOfOffset(this.m, this.p, off) - BaseChunkIdx, chunkPageIndex(off)];
  }

  grow(at: Place, npages: number): void {
    this.locked(() => pageAllocGrow(this.m, this.p, this.off(at), npages * pageSize));
  }

  /** Where, and how many pages of it were scavenged; null when there is no room. */
  alloc(npages: number): { at: Place; scav: number } | null {
    const off = this.locked(() => pageAllocAlloc(this.m, this.p, npages));
    return off === NIL ? null : { at: this.place(off), scav: this.m.ret[0] };
  }

  free(at: Place, npages: number): void {
    this.locked(() => pageAllocFree(this.m, this.p, this.off(at), npages));
  }

  /** Sets scavenged bits by hand. */
  scavenge([ci, pi]: Place, n: number): void {
    setRange(this.m, pageAlloc.scavenged(chunkOf(this.m, this.p, BaseChunkIdx + ci)), pi, n);
  }

  searchAddr(): number {
    return searchAddr(this.m, this.p);
  }

  searchPlace(): Place {
    return [searchChunk(this.m, this.p) - BaseChunkIdx, searchPage(this.m, this.p)];
  }

  lowerSearch([ci, pi]: Place): void {
    lowerSearch(this.m, this.p, BaseChunkIdx + ci, pi);
  }

  /** Numbers of the chunks that were grown into, counted from BaseChunkIdx. */
  chunks(): number[] {
    const found: number[] = [];
    for (const [from, to] of this.inUse()) for (let ci = from; ci < to; ci++) found.push(ci);
    return found;
  }

  /** Ranges grown into, as chunks from..to-1. */
  inUse(): Place[] {
    const a = pageAlloc.inUse(this.p);
    const found: Place[] = [];
    for (let i = 0; i < mranges.rangesLen(this.m, a); i++) {
      const r = mranges.at(this.m, a, i);
      const [base, limit] = [mranges.base(this.m, r), mranges.limit(this.m, r)];
      found.push([chunkIndex(base) - BaseChunkIdx, chunkIndex(limit) - BaseChunkIdx]);
    }
    return found;
  }

  isAllocated([ci, pi]: Place): boolean {
    return getBit(this.m, pageAlloc.pallocBits(chunkOf(this.m, this.p, BaseChunkIdx + ci)), pi) === 1;
  }

  isScavenged([ci, pi]: Place): boolean {
    return getBit(this.m, pageAlloc.scavenged(chunkOf(this.m, this.p, BaseChunkIdx + ci)), pi) === 1;
  }

  /** Both bitmaps of every chunk, as 512 letters each: a allocated, s scavenged, b both, . neither. */
  bitmaps(): Record<number, string> {
    const text = (ci: number) =>
      Array.from({ length: pallocChunkPages }, (_, pi) => {
        const bits = (this.isAllocated([ci, pi]) ? 1 : 0) + (this.isScavenged([ci, pi]) ? 2 : 0);
        return ".asb"[bits];
      }).join("");
    return Object.fromEntries(this.chunks().map((ci) => [ci, text(ci)]));
  }

  /** 512 letters, 1 for an allocated page; `ci` is Go's number. */
  #takenPages(ci: number): string {
    const bits = pageAlloc.pallocBits(chunkOf(this.m, this.p, ci)) >> 2;
    const letters = Array.from(this.m.u32.subarray(bits, bits + 16), (w) => [...w.toString(2).padStart(32, "0")]);
    return letters.map((word) => word.reverse().join("")).join("");
  }

  /** [start, max, end] of entry `i` of level `l`. */
  sum(l: number, i: number): number[] {
    const at = sumAt(this.m, this.p, l, i);
    return [sumStart(this.m, at), sumMax(this.m, at), sumEnd(this.m, at)];
  }

  /** Places where a stored summary is not what counting the bits below it gives. */
  wrongSummaries(): string[] {
    const wrong: string[] = [];
    const grown = new Set(this.chunks().map((ci) => ci + BaseChunkIdx));
    let below = new Map<number, number[]>();
    for (const ci of grown) below.set(ci, countFree(this.#takenPages(ci)));
    for (let l = summaryLevels - 1; l >= 0; l--) {
      for (const [i, want] of below) {
        const got = this.sum(l, i);
        if (String(got) !== String(want)) wrong.push(`level ${l} entry ${i}: ${got}, not ${want}`);
      }
      if (l === 0) break;
      below = mergedByEight(below, 2 ** levelLogPages[l]);
    }
    return wrong;
  }
}

/** [start, longest, end] of runs of "0". */
export function countFree(bits: string): number[] {
  const runs = bits.split("1");
  const last = runs[runs.length - 1];
  return [runs[0].length, Math.max(...runs.map((r) => r.length)), last.length];
}

/** The summaries of the parents, written out anew: an entry that is not there is full. */
function mergedByEight(sums: ReadonlyMap<number, number[]>, pages: number): Map<number, number[]> {
  const parents = new Map<number, number[]>();
  for (const i of new Set([...sums.keys()].map((k) => k >> 3))) {
    let [start, max, end] = [0, 0, 0];
    for (let j = 0; j < 8; j++) {
      const [s, m, e] = sums.get(8 * i + j) ?? [0, 0, 0];
      if (start === j * pages) start += s;
      max = Math.max(max, m, end + s);
      end = e === pages ? end + e : e;
    }
    parents.set(i, [start, max, end]);
  }
  return parents;
}

/** The slow model: one letter a page, searched from the front. Chunks are counted from BaseChunkIdx. */
export class Naive {
  /** 0 free, 1 taken, 2 never there. */
  readonly pages: Uint8Array;
  readonly scav: Uint8Array;
  readonly #leaves = new Map<number, number[]>();

  constructor(chunks: number) {
    this.pages = new Uint8Array(chunks * pallocChunkPages).fill(2);
    this.scav = new Uint8Array(chunks * pallocChunkPages);
  }

  grow([ci]: Place, npages: number): void {
    const first = ci * pallocChunkPages;
    this.pages.fill(0, first, first + npages);
    this.scav.fill(1, first, first + npages);
    this.#count(first, npages);
  }

  /** First fit. */
  alloc(n: number): { at: Place; scav: number } | null {
    let run = 0;
    for (let i = 0; i < this.pages.length; i++) {
      run = this.pages[i] === 0 ? run + 1 : 0;
      if (run < n) continue;
      const first = i + 1 - n;
      const scav = this.scav.subarray(first, i + 1).reduce((sum, bit) => sum + bit, 0);
      this.pages.fill(1, first, i + 1);
      this.scav.fill(0, first, i + 1);
      this.#count(first, n);
      return { at: [Math.floor(first / pallocChunkPages), first % pallocChunkPages], scav };
    }
    return null;
  }

  free([ci, pi]: Place, n: number): void {
    const first = ci * pallocChunkPages + pi;
    this.pages.fill(0, first, first + n);
    this.#count(first, n);
  }

  #count(first: number, n: number): void {
    const last = Math.floor((first + n - 1) / pallocChunkPages);
    for (let ci = Math.floor(first / pallocChunkPages); ci <= last; ci++) {
      let [start, max, run] = [-1, 0, 0];
      for (let i = ci * pallocChunkPages; i < (ci + 1) * pallocChunkPages; i++) {
        if (this.pages[i] === 0) max = Math.max(max, ++run);
        else {
          if (start < 0) start = run;
          run = 0;
        }
      }
      this.#leaves.set(ci, [start < 0 ? run : start, max, run]);
    }
  }

  /** Entries of the real summaries, at any level, that are not what this model says. */
  wrongSummaries(real: Pages): string[] {
    const wrong: string[] = [];
    let below = new Map([...this.#leaves].map(([ci, sum]) => [ci + BaseChunkIdx, sum]));
    for (let l = summaryLevels - 1; l >= 0; l--) {
      for (const [i, [start, max, end]] of below) {
        const [s, x, e] = real.sum(l, i);
        if (s !== start || x !== max || e !== end)
          wrong.push(`level ${l} entry ${i}: ${[s, x, e]}, not ${below.get(i)}`);
      }
      below = mergedByEight(below, 2 ** levelLogPages[l]);
    }
    return wrong;
  }
}

/** A page cache beside a page allocator. */
export class Cache {
  readonly pages: Pages;
  readonly c: number;

  constructor(pages: Pages, at?: Place, cache = 0n, scav = 0n) {
    this.pages = pages;
    this.c = osAlloc(pages.m, pageCache.layout.size);
    if (at !== undefined) this.set(at, cache, scav);
  }

  set([ci, pi]: Place, cache: bigint, scav: bigint): void {
    const { m } = this.pages;
    const base = (BigInt(BaseChunkIdx + ci) << 22n) - (1n << 47n) + (BigInt(pi) << 13n);
    const half = (x: bigint, shift: bigint) => Number(BigInt.asIntN(32, x >> shift));
    pageCache.setBaseLo(m, this.c, half(base, 0n));
    pageCache.setBaseHi(m, this.c, half(base, 32n));
    pageCache.setCacheLo(m, this.c, half(cache, 0n));
    pageCache.setCacheHi(m, this.c, half(cache, 32n));
    pageCache.setScavLo(m, this.c, half(scav, 0n));
    pageCache.setScavHi(m, this.c, half(scav, 32n));
  }

  alloc(npages: number): { at: Place; scav: number } | null {
    const off = pageCacheAlloc(this.pages.m, this.pages.p, this.c, npages);
    return off === NIL ? null : { at: this.pages.place(off), scav: this.pages.m.ret[0] };
  }

  fill(): void {
    this.pages.locked(() => allocToCache(this.pages.m, this.pages.p, this.c));
  }

  flush(): void {
    this.pages.locked(() => pageCacheFlush(this.pages.m, this.c, this.pages.p));
  }

  /** Go's address of the window, and the two words. */
  state(): { base: bigint; cache: bigint; scav: bigint } {
    const { m } = this.pages;
    const word = (lo: number, hi: number) => BigInt.asUintN(64, (BigInt(hi) << 32n) | BigInt(lo >>> 0));
    return {
      base: word(pageCache.baseLo(m, this.c), pageCache.baseHi(m, this.c)),
      cache: word(pageCache.cacheLo(m, this.c), pageCache.cacheHi(m, this.c)),
      scav: word(pageCache.scavLo(m, this.c), pageCache.scavHi(m, this.c)),
    };
  }
}

/** Go's address of a page. */
export function addressOfPlace([ci, pi]: Place): bigint {
  return (BigInt(BaseChunkIdx + ci) << 22n) - (1n << 47n) + (BigInt(pi) << 13n);
}
