/**
 * Addresses: what Go prints and stores, against the offsets that the engine computes with.
 *
 * A pointer in memory is Go's own 8 bytes, low half first. Inside the window its address is heapBase + off;
 * outside (globals, zerobase) it is the offset itself, whose high half is 0.
 */
import { type Memory, NIL } from "./memory.ts";

/** Go's 64-bit address of a byte of the buffer, as a plain number below 2^48. 0 for NIL. */
export function addressOf(m: Memory, off: number): number {
  if (off === NIL) return 0;
  return off < m.windowBytes ? m.heapBase + off : off;
}

/** The offset of an address, NIL for 0, or `undefined` when the address lies nowhere in the buffer. */
export function offsetOf(m: Memory, addr: number): number | undefined {
  if (addr === 0) return NIL;
  if (addr >= m.heapBase && addr < m.heapBase + m.windowBytes) return addr - m.heapBase;
  return addr >= m.data && addr < m.buffer.byteLength ? addr : undefined;
}

/** `0xc000012340`: an address as Go prints a pointer. */
export function formatAddress(addr: number): string {
  return `0x${addr.toString(16)}`;
}

/** The offset that the 8-byte pointer at `at` points to; NIL for nil. @param at an 8-aligned offset */
export function loadPointer(m: Memory, at: number): number {
  const lo = m.i32[at >> 2];
  const hi = m.i32[(at >> 2) + 1];
  if (hi === 0) return lo === 0 ? NIL : lo;
  return (lo - m.baseLo) | 0;
}

/** `loadPointer` of a word that others may be storing to: never a half of one pointer and a half of another. */
export function loadPointerAtomic(m: Memory, at: number): number {
  if (!m.isShared) return loadPointer(m, at);
  return fromWord(m, Atomics.load(m.i64!, at >> 3));
}

/**
 * The offset in the window that an 8-byte word names as an address; NIL for any other word, nil among them. For words
 * that may hold anything: a pointer outside the heap, or none at all.
 */
export function windowOffset(m: Memory, lo: number, hi: number): number {
  const off = (hi - m.baseHi) * 2 ** 32 + ((lo >>> 0) - (m.baseLo >>> 0));
  return off >= 0 && off < m.windowBytes ? off : NIL;
}

/** Copies the 8-byte word at `src`, which others may be storing to, to a place that nobody else looks at. */
export function copyWord(m: Memory, dst: number, src: number): void {
  if (m.isShared) {
    m.i64![dst >> 3] = Atomics.load(m.i64!, src >> 3);
    return;
  }
  const { i32 } = m;
  i32[dst >> 2] = i32[src >> 2];
  i32[(dst >> 2) + 1] = i32[(src >> 2) + 1];
}

/** `storePointer` to a word that others may be loading. */
export function storePointerAtomic(m: Memory, at: number, off: number): void {
  if (m.isShared) Atomics.store(m.i64!, at >> 3, BigInt(addressOf(m, off)));
  else storePointer(m, at, off);
}

/** Stores a pointer and gives the one before, in one step. */
export function exchangePointer(m: Memory, at: number, off: number): number {
  if (m.isShared) return fromWord(m, Atomics.exchange(m.i64!, at >> 3, BigInt(addressOf(m, off))));
  const old = loadPointer(m, at);
  storePointer(m, at, off);
  return old;
}

/** Stores a pointer if `old` stands there, in one step. @returns true when it did */
export function compareAndSwapPointer(m: Memory, at: number, old: number, off: number): boolean {
  if (m.isShared) {
    const was = BigInt(addressOf(m, old));
    return Atomics.compareExchange(m.i64!, at >> 3, was, BigInt(addressOf(m, off))) === was;
  }
  if (loadPointer(m, at) !== old) return false;
  storePointer(m, at, off);
  return true;
}

function fromWord(m: Memory, word: bigint): number {
  const lo = Number(BigInt.asIntN(32, word));
  if (word >> 32n === 0n) return lo === 0 ? NIL : lo;
  return (lo - m.baseLo) | 0;
}

/** Stores a pointer without a write barrier. @param at an 8-aligned offset; @param off what it shall point to, or NIL */
export function storePointer(m: Memory, at: number, off: number): void {
  const i = at >> 2;
  if (off >>> 0 < m.windowBytes) {
    const lo = (off + m.baseLo) | 0;
    m.i32[i] = lo;
    m.i32[i + 1] = m.baseHi + (lo >>> 0 < off >>> 0 ? 1 : 0); // a random base may carry into the high half
  } else {
    m.i32[i] = off === NIL ? 0 : off;
    m.i32[i + 1] = 0;
  }
}
