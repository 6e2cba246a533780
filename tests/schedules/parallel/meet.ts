/** A process on which all threads run one task of tasks.ts; and what must be true of it afterwards. */
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { checkInvariants } from "../../../engine/check/invariants.ts";
import { load64 } from "../../../engine/memory/layout.ts";
import { bufferBytes, Memory } from "../../../engine/memory/memory.ts";
import { osFigures } from "../../../engine/memory/os.ts";
import { allp, data, memstats } from "../../../engine/records/globals.ts";
import { other_sysAt } from "../../../engine/records/memstats.ts";
import { flushallmcaches } from "../../../engine/runtime/mcache.ts";
import { freeSpan } from "../../../engine/runtime/mheap.ts";
import { readmemstats } from "../../../engine/runtime/mstats.ts";
import { releasep, schedinit } from "../../../engine/runtime/proc.ts";
import { takep } from "../../../engine/runtime/proc_world.ts";
import { type ParallelRun, shareRun, watchRun } from "../../../engine/sched/parallel.ts";
import { adds, blocks, type Task } from "./tasks.ts";

export const windowBytes = 64 * 1024 * 1024;
const threads = 4;

/** A process over bytes that can be shared. */
export function bootShared(procs: number, heapBase?: number): Memory {
  const buffer = new SharedArrayBuffer(bufferBytes(windowBytes));
  const m = new Memory({ windowBytes, buffer, check: "local", ...(heapBase === undefined ? {} : { heapBase }) });
  schedinit(m, { procs });
  return m;
}

export interface Given {
  /** Offset of 8 bytes. */
  readonly counter?: number;
  readonly results?: SharedArrayBuffer;
  readonly patienceMs?: number;
  /** tasks.ts, or what a fault has made of it. */
  readonly path?: string;
}

const tasksPath = join(import.meta.dirname, "tasks.ts");

/** Runs one task on every thread of a run, and ends them all. */
export async function runTasks(run: ParallelRun, what: Task["what"], given: Given = {}): Promise<void> {
  const { counter = 0, results = new SharedArrayBuffer(0), patienceMs = 30_000, path = tasksPath } = given;
  const ready = new SharedArrayBuffer(4);
  const workers = Array.from({ length: run.threads }, (_, i) => {
    const task: Task = { run, i, what, counter, results, ready };
    return new Worker(path, { workerData: task, execArgv: ["--no-warnings"] });
  });
  try {
    await watchRun(run, patienceMs);
  } finally {
    await Promise.all(workers.map((w) => w.terminate()));
  }
}

/** The tasks that meet in one place of the allocator. */
export const places = ["counts", "bits", "spans", "statistics", "stacks", "pages", "bitmaps"] as const;
export type Place = (typeof places)[number];

/** Lets four threads meet. @throws {Error} naming what is wrong @param path tasks.ts with a fault in it */
export async function meet(what: Place, path?: string): Promise<void> {
  const m = bootShared(threads);
  releasep(m);
  const counter = what === "counts" || what === "bits" ? data(m) : other_sysAt(memstats(m));
  const results = new SharedArrayBuffer(what === "counts" ? 8 * adds * threads : 4 * blocks * threads);
  const before = osFigures(m);
  const given = { counter, results, patienceMs: path === undefined ? 30_000 : 5000 };
  await runTasks(shareRun(m, threads), what, path === undefined ? given : { ...given, path });

  takep(m, allp(m, 0));
  if (what === "counts") checkCounts(m, counter, new Float64Array(results));
  if (what === "bits") equal(m.u8[counter], 0, "bits that all have cleared");
  if (what === "spans") for (const s of new Int32Array(results)) if (s !== 0) freeSpan(m, s);
  readmemstats(m); // compares what is counted twice, as the heap is checked
  checkInvariants(m);
  if (what === "pages") {
    equal(osFigures(m).committed - before.committed, threads * blocks * 4096, "bytes committed");
    equal(new Set(new Int32Array(results)).size, threads * blocks, "pages");
  }
  if (what === "stacks") {
    flushallmcaches(m);
    equal(readmemstats(m).StackInuse, 0, "StackInuse");
  }
}

/** Each thread was told sums that nobody else was told, and together all of them. */
function checkCounts(m: Memory, counter: number, told: Float64Array): void {
  const each = 2 ** 32 - 1;
  equal(load64(m, counter), told.length * each, "the sum");
  told.sort().forEach((sum, i) => {
    equal(sum, (i + 1) * each, `sum ${i + 1}`);
  });
}

function equal(is: number, want: number, what: string): void {
  if (is !== want) throw new Error(`${what}: ${is}, not ${want}`);
}
