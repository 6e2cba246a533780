/**
 * The heap profile: for each place that allocates and each size, what was sampled there.
 *
 *   bucket, 48 bytes │ stack, nstk words │ memRecord: active, future[3]
 *
 * An allocation counts for the cycle after the next, a free that sweeping finds for the next one: only when that
 * cycle's sweep is over are both known of the same moment, and `future` becomes `active`.
 *
 * Go 1.26: runtime/mprof.go (bucket, memRecord, memRecordCycle, mProfCycle).
 */
import { Layout } from "../memory/layout.ts";
import type { Ptr } from "../memory/memory.ts";

export type Bucket = Ptr<"bucket">;
export type MemRecordCycle = Ptr<"memRecordCycle">;

export const buckHashSize = 179999;
/** Cycles that are being counted at the same time. */
export const futureCycles = 3;
/** Go: memProfile, a bucketType. */
export const memProfile = 1;

export const bucketLayout = new Layout("bucket", 48);
export const [next, setNext] = bucketLayout.ptr<"bucket">("next");
export const [allnext, setAllnext] = bucketLayout.ptr<"bucket">("allnext");
export const [typ, setTyp] = bucketLayout.uptr("typ");
export const [hash, setHash] = bucketLayout.uptr("hash");
export const [size, setSize] = bucketLayout.uptr("size");
export const [nstk, setNstk] = bucketLayout.uptr("nstk");
bucketLayout.seal();

export const cycleLayout = new Layout("memRecordCycle", 32);
export const [allocs, setAllocs] = cycleLayout.i64("allocs");
export const [frees, setFrees] = cycleLayout.i64("frees");
export const [allocBytes, setAllocBytes] = cycleLayout.i64("alloc_bytes");
export const [freeBytes, setFreeBytes] = cycleLayout.i64("free_bytes");
cycleLayout.seal();

export const recordLayout = new Layout("memRecord", 128);
export const active = recordLayout.record("active", cycleLayout);
export const future = recordLayout.record("future", cycleLayout, futureCycles);
recordLayout.seal();

export const layout = new Layout("mprof");
export const profInsertLock = layout.bytes("profInsertLock", 8, 8);
export const profMemActiveLock = layout.bytes("profMemActiveLock", 8, 8);
const futureLocks = layout.bytes("profMemFutureLock", 8 * futureCycles, 8);
/** The table of chains, made with the first sample. 0 before. */
export const [buckhash, setBuckhash] = layout.ptra<"buckhash">("buckhash");
/** All buckets of the memory profile, the newest first. */
export const [mbuckets, setMbuckets] = layout.ptra<"bucket">("mbuckets");
/** Cycle times 2, plus 1 when that cycle has been made active. */
export const [mProfCycle, , mProfCycleCas] = layout.u32a("mProfCycle");
/** Mean number of bytes between two samples; 0: none are taken. Go: MemProfileRate. */
export const [memProfileRate, setMemProfileRate] = layout.u32("MemProfileRate");
/** Not 0 once the rate was anything but 0: from then on every slot is counted. */
export const [counting, setCounting] = layout.u32("counting");
/** State of the profile's own generator of random numbers. Go draws from the thread's cheaprand. */
export const [rand, setRand, randCas] = layout.u32a("rand");
/** The place that allocates now, for programs that say it: a pc, and 0 for unknown. Go unwinds the stack. */
export const [callerpc, setCallerpc] = layout.u32("callerpc");
layout.u32("pad");
layout.seal();

/** Offset of the lock word of future[i]. */
export function profMemFutureLock(g: Ptr<"mprof">, i: number): number {
  return futureLocks(g) + 8 * i;
}
