/** Where the heap lies: the operating system's answers, hints, arenas, and what is counted. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkInvariants } from "../../engine/check/invariants.ts";
import { lock, unlock } from "../../engine/memory/atomics.ts";
import { load64 } from "../../engine/memory/layout.ts";
import { DATA_BYTES, FIXED_HEAP_BASE, Memory } from "../../engine/memory/memory.ts";
import {
  answerAt,
  OS_NONE,
  OS_PREPARED,
  OS_READY,
  OS_RESERVED,
  osFigures,
  osState,
  refuseAll,
  refuseHints,
} from "../../engine/memory/os.ts";
import { takeSnapshot } from "../../engine/observe/snapshot.ts";
import { rodataBytes } from "../../engine/process/descriptors.ts";
import * as arenahint from "../../engine/records/arenahint.ts";
import * as gcController from "../../engine/records/gcController.ts";
import * as globals from "../../engine/records/globals.ts";
import * as heaparena from "../../engine/records/heaparena.ts";
import * as mcache from "../../engine/records/mcache.ts";
import * as mcentral from "../../engine/records/mcentral.ts";
import * as memstats from "../../engine/records/memstats.ts";
import * as mheap from "../../engine/records/mheap.ts";
import * as pageAlloc from "../../engine/records/mpagealloc.ts";
import * as pageCache from "../../engine/records/mpagecache.ts";
import * as mspan from "../../engine/records/mspan.ts";
import * as spanset from "../../engine/records/mspanset.ts";
import * as p from "../../engine/records/runtime2.ts";
import * as sizes from "../../engine/records/sizes.ts";
import { mallocgc } from "../../engine/runtime/malloc.ts";
import { type HeapOptions, heapBaseFor, heapSysAlloc, hintAddr } from "../../engine/runtime/mallocinit.ts";
import { sysMap, sysUnused, sysUsed } from "../../engine/runtime/mem.ts";
import { allocManual, freeManual, freeSpan, mheapAlloc, spanAllocStack } from "../../engine/runtime/mheap.ts";
import { readmemstats } from "../../engine/runtime/mstats.ts";
import { schedinit } from "../../engine/runtime/proc.ts";

const MiB = 2 ** 20;

function boot(options: HeapOptions = {}, windowBytes = 512 * MiB, hint = 0): Memory {
  const heapBase = hint === 0 ? heapBaseFor(options) : hintAddr(hint, undefined);
  const m = new Memory({ windowBytes, heapBase, check: "step" });
  schedinit(m, options);
  return m;
}

/** Go's addresses in the list of hints, "down" behind those that grow downwards. */
function hints(m: Memory, head = mheap.arenaHints(m, globals.mheap_(m))): (number | string)[] {
  const found: (number | string)[] = [];
  for (let hint = head; hint !== 0; hint = arenahint.next(m, hint)) {
    const addr = arenahint.addr(m, hint);
    found.push(arenahint.down(m, hint) === 0 ? addr : `${addr} down`);
  }
  return found;
}

/** Numbers of the arenas in order of creation. */
function arenas(m: Memory): number[] {
  const h = globals.mheap_(m);
  const list = mheap.heapArenas(m, h) as number;
  return Array.from({ length: mheap.heapArenasLen(m, h) }, (_, i) => load64(m, list + 8 * i));
}

function reserve(m: Memory, bytes: number): { address: number; arenas: number } {
  const h = globals.mheap_(m);
  lock(m, mheap.lock(h));
  const address = heapSysAlloc(m, h, bytes);
  unlock(m, mheap.lock(h));
  return { address, arenas: address === 0 ? 0 : m.ret[0] };
}

/** Each chunk that was grown into as 512 letters: a taken, s scavenged, b both. */
function chunkBits(m: Memory): string[] {
  const pages = mheap.pages(globals.mheap_(m));
  const start = pageAlloc.start(m, pages);
  const bit = (b: number, i: number) => (m.u8[b + (i >> 3)] >> (i & 7)) & 1;
  return Array.from({ length: pageAlloc.end(m, pages) - start }, (_, k) => {
    const ci = start + k;
    const data = (pageAlloc.chunks(m, pages, ci >>> 13) as number) + 128 * (ci & 8191);
    return Array.from({ length: 512 }, (_, i) => ".asb"[bit(data, i) + 2 * bit(data + 64, i)]).join("");
  });
}

/** Go's address of the first chunk that was grown into. */
function firstChunk(m: Memory): number {
  return sizes.arenaBaseOffset + pageAlloc.start(m, mheap.pages(globals.mheap_(m))) * sizes.pallocChunkBytes;
}

test("[A001] the figures of the allocator are Go's", () => {
  const { layout: globalsLayout, ...names } = globals;
  expect(globalsLayout.size).toBeLessThan(DATA_BYTES - rodataBytes); // descriptors lie behind
  expect(names.maxProcs).toBe(256);
  expect({
    pageShift: sizes.pageShift,
    pageSize: sizes.pageSize,
    physPageSize: sizes.physPageSize,
    physHugePageSize: sizes.physHugePageSize,
    maxPhysPageSize: sizes.maxPhysPageSize,
    minPhysPageSize: sizes.minPhysPageSize,
    heapAddrBits: sizes.heapAddrBits,
    maxAlloc: sizes.maxAlloc,
    arenaBaseOffset: sizes.arenaBaseOffset,
    minLegalPointer: sizes.minLegalPointer,
    heapArenaBytes: sizes.heapArenaBytes,
    pagesPerArena: sizes.pagesPerArena,
    arenaL1Bits: sizes.arenaL1Bits,
    arenaL2Bits: sizes.arenaL2Bits,
    pallocChunkPages: sizes.pallocChunkPages,
    pallocChunkBytes: sizes.pallocChunkBytes,
    pallocChunksL1Bits: sizes.pallocChunksL1Bits,
    pallocChunksL2Bits: sizes.pallocChunksL2Bits,
    chunksL2Bytes: pageAlloc.chunksL2Bytes,
    summaryLevels: sizes.summaryLevels,
    summaryL0Bits: sizes.summaryL0Bits,
    summaryLevelBits: sizes.summaryLevelBits,
    logMaxPackedValue: sizes.logMaxPackedValue,
    pageCachePages: sizes.pageCachePages,
    mspancache: p.mspancacheCap,
    persistentChunkSize: sizes.persistentChunkSize,
    persistentMaxBlock: sizes.persistentMaxBlock,
  }).toEqual({
    pageShift: 13,
    pageSize: 8192,
    physPageSize: 4096,
    physHugePageSize: 2 * MiB,
    maxPhysPageSize: 512 * 1024,
    minPhysPageSize: 4096,
    heapAddrBits: 48,
    maxAlloc: 2 ** 48,
    arenaBaseOffset: 0xffff800000000000 - 2 ** 64,
    minLegalPointer: 4096,
    heapArenaBytes: 64 * MiB,
    pagesPerArena: 8192,
    arenaL1Bits: 0,
    arenaL2Bits: 22,
    pallocChunkPages: 512,
    pallocChunkBytes: 4 * MiB,
    pallocChunksL1Bits: 13,
    pallocChunksL2Bits: 13,
    chunksL2Bytes: MiB,
    summaryLevels: 5,
    summaryL0Bits: 14,
    summaryLevelBits: 3,
    logMaxPackedValue: 21,
    pageCachePages: 64,
    mspancache: 128,
    persistentChunkSize: 256 * 1024,
    persistentMaxBlock: 64 * 1024,
  });
  expect(sizes.levelShift).toEqual([34, 31, 28, 25, 22]);
  expect(sizes.levelLogPages).toEqual([21, 18, 15, 12, 9]);
  expect(sizes.levelShift.map((s) => 2 ** (48 - s))).toEqual([16384, 131072, 1048576, 8388608, 67108864]);
  const bytes = [mspan, mcache, mcentral, pageCache, spanset, heaparena, arenahint].map(({ layout }) => layout.size);
  expect(bytes).toEqual([160, 2296, 168, 24, 40, 69648, 24]);
  expect([mcentral.paddedLayout.size, pageAlloc.pallocDataLayout.size, spanset.blockLayout.size]).toEqual([
    192, 128, 4608,
  ]);
  expect(memstats.deltaLayout.size).toBe(1168);
});

describe("arenas", () => {
  test("[A002] are numbered from arenaBaseOffset, over both halves of the address space", () => {
    expect(sizes.arenaIndexOf(0xc000000000)).toBe(2_109_440);
    const address = fc.oneof(fc.integer({ min: 0, max: 2 ** 47 - 1 }), fc.integer({ min: -(2 ** 47), max: -1 }));
    fc.assert(
      fc.property(address, (a) => {
        const index = sizes.arenaIndexOf(a);
        expect(BigInt(sizes.arenaBase(index))).toBe((BigInt(a) >> 26n) << 26n);
        expect(index).toBeGreaterThanOrEqual(0);
        expect(index).toBeLessThan(2 ** 22);
      }),
      { numRuns: 1000 },
    );
  });

  test("[A003] the list only grows, in order of creation; a map entry is set once", () => {
    const m = boot();
    const log: number[] = [];
    for (const bytes of [1, 64 * MiB, 65 * MiB, 10]) {
      const { address, arenas: n } = reserve(m, bytes);
      expect(address % (64 * MiB)).toBe(0);
      for (let i = 0; i < n; i++) log.push(sizes.arenaIndexOf(address) + i);
      expect(arenas(m)).toEqual(log);
    }
    expect(log).toHaveLength(5);
    const h = globals.mheap_(m);
    const map = mheap.arenas(m, h) as number;
    const records = log.map((ai) => m.i32[(map >> 2) + 2 * (ai - mheap.arenasLo(m, h))]);
    expect(new Set(records).size).toBe(5);
    m.i32[(map >> 2) + 2 * 5] = records[0]; // somebody was in arena 5 already
    expect(() => reserve(m, 1)).toThrow("arena already initialized");
    expect(arenas(m)).toEqual(log);
  });

  test("the list outgrows its first 512 entries by doubling", () => {
    const m = boot({}, 64 * MiB);
    const h = globals.mheap_(m);
    reserve(m, 1);
    expect(mheap.heapArenasCap(m, h)).toBe(512);
  });
});

describe("hints", () => {
  test("[A007] with the fixed base the heap begins at 0xc000000000", () => {
    const m = boot();
    const s = mheapAlloc(m, 1, 0);
    expect(m.heapBase + mspan.startAddr(m, s)).toBe(0xc000000000);
    expect(FIXED_HEAP_BASE).toBe(0xc000000000);
  });

  test("[A004] 64 for the heap and 64 for user arenas, 2^40 apart; the first moves on with the heap", () => {
    const m = boot();
    const at = (i: number) => i * 2 ** 40 + 0xc000000000;
    expect(hints(m)).toEqual(Array.from({ length: 64 }, (_, i) => at(i)));
    expect(hints(m, mheap.userArenaHints(m, globals.mheap_(m)))).toEqual(
      Array.from({ length: 64 }, (_, i) => at(64 + i)),
    );
    mheapAlloc(m, 1, 0);
    expect(hints(m)[0]).toBe(0xc004000000);
  });

  test("[A005] drawn: the prefix counts up modulo 256, bits 38 and 39 are kept and or-ed in", () => {
    const distinct = (top: number) => new Set(Array.from({ length: 64 }, (_, i) => hintAddr(i, top))).size;
    for (const rest of [0, 0x12345 & 0xcfff, 0xfcfff]) {
      expect([0, 1, 2, 3].map((two) => distinct((rest & ~0x3000) | (two << 12)))).toEqual([64, 33, 34, 17]);
    }
    fc.assert(
      fc.property(fc.nat(2 ** 20 - 1), fc.nat(127), (top, i) => {
        const base = BigInt(top) << 26n;
        const prefix = ((base >> 38n) + BigInt(i)) & 0xffn;
        expect(BigInt(hintAddr(i, top))).toBe((prefix << 38n) | (base & ~(0xffn << 40n)));
        expect(BigInt(hintAddr(0, top))).toBe(base);
      }),
      { numRuns: 1000 },
    );
  });

  test.each([1, 3, 63])("[A006] TestArenaCollision: %i hints that fail are dropped, the next is used", (k) => {
    const m = boot({}, 512 * MiB, k);
    refuseHints(m, k);
    expect(reserve(m, 1)).toEqual({ address: hintAddr(k, undefined), arenas: 1 });
    expect(hints(m)).toHaveLength(64 - k);
    expect(hints(m)[0]).toBe(hintAddr(k, undefined) + 64 * MiB);
  });

  test("[A006] no hint is granted, an unaligned place is: it is trimmed, and its two ends become hints", () => {
    const m = boot();
    refuseHints(m, 64);
    answerAt(m, 64 * MiB + 12 * 4096);
    const before = osFigures(m).virtual;
    const v = m.heapBase + 128 * MiB;
    expect(reserve(m, 1)).toEqual({ address: v, arenas: 1 });
    expect(hints(m)).toEqual([v + 64 * MiB, `${v} down`]);
    // 64 MiB of the 128 that were reserved, the arena's record, this P's first persistent chunk, the map of arenas.
    expect(osFigures(m).virtual - before).toBe(64 * MiB + 18 * 4096 + 256 * 1024 + 32 * MiB);
    expect([
      osState(m, 128 * MiB - 1),
      osState(m, 128 * MiB),
      osState(m, 192 * MiB - 1),
      osState(m, 192 * MiB),
    ]).toEqual([OS_NONE, OS_RESERVED, OS_RESERVED, OS_NONE]);
    // The second hint grows downwards once the first fails.
    refuseHints(m, 1);
    expect(reserve(m, 1).address).toBe(v - 64 * MiB);
    expect(hints(m)).toEqual([`${v - 64 * MiB} down`]);
  });

  test("[A006] [A134] no hint is granted, an aligned place is: nothing is trimmed and there is an arena more", () => {
    const m = boot();
    refuseHints(m, 64);
    answerAt(m, 128 * MiB);
    const v = m.heapBase + 128 * MiB;
    expect(reserve(m, 1)).toEqual({ address: v, arenas: 2 });
    expect(arenas(m)).toHaveLength(2);
    expect(hints(m)).toEqual([v + 128 * MiB, `${v} down`]);
  });

  test("a heap that gets nothing returns no span; a program without memory ends with Go's words; both can be read", () => {
    const refused = boot();
    refuseAll(refused, true);
    expect(mheapAlloc(refused, 1, 0)).toBe(0);
    const small = boot({}, 64 * MiB);
    mallocgc(small, 64 * MiB, 0, true);
    expect(mheapAlloc(small, 1, 1)).toBe(0);
    for (const size of [8, 40_000, 2 ** 20]) {
      const died = () => mallocgc(small, size, 0, true);
      expect(died).toThrow(expect.objectContaining({ name: "Fatal", message: "out of memory" }));
      expect(died).toThrow(expect.objectContaining({ cause: expect.stringContaining("raise windowBytes") }));
    }
    checkInvariants(small);
    expect(readmemstats(small).HeapSys).toBe(64 * MiB);
    expect(takeSnapshot(small).spans).toHaveLength(1);
  });
});

describe("a drawn base", () => {
  const seeded = (top: number, chunk: number, page: number): HeapOptions => ({
    base: "random",
    seedHi: ((top << 12) | (chunk << 8) | (page >> 1)) >>> 0,
    seedLo: ((page & 1) << 31) >>> 0,
  });

  test.each([
    [0x12345, 0, 0],
    [0x12345, 9, 7],
    [0x84cde, 15, 511],
    [0x0ffff, 3, 256],
  ])("[A008] arena %i, chunk %i, page %i come from 20, 4 and 9 bits of the seed", (top, chunk, page) => {
    const m = boot(seeded(top, chunk, page));
    expect(m.heapBase).toBe(top * 64 * MiB);
    const s = mheapAlloc(m, 1, 0);
    const start = top * 64 * MiB + chunk * 4 * MiB;
    expect(m.heapBase + mspan.startAddr(m, s)).toBe(start + page * 8192);
    expect(firstChunk(m)).toBe(start);
    const [bits] = chunkBits(m);
    expect(bits.slice(0, page)).toBe("b".repeat(page)); // taken and scavenged
    expect(bits.slice(page)).toBe(`a${"s".repeat(511 - page)}`);
    expect(globals.heapRandSeedBitsRemaining(m)).toBe(64 - 20 - 4 - 22);

    // A later growth draws nothing and pads nothing.
    const large = mheapAlloc(m, 1024, 1);
    expect(globals.heapRandSeedBitsRemaining(m)).toBe(18);
    expect(mspan.startAddr(m, large) % (4 * MiB)).toBe(((page + 1) % 512) * 8192);
    for (const [k, text] of chunkBits(m).entries()) expect(text.includes("b")).toBe(k === 0 && page > 0);
  });

  test("law: the same seed gives the same bytes, another seed another heap", () => {
    const address = (options: HeapOptions) => {
      const m = boot(options, 64 * MiB);
      return m.heapBase + mspan.startAddr(m, mheapAlloc(m, 1, 0));
    };
    const one = seeded(0x54321, 4, 33);
    expect(address(one)).toBe(address(one));
    expect(address({ ...one, seedHi: (one.seedHi ?? 0) ^ 0x1000 })).not.toBe(address(one));
  });

  test("a first span too large for what lies behind the drawn page makes the heap grow again", () => {
    const m = boot(seeded(0x12345, 15, 511));
    const s = mheapAlloc(m, 700, 1);
    expect(mspan.npages(m, s)).toBe(700);
    expect(mspan.startAddr(m, s)).toBe(15 * 4 * MiB + 511 * 8192);
  });
});

/** What the statistics say that was taken from the operating system, and what of it is ready. */
function counted(m: Memory) {
  const c = globals.gcController(m);
  const st = globals.memstats(m);
  const hs = memstats.heapStats(st);
  let manual = 0;
  for (let i = 0; i < 3; i++) {
    const d = memstats.stats(hs, i);
    manual += memstats.inStacks(m, d) + memstats.inWorkBufs(m, d);
  }
  const heap = gcController.heapInUse(m, c) + gcController.heapFree(m, c) + gcController.heapReleased(m, c) + manual;
  const own = [
    memstats.stacks_sys,
    memstats.mspan_sys,
    memstats.mcache_sys,
    memstats.buckhash_sys,
    memstats.gcMiscSys,
    memstats.other_sys,
  ];
  return {
    heap,
    released: gcController.heapReleased(m, c),
    free: gcController.heapFree(m, c),
    ready: gcController.mappedReady(m, c),
    sys: heap + own.reduce((sum, get) => sum + get(m, st), 0),
  };
}

describe("what is counted", () => {
  test("[A009] law: what is ready is what was taken less what was released, after any script", () => {
    const op = fc.record({
      kind: fc.nat(4),
      n: fc.oneof(fc.integer({ min: 1, max: 15 }), fc.integer({ min: 16, max: 900 })),
      pick: fc.nat(1e6),
    });
    fc.assert(
      fc.property(fc.array(op, { minLength: 20, maxLength: 60 }), (ops) => {
        const m = boot();
        const spans: { s: number; manual: boolean }[] = [];
        for (const { kind, n, pick } of ops) {
          if (kind < 2 && spans.length > 0) {
            const [{ s, manual }] = spans.splice(pick % spans.length, 1);
            if (manual) freeManual(m, s, spanAllocStack);
            else freeSpan(m, s);
          } else if (kind === 4) {
            spans.push({ s: allocManual(m, n, spanAllocStack) as number, manual: true });
          } else {
            spans.push({ s: mheapAlloc(m, n, 1) as number, manual: false });
          }
          const c = counted(m);
          expect(c.ready).toBe(c.sys - c.released);
          expect(c.heap % (4 * MiB)).toBe(0);
        }
      }),
      { numRuns: 15 },
    );
  });

  test("growing releases, taking makes ready, freeing neither", () => {
    const m = boot();
    const start = counted(m);
    const s = mheapAlloc(m, 1, 1);
    const one = counted(m);
    expect([one.released - start.released, one.free]).toEqual([4 * MiB - 8192, 0]);
    // Besides the page: a chunk of mspans (from the P's persistent chunk), bitmaps, summaries, the arena's record.
    const own = one.sys - one.heap - (start.sys - start.heap);
    expect(one.ready - start.ready).toBe(8192 + own);
    freeSpan(m, s);
    const freed = counted(m);
    expect([freed.released, freed.ready, freed.free]).toEqual([one.released, one.ready, 8192]);
  });

  test("bytes go through the four states; released ones come back as zeroes, unless the kernel is in no hurry", () => {
    for (const madvdontneed of [true, false]) {
      const m = boot({ madvdontneed });
      const { address } = reserve(m, 1);
      const off = address - m.heapBase;
      const stat = gcController.heapReleasedAt(globals.gcController(m));
      expect(osState(m, off)).toBe(OS_RESERVED);
      sysMap(m, off, 4 * MiB, stat);
      expect(osState(m, off + 5)).toBe(OS_PREPARED);
      expect(() => sysMap(m, off, 8192, stat)).toThrow("runtime: cannot map pages in arena address space");
      sysUsed(m, off, 8192, 8192);
      expect(osState(m, off + 8191)).toBe(OS_READY);
      const before = osFigures(m);
      m.u8.fill(7, off, off + 8192);
      expect(osFigures(m).resident - before.resident).toBe(8192);
      expect(() => sysUnused(m, off + 1, 4096)).toThrow("unaligned sysUnused");
      sysUsed(m, off, 0, 4096); // undo what the failed call counted
      sysUnused(m, off, 4096);
      expect(osState(m, off)).toBe(OS_PREPARED);
      expect([m.u8[off], m.u8[off + 4096]]).toEqual([madvdontneed ? 0 : 7, 7]);
      expect(osFigures(m)).toMatchObject({ virtual: before.virtual, committed: before.committed });
    }
  });

  test("address space is virtual before it is committed: 128 KiB of summaries' entries cost 600 MiB of addresses, 512 more are the scavenge index's", () => {
    const m = boot();
    const { virtual, committed, resident } = osFigures(m);
    // Levels of 16384 << 3l entries of 8 bytes, as many in the index as there are chunks, the first persistent chunk.
    expect(virtual).toBe(8 * 16384 * (1 + 8 + 64 + 512 + 4096) + 8 * 2 ** 26 + 256 * 1024);
    expect(committed).toBe(256 * 1024);
    expect(resident).toBeLessThan(64 * 1024);
  });
});
