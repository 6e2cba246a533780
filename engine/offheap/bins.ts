/**
 * Slabs and bins: small blocks side by side in runs of pages.
 *
 * A slab holds regions of one size class, and a bitmap of those not given out. A bin has one current slab, from which
 * regions are taken from the lowest on, and a list of others with room. A full slab stands in no list; when a region
 * comes back to it, it joins the list, or becomes the current slab if it is to be used before that one: so the oldest
 * and lowest slabs fill up, and the others can run empty and go back as pages.
 *
 * Invariants: nfree of a slab equals the bits set; a slab is in the list exactly when it has room, is not empty and is
 * not the current one; curregs counts the regions out of all slabs of the bin.
 */
import { lock, unlock } from "../memory/atomics.ts";
import type { Memory } from "../memory/memory.ts";
import { freeRegions, newRegions, reserveExtents } from "./base.ts";
import { decayAtOnce } from "./decay.ts";
import { extentAlloc, extentAt, extentFree, isBefore, listInsert, listRemove } from "./extents.ts";
import * as extent from "./records/extent.ts";
import type { Pool } from "./records/pool.ts";
import * as region from "./records/region.ts";
import * as shard from "./records/shard.ts";
import { smallClasses } from "./sizeclasses.ts";

const slabPages = Int32Array.from(smallClasses, (c) => c.slabPages);
const slabRegions = Int32Array.from(smallClasses, (c) => c.regions);
const regionBytes = Int32Array.from(smallClasses, (c) => c.size);

/** The detector's record of region i of a slab. */
export function regionOf(m: Memory, e: extent.Extent, i: number): region.Region {
  return extent.regions(m, e) + i * region.layout.size;
}

/** A slab with every region in it, or 0. Nobody holds the bin's lock. */
function newSlab(m: Memory, p: Pool, sh: shard.Shard, szind: number): extent.Extent {
  if (!reserveExtents(m, p, 2)) return 0;
  const regions = newRegions(m, p, szind);
  if (regions === 0) return 0;
  lock(m, shard.lockOf(sh));
  const e = extentAlloc(m, p, sh, slabPages[szind], extent.SLAB);
  unlock(m, shard.lockOf(sh));
  if (e === 0) {
    freeRegions(m, p, szind, regions);
    return 0;
  }
  const n = slabRegions[szind];
  extent.setSzind(m, e, szind);
  extent.setNfree(m, e, n);
  extent.setRegions(m, e, regions);
  for (let w = 0; w < extent.bitmapWords; w++) {
    const left = n - 32 * w;
    extent.setBits(m, e, w, left >= 32 ? -1 : left <= 0 ? 0 : (1 << left) - 1);
  }
  return e;
}

/** Makes sure that the bin has a current slab with room. The bin is locked, but while a slab is made. */
function refillSlab(m: Memory, p: Pool, sh: shard.Shard, b: shard.Bin, szind: number): boolean {
  const cur = shard.slabcur(m, b);
  if (cur !== 0 && extent.nfree(m, cur) > 0) return true;
  let e = shard.nonfull(m, b);
  if (e !== 0) {
    shard.setNonfull(m, b, listRemove(m, e, e));
    shard.setReslabs(m, b, shard.reslabs(m, b) + 1);
  } else {
    shard.setSlabcur(m, b, 0);
    unlock(m, shard.binLock(b));
    e = newSlab(m, p, sh, szind);
    lock(m, shard.binLock(b));
    if (e === 0) return false;
    shard.setSlabs(m, b, shard.slabs(m, b) + 1);
  }
  shard.setSlabcur(m, b, e);
  return true;
}

/** The lowest region of a slab that has one. */
function takeRegion(m: Memory, e: extent.Extent): number {
  let w = 0;
  while (extent.bits(m, e, w) === 0) w++;
  const word = extent.bits(m, e, w);
  const bit = 31 - Math.clz32(word & -word);
  extent.setBits(m, e, w, word & ~(1 << bit));
  extent.setNfree(m, e, extent.nfree(m, e) - 1);
  return extent.base(m, e) + (32 * w + bit) * regionBytes[extent.szind(m, e)];
}

/**
 * Takes up to n regions of a class into the stack at `slots`, so that the first taken is on top.
 *
 * @returns how many there were; fewer than n only when there is no more memory
 */
export function binTake(m: Memory, p: Pool, sh: shard.Shard, szind: number, n: number, slots: number): number {
  const b = shard.bin(sh, szind);
  const top = (slots >> 2) + n - 1;
  let got = 0;
  lock(m, shard.binLock(b));
  while (got < n && refillSlab(m, p, sh, b, szind)) {
    const e = shard.slabcur(m, b);
    for (let left = Math.min(extent.nfree(m, e), n - got); left > 0; left--) m.u32[top - got++] = takeRegion(m, e);
  }
  shard.setCurregs(m, b, shard.curregs(m, b) + got);
  unlock(m, shard.binLock(b));
  if (got < n) m.u32.copyWithin(slots >> 2, top - got + 1, top + 1);
  return got;
}

/** Gives one region back to its slab. */
export function binGive(m: Memory, p: Pool, e: extent.Extent, off: number): void {
  const b = shard.bin(extent.shard(m, e), extent.szind(m, e));
  lock(m, shard.binLock(b));
  const isEmpty = putRegion(m, b, e, off);
  unlock(m, shard.binLock(b));
  if (isEmpty) freeSlab(m, p, e);
}

/**
 * Gives the n regions of a class at `slots` back to their slabs. The lock of a bin is taken once, however many of them
 * are its own; slabs that ran empty go back as pages when all are done. The words at `slots` are used up.
 *
 * @param sh the shard whose cache they come from: its bin counts the flush
 */
export function binGiveAll(m: Memory, p: Pool, sh: shard.Shard, szind: number, n: number, slots: number): void {
  const own = shard.bin(sh, szind);
  const at = slots >> 2;
  let isCounted = false;
  let first: extent.Extent = 0;
  let last: extent.Extent = 0;
  for (let left = n; left > 0; ) {
    const b = shard.bin(extent.shard(m, extentAt(m, p, m.u32[at])), szind);
    let others = 0;
    lock(m, shard.binLock(b));
    if (b === own) isCounted = countFlush(m, b);
    for (let i = 0; i < left; i++) {
      const off = m.u32[at + i];
      const e = extentAt(m, p, off);
      if (shard.bin(extent.shard(m, e), szind) !== b) m.u32[at + others++] = off;
      else if (putRegion(m, b, e, off)) {
        // A slab that no region is out of stands in no list; here `next` chains those that are to go.
        if (first === 0) first = e;
        else extent.setNext(m, last, e);
        last = e;
      }
    }
    unlock(m, shard.binLock(b));
    left = others;
  }
  for (let e = first; e !== 0; ) {
    const next = extent.next(m, e);
    extent.setNext(m, e, 0);
    freeSlab(m, p, e);
    e = next;
  }
  if (isCounted) return;
  lock(m, shard.binLock(own));
  countFlush(m, own);
  unlock(m, shard.binLock(own));
}

function countFlush(m: Memory, b: shard.Bin): true {
  shard.setFlushes(m, b, shard.flushes(m, b) + 1);
  return true;
}

/** Puts a region into its slab; the bin is locked. @returns true when the slab is wholly free and has left the bin */
function putRegion(m: Memory, b: shard.Bin, e: extent.Extent, off: number): boolean {
  const szind = extent.szind(m, e);
  const i = (off - extent.base(m, e)) / regionBytes[szind];
  region.setState(m, regionOf(m, e, i), region.FREE);
  extent.setBits(m, e, i >> 5, extent.bits(m, e, i >> 5) | (1 << (i & 31)));
  const nfree = extent.nfree(m, e) + 1;
  extent.setNfree(m, e, nfree);
  shard.setCurregs(m, b, shard.curregs(m, b) - 1);
  const isEmpty = nfree === slabRegions[szind];
  if (isEmpty) dissociate(m, b, e, nfree);
  else if (nfree === 1 && e !== shard.slabcur(m, b)) welcome(m, b, e);
  return isEmpty;
}

/** The pages of a slab that has left its bin become free. */
function freeSlab(m: Memory, p: Pool, e: extent.Extent): void {
  const szind = extent.szind(m, e);
  const sh = extent.shard(m, e);
  freeRegions(m, p, szind, extent.regions(m, e));
  lock(m, shard.lockOf(sh));
  extentFree(m, p, e);
  decayAtOnce(m, p, sh);
  unlock(m, shard.lockOf(sh));
}

/** A slab that is wholly free leaves its bin. */
function dissociate(m: Memory, b: shard.Bin, e: extent.Extent, nfree: number): void {
  if (e === shard.slabcur(m, b)) shard.setSlabcur(m, b, 0);
  else if (nfree > 1) shard.setNonfull(m, b, listRemove(m, shard.nonfull(m, b), e));
  shard.setSlabs(m, b, shard.slabs(m, b) - 1);
}

/** A slab that was full has room again. */
function welcome(m: Memory, b: shard.Bin, e: extent.Extent): void {
  const cur = shard.slabcur(m, b);
  if (cur === 0 || !isBefore(m, e, cur)) {
    shard.setNonfull(m, b, listInsert(m, shard.nonfull(m, b), e));
    return;
  }
  if (extent.nfree(m, cur) > 0) shard.setNonfull(m, b, listInsert(m, shard.nonfull(m, b), cur));
  shard.setSlabcur(m, b, e);
  shard.setReslabs(m, b, shard.reslabs(m, b) + 1);
}
