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
import { extentAlloc, extentFree, isBefore, listInsert, listRemove } from "./extents.ts";
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
  const szind = extent.szind(m, e);
  const sh = extent.shard(m, e);
  const b = shard.bin(sh, szind);
  const i = (off - extent.base(m, e)) / regionBytes[szind];
  lock(m, shard.binLock(b));
  region.setState(m, regionOf(m, e, i), region.FREE);
  extent.setBits(m, e, i >> 5, extent.bits(m, e, i >> 5) | (1 << (i & 31)));
  const nfree = extent.nfree(m, e) + 1;
  extent.setNfree(m, e, nfree);
  shard.setCurregs(m, b, shard.curregs(m, b) - 1);
  const isEmpty = nfree === slabRegions[szind];
  if (isEmpty) dissociate(m, b, e, nfree);
  else if (nfree === 1 && e !== shard.slabcur(m, b)) welcome(m, b, e);
  unlock(m, shard.binLock(b));
  if (!isEmpty) return;
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
