/** The page heap: spans from pages, with their locks, statistics and maps; the records' allocators; Ps. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SizeClassToDivMagic, SizeClassToNPages, SizeClassToSize } from "../../engine/gc/sizeclasses.ts";
import { Memory } from "../../engine/memory/memory.ts";
import { answerAt, osAlloc, refuseHints } from "../../engine/memory/os.ts";
import * as gcController from "../../engine/records/gcController.ts";
import * as globals from "../../engine/records/globals.ts";
import * as heaparena from "../../engine/records/heaparena.ts";
import * as memstats from "../../engine/records/memstats.ts";
import * as fixalloc from "../../engine/records/mfixalloc.ts";
import * as mheap from "../../engine/records/mheap.ts";
import * as pageAlloc from "../../engine/records/mpagealloc.ts";
import * as pageCache from "../../engine/records/mpagecache.ts";
import * as mranges from "../../engine/records/mranges.ts";
import * as mspan from "../../engine/records/mspan.ts";
import * as p from "../../engine/records/runtime2.ts";
import { mallocgc } from "../../engine/runtime/malloc.ts";
import { type HeapOptions, heapBaseFor } from "../../engine/runtime/mallocinit.ts";
import { fixallocAlloc, fixallocFree, fixallocInit } from "../../engine/runtime/mfixalloc.ts";
import {
  allocManual,
  allocNeedsZero,
  freeManual,
  freeSpan,
  heapArenaOf,
  mheapAlloc,
  pageIndexOf,
  pageMaskOf,
  spanAllocStack,
  spanAllocWorkBuf,
  spanOf,
  spanOfHeap,
  spanOfUnchecked,
} from "../../engine/runtime/mheap.ts";
import { inPersistentAlloc, persistentalloc } from "../../engine/runtime/persistentalloc.ts";
import { acquirep, procresize, releasep, schedinit } from "../../engine/runtime/proc.ts";

const MiB = 2 ** 20;
/** Span class of large objects without pointers. */
const large = 1;

function boot(options: HeapOptions & { windowBytes?: number } = {}): Memory {
  const m = new Memory({
    windowBytes: options.windowBytes ?? 256 * MiB,
    heapBase: heapBaseFor(options),
    check: "step",
  });
  schedinit(m, options);
  return m;
}

const pageOf = (m: Memory, s: number) => mspan.startAddr(m, s) / 8192;
const alloc = (m: Memory, n: number, spc = large) => mheapAlloc(m, n, spc) as number;

/** How often the heap's lock was taken. */
function heapLocks(m: Memory, what: () => void): number {
  m.lockLog = [];
  what();
  const log = m.lockLog;
  m.lockLog = null;
  return log.filter((l) => l === mheap.lock(globals.mheap_(m))).length;
}

/** [low half, high half] of the free pages in the P's page cache. */
const cached = (m: Memory) => [pageCache.cacheLo(m, p.pcache(m.p)) >>> 0, pageCache.cacheHi(m, p.pcache(m.p)) >>> 0];

function setCached(m: Memory, lo: number, hi: number): void {
  pageCache.setCacheLo(m, p.pcache(m.p), lo);
  pageCache.setCacheHi(m, p.pcache(m.p), hi);
}

const figures = (m: Memory) => {
  const c = globals.gcController(m);
  const hs = memstats.heapStats(globals.memstats(m));
  const sum = (get: (m: Memory, d: number) => number) =>
    [0, 1, 2].reduce((n, i) => n + get(m, memstats.stats(hs, i) as number), 0);
  return {
    inUse: gcController.heapInUse(m, c),
    free: gcController.heapFree(m, c),
    released: gcController.heapReleased(m, c),
    committedDelta: sum(memstats.committed),
    releasedDelta: sum(memstats.released),
    inHeap: sum(memstats.inHeap),
    inStacks: sum(memstats.inStacks),
    inWorkBufs: sum(memstats.inWorkBufs),
  };
};

describe("the page cache of a P", () => {
  test("[A026] serves fewer than 16 pages when there is a P; all else takes the heap lock", () => {
    const m = boot();
    alloc(m, 1); // fills the caches
    alloc(m, 1);
    const [lo, hi] = cached(m);
    expect(heapLocks(m, () => alloc(m, 15))).toBe(0);
    expect(cached(m)).not.toEqual([lo, hi]);
    const before = cached(m);
    expect(heapLocks(m, () => alloc(m, 16))).toBe(1);
    expect(cached(m)).toEqual(before);
    const pp = releasep(m);
    expect(heapLocks(m, () => alloc(m, 1))).toBe(1);
    acquirep(m, pp);
    expect(cached(m)).toEqual(before);
  });

  test("[A027] is filled only when it is empty; a request that does not fit leaves it as it is", () => {
    const m = boot();
    alloc(m, 1);
    alloc(m, 1);
    setCached(m, 0b1011, 0);
    const base = [pageCache.baseLo(m, p.pcache(m.p)), pageCache.baseHi(m, p.pcache(m.p))];
    let s = 0;
    expect(heapLocks(m, () => (s = alloc(m, 3)))).toBe(1);
    expect(cached(m)).toEqual([0b1011, 0]);
    expect(pageOf(m, s)).toBeGreaterThanOrEqual(64);
    for (const page of [0, 1, 3]) {
      expect(heapLocks(m, () => (s = alloc(m, 1)))).toBe(0);
      expect(pageOf(m, s)).toBe(page);
    }
    expect(cached(m)).toEqual([0, 0]);
    expect([pageCache.baseLo(m, p.pcache(m.p)), pageCache.baseHi(m, p.pcache(m.p))]).toEqual(base);
    expect(heapLocks(m, () => alloc(m, 1))).toBe(1); // one filling
    expect(cached(m)).not.toEqual([0, 0]);
    expect(heapLocks(m, () => alloc(m, 1))).toBe(0);
  });

  test("[A041] a hit of both caches takes no lock; each cache that is empty costs one, both cost two", () => {
    const m = boot();
    alloc(m, 1);
    alloc(m, 1);
    const empty = (pages: boolean, spans: boolean) => {
      if (pages) while (cached(m).some((w) => w !== 0)) setCached(m, 0, 0);
      else setCached(m, -1, -1);
      p.setMspancacheLen(m, m.p, spans ? 0 : p.mspancacheLen(m, m.p) || 64);
      return heapLocks(m, () => alloc(m, 1));
    };
    expect(empty(false, false)).toBe(0);
    expect(empty(true, false)).toBe(1);
    expect(empty(false, true)).toBe(1);
    expect(empty(true, true)).toBe(2);
  });

  test("two Ps fill windows of their own", () => {
    const m = boot({ procs: 2 });
    const one = [alloc(m, 1), alloc(m, 1)];
    releasep(m);
    acquirep(m, globals.allp(m, 1));
    const two = [alloc(m, 1), alloc(m, 1)];
    // The first span of all comes straight from the heap that has just grown; then P 0 takes the window around it.
    expect(one.map((s) => pageOf(m, s))).toEqual([0, 1]);
    expect(two.map((s) => pageOf(m, s))).toEqual([64, 65]);
    releasep(m);
    acquirep(m, globals.allp(m, 0));
    expect(pageOf(m, alloc(m, 1))).toBe(2);
  });

  test("[A133] over the padding of a drawn base it carries stray scavenged bits", () => {
    const options = { base: "random", seedHi: ((0x12345 << 12) | 3) >>> 0, seedLo: 0x80000000 } as const; // 7 pages
    const m = boot(options);
    expect(pageOf(m, alloc(m, 16))).toBe(7); // too large for the cache
    alloc(m, 1);
    const c = p.pcache(m.p);
    const cache = [pageCache.cacheLo(m, c), pageCache.cacheHi(m, c)];
    const scav = [pageCache.scavLo(m, c), pageCache.scavHi(m, c)];
    expect([scav[0] & ~cache[0], scav[1] & ~cache[1]]).toEqual([0x7f, 0]);
  });
});

describe("growth", () => {
  test("[A032] is by whole chunks of 4 MiB, and free pages at the end are not counted against it", () => {
    const m = boot();
    const grown = () => figures(m).inUse + figures(m).free + figures(m).released;
    alloc(m, 272); // 2.1 MiB, so that 1.9 MiB of the first chunk are free, as in the recorded program
    expect(grown()).toBe(4 * MiB);
    const five = alloc(m, 640);
    expect(pageOf(m, five)).toBe(272); // and they are used
    expect(grown()).toBe(12 * MiB);
  });

  test("[A033] next to the arena: one range; elsewhere: the rest of the old arena is taken in first", () => {
    const near = boot();
    const h = globals.mheap_(near);
    alloc(near, 1);
    const end = mheap.curArenaEnd(near, h);
    expect(end - near.heapBase).toBe(64 * MiB);
    alloc(near, 8192);
    expect(mheap.curArenaEnd(near, h)).toBe(end + 64 * MiB);
    expect(mranges.rangesLen(near, pageAlloc.inUse(mheap.pages(h)))).toBe(1);
    expect(figures(near).released + figures(near).inUse).toBe(68 * MiB);

    const far = boot({ windowBytes: 512 * MiB });
    const g = globals.mheap_(far);
    alloc(far, 1);
    refuseHints(far, 64);
    answerAt(far, 128 * MiB + 4096);
    const before = figures(far).released;
    const big = alloc(far, 9000); // 70 MiB: 18 chunks
    expect(mspan.startAddr(far, big)).toBe(192 * MiB);
    // The 60 MiB of the first arena that were left, and 72 MiB of which 9000 pages are used.
    expect(figures(far).released - before).toBe((60 + 72) * MiB - 9000 * 8192);
    expect([mheap.curArenaBase(far, g) - far.heapBase, mheap.curArenaEnd(far, g) - far.heapBase]).toEqual([
      264 * MiB,
      320 * MiB,
    ]);
    const inUse = pageAlloc.inUse(mheap.pages(g));
    const ranges = [0, 1].map((i) =>
      [mranges.base, mranges.limit].map((get) => get(far, mranges.at(far, inUse, i)) - far.heapBase),
    );
    expect(ranges).toEqual([
      [0, 64 * MiB],
      [192 * MiB, 264 * MiB],
    ]);
    expect(mranges.rangesLen(far, inUse)).toBe(2);
  });
});

describe("spans", () => {
  /** What must hold of all spans: they tile what is taken, and the maps agree. */
  function problems(m: Memory, live: ReadonlySet<number>): string[] {
    const h = globals.mheap_(m);
    const found: string[] = [];
    let pages = 0;
    const owner = new Map<number, number>();
    for (const s of live) {
      const [first, n] = [pageOf(m, s), mspan.npages(m, s)];
      const isHeap = mspan.state(m, s) === mspan.mSpanInUse;
      if (isHeap) pages += n;
      for (let i = first; i < first + n; i++) {
        if (owner.has(i)) found.push(`page ${i} has two spans`);
        owner.set(i, s);
        if (spanOf(m, i * 8192) !== s || spanOfUnchecked(m, i * 8192 + 8191) !== s)
          found.push(`page ${i} is mapped wrongly`);
      }
    }
    if (pages !== mheap.pagesInUse(m, h)) found.push(`pagesInUse is ${mheap.pagesInUse(m, h)}, not ${pages}`);
    const firsts = new Set([...live].filter((s) => mspan.state(m, s) === mspan.mSpanInUse).map((s) => pageOf(m, s)));
    for (let off = 0; off < m.windowBytes; off += 8192) {
      const ha = heapArenaOf(m, off) as number;
      if (ha === 0) break;
      const isSet = (m.u8[heaparena.pageInUse(ha) + pageIndexOf(off)] & pageMaskOf(off)) !== 0;
      if (isSet !== firsts.has(off / 8192)) found.push(`pageInUse of page ${off / 8192} is ${isSet}`);
    }
    return found;
  }

  test("[A035] [A040] law: every taken page maps to its span, pageInUse and pagesInUse tell of the heap's", () => {
    const op = fc.record({
      kind: fc.nat(5),
      n: fc.oneof(fc.integer({ min: 1, max: 15 }), fc.integer({ min: 16, max: 3000 })),
      pick: fc.nat(1e6),
    });
    fc.assert(
      fc.property(fc.array(op, { minLength: 10, maxLength: 50 }), (ops) => {
        const m = boot();
        const live = new Set<number>();
        for (const { kind, n, pick } of ops) {
          if (kind < 2 && live.size > 0) {
            const s = [...live][pick % live.size];
            const [first, count] = [pageOf(m, s), mspan.npages(m, s)];
            if (mspan.state(m, s) === mspan.mSpanManual) freeManual(m, s, spanAllocStack);
            else freeSpan(m, s);
            live.delete(s);
            // The map keeps telling of it, so whoever asks must look at the state.
            expect(spanOf(m, first * 8192)).toBe(s);
            expect(spanOf(m, (first + count - 1) * 8192)).toBe(s);
            expect(spanOfHeap(m, first * 8192)).toBe(0);
          } else {
            const s = kind === 5 ? (allocManual(m, n, spanAllocStack) as number) : alloc(m, n);
            live.add(s);
            expect(spanOfHeap(m, mspan.startAddr(m, s))).toBe(kind === 5 ? 0 : s);
          }
        }
        expect(problems(m, live)).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  test("outside of the arenas there is no span", () => {
    const m = boot();
    expect([-1, 0, m.windowBytes, m.data].map((off) => spanOf(m, off))).toEqual([0, 0, 0, 0]);
    alloc(m, 1);
    expect(spanOf(m, 0)).not.toBe(0);
    expect([-1, 8192, 64 * MiB, m.windowBytes].map((off) => spanOf(m, off))).toEqual([0, 0, 0, 0]);
  });

  test("[A036] states go from dead to one use and back to dead; other ways end the program", () => {
    const m = boot();
    const s = alloc(m, 1);
    expect(mspan.state(m, s)).toBe(mspan.mSpanInUse);
    freeSpan(m, s);
    expect(mspan.state(m, s)).toBe(mspan.mSpanDead);
    expect(() => freeSpan(m, s)).toThrow("mheap.freeSpanLocked - invalid span state");
    const n = boot();
    const t = alloc(n, 1);
    mspan.setAllocCount(n, t, 1);
    expect(() => freeSpan(n, t)).toThrow("mheap.freeSpanLocked - invalid free");
    const o = boot();
    const u = alloc(o, 1);
    mspan.setSweepgen(o, u, mspan.sweepgen(o, u) + 2);
    expect(() => freeSpan(o, u)).toThrow("mheap.freeSpanLocked - invalid free");
    const q = boot();
    const v = allocManual(q, 4, spanAllocStack) as number;
    mspan.setAllocCount(q, v, 1);
    expect(mspan.state(q, v)).toBe(mspan.mSpanManual);
    expect(() => freeManual(q, v, spanAllocStack)).toThrow("mheap.freeSpanLocked - invalid stack free");
    expect(() => allocManual(boot(), 1, 0)).toThrow("manual span allocation called with non-manually-managed type");
  });

  test("[A038] the limit is behind the last slot, behind the bytes asked for, or behind the last page", () => {
    const m = boot();
    const small = alloc(m, 1, (5 << 1) | 1); // 48 bytes without pointers: 128 of 8192 bytes are mark bits
    expect(mspan.limit(m, small) - mspan.startAddr(m, small)).toBe(168 * 48);
    const sizeclass = [...SizeClassToSize].indexOf(64);
    const sixtyFour = alloc(m, 1, (sizeclass << 1) | 1);
    expect([mspan.limit(m, sixtyFour) - mspan.startAddr(m, sixtyFour), mspan.nelems(m, sixtyFour)]).toEqual([
      8064, 126,
    ]);
    const object = mallocgc(m, 40_000, 0, true);
    const s = spanOf(m, object) as number;
    expect([mspan.limit(m, s) - mspan.startAddr(m, s), mspan.elemsize(m, s)]).toEqual([40_000, 40_960]);
    const stack = allocManual(m, 4, spanAllocStack) as number;
    expect(mspan.limit(m, stack) - mspan.startAddr(m, stack)).toBe(4 * 8192);
  });

  test("[A039] multiplying by divMul divides by the slot size, for every byte of every class", () => {
    for (let c = 1; c < SizeClassToSize.length; c++) {
      const size = SizeClassToSize[c];
      const magic = SizeClassToDivMagic[c];
      let wrong = 0;
      for (let off = 0; off < SizeClassToNPages[c] * 8192; off++) {
        if (Math.floor((off * magic) / 2 ** 32) !== Math.floor(off / size)) wrong++;
      }
      expect(wrong, `class ${c}`).toBe(0);
      const m = c % 16 === 1 ? boot({ windowBytes: 64 * MiB }) : null;
      if (m !== null) expect(mspan.divMul(m, alloc(m, SizeClassToNPages[c], c << 1))).toBe(magic);
    }
  });

  test("slots: mark bits and pointer bits are taken off the end; with greentea off only pointer bits", () => {
    const nelems = (greentea: boolean) => {
      const m = boot({ greentea, windowBytes: 64 * MiB });
      const of = (size: number, noscan: 0 | 1) => {
        const c = [...SizeClassToSize].indexOf(size);
        return mspan.nelems(m, alloc(m, SizeClassToNPages[c], (c << 1) | noscan));
      };
      return [of(8, 1), of(8, 0), of(16, 1), of(16, 0), of(512, 1), of(512, 0), of(576, 0), of(32768, 1)];
    };
    expect(nelems(true)).toEqual([1024, 1008, 504, 496, 15, 15, 14, 1]);
    expect(nelems(false)).toEqual([1024, 1008, 512, 504, 16, 15, 14, 1]);
  });

  type Kind = readonly [string, (m: Memory, n: number) => number, (m: Memory, s: number) => void];
  const kinds: readonly Kind[] = [
    ["heap", alloc, freeSpan],
    ["stack", (m, n) => allocManual(m, n, spanAllocStack) as number, (m, s) => freeManual(m, s, spanAllocStack)],
    ["work", (m, n) => allocManual(m, n, spanAllocWorkBuf) as number, (m, s) => freeManual(m, s, spanAllocWorkBuf)],
  ];
  const shares = [
    ["none", 32],
    ["some", 20],
    ["all", 0],
  ] as const;

  test.each(kinds.flatMap((kind) => shares.map((share) => [...share, ...kind] as const)))(
    "[A043] statistics with %s of the pages scavenged (%i are not), a span for %s",
    (_share, warm, kind, take, give) => {
      const m = boot();
      alloc(m, 1); // the heap grows, by pages that count as scavenged
      if (warm > 0) freeSpan(m, alloc(m, warm)); // some are backed by memory again, and free
      const bytes = 32 * 8192;
      const scav = bytes - warm * 8192;
      const before = figures(m);
      const s = take(m, 32);
      const after = figures(m);
      expect(before.released - after.released).toBe(scav);
      expect(before.free - after.free).toBe(bytes - scav);
      expect(after.committedDelta - before.committedDelta).toBe(scav);
      expect(before.releasedDelta - after.releasedDelta).toBe(scav);
      expect(after.inUse - before.inUse).toBe(kind === "heap" ? bytes : 0);
      expect(after.inHeap - before.inHeap).toBe(kind === "heap" ? bytes : 0);
      expect(after.inStacks - before.inStacks).toBe(kind === "stack" ? bytes : 0);
      expect(after.inWorkBufs - before.inWorkBufs).toBe(kind === "work" ? bytes : 0);
      const sum = (f: ReturnType<typeof figures>) => f.inUse + f.free + f.released + f.inStacks + f.inWorkBufs;
      expect([sum(before), sum(after)]).toEqual([4 * MiB, 4 * MiB]);

      give(m, s);
      const back = figures(m);
      expect(back).toEqual({
        ...before,
        free: before.free + scav,
        released: after.released,
        committedDelta: after.committedDelta,
        releasedDelta: after.releasedDelta,
      });
      expect(sum(back)).toBe(4 * MiB);
    },
  );

  test("[A044] freed pages are free and not scavenged: what was free grows, what was released stays", () => {
    const m = boot();
    const s = alloc(m, 100);
    const before = figures(m);
    freeSpan(m, s);
    const after = figures(m);
    expect([after.free - before.free, after.released, after.inUse]).toEqual([100 * 8192, before.released, 0]);
    const again = alloc(m, 100);
    expect(pageOf(m, again)).toBe(0);
    expect(figures(m)).toEqual(before);
  });
});

describe("zeroing", () => {
  test("[A046] the watermark of an arena only rises; a hole below it counts as dirty, though never used", () => {
    const m = boot();
    alloc(m, 8193); // over the border of two arenas: both have records now
    const marks = () => [0, 64 * MiB].map((off) => heaparena.zeroedBase(m, heapArenaOf(m, off)));
    expect(marks()).toEqual([64 * MiB, 8192]);
    const at = (page: number) => 64 * MiB + page * 8192;
    expect(allocNeedsZero(m, at(10), 2)).toBe(false);
    expect(marks()[1]).toBe(12 * 8192);
    expect(allocNeedsZero(m, at(2), 2)).toBe(true);
    expect(marks()[1]).toBe(12 * 8192);
    expect(allocNeedsZero(m, at(11), 2)).toBe(true); // partly below: it begins there
    expect(marks()[1]).toBe(13 * 8192);
    expect(allocNeedsZero(m, at(13), 1)).toBe(false);
    alloc(m, 8192 * 2); // a third arena
    const third = heapArenaOf(m, 128 * MiB);
    const before = heaparena.zeroedBase(m, third);
    expect(allocNeedsZero(m, 128 * MiB - 8192, 2)).toBe(true);
    expect(heaparena.zeroedBase(m, heapArenaOf(m, 64 * MiB))).toBe(64 * MiB);
    expect(heaparena.zeroedBase(m, third)).toBe(Math.max(before, 8192));
  });

  test("a span is dirty below the watermark, unless all its pages were scavenged and come back as zeroes", () => {
    for (const madvdontneed of [true, false]) {
      const m = boot({ madvdontneed });
      const s = alloc(m, 20);
      expect(mspan.needzero(m, s)).toBe(0);
      freeSpan(m, s);
      const again = alloc(m, 20);
      expect(mspan.needzero(m, again)).toBe(1);
      freeSpan(m, again);
      const chunk = pageAlloc.chunks(
        m,
        mheap.pages(globals.mheap_(m)),
        pageAlloc.start(m, mheap.pages(globals.mheap_(m))) >>> 13,
      ) as number;
      const first = chunk + 128 * (pageAlloc.start(m, mheap.pages(globals.mheap_(m))) & 8191);
      m.i32[(first + 64) >> 2] |= (1 << 20) - 1; // as a scavenger would leave them
      expect(mspan.needzero(m, alloc(m, 20))).toBe(madvdontneed ? 0 : 1);
    }
  });

  test("[A142] every new span begins at 0; what freeManual notes is lost, the watermark remembers", () => {
    const m = boot();
    const stack = allocManual(m, 20, spanAllocStack) as number;
    expect([pageOf(m, stack), mspan.needzero(m, stack)]).toEqual([0, 0]);
    freeManual(m, stack, spanAllocStack);
    expect(mspan.needzero(m, stack)).toBe(1);
    const higher = alloc(m, 40); // the same record, on pages of which the last 20 were never used
    expect(higher).toBe(stack);
    expect([pageOf(m, higher), mspan.needzero(m, higher)]).toEqual([0, 1]); // dirty: it begins below the watermark
    const fresh = alloc(m, 20);
    expect([pageOf(m, fresh), mspan.needzero(m, fresh)]).toEqual([40, 0]);
    const low = allocManual(m, 20, spanAllocStack) as number;
    const fence = alloc(m, 16);
    freeManual(m, low, spanAllocStack);
    expect([pageOf(m, fence), mspan.needzero(m, low)]).toEqual([80, 1]);
    const above = alloc(m, 30); // too large for the hole below the fence, so on pages that were never used
    expect(above).toBe(low);
    expect([pageOf(m, above), mspan.needzero(m, above)]).toEqual([96, 0]);
  });
});

describe("mspan records", () => {
  test("[A042] [A141] 64 at a time, the last fetched used first; up to 128 kept; a P that goes returns them", () => {
    const m = boot({ procs: 2 });
    const h = globals.mheap_(m);
    const id = (s: number) => {
      const all = mheap.allspans(m, h) as number;
      for (let i = 0; i < mheap.allspansLen(m, h); i++) if (m.i32[(all >> 2) + 2 * i] === s) return i;
      return -1;
    };
    const first = alloc(m, 1);
    expect([id(first), p.mspancacheLen(m, m.p), mheap.allspansLen(m, h)]).toEqual([63, 63, 64]);
    const spans = [first, ...Array.from({ length: 63 }, () => alloc(m, 1))];
    expect(spans.map(id)).toEqual(Array.from({ length: 64 }, (_, i) => 63 - i));
    expect(p.mspancacheLen(m, m.p)).toBe(0);
    const more = Array.from({ length: 100 }, () => alloc(m, 1));
    expect(more.slice(0, 2).map(id)).toEqual([127, 126]);
    expect(mheap.allspansLen(m, h)).toBe(192);
    expect(p.mspancacheLen(m, m.p)).toBe(28);

    for (const s of [...spans, ...more]) freeSpan(m, s);
    expect(p.mspancacheLen(m, m.p)).toBe(128); // 28 and 100 of the 164; 64 went to the free list
    expect(alloc(m, 1)).toBe(more[35]); // the last that went into the cache: 28 + 64 + 36 are 128
    expect(mheap.allspansLen(m, h)).toBe(192);

    releasep(m);
    acquirep(m, globals.allp(m, 1));
    const own = alloc(m, 1);
    expect(own).not.toBe(0);
    const kept = Array.from({ length: p.mspancacheLen(m, m.p) }, (_, i) => p.mspancacheBuf(m, m.p, i) as number);
    procresize(m, 1);
    expect(m.p).toBe(globals.allp(m, 0));
    expect(p.mspancacheLen(m, globals.allp(m, 1))).toBe(0);
    // Index 0 was returned first, so the last one is used first.
    const spanalloc = mheap.spanalloc(h);
    expect(fixallocAlloc(m, spanalloc)).toBe(kept[kept.length - 1]);
    expect(fixallocAlloc(m, spanalloc)).toBe(kept[kept.length - 2]);
  });

  test("allspans grows from 8192 by half, each time in memory of its own", () => {
    const m = boot({ windowBytes: 128 * MiB });
    const h = globals.mheap_(m);
    const other = () => memstats.other_sys(m, globals.memstats(m));
    const spans: number[] = [];
    const caps: [number, number][] = [];
    for (let i = 0; i < 8300; i++) {
      const before = other();
      spans.push(alloc(m, 1));
      const cap = mheap.allspansCap(m, h);
      if (caps.length === 0 || caps[caps.length - 1][0] !== cap) caps.push([cap, other() - before]);
    }
    expect(caps.map(([cap]) => cap)).toEqual([8192, 12288]);
    expect(caps[1][1] % 65536).toBe(((12288 - 8192) * 8) % 65536); // new backing in, old out
    const all = mheap.allspans(m, h) as number;
    const listed = new Set(Array.from({ length: mheap.allspansLen(m, h) }, (_, i) => m.i32[(all >> 2) + 2 * i]));
    expect(spans.every((s) => listed.has(s))).toBe(true);
  });
});

describe("fixalloc", () => {
  test("[A117] chunks of as many records as 16 KiB hold, last in first out, cleared unless told otherwise", () => {
    const m = boot();
    const h = globals.mheap_(m);
    const st = globals.memstats(m);
    expect([mheap.spanalloc(h), mheap.cachealloc(h)].map((f) => fixalloc.nalloc(m, f))).toEqual([102 * 160, 7 * 2296]);
    expect(memstats.mcache_sys(m, st)).toBe(16_072);
    expect(memstats.mspan_sys(m, st)).toBe(0);
    for (let i = 0; i < 103; i++) alloc(m, 1); // fetched by 64: 128 records in two chunks
    expect(memstats.mspan_sys(m, st)).toBe(2 * 16_320);
    expect(fixalloc.inuse(m, mheap.spanalloc(h))).toBe(128 * 160);
    expect(fixalloc.zero(m, mheap.spanalloc(h))).toBe(0);

    const f = osAlloc(m, fixalloc.layout.size);
    expect(() => fixallocAlloc(m, f)).toThrow("runtime: internal error");
    expect(() => fixallocInit(m, f, 16 * 1024 + 1, 0, 0, 0)).toThrow("runtime: fixalloc size too large");
    fixallocInit(m, f, 24, 0, 0, memstats.other_sysAt(st));
    expect(fixalloc.nalloc(m, f)).toBe(682 * 24);
    const [a, b, c] = [0, 0, 0].map(() => fixallocAlloc(m, f));
    expect([b - a, c - b]).toEqual([24, 24]);
    m.u8.fill(9, a, c + 24);
    for (const r of [b, a, c]) fixallocFree(m, f, r);
    expect(fixalloc.inuse(m, f)).toBe(0);
    expect([0, 0].map(() => fixallocAlloc(m, f))).toEqual([c, a]);
    expect([...m.u8.subarray(a, a + 24), ...m.u8.subarray(c, c + 24)].every((x) => x === 0)).toBe(true);
    fixalloc.setZero(m, f, 0);
    expect(fixallocAlloc(m, f)).toBe(b);
    expect([...m.u8.subarray(b + 8, b + 24)].every((x) => x === 9)).toBe(true); // the first word was the link
    expect(fixallocAlloc(m, f)).toBe(c + 24);
  });
});

describe("persistentalloc", () => {
  const start = (procs = 1) => {
    const m = boot({ procs });
    const st = globals.memstats(m);
    p.setBase(m, p.palloc(m.p), 0); // as if this P had not taken anything yet
    p.setOff(m, p.palloc(m.p), 0);
    const stat = memstats.buckhash_sysAt(st);
    const counts = () => [memstats.other_sys(m, st), memstats.buckhash_sys(m, st)];
    return { m, stat, counts, base: () => p.base(m, p.palloc(m.p)) as number };
  };

  test("[A118] 64 KiB and more come from the operating system, less from a chunk of 256 KiB", () => {
    const { m, stat, counts, base } = start();
    const zero = counts();
    const since = () => counts().map((n, i) => n - zero[i]);
    const direct = [0, 0, 0].map(() => persistentalloc(m, 100_000, 0, stat));
    expect(new Set(direct).size).toBe(3);
    expect(since()).toEqual([0, 300_000]);
    expect([base(), ...direct.map((at) => at % 4096)]).toEqual([0, 0, 0, 0]);
    expect(direct.some((at) => inPersistentAlloc(m, at))).toBe(false);
    const edge = persistentalloc(m, 64 * 1024, 0, stat);
    expect([base(), edge % 4096]).toEqual([0, 0]);

    const first = persistentalloc(m, 8, 0, stat);
    expect(first - base()).toBe(8); // the first word links the chunks
    expect(since()).toEqual([256 * 1024 - 8, 300_000 + 65_536 + 8]);
    expect(inPersistentAlloc(m, first)).toBe(true);
    const gap = persistentalloc(m, 8, 64, stat);
    expect(gap - base()).toBe(64);
    expect(since()).toEqual([256 * 1024 - 16, 300_000 + 65_536 + 16]); // the gap stays other_sys
  });

  test("[A118] an aligned first piece, pieces of 60 KiB of which the fifth opens a new chunk, and Go's refusals", () => {
    const { m, stat, base } = start();
    expect(persistentalloc(m, 8, 64, stat) - base()).toBe(64);
    const other = start();
    const pieces = Array.from({ length: 5 }, () => [persistentalloc(other.m, 60 * 1024, 0, other.stat), other.base()]);
    const chunks = pieces.map(([, chunk]) => chunk);
    expect(new Set(chunks.slice(0, 4)).size).toBe(1);
    expect(chunks[4]).not.toBe(chunks[3]);
    expect(pieces.map(([at, chunk]) => at - chunk)).toEqual([8, 61_448, 122_888, 184_328, 8]);
    expect(other.m.i32[chunks[4] >> 2]).toBe(chunks[3]); // linked

    expect(() => persistentalloc(m, 0, 0, stat)).toThrow("persistentalloc: size == 0");
    expect(() => persistentalloc(m, 8, 24, stat)).toThrow("persistentalloc: align is not a power of 2");
    expect(() => persistentalloc(m, 8, 16_384, stat)).toThrow("persistentalloc: align is too large");
  });

  test("[A118] without a P there is one chunk for all, behind a lock; what is asked for other_sys moves nothing", () => {
    const { m, stat, counts } = start(2);
    const otherSys = memstats.other_sysAt(globals.memstats(m));
    const global = globals.globalAlloc(m);
    const pp = releasep(m);
    m.lockLog = [];
    const at = persistentalloc(m, 100, 0, stat);
    expect(m.lockLog).toEqual([globals.globalAllocLock(global)]);
    expect(at).toBeGreaterThan(p.base(m, globals.globalAllocPersistent(global)) as number);
    const before = counts();
    persistentalloc(m, 100, 0, otherSys);
    expect(counts()).toEqual(before);
    acquirep(m, pp);
    m.lockLog = [];
    persistentalloc(m, 100, 0, stat);
    expect(m.lockLog).toEqual([]);
  });
});

describe("Ps", () => {
  test("their number goes up and down: caches begin empty, and everything comes back", () => {
    const m = boot();
    const h = globals.mheap_(m);
    const inuse = () => fixalloc.inuse(m, mheap.cachealloc(h)) / 2296;
    expect([globals.gomaxprocs(m), inuse()]).toEqual([1, 1]);
    procresize(m, 4);
    expect([globals.gomaxprocs(m), inuse()]).toEqual([4, 4]);
    expect([0, 1, 2, 3].map((i) => p.status(m, globals.allp(m, i)))).toEqual([
      p._Prunning,
      p._Pidle,
      p._Pidle,
      p._Pidle,
    ]);
    releasep(m);
    acquirep(m, globals.allp(m, 3));
    const s = alloc(m, 1);
    const t = alloc(m, 1);
    expect(cached(m)).not.toEqual([0, 0]);
    const pages = mheap.pages(h);
    const taken = () => {
      const ci = pageAlloc.start(m, pages);
      const bits = (pageAlloc.chunks(m, pages, ci >>> 13) as number) + 128 * (ci & 8191);
      return m.u32
        .subarray(bits >> 2, (bits >> 2) + 16)
        .reduce((n, w) => n + w.toString(2).replaceAll("0", "").length, 0);
    };
    expect(taken()).toBe(64);
    procresize(m, 2);
    expect(m.p).toBe(globals.allp(m, 0));
    expect([inuse(), p.status(m, globals.allp(m, 3)), p.mcache(m, globals.allp(m, 3))]).toEqual([2, p._Pdead, 0]);
    expect(taken()).toBe(2); // the two spans; the rest of the window is free again
    expect([pageOf(m, s), pageOf(m, t)]).toEqual([0, 1]);
    procresize(m, 4);
    expect([inuse(), p.status(m, globals.allp(m, 3))]).toEqual([4, p._Pidle]);
  });

  test("wrong numbers and states are refused", () => {
    const m = boot({ procs: 2 });
    expect(() => procresize(m, 0)).toThrow("procresize: invalid arg");
    expect(() => procresize(m, 257)).toThrow(/at most 256/);
    expect(() => acquirep(m, globals.allp(m, 1))).toThrow("wirep: already in go");
    releasep(m);
    expect(() => releasep(m)).toThrow("releasep: invalid arg");
    p.setStatus(m, globals.allp(m, 1), p._Pdead);
    expect(() => acquirep(m, globals.allp(m, 1))).toThrow("wirep: invalid p state");
    const n = boot({ procs: 2 });
    globals.setGcphase(n, 1);
    expect(() => procresize(n, 1)).toThrow("P destroyed while GC is running");
  });
});
