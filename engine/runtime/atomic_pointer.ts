/**
 * Atomic operations on pointers, with the write barrier.
 *
 * The barrier comes before the operation and whether it succeeds or not: a compare-and-swap that fails has recorded a
 * pointer that it does not store, and the object is kept for this cycle. What is recorded as the old pointer may be
 * replaced by somebody else before the operation; that one's barrier has recorded it then.
 *
 * Go 1.26: runtime/atomic_pointer.go.
 */
import {
  compareAndSwapPointer,
  copyWord,
  exchangePointer,
  storePointer,
  storePointerAtomic,
} from "../memory/address.ts";
import type { Memory } from "../memory/memory.ts";
import { writeBarrierEnabled } from "../records/globals.ts";
import * as p from "../records/runtime2.ts";
import { get2 } from "./mwbbuf.ts";

/** Records the pointer at `slot`, and the one that it is to become: the barrier of what follows. It must be on. */
export function atomicwb(m: Memory, slot: number, to: number): void {
  const at = get2(m, p.wbBuf(m.p));
  copyWord(m, at, slot);
  storePointer(m, at + 8, to);
}

/** Stores a pointer. Go: also sync/atomic.StorePointer. */
export function atomicstorep(m: Memory, slot: number, to: number): void {
  if (writeBarrierEnabled(m)) atomicwb(m, slot, to);
  storePointerAtomic(m, slot, to);
}

/** Stores a pointer and gives the one before. */
export function sync_atomic_SwapPointer(m: Memory, slot: number, to: number): number {
  if (writeBarrierEnabled(m)) atomicwb(m, slot, to);
  return exchangePointer(m, slot, to);
}

/** Stores a pointer if the slot holds `old`. @returns true when it did. Go: also sync/atomic.CompareAndSwapPointer */
export function atomic_casPointer(m: Memory, slot: number, old: number, to: number): boolean {
  if (writeBarrierEnabled(m)) atomicwb(m, slot, to);
  return compareAndSwapPointer(m, slot, old, to);
}
