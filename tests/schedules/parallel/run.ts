/**
 * The parallel run: a process over a SharedArrayBuffer, a thread for each P, and what must be true at the end.
 *
 * `node tests/schedules/parallel/run.ts '{"operations":100000}'` prints its figures as one line of JSON.
 */

import { Worker as NodeWorker } from "node:worker_threads";
import { bufferBytes, type CheckMode, Memory, NIL } from "../../../engine/memory/memory.ts";
import { writeDescriptor } from "../../../engine/process/descriptors.ts";
import { pointer, uint8 } from "../../../engine/process/types.ts";
import { noMemoryLimit } from "../../../engine/records/gcController.ts";
import { allp, sched } from "../../../engine/records/globals.ts";
import { worldsema } from "../../../engine/records/gsched.ts";
import { flushPages } from "../../../engine/runtime/mgc.ts";
import { setMemoryLimit } from "../../../engine/runtime/mgcpacer.ts";
import { scavengeAll } from "../../../engine/runtime/mgcscavenge.ts";
import { memProfileRecords, setMemProfileRate } from "../../../engine/runtime/mprof.ts";
import { readMetrics } from "../../../engine/runtime/mstats.ts";
import { releasep, schedinit } from "../../../engine/runtime/proc.ts";
import {
  semacquire,
  semrelease,
  startTheWorldWithSema,
  stopTheWorldWithSema,
  takep,
} from "../../../engine/runtime/proc_world.ts";
import { stackfree } from "../../../engine/runtime/stack.ts";
import { ParallelError, shareRun, stopRun, watchRun } from "../../../engine/sched/parallel.ts";
import { census, counted } from "./census.ts";
import * as load from "./workload.ts";

export interface Options {
  /** Calls of mallocgc by all threads together. */
  readonly operations: number;
  readonly procs?: number;
  /** Objects that each thread keeps. */
  readonly slots?: number;
  readonly seed?: number;
  readonly censusEvery?: number;
  /** Mean distance of samples of the heap profile, in bytes. */
  readonly profileRate?: number;
  /** How long no thread may make a step. */
  readonly patienceMs?: number;
  readonly windowMiB?: number;
  /** "none": without the heap's own assertions, so that the threads must find it. */
  readonly check?: CheckMode;
}

export interface Figures {
  readonly operations: number;
  readonly procs: number;
  readonly seconds: number;
  readonly cycles: number;
  readonly censuses: number;
  readonly stacks: number;
  readonly cleanups: number;
  readonly samples: number;
  readonly metricsReads: number;
  readonly scavenges: number;
  readonly Mallocs: number;
  readonly Frees: number;
  readonly TotalAlloc: number;
  readonly HeapSys: number;
  readonly releasedAtEnd: number;
}

/** Runs it all. @throws {Error} when a thread fails, or anything is not as it must be */
export async function run(options: Options): Promise<Figures> {
  const procs = options.procs ?? 4;
  const windowBytes = (options.windowMiB ?? 256) * 1024 * 1024;
  const m = new Memory({
    windowBytes,
    buffer: new SharedArrayBuffer(bufferBytes(windowBytes)),
    check: options.check ?? "local",
  });
  schedinit(m, { procs });
  setMemProfileRate(m, options.profileRate ?? 128 * 1024);
  const slots = options.slots ?? 4096;
  const work: load.Work = {
    run: shareRun(m, procs),
    operations: Math.ceil(options.operations / procs),
    slots,
    seed: options.seed ?? 1,
    censusEvery: options.censusEvery ?? 32,
    pointerType: writeDescriptor(m, pointer(uint8)) as number,
    shared: {
      live: new SharedArrayBuffer(4 * slots * procs),
      counts: new SharedArrayBuffer(8 * load.countWords * procs),
      stacks: new SharedArrayBuffer(4 * load.numStackOrders),
      tiny: new SharedArrayBuffer(4 * procs),
      cycles: new SharedArrayBuffer(8),
    },
  };
  new Int32Array(work.shared.live).fill(NIL);
  new Int32Array(work.shared.tiny).fill(NIL);
  releasep(m); // P 0 is a thread's, too
  const seconds = await runThreads(work, options.patienceMs ?? 30_000);
  return finish(m, work, procs, seconds);
}

/** Starts a thread for each P, and waits. A thread that hangs is ended. */
async function runThreads(work: load.Work, patienceMs: number): Promise<number> {
  const start = performance.now();
  const url = new URL("./thread.ts", import.meta.url);
  const workers = Array.from({ length: work.run.threads }, (_, i) => new NodeWorker(url, { workerData: { work, i } }));
  const died = new Promise<never>((_, reject) => {
    for (const worker of workers) worker.on("error", reject);
  });
  try {
    await Promise.race([watchRun(work.run, patienceMs), died]);
  } catch (error) {
    stopRun(work.run);
    throw error;
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return (performance.now() - start) / 1000;
}

/** The heap when all threads are done: first with what lives, then with nothing, then with one P. */
function finish(m: Memory, work: load.Work, procs: number, seconds: number): Figures {
  takep(m, allp(m, 0));
  const sema = worldsema(sched(m));
  const sum = counted(work);
  const last = { ...work, censusEvery: 1 };
  setMemoryLimit(m, noMemoryLimit);
  semacquire(m, sema);
  load.cycle(m, last);
  const stats = census(m, work);

  new Int32Array(work.shared.live).fill(NIL);
  const stacks = new Int32Array(work.shared.stacks);
  stacks.forEach((lo, order) => {
    if (lo !== 0) stackfree(m, lo - 1, 2048 << order);
  });
  load.cycle(m, last);
  load.cycle(m, last); // now the profile knows of every death, and no tiny block is left
  const empty = census(m, work);
  expect(empty.HeapObjects, 0, "HeapObjects of a heap in which nothing lives");
  expect(empty.HeapInuse, 0, "HeapInuse of a heap in which nothing lives");
  expect(empty.Mallocs, stats.Mallocs, "Mallocs, after nothing was allocated");
  expect(empty.StackInuse, 0, "StackInuse when no stack is left");
  const samples = checkProfile(m);
  expect(readMetrics(m)["/gc/cleanups/queued:cleanups"], sum[load.countCleanups], "cleanups queued");

  stopTheWorldWithSema(m);
  startTheWorldWithSema(m, 1);
  flushPages(m, allp(m, 0)); // what a page cache holds cannot be given back
  const released = scavengeAll(m);
  const one = census(m, work);
  semrelease(m, sema);
  expect(one.HeapReleased, one.HeapIdle, "HeapReleased after scavengeAll");
  expect(one.MCacheInuse, 2296, "MCacheInuse with one P");
  const [cycles, censuses] = new Int32Array(work.shared.cycles);
  return {
    operations: work.operations * procs,
    procs,
    seconds,
    cycles,
    censuses,
    stacks: sum[load.countStacks],
    cleanups: sum[load.countCleanups],
    samples,
    metricsReads: sum[load.countReads],
    scavenges: sum[load.countScavenges],
    Mallocs: stats.Mallocs,
    Frees: stats.Frees,
    TotalAlloc: stats.TotalAlloc,
    HeapSys: one.HeapSys,
    releasedAtEnd: released,
  };
}

/** Every sampled object has died. @returns how many there were */
function checkProfile(m: Memory): number {
  let samples = 0;
  for (const r of memProfileRecords(m)) {
    expect(r.FreeObjects, r.AllocObjects, `sampled objects of ${r.size} bytes that died`);
    samples += r.AllocObjects;
  }
  return samples;
}

function expect(is: number, want: number, what: string): void {
  if (is !== want) throw new Error(`${what}: ${is}, not ${want}`);
}

if (process.argv[1]?.endsWith(new URL(import.meta.url).pathname)) {
  try {
    console.log(JSON.stringify(await run(JSON.parse(process.argv[2] ?? '{"operations":1000000}'))));
  } catch (error) {
    console.log(JSON.stringify({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }));
    process.exitCode = 1;
    if (!(error instanceof ParallelError)) process.exit();
  }
}
