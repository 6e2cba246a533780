/**
 * Memory for slices: made at once, or grown by append.
 *
 * A slice that grows asks for twice its capacity while that is below 256 elements, and beyond for a factor that falls
 * smoothly from 2 towards 1.25; then the request is rounded up to the slot that it gets, and the capacity with it.
 *
 * Go 1.26: runtime/slice.go (makeslice, panicmakeslicelen, panicmakeslicecap, growslice, nextslicecap).
 * Differs: growslice does not shade the old elements for a running collection, as there is no write barrier yet.
 */
import { Panic } from "../memory/fatal.ts";
import type { Memory } from "../memory/memory.ts";
import { zerobase } from "../records/globals.ts";
import type { Type } from "../records/type.ts";
import * as abi from "../records/type.ts";
import { mallocgc } from "./malloc.ts";
import { memclrNoHeapPointers } from "./memclr.ts";
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

  let p: number;
  if (noscan) {
    p = mallocgc(m, capmem, 0, false);
    clearTail(m, p + newLen * size, capmem - newLen * size);
  } else {
    p = mallocgc(m, capmem, et, true);
  }
  const lenmem = (newLen - num) * size;
  if (lenmem > 0) m.u8.copyWithin(p, oldPtr, oldPtr + lenmem);
  m.ret[0] = newcap;
  return p;
}

/** memclrNoHeapPointers at any alignment: elements may be bytes. */
function clearTail(m: Memory, off: number, n: number): void {
  if ((off & 3) === 0) memclrNoHeapPointers(m, off, n);
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
