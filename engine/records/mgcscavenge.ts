/**
 * The scavenger's records: which chunks may hold something to give back, how much shall be retained, and how the
 * background scavenger divides its time.
 *
 * scavChunkData, 64 bits a chunk; all zero is a chunk that was just grown into
 *
 *    63                       32 31   26 25        16 15         0
 *   ├──────────────────────────┬───────┬────────────┬────────────┤   inUse: pages allocated now
 *   │           gen            │ flags │ lastInUse  │   inUse    │   lastInUse: when generation `gen` began
 *   └──────────────────────────┴───────┴────────────┴────────────┘   gen: the generation of the last change
 *
 * A cursor of the index says where the next search begins: no chunk above it is worth a look. It is written as a
 * number: 0 for the lowest address (nothing to find), else 1 plus the number of a page, counted from the first chunk
 * that the allocator was made for; negative while it is marked, that is raised since the last search.
 *
 * Go 1.26: runtime/mgcscavenge.go (scavengeIndex, scavChunkData, scavenge, scavengerState, piController),
 * runtime/mranges.go (atomicOffAddr), runtime/mpagealloc.go (pageAlloc.scav).
 * Differs: a chunk's data is two words, not one atomic one of 64 bits; a search that reads between the two stores takes
 * one chunk for denser or emptier than it is, and takes the heap lock before it does anything. Differs: a cursor is the
 * number of a page in 32 bits, not an address in 64, for want of a compare-and-swap of 64.
 * Differs: the scavenger has no goroutine; `sleepStart`, `sleepUntil` and `worked` keep what lies on its stack.
 */
import { Layout } from "../memory/layout.ts";
import type { Memory, Ptr } from "../memory/memory.ts";
import { fromUint64, toUint64 } from "../memory/u64.ts";

export type ScavengeIndex = Ptr<"scavengeIndex">;
export type PiController = Ptr<"piController">;
export type Scavenger = Ptr<"scavengerState">;

/** Bytes of a chunk's data. */
export const scavChunkDataBytes = 8;
/** Flag of a chunk: something in it may be left to give back. */
export const scavChunkHasFree = 1;
/** Where the flags begin in the low word, and its part for lastInUse. */
export const scavChunkFlagsShift = 26;
export const scavChunkInUseMask = 0x3ff;

export const indexLayout = new Layout("scavengeIndex");
/** Offset at which the data of chunk 0 would lie; may be negative. Chunks min..max-1 have memory. */
export const [chunks, setChunks] = indexLayout.i32("chunks");
export const [min, setMin] = indexLayout.u32a("min");
export const [max, setMax] = indexLayout.u32a("max");
/** The lowest chunk that was grown into; 0 before the first. */
export const [minHeapIdx, setMinHeapIdx] = indexLayout.u32a("minHeapIdx");
/** Chunk whose page 0 has number 1 in a cursor. */
export const [origin, setOrigin] = indexLayout.u32("origin");
/** Cursor of the background scavenger and of heap growth; raised when a generation begins. */
export const [searchAddrBg, setSearchAddrBg, searchAddrBgCas] = indexLayout.u32a("searchAddrBg");
/** Cursor of forced scavenging; raised by every free. */
export const [searchAddrForce, setSearchAddrForce, searchAddrForceCas] = indexLayout.u32a("searchAddrForce");
/** The highest page freed in this generation, as a cursor. */
export const [freeHWM, setFreeHWM] = indexLayout.u32("freeHWM");
/** Grows by 1 with each collection, when marking ends. */
export const [gen, setGen] = indexLayout.u32("gen");
/** Not 0: an index by itself, without a heap around it. */
export const [test, setTest] = indexLayout.u8("test");
indexLayout.seal();

export const scavLayout = new Layout("pageAlloc.scav");
export const index = scavLayout.record("index", indexLayout);
/** Bytes given back in the background, and on allocation, since they were last printed. */
export const [releasedBg, setReleasedBg, addReleasedBg] = scavLayout.i64a("releasedBg");
export const [releasedEager, setReleasedEager, addReleasedEager] = scavLayout.i64a("releasedEager");
scavLayout.seal();

export const piLayout = new Layout("piController");
/** Proportional constant, integral time constant, reset time. */
export const [kp, setKp] = piLayout.f64("kp");
export const [ti, setTi] = piLayout.f64("ti");
export const [tt, setTt] = piLayout.f64("tt");
/** Bounds of the output. */
export const [outMin, setOutMin] = piLayout.f64("min");
export const [outMax, setOutMax] = piLayout.f64("max");
/** Integral of the error up to now. */
export const [errIntegral, setErrIntegral] = piLayout.f64("errIntegral");
/** Whether errIntegral, or something computed from an input, ever left the range of doubles. */
export const [errOverflow, setErrOverflow] = piLayout.u8("errOverflow");
export const [inputOverflow, setInputOverflow] = piLayout.u8("inputOverflow");
piLayout.seal();

export const goalsLayout = new Layout("scavenge");
const [gcPercentGoalOf, setGcPercentGoalOf] = goalsLayout.i64a("gcPercentGoal");
const [memoryLimitGoalOf, setMemoryLimitGoalOf] = goalsLayout.i64a("memoryLimitGoal");
/** Nanoseconds that allocations have spent scavenging in this cycle, and the background scavenger. */
export const [assistTime, setAssistTime, addAssistTime] = goalsLayout.i64a("assistTime");
export const [backgroundTime, setBackgroundTime, addBackgroundTime] = goalsLayout.i64a("backgroundTime");
goalsLayout.seal();

/** Bytes of heap to retain, by GOGC; `noUint64` when there is no such goal. */
export function gcPercentGoal(m: Memory, g: Ptr<"scavenge">): number {
  return fromUint64(gcPercentGoalOf(m, g));
}

export function setGcPercentGoal(m: Memory, g: Ptr<"scavenge">, bytes: number): void {
  setGcPercentGoalOf(m, g, toUint64(bytes));
}

/** Bytes of memory to retain, by the memory limit; `noUint64` when there is no such goal. */
export function memoryLimitGoal(m: Memory, g: Ptr<"scavenge">): number {
  return fromUint64(memoryLimitGoalOf(m, g));
}

export function setMemoryLimitGoal(m: Memory, g: Ptr<"scavenge">, bytes: number): void {
  setMemoryLimitGoalOf(m, g, toUint64(bytes));
}

export const scavengerLayout = new Layout("scavengerState");
/** Offset of the lock word. */
export const lock = scavengerLayout.bytes("lock", 8, 8);
/** Not 0: whoever watches the clock shall wake the scavenger. */
export const [sysmonWake, setSysmonWake] = scavengerLayout.u32a("sysmonWake");
/** Not 0: it waits, for its timer or for someone to wake it. */
export const [parked, setParked] = scavengerLayout.u8("parked");
export const [printControllerReset, setPrintControllerReset] = scavengerLayout.u8("printControllerReset");
/** Time worked over time slept. */
export const [sleepRatio, setSleepRatio] = scavengerLayout.f64("sleepRatio");
export const sleepController = scavengerLayout.record("sleepController", piLayout);
/** Nanoseconds during which the controller is not asked. */
export const [controllerCooldown, setControllerCooldown] = scavengerLayout.i64("controllerCooldown");
/** When the sleep began, and when the timer ends it; `notAsleep` in both when it does not sleep. */
export const [sleepStart, setSleepStart] = scavengerLayout.i64("sleepStart");
export const [sleepUntil, setSleepUntil] = scavengerLayout.i64("sleepUntil");
/** Nanoseconds worked before the sleep. */
export const [worked, setWorked] = scavengerLayout.f64("worked");
scavengerLayout.seal();

export const notAsleep = -1;
