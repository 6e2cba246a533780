/**
 * Locks, and atomics on words that are no record's field.
 *
 * A lock is a 4-byte word: 0 free, 1 held, 2 held and waited for. In the plain build nobody can hold a lock that is
 * asked for, so a second `lock` is a deadlock and throws; over a shared buffer it waits; the stepped build replaces
 * `lock` and `unlock` by steps of its scheduler. Go: runtime/lock_futex.go (lock, unlock), runtime/lock_spinbit.go.
 */
import { Fatal } from "./fatal.ts";
import { compareAndSwap32 } from "./layout.ts";
import type { Memory } from "./memory.ts";

/** Takes the lock at `l`. @param l 4-aligned offset of the lock word */
export function lock(m: Memory, l: number): void {
  if (m.lockLog !== null) m.lockLog.push(l);
  if (m.isShared) {
    lockShared(m, l);
    return;
  }
  if (m.i32[l >> 2] !== 0) throw new Fatal("deadlock: lock is held and nobody else can run");
  m.i32[l >> 2] = 1;
}

/** Gives the lock at `l` back. */
export function unlock(m: Memory, l: number): void {
  if (m.isShared) {
    unlockShared(m, l);
    return;
  }
  if (m.i32[l >> 2] === 0) throw new Fatal("unlock of unlocked lock");
  m.i32[l >> 2] = 0;
}

/** True while somebody holds the lock at `l`. Go: assertLockHeld asks this of the thread itself. */
export function isLocked(m: Memory, l: number): boolean {
  return m.i32[l >> 2] !== 0;
}

/** `lock` over a shared buffer. */
export function lockShared(m: Memory, l: number): void {
  const i = l >> 2;
  if (Atomics.compareExchange(m.i32, i, 0, 1) === 0) return;
  while (Atomics.exchange(m.i32, i, 2) !== 0) Atomics.wait(m.i32, i, 2);
}

/** `unlock` over a shared buffer. */
export function unlockShared(m: Memory, l: number): void {
  const i = l >> 2;
  const old = Atomics.exchange(m.i32, i, 0);
  if (old === 0) throw new Fatal("unlock of unlocked lock");
  if (old === 2) Atomics.notify(m.i32, i, 1);
}

/**
 * Waits while the word at `at` is `value`, until somebody wakes it. It may end early: look again. Go: futexsleep.
 *
 * @throws {Fatal} where nobody else can run, and so nobody can wake it
 */
export function futexsleep(m: Memory, at: number, value: number): void {
  if (m.i32[at >> 2] !== value) return;
  if (!m.isShared) throw new Fatal("deadlock: a thread waits and nobody else can run");
  Atomics.wait(m.i32, at >> 2, value);
}

/** Wakes up to `count` of those who wait at the word at `at`. Go: futexwakeup. */
export function futexwakeup(m: Memory, at: number, count: number): void {
  if (m.isShared) Atomics.notify(m.i32, at >> 2, count);
}

/** Atomic load of the byte at `at`. Go: atomic.Load8. */
export function load8(m: Memory, at: number): number {
  return m.isShared ? Atomics.load(m.u8, at) : m.u8[at];
}

/** Atomic load of the 32-bit word at `at`. */
export function load32(m: Memory, at: number): number {
  return m.isShared ? Atomics.load(m.i32, at >> 2) : m.i32[at >> 2];
}

/** Atomic store of the 32-bit word at `at`. */
export function store32(m: Memory, at: number, v: number): void {
  if (m.isShared) Atomics.store(m.i32, at >> 2, v);
  else m.i32[at >> 2] = v;
}

/** Compare-and-swap of the 32-bit word at `at`. */
export function cas32(m: Memory, at: number, old: number, v: number): boolean {
  return compareAndSwap32(m, at, old, v);
}

/** Sets bits of the byte at `at`. Go: atomic.Or8. */
export function or8(m: Memory, at: number, bits: number): void {
  if (m.isShared) Atomics.or(m.u8, at, bits);
  else m.u8[at] |= bits;
}

/** Sets bits of the byte at `at`. @returns the byte before. Go: atomic.Or32 on the word that it is part of */
export function fetchOr8(m: Memory, at: number, bits: number): number {
  if (m.isShared) return Atomics.or(m.u8, at, bits);
  const old = m.u8[at];
  m.u8[at] = old | bits;
  return old;
}

/** Puts another byte at `at`. @returns the byte before. Go: atomic.Xchg8 */
export function exchange8(m: Memory, at: number, v: number): number {
  if (m.isShared) return Atomics.exchange(m.u8, at, v);
  const old = m.u8[at];
  m.u8[at] = v;
  return old;
}

/** Keeps only `bits` of the byte at `at`. Go: atomic.And8. */
export function and8(m: Memory, at: number, bits: number): void {
  if (m.isShared) Atomics.and(m.u8, at, bits);
  else m.u8[at] &= bits;
}
