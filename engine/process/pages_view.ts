/**
 * The page heap as plain data: its bitmaps, its tree of summaries, and what a search looks at.
 *
 * The search is the runtime's own (`pageAllocFind`), listened to; nothing is allocated.
 */
import { addressOf, formatAddress } from "../memory/address.ts";
import { lock, unlock } from "../memory/atomics.ts";
import type { Memory } from "../memory/memory.ts";
import { hex64, popcount32, popcount64 } from "../memory/u64.ts";
import { hexBytes } from "../observe/snapshot.ts";
import { allp, mheap_ } from "../records/globals.ts";
import * as mheap from "../records/mheap.ts";
import * as pageAlloc from "../records/mpagealloc.ts";
import * as mpagecache from "../records/mpagecache.ts";
import * as mranges from "../records/mranges.ts";
import * as runtime2 from "../records/runtime2.ts";
import { levelLogPages, pallocChunkPages, summaryLevels } from "../records/sizes.ts";
import {
  chunkBase,
  chunkOf,
  isSearchExhausted,
  leafAt,
  offsetOfPage,
  pageAllocFind,
  searchAddr,
  searchChunk,
  searchPage,
  sumAt,
  sumEnd,
  sumMax,
  sumStart,
} from "../runtime/mpagealloc.ts";
import { find } from "../runtime/mpallocbits.ts";
import { Ev } from "../runtime/trace.ts";

/**
 * One summary: the free pages at the start, the longest run, and those at the end of a stretch of address space.
 * @zh 一条摘要：一段地址空间开头的空闲页数、最长的连续空闲页数、末尾的空闲页数。
 */
export interface SummaryView {
  /** Level in the tree: 0 covers 16 GiB an entry, 4 covers 4 MiB. @zh 树的层：第 0 层每条 16 GiB，第 4 层每条 4 MiB。 */
  readonly level: number;
  /** Number of the entry in its level, over the whole address space. @zh 它在本层的编号，从整个地址空间数起。 */
  readonly index: number;
  /** Address where it begins. @zh 起始地址。 */
  readonly address: string;
  /** Pages that it covers. @zh 覆盖多少页。 */
  readonly pages: number;
  /** Free pages at its start. @zh 开头的空闲页数。 */
  readonly start: number;
  /** Longest run of free pages. @zh 最长的一段连续空闲页。 */
  readonly max: number;
  /** Free pages at its end. @zh 末尾的空闲页数。 */
  readonly end: number;
}

/**
 * One chunk of 512 pages: its summary and both bitmaps.
 * @zh 一个 chunk（512 页）：它的摘要和两张位图。
 */
export interface ChunkView extends SummaryView {
  /** Free pages. @zh 空闲页数。 */
  readonly free: number;
  /**
   * 64 bytes as hexadecimal digits; bit i of byte b is page 8b + i: taken, by a span or by a P's page cache.
   * @zh 64 个字节的十六进制；第 b 个字节的第 i 位是第 8b + i 页：已被 span 或某个 P 的页缓存取走。
   */
  readonly inUse: string;
  /** Likewise: the page has no memory behind it. @zh 同样写法：这一页背后没有内存。 */
  readonly scavenged: string;
}

/**
 * The page heap.
 * @zh mheap 的页：位图和摘要。
 */
export interface PagesView {
  /** No page below this address is free; null when none is at all. @zh 低于此地址没有空闲页；一页也没有时是 null。 */
  readonly searchAddr: string | null;
  /** Chunks that the heap has grown into, in address order. @zh 堆已经用到的 chunk，按地址排列。 */
  readonly chunks: readonly ChunkView[];
  /** Five levels of summaries, those over these chunks. @zh 五层摘要，只列覆盖这些 chunk 的。 */
  readonly levels: readonly (readonly SummaryView[])[];
  /** Address ranges that the heap has grown into. @zh 堆已经用到的地址区间。 */
  readonly ranges: readonly {
    /** First address. @zh 起始地址。 */
    readonly from: string;
    /** First address behind it. @zh 结束地址（不含）。 */
    readonly to: string;
    /** Bytes. @zh 字节数。 */
    readonly bytes: number;
  }[];
}

/**
 * One summary that a search looked at, and what it made of it.
 * @zh 查找看过的一条摘要，以及对它的判断。
 */
export interface FindStep extends SummaryView {
  /**
   * `accepted`: the run lies here, or begins here; `refused`: too short; `skipped`: not one page is free.
   * @zh `accepted`：要找的页在这里，或从这里开始；`refused`：都不够长；`skipped`：一页空闲的也没有。
   */
  readonly took: "accepted" | "refused" | "skipped";
}

/**
 * What a search for free pages would find.
 * @zh 查找空闲页的结果。
 */
export interface FindView {
  /** Pages asked for. @zh 要找多少页。 */
  readonly pages: number;
  /** Address of the first page; null: no run is long enough. @zh 第一页的地址；没有足够长的一段时是 null。 */
  readonly address: string | null;
  /**
   * `searchAddr`: the chunk there sufficed; `tree`: through the summaries; `none`: no page is free at all.
   * @zh `searchAddr`：那里的 chunk 就够；`tree`：经过摘要树；`none`：一页空闲的也没有。
   */
  readonly via: "searchAddr" | "tree" | "none";
  /** Summaries in the order in which they were looked at. @zh 依次看过的摘要。 */
  readonly steps: readonly FindStep[];
}

/**
 * The page cache of a P.
 * @zh 一个 P 的页缓存。
 */
export interface PageCacheView {
  /** Address of the first of its 64 pages; null when it is empty. @zh 64 页中第一页的地址；为空时是 null。 */
  readonly base: string | null;
  /** 64 bits: page i is free. @zh 64 位：第 i 页空闲。 */
  readonly cache: string;
  /** 64 bits: page i has no memory behind it. @zh 64 位：第 i 页背后没有内存。 */
  readonly scav: string;
  /** Free pages in it. @zh 其中的空闲页数。 */
  readonly free: number;
}

const heapPages = (m: Memory) => mheap.pages(mheap_(m)) as pageAlloc.PageAlloc;

function summary(m: Memory, p: pageAlloc.PageAlloc, level: number, index: number): SummaryView {
  const at = sumAt(m, p, level, index);
  return {
    level,
    index,
    address: formatAddress(chunkBase(index * 2 ** (levelLogPages[level] - 9))),
    pages: 2 ** levelLogPages[level],
    start: sumStart(m, at),
    max: sumMax(m, at),
    end: sumEnd(m, at),
  };
}

function chunk(m: Memory, p: pageAlloc.PageAlloc, ci: number): ChunkView {
  const d = chunkOf(m, p, ci);
  const bits = (at: number) => m.u8.subarray(at, at + pallocChunkPages / 8);
  const inUse = bits(pageAlloc.pallocBits(d));
  return {
    ...summary(m, p, summaryLevels - 1, ci),
    free: pallocChunkPages - inUse.reduce((n, b) => n + popcount32(b), 0),
    inUse: hexBytes(inUse),
    scavenged: hexBytes(bits(pageAlloc.scavenged(d))),
  };
}

/** Numbers of the chunks that the heap has grown into. */
function grownChunks(m: Memory, p: pageAlloc.PageAlloc): number[] {
  const list: number[] = [];
  const a = pageAlloc.inUse(p) as mranges.AddrRanges;
  for (let i = 0; i < mranges.rangesLen(m, a); i++) {
    const r = mranges.at(m, a, i);
    const first = Math.floor((mranges.base(m, r) - chunkBase(0)) / (chunkBase(1) - chunkBase(0)));
    const last = Math.ceil((mranges.limit(m, r) - chunkBase(0)) / (chunkBase(1) - chunkBase(0)));
    for (let ci = first; ci < last; ci++) list.push(ci);
  }
  return list;
}

/** Takes time in proportion to the chunks that the heap has grown into. */
export function pagesView(m: Memory): PagesView {
  const p = heapPages(m);
  const chunks = grownChunks(m, p);
  const levels: SummaryView[][] = [];
  for (let l = 0; l < summaryLevels; l++) {
    const entries = new Set(chunks.map((ci) => Math.floor(ci / 2 ** (levelLogPages[l] - 9))));
    levels.push([...entries].map((index) => summary(m, p, l, index)));
  }
  const a = pageAlloc.inUse(p) as mranges.AddrRanges;
  const ranges = Array.from({ length: mranges.rangesLen(m, a) }, (_, i) => {
    const r = mranges.at(m, a, i);
    const [from, to] = [mranges.base(m, r), mranges.limit(m, r)];
    return { from: formatAddress(from), to: formatAddress(to), bytes: to - from };
  });
  return {
    searchAddr: isSearchExhausted(m, p) ? null : formatAddress(searchAddr(m, p)),
    chunks: chunks.map((ci) => chunk(m, p, ci)),
    levels,
    ranges,
  };
}

const verdicts = ["skipped", "refused", "accepted"] as const;

/** What pageAlloc.alloc would do for `npages`, without the doing. Go: runtime/mpagealloc.go (alloc, find). */
export function findPagesView(m: Memory, npages: number): FindView {
  const p = heapPages(m);
  const none = { pages: npages, address: null, steps: [] };
  if (isSearchExhausted(m, p)) return { ...none, via: "none" };
  const [sc, sp] = [searchChunk(m, p), searchPage(m, p)];
  if (pallocChunkPages - sp >= npages && sumMax(m, leafAt(m, p, sc)) >= npages) {
    const j = find(m, pageAlloc.pallocBits(chunkOf(m, p, sc)), npages, sp);
    const leaf = { ...summary(m, p, summaryLevels - 1, sc), took: "accepted" as const };
    return { pages: npages, address: at(m, p, sc, j), via: "searchAddr", steps: [leaf] };
  }
  const steps: FindStep[] = [];
  const [trace, lockLog] = [m.trace, m.lockLog];
  m.lockLog = null;
  m.trace = {
    event(kind, level, index, verdict) {
      if (kind === Ev.findStep) steps.push({ ...summary(m, p, level, index), took: verdicts[verdict] });
    },
  };
  lock(m, mheap.lock(mheap_(m)));
  try {
    const found = pageAllocFind(m, p, npages);
    return { pages: npages, address: found ? at(m, p, m.ret[0], m.ret[1]) : null, via: "tree", steps };
  } finally {
    unlock(m, mheap.lock(mheap_(m)));
    m.trace = trace;
    m.lockLog = lockLog;
  }
}

function at(m: Memory, p: pageAlloc.PageAlloc, ci: number, page: number): string {
  return formatAddress(addressOf(m, offsetOfPage(m, p, ci, page)));
}

export function pageCacheView(m: Memory, proc: number): PageCacheView {
  const c = runtime2.pcache(allp(m, proc)) as mpagecache.PageCache;
  const [lo, hi] = [mpagecache.cacheLo(m, c), mpagecache.cacheHi(m, c)];
  const base = (mpagecache.baseHi(m, c) >>> 0) * 2 ** 32 + (mpagecache.baseLo(m, c) >>> 0);
  return {
    base: base === 0 || (lo === 0 && hi === 0) ? null : formatAddress(base),
    cache: hex64(lo, hi),
    scav: hex64(mpagecache.scavLo(m, c), mpagecache.scavHi(m, c)),
    free: popcount64(lo, hi),
  };
}
