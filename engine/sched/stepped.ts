/**
 * What the stepped build needs at run time: the words that a step speaks, and locks and sleeps that wait by yielding.
 *
 * In the stepped build every function that can reach a shared access is a generator. What it yields tells the explorer
 * what comes next, as one number:
 *
 *   yield n, n >= 0     "the next thing I do is the access at site n": the explorer may run others first
 *   yield n, n < 0      "I wait for the lock at offset ~n": the explorer runs me again when that word is 0
 *   yield n, n < -2^31  "I sleep at a word until it changes": see `sleeping`
 *
 * A site is a place in the source. Its kind decides what the explorer makes of it:
 *
 *   atomic   an atomic load, store, compare-and-swap or add: always a point where threads may switch
 *   lock     taking a lock: a point, and from then on the thread holds one lock more
 *   unlock   giving a lock back: a point, and the thread holds one lock less
 *   sleep    waiting for a word to change: a point
 *   plain    an access to data that a lock guards: a point only when the thread holds no lock. So correct code pays
 *            nothing for it, and code that forgot its lock is torn apart there.
 *
 * Not in Go. The calls to `lock` and `futexsleep` are written by scripts/stepped/transform.ts, never by hand.
 */
import type { Memory } from "../memory/memory.ts";

export type SiteKind = "atomic" | "lock" | "unlock" | "sleep" | "plain";

/** A place in the source where threads may switch. `line` counts from 1. */
export interface Site {
  readonly file: string;
  readonly line: number;
  readonly kind: SiteKind;
  /** The call as it is written there. */
  readonly what: string;
}

/** A function of the stepped build that has been called: every `next()` goes on to just before the next access. */
export type Steps<T> = Generator<number, T, void>;

/** `lock` of memory/atomics.ts where it may have to wait. */
export function* lock(m: Memory, l: number, site: number): Generator<number, void, void> {
  yield site;
  if (m.lockLog !== null) m.lockLog.push(l);
  while (m.i32[l >> 2] !== 0) yield ~l;
  m.i32[l >> 2] = 1;
}

/** `futexsleep` of memory/atomics.ts. Words that threads sleep at are 0 or 1. */
export function* futexsleep(m: Memory, at: number, value: number, site: number): Generator<number, void, void> {
  yield site;
  if (m.i32[at >> 2] === value) yield sleeping(at, value);
}

/** What a thread yields that sleeps while the word at `at` is `value`. @param at a multiple of 4 */
function sleeping(at: number, value: number): number {
  return -(2 ** 32) - (at | value);
}

/** Whether a thread that has yielded `n` < 0 may go on. */
export function isAwake(m: Memory, n: number): boolean {
  if (n >= -(2 ** 31)) return m.i32[~n >> 2] === 0;
  const word = -n - 2 ** 32;
  return m.i32[word >> 2] !== (word & 1);
}

/** True when a thread that has yielded `n` waits for a lock: it has the lock when it goes on. */
export function waitsForLock(n: number): boolean {
  return n < 0 && n >= -(2 ** 31);
}
