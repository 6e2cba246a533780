/**
 * The page cache of a P: 64 pages from which spans of few pages come without the heap lock.
 *
 * `allocToCache` takes every free page of the aligned block of 64 that holds the first free page, `alloc` hands them
 * out lowest first, and `flush` gives the rest back. To the page allocator the pages of a cache look allocated. The
 * cache is filled again only when it is empty; a request that does not fit leaves it as it is and goes elsewhere.
 *
 * Go 1.26: runtime/mpagecache.go.
 * Differs: `allocToCache` fills in the cache instead of returning one.
 */
import { throwFatal } from "../memory/fatal.ts";
import { type Memory, NIL } from "../memory/memory.ts";
import { ctz64, maskHi, maskLo, popcount64, shl64hi, shl64lo } from "../memory/u64.ts";
import type { PageAlloc } from "../records/mpagealloc.ts";
import * as pageAlloc from "../records/mpagealloc.ts";
import type { PageCache } from "../records/mpagecache.ts";
import * as pageCache from "../records/mpagecache.ts";
import { pageCachePages, pageSize, pallocChunkPages } from "../records/sizes.ts";
import { indexAlloc, indexFree } from "./mgcscavenge_index.ts";
import {
  chunkOf,
  isSearchExhausted,
  leafAt,
  lowerSearch,
  offsetOfPage,
  pageAllocFind,
  scavIndex,
  searchChunk,
  searchPage,
  setSearch,
  setSearchToMax,
  sumMax,
  update,
} from "./mpagealloc.ts";
import { block64, clearBlock64, find1, findBitRange64, setBlock64 } from "./mpallocbits.ts";

/** True when no page is left. */
export function pageCacheEmpty(m: Memory, c: PageCache): boolean {
  return (pageCache.cacheLo(m, c) | pageCache.cacheHi(m, c)) === 0;
}

/** Chunk of the window. */
function windowChunk(m: Memory, c: PageCache): number {
  return ((pageCache.baseHi(m, c) + 0x8000) << 10) | (pageCache.baseLo(m, c) >>> 22);
}

/** Page in its chunk where the window begins. */
function windowPage(m: Memory, c: PageCache): number {
  return (pageCache.baseLo(m, c) >>> 13) & (pallocChunkPages - 1);
}

function setWindow(m: Memory, c: PageCache, ci: number, pi: number): void {
  pageCache.setBaseHi(m, c, (ci >>> 10) - 0x8000);
  pageCache.setBaseLo(m, c, (ci << 22) | (pi << 13));
}

/** Offset of the window. */
export function pageCacheBase(m: Memory, p: PageAlloc, c: PageCache): number {
  return offsetOfPage(m, p, windowChunk(m, c), windowPage(m, c));
}

/**
 * The lowest `npages` pages in a row.
 *
 * @param npages 1..64
 * @returns their offset, NIL when there are none; ret[0] = how many of them were scavenged
 */
export function pageCacheAlloc(m: Memory, p: PageAlloc, c: PageCache, npages: number): number {
  const cacheLo = pageCache.cacheLo(m, c);
  const cacheHi = pageCache.cacheHi(m, c);
  m.ret[0] = 0;
  if ((cacheLo | cacheHi) === 0) return NIL;
  const i = npages === 1 ? ctz64(cacheLo, cacheHi) : findBitRange64(cacheLo, cacheHi, npages);
  if (i >= 64) return NIL;

  const maskL = shl64lo(maskLo(npages), i);
  const maskH = shl64hi(maskLo(npages), maskHi(npages), i);
  const scavLo = pageCache.scavLo(m, c);
  const scavHi = pageCache.scavHi(m, c);
  m.ret[0] = popcount64(scavLo & maskL, scavHi & maskH);
  pageCache.setCacheLo(m, c, cacheLo & ~maskL);
  pageCache.setCacheHi(m, c, cacheHi & ~maskH);
  pageCache.setScavLo(m, c, scavLo & ~maskL);
  pageCache.setScavHi(m, c, scavHi & ~maskH);
  return pageCacheBase(m, p, c) + i * pageSize;
}

/** Gives what is left back to the page allocator; what was scavenged still is. The caller has the heap lock. */
export function pageCacheFlush(m: Memory, c: PageCache, p: PageAlloc): void {
  if (pageCacheEmpty(m, c)) return;
  const ci = windowChunk(m, c);
  const pi = windowPage(m, c);
  const chunk = chunkOf(m, p, ci);
  clearBlock64(m, pageAlloc.pallocBits(chunk), pi, pageCache.cacheLo(m, c), pageCache.cacheHi(m, c));
  setBlock64(m, pageAlloc.scavenged(chunk), pi, pageCache.scavLo(m, c), pageCache.scavHi(m, c));
  freePages(m, p, ci, pi, pageCache.cacheLo(m, c));
  freePages(m, p, ci, pi + 32, pageCache.cacheHi(m, c));
  lowerSearch(m, p, ci, pi);
  update(m, p, ci, ci, false, false);
  clearCache(m, c);
}

/** Tells the scavenge index, one page after the other, of those of 32 whose bit is set. */
function freePages(m: Memory, p: PageAlloc, ci: number, pi: number, bits: number): void {
  for (let i = 0; i < 32; i++) if ((bits & (1 << i)) !== 0) indexFree(m, scavIndex(p), ci, pi + i, 1);
}

function clearCache(m: Memory, c: PageCache): void {
  m.u8.fill(0, c as number, (c as number) + pageCache.layout.size);
}

/**
 * Fills the empty cache `c` with the free pages of the block of 64 that holds the first free page; leaves it empty
 * when no page is free. The caller has the heap lock.
 *
 * The word of scavenged bits is taken whole, but only those of pages that are taken are cleared in the chunk.
 */
export function allocToCache(m: Memory, p: PageAlloc, c: PageCache): void {
  clearCache(m, c);
  if (isSearchExhausted(m, p)) return;
  let ci = searchChunk(m, p);
  let pi: number;
  if (sumMax(m, leafAt(m, p, ci)) !== 0) {
    pi = find1(m, pageAlloc.pallocBits(chunkOf(m, p, ci)), searchPage(m, p));
    if (pi < 0) throwFatal("bad summary data");
  } else {
    if (!pageAllocFind(m, p, 1)) {
      setSearchToMax(m, p); // not one page is free
      return;
    }
    ci = m.ret[0];
    pi = m.ret[1];
  }

  const first = pi & -pageCachePages;
  const chunk = chunkOf(m, p, ci);
  const cacheLo = ~block64(m, pageAlloc.pallocBits(chunk), first);
  const cacheHi = ~m.ret[0];
  const scavLo = block64(m, pageAlloc.scavenged(chunk), first);
  const scavHi = m.ret[0];
  setWindow(m, c, ci, first);
  pageCache.setCacheLo(m, c, cacheLo);
  pageCache.setCacheHi(m, c, cacheHi);
  pageCache.setScavLo(m, c, scavLo);
  pageCache.setScavHi(m, c, scavHi);

  setBlock64(m, pageAlloc.pallocBits(chunk), first, cacheLo, cacheHi);
  clearBlock64(m, pageAlloc.scavenged(chunk), first, cacheLo & scavLo, cacheHi & scavHi);
  update(m, p, ci, ci, false, true);
  indexAlloc(m, scavIndex(p), ci, popcount64(cacheLo, cacheHi));
  // The block is full up to its last page. Not the page behind it: nothing may be mapped there.
  setSearch(m, p, ci, first + pageCachePages - 1);
}
