/**
 * `large`: large objects on the real heap, one P. Each phase begins with the heap as it was recorded before it: which
 * pages are taken, what was given back, the P's page cache, the arenas and how far each was ever used. Every object's
 * span, and at the end of the phase all of that again.
 */

import { lock, unlock } from "../../../engine/memory/atomics.ts";
import { load64 } from "../../../engine/memory/layout.ts";
import { Memory, NIL, WINDOW_GRANULE_BYTES } from "../../../engine/memory/memory.ts";
import * as globals from "../../../engine/records/globals.ts";
import * as heaparena from "../../../engine/records/heaparena.ts";
import * as mheap from "../../../engine/records/mheap.ts";
import * as pageAlloc from "../../../engine/records/mpagealloc.ts";
import * as pageCache from "../../../engine/records/mpagecache.ts";
import * as mspan from "../../../engine/records/mspan.ts";
import * as p from "../../../engine/records/runtime2.ts";
import { heapArenaBytes, pageSize, pallocChunkBytes, pallocChunkPages } from "../../../engine/records/sizes.ts";
import { mallocgc } from "../../../engine/runtime/malloc.ts";
import { heapSysAlloc } from "../../../engine/runtime/mallocinit.ts";
import { objIndex } from "../../../engine/runtime/mbitmap.ts";
import { indexAlloc } from "../../../engine/runtime/mgcscavenge_index.ts";
import { arenaAt, heapArenaOf, mapGrowth, spanOf } from "../../../engine/runtime/mheap.ts";
import {
  chunkOf,
  chunkOfOffset,
  offsetOfPage,
  scavIndex,
  searchChunk,
  searchPage,
  setSearch,
  update,
} from "../../../engine/runtime/mpagealloc.ts";
import { pageCacheBase } from "../../../engine/runtime/mpagecache.ts";
import { popcntRange } from "../../../engine/runtime/mpallocbits.ts";
import { schedinit } from "../../../engine/runtime/proc.ts";
import { Value } from "../shape.ts";
import type { Tally } from "../tally.ts";
import type { Adapter } from "./adapter.ts";
import { pointerType } from "./heap.ts";
import { hexWord, readBitmap, writeBitmap } from "./pages.ts";

const windowBytes = 1024 * 1024 * 1024;

export const large: Adapter = {
  phases: ["mallocs", "heapAfter"],
  replay(recording, tally) {
    let heap: Heap | undefined;
    for (const line of recording.lines) {
      const value = new Value(recording, line);
      const begin = (phase: string) => tally.begin(recording.file, line.line, phase);
      if (value.has("heapBefore")) heap = new Heap(value.get("heapBefore"));
      else if (value.has("dropped") || value.has("heapAtEnd"))
        heap = undefined; // what follows begins anew
      else if (heap === undefined) value.fail("a heapBefore must come before");
      else if (value.has("mallocs")) {
        begin("mallocs");
        heap.allocate(value, tally);
      } else if (value.has("heapAfter")) {
        begin("heapAfter");
        heap.same(value.get("heapAfter"), tally);
      } else value.fail("one of heapBefore, mallocs, heapAfter, dropped, heapAtEnd is wanted");
    }
  },
};

class Heap {
  readonly m: Memory;
  readonly #h: number;
  readonly #pages: number;
  readonly #cache: number;
  readonly #pointers: number;

  constructor(before: Value) {
    const arenas = before.get("arenas").list();
    // Room for what was mapped, and as much again as the objects can take.
    this.m = new Memory({
      windowBytes: Math.min(windowBytes, (arenas.length + 8) * WINDOW_GRANULE_BYTES),
      check: "local",
    });
    schedinit(this.m, { procs: 1 });
    this.#h = globals.mheap_(this.m) as number;
    this.#pages = mheap.pages(this.#h) as number;
    this.#cache = p.pcache(this.m.p) as number;
    this.#pointers = pointerType(this.m) as number;
    lock(this.m, mheap.lock(this.#h));
    for (const arena of arenas) this.#mapArena(arena);
    for (const chunk of before.get("chunks").list()) this.#mapChunk(chunk);
    unlock(this.m, mheap.lock(this.#h));
    mheap.setCurArenaBase(this.m, this.#h, this.m.heapBase + before.get("curArenaBasePage").int() * pageSize);
    mheap.setCurArenaEnd(this.m, this.#h, this.m.heapBase + before.get("curArenaEndPage").int() * pageSize);
    const search = before.get("searchPage").int() * pageSize;
    setSearch(this.m, this.#pages, chunkOfOffset(this.m, this.#pages, search), (search / pageSize) % pallocChunkPages);
    this.#fillCache(before);
  }

  #mapArena(arena: Value): void {
    const { m } = this;
    const page = arena.get("arenaBasePage");
    const v = heapSysAlloc(m, this.#h, heapArenaBytes);
    if (v !== m.heapBase + page.int() * pageSize)
      page.fail(`the arena at page ${(v - m.heapBase) / pageSize} comes next`);
    const used = arena.get("zeroedBasePage").int() - page.int();
    heaparena.setZeroedBase(m, heapArenaOf(m, v - m.heapBase), used * pageSize);
  }

  #mapChunk(chunk: Value): void {
    const { m } = this;
    const off = chunk.get("chunk").int() * pallocChunkBytes;
    mapGrowth(m, this.#h, m.heapBase + off, pallocChunkBytes);
    const ci = chunkOfOffset(m, this.#pages, off);
    const data = chunkOf(m, this.#pages, ci);
    writeBitmap(m, pageAlloc.pallocBits(data), chunk.get("alloc"));
    writeBitmap(m, pageAlloc.scavenged(data), chunk.get("scav"));
    indexAlloc(m, scavIndex(this.#pages), ci, popcntRange(m, pageAlloc.pallocBits(data), 0, pallocChunkPages));
    update(m, this.#pages, ci, ci, false, false);
  }

  #fillCache(before: Value): void {
    const { m } = this;
    const page = before.get("pcacheBasePage").int(-1);
    if (page < 0) return;
    const base = m.heapBase + page * pageSize;
    pageCache.setBaseLo(m, this.#cache, base % 2 ** 32);
    pageCache.setBaseHi(m, this.#cache, Math.floor(base / 2 ** 32));
    const [cacheLo, cacheHi] = before.get("pcache").word();
    const [scavLo, scavHi] = before.get("pcacheScav").word();
    pageCache.setCacheLo(m, this.#cache, cacheLo);
    pageCache.setCacheHi(m, this.#cache, cacheHi);
    pageCache.setScavLo(m, this.#cache, scavLo);
    pageCache.setScavHi(m, this.#cache, scavHi);
  }

  allocate(value: Value, tally: Tally): void {
    const { m } = this;
    const columns = value
      .get("columns")
      .list()
      .map((v) => v.text());
    for (const row of value.get("mallocs").list()) {
      const [size, scan, needzero, ...expected] = row.ints();
      if (expected.length + 3 !== columns.length) row.fail(`[${columns.join(", ")}] is wanted`);
      tally.operation();
      const off = mallocgc(m, size, scan === 0 ? 0 : this.#pointers, needzero !== 0);
      const s = spanOf(m, off);
      const slot = mspan.startAddr(m, s) + objIndex(m, s, off) * mspan.elemsize(m, s);
      const got: Readonly<Record<string, number>> = {
        spanclass: mspan.spanclass(m, s),
        npages: mspan.npages(m, s),
        elemsize: mspan.elemsize(m, s),
        nelems: mspan.nelems(m, s),
        page: mspan.startAddr(m, s) / pageSize,
        offset: off - slot,
        spanNeedzeroAfter: mspan.needzero(m, s),
      };
      for (const [i, want] of expected.entries()) tally.same(columns[i + 3], want, got[columns[i + 3]]);
    }
  }

  /** Compares the heap with one that was recorded. */
  same(after: Value, tally: Tally): void {
    const { m } = this;
    tally.operation();
    const toPage = (addr: number) => (addr - m.heapBase) / pageSize;
    const search = offsetOfPage(m, this.#pages, searchChunk(m, this.#pages), searchPage(m, this.#pages));
    const { cacheLo, cacheHi, scavLo, scavHi } = pageCache;
    const base = pageCache.baseHi(m, this.#cache) === 0 ? NIL : pageCacheBase(m, this.#pages, this.#cache) / pageSize;
    tally.same("searchPage", after.get("searchPage").raw, search / pageSize);
    tally.same("pcacheBasePage", after.get("pcacheBasePage").raw, base);
    tally.same("pcache", after.get("pcache").raw, hexWord(cacheLo(m, this.#cache), cacheHi(m, this.#cache)));
    tally.same("pcacheScav", after.get("pcacheScav").raw, hexWord(scavLo(m, this.#cache), scavHi(m, this.#cache)));
    tally.same("curArenaBasePage", after.get("curArenaBasePage").raw, toPage(mheap.curArenaBase(m, this.#h)));
    tally.same("curArenaEndPage", after.get("curArenaEndPage").raw, toPage(mheap.curArenaEnd(m, this.#h)));
    tally.same("arenas", after.get("arenas").raw, this.#arenas());
    for (const chunk of after.get("chunks").list()) {
      tally.operation();
      const data = chunkOf(m, this.#pages, chunkOfOffset(m, this.#pages, chunk.get("chunk").int() * pallocChunkBytes));
      tally.same("alloc", chunk.get("alloc").raw, readBitmap(m, pageAlloc.pallocBits(data)));
      tally.same("scav", chunk.get("scav").raw, readBitmap(m, pageAlloc.scavenged(data)));
    }
  }

  #arenas(): { arenaBasePage: number; zeroedBasePage: number }[] {
    const { m } = this;
    const list = mheap.heapArenas(m, this.#h) as number;
    return Array.from({ length: mheap.heapArenasLen(m, this.#h) }, (_, i) => {
      const ai = load64(m, list + 8 * i);
      const arenaBasePage = ((ai - mheap.arenasLo(m, this.#h)) * heapArenaBytes) / pageSize;
      return { arenaBasePage, zeroedBasePage: arenaBasePage + heaparena.zeroedBase(m, arenaAt(m, ai)) / pageSize };
    });
  }
}
