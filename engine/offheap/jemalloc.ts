/**
 * malloc, calloc, realloc and free in jemalloc's manner, over the simulated operating system.
 *
 *   request ─ round up to a class ─┬─ up to 32 KiB: the thread's cache ── bin ── slab ─┐
 *                                  └─ above: ──────────────────────────────────────────┴─ page runs ── system
 *
 * jemalloc.ts  the program's calls          tcache.ts  stacks of freed regions     bins.ts   slabs with bitmaps
 * extents.ts   page runs: split and join    decay.ts   pages go back with time     check.ts  what must always hold
 *
 * A request of 8 MiB or more has an arena of its own (shards.ts).
 *
 * Every region has a record of the detector: who asked, how much, whether it lives, and the serial number of the
 * allocation. A free of what does not live is refused. Freed bytes are filled with 0x5a, and when a region is given out
 * again every byte of it must still be 0x5a: else somebody wrote through an old pointer.
 *
 * All state is bytes of the memory, so a copy of the buffer is a copy of the allocator. Locks are taken where jemalloc
 * takes them, so that they can be counted; the allocator itself runs on one thread.
 *
 * Not here: alignments above the class's own, sampling, huge pages, and the extra page by which jemalloc shifts large
 * blocks against each other.
 */
import { addressOf, formatAddress } from "../memory/address.ts";
import { lock, unlock } from "../memory/atomics.ts";
import { type Memory, NIL } from "../memory/memory.ts";
import { osAlloc, osFree } from "../memory/os.ts";
import { baseAlloc, baseCreate, baseDestroy, reserveExtents } from "./base.ts";
import { binTake, regionOf } from "./bins.ts";
import { decayAtOnce, purgeTo } from "./decay.ts";
import { noRecords, offheapError } from "./errors.ts";
import { extentAlloc, extentAt, extentEnd, extentExpand, extentShrink, oversizeBytes, unmapExtent } from "./extents.ts";
import { firstUnpoisoned, pageBytes, poison } from "./pages.ts";
import * as extent from "./records/extent.ts";
import * as pool from "./records/pool.ts";
import * as region from "./records/region.ts";
import * as shard from "./records/shard.ts";
import type { Site } from "./records/site.ts";
import * as tcache from "./records/tcache.ts";
import { oversizeShard, shardAt, shardCount, shardInit } from "./shards.ts";
import { siteAdd, siteDrop, siteName } from "./sites.ts";
import { classBytes, classOf, numSmall } from "./sizeclasses.ts";
import {
  giveBack,
  isCached,
  largePages,
  tcacheFill,
  tcacheFlushAll,
  tcacheFreed,
  tcacheGiven,
  tcacheInit,
  tcachePop,
  tcachePush,
} from "./tcache.ts";

/** How a pool is made; times in nanoseconds, 0 at once, -1 never. */
export interface PoolOptions {
  readonly shards: number;
  readonly threads: number;
  readonly hasTcache: boolean;
  readonly dirtyDecay: number;
  readonly muzzyDecay: number;
  readonly retain: boolean;
  readonly poisons: boolean;
}

/** An allocator without a block. @throws {CellError} `offheap/out-of-memory` */
export function poolCreate(m: Memory, options: PoolOptions): pool.Pool {
  const map = osAlloc(m, mapBytes(m));
  const p = map === 0 ? 0 : baseCreate(m);
  if (p === 0 || !initPool(m, p, map, options)) {
    if (p !== 0) baseDestroy(m, p);
    if (map !== 0) osFree(m, map, mapBytes(m));
    throw noRecords();
  }
  return p;
}

/** One word for each page of the window. */
function mapBytes(m: Memory): number {
  return (m.windowBytes / pageBytes) * 4;
}

function initPool(m: Memory, p: pool.Pool, map: number, options: PoolOptions): boolean {
  pool.setRetain(m, p, options.retain ? 1 : 0);
  pool.setPoisons(m, p, options.poisons ? 1 : 0);
  pool.setPageMap(m, p, map);
  pool.setMetadata(m, p, pool.metadata(m, p) + mapBytes(m));
  const shards = baseAlloc(m, p, options.shards * shard.layout.size, false);
  const tcaches = baseAlloc(m, p, options.threads * tcache.layout.size, false);
  if (shards === 0 || tcaches === 0) return false;
  pool.setShards(m, p, options.shards);
  pool.setShard0(m, p, shards);
  for (let i = 0; i < options.shards; i++) {
    shardInit(m, shardAt(m, p, i), i, options.dirtyDecay, options.muzzyDecay, 0);
  }
  pool.setThreads(m, p, options.threads);
  pool.setTcache0(m, p, tcaches);
  for (let i = 0; i < options.threads; i++) {
    if (!tcacheInit(m, p, tcacheAt(m, p, i), shardAt(m, p, i % options.shards), options.hasTcache)) return false;
  }
  return true;
}

/** The cache of thread number i. */
export function tcacheAt(m: Memory, p: pool.Pool, i: number): tcache.Tcache {
  return pool.tcache0(m, p) + i * tcache.layout.size;
}

/** The detector's record of the block at `off`, in an extent in use; 0 when no block begins there. */
export function regionAt(m: Memory, e: extent.Extent, off: number): region.Region {
  const d = off - extent.base(m, e);
  if (extent.state(m, e) === extent.LARGE) return d === 0 ? extent.large(e) : 0;
  if (extent.state(m, e) !== extent.SLAB) return 0;
  const size = classBytes(extent.szind(m, e));
  return d % size === 0 ? regionOf(m, e, d / size) : 0;
}

/**
 * A block of at least `size` bytes.
 *
 * @param t    the calling thread's cache
 * @param size 0 to `maxSize`; 0 counts as 1
 * @param isZero calloc: the bytes are cleared; else they are whatever lies there
 * @returns its offset; NIL when there is no more memory
 * @throws {CellError} `offheap/written-after-free`
 */
export function poolMalloc(
  m: Memory,
  p: pool.Pool,
  t: tcache.Tcache,
  size: number,
  site: Site,
  isZero: boolean,
): number {
  const szind = classOf(size);
  const off = szind < numSmall ? takeSmall(m, p, t, szind) : takeLarge(m, p, t, szind, size);
  if (off === NIL) return NIL;
  const e = extentAt(m, p, off);
  const r = regionAt(m, e, off);
  const isFresh = region.serial(m, r) === 0;
  if (!isFresh) checkPoison(m, p, t, e, r, off);
  admit(m, p, r, size, szind, site);
  if (isZero && !(isFresh && extent.isZeroed(m, e) !== 0)) m.u8.fill(0, off, off + size);
  pool.setNmalloc(m, p, pool.nmalloc(m, p) + 1);
  tcacheGiven(m, p, t, szind);
  return off;
}

function takeSmall(m: Memory, p: pool.Pool, t: tcache.Tcache, szind: number): number {
  const b = tcache.tbin(t, szind);
  if (tcache.isOff(m, t) !== 0) {
    const slot = tcache.slots(m, b);
    return binTake(m, p, tcache.shard(m, t), szind, 1, slot) === 0 ? NIL : m.u32[slot >> 2];
  }
  if (tcachePop(m, t, szind)) tcache.setHits(m, b, tcache.hits(m, b) + 1);
  else if (!tcacheFill(m, p, t, szind) || !tcachePop(m, t, szind)) return NIL;
  return m.ret[0];
}

function takeLarge(m: Memory, p: pool.Pool, t: tcache.Tcache, szind: number, size: number): number {
  if (isCached(m, t, szind) && tcachePop(m, t, szind)) {
    const b = tcache.tbin(t, szind);
    tcache.setHits(m, b, tcache.hits(m, b) + 1);
    return m.ret[0];
  }
  if (!reserveExtents(m, p, 2)) return NIL;
  const sh = size < oversizeBytes ? tcache.shard(m, t) : oversizeShard(m, p);
  if (sh === 0) return NIL;
  lock(m, shard.lockOf(sh));
  const e = extentAlloc(m, p, sh, largePages(szind), extent.LARGE);
  unlock(m, shard.lockOf(sh));
  if (e === 0) return NIL;
  extent.setSzind(m, e, szind);
  m.u8.fill(0, extent.large(e), extent.large(e) + region.layout.size);
  return extent.base(m, e);
}

/** Every byte of a region that was freed must still be poison when it is given out again. */
function checkPoison(m: Memory, p: pool.Pool, t: tcache.Tcache, e: extent.Extent, r: region.Region, off: number): void {
  if (pool.poisons(m, p) === 0) return;
  const size = classBytes(extent.szind(m, e));
  const at = firstUnpoisoned(m, off, size);
  if (at === NIL) return;
  poison(m, off, size); // whoever asks next gets it
  if (isCached(m, t, extent.szind(m, e))) {
    region.setState(m, r, region.CACHED);
    tcachePush(m, p, t, extent.szind(m, e), off);
  } else giveBack(m, p, off);
  const address = formatAddress(addressOf(m, off));
  throw offheapError(
    "offheap/written-after-free",
    `the free block at ${address} was written to, first at byte ${at - off}: it was allocated at ` +
      `${quoted(m, region.site(m, r))} and freed at ${quoted(m, region.freedAt(m, r))}, and somebody kept the pointer`,
    {
      address,
      offset: at - off,
      site: nameOf(m, region.site(m, r)),
      freedAt: nameOf(m, region.freedAt(m, r)),
    },
  );
}

function nameOf(m: Memory, s: Site): string {
  return s === 0 ? "" : siteName(m, s);
}

function quoted(m: Memory, s: Site): string {
  const name = nameOf(m, s);
  return name === "" ? "an unnamed place" : `"${name}"`;
}

/** The block is the program's from now on. */
function admit(m: Memory, p: pool.Pool, r: region.Region, size: number, szind: number, site: Site): void {
  const serial = pool.serial(m, p) + 1;
  pool.setSerial(m, p, serial);
  region.setSerial(m, r, serial);
  region.setRequested(m, r, size);
  region.setSite(m, r, site as number);
  region.setFreedAt(m, r, 0);
  region.setState(m, r, region.LIVE);
  siteAdd(m, site, size);
  pool.setLiveCount(m, p, pool.liveCount(m, p) + 1);
  pool.setRequested(m, p, pool.requested(m, p) + size);
  pool.setAllocated(m, p, pool.allocated(m, p) + classBytes(szind));
}

/** The block is no longer the program's. */
function dismiss(m: Memory, p: pool.Pool, r: region.Region, szind: number, freedAt: Site): void {
  siteDrop(m, region.site(m, r), region.requested(m, r));
  pool.setLiveCount(m, p, pool.liveCount(m, p) - 1);
  pool.setRequested(m, p, pool.requested(m, p) - region.requested(m, r));
  pool.setAllocated(m, p, pool.allocated(m, p) - classBytes(szind));
  region.setFreedAt(m, r, freedAt as number);
  region.setState(m, r, region.CACHED);
}

/**
 * The region of a block that lives.
 *
 * @param off    what the program says is a block's first byte
 * @param serial the allocation that it means; 0: any
 * @throws {CellError} `offheap/not-allocated`, `offheap/double-free`, `offheap/freed`
 */
export function liveRegion(m: Memory, p: pool.Pool, off: number, serial: number, isFree: boolean): region.Region {
  const e = off >= 0 && off < m.windowBytes ? extentAt(m, p, off) : 0;
  const r = e === 0 ? 0 : regionAt(m, e, off);
  if (r !== 0 && region.state(m, r) === region.LIVE && (serial === 0 || region.serial(m, r) === serial)) return r;
  throw notLive(m, e, r, off, serial, isFree);
}

/** Why there is no block at `off`. */
function notLive(m: Memory, e: extent.Extent, r: region.Region, off: number, serial: number, isFree: boolean): Error {
  const address = formatAddress(addressOf(m, off));
  if (e === 0 && serial === 0) {
    return offheapError(
      "offheap/not-allocated",
      `${address} is not from this allocator: give back only what its malloc returned`,
      { address },
    );
  }
  const state = e === 0 ? extent.UNUSED : extent.state(m, e);
  if (r === 0 && (state === extent.SLAB || state === extent.LARGE) && serial === 0) {
    const d = off - extent.base(m, e);
    const inside = state === extent.LARGE ? d : d % classBytes(extent.szind(m, e));
    return offheapError(
      "offheap/not-allocated",
      `${address} lies inside a block, ${inside} bytes behind its start: give the address that malloc returned`,
      { address, offset: inside },
    );
  }
  if (serial === 0 && (state === extent.RETAINED || (r !== 0 && region.serial(m, r) === 0))) {
    return offheapError("offheap/not-allocated", `no block begins at ${address}: malloc never returned it`, {
      address,
    });
  }
  return freedError(m, r, address, serial, isFree);
}

/** What to say to one who uses a block that was freed. */
function freedError(m: Memory, r: region.Region, address: string, serial: number, isFree: boolean): Error {
  const isSame = r !== 0 && (serial === 0 || region.serial(m, r) === serial);
  const where = isSame
    ? `: allocated at ${quoted(m, region.site(m, r))}, freed at ${quoted(m, region.freedAt(m, r))}`
    : r !== 0 && region.state(m, r) === region.LIVE
      ? ", and its memory belongs to another block by now"
      : ", and its pages were given back";
  const args = {
    address,
    site: isSame ? nameOf(m, region.site(m, r)) : "",
    freedAt: isSame ? nameOf(m, region.freedAt(m, r)) : "",
  };
  return isFree
    ? offheapError("offheap/double-free", `the block at ${address} was freed already${where}`, args)
    : offheapError("offheap/freed", `the block at ${address} was freed${where}`, args);
}

/**
 * Frees a block.
 *
 * @param serial the allocation that is meant; 0: whichever lives there
 * @throws {CellError} `offheap/double-free`, `offheap/not-allocated`
 */
export function poolFree(m: Memory, p: pool.Pool, t: tcache.Tcache, off: number, serial: number, site: Site): void {
  const r = liveRegion(m, p, off, serial, true);
  const e = extentAt(m, p, off);
  const szind = extent.szind(m, e);
  dismiss(m, p, r, szind, site);
  if (pool.poisons(m, p) !== 0) poison(m, off, classBytes(szind));
  pool.setNdalloc(m, p, pool.ndalloc(m, p) + 1);
  if (isCached(m, t, szind)) tcachePush(m, p, t, szind, off);
  else giveBack(m, p, off);
  tcacheFreed(m, p, t, szind);
}

/**
 * Makes a block larger or smaller: in place where the class stays or the pages behind it are free, else by moving it.
 *
 * @returns the offset of the new block; NIL when the operating system has no more, and then the old one still lives
 * @throws {CellError} as `poolFree` and `poolMalloc`
 */
export function poolRealloc(
  m: Memory,
  p: pool.Pool,
  t: tcache.Tcache,
  off: number,
  serial: number,
  size: number,
  site: Site,
): number {
  const r = liveRegion(m, p, off, serial, true);
  const e = extentAt(m, p, off);
  const old = extent.szind(m, e);
  const szind = classOf(size);
  if (szind === old || resizeInPlace(m, p, e, old, szind)) {
    dismiss(m, p, r, old, site);
    admit(m, p, r, size, szind, site);
    tcacheGiven(m, p, t, szind);
    tcacheFreed(m, p, t, old);
    return off;
  }
  const keep = Math.min(region.requested(m, r), size);
  const to = poolMalloc(m, p, t, size, site, false);
  if (to === NIL) return NIL;
  m.u8.copyWithin(to, off, off + keep);
  poolFree(m, p, t, off, serial, site);
  return to;
}

function resizeInPlace(m: Memory, p: pool.Pool, e: extent.Extent, from: number, to: number): boolean {
  if (extent.state(m, e) !== extent.LARGE || to < numSmall || !reserveExtents(m, p, 2)) return false;
  const sh = extent.shard(m, e);
  lock(m, shard.lockOf(sh));
  let isDone = true;
  if (to > from) isDone = extentExpand(m, p, e, largePages(to));
  else {
    if (pool.poisons(m, p) !== 0) poison(m, extent.base(m, e) + classBytes(to), classBytes(from) - classBytes(to));
    extentShrink(m, p, e, largePages(to));
    decayAtOnce(m, p, sh);
  }
  unlock(m, shard.lockOf(sh));
  if (isDone) extent.setSzind(m, e, to);
  return isDone;
}

/** Flushes every cache, and gives all free pages back at once. jemalloc: thread.tcache.flush, arena.<i>.purge. */
export function poolPurge(m: Memory, p: pool.Pool): void {
  for (let i = 0; i < pool.threads(m, p); i++) tcacheFlushAll(m, p, tcacheAt(m, p, i));
  for (let i = 0; i < shardCount(m, p); i++) {
    const sh = shardAt(m, p, i);
    lock(m, shard.lockOf(sh));
    purgeTo(m, p, sh, 0, 0, false);
    purgeTo(m, p, sh, 1, 0);
    unlock(m, shard.lockOf(sh));
  }
}

/** Gives everything back: blocks that live, pages, records. The pool is gone. */
export function poolDestroy(m: Memory, p: pool.Pool): void {
  for (let off = 0; off < m.windowBytes; ) {
    const e = extentAt(m, p, off);
    if (e === 0) {
      off += pageBytes;
      continue;
    }
    off = extentEnd(m, e);
    unmapExtent(m, p, e);
  }
  const map = pool.pageMap(m, p);
  baseDestroy(m, p);
  osFree(m, map, mapBytes(m));
}
