/**
 * gcController: the counters that decide when to collect, which the allocator feeds, and the goal of the heap, which
 * the scavenger reads.
 *
 * What paces a collector (runway, consMark, assist ratios …) is not here: there is none yet.
 *
 * Go 1.26: runtime/mgcpacer.go (gcControllerState).
 */
import { Layout, load64, store64 } from "../memory/layout.ts";
import type { Memory } from "../memory/memory.ts";
import { fromUint64, toUint64 } from "../memory/u64.ts";

export const layout = new Layout("gcController");
/** GOGC: percent that the heap may grow by from one cycle to the next; negative: as much as it likes. */
export const [gcPercent, setGcPercent] = layout.i32("gcPercent");
const memoryLimitAt = layout.bytes("memoryLimit", 8, 8);
/** Bytes of heap below which no cycle begins, at the present gcPercent. */
export const [heapMinimum, setHeapMinimum] = layout.i64("heapMinimum");
const [gcPercentHeapGoalOf, setGcPercentHeapGoalOf] = layout.i64("gcPercentHeapGoal");
/** Where the heap must be allowed to grow so that the sweep under way has room to end. */
export const [sweepDistMinTrigger, setSweepDistMinTrigger] = layout.i64("sweepDistMinTrigger");
const [triggeredOf, setTriggeredOf] = layout.i64("triggered");
/** The heap's goal when the last cycle's marking ended; 0 before the first. */
export const [lastHeapGoal, setLastHeapGoal] = layout.i64("lastHeapGoal");
/**
 * Bytes the collector counts as live: marked at the last cycle plus allocated since. An overestimate: a span that a
 * P caches counts whole, its unused tail included, until the flush.
 */
export const [heapLive, setHeapLive, addHeapLive] = layout.i64a("heapLive");
/** Bytes of heapLive that can hold pointers. */
export const [heapScan, setHeapScan, addHeapScan] = layout.i64a("heapScan");
/** Bytes marked by the last cycle. */
export const [heapMarked, setHeapMarked] = layout.i64("heapMarked");
/** Bytes of the heap that this cycle has scanned. */
export const [heapScanWork, setHeapScanWork, addHeapScanWork] = layout.i64a("heapScanWork");
/** Bytes of spans in use for the heap. */
export const [heapInUse, setHeapInUse, addHeapInUse] = layout.i64a("heapInUse");
/** Bytes given back to the operating system. */
export const [heapReleased, setHeapReleased, addHeapReleased] = layout.i64a("heapReleased");
/** Bytes of free pages that are still backed by memory. */
export const [heapFree, setHeapFree, addHeapFree] = layout.i64a("heapFree");
/** Bytes of slots ever allocated, as known at the last refill or flush of each cache. */
export const [totalAlloc, setTotalAlloc, addTotalAlloc] = layout.i64a("totalAlloc");
/** Bytes of slots ever freed by sweeping. */
export const [totalFree, setTotalFree, addTotalFree] = layout.i64a("totalFree");
/** Bytes that the OS was asked to back with memory. */
export const [mappedReady, setMappedReady, addMappedReady] = layout.i64a("mappedReady");
layout.seal();

/** Bytes of memory that Go shall stay below; 2^63 (Go: math.MaxInt64) when there is no limit. */
export function memoryLimit(m: Memory, p: number): number {
  return load64(m, memoryLimitAt(p));
}

export function setMemoryLimit(m: Memory, p: number, bytes: number): void {
  const at = memoryLimitAt(p);
  store64(m, at, bytes < noMemoryLimit ? bytes : -1);
  if (bytes >= noMemoryLimit) m.i32[(at + 4) >> 2] = 0x7fffffff;
}

export const noMemoryLimit = 2 ** 63;

/** Bytes of live heap at which the cycle that marks now, or marked last, was to end by GOGC alone. */
export function gcPercentHeapGoal(m: Memory, p: number): number {
  return fromUint64(gcPercentHeapGoalOf(m, p));
}

export function setGcPercentHeapGoal(m: Memory, p: number, bytes: number): void {
  setGcPercentHeapGoalOf(m, p, toUint64(bytes));
}

/** heapLive when the cycle that marks now began; noUint64 while none does. */
export function triggered(m: Memory, p: number): number {
  return fromUint64(triggeredOf(m, p));
}

export function setTriggered(m: Memory, p: number, bytes: number): void {
  setTriggeredOf(m, p, toUint64(bytes));
}

/** Offset of a counter in a record, for the functions of mem.go that are told which counter to move. */
function at(name: string): (p: number) => number {
  const field = layout.fields.find((f) => f.name === name);
  if (field === undefined) throw new Error(`gcController has no field ${name}`);
  const { offset } = field;
  return (p) => p + offset;
}

export const heapInUseAt = at("heapInUse");
export const heapReleasedAt = at("heapReleased");
export const heapFreeAt = at("heapFree");
