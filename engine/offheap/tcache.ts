/**
 * The thread cache: freed regions wait in a stack of their class, and the next request of the class takes the newest.
 *
 *   malloc   pop; from an empty stack first a fill: max >> fillDiv regions from the bin, under its lock
 *   free     push; onto a full stack first a flush: the older half goes back to where it came from, under one lock for
 *            each bin that it came from
 *   collect  for each 64 KiB given out, and for each freed, one class is looked at. Regions that lay below the low-water mark were not needed:
 *            three quarters of them are flushed, and fills become smaller; a stack that ran empty makes them larger.
 *
 * A stack takes twice the regions of a slab, but between 20 and 200; large classes take 20. So most calls take no lock.
 * jemalloc counts what is cached as allocated; here it is a figure of its own.
 */
import { lock, unlock } from "../memory/atomics.ts";
import type { Memory } from "../memory/memory.ts";
import { baseAlloc } from "./base.ts";
import { binGive, binGiveAll, binTake, regionOf } from "./bins.ts";
import { decayAtOnce } from "./decay.ts";
import { extentAt, extentFree } from "./extents.ts";
import { pageBytes } from "./pages.ts";
import * as extent from "./records/extent.ts";
import type { Pool } from "./records/pool.ts";
import * as region from "./records/region.ts";
import * as shard from "./records/shard.ts";
import * as tcache from "./records/tcache.ts";
import { classBytes, numSmall, smallClasses } from "./sizeclasses.ts";

/** Bytes given out, or freed, between two looks of the collector: 64 KiB. */
const collectBytes = 64 * 1024;

/** Entries of the stack of a class. */
export function stackMax(szind: number): number {
  return szind >= numSmall ? 20 : Math.min(Math.max(2 * smallClasses[szind].regions, 20), 200);
}

/** Prepares a cache. @returns false when there is no room for it */
export function tcacheInit(m: Memory, p: Pool, t: tcache.Tcache, sh: shard.Shard, isOn: boolean): boolean {
  tcache.setShard(m, t, sh);
  tcache.setIsOff(m, t, isOn ? 0 : 1);
  tcache.setUntilGiven(m, t, collectBytes);
  tcache.setUntilFreed(m, t, collectBytes);
  // Without a cache each small class still needs one word: where a region lies on its way to the program.
  for (let i = 0; i < tcache.numCached; i++) {
    const b = tcache.tbin(t, i);
    const max = isOn ? stackMax(i) : 1;
    tcache.setMax(m, b, max);
    tcache.setFillDiv(m, b, 1);
    const slots = baseAlloc(m, p, 4 * max, false);
    if (slots === 0) return false;
    tcache.setSlots(m, b, slots);
  }
  return true;
}

/** True when blocks of the class go through the cache. */
export function isCached(m: Memory, t: tcache.Tcache, szind: number): boolean {
  return szind < tcache.numCached && tcache.isOff(m, t) === 0;
}

/** Takes the newest entry of a class. @returns false when there is none; else ret[0] is its offset */
export function tcachePop(m: Memory, t: tcache.Tcache, szind: number): boolean {
  const b = tcache.tbin(t, szind);
  const n = tcache.count(m, b);
  if (n === 0) {
    tcache.setLowWater(m, b, -1);
    return false;
  }
  m.ret[0] = m.u32[(tcache.slots(m, b) >> 2) + n - 1];
  tcache.setCount(m, b, n - 1);
  if (n - 1 < tcache.lowWater(m, b)) tcache.setLowWater(m, b, n - 1);
  tcache.setBytes(m, t, tcache.bytes(m, t) - classBytes(szind));
  return true;
}

/** Fetches regions of a small class for an empty stack. @returns false when the operating system has no more */
export function tcacheFill(m: Memory, p: Pool, t: tcache.Tcache, szind: number): boolean {
  const b = tcache.tbin(t, szind);
  const want = Math.max(tcache.max(m, b) >> tcache.fillDiv(m, b), 1);
  const n = binTake(m, p, tcache.shard(m, t), szind, want, tcache.slots(m, b));
  const slots = tcache.slots(m, b) >> 2;
  for (let i = 0; i < n; i++) setCached(m, p, m.u32[slots + i]);
  tcache.setCount(m, b, n);
  tcache.setBytes(m, t, tcache.bytes(m, t) + n * classBytes(szind));
  const bin = shard.bin(tcache.shard(m, t), szind);
  shard.setFills(m, bin, shard.fills(m, bin) + 1);
  return n > 0;
}

function setCached(m: Memory, p: Pool, off: number): void {
  const e = extentAt(m, p, off);
  const i = (off - extent.base(m, e)) / classBytes(extent.szind(m, e));
  region.setState(m, regionOf(m, e, i), region.CACHED);
}

/** Keeps a freed block of a cached class. Its region says CACHED already. */
export function tcachePush(m: Memory, p: Pool, t: tcache.Tcache, szind: number, off: number): void {
  const b = tcache.tbin(t, szind);
  if (tcache.count(m, b) === tcache.max(m, b)) tcacheFlush(m, p, t, szind, tcache.max(m, b) >> 1);
  const n = tcache.count(m, b);
  m.u32[(tcache.slots(m, b) >> 2) + n] = off;
  tcache.setCount(m, b, n + 1);
  tcache.setBytes(m, t, tcache.bytes(m, t) + classBytes(szind));
}

/** Gives the oldest entries of a class back, until `keep` are left. */
export function tcacheFlush(m: Memory, p: Pool, t: tcache.Tcache, szind: number, keep: number): void {
  const b = tcache.tbin(t, szind);
  const slots = tcache.slots(m, b) >> 2;
  const out = tcache.count(m, b) - keep;
  if (out <= 0) return;
  if (szind < numSmall) binGiveAll(m, p, tcache.shard(m, t), szind, out, tcache.slots(m, b));
  else for (let i = 0; i < out; i++) giveBack(m, p, m.u32[slots + i]);
  m.u32.copyWithin(slots, slots + out, slots + out + keep);
  tcache.setCount(m, b, keep);
  if (keep < tcache.lowWater(m, b)) tcache.setLowWater(m, b, keep);
  tcache.setBytes(m, t, tcache.bytes(m, t) - out * classBytes(szind));
}

/** A freed block goes back to its slab, or its pages to the free runs. */
export function giveBack(m: Memory, p: Pool, off: number): void {
  const e = extentAt(m, p, off);
  if (extent.state(m, e) === extent.SLAB) {
    binGive(m, p, e, off);
    return;
  }
  const sh = extent.shard(m, e);
  lock(m, shard.lockOf(sh));
  extentFree(m, p, e);
  decayAtOnce(m, p, sh);
  unlock(m, shard.lockOf(sh));
}

/** Empties every stack. */
export function tcacheFlushAll(m: Memory, p: Pool, t: tcache.Tcache): void {
  for (let i = 0; i < tcache.numCached; i++) tcacheFlush(m, p, t, i, 0);
}

/** A block of a class was given out: after every 64 KiB the collector looks at the next class. */
export function tcacheGiven(m: Memory, p: Pool, t: tcache.Tcache, szind: number): void {
  const left = tcache.untilGiven(m, t) - classBytes(szind);
  tcache.setUntilGiven(m, t, left > 0 ? left : collectBytes);
  if (left <= 0) collect(m, p, t);
}

/** A block of a class was freed: as above. */
export function tcacheFreed(m: Memory, p: Pool, t: tcache.Tcache, szind: number): void {
  const left = tcache.untilFreed(m, t) - classBytes(szind);
  tcache.setUntilFreed(m, t, left > 0 ? left : collectBytes);
  if (left <= 0) collect(m, p, t);
}

function collect(m: Memory, p: Pool, t: tcache.Tcache): void {
  const szind = tcache.nextBin(m, t);
  tcache.setNextBin(m, t, (szind + 1) % tcache.numCached);
  const b = tcache.tbin(t, szind);
  const low = tcache.lowWater(m, b);
  const div = tcache.fillDiv(m, b);
  if (low > 0) {
    tcacheFlush(m, p, t, szind, tcache.count(m, b) - (low - (low >> 2)));
    if (tcache.max(m, b) >> (div + 1) >= 1) tcache.setFillDiv(m, b, div + 1);
  } else if (low < 0 && div > 1) {
    tcache.setFillDiv(m, b, div - 1);
  }
  tcache.setLowWater(m, b, tcache.count(m, b));
}

/** Pages of a block of a large class. */
export function largePages(szind: number): number {
  return classBytes(szind) / pageBytes;
}
