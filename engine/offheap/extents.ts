/**
 * Page runs: where slabs and large blocks come from, and what becomes of their pages.
 *
 * Free runs stand in three sets, asked in this order: dirty (still has its bytes, costs nothing), muzzy, retained (must
 * be touched anew); only then is address space mapped. A run that is too long is split and the rest goes back.
 *
 * When free neighbours of one state, shard and mapping join:
 *
 *   dirty, below 16 KiB      when it is let go (decay.ts), not before: a slab is soon wanted again at the same length,
 *                            and a long dirty run is not broken up for it
 *   dirty, 16 KiB or more    when it is freed, with every dirty neighbour, long or short. A run that so reaches 8 MiB
 *                            is given back there and then, unless pages are to stay for ever
 *   muzzy, retained          at once
 *
 * Which of several runs that fit: the one whose pages were mapped first, then the lowest address, of any length that is
 * large enough ("first fit by age"). What was mapped first tends to stay in use longest; filling it first gives later
 * mappings the chance to become wholly free. By address alone would be as good as age while memory only grows, and
 * worse once a hole at a low address is mapped late. Two thrifty limits are jemalloc's: a dirty run more than 64 times
 * as long as the request is not broken up, and a set's list of one length is looked at only at its head.
 *
 * Invariants: the map of pages names, for each page that the pool mapped, the extent that covers it; no two muzzy or
 * retained neighbours that may join; a retained run reads as zero.
 *
 * jemalloc 5.3.0: extent.c, eset.c, pac.c.
 * Simpler: mappings grow up to 8 MiB, not for ever; one lock guards the three sets.
 */
import { type Memory, NIL } from "../memory/memory.ts";
import { osCommit, osRelease, osUnmap } from "../memory/os.ts";
import { freeExtent, newExtent } from "./base.ts";
import { mapPages, pageBytes } from "./pages.ts";
import * as decay from "./records/decay.ts";
import * as eset from "./records/eset.ts";
import * as extent from "./records/extent.ts";
import * as pool from "./records/pool.ts";
import * as shard from "./records/shard.ts";
import { numPageClasses, pageClassFloor, pageClassOf, pagesOfClass } from "./sizeclasses.ts";

/** A dirty run is broken up for a request of at least 1/64 of its length. */
const maxFit = 64;
/** Pages from which on a dirty run joins its neighbours when it is freed: the smallest large class, 16 KiB. */
const eagerPages = 4;
/** A request of this many bytes has an arena of its own, and a dirty run of as many is not kept: 8 MiB. */
export const oversizeBytes = 8 * 1024 * 1024;
/** Page classes of the first mapping, 2 MiB, and of the largest that is mapped ahead of need, 8 MiB. */
export const firstGrowClass = pageClassOf(512);
const lastGrowClass = pageClassOf(2048);

/** The extent that covers byte `off` of the window; 0 when the pool has not mapped it. */
export function extentAt(m: Memory, p: pool.Pool, off: number): extent.Extent {
  return m.u32[(pool.pageMap(m, p) >> 2) + (off >>> 12)];
}

/** Writes an extent, or 0, into the map for its pages. */
function mapTo(m: Memory, p: pool.Pool, e: extent.Extent, to: extent.Extent): void {
  const i = (pool.pageMap(m, p) >> 2) + (extent.base(m, e) >>> 12);
  m.u32.fill(to, i, i + extent.pages(m, e));
}

/** True when a is to be used before b. */
export function isBefore(m: Memory, a: extent.Extent, b: extent.Extent): boolean {
  const d = extent.sn(m, a) - extent.sn(m, b);
  return d !== 0 ? d < 0 : extent.base(m, a) < extent.base(m, b);
}

/** Puts e into a list that is kept in order of use. @returns the list's head */
export function listInsert(m: Memory, head: extent.Extent, e: extent.Extent): extent.Extent {
  let before: extent.Extent = 0;
  let after = head;
  while (after !== 0 && isBefore(m, after, e)) {
    before = after;
    after = extent.next(m, after);
  }
  extent.setPrev(m, e, before);
  extent.setNext(m, e, after);
  if (after !== 0) extent.setPrev(m, after, e);
  if (before === 0) return e;
  extent.setNext(m, before, e);
  return head;
}

/** Takes e out of its list. @returns the list's head */
export function listRemove(m: Memory, head: extent.Extent, e: extent.Extent): extent.Extent {
  const before = extent.prev(m, e);
  const after = extent.next(m, e);
  if (after !== 0) extent.setPrev(m, after, before);
  if (before !== 0) extent.setNext(m, before, after);
  extent.setPrev(m, e, 0);
  extent.setNext(m, e, 0);
  return before === 0 ? after : head;
}

/** The set that a free extent belongs to. */
export function setFor(m: Memory, e: extent.Extent): eset.Eset {
  return shard.set(extent.shard(m, e), extent.state(m, e) - extent.DIRTY);
}

/** Files a free extent in its set, and chains it as the one that was freed last. */
export function esetInsert(m: Memory, e: extent.Extent): void {
  const s = setFor(m, e);
  esetFile(m, s, e);
  const newest = eset.newest(m, s);
  extent.setOlder(m, e, newest);
  extent.setNewer(m, e, 0);
  if (newest === 0) eset.setOldest(m, s, e);
  else extent.setNewer(m, newest, e);
  eset.setNewest(m, s, e);
}

function esetFile(m: Memory, s: eset.Eset, e: extent.Extent): void {
  const i = pageClassFloor(extent.pages(m, e));
  eset.setHeads(m, s, i, listInsert(m, eset.heads(m, s, i), e));
  eset.setNonempty(m, s, i >> 5, eset.nonempty(m, s, i >> 5) | (1 << (i & 31)));
  eset.setPages(m, s, eset.pages(m, s) + extent.pages(m, e));
  eset.setCount(m, s, eset.count(m, s) + 1);
}

/** Takes a free extent out of its set. */
export function esetRemove(m: Memory, e: extent.Extent): void {
  const s = setFor(m, e);
  esetUnfile(m, s, e);
  const older = extent.older(m, e);
  const newer = extent.newer(m, e);
  if (older === 0) eset.setOldest(m, s, newer);
  else extent.setNewer(m, older, newer);
  if (newer === 0) eset.setNewest(m, s, older);
  else extent.setOlder(m, newer, older);
}

function esetUnfile(m: Memory, s: eset.Eset, e: extent.Extent): void {
  const i = pageClassFloor(extent.pages(m, e));
  const head = listRemove(m, eset.heads(m, s, i), e);
  eset.setHeads(m, s, i, head);
  if (head === 0) eset.setNonempty(m, s, i >> 5, eset.nonempty(m, s, i >> 5) & ~(1 << (i & 31)));
  eset.setPages(m, s, eset.pages(m, s) - extent.pages(m, e));
  eset.setCount(m, s, eset.count(m, s) - 1);
}

/** The first in order of use of all runs of at least `pages` pages, among those not longer than the limit; 0: none. */
function esetFit(m: Memory, s: eset.Eset, pages: number, limit: number): extent.Extent {
  let best: extent.Extent = 0;
  const last = limit >= pagesOfClass(numPageClasses - 1) ? numPageClasses - 1 : pageClassOf(limit);
  for (let i = pageClassOf(pages); i <= last; i++) {
    const rest = eset.nonempty(m, s, i >> 5) & (-1 << (i & 31));
    if (rest === 0) {
      i |= 31; // on to the next word
      continue;
    }
    i = (i & -32) + 31 - Math.clz32(rest & -rest);
    if (i > last) break;
    // Here list i is the next one that is not empty.
    const e = eset.heads(m, s, i);
    if (best === 0 || isBefore(m, e, best)) best = e;
  }
  return best;
}

/** Cuts e after `pages` pages. @returns the rest, in no set; both keep state and age */
function split(m: Memory, p: pool.Pool, e: extent.Extent, pages: number): extent.Extent {
  const rest = newExtent(m, p);
  extent.setState(m, rest, extent.state(m, e));
  extent.setBase(m, rest, extent.base(m, e) + pages * pageBytes);
  extent.setPages(m, rest, extent.pages(m, e) - pages);
  extent.setSn(m, rest, extent.sn(m, e));
  extent.setIsZeroed(m, rest, extent.isZeroed(m, e));
  extent.setShard(m, rest, extent.shard(m, e));
  extent.setPages(m, e, pages);
  mapTo(m, p, rest, rest);
  return rest;
}

/** Appends b, which follows a in memory and stands in no set, to a. */
function join(m: Memory, p: pool.Pool, a: extent.Extent, b: extent.Extent): void {
  mapTo(m, p, b, a);
  extent.setPages(m, a, extent.pages(m, a) + extent.pages(m, b));
  extent.setSn(m, a, Math.min(extent.sn(m, a), extent.sn(m, b)));
  extent.setIsZeroed(m, a, extent.isZeroed(m, a) & extent.isZeroed(m, b));
  freeExtent(m, p, b);
}

/**
 * True when neighbours a and b may become one run: one shard's, and of one mapping, which they are when their age is the
 * same. Without `retain` a mapping is no longer than the run that asked for it, and they join beyond it.
 */
export function areOfOneKin(m: Memory, p: pool.Pool, a: extent.Extent, b: extent.Extent): boolean {
  if (extent.shard(m, a) !== extent.shard(m, b)) return false;
  return pool.retain(m, p) === 0 || extent.sn(m, a) === extent.sn(m, b);
}

/** The free extent at `off`, just before or behind e, that e may join; else 0. */
function partner(m: Memory, p: pool.Pool, e: extent.Extent, off: number): extent.Extent {
  if (off < 0 || off >= m.windowBytes) return 0;
  const other = extentAt(m, p, off);
  if (other === 0 || extent.state(m, other) !== extent.state(m, e)) return 0;
  return areOfOneKin(m, p, e, other) ? other : 0;
}

/** Joins e, a free extent in no set, with the one behind it, else with the one before. @returns both, in no set; 0: neither */
export function joinOne(m: Memory, p: pool.Pool, e: extent.Extent): extent.Extent {
  const after = partner(m, p, e, extentEnd(m, e));
  if (after !== 0) {
    esetRemove(m, after);
    join(m, p, e, after);
    return e;
  }
  const before = partner(m, p, e, extent.base(m, e) - 1);
  if (before === 0) return 0;
  esetRemove(m, before);
  join(m, p, before, e);
  return before;
}

/** Joins e, a free extent in no set, with all that it may join. */
function joinAll(m: Memory, p: pool.Pool, e: extent.Extent): extent.Extent {
  let whole = e;
  for (let longer = e; longer !== 0; longer = joinOne(m, p, whole)) whole = longer;
  return whole;
}

/** First byte behind the extent. */
export function extentEnd(m: Memory, e: extent.Extent): number {
  return extent.base(m, e) + extent.pages(m, e) * pageBytes;
}

/**
 * A run of pages in use; its bytes are whatever lies there, zero if `isZeroed` says so.
 * Takes up to two records: `reserveExtents(m, p, 2)` comes first.
 *
 * @param pages the length of a page class
 * @param state SLAB or LARGE
 * @returns 0 when the operating system has no more
 */
export function extentAlloc(m: Memory, p: pool.Pool, sh: shard.Shard, pages: number, state: number): extent.Extent {
  let e = recycle(m, p, shard.set(sh, 0), pages, pages * maxFit);
  if (e === 0) e = recycle(m, p, shard.set(sh, 1), pages, Number.POSITIVE_INFINITY);
  if (e === 0) e = recycle(m, p, shard.set(sh, 2), pages, Number.POSITIVE_INFINITY);
  if (e === 0 && grow(m, p, sh, pages)) e = recycle(m, p, shard.set(sh, 2), pages, Number.POSITIVE_INFINITY);
  if (e === 0) return 0;
  extent.setState(m, e, state);
  shard.setActivePages(m, sh, shard.activePages(m, sh) + pages);
  return e;
}

function recycle(m: Memory, p: pool.Pool, s: eset.Eset, pages: number, limit: number): extent.Extent {
  const e = esetFit(m, s, pages, limit);
  if (e === 0) return 0;
  esetRemove(m, e);
  if (extent.pages(m, e) > pages) esetInsert(m, split(m, p, e, pages));
  if (extent.state(m, e) !== extent.DIRTY) osCommit(m, extent.base(m, e), pages * pageBytes);
  return e;
}

/** Maps more address space into the retained set: ahead of need where there is room. @returns false: no room at all */
function grow(m: Memory, p: pool.Pool, sh: shard.Shard, pages: number): boolean {
  const ahead = pool.retain(m, p) !== 0 ? pagesOfClass(shard.growClass(m, sh)) : 0;
  let n = Math.max(pages, ahead);
  let off = mapPages(m, n * pageBytes);
  if (off === NIL && n > pages) {
    n = pages;
    off = mapPages(m, n * pageBytes);
  }
  if (off === NIL) return false;
  if (n === ahead) shard.setGrowClass(m, sh, Math.min(shard.growClass(m, sh) + 1, lastGrowClass));
  const e = newExtent(m, p);
  pool.setSn(m, p, pool.sn(m, p) + 1);
  pool.setVirtual(m, p, pool.virtual(m, p) + n * pageBytes);
  extent.setState(m, e, extent.RETAINED);
  extent.setBase(m, e, off);
  extent.setPages(m, e, n);
  extent.setSn(m, e, pool.sn(m, p));
  extent.setIsZeroed(m, e, 1);
  extent.setShard(m, e, sh);
  mapTo(m, p, e, e);
  esetInsert(m, joinAll(m, p, e));
  return true;
}

/** Takes a run that was in use back: it is dirty now. */
export function extentFree(m: Memory, p: pool.Pool, e: extent.Extent): void {
  const sh = extent.shard(m, e);
  shard.setActivePages(m, sh, shard.activePages(m, sh) - extent.pages(m, e));
  extent.setState(m, e, extent.DIRTY);
  extent.setIsZeroed(m, e, 0);
  const whole = extent.pages(m, e) < eagerPages ? e : joinAll(m, p, e);
  if (extent.pages(m, whole) * pageBytes < oversizeBytes || isKeptForEver(m, sh)) {
    esetInsert(m, whole);
    return;
  }
  countPurge(m, sh, 0, extent.pages(m, whole));
  purgeForced(m, p, whole);
}

function isKeptForEver(m: Memory, sh: shard.Shard): boolean {
  return decay.time(m, shard.decayOf(sh, 0)) < 0 || decay.time(m, shard.decayOf(sh, 1)) < 0;
}

/** A run of the state is let go by one call to the system. @param which 0 dirty, 1 muzzy */
export function countPurge(m: Memory, sh: shard.Shard, which: number, pages: number): void {
  const d = shard.decayOf(sh, which);
  decay.setPurged(m, d, decay.purged(m, d) + pages);
  decay.setCalls(m, d, decay.calls(m, d) + 1);
}

/** Lengthens a run in use to `pages` by the free run behind it. @returns false when there is none, or too short a one */
export function extentExpand(m: Memory, p: pool.Pool, e: extent.Extent, pages: number): boolean {
  const end = extentEnd(m, e);
  if (end >= m.windowBytes) return false;
  const need = pages - extent.pages(m, e);
  const after = extentAt(m, p, end);
  if (after === 0 || extent.state(m, after) < extent.DIRTY || !areOfOneKin(m, p, e, after)) return false;
  if (extent.pages(m, after) < need) return false;
  esetRemove(m, after);
  if (extent.pages(m, after) > need) esetInsert(m, split(m, p, after, need));
  if (extent.state(m, after) !== extent.DIRTY) osCommit(m, end, need * pageBytes);
  join(m, p, e, after);
  shard.setActivePages(m, extent.shard(m, e), shard.activePages(m, extent.shard(m, e)) + need);
  return true;
}

/** Shortens a run in use; what is cut off is dirty. */
export function extentShrink(m: Memory, p: pool.Pool, e: extent.Extent, pages: number): void {
  extentFree(m, p, split(m, p, e, pages));
}

/** Lets the kernel take the bytes of a dirty extent when it wants them. The extent stands in no set before. */
export function purgeLazily(m: Memory, p: pool.Pool, e: extent.Extent): void {
  osRelease(m, extent.base(m, e), extent.pages(m, e) * pageBytes, true);
  extent.setState(m, e, extent.MUZZY);
  esetInsert(m, joinAll(m, p, e));
}

/** Gives the bytes of a free extent back to the operating system at once, and without `retain` its address as well. */
export function purgeForced(m: Memory, p: pool.Pool, e: extent.Extent): void {
  const n = extent.pages(m, e) * pageBytes;
  if (pool.retain(m, p) === 0) {
    unmapExtent(m, p, e);
    return;
  }
  osRelease(m, extent.base(m, e), n, false);
  extent.setState(m, e, extent.RETAINED);
  extent.setIsZeroed(m, e, 1);
  esetInsert(m, joinAll(m, p, e));
}

/** Gives pages and address of an extent in no set back. */
export function unmapExtent(m: Memory, p: pool.Pool, e: extent.Extent): void {
  const n = extent.pages(m, e) * pageBytes;
  osUnmap(m, m.heapBase + extent.base(m, e), n);
  pool.setVirtual(m, p, pool.virtual(m, p) - n);
  mapTo(m, p, e, 0);
  freeExtent(m, p, e);
}
