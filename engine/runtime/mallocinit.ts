/**
 * The heap's beginning: its records, where in the address space it may lie, and the arenas it reserves there.
 *
 * A hint is an address to try next. 64 of them are made at the start, one in each of 64 regions; the first that the
 * operating system grants is moved on to its end, so that the next arena continues the last. Hints that fail are
 * dropped. If none is left, any place will do, and its two ends become hints.
 *
 * Where hint 0 lies is fixed (0xc000000000), or drawn, as programs built with Go 1.26 do: 20 random bits choose the
 * arena, 4 more the chunk in it where the heap begins, and 9 more the page in the chunk (mheap.ts, grow).
 *
 * Go 1.26: runtime/malloc.go (mallocinit, mheap.sysAlloc, nextHeapRandBits), runtime/mheap.go (mheap.init).
 * Differs: the seed is an option, not the machine's. Differs: addresses below 4 GiB count as taken. Differs: the map of
 * arenas has bytes only for the window's. Differs: the checks of the machine's page sizes are left out, as those are
 * constants here.
 */
import {
  MinSizeForMallocHeader,
  SizeClassToNPages,
  SizeClassToSize,
  TinySize,
  TinySizeClass,
} from "../gc/sizeclasses.ts";
import { store32 } from "../memory/atomics.ts";
import { throwFatal } from "../memory/fatal.ts";
import { store64 } from "../memory/layout.ts";
import { FIXED_HEAP_BASE, type Memory } from "../memory/memory.ts";
import { osInit, osReserveMeta, osUnmap } from "../memory/os.ts";
import * as arenahint from "../records/arenahint.ts";
import * as globals from "../records/globals.ts";
import * as heaparena from "../records/heaparena.ts";
import * as mcache from "../records/mcache.ts";
import * as stats from "../records/memstats.ts";
import * as mfixalloc from "../records/mfixalloc.ts";
import type { MHeap } from "../records/mheap.ts";
import * as mheap from "../records/mheap.ts";
import * as mspan from "../records/mspan.ts";
import { alignUp, arenaIndexOf, arenaL2Bits, heapArenaBytes, maxOffAddr, physPageSize } from "../records/sizes.ts";
import { allocmcache } from "./mcache.ts";
import { mcentralInit } from "./mcentral.ts";
import { sysReserve, sysReserveAligned } from "./mem.ts";
import { fixallocAlloc, fixallocFree, fixallocInit } from "./mfixalloc.ts";
import { arenaAt } from "./mheap.ts";
import { specialsInit } from "./mheap_specials.ts";
import { chunkIndex, pageAllocInit } from "./mpagealloc.ts";
import { persistentalloc } from "./persistentalloc.ts";

/** How a process is made. */
export interface HeapOptions {
  /** Number of Ps. Go: GOMAXPROCS. Default 1. */
  readonly procs?: number;
  /** Where the heap lies: "fixed" (default) at 0xc000000000; "random" as drawn from the seed. */
  readonly base?: "fixed" | "random";
  /** The 64 random bits, as two halves. Default 0. */
  readonly seedHi?: number;
  readonly seedLo?: number;
  /** false: as Go built with nogreenteagc. Default true. */
  readonly greentea?: boolean;
  /** false: memory given back to the operating system may keep its bytes. Go: GODEBUG=madvdontneed=0. Default true. */
  readonly madvdontneed?: boolean;
  /** false: a collection passes over pointers to where no object can lie. Go: GODEBUG=invalidptr=0. Default true. */
  readonly invalidptr?: boolean;
  /** Bytes that the runtime shall keep its memory below; none by default. Go: GOMEMLIMIT. */
  readonly memoryLimit?: number;
}

const hintCount = 0x80;
const heapHints = 0x40;
/** Bits of an address that randomization reaches, and what it draws of them in mallocinit. */
const randHeapAddrBits = 46;
const randTopBits = 20;

/**
 * Go's address of hint `i`.
 *
 * @param top the 20 random bits; undefined for the fixed base
 */
export function hintAddr(i: number, top: number | undefined): number {
  if (top === undefined) return i * 2 ** 40 + FIXED_HEAP_BASE;
  // The drawn address is top << 26: its bits 38..45 are a prefix that is counted up, modulo 2^8, from hint to hint.
  // Bits 38 and 39 of the drawn address stay where they are and are or-ed into every prefix, so hints may coincide.
  const prefix = ((top >>> (randTopBits - 8)) + i) & 0xff;
  const kept = (top >>> 12) & 3;
  return (prefix | kept) * 2 ** (randHeapAddrBits - 8) + (top & 0xfff) * heapArenaBytes;
}

/** The address to give a `Memory` as heapBase, so that the first hint of a process with these options lies in it. */
export function heapBaseFor(options: HeapOptions): number {
  if (options.base !== "random") return hintAddr(0, undefined);
  const top = (options.seedHi ?? 0) >>> (32 - randTopBits);
  for (let i = 0; i < heapHints; i++) if (hintAddr(i, top) >= 2 ** 32) return hintAddr(i, top);
  throw new RangeError("no hint lies above 4 GiB"); // cannot be: the prefix is counted up
}

/** The next `bits` bits of the seed, highest first. @param bits 1..31 */
export function nextHeapRandBits(m: Memory, bits: number): number {
  const left = globals.heapRandSeedBitsRemaining(m);
  if (bits > left) throwFatal("not enough heapRandSeed bits remaining");
  const hi = globals.heapRandSeedHi(m);
  const lo = globals.heapRandSeedLo(m);
  globals.setHeapRandSeed(m, lo << bits, (hi << bits) | (lo >>> (32 - bits)));
  globals.setHeapRandSeedBitsRemaining(m, left - bits);
  return hi >>> (32 - bits);
}

/** Makes an empty heap in a fresh buffer. There is no P yet: see schedinit. */
export function mallocinit(m: Memory, options: HeapOptions = {}): void {
  checkSizeClasses();
  osInit(m);
  globals.setGreentea(m, options.greentea ?? true);
  globals.setMadvdontneed(m, options.madvdontneed === false ? 0 : 1);
  globals.setInvalidptr(m, options.invalidptr !== false);
  globals.setRandomizeHeapBase(m, options.base === "random");
  mheapInit(m);
  globals.setMcache0(m, allocmcache(m));

  let top: number | undefined;
  if (options.base === "random") {
    globals.setHeapRandSeed(m, options.seedLo ?? 0, options.seedHi ?? 0);
    globals.setHeapRandSeedBitsRemaining(m, 64);
    top = nextHeapRandBits(m, randTopBits);
  }
  makeHints(m, globals.mheap_(m), top);
}

function checkSizeClasses(): void {
  if (SizeClassToSize[TinySizeClass] !== TinySize) throwFatal("bad TinySizeClass");
  let i = 0;
  while (i < SizeClassToSize.length && SizeClassToSize[i] !== MinSizeForMallocHeader) {
    if (SizeClassToNPages[i++] > 1) {
      throwFatal("expected all size classes up to min size for malloc header to fit in one-page spans");
    }
  }
  if (i === SizeClassToSize.length) throwFatal("min size of malloc header is not a size class boundary");
}

/** Pushes all hints, the last first, so that hint 0 is the head of the list. The upper half is for user arenas. */
function makeHints(m: Memory, h: MHeap, top: number | undefined): void {
  for (let i = hintCount - 1; i >= 0; i--) {
    const hint = fixallocAlloc(m, mheap.arenaHintAlloc(h));
    arenahint.setAddr(m, hint, hintAddr(i, top));
    if (i < heapHints) {
      arenahint.setNext(m, hint, mheap.arenaHints(m, h));
      mheap.setArenaHints(m, h, hint);
    } else {
      arenahint.setNext(m, hint, mheap.userArenaHints(m, h));
      mheap.setUserArenaHints(m, h, hint);
    }
  }
}

/** Go: mheap.init. */
export function mheapInit(m: Memory): void {
  const h = globals.mheap_(m);
  const st = globals.memstats(m);
  fixallocInit(m, mheap.spanalloc(h), mspan.layout.size, mfixalloc.firstRecordspan, h, stats.mspan_sysAt(st));
  fixallocInit(m, mheap.cachealloc(h), mcache.layout.size, 0, 0, stats.mcache_sysAt(st));
  fixallocInit(m, mheap.arenaHintAlloc(h), arenahint.layout.size, 0, 0, stats.other_sysAt(st));
  specialsInit(m);
  mfixalloc.setZero(m, mheap.spanalloc(h), 0); // a sweeper may hold a pointer to a record: sweepgen must survive
  for (let spc = 0; spc < mcache.numSpanClasses; spc++) mcentralInit(m, mheap.central(h, spc), spc);

  const lo = arenaIndexOf(m.heapBase);
  mheap.setArenasLo(m, h, lo);
  mheap.setArenasHi(m, h, lo + m.windowBytes / heapArenaBytes);
  const chunk = chunkIndex(m.heapBase);
  const pages = mheap.pages(h);
  pageAllocInit(m, pages, mheap.lock(h), stats.gcMiscSysAt(st), false, chunk, chunkIndex(m.heapBase + m.windowBytes));
}

/**
 * Reserves arenas for at least `size` bytes and makes their records. The caller has the heap lock. Go: mheap.sysAlloc.
 *
 * @returns Go's address, a multiple of 64 MiB; 0 when there is none; ret[0] = number of arenas
 */
export function heapSysAlloc(m: Memory, h: MHeap, size: number): number {
  let n = alignUp(size, heapArenaBytes);
  let v = reserveAtHint(m, h, n);
  if (v === 0) {
    v = sysReserveAligned(m, n, heapArenaBytes);
    if (v === 0) return 0;
    n = m.ret[0] * heapArenaBytes;
    pushHint(m, h, v, 1);
    pushHint(m, h, v + n, 0);
  }
  if (v + n - 1 > maxOffAddr) throwFatal("memory reservation exceeds address space limit");
  if (v % heapArenaBytes !== 0) throwFatal("misrounded allocation in sysAlloc");

  const first = arenaIndexOf(v);
  for (let ai = first; ai < first + n / heapArenaBytes; ai++) makeArena(m, h, ai);
  m.ret[0] = n / heapArenaBytes;
  return v;
}

/** Reserves at the first hint that the operating system grants; drops those that fail. @returns 0 when none is left */
function reserveAtHint(m: Memory, h: MHeap, n: number): number {
  let hint = mheap.arenaHints(m, h);
  while (hint !== 0) {
    const isDown = arenahint.down(m, hint) !== 0;
    const want = arenahint.addr(m, hint) - (isDown ? n : 0);
    const isUsable = want >= 0 && want + n - 1 <= maxOffAddr;
    const v = isUsable ? sysReserve(m, want, n) : 0;
    if (v !== 0 && v === want) {
      arenahint.setAddr(m, hint, isDown ? want : want + n);
      return v;
    }
    if (v !== 0) osUnmap(m, v, n);
    const next = arenahint.next(m, hint);
    mheap.setArenaHints(m, h, next);
    fixallocFree(m, mheap.arenaHintAlloc(h), hint as number);
    hint = next;
  }
  return 0;
}

function pushHint(m: Memory, h: MHeap, addr: number, down: number): void {
  const hint = fixallocAlloc(m, mheap.arenaHintAlloc(h));
  arenahint.setAddr(m, hint, addr);
  arenahint.setDown(m, hint, down);
  arenahint.setNext(m, hint, mheap.arenaHints(m, h));
  mheap.setArenaHints(m, h, hint);
}

/** Makes the record of arena number `ai` and enters it, in the map last: whoever finds it there finds it whole. */
function makeArena(m: Memory, h: MHeap, ai: number): void {
  if (mheap.arenas(m, h) === 0) makeArenaMap(m, h);
  if (arenaAt(m, ai) !== 0) throwFatal("arena already initialized");
  const gcMiscSys = stats.gcMiscSysAt(globals.memstats(m));
  const ha = persistentalloc(m, heaparena.layout.size, 8, gcMiscSys);
  if (ha === 0) throwFatal("out of memory allocating heap arena metadata");

  const len = mheap.heapArenasLen(m, h);
  if (len === mheap.heapArenasCap(m, h)) growHeapArenas(m, h, gcMiscSys);
  store64(m, (mheap.heapArenas(m, h) as number) + 8 * len, ai);
  mheap.setHeapArenasLen(m, h, len + 1);
  store32(m, (mheap.arenas(m, h) as number) + 8 * (ai - mheap.arenasLo(m, h)), ha);
}

/** The map from arena numbers to records. Counted in no statistic: most of it is never touched. */
function makeArenaMap(m: Memory, h: MHeap): void {
  const stored = 8 * (mheap.arenasHi(m, h) - mheap.arenasLo(m, h));
  const map = osReserveMeta(m, 8 * 2 ** arenaL2Bits, stored);
  if (map === 0) throwFatal("out of memory allocating heap arena map");
  mheap.setArenas(m, h, map);
}

/** Twice the room; the old array is never freed, as somebody may be reading it. */
function growHeapArenas(m: Memory, h: MHeap, stat: number): void {
  const old = mheap.heapArenas(m, h) as number;
  const bytes = mheap.heapArenasCap(m, h) === 0 ? physPageSize : 2 * 8 * mheap.heapArenasCap(m, h);
  const array = persistentalloc(m, bytes, 8, stat);
  if (array === 0) throwFatal("out of memory allocating allArenas");
  m.u8.copyWithin(array, old, old + 8 * mheap.heapArenasLen(m, h));
  mheap.setHeapArenas(m, h, array);
  mheap.setHeapArenasCap(m, h, bytes / 8);
}
