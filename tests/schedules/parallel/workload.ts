/**
 * What one thread of the parallel run does: it allocates objects of all kinds on its P, lets old ones die, looks into
 * them before, and counts everything itself. Whoever finds that the heap has grown to its goal collects.
 *
 * A thread keeps a table of objects that live; a new object takes the place of one chosen at random, which is dead then
 * and goes with the next sweep. Into each object it writes words that nobody else writes. If two objects ever shared a
 * byte, or an object were freed or cleared while it lives, the look before its death finds other words. A new object must be zero.
 */

import { SizeClassToSize } from "../../../engine/gc/sizeclasses.ts";
import { type Memory, NIL } from "../../../engine/memory/memory.ts";
import * as gcc from "../../../engine/records/gcController.ts";
import * as globals from "../../../engine/records/globals.ts";
import { worldsema } from "../../../engine/records/gsched.ts";
import * as mspan from "../../../engine/records/mspan.ts";
import { mallocgc } from "../../../engine/runtime/malloc.ts";
import {
  gcBeginCycle,
  gcEndMarking,
  gcFlushRunning,
  gcMarkTermination,
  sweepAll,
} from "../../../engine/runtime/mgc.ts";
import { markObject } from "../../../engine/runtime/mgcmark.ts";
import { heapGoal, setMemoryLimit } from "../../../engine/runtime/mgcpacer.ts";
import { bgscavenge } from "../../../engine/runtime/mgcscavenge_pace.ts";
import { gcPaceSweeper, nothingToSweep, sweepone } from "../../../engine/runtime/mgcsweep.ts";
import { spanOf } from "../../../engine/runtime/mheap.ts";
import { addCleanup } from "../../../engine/runtime/mheap_specials.ts";
import { type Metrics, readMetrics } from "../../../engine/runtime/mstats.ts";
import {
  handoffp,
  safePoint,
  semacquire,
  semrelease,
  startTheWorldWithSema,
  stopTheWorldWithSema,
  takep,
} from "../../../engine/runtime/proc_world.ts";
import { stackalloc, stackfree } from "../../../engine/runtime/stack.ts";
import { sysmon } from "../../../engine/runtime/time.ts";
import type { ParallelRun, Thread } from "../../../engine/sched/parallel.ts";
import { census, noteTinyBlocks } from "./census.ts";

/** What a thread is given, besides its number. */
export interface Work {
  readonly run: ParallelRun;
  /** Calls of mallocgc that each thread makes. */
  readonly operations: number;
  /** Objects that each thread keeps. */
  readonly slots: number;
  readonly seed: number;
  /** A census in every n-th cycle. */
  readonly censusEvery: number;
  /** Descriptor of *byte. */
  readonly pointerType: number;
  readonly shared: Shared;
}

/** What the threads know of each other, beside the heap. */
export interface Shared {
  /** Offsets of the objects that live, `slots` a thread; -1 for none. */
  readonly live: SharedArrayBuffer;
  /** What each thread has counted: `countWords` numbers a thread. */
  readonly counts: SharedArrayBuffer;
  /** Stacks on their way from one thread to another, by order; 0 for none, else offset + 1. */
  readonly stacks: SharedArrayBuffer;
  /** The tiny block that each P was filling when the last cycle began; -1 for none. */
  readonly tiny: SharedArrayBuffer;
  /** Cycles and censuses so far. */
  readonly cycles: SharedArrayBuffer;
}

/** What a thread counts, by place in its block: slots taken of each size class, and … */
export const countTiny = 68;
export const countTinyBlocks = 69;
export const countLarge = 70;
export const countLargeBytes = 71;
export const countZero = 72;
export const countCleanups = 73;
export const countStacks = 74;
export const countReads = 75;
export const countScavenges = 76;
export const countWords = 80;

export const numStackOrders = 6;

const headerBytes = 8;
const maxSmall = 32768;
const pageSize = 8192;
const minRunway = 2 * 1024 * 1024;

/** The size class of a request, by looking through the table. */
const classOf = new Uint8Array(maxSmall + 1);
for (let size = 1, c = 1; size <= maxSmall; size++) {
  while (SizeClassToSize[c] < size) c++;
  classOf[size] = c;
}

/** Words of an object that are written and looked at: all of a small one, of others the ends and one in 512 bytes. */
function step(size: number): number {
  return size <= 512 ? 1 : 128;
}

function word(id: number, k: number): number {
  return (Math.imul(id, 0x9e3779b1) + Math.imul(k, 0x85ebca6b)) | 1;
}

function byte(id: number, k: number): number {
  return (Math.imul(id, 31) + 7 * k) | 128;
}

/** Sizes of phases, for all threads alike: of the larger ones a span holds a few objects only. */
const favourites = [2048, 64, 8192, 16, 1024, 4096, 256, 3072] as const;
const phase = 4096;

const kindNone = 0;
const kindBytes = 1;
const kindScan = 2;

export class Worker {
  readonly #m: Memory;
  readonly #thread: Thread;
  readonly #work: Work;
  readonly #live: Int32Array;
  readonly #counts: Float64Array;
  readonly #stacks: Int32Array;
  readonly #sizes: Int32Array;
  readonly #ids: Int32Array;
  readonly #kinds: Uint8Array;
  readonly #ownStacks = new Int32Array(numStackOrders).fill(NIL);
  #random: number;
  #serial = 0;
  /** The size that this phase is fond of: so whole spans fill up and die together, and all Ps want the same ones. */
  #favourite: number = favourites[0];
  #lastRead: Metrics | null = null;

  constructor(m: Memory, thread: Thread, work: Work) {
    this.#m = m;
    this.#thread = thread;
    this.#work = work;
    const { i } = thread;
    this.#live = new Int32Array(work.shared.live, 4 * work.slots * i, work.slots);
    this.#counts = new Float64Array(work.shared.counts, 8 * countWords * i, countWords);
    this.#stacks = new Int32Array(work.shared.stacks);
    this.#sizes = new Int32Array(work.slots);
    this.#ids = new Int32Array(work.slots);
    this.#kinds = new Uint8Array(work.slots);
    this.#random = Math.imul(work.seed + 1, 0x9e3779b1) ^ Math.imul(i + 1, 0x85ebca6b) || 1;
  }

  /** All operations of this thread. */
  run(): void {
    const m = this.#m;
    takep(m, globals.allp(m, this.#thread.i));
    for (let n = 1; n <= this.#work.operations; n++) {
      safePoint(m);
      this.#operation();
      if ((n & 15) === 0 && this.#isGoalReached()) this.#collect();
      if ((n & 255) === 0) {
        this.#thread.progress(n);
        if (this.#thread.mustStop) break;
        this.#seldom(n);
      }
    }
    this.#ownStacks.forEach((lo, order) => {
      if (lo !== NIL) stackfree(m, lo, 2048 << order);
    });
    for (let k = 0; k < this.#work.slots; k++) this.#look(k);
    handoffp(m);
  }

  #next(): number {
    let x = this.#random;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#random = x;
    return x >>> 0;
  }

  #below(n: number): number {
    return this.#next() % n;
  }

  // One operation.

  #operation(): void {
    const k = this.#below(this.#work.slots);
    this.#look(k);
    this.#live[k] = NIL;
    const what = this.#below(1000);
    if (what < 250) this.#tiny(k, 1 + this.#below(15));
    else if (what < 400) this.#bytes(k, 16 + this.#below(497));
    else if (what < 650) this.#bytes(k, this.#favourite);
    else if (what < 665) this.#bytes(k, 513 + this.#below(32760 - 513));
    else if (what < 965) this.#pointers(k, 8 * (1 + this.#below(64)));
    else if (what < 980) this.#pointers(k, 8 * (65 + this.#below(2048)));
    else if (what < 995) this.#zero(k);
    else if (what < 998) this.#bytes(k, 32761 + this.#below(100_000));
    else if (what < 999) this.#pointers(k, 8 * (4096 + this.#below(8192)));
    else this.#withCleanup(k);
  }

  #tiny(k: number, size: number): void {
    const m = this.#m;
    const off = mallocgc(m, size, 0, true);
    for (let b = off; b < off + size; b++) if (m.u8[b] !== 0) this.#fail(off, size, "is not zero when it is new");
    this.#counts[countTiny]++;
    if (off % 16 === 0) this.#counts[countTinyBlocks]++; // only a new block gives its first byte
    this.#keep(k, off, size, kindBytes);
  }

  #bytes(k: number, size: number): void {
    const needzero = this.#below(8) !== 0;
    const off = mallocgc(this.#m, size, 0, needzero);
    if (needzero) this.#mustBeZero(off, size);
    this.#count(size, 0);
    this.#keep(k, off, size, kindBytes);
  }

  #pointers(k: number, size: number): void {
    const off = mallocgc(this.#m, size, this.#work.pointerType, true);
    this.#mustBeZero(off, size);
    this.#count(size, size > 512 ? headerBytes : 0);
    this.#keep(k, off, size, kindScan);
  }

  #zero(k: number): void {
    const off = mallocgc(this.#m, 0, 0, true);
    if (off !== globals.zerobase(this.#m)) this.#fail(off, 0, "is not zerobase");
    this.#counts[countZero]++;
    this.#kinds[k] = kindNone;
  }

  #withCleanup(k: number): void {
    this.#bytes(k, 64);
    addCleanup(this.#m, this.#live[k], NIL, NIL);
    this.#counts[countCleanups]++;
  }

  #count(size: number, header: number): void {
    if (size > maxSmall - headerBytes) {
      this.#counts[countLarge]++;
      this.#counts[countLargeBytes] += Math.ceil(size / pageSize) * pageSize;
    } else {
      this.#counts[classOf[size + header]]++;
    }
  }

  // Objects.

  #keep(k: number, off: number, size: number, kind: number): void {
    const id = Math.imul(this.#thread.i + 1, 0x01000193) ^ ++this.#serial;
    this.#live[k] = off;
    this.#sizes[k] = size;
    this.#ids[k] = id;
    this.#kinds[k] = kind;
    const { u8, i32 } = this.#m;
    if (size < 16) {
      for (let b = 0; b < size; b++) u8[off + b] = byte(id, b);
      return;
    }
    const words = size >> 2;
    for (let w = 0; w < words; w += step(size)) i32[(off >> 2) + w] = word(id, w);
    i32[(off >> 2) + words - 1] = word(id, words - 1);
  }

  /** Looks into an object of the table: it must be what was written, in a slot of its class. */
  #look(k: number): void {
    if (this.#kinds[k] === kindNone) return;
    const m = this.#m;
    const off = this.#live[k];
    const size = this.#sizes[k];
    const id = this.#ids[k];
    const what = "does not hold what was written into it";
    if (size < 16) {
      for (let b = 0; b < size; b++) if (m.u8[off + b] !== (byte(id, b) & 255)) this.#fail(off, size, what);
      return;
    }
    const words = size >> 2;
    for (let w = 0; w < words; w += step(size)) {
      if (m.i32[(off >> 2) + w] !== word(id, w)) this.#fail(off, size, what);
    }
    if (m.i32[(off >> 2) + words - 1] !== word(id, words - 1)) this.#fail(off, size, what);
    this.#lookAtSpan(k, off, size);
  }

  #lookAtSpan(k: number, off: number, size: number): void {
    const m = this.#m;
    const s = spanOf(m, off);
    const header = this.#kinds[k] === kindScan && size > 512 && size <= maxSmall - headerBytes ? headerBytes : 0;
    const isLarge = size > maxSmall - headerBytes;
    const elemsize = isLarge ? Math.ceil(size / pageSize) * pageSize : SizeClassToSize[classOf[size + header]];
    if (s === 0 || mspan.state(m, s) !== mspan.mSpanInUse || mspan.elemsize(m, s) !== elemsize) {
      this.#fail(off, size, "lies in a span of another class");
    }
    if ((off - header - mspan.startAddr(m, s)) % elemsize !== 0) this.#fail(off, size, "lies across two slots");
    if (header !== 0 && m.i32[(off - header) >> 2] !== this.#work.pointerType) this.#fail(off, size, "lost its type");
  }

  #mustBeZero(off: number, size: number): void {
    const { i32 } = this.#m;
    const words = size >> 2;
    for (let w = 0; w < words; w += step(size)) {
      if (i32[(off >> 2) + w] !== 0) this.#fail(off, size, "is not zero when it is new");
    }
    if (i32[(off >> 2) + words - 1] !== 0) this.#fail(off, size, "is not zero when it is new");
  }

  #fail(off: number, size: number, what: string): never {
    throw new Error(`P ${this.#thread.i}: the object of ${size} bytes at 0x${off.toString(16)} ${what}`);
  }

  // What comes now and then.

  #seldom(n: number): void {
    this.#exchangeStack(this.#below(numStackOrders));
    if (n % phase === 0) this.#favourite = favourites[(n / phase) % favourites.length];
    if (this.#thread.i === 0 && n % 4096 === 0) this.#readMetrics();
    if (this.#thread.i === this.#work.run.threads - 1 && n % 2048 === 0) this.#scavenge(n);
  }

  /** Frees a stack that another thread has made, and passes one on. */
  #exchangeStack(order: number): void {
    const m = this.#m;
    const bytes = 2048 << order;
    const mine = this.#ownStacks[order];
    if (mine !== NIL) {
      const last = (mine + bytes - 4) >> 2;
      if (m.i32[last] !== word(mine, order)) this.#fail(mine, bytes, "is a stack that somebody else wrote into");
      const other = Atomics.exchange(this.#stacks, order, mine + 1) - 1;
      if (other >= 0) stackfree(m, other, bytes);
    }
    const lo = stackalloc(m, bytes);
    m.i32[(lo + bytes - 4) >> 2] = word(lo, order);
    this.#ownStacks[order] = lo;
    this.#counts[countStacks]++;
  }

  /** All metrics are of one moment: what is in objects is in spans, and totals never fall. */
  #readMetrics(): void {
    const r = readMetrics(this.#m);
    const before = this.#lastRead;
    const check = (holds: boolean, what: string) => {
      if (!holds) throw new Error(`metrics of one moment: ${what}: ${JSON.stringify(r)}`);
    };
    check(r["/memory/classes/heap/unused:bytes"] >= 0, "more bytes are in objects than in spans");
    check(r["/memory/classes/heap/objects:bytes"] >= 0, "more was freed than allocated");
    check(r["/gc/heap/objects:objects"] >= 0, "more objects were freed than allocated");
    check(r["/memory/classes/heap/free:bytes"] >= 0, "more is in use than was committed");
    check(r["/memory/classes/heap/released:bytes"] >= 0, "more came back than was released");
    check(before === null || r["/gc/heap/allocs:bytes"] >= before["/gc/heap/allocs:bytes"], "allocs fell");
    check(before === null || r["/gc/heap/frees:bytes"] >= before["/gc/heap/frees:bytes"], "frees fell");
    this.#lastRead = r;
    this.#counts[countReads]++;
  }

  /** The background scavenger, as it would run on this P; and now and then a memory limit that allocations must heed. */
  #scavenge(n: number): void {
    const m = this.#m;
    globals.addClock(m, 5e6);
    sysmon(m);
    if (bgscavenge(m)) this.#counts[countScavenges]++;
    if (n % 8192 !== 0) return;
    const limit = gcc.mappedReady(m, globals.gcController(m)) + 1024 * 1024;
    setMemoryLimit(m, n % 16384 === 0 ? limit : gcc.noMemoryLimit);
  }

  // Collecting.

  #isGoalReached(): boolean {
    const m = this.#m;
    const c = globals.gcController(m);
    return gcc.heapLive(m, c) >= Math.max(heapGoal(m), gcc.heapMarked(m, c) + minRunway);
  }

  /** Go: gcStart, and what a collection does with the world stopped. */
  #collect(): void {
    const m = this.#m;
    const sema = worldsema(globals.sched(m));
    while (this.#isGoalReached() && sweepone(m) !== nothingToSweep);
    semacquire(m, sema);
    if (this.#isGoalReached()) cycle(m, this.#work);
    semrelease(m, sema);
  }
}

/** One cycle: what stands in the tables lives. The caller has worldsema. */
export function cycle(m: Memory, work: Work): void {
  const cycles = new Int32Array(work.shared.cycles);
  stopTheWorldWithSema(m);
  noteTinyBlocks(m, work);
  gcBeginCycle(m);
  markTables(m, work);
  if (++cycles[0] % work.censusEvery === 0) {
    gcEndMarking(m);
    sweepAll(m);
    census(m, work);
    startTheWorldWithSema(m);
    return;
  }
  const sg = gcMarkTermination(m);
  gcPaceSweeper(m, heapGoal(m));
  startTheWorldWithSema(m);
  gcFlushRunning(m, sg);
}

function markTables(m: Memory, work: Work): void {
  const live = new Int32Array(work.shared.live);
  for (let k = 0; k < live.length; k++) if (live[k] >= 0) markObject(m, live[k]);
}
