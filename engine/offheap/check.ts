/**
 * What must hold of a pool at any time between two calls, each by its own recount. `poolCheck` throws at the first that
 * does not.
 *
 *   pages      extents cover what is mapped, without overlap; the map of pages agrees
 *   neighbours no two muzzy or retained ones that may join
 *   sets       each free extent stands in the right list of its set, in order; lengths and counts add up
 *   slabs      nfree equals the bits; the list of a bin holds exactly the others with room, in order
 *   regions    a region that is out of its slab lives or stands in one cache, once
 *   figures    blocks, bytes, pages, bytes cached, and each call site's share
 */
import { Fatal } from "../memory/fatal.ts";
import type { Memory } from "../memory/memory.ts";
import { OS_PREPARED, OS_READY, osState } from "../memory/os.ts";
import { popcount32 } from "../memory/u64.ts";
import { regionOf } from "./bins.ts";
import { areOfOneKin, extentAt, extentEnd, isBefore } from "./extents.ts";
import { regionAt, tcacheAt } from "./jemalloc.ts";
import { pageBytes } from "./pages.ts";
import * as eset from "./records/eset.ts";
import * as extent from "./records/extent.ts";
import * as pool from "./records/pool.ts";
import * as region from "./records/region.ts";
import * as shard from "./records/shard.ts";
import * as site from "./records/site.ts";
import * as tcache from "./records/tcache.ts";
import { shardAt, shardCount } from "./shards.ts";
import { classBytes, numPageClasses, numSmall, pageClassFloor, smallClasses } from "./sizeclasses.ts";

function must(condition: boolean, what: string): void {
  if (!condition) throw new Fatal(`check failed: offheap: ${what}`);
}

/** Every extent, in address order. */
export function extentsOf(m: Memory, p: pool.Pool): extent.Extent[] {
  const found: extent.Extent[] = [];
  for (let off = 0; off < m.windowBytes; ) {
    const e = extentAt(m, p, off);
    if (e !== 0) found.push(e);
    off = e === 0 ? off + pageBytes : Math.max(extentEnd(m, e), off + pageBytes);
  }
  return found;
}

/** Sums that the recount makes. */
interface Sums {
  count: number;
  requested: number;
  allocated: number;
  pages: number;
  readonly active: Map<number, number>;
  readonly curregs: Map<shard.Bin, number>;
  readonly slabs: Map<shard.Bin, number>;
  readonly sites: Map<number, { count: number; bytes: number }>;
  /** Regions that say they are in a cache. */
  readonly cached: Set<number>;
}

/**
 * Throws Fatal at the first rule that does not hold. Takes time in proportion to the pages of the window.
 *
 * @param readsBytes also reads every byte of the retained runs
 */
export function poolCheck(m: Memory, p: pool.Pool, readsBytes: boolean): void {
  const all = extentsOf(m, p);
  const sums: Sums = {
    count: 0,
    requested: 0,
    allocated: 0,
    pages: 0,
    active: new Map(),
    curregs: new Map(),
    slabs: new Map(),
    sites: new Map(),
    cached: new Set(),
  };
  const free = new Map<eset.Eset, Set<extent.Extent>>();
  const withRoom = new Map<shard.Bin, Set<extent.Extent>>();
  let before: extent.Extent = 0;
  for (const e of all) {
    checkPages(m, p, e, before, readsBytes);
    sums.pages += extent.pages(m, e);
    const sh = extent.shard(m, e);
    const state = extent.state(m, e);
    if (state >= extent.DIRTY) addTo(free, shard.set(sh, state - extent.DIRTY), e);
    else add(sums.active, sh, extent.pages(m, e));
    if (state === extent.SLAB) checkSlab(m, e, sums, withRoom);
    if (state === extent.LARGE) checkLarge(m, e, sums);
    before = e;
  }
  must(sums.pages * pageBytes === pool.virtual(m, p), "virtual is not the sum of the extents");
  for (let i = 0; i < shardCount(m, p); i++) checkShard(m, shardAt(m, p, i), sums, free, withRoom);
  checkCaches(m, p, sums);
  checkFigures(m, p, sums);
}

function addTo<K>(map: Map<K, Set<extent.Extent>>, key: K, e: extent.Extent): void {
  const set = map.get(key);
  if (set === undefined) map.set(key, new Set([e]));
  else set.add(e);
}

function add(map: Map<number, number>, key: number, n: number): void {
  map.set(key, (map.get(key) ?? 0) + n);
}

function checkPages(m: Memory, p: pool.Pool, e: extent.Extent, before: extent.Extent, readsBytes: boolean): void {
  const state = extent.state(m, e);
  must(state >= extent.SLAB && state <= extent.RETAINED, `extent with state ${state} in the map of pages`);
  must(before === 0 || extentEnd(m, before) <= extent.base(m, e), "two extents overlap");
  for (let off = extent.base(m, e); off < extentEnd(m, e); off += pageBytes) {
    must(extentAt(m, p, off) === e, "the map of pages disagrees with an extent");
    const isReady = osState(m, off) === OS_READY;
    must(isReady ? state <= extent.DIRTY : state > extent.DIRTY, "a page's state is not that of its extent");
    must(isReady || osState(m, off) === OS_PREPARED, "an extent lies on pages that are not mapped");
  }
  const isApart =
    before === 0 ||
    extentEnd(m, before) < extent.base(m, e) ||
    extent.state(m, before) !== state ||
    state <= extent.DIRTY ||
    !areOfOneKin(m, p, before, e);
  must(isApart, "two free neighbours of one state did not join");
  if (readsBytes && state === extent.RETAINED) {
    for (let i = extent.base(m, e) >> 2; i < extentEnd(m, e) >> 2; i++)
      must(m.i32[i] === 0, "a retained run is not zero");
  }
}

function checkSlab(m: Memory, e: extent.Extent, sums: Sums, withRoom: Map<shard.Bin, Set<extent.Extent>>): void {
  const c = smallClasses[extent.szind(m, e)];
  const b = shard.bin(extent.shard(m, e), c.index);
  must(extent.pages(m, e) === c.slabPages, "a slab has the wrong length");
  let bits = 0;
  for (let w = 0; w < extent.bitmapWords; w++) bits += popcount32(extent.bits(m, e, w));
  must(bits === extent.nfree(m, e), "nfree is not the number of bits");
  must(bits < c.regions, "an empty slab was not given back");
  for (let i = 0; i < c.regions; i++) {
    const r = regionOf(m, e, i);
    const isIn = (extent.bits(m, e, i >> 5) & (1 << (i & 31))) !== 0;
    const state = region.state(m, r);
    must(isIn === (state === region.FRESH || state === region.FREE), "a region's state is not its bit");
    if (state === region.LIVE) countLive(m, r, c.size, sums);
    if (state === region.CACHED) sums.cached.add(extent.base(m, e) + i * c.size);
  }
  add(sums.curregs as Map<number, number>, b, c.regions - bits);
  add(sums.slabs as Map<number, number>, b, 1);
  if (bits > 0 && shard.slabcur(m, b) !== e) addTo(withRoom, b, e);
}

function checkLarge(m: Memory, e: extent.Extent, sums: Sums): void {
  const szind = extent.szind(m, e);
  must(extent.pages(m, e) * pageBytes === classBytes(szind), "a large extent has not the length of its class");
  const r = extent.large(e);
  if (region.state(m, r) === region.LIVE) countLive(m, r, classBytes(szind), sums);
  else {
    must(region.state(m, r) === region.CACHED, "a large extent is neither alive nor cached");
    sums.cached.add(extent.base(m, e));
  }
}

function countLive(m: Memory, r: region.Region, size: number, sums: Sums): void {
  const n = region.requested(m, r);
  must(n <= size, "a block is smaller than what was asked for");
  sums.count++;
  sums.requested += n;
  sums.allocated += size;
  const at = sums.sites.get(region.site(m, r)) ?? { count: 0, bytes: 0 };
  sums.sites.set(region.site(m, r), { count: at.count + 1, bytes: at.bytes + n });
}

function checkShard(
  m: Memory,
  sh: shard.Shard,
  sums: Sums,
  free: Map<eset.Eset, Set<extent.Extent>>,
  withRoom: Map<shard.Bin, Set<extent.Extent>>,
): void {
  must(shard.activePages(m, sh) === (sums.active.get(sh) ?? 0), "activePages is not the sum of the extents in use");
  for (let k = 0; k < 3; k++) checkSet(m, shard.set(sh, k), free.get(shard.set(sh, k)) ?? new Set());
  for (let i = 0; i < numSmall; i++) {
    const b = shard.bin(sh, i);
    must(shard.curregs(m, b) === (sums.curregs.get(b) ?? 0), "curregs is not the number of regions out of their slabs");
    must(shard.slabs(m, b) === (sums.slabs.get(b) ?? 0), "the number of slabs is wrong");
    checkList(m, shard.nonfull(m, b), withRoom.get(b) ?? new Set(), "slabs with room");
  }
}

/** The list holds exactly these, in order. */
function checkList(m: Memory, head: extent.Extent, want: Set<extent.Extent>, what: string): void {
  let n = 0;
  let last: extent.Extent = 0;
  for (let e = head; e !== 0; e = extent.next(m, e)) {
    must(want.has(e), `the list of ${what} holds a stranger`);
    must(extent.prev(m, e) === last, `the list of ${what} is not linked both ways`);
    must(last === 0 || isBefore(m, last, e), `the list of ${what} is out of order`);
    last = e;
    n++;
  }
  must(n === want.size, `the list of ${what} misses one`);
}

function checkSet(m: Memory, s: eset.Eset, want: Set<extent.Extent>): void {
  const byClass = new Map<number, Set<extent.Extent>>();
  let pages = 0;
  for (const e of want) {
    addTo(byClass, pageClassFloor(extent.pages(m, e)), e);
    pages += extent.pages(m, e);
  }
  must(eset.pages(m, s) === pages && eset.count(m, s) === want.size, "a set's figures are not those of its extents");
  for (let i = 0; i < numPageClasses; i++) {
    const bit = (eset.nonempty(m, s, i >> 5) & (1 << (i & 31))) !== 0;
    must(bit === (eset.heads(m, s, i) !== 0), "a set's bit is not its list");
    checkList(m, eset.heads(m, s, i), byClass.get(i) ?? new Set(), "free runs of a length");
  }
  let n = 0;
  let last: extent.Extent = 0;
  for (let e = eset.oldest(m, s); e !== 0; e = extent.newer(m, e)) {
    must(want.has(e) && extent.older(m, e) === last, "the chain by time is broken");
    last = e;
    n++;
  }
  must(n === want.size && eset.newest(m, s) === last, "the chain by time misses one");
}

function checkCaches(m: Memory, p: pool.Pool, sums: Sums): void {
  for (let i = 0; i < pool.threads(m, p); i++) {
    const t = tcacheAt(m, p, i);
    let bytes = 0;
    for (let c = 0; c < tcache.numCached; c++) {
      const b = tcache.tbin(t, c);
      must(tcache.count(m, b) <= tcache.max(m, b), "a cache holds too much");
      for (let k = 0; k < tcache.count(m, b); k++) {
        const off = m.u32[(tcache.slots(m, b) >> 2) + k];
        const e = extentAt(m, p, off);
        must(
          e !== 0 && regionAt(m, e, off) !== 0 && extent.szind(m, e) === c,
          "a cache holds what is no region of its class",
        );
        must(sums.cached.delete(off), "a cached region is not marked so, or stands in two caches");
        bytes += classBytes(c);
      }
    }
    must(tcache.bytes(m, t) === bytes, "a cache's bytes are not the sum of its regions");
  }
  must(sums.cached.size === 0, "a freed region is in no cache and not in its slab");
}

function checkFigures(m: Memory, p: pool.Pool, sums: Sums): void {
  must(pool.liveCount(m, p) === sums.count, "liveCount is not the number of live blocks");
  must(pool.requested(m, p) === sums.requested, "requested is not the sum over live blocks");
  must(pool.allocated(m, p) === sums.allocated, "allocated is not the sum over live blocks");
  must(pool.nmalloc(m, p) - pool.ndalloc(m, p) === sums.count, "nmalloc - ndalloc is not the number of live blocks");
  for (let s = pool.firstSite(m, p); s !== 0; s = site.next(m, s)) {
    const want = sums.sites.get(s) ?? { count: 0, bytes: 0 };
    must(site.liveCount(m, s) === want.count && site.liveBytes(m, s) === want.bytes, "a call site's figures are wrong");
  }
}
