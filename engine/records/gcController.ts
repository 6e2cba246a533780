/**
 * gcController: the counters that decide when to collect, which the allocator feeds; what the pacer knows of past
 * cycles; and how much marking is to be done for each byte allocated.
 *
 * Counters are plain numbers. A goal or a limit can be a number of 64 bits, near 2^63 or 2^64 when something is switched
 * off: such a field has two pairs of accessors, of which the one named …64 is exact.
 *
 * Go 1.26: runtime/mgcpacer.go (gcControllerState), runtime/mgc.go (gcTriggerKind).
 * Differs: idleMarkWorkers is two halves of 16 bits in one word, not of 32 in one of 64, for want of a compare-and-swap
 * of 64. Differs: no copies for tests only, as a test has a heap of its own.
 */
import { type Int64, loadInt64, loadUint64, maxInt64, storeBits64, truncS, type Uint64 } from "../memory/int64.ts";
import { Layout } from "../memory/layout.ts";
import type { Memory } from "../memory/memory.ts";
import { fromUint64, toUint64 } from "../memory/u64.ts";

/** What began a cycle: the heap's size, two minutes without one, or somebody who asked for it. Go: gcTrigger.kind. */
export const gcTriggerHeap = 0;
export const gcTriggerTime = 1;
export const gcTriggerCycle = 2;

/** Values of cons/mark that are remembered, the oldest first. */
export const consMarkHistory = 4;

export const layout = new Layout("gcController");
/** GOGC: percent that the heap may grow by from one cycle to the next; -1: as much as it likes. */
export const [gcPercent, setGcPercent] = layout.i32("gcPercent");
layout.i64("memoryLimit");
layout.i64("heapMinimum");
layout.i64("runway");
/** Bytes allocated for each byte marked, both for the same processor time: an estimate for the next cycle. */
export const [consMark, setConsMark] = layout.f64("consMark");
const lastConsMarkAt = layout.bytes("lastConsMark", 8 * consMarkHistory, 8);
layout.i64("gcPercentHeapGoal");
/** Where the heap must be allowed to grow so that the sweep under way has room to end. Moves trigger and goal. */
export const [sweepDistMinTrigger, setSweepDistMinTrigger] = layout.i64("sweepDistMinTrigger");
layout.i64("triggered");
layout.i64("lastHeapGoal");
/**
 * Bytes the collector counts as live: marked at the last cycle plus allocated since. An overestimate: a span that a
 * P caches counts whole, its unused tail included, until the flush.
 */
export const [heapLive, setHeapLive, addHeapLive] = layout.i64a("heapLive");
/** Bytes of heapLive that can hold pointers. Stands still during a cycle. */
export const [heapScan, setHeapScan, addHeapScan] = layout.i64a("heapScan");
/** Bytes of heap that the last cycle scanned. */
export const [lastHeapScan, setLastHeapScan] = layout.i64("lastHeapScan");
/** Bytes of stack that the last cycle scanned. */
export const [lastStackScan, setLastStackScan] = layout.i64a("lastStackScan");
/** Bytes of stack that goroutines have, used or not: more than will be scanned. */
export const [maxStackScan, setMaxStackScan, addMaxStackScan] = layout.i64a("maxStackScan");
/** Bytes of global variables that can hold pointers. */
export const [globalsScan, setGlobalsScan, addGlobalsScan] = layout.i64a("globalsScan");
/** Bytes marked by the last cycle. */
export const [heapMarked, setHeapMarked] = layout.i64("heapMarked");
/** Bytes scanned by this cycle, in objects, stacks and global variables; at its end, how much of the heap is scannable. */
export const [heapScanWork, setHeapScanWork, addHeapScanWork] = layout.i64a("heapScanWork");
export const [stackScanWork, setStackScanWork, addStackScanWork] = layout.i64a("stackScanWork");
export const [globalsScanWork, setGlobalsScanWork, addGlobalsScanWork] = layout.i64a("globalsScanWork");
/** Work that background workers have done and that nobody has yet taken credit for. */
export const [bgScanCredit, setBgScanCredit, addBgScanCredit] = layout.i64a("bgScanCredit");
/** Nanoseconds of this cycle that went into assists, and into each kind of worker. */
export const [assistTime, setAssistTime, addAssistTime] = layout.i64a("assistTime");
export const [dedicatedMarkTime, setDedicatedMarkTime, addDedicatedMarkTime] = layout.i64a("dedicatedMarkTime");
export const [fractionalMarkTime, setFractionalMarkTime, addFractionalMarkTime] = layout.i64a("fractionalMarkTime");
export const [idleMarkTime, setIdleMarkTime, addIdleMarkTime] = layout.i64a("idleMarkTime");
/** When assists and workers were let go. */
export const [markStartTime, setMarkStartTime] = layout.i64("markStartTime");
/** Dedicated workers that have still to be started. */
export const [
  dedicatedMarkWorkersNeeded,
  setDedicatedMarkWorkersNeeded,
  dedicatedMarkWorkersNeededCas,
  addDedicatedMarkWorkersNeeded,
] = layout.u32a("dedicatedMarkWorkersNeeded");
//  31            16 15             0
// ├────────────────┬────────────────┤   number: idle workers at work
// │     most       │     number     │   most:   how many there may be; when it is lowered, number may exceed it
// └────────────────┴────────────────┘
export const [idleMarkWorkers, setIdleMarkWorkers, idleMarkWorkersCas] = layout.u32a("idleMarkWorkers");
/** Bytes to be scanned for each byte allocated, and the other way about. Written one after the other. */
export const [assistWorkPerByte, setAssistWorkPerByte] = layout.f64("assistWorkPerByte");
export const [assistBytesPerWork, setAssistBytesPerWork] = layout.f64("assistBytesPerWork");
/** Share of its time that a P without a dedicated worker gives to a fractional one; 0: there is none. */
export const [fractionalUtilizationGoal, setFractionalUtilizationGoal] = layout.f64("fractionalUtilizationGoal");
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

/** [read, write] a field of 64 bits, exactly. */
function exact(name: string) {
  const offset = at(name);
  return [
    (m: Memory, p: number): Uint64 => loadUint64(m, offset(p)),
    (m: Memory, p: number, v: Uint64): void => storeBits64(m, offset(p), v),
  ] as const;
}

/** [read, write] the same as a plain number: the nearest one; ^uint64(0) is noUint64. */
function nearest(name: string) {
  const offset = at(name);
  return [
    (m: Memory, p: number): number => fromUint64(m.i32[(offset(p) + 4) >> 2] * 2 ** 32 + m.u32[offset(p) >> 2]),
    (m: Memory, p: number, v: number): void => storeBits64(m, offset(p), truncS(toUint64(v))),
  ] as const;
}

/** Bytes of heap below which no cycle begins, at the present gcPercent. */
export const [heapMinimum64, setHeapMinimum64] = exact("heapMinimum");
/** Bytes that the program is expected to allocate while a cycle marks: so much before the goal it begins. */
export const [runway64, setRunway64] = exact("runway");
/** Bytes of live heap at which the cycle that marks now, or the next, is to end by GOGC alone; ^uint64(0): never. */
export const [gcPercentHeapGoal64, setGcPercentHeapGoal64] = exact("gcPercentHeapGoal");
/** heapLive when the cycle that marks now began; ^uint64(0) while none does. */
export const [triggered64, setTriggered64] = exact("triggered");
export const [triggered, setTriggered] = nearest("triggered");
/** The heap's goal when the last cycle's marking ended; 0 before the first. */
export const [lastHeapGoal64, setLastHeapGoal64] = exact("lastHeapGoal");
export const [lastHeapGoal, setLastHeapGoal] = nearest("lastHeapGoal");

const memoryLimitAt = at("memoryLimit");

/** Bytes of memory that Go shall stay below, an int64 that is never negative; math.MaxInt64 when there is no limit. */
export function memoryLimit64(m: Memory, p: number): Int64 {
  return loadInt64(m, memoryLimitAt(p));
}

/** @param bytes a number of 2^63 or more is taken for math.MaxInt64 */
export function setMemoryLimit(m: Memory, p: number, bytes: Int64): void {
  const limit = typeof bytes !== "number" ? bytes : bytes < noMemoryLimit ? truncS(bytes) : maxInt64;
  storeBits64(m, memoryLimitAt(p), limit);
}

/** The limit as the nearest number: 2^63 for none. */
export function memoryLimit(m: Memory, p: number): number {
  return m.i32[(memoryLimitAt(p) + 4) >> 2] * 2 ** 32 + m.u32[memoryLimitAt(p) >> 2];
}

export const noMemoryLimit = 2 ** 63;

/** One of the values of cons/mark that were measured last. @param i 0 the oldest */
export function lastConsMark(m: Memory, p: number, i: number): number {
  return m.f64[(lastConsMarkAt(p) >> 3) + i];
}

export function setLastConsMark(m: Memory, p: number, i: number, v: number): void {
  m.f64[(lastConsMarkAt(p) >> 3) + i] = v;
}
