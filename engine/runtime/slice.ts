/**
 * Memory for slices: made at once, or grown by append.
 *
 * A slice that grows asks for twice its capacity while that is below 256 elements, and beyond for a factor that falls
 * smoothly from 2 towards 1.25; then the request is rounded up to the slot that it gets, and the capacity with it.
 *
 * A local slice that only append makes begins in a buffer of 32 bytes in the frame (growsliceBuf); if it leaves the
 * function after all, it is moved to the heap then (moveSlice). So append has three forms, of which the compiler takes
 * one: for [1 2 3 4 8] as capacities of a growing []int64, one object; for [4 4 4 4 8], one; for [1 2 4 4 8], four.
 *
 * Go 1.26: runtime/slice.go (makeslice, makeslicecopy, panicmakeslicelen, panicmakeslicecap, growslice, nextslicecap,
 * bytealg_MakeNoZero, growsliceBuf, moveSlice, moveSliceNoScan, moveSliceNoCap, moveSliceNoCapNoScan).
 */
import { Panic } from "../memory/fatal.ts";
import { type Memory, NIL } from "../memory/memory.ts";
import { writeBarrierEnabled, zerobase } from "../records/globals.ts";
import type { Type } from "../records/type.ts";
import * as abi from "../records/type.ts";
import { mallocgc } from "./malloc.ts";
import { bulkBarrierPreWriteSrcOnly } from "./mbitmap_barrier.ts";
import { memclrNoHeapPointers } from "./memclr.ts";
import { memmove } from "./memmove.ts";
import { roundupsize } from "./msize.ts";
import { hasPointers } from "./type.ts";

const maxAlloc = 2 ** 48;

/** Cleared memory for `cap` elements. @throws {Panic} when len or cap is out of range, as Go says it */
export function makeslice(m: Memory, et: Type, len: number, cap: number): number {
  const size = abi.size(m, et);
  const mem = size * cap;
  if (mem > maxAlloc || len < 0 || len > cap) {
    // The length is blamed if it alone is too much: it is what make was given first.
    const lenIsBad = size * len > maxAlloc || len < 0;
    throw new Panic(`runtime error: makeslice: ${lenIsBad ? "len" : "cap"} out of range`);
  }
  return mallocgc(m, mem, et, true);
}

/**
 * A longer array for a slice that append finds full. The old elements are copied; the `num` new ones are the caller's
 * to write (they are cleared only if they hold pointers); what lies behind them up to the capacity is cleared.
 *
 * @param oldPtr offset of the old array, NIL for none
 * @param newLen elements that the slice is going to have; more than `oldCap`
 * @param num    how many of them are new
 * @returns offset of the new array; its capacity in elements is in `m.ret[0]`
 * @throws {Panic} when the array would be larger than the address space
 */
export function growslice(m: Memory, oldPtr: number, newLen: number, oldCap: number, num: number, et: Type): number {
  if (newLen < 0) throw lenOutOfRange();
  const size = abi.size(m, et);
  if (size === 0) {
    m.ret[0] = newLen;
    return zerobase(m);
  }
  const noscan = !hasPointers(m, et);
  const wanted = nextslicecap(newLen, oldCap);
  if (wanted * size > maxAlloc) throw lenOutOfRange();
  const newcap = Math.floor(roundupsize(wanted * size, noscan) / size);
  const capmem = newcap * size;
  if (capmem > maxAlloc) throw lenOutOfRange();

  const lenmem = (newLen - num) * size;
  let p: number;
  if (noscan) {
    p = mallocgc(m, capmem, 0, false);
    clearTail(m, p + newLen * size, capmem - newLen * size);
  } else {
    p = mallocgc(m, capmem, et, true);
    if (lenmem > 0 && writeBarrierEnabled(m)) {
      bulkBarrierPreWriteSrcOnly(m, p, oldPtr, lenmem - size + abi.ptrBytes(m, et), et);
    }
  }
  if (lenmem > 0) memmove(m, p, oldPtr, lenmem);
  m.ret[0] = newcap;
  return p;
}

/** memclrNoHeapPointers at any alignment: elements may be bytes. */
function clearTail(m: Memory, off: number, n: number): void {
  if ((off & 7) === 0) memclrNoHeapPointers(m, off, n);
  else m.u8.fill(0, off, off + n);
}

function lenOutOfRange(): Panic {
  return new Panic("runtime error: growslice: len out of range");
}

/** Capacity that append asks for, before it is rounded up to a slot. */
export function nextslicecap(newLen: number, oldCap: number): number {
  if (newLen > oldCap * 2) return newLen;
  const threshold = 256;
  if (oldCap < threshold) return oldCap * 2;
  let newcap = oldCap;
  do newcap += Math.floor((newcap + 3 * threshold) / 4);
  while (newcap < newLen);
  return newcap;
}

/** Bytes of the buffer in the frame that a local slice may begin in. */
export const sliceBufBytes = 32;

/**
 * append for a slice that began in a buffer of the frame: while the elements fit, the buffer goes on being used, and
 * the capacity is that of the slot which the elements would get.
 *
 * @param buf    offset of the buffer
 * @param bufLen elements that it can hold
 * @returns offset of the array, the buffer or an object; its capacity is in `m.ret[0]`
 */
export function growsliceBuf(
  m: Memory,
  oldPtr: number,
  newLen: number,
  oldCap: number,
  num: number,
  et: Type,
  buf: number,
  bufLen: number,
): number {
  if (newLen > bufLen) return growslice(m, oldPtr, newLen, oldCap, num, et);
  const size = abi.size(m, et);
  const oldLen = newLen - num;
  if (oldPtr !== buf && oldLen !== 0) m.u8.copyWithin(buf, oldPtr, oldPtr + oldLen * size);
  const newCap = Math.floor(roundupsize(newLen * size, !hasPointers(m, et)) / size);
  clearTail(m, buf + newLen * size, (newCap - newLen) * size);
  m.ret[0] = newCap;
  return buf;
}

/** What an empty slice becomes that is moved to the heap: nil stays nil, anything else leads to zerobase. */
function moveEmpty(m: Memory, old: number): number {
  m.ret[0] = 0;
  return old === NIL ? NIL : zerobase(m);
}

/**
 * Moves a slice from the frame to the heap, where its capacity can be seen and must stay.
 *
 * @returns offset of the new array; `m.ret[0]` is its capacity
 */
export function moveSlice(m: Memory, et: Type, old: number, cap: number): number {
  if (cap === 0) return moveEmpty(m, old);
  const noscan = !hasPointers(m, et);
  const capmem = cap * abi.size(m, et);
  const p = mallocgc(m, capmem, noscan ? 0 : et, !noscan);
  if (!noscan) bulkBarrierPreWriteSrcOnly(m, p, old, capmem, et);
  memmove(m, p, old, capmem);
  m.ret[0] = cap;
  return p;
}

/**
 * The same where nobody looks at the capacity: only the elements are moved, and the capacity is that of their slot.
 */
export function moveSliceNoCap(m: Memory, et: Type, old: number, len: number): number {
  if (len === 0) return moveEmpty(m, old);
  const size = abi.size(m, et);
  const noscan = !hasPointers(m, et);
  const lenmem = len * size;
  const rounded = roundupsize(lenmem, noscan);
  const cap = Math.floor(rounded / size);
  const p = noscan ? mallocgc(m, rounded, 0, false) : mallocgc(m, cap * size, et, true);
  if (!noscan) bulkBarrierPreWriteSrcOnly(m, p, old, lenmem, et);
  memmove(m, p, old, lenmem);
  if (noscan) clearTail(m, p + lenmem, rounded - lenmem);
  m.ret[0] = cap;
  return p;
}

/** `append([]T(nil), from...)` and `make` with a copy at once: exactly `tolen` elements, the first of them copied. */
export function makeslicecopy(m: Memory, et: Type, tolen: number, fromlen: number, from: number): number {
  const size = abi.size(m, et);
  const tomem = size * tolen;
  if (tolen < 0 || tomem > maxAlloc) throw new Panic("runtime error: makeslice: len out of range");
  const copymem = size * Math.min(tolen, fromlen);
  const noscan = !hasPointers(m, et);
  const to = mallocgc(m, tomem, noscan ? 0 : et, !noscan);
  if (noscan) clearTail(m, to + copymem, tomem - copymem);
  else if (copymem > 0 && writeBarrierEnabled(m)) bulkBarrierPreWriteSrcOnly(m, to, from, copymem, et);
  memmove(m, to, from, copymem);
  return to;
}

/** Bytes that are not cleared, for the builders of strings. `m.ret[0]` is the capacity: the slot's. */
export function bytealg_MakeNoZero(m: Memory, len: number): number {
  if (len < 0 || len > maxAlloc) throw new Panic("runtime error: makeslice: len out of range");
  const cap = roundupsize(len, true);
  const p = mallocgc(m, cap, 0, false);
  m.ret[0] = cap;
  return p;
}
