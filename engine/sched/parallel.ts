/**
 * The parallel driver: several threads, each with a `Memory` of its own over the bytes of one process.
 *
 *   the thread that has booted        a new thread
 *   ──────────────────────────        ─────────────────────────────────────────────
 *   run = shareRun(m, threads)
 *   start threads with { run, i } ──> runThread(run, i, body)
 *   await watchRun(run)                 m = attach(run.process); body(m, …) takes a P and gives it back
 *
 * A thread is whatever can take a SharedArrayBuffer: a worker of a browser, a worker thread of Node. The host starts
 * it, and ends it when the watch has failed; nothing here knows how. All of Go's state lies in the process's buffer; the
 * control block lies in a buffer of its own, so that a run leaves nothing behind in the process.
 *
 * Never a hang: a thread that throws says so in the control block, and asks the others to stop; a thread that waits for
 * a lock which the dead one had never comes to that, so the watch gives up after a while. It does so, too, when no
 * thread has made a step for long, or has not even begun.
 *
 * Not in Go, where the operating system has threads.
 */
import { type CheckMode, Memory } from "../memory/memory.ts";

/** What a thread needs to know of a process. It goes through postMessage as it is. */
export interface SharedProcess {
  readonly buffer: SharedArrayBuffer;
  readonly windowBytes: number;
  readonly heapBase: number;
  readonly check: CheckMode;
}

/** A run of several threads over one process. It goes through postMessage as it is. */
export interface ParallelRun {
  readonly process: SharedProcess;
  readonly threads: number;
  readonly control: SharedArrayBuffer;
}

// The control block: a head of four words, then a block for each thread.
const headWords = 4;
const stopWord = 0;
/** Counts the changes of any state: what a watch sleeps at. */
const changesWord = 1;
const threadBytes = 4096;
const stateWord = 0;
const stepsWord = 1;
const lengthWord = 2;
/** Where the text begins that a failed thread leaves, in UTF-16. */
const textWord = 4;

const NOT_STARTED = 0;
const RUNNING = 1;
const FINISHED = 2;
const FAILED = 3;

/** Milliseconds between two looks of a watch. */
const lookMs = 100;
/** Looks that threads get to come to an end after one has failed. */
const graceLooks = 20;

/** The process of `m`, for other threads. @throws {TypeError} unless its buffer can be shared */
export function shareProcess(m: Memory): SharedProcess {
  if (!m.isShared) throw new TypeError("this process lies in an ArrayBuffer: boot it over a SharedArrayBuffer");
  const buffer = m.buffer as SharedArrayBuffer;
  return { buffer, windowBytes: m.windowBytes, heapBase: m.heapBase, check: m.check };
}

/** The process as another thread sees it: nothing is written, and no P runs on it yet. */
export function attach(process: SharedProcess): Memory {
  return new Memory(process);
}

/** A run of `threads` threads over the process of `m`, none of which has started. */
export function shareRun(m: Memory, threads: number): ParallelRun {
  return { process: shareProcess(m), threads, control: new SharedArrayBuffer(4 * headWords + threads * threadBytes) };
}

function words(run: ParallelRun): Int32Array {
  return new Int32Array(run.control);
}

function block(i: number): number {
  return headWords + (i * threadBytes) / 4;
}

/** One thread of a run, as its own body sees it. */
export class Thread {
  readonly run: ParallelRun;
  readonly i: number;
  readonly #words: Int32Array;

  constructor(run: ParallelRun, i: number) {
    this.run = run;
    this.i = i;
    this.#words = words(run);
  }

  /** True when another thread has failed, or the watch has ended: give the P back and return. */
  get mustStop(): boolean {
    return Atomics.load(this.#words, stopWord) !== 0;
  }

  /** Tells the watch how far this thread has come; any number that was not told before. */
  progress(steps: number): void {
    Atomics.store(this.#words, block(this.i) + stepsWord, steps);
  }

  /** @param error what has ended it; undefined for a thread that has come to its end */
  end(error: unknown): void {
    const at = block(this.i);
    if (error !== undefined) {
      const text = String(error instanceof Error ? (error.stack ?? error) : error).slice(0, (threadBytes - 16) / 2);
      const chars = new Uint16Array(this.run.control, 4 * (at + textWord), text.length);
      for (let k = 0; k < text.length; k++) chars[k] = text.charCodeAt(k);
      this.#words[at + lengthWord] = text.length;
      Atomics.store(this.#words, stopWord, 1);
    }
    this.#change(error === undefined ? FINISHED : FAILED);
  }

  start(): void {
    this.#change(RUNNING);
  }

  #change(state: number): void {
    Atomics.store(this.#words, block(this.i) + stateWord, state);
    Atomics.add(this.#words, changesWord, 1);
    Atomics.notify(this.#words, changesWord);
  }
}

/**
 * Runs the body of thread `i`, to its end or to its first error, of which the watch is told.
 *
 * @param body gets a Memory without a P, and the thread
 */
export function runThread(run: ParallelRun, i: number, body: (m: Memory, thread: Thread) => void): void {
  const thread = new Thread(run, i);
  thread.start();
  try {
    body(attach(run.process), thread);
    thread.end(undefined);
  } catch (error) {
    thread.end(error ?? "undefined was thrown");
  }
}

/** Why a run has not come to its end: what each thread said or where it stood. */
export class ParallelError extends Error {
  override readonly name = "ParallelError";
}

/**
 * Waits for all threads of a run to finish. It does not block: the host goes on.
 *
 * @param patienceMs how long all threads together may make no step
 * @throws {ParallelError} when a thread has failed or none makes a step any more. Threads may still hang then: the host
 * ends them
 */
export async function watchRun(run: ParallelRun, patienceMs = 30_000): Promise<void> {
  const all = words(run);
  let quiet = 0;
  let grace = 0;
  let before = "";
  for (;;) {
    const changes = Atomics.load(all, changesWord);
    const states = statesOf(run, all);
    const running = states.filter((s) => s === RUNNING || s === NOT_STARTED).length;
    const failed = states.includes(FAILED);
    if (running === 0 || (failed && grace >= graceLooks)) {
      if (!failed) return;
      throw new ParallelError(report(run, all, "a thread has failed"));
    }
    if (quiet * lookMs >= patienceMs) {
      Atomics.store(all, stopWord, 1);
      throw new ParallelError(report(run, all, `no thread has made a step for ${patienceMs} ms`));
    }
    await Atomics.waitAsync(all, changesWord, changes, lookMs).value;
    const now = stepsOf(run, all);
    quiet = now === before ? quiet + 1 : 0;
    before = now;
    if (failed) grace++;
  }
}

/** Asks all threads to stop at their next look. */
export function stopRun(run: ParallelRun): void {
  Atomics.store(words(run), stopWord, 1);
}

function statesOf(run: ParallelRun, all: Int32Array): number[] {
  return Array.from({ length: run.threads }, (_, i) => Atomics.load(all, block(i) + stateWord));
}

function stepsOf(run: ParallelRun, all: Int32Array): string {
  const of = (i: number) => `${Atomics.load(all, block(i) + stateWord)} ${Atomics.load(all, block(i) + stepsWord)}`;
  return Array.from({ length: run.threads }, (_, i) => of(i)).join();
}

function report(run: ParallelRun, all: Int32Array, what: string): string {
  const names = ["has not started", "runs", "has finished", "failed"];
  const lines = statesOf(run, all).map((state, i) => {
    const at = block(i);
    const steps = Atomics.load(all, at + stepsWord);
    return `  thread ${i} ${names[state]} after ${steps} steps${state === FAILED ? `: ${textOf(run, all, i)}` : ""}`;
  });
  return `${what}\n${lines.join("\n")}`;
}

function textOf(run: ParallelRun, all: Int32Array, i: number): string {
  const at = block(i);
  const chars = new Uint16Array(run.control, 4 * (at + textWord), all[at + lengthWord]);
  return String.fromCharCode(...chars);
}
