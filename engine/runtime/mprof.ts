/**
 * The heap profile: which objects are sampled, and what is known about the places that made them.
 *
 * Every byte of a slot has the same chance of being sampled, once in MemProfileRate: the distance from one sample to
 * the next is drawn from an exponential distribution. Objects that join a tiny block take no new slot and are never
 * sampled. A sampled object carries a special, by which its death is counted in the bucket of its birth.
 *
 * With rate 0 nothing is sampled; so Go's linker has it for programs that never ask for the profile, and so it is here
 * until `setMemProfileRate`.
 *
 * Go 1.26: runtime/mprof.go, runtime/malloc.go (profilealloc, nextSample, fastexprand).
 * Differs: a generator of its own is drawn from, not the thread's; a profile never changes anything else that happens.
 * Differs: a stack has one entry, the place that the program names.
 * Differs: as long as the rate has always been 0, slots are not counted; a rate set later begins with a sample anyhow.
 */
import { load32, lock, store32, unlock } from "../memory/atomics.ts";
import { throwFatal } from "../memory/fatal.ts";
import type { Memory } from "../memory/memory.ts";
import { memstats, mprof } from "../records/globals.ts";
import type { MCache } from "../records/mcache.ts";
import * as mcache from "../records/mcache.ts";
import { buckhash_sysAt } from "../records/memstats.ts";
import * as rec from "../records/mprof.ts";
import { fastlog2 } from "./fastlog2.ts";
import { sysAlloc } from "./mem.ts";
import { setprofilebucket } from "./mheap_specials.ts";
import { persistentalloc } from "./persistentalloc.ts";

/** As far away as numbers here reach. Go: math.MaxInt64. */
const never = 2 ** 53 - 1;

/** Sets the mean distance of samples in bytes: 0 for none, 1 for every slot. Go: runtime.MemProfileRate = rate. */
export function setMemProfileRate(m: Memory, rate: number): void {
  const g = mprof(m);
  rec.setMemProfileRate(m, g, rate);
  if (rate !== 0) rec.setCounting(m, g, 1);
}

/** Begins the generator of the profile. @param seed any 32 bits */
export function profileSeed(m: Memory, seed: number): void {
  rec.setRand(m, mprof(m), (seed | 1) >>> 0);
}

/** Whether slots are counted at all. */
export function isProfiling(m: Memory): boolean {
  return rec.counting(m, mprof(m)) !== 0;
}

/** Counts a new slot, and samples it if it is its turn, or if the rate was changed. @param size bytes of the slot */
export function profileSlot(m: Memory, c: MCache, x: number, size: number): void {
  const left = mcache.nextSample(m, c) - size;
  mcache.setNextSample(m, c, left);
  if (left < 0 || rec.memProfileRate(m, mprof(m)) !== mcache.memProfRate(m, c)) profilealloc(m, c, x, size);
}

function profilealloc(m: Memory, c: MCache, x: number, size: number): void {
  mcache.setMemProfRate(m, c, rec.memProfileRate(m, mprof(m)));
  mcache.setNextSample(m, c, nextSample(m));
  mProf_Malloc(m, x, size);
}

/** Bytes until the next sample. */
export function nextSample(m: Memory): number {
  const rate = rec.memProfileRate(m, mprof(m));
  if (rate === 0) return never;
  return rate === 1 ? 0 : fastexprand(m, rate);
}

const randomBitCount = 26;
const minusLog2 = -Math.LN2;

/** A number from an exponential distribution. @param mean its mean, cut at 0x7000000 */
export function fastexprand(m: Memory, mean: number): number {
  const q = (profRand(m) >>> (32 - randomBitCount)) + 1;
  const qlog = Math.min(0, fastlog2(q) - randomBitCount);
  return Math.trunc(qlog * (minusLog2 * Math.min(mean, 0x7000000))) + 1;
}

/** The next 32 bits (xorshift). */
function profRand(m: Memory): number {
  const g = mprof(m);
  for (;;) {
    const before = rec.rand(m, g);
    let x = before | 0;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    if (rec.randCas(m, g, before, x >>> 0)) return x >>> 0;
  }
}

// Buckets.

function cycle(m: Memory): number {
  return rec.mProfCycle(m, mprof(m)) >>> 1;
}

/** The record of a bucket, behind its stack. */
function memRecord(m: Memory, b: rec.Bucket): number {
  return b + rec.bucketLayout.size + 8 * rec.nstk(m, b);
}

function stackAt(b: rec.Bucket, i: number): number {
  return (b + rec.bucketLayout.size + 8 * i) >> 2;
}

function mProf_Malloc(m: Memory, x: number, size: number): void {
  const g = mprof(m);
  const index = (cycle(m) + 2) % rec.futureCycles;
  const b = stkbucket(m, size, rec.callerpc(m, g));
  const mpc = rec.future(memRecord(m, b), index);
  lock(m, rec.profMemFutureLock(g, index));
  rec.setAllocs(m, mpc, rec.allocs(m, mpc) + 1);
  rec.setAllocBytes(m, mpc, rec.allocBytes(m, mpc) + size);
  unlock(m, rec.profMemFutureLock(g, index));
  setprofilebucket(m, x, b);
}

/** Counts the death of a sampled object. */
export function mProf_Free(m: Memory, b: rec.Bucket, size: number): void {
  const g = mprof(m);
  const index = (cycle(m) + 1) % rec.futureCycles;
  const mpc = rec.future(memRecord(m, b), index);
  lock(m, rec.profMemFutureLock(g, index));
  rec.setFrees(m, mpc, rec.frees(m, mpc) + 1);
  rec.setFreeBytes(m, mpc, rec.freeBytes(m, mpc) + size);
  unlock(m, rec.profMemFutureLock(g, index));
}

/** The bucket of a size and a place, made if need be. */
function stkbucket(m: Memory, size: number, pc: number): rec.Bucket {
  const g = mprof(m);
  if (rec.buckhash(m, g) === 0) makeTable(m, g);
  let h = pc | 0;
  h = (h + (h << 10)) | 0;
  h ^= h >>> 6;
  h = (h + size) | 0;
  h = (h + (h << 10)) | 0;
  h ^= h >>> 6;
  h = (h + (h << 3)) | 0;
  h ^= h >>> 11;
  const chain = (rec.buckhash(m, g) as number) + 8 * ((h >>> 0) % rec.buckHashSize);
  const known = findBucket(m, chain, h, size, pc);
  if (known !== 0) return known;
  lock(m, rec.profInsertLock(g));
  const other = findBucket(m, chain, h, size, pc);
  if (other !== 0) {
    unlock(m, rec.profInsertLock(g)); // somebody else was first
    return other;
  }
  const bytes = rec.bucketLayout.size + 8 + rec.recordLayout.size;
  const b: rec.Bucket = persistentalloc(m, bytes, 0, buckhash_sysAt(memstats(m)));
  rec.setTyp(m, b, rec.memProfile);
  rec.setNstk(m, b, 1);
  m.i32[stackAt(b, 0)] = pc;
  rec.setHash(m, b, h);
  rec.setSize(m, b, size);
  rec.setNext(m, b, load32(m, chain));
  rec.setAllnext(m, b, rec.mbuckets(m, g));
  store32(m, chain, b as number);
  rec.setMbuckets(m, g, b);
  unlock(m, rec.profInsertLock(g));
  return b;
}

/** The bucket in a chain; 0 when it is not there. */
function findBucket(m: Memory, chain: number, hash: number, size: number, pc: number): rec.Bucket {
  let b: rec.Bucket = load32(m, chain);
  while (b !== 0) {
    if (rec.hash(m, b) === hash && rec.size(m, b) === size && m.i32[stackAt(b, 0)] === pc) return b;
    b = rec.next(m, b);
  }
  return 0;
}

function makeTable(m: Memory, g: number): void {
  lock(m, rec.profInsertLock(g));
  if (rec.buckhash(m, g) === 0) {
    const table = sysAlloc(m, 8 * rec.buckHashSize, buckhash_sysAt(memstats(m)));
    if (table === 0) throwFatal("runtime: cannot allocate memory");
    rec.setBuckhash(m, g, table);
  }
  unlock(m, rec.profInsertLock(g));
}

// Cycles.

/** Where the count of cycles begins again, a multiple of the three that are counted at once. */
const mProfCycleWrap = rec.futureCycles * (2 << 24);

/** Begins the profile's next cycle, at the end of marking. */
export function mProf_NextCycle(m: Memory): void {
  for (;;) {
    const v = rec.mProfCycle(m, mprof(m));
    const next = (((v >>> 1) + 1) % mProfCycleWrap) << 1;
    if (rec.mProfCycleCas(m, mprof(m), v, next)) return;
  }
}

/** Makes the cycle whose sweep has ended before this cycle's marking active, once. */
export function mProf_Flush(m: Memory): void {
  const g = mprof(m);
  for (;;) {
    const v = rec.mProfCycle(m, g);
    if (!rec.mProfCycleCas(m, g, v, v | 1)) continue;
    if ((v & 1) === 0) flush(m, g, (v >>> 1) % rec.futureCycles);
    return;
  }
}

/** Makes the cycle active whose sweep has just ended: for those who wait for it, as runtime.GC does. */
export function mProf_PostSweep(m: Memory): void {
  flush(m, mprof(m), (cycle(m) + 1) % rec.futureCycles);
}

function flush(m: Memory, g: number, index: number): void {
  lock(m, rec.profMemActiveLock(g));
  lock(m, rec.profMemFutureLock(g, index));
  for (let b = rec.mbuckets(m, g); b !== 0; b = rec.allnext(m, b)) {
    const from = rec.future(memRecord(m, b), index);
    const to = rec.active(memRecord(m, b));
    rec.setAllocs(m, to, rec.allocs(m, to) + rec.allocs(m, from));
    rec.setFrees(m, to, rec.frees(m, to) + rec.frees(m, from));
    rec.setAllocBytes(m, to, rec.allocBytes(m, to) + rec.allocBytes(m, from));
    rec.setFreeBytes(m, to, rec.freeBytes(m, to) + rec.freeBytes(m, from));
    m.u8.fill(0, from, from + rec.cycleLayout.size);
  }
  unlock(m, rec.profMemFutureLock(g, index));
  unlock(m, rec.profMemActiveLock(g));
}

/**
 * One line of the profile: what was sampled of one size at one place, up to the last finished cycle.
 * @zh 采样结果的一行：到最近一个完成的周期为止，在同一处、同一大小上采到的对象。
 */
export interface MemProfileRecord {
  /** Bytes of the sampled objects; not scaled up. @zh 采到的对象的字节数，未按采样率放大。 */
  readonly AllocBytes: number;
  /** Bytes of those of them that were freed. @zh 其中已释放的字节数。 */
  readonly FreeBytes: number;
  /** Objects sampled. @zh 采到的对象数。 */
  readonly AllocObjects: number;
  /** Those of them that were freed. @zh 其中已释放的对象数。 */
  readonly FreeObjects: number;
  /** Bytes of one of the objects. @zh 单个对象的字节数。 */
  readonly size: number;
  /** The place that allocates. @zh 分配它们的位置。 */
  readonly pc: number;
}

/** The profile, in Go's order: the newest bucket first. Go: runtime.MemProfile, which leaves scaling to others. */
export function memProfileRecords(m: Memory): MemProfileRecord[] {
  const records: MemProfileRecord[] = [];
  for (let b = rec.mbuckets(m, mprof(m)); b !== 0; b = rec.allnext(m, b)) {
    const r = rec.active(memRecord(m, b));
    records.push({
      AllocBytes: rec.allocBytes(m, r),
      FreeBytes: rec.freeBytes(m, r),
      AllocObjects: rec.allocs(m, r),
      FreeObjects: rec.frees(m, r),
      size: rec.size(m, b),
      pc: m.i32[stackAt(b, 0)],
    });
  }
  return records;
}
