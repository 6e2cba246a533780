/**
 * Threads that do one thing, as fast as they can: some that do not behave, for the driver's own tests, and some that meet
 * in one place of the allocator, where a race would show soonest.
 */
import { workerData } from "node:worker_threads";
import { and8, load8, lock, or8 } from "../../../engine/memory/atomics.ts";
import { add64, Layout } from "../../../engine/memory/layout.ts";
import type { Memory } from "../../../engine/memory/memory.ts";
import { allp, mheap_, sched } from "../../../engine/records/globals.ts";
import { metricsSema } from "../../../engine/records/gsched.ts";
import * as heaparena from "../../../engine/records/heaparena.ts";
import * as stats from "../../../engine/records/memstats.ts";
import * as mheap from "../../../engine/records/mheap.ts";
import * as mspan from "../../../engine/records/mspan.ts";
import { mallocgc } from "../../../engine/runtime/malloc.ts";
import { sysAlloc } from "../../../engine/runtime/mem.ts";
import { freeSpan, heapArenaOf, mheapAlloc, pageIndexOf, pageMaskOf } from "../../../engine/runtime/mheap.ts";
import { newMarkBits } from "../../../engine/runtime/mheap_gcbits.ts";
import { spanSetPop } from "../../../engine/runtime/mspanset.ts";
import { heapStatsAcquire, heapStatsRead, heapStatsRelease } from "../../../engine/runtime/mstats.ts";
import { handoffp, safePoint, semacquire, semrelease, takep } from "../../../engine/runtime/proc_world.ts";
import { stackalloc, stackfree } from "../../../engine/runtime/stack.ts";
import { type ParallelRun, runThread, type Thread } from "../../../engine/sched/parallel.ts";

export interface Task {
  readonly run: ParallelRun;
  readonly i: number;
  readonly what: keyof typeof tasks;
  /** Offset of 8 bytes: a statistic, or bytes that nobody uses; or of a span set. */
  readonly counter: number;
  readonly results: SharedArrayBuffer;
  /** How many threads are ready: none begins before all are. */
  readonly ready: SharedArrayBuffer;
}

const layout = new Layout("counter");
const [load, , add] = layout.i64a("value");
layout.seal();

const far = 2 ** 32 - 1;
/** How often each thread does it. */
export const adds = 50_000;
export const spans = 20_000;
export const blocks = 1000;
export const bitmaps = 20_000;
const flips = 200_000;
export const pairs = 40_000;
const stackRounds = 1500;
const stacksAtOnce = 40;

function onP(m: Memory, thread: Thread, body: () => void): void {
  takep(m, allp(m, thread.i));
  body();
  handoffp(m);
}

/** The bit of a span's page must be there as long as the span is. */
function mustBeInUse(m: Memory, s: mspan.MSpan): void {
  const base = mspan.startAddr(m, s);
  const bits = heaparena.pageInUse(heapArenaOf(m, base)) + pageIndexOf(base);
  if ((load8(m, bits) & pageMaskOf(base)) === 0) throw new Error(`pageInUse has lost the page at ${base}`);
}

const tasks = {
  /** Throws with the heap lock in its hands; the others want it. */
  throws(m: Memory, thread: Thread): void {
    takep(m, allp(m, thread.i));
    lock(m, mheap.lock(mheap_(m)));
    throw new Error(`thread ${thread.i} has had enough`);
  },

  /** The first sleeps for ever; the others go on until they are told. */
  sleeps(m: Memory, thread: Thread): void {
    if (thread.i === 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    onP(m, thread, () => {
      while (!thread.mustStop) safePoint(m);
    });
  },

  allocates(m: Memory, thread: Thread): void {
    onP(m, thread, () => {
      for (let n = 0; n < 1000; n++) mallocgc(m, 64, 0, true);
    });
  },

  /** Pops from the span set at `counter`, whose pusher has the position but has not stored yet. */
  pops(m: Memory, _thread: Thread, { counter, results }: Task): void {
    const popped = new Int32Array(results);
    Atomics.store(popped, 0, 1);
    Atomics.store(popped, 1, spanSetPop(m, counter) as number);
  },

  /** Adds 2^32 - 1 again and again, each time so that both halves change; notes what it was told, and what it read. */
  counts(m: Memory, thread: Thread, { counter, results }: Task): void {
    const told = new Float64Array(results, 8 * adds * thread.i, adds);
    const isAccessor = thread.i % 2 === 0;
    for (let n = 0; n < adds; n++) {
      told[n] = isAccessor ? add(m, counter, far) : add64(m, counter, far);
      const read = load(m, counter);
      if (read < told[n] || read % far !== 0) throw new Error(`read ${read} after ${told[n]}`);
    }
  },

  /** Sets and clears a bit of its own in a byte that all use. */
  bits(m: Memory, thread: Thread, { counter }: Task): void {
    const bit = 1 << thread.i;
    for (let n = 0; n < flips; n++) {
      or8(m, counter, bit);
      if ((load8(m, counter) & bit) === 0) throw new Error(`flip ${n}: a bit that was set is not`);
      and8(m, counter, 0xff ^ bit);
      if ((load8(m, counter) & bit) !== 0) throw new Error(`flip ${n}: a bit that was cleared is set`);
    }
  },

  /** Makes heap spans of a page and frees those of others: bits of neighbours are set and cleared in one byte. */
  spans(m: Memory, thread: Thread, { results }: Task): void {
    const exchange = new Int32Array(results);
    onP(m, thread, () => {
      for (let n = 0; n < spans; n++) {
        safePoint(m);
        const s = mheapAlloc(m, 1, 4);
        mspan.setAllocCount(m, s, 0);
        mustBeInUse(m, s);
        const other = Atomics.exchange(exchange, (n >> 2) % 16, s as number);
        if (other !== 0) {
          mustBeInUse(m, other);
          freeSpan(m, other);
        }
        if (n % 64 === 0) thread.progress(n);
      }
    });
  },

  /** Two threads count pairs that belong together, and two read: no pair may be seen torn, and none may get lost. */
  statistics(m: Memory, thread: Thread): void {
    const sema = metricsSema(sched(m));
    onP(m, thread, () => {
      for (let n = 0; n < pairs; n++) {
        safePoint(m);
        if (thread.i < 2) {
          semacquire(m, sema);
          const d = heapStatsRead(m);
          const [bytes, count] = [stats.largeAlloc(m, d), stats.largeAllocCount(m, d)];
          semrelease(m, sema);
          if (bytes !== 4096 * count) throw new Error(`statistics of one moment: ${bytes} bytes in ${count} objects`);
        } else {
          const sign = n < pairs / 2 ? 1 : -1; // in the end nothing is left
          const d = heapStatsAcquire(m);
          stats.addLargeAlloc(m, d, sign * 4096);
          stats.addLargeAllocCount(m, d, sign);
          heapStatsRelease(m);
        }
        if (n % 64 === 0) thread.progress(n);
      }
    });
  },

  /** Takes more stacks than a P's list holds and frees them: the pool is asked all the time. */
  stacks(m: Memory, thread: Thread): void {
    const own = new Int32Array(stacksAtOnce);
    onP(m, thread, () => {
      for (let n = 0; n < stackRounds; n++) {
        safePoint(m);
        const bytes = 2048 << (n & 1);
        for (let k = 0; k < stacksAtOnce; k++) {
          own[k] = stackalloc(m, bytes);
          m.i32[(own[k] + bytes - 4) >> 2] = (thread.i << 24) | k;
        }
        for (let k = 0; k < stacksAtOnce; k++) {
          const found = m.i32[(own[k] + bytes - 4) >> 2];
          if (found !== ((thread.i << 24) | k)) throw new Error(`stack ${k} of thread ${thread.i} holds ${found}`);
          stackfree(m, own[k], bytes);
        }
        thread.progress(n);
      }
    });
  },

  /** Asks the operating system for pages, all at once. */
  pages(m: Memory, thread: Thread, { counter, results }: Task): void {
    const own = new Int32Array(results, 4 * blocks * thread.i, blocks);
    for (let n = 0; n < blocks; n++) {
      own[n] = sysAlloc(m, 4096, counter);
      if (m.i32[own[n] >> 2] !== 0) throw new Error(`the page at ${own[n]} is somebody else's`);
      m.i32[own[n] >> 2] = (thread.i << 24) | n | (1 << 30);
    }
    for (let n = 0; n < blocks; n++) {
      const found = m.i32[own[n] >> 2];
      if (found !== ((thread.i << 24) | n | (1 << 30)))
        throw new Error(`page ${n} of thread ${thread.i} holds ${found}`);
    }
  },

  /** Takes bitmaps of spans, and writes its name into each. */
  bitmaps(m: Memory, thread: Thread): void {
    const own = new Int32Array(bitmaps);
    onP(m, thread, () => {
      for (let n = 0; n < bitmaps; n++) {
        own[n] = newMarkBits(m, 64);
        if (m.i32[own[n] >> 2] !== 0) throw new Error(`the bitmap at ${own[n]} is somebody else's`);
        m.i32[own[n] >> 2] = thread.i + 1;
      }
      for (let n = 0; n < bitmaps; n++) {
        if (m.i32[own[n] >> 2] !== thread.i + 1) throw new Error(`bitmap ${n} of thread ${thread.i} was taken`);
      }
    });
  },
} as const;

if (workerData !== null) {
  const task = workerData as Task;
  runThread(task.run, task.i, (m, thread) => {
    const ready = new Int32Array(task.ready);
    Atomics.add(ready, 0, 1);
    while (Atomics.load(ready, 0) < task.run.threads && !thread.mustStop);
    tasks[task.what](m, thread, task);
  });
}
