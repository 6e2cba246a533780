/**
 * A census, with the world stopped and every span swept: each invariant of the whole heap, and every figure of
 * ReadMemStats against what the threads have counted and what stands in their tables.
 */
import { checkInvariants } from "../../../engine/check/invariants.ts";
import { readMemStatsSlow } from "../../../engine/check/memstats.ts";
import { SizeClassToSize } from "../../../engine/gc/sizeclasses.ts";
import { type Memory, NIL } from "../../../engine/memory/memory.ts";
import { allp, gomaxprocs } from "../../../engine/records/globals.ts";
import * as mcache from "../../../engine/records/mcache.ts";
import * as mspan from "../../../engine/records/mspan.ts";
import * as p from "../../../engine/records/runtime2.ts";
import { objIndex } from "../../../engine/runtime/mbitmap.ts";
import { spanOf } from "../../../engine/runtime/mheap.ts";
import { type MemStats, readmemstats } from "../../../engine/runtime/mstats.ts";
import { countLarge, countLargeBytes, countTiny, countTinyBlocks, countWords, type Work } from "./workload.ts";

const tinyClass = 2;

/** Sums over all threads. */
export function counted(work: Work): Float64Array {
  const all = new Float64Array(work.shared.counts);
  const sum = new Float64Array(countWords);
  for (let i = 0; i < all.length; i++) sum[i % countWords] += all[i];
  return sum;
}

/** @throws {Error} naming the first figure that differs @returns the figures */
export function census(m: Memory, work: Work): MemStats {
  checkInvariants(m);
  const live = liveSlots(m, work);
  const stats = readmemstats(m);
  checkInvariants(m);
  const sum = counted(work);
  let allocated = sum[countLargeBytes];
  let slots = sum[countLarge];
  for (let c = 1; c < SizeClassToSize.length; c++) {
    const n = sum[c] + (c === tinyClass ? sum[countTinyBlocks] : 0);
    allocated += n * SizeClassToSize[c];
    slots += n;
    if (c < stats.BySize.length) equal(stats.BySize[c].Mallocs, n, `BySize[${c}].Mallocs`);
    if (c < stats.BySize.length) equal(stats.BySize[c].Frees, n - live.byClass[c], `BySize[${c}].Frees`);
  }
  // A tiny object that joins a block is an allocation and, at once, a free.
  const joined = sum[countTiny] - sum[countTinyBlocks];
  equal(stats.Mallocs, slots + joined, "Mallocs");
  equal(stats.Frees, slots + joined - live.slots, "Frees");
  equal(stats.HeapObjects, live.slots, "HeapObjects");
  equal(stats.TotalAlloc, allocated, "TotalAlloc");
  equal(stats.HeapAlloc, live.bytes, "HeapAlloc");
  const slow = readMemStatsSlow(m);
  for (const name of ["TotalAlloc", "Mallocs", "Frees", "HeapInuse", "HeapIdle", "HeapReleased", "HeapSys"] as const) {
    equal(stats[name], slow[name], `${name} against a recount over the spans`);
  }
  new Int32Array(work.shared.cycles)[1]++;
  return stats;
}

function equal(is: number, want: number, what: string): void {
  if (is !== want) throw new Error(`census: ${what} is ${is}, counted ${want}`);
}

/** The slots in which something lives: what the tables name, and the block that each P was filling when it was flushed. */
function liveSlots(m: Memory, work: Work): { slots: number; bytes: number; byClass: Float64Array } {
  const seen = new Set<number>();
  const byClass = new Float64Array(SizeClassToSize.length);
  let bytes = 0;
  const add = (off: number) => {
    const s = spanOf(m, off);
    const elemsize = mspan.elemsize(m, s);
    const slot = mspan.startAddr(m, s) + objIndex(m, s, off) * elemsize;
    if (seen.has(slot)) return;
    seen.add(slot);
    bytes += elemsize;
    byClass[mspan.spanclass(m, s) >> 1]++;
  };
  for (const off of new Int32Array(work.shared.live)) if (off >= 0) add(off);
  for (const off of new Int32Array(work.shared.tiny)) if (off !== NIL) add(off);
  return { slots: seen.size, bytes, byClass };
}

/** Notes the tiny block that each P fills: a cycle that begins now keeps them. */
export function noteTinyBlocks(m: Memory, work: Work): void {
  const tiny = new Int32Array(work.shared.tiny);
  for (let i = 0; i < gomaxprocs(m); i++) tiny[i] = mcache.tiny(m, p.mcache(m, allp(m, i)));
}
