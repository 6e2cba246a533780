/**
 * The parallel build: worker threads, a P each, one SharedArrayBuffer.
 *
 * First the driver alone: a second Memory over the same bytes, pointers of 64 bits, the world stopped, threads that fail
 * or hang. Then four threads in one place of the allocator each, and the whole of it (parallel/workload.ts). At last the
 * same with faults in the engine. `npm run parallel` makes the same run by itself, and tells how often each fault shows.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import { checkInvariants } from "../../engine/check/invariants.ts";
import { addressOf, loadPointer, loadPointerAtomic, storePointerAtomic } from "../../engine/memory/address.ts";
import { load32, store32 } from "../../engine/memory/atomics.ts";
import { load64 } from "../../engine/memory/layout.ts";
import { Memory, NIL } from "../../engine/memory/memory.ts";
import { hashMemory } from "../../engine/observe/hash.ts";
import { allp, data, mheap_, sched } from "../../engine/records/globals.ts";
import { worldsema } from "../../engine/records/gsched.ts";
import * as mcentral from "../../engine/records/mcentral.ts";
import * as mheap from "../../engine/records/mheap.ts";
import * as spanset from "../../engine/records/mspanset.ts";
import * as p from "../../engine/records/runtime2.ts";
import { mallocgc } from "../../engine/runtime/malloc.ts";
import { spanSetPop, spanSetPush } from "../../engine/runtime/mspanset.ts";
import { readmemstats } from "../../engine/runtime/mstats.ts";
import { acquirep, releasep, schedinit } from "../../engine/runtime/proc.ts";
import {
  semacquire,
  semrelease,
  startTheWorldWithSema,
  stopTheWorldWithSema,
  takep,
} from "../../engine/runtime/proc_world.ts";
import { attach, shareProcess, shareRun, watchRun } from "../../engine/sched/parallel.ts";
import { buildWithFault } from "./parallel/build.ts";
import { attempt, raceFaults, runWhole } from "./parallel/faulted.ts";
import { bootShared, meet, places, runTasks, windowBytes } from "./parallel/meet.ts";

const lines: string[] = [];
afterAll(() => console.log(lines.join("\n")));

describe("a second Memory over the bytes of a process", () => {
  test("sees the same heap, has no P, and changes nothing by coming", () => {
    const m = bootShared(2);
    const off = mallocgc(m, 100, 0, true);
    const before = hashMemory(m);
    const other = attach(shareProcess(m));
    expect([other.buffer, other.p, other.heapBase, other.check]).toEqual([m.buffer, 0, m.heapBase, "local"]);
    expect(hashMemory(other)).toBe(before);
    acquirep(other, allp(other, 1));
    expect([p.id(m, m.p), p.id(other, other.p)]).toEqual([0, 1]);
    const theirs = mallocgc(other, 100, 0, true);
    expect(theirs >> 13).not.toBe(off >> 13); // another P has another span
    expect(() => acquirep(attach(shareProcess(m)), allp(m, 1))).toThrow("wirep: invalid p state");
    checkInvariants(m);
    expect(readmemstats(m).Mallocs).toBe(2);
  });

  test("is refused where bytes cannot be shared", () => {
    const m = new Memory({ windowBytes });
    expect(() => shareProcess(m)).toThrow("boot it over a SharedArrayBuffer");
  });
});

describe("words of 64 bits over a shared buffer", () => {
  test.each([undefined, 0xfffc000000])("a pointer that is stored at once reads as one stored by halves", (base) => {
    const m = bootShared(1, base);
    const at = data(m);
    for (const off of [0, 8, 0x3fffff8, windowBytes - 8, NIL, m.data + 16]) {
      storePointerAtomic(m, at, off);
      expect([loadPointer(m, at), loadPointerAtomic(m, at)]).toEqual([off, off]);
      expect(load64(m, at)).toBe(addressOf(m, off));
    }
  });
});

describe("stopping the world", () => {
  test("where nobody else runs it is over at once, and every P is idle again", () => {
    const m = new Memory({ windowBytes });
    schedinit(m, { procs: 3 });
    const statuses = () => [0, 1, 2].map((i) => p.status(m, allp(m, i)));
    stopTheWorldWithSema(m);
    expect(statuses()).toEqual([p._Pgcstop, p._Pgcstop, p._Pgcstop]);
    startTheWorldWithSema(m);
    expect(statuses()).toEqual([p._Prunning, p._Pidle, p._Pidle]);
    stopTheWorldWithSema(m);
    startTheWorldWithSema(m, 1);
    expect(statuses()).toEqual([p._Prunning, p._Pdead, p._Pdead]);
  });

  test("to wait where nobody else runs is a deadlock, and says so", () => {
    const m = new Memory({ windowBytes });
    schedinit(m, { procs: 2 });
    const sema = worldsema(sched(m));
    semacquire(m, sema);
    expect(() => semacquire(m, sema)).toThrow("deadlock: a thread waits and nobody else can run");
    semrelease(m, sema);
    stopTheWorldWithSema(m);
    const other = m.thread();
    expect(() => takep(other, allp(m, 1))).toThrow("deadlock");
  });
});

describe("threads that fail", () => {
  function idleProcess(): Memory {
    const m = bootShared(3);
    releasep(m);
    return m;
  }

  test("threads that come to their end leave a heap that holds, and idle Ps", async () => {
    const m = idleProcess();
    await runTasks(shareRun(m, 3), "allocates");
    checkInvariants(m);
    takep(m, allp(m, 0));
    expect(readmemstats(m).Mallocs).toBe(3000);
  });

  test("an error is reported with its thread; those who wait for the lock that it held are ended", async () => {
    const failed = expect(runTasks(shareRun(idleProcess(), 3), "throws")).rejects;
    await failed.toThrow(/a thread has failed[\s\S]*thread \d failed after 0 steps: Error: thread \d has had enough/);
  });

  test("a run in which nothing happens is given up, and every thread is told to stop", async () => {
    const run = shareRun(idleProcess(), 3);
    const failed = expect(runTasks(run, "sleeps", { patienceMs: 3000 })).rejects;
    await failed.toThrow(/no thread has made a step for 3000 ms\n {2}thread 0 (runs|has not started) after 0 steps/);
    expect(new Int32Array(run.control)[0]).toBe(1);
  });

  test("threads that were never started are missed", async () => {
    await expect(watchRun(shareRun(idleProcess(), 2), 300)).rejects.toThrow("thread 1 has not started after 0 steps");
  });
});

describe("four threads meet in one place", () => {
  test.each(places)("%s: nothing is shared, lost or counted twice", (what) => meet(what));
});

describe("four Ps allocate, collect, sweep and give back at the same time", () => {
  const title = "[A089] ten million operations: no slot is shared, every invariant holds, every figure is exact";
  test(title, { timeout: 600_000 }, async () => {
    const figures = await runWhole({ operations: 10_000_000 });
    lines.push(JSON.stringify(figures));
    expect([figures.operations, figures.procs]).toEqual([10_000_000, 4]);
    expect(figures.Mallocs).toBeGreaterThan(9_800_000); // all but the objects of size 0
    expect(figures.cycles).toBeGreaterThan(50);
    expect(figures.censuses).toBeGreaterThan(10);
    for (const what of [figures.stacks, figures.cleanups, figures.samples, figures.metricsReads, figures.scavenges]) {
      expect(what).toBeGreaterThan(0);
    }
  });
});

describe("a span set whose pusher has the position but has not stored", () => {
  /** Lets a thread pop there, and stores 4711 later. @returns head and what was popped, before and after the store */
  async function popBeforeStore(path?: string): Promise<number[]> {
    const m = bootShared(1);
    const set = mcentral.partial(mheap.central(mheap_(m), 9), 0);
    spanSetPush(m, set, 8);
    spanSetPop(m, set);
    spanset.addTail(m, set, 1); // the first step of a push
    const results = new SharedArrayBuffer(8);
    const popped = new Int32Array(results).fill(-1);
    const given = { counter: set as number, results, ...(path === undefined ? {} : { path }) };
    const pop = runTasks(shareRun(m, 1), "pops", given);
    while (Atomics.load(popped, 0) !== 1) await sleep(10);
    await sleep(300);
    const before = [spanset.head(m, set), Atomics.load(popped, 1)];
    const block = load32(m, spanset.spine(m, set) as number);
    store32(m, spanset.blockSpans(block) + 8, 4711); // the second step
    await pop;
    return [...before, popped[1]];
  }

  test("[A090] a pop claims the position, waits, and gets what is stored then", async () => {
    expect(await popBeforeStore()).toEqual([2, -1, 4711]);
  });

  test("under the fault span-set-pop-does-not-wait it comes back with nothing", async () => {
    expect(await popBeforeStore(buildWithFault("span-set-pop-does-not-wait", "tasks"))).toEqual([2, 0, 0]);
  });
});

describe("with a fault in the engine", () => {
  /** How long a race may stay away before the test gives up. A run takes about a second. */
  const patienceMs = 90_000;

  test.each(raceFaults)("%s shows in a run of %s", async (fault, where) => {
    const end = performance.now() + patienceMs;
    for (let n = 1; performance.now() < end; n++) {
      const found = await attempt(fault, where, n);
      if (found === null) continue;
      lines.push(`${fault}, run ${n}: ${found}`);
      return;
    }
    expect.unreachable(`${patienceMs} ms of runs and no damage`);
  });
});
