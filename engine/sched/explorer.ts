/**
 * The explorer: every interleaving of a few threads, up to a number of preemptions.
 *
 * A thread is a function of the stepped build; a step is what it does between two points where threads may switch. A
 * schedule is a list of decisions [step, thread]: "at that step let that thread go on"; at every other step whoever ran
 * before goes on, and when it cannot (finished, or waiting for a lock) the next in turn that can. Taking the turn from a
 * thread that could have gone on is a preemption; taking it from one that could not is free.
 *
 * Nothing inside a generator is ever saved. Each schedule is run from its first step over the same prepared bytes, so a
 * failing schedule is a small list of numbers that fails again wherever it is played:
 *
 *   decisions []             0 0 0 0 0 0 0 1 1 1 1 1          thread 0 to its end, then thread 1
 *   decisions [[3,1],[5,0]]  0 0 0 1 1 0 0 0 0 1 1 1          two preemptions
 *                                  ^   ^       ^ free
 *
 * A run with decisions d leaves behind the alternatives at every step after the last of d; each is a new list, one
 * longer. So every schedule within the bound is run exactly once, and none is skipped. Bounds 0, 1, 2, … are searched
 * one after the other (the smaller ones cost little), so the first failure has as few preemptions as any.
 *
 * The prepared bytes are put back page by page: the explorer learns which 4 KiB pages the threads write (by comparing
 * the whole buffer after the first runs), restores those, and compares the whole buffer again every 2048 runs and at
 * the end. A page written that it did not know of sends it back to the start, knowing more.
 *
 * After CHESS (Musuvathi and Qadeer, 2007): stateless, preemption-bounded. Not in Go.
 */
import type { Memory } from "../memory/memory.ts";
import { isAwake, type Site, type Steps, waitsForLock } from "./stepped.ts";

/** At step `0` let thread `1` go on. Steps count from 0 over all threads. */
export type Decision = readonly [step: number, thread: number];

/** A schedule that can be replayed. */
export type Schedule = readonly Decision[];

/** A small world and what several threads do in it at once. */
export interface Scenario<T> {
  /** The process just before the race. Its bytes are put back before each run and after the last. */
  readonly prepared: Memory;
  /** One function each: called with a `Memory` of its own (set `m.p` there), it gives the steps of the thread. */
  readonly threads: readonly ((m: Memory) => Steps<T>)[];
  /**
   * Called when all threads have finished: throws if what they came to is wrong. It may go on and use the memory.
   * Many schedules end in the same bytes and results; it is called for the first of them only.
   */
  readonly check: (m: Memory, results: readonly T[]) => void;
  /** The places that the yielded numbers name. */
  readonly sites: readonly Site[];
}

export interface ExploreOptions {
  /** How often a schedule may take the turn from a thread that could go on. */
  readonly preemptions: number;
  /** Give up, with an error, after so many schedules; default 5 million. */
  readonly limit?: number;
  /** Which failure ends the search: others are counted and passed over. Every failure, when absent. */
  readonly wanted?: (error: Error) => boolean;
}

/** One run that went wrong: what was wrong, the schedule, and where each thread stood when it was taken off. */
export interface Failure {
  readonly schedule: Schedule;
  readonly preemptions: number;
  readonly error: Error;
  /** One line per turn: "thread 1, 4 steps, to runtime/mspanset.ts:88 index.compareAndSwap(…)". */
  readonly turns: readonly string[];
}

export interface Exploration {
  /** Schedules run: all there are within the bound, unless `failure` ended the search. */
  readonly schedules: number;
  /** The same by number of preemptions: [none, one, two, …]. */
  readonly byPreemptions: readonly number[];
  readonly steps: number;
  /** Steps of the longest run. */
  readonly longest: number;
  /** Distinct places where a thread was taken off or could have been. */
  readonly places: number;
  /** Distinct states that the runs came to; `check` looks at each once. */
  readonly ends: number;
  /** Schedules that failed, the one in `failure` included. */
  readonly failed: number;
  readonly failure: Failure | null;
}

const PAGE_WORDS = 1024;
const COMPARE_EVERY = 2048;
/** So many turns at one place without any other say that the thread waits for somebody there. */
const SPIN = 100;
/** No run of a small world is longer: what goes on is waiting for something that cannot come. */
const MAX_STEPS = 1_000_000;

/**
 * Runs every schedule with at most `preemptions` preemptions; ends at the first that fails, which is one with as few
 * preemptions as a failure can have.
 *
 * @throws {Error} when the limit is reached: nothing has then been shown
 * @example
 *   const found = explore({ prepared: m, threads: [a, b], check, sites }, { preemptions: 2 });
 *   if (found.failure) replay(scenario, found.failure.schedule);
 */
export function explore<T>(scenario: Scenario<T>, options: ExploreOptions): Exploration {
  const world = new World(scenario);
  const limit = options.limit ?? 5_000_000;
  for (let preemptions = 0; ; ) {
    const done = exploreOnce(world, { ...options, preemptions, limit });
    if (done === null) continue; // it met an unknown page, and knows it now
    if (done.failure !== null || preemptions === options.preemptions) return done;
    preemptions++;
  }
}

/** Runs one schedule again. @returns the failure, or null when this time all is well */
export function replay<T>(scenario: Scenario<T>, schedule: Schedule): Failure | null {
  const world = new World(scenario);
  const run = world.run(schedule, null);
  world.restoreAll();
  return run.error === null ? null : world.describe(schedule, run);
}

/** The schedules still to be run: lists of decisions, with the preemptions that each has spent. */
class Agenda {
  readonly lists: Schedule[] = [[]];
  readonly spent: number[] = [0];
  readonly budget: number;
  prefix: Schedule = [];
  used = 0;

  constructor(budget: number) {
    this.budget = budget;
  }

  next(): boolean {
    const list = this.lists.pop();
    if (list === undefined) return false;
    this.prefix = list;
    this.used = this.spent.pop() as number;
    return true;
  }

  add(step: number, thread: number, cost: number): void {
    if (this.used + cost > this.budget) return;
    this.lists.push([...this.prefix, [step, thread]]);
    this.spent.push(this.used + cost);
  }
}

/** One exploration from the start; null when it met a page that it did not know of and has to begin again. */
function exploreOnce<T>(
  world: World<T>,
  options: Required<Pick<ExploreOptions, "limit">> & ExploreOptions,
): Exploration | null {
  const { preemptions, limit, wanted } = options;
  const agenda = new Agenda(preemptions);
  const byPreemptions = new Array<number>(preemptions + 1).fill(0);
  let schedules = 0;
  let steps = 0;
  let longest = 0;
  let failed = 0;
  let failure: Failure | null = null;
  while (failure === null && agenda.next()) {
    if (schedules === limit) {
      world.restoreAll();
      throw new Error(`more than ${limit} schedules: take a smaller world or fewer preemptions`);
    }
    const run = world.run(agenda.prefix, agenda);
    schedules++;
    byPreemptions[agenda.used]++;
    steps += run.steps;
    longest = Math.max(longest, run.steps);
    // The first runs show nearly every page that is ever written.
    if (schedules < 4) world.learnPages();
    else if ((run.error !== null || schedules % COMPARE_EVERY === 0) && world.learnPages()) return restart(world);
    if (run.error !== null) {
      failed++;
      if (wanted === undefined || wanted(run.error)) failure = world.describe(agenda.prefix, run);
    }
    world.restore();
  }
  if (failure === null && world.learnPages()) return restart(world);
  world.restoreAll();
  return {
    schedules,
    byPreemptions,
    steps,
    longest,
    places: world.places.size,
    ends: world.ends.size,
    failed,
    failure,
  };
}

function restart<T>(world: World<T>): null {
  world.restoreAll();
  return null;
}

interface Turn {
  readonly thread: number;
  steps: number;
  site: number;
}

interface RunResult {
  readonly steps: number;
  readonly preemptions: number;
  readonly error: Error | null;
  readonly turns: readonly Turn[];
}

class World<T> {
  readonly places = new Set<number>();
  /** End states that `check` found to be right, by hash. */
  readonly ends = new Set<string>();
  readonly #scenario: Scenario<T>;
  readonly #memory: Memory;
  readonly #threads: readonly Memory[];
  readonly #before: Int32Array;
  readonly #isWritten: Uint8Array;
  #written: number[] = [];

  constructor(scenario: Scenario<T>) {
    this.#scenario = scenario;
    this.#memory = scenario.prepared;
    this.#threads = scenario.threads.map(() => scenario.prepared.thread());
    this.#before = scenario.prepared.i32.slice();
    this.#isWritten = new Uint8Array(Math.ceil(this.#before.length / PAGE_WORDS));
  }

  /** Runs the threads once under `schedule`. The bytes stay as the run left them. */
  run(schedule: Schedule, agenda: Agenda | null): RunResult {
    const { threads, check, sites } = this.#scenario;
    const n = threads.length;
    const steps: Steps<T>[] = [];
    const results = new Array<T>(n);
    const at = new Array<number>(n).fill(0); // what each thread does next: a site, or ~offset of the lock it waits for
    const held = new Array<number>(n).fill(0);
    const isDone = new Array<boolean>(n).fill(false);
    const turns: Turn[] = [];
    let step = 0;
    let running = -1;
    let preemptions = 0;
    let decided = 0;
    let spinning = 0;
    let live = n;
    let error: Error | null = null;
    try {
      for (let t = 0; t < n; t++) {
        const m = this.#threads[t];
        m.p = 0;
        m.lockLog = null;
        steps.push(threads[t](m));
        // Up to its first access a thread touches nothing shared: that much is done before the race begins.
        if (advance(t)) live--;
      }
      while (live > 0) {
        if (step === MAX_STEPS) throw new Error(`no end after ${MAX_STEPS} steps: a thread waits in a loop`);
        const canGoOn = running >= 0 && isEnabled(running, this.#memory) && spinning < SPIN;
        let chosen = canGoOn ? running : -1;
        for (let i = 1; chosen < 0 && i <= n; i++) {
          const t = (running + i + n) % n;
          if ((t !== running || i === n) && isEnabled(t, this.#memory)) chosen = t;
        }
        if (chosen < 0) throw new Error(`deadlock: ${describeWaiters()}`);
        if (decided < schedule.length) {
          if (schedule[decided][0] === step) {
            chosen = schedule[decided++][1];
            if (!isEnabled(chosen, this.#memory))
              throw new Error(`schedule: thread ${chosen} cannot run at step ${step}`);
          }
        } else if (agenda !== null) {
          const cost = canGoOn ? 1 : 0;
          for (let t = n - 1; t >= 0; t--) {
            if (t !== chosen && t !== running && isEnabled(t, this.#memory)) agenda.add(step, t, cost);
          }
        }
        if (chosen !== running) {
          if (canGoOn) preemptions++;
          spinning = 0;
          running = chosen;
          turns.push({ thread: chosen, steps: 0, site: 0 });
        }
        const turn = turns[turns.length - 1];
        const from = at[chosen];
        if (from >= 0) this.places.add(from);
        step++;
        turn.steps++;
        if (advance(chosen)) live--;
        turn.site = at[chosen];
        spinning = at[chosen] === from ? spinning + 1 : 0;
      }
      const end = this.#endState(results);
      if (!this.ends.has(end)) {
        check(this.#memory, results);
        this.ends.add(end);
      }
    } catch (e) {
      error = e instanceof Error ? e : new Error(String(e));
    }
    return { steps: step, preemptions, error, turns };

    /** Lets thread t go on to its next point. @returns true when it has finished */
    function advance(t: number): boolean {
      for (;;) {
        const from = at[t];
        const next = steps[t].next();
        // A lock is held from the moment that its taker goes on without waiting.
        if (step > 0 && from >= 0) {
          const kind = sites[from].kind;
          if (kind === "unlock") held[t]--;
          else if (kind === "lock" && (next.done || next.value >= 0)) held[t]++;
        } else if (waitsForLock(from) && (next.done || next.value >= 0)) {
          held[t]++;
        }
        if (next.done) {
          results[t] = next.value;
          isDone[t] = true;
          return true;
        }
        at[t] = next.value;
        if (next.value < 0 || sites[next.value].kind !== "plain" || held[t] === 0) return false;
      }
    }

    function isEnabled(t: number, m: Memory): boolean {
      if (isDone[t]) return false;
      return at[t] >= 0 || isAwake(m, at[t]);
    }

    function describeWaiters(): string {
      const waiters: string[] = [];
      for (let t = 0; t < n; t++) if (!isDone[t]) waiters.push(`thread ${t} waits for ${waitedFor(at[t])}`);
      return waiters.join(", ");
    }
  }

  /** Puts the known pages back. */
  restore(): void {
    const words = this.#memory.i32;
    for (const page of this.#written) {
      const from = page * PAGE_WORDS;
      words.set(this.#before.subarray(from, Math.min(from + PAGE_WORDS, this.#before.length)), from);
    }
  }

  /** Puts every byte back. */
  restoreAll(): void {
    this.#memory.i32.set(this.#before);
  }

  /** Compares the whole buffer with what it was. @returns true when a page was written that was not known */
  learnPages(): boolean {
    const words = this.#memory.i32;
    const before = this.#before;
    const known = this.#written.length;
    for (let i = 0; i < words.length; i++) {
      if (words[i] === before[i]) continue;
      const page = Math.floor(i / PAGE_WORDS);
      if (this.#isWritten[page] === 0) {
        this.#isWritten[page] = 1;
        this.#written.push(page);
      }
      i = page * PAGE_WORDS + PAGE_WORDS - 1;
    }
    if (this.#written.length === known) return false;
    this.ends.clear(); // states were told apart by fewer pages
    return true;
  }

  /** The results, and two 32-bit hashes over the pages that the threads write. */
  #endState(results: readonly T[]): string {
    const words = this.#memory.i32;
    let a = 0x811c9dc5;
    let b = 0x2545f491;
    for (const page of this.#written) {
      const end = Math.min((page + 1) * PAGE_WORDS, words.length);
      for (let i = page * PAGE_WORDS; i < end; i++) {
        a = Math.imul(a ^ words[i], 0x01000193);
        b = Math.imul(b + words[i], 0x5bd1e995) ^ (b >>> 15);
      }
    }
    return `${a} ${b} ${JSON.stringify(results)}`;
  }

  describe(schedule: Schedule, run: RunResult): Failure {
    const turns = run.turns.map((turn) => `thread ${turn.thread}, ${turn.steps} steps, to ${this.#place(turn.site)}`);
    return { schedule, preemptions: run.preemptions, error: run.error as Error, turns };
  }

  #place(at: number): string {
    if (at < 0) return `waiting for ${waitedFor(at)}`;
    const site = this.#scenario.sites[at];
    return `${site.file}:${site.line} ${site.what}`;
  }
}

function waitedFor(at: number): string {
  return waitsForLock(at) ? `the lock at ${~at}` : `a change of the word at ${(-at - 2 ** 32) & ~1}`;
}
