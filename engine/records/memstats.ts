/**
 * memstats: what the runtime counts about itself.
 *
 * heapStats is three deltas in a ring: writers add to the one numbered `gen`, a reader moves `gen` on, waits until no
 * P is still writing to the old one and folds it into the sum. So a reader sees all counters of one moment without
 * stopping anybody.
 *
 * Go 1.26: runtime/mstats.go (mstats, consistentHeapStats, heapStatsDelta).
 */
import { add64, Layout, load64, store64 } from "../memory/layout.ts";
import type { Memory, Ptr } from "../memory/memory.ts";

export type HeapStatsDelta = Ptr<"heapStatsDelta">;
export type ConsistentHeapStats = Ptr<"consistentHeapStats">;

const classes = 68;

export const deltaLayout = new Layout("heapStatsDelta", 1168);
export const [committed, , addCommitted] = deltaLayout.i64a("committed");
export const [released, , addReleased] = deltaLayout.i64a("released");
export const [inHeap, , addInHeap] = deltaLayout.i64a("inHeap");
export const [inStacks, , addInStacks] = deltaLayout.i64a("inStacks");
export const [inWorkBufs, , addInWorkBufs] = deltaLayout.i64a("inWorkBufs");
export const [tinyAllocCount, , addTinyAllocCount] = deltaLayout.i64a("tinyAllocCount");
export const [largeAlloc, , addLargeAlloc] = deltaLayout.i64a("largeAlloc");
export const [largeAllocCount, , addLargeAllocCount] = deltaLayout.i64a("largeAllocCount");
const smallAllocCountAt = deltaLayout.bytes("smallAllocCount", 8 * classes, 8);
export const [largeFree, , addLargeFree] = deltaLayout.i64a("largeFree");
export const [largeFreeCount, , addLargeFreeCount] = deltaLayout.i64a("largeFreeCount");
const smallFreeCountAt = deltaLayout.bytes("smallFreeCount", 8 * classes, 8);
deltaLayout.seal();

/** Slots of size class `c` handed out. */
export function smallAllocCount(m: Memory, d: HeapStatsDelta, c: number): number {
  return load64(m, smallAllocCountAt(d) + 8 * c);
}

export function addSmallAllocCount(m: Memory, d: HeapStatsDelta, c: number, n: number): void {
  add64(m, smallAllocCountAt(d) + 8 * c, n);
}

/** Slots of size class `c` freed. */
export function smallFreeCount(m: Memory, d: HeapStatsDelta, c: number): number {
  return load64(m, smallFreeCountAt(d) + 8 * c);
}

export function addSmallFreeCount(m: Memory, d: HeapStatsDelta, c: number, n: number): void {
  add64(m, smallFreeCountAt(d) + 8 * c, n);
}

/** Adds every counter of `from` to `into`. */
export function merge(m: Memory, into: HeapStatsDelta, from: HeapStatsDelta): void {
  for (let i = 0; i < deltaLayout.size; i += 8) store64(m, into + i, load64(m, into + i) + load64(m, from + i));
}

export const heapStatsLayout = new Layout("consistentHeapStats");
export const stats = heapStatsLayout.record("stats", deltaLayout, 3);
/** Index of the delta that writers add to. */
export const [gen, setGen] = heapStatsLayout.u32a("gen");
/** Offset of the lock word that a writer without a P takes. */
export const noPLock = heapStatsLayout.bytes("noPLock", 8, 8);
heapStatsLayout.seal();

export const layout = new Layout("mstats");
export const heapStats = layout.record("heapStats", heapStatsLayout);
export const [stacks_sys, , addStacks_sys] = layout.i64a("stacks_sys");
export const [mspan_sys, , addMspan_sys] = layout.i64a("mspan_sys");
export const [mcache_sys, , addMcache_sys] = layout.i64a("mcache_sys");
export const [buckhash_sys, , addBuckhash_sys] = layout.i64a("buckhash_sys");
export const [gcMiscSys, , addGcMiscSys] = layout.i64a("gcMiscSys");
export const [other_sys, , addOther_sys] = layout.i64a("other_sys");
/** Bytes of heap spans in use when the last cycle's marking ended. */
export const [lastHeapInUse, setLastHeapInUse] = layout.i64("lastHeapInUse");
/** Finished collections; here, sweep phases that were started. */
export const [numgc, setNumgc] = layout.u32("numgc");
layout.seal();

/** Offset of a counter, for the functions of mem.go that are told which counter to move. */
function at(name: string): (p: number) => number {
  const field = layout.fields.find((f) => f.name === name);
  if (field === undefined) throw new Error(`mstats has no field ${name}`);
  const { offset } = field;
  return (p) => p + offset;
}

export const stacks_sysAt = at("stacks_sys");
export const mspan_sysAt = at("mspan_sys");
export const mcache_sysAt = at("mcache_sys");
export const buckhash_sysAt = at("buckhash_sys");
export const gcMiscSysAt = at("gcMiscSys");
export const other_sysAt = at("other_sys");
