/**
 * Copying and clearing values that hold pointers, with the write barrier.
 *
 * First everything is recorded, then everything is moved: in between nothing else runs on this P. One pointer alone is
 * stored by compiled code itself, with a barrier of its own (gcWriteBarrier in mwbbuf.ts).
 *
 *   typedmemmove typedmemclr        one value                     wbMove wbZero      the barrier alone: compiled code moves
 *   typedslicecopy                  values one behind another     memclrHasPointers  any memory; its object tells the type
 *
 * Why both halves are needed is told by two ways to hide an object from a collector that scans each stack once: a pointer
 * loaded from the heap to a stack that was scanned, and then erased in the heap; and one stored from a stack that was
 * not scanned yet to an object that was, and then erased on the stack.
 *
 * Go 1.26: runtime/mbarrier.go.
 * Differs: without the doors for package reflect and for maps, which do the same.
 */
import { type Memory, NIL } from "../memory/memory.ts";
import { writeBarrierEnabled } from "../records/globals.ts";
import type { Type } from "../records/type.ts";
import * as abi from "../records/type.ts";
import { bulkBarrierPreWrite } from "./mbitmap_barrier.ts";
import { memclrNoHeapPointers } from "./memclr.ts";
import { memmove } from "./memmove.ts";
import { hasPointers } from "./type.ts";

/** Copies a value of type `typ`. */
export function typedmemmove(m: Memory, typ: Type, dst: number, src: number): void {
  if (dst === src) return;
  if (writeBarrierEnabled(m) && hasPointers(m, typ)) bulkBarrierPreWrite(m, dst, src, abi.ptrBytes(m, typ), typ);
  memmove(m, dst, src, abi.size(m, typ));
}

/** The barrier before compiled code clears a value. To be called only while it is on. */
export function wbZero(m: Memory, typ: Type, dst: number): void {
  bulkBarrierPreWrite(m, dst, NIL, abi.ptrBytes(m, typ), typ);
}

/** The barrier before compiled code copies a value. To be called only while it is on. */
export function wbMove(m: Memory, typ: Type, dst: number, src: number): void {
  bulkBarrierPreWrite(m, dst, src, abi.ptrBytes(m, typ), typ);
}

/**
 * `copy(dst, src)` of two slices whose elements hold pointers. They may overlap.
 *
 * @returns how many elements were copied: the smaller of the two lengths
 */
export function typedslicecopy(
  m: Memory,
  typ: Type,
  dstPtr: number,
  dstLen: number,
  srcPtr: number,
  srcLen: number,
): number {
  const n = Math.min(dstLen, srcLen);
  if (n === 0 || dstPtr === srcPtr) return n;
  const size = n * abi.size(m, typ);
  if (writeBarrierEnabled(m)) {
    bulkBarrierPreWrite(m, dstPtr, srcPtr, size - abi.size(m, typ) + abi.ptrBytes(m, typ), typ);
  }
  memmove(m, dstPtr, srcPtr, size);
  return n;
}

/** Clears a value of type `typ`. */
export function typedmemclr(m: Memory, typ: Type, ptr: number): void {
  if (!hasPointers(m, typ)) {
    m.u8.fill(0, ptr, ptr + abi.size(m, typ)); // at any alignment
    return;
  }
  if (writeBarrierEnabled(m)) bulkBarrierPreWrite(m, ptr, NIL, abi.ptrBytes(m, typ), typ);
  memclrNoHeapPointers(m, ptr, abi.size(m, typ));
}

/** Clears `n` bytes of an object, or of global variables, whose type is told by where they lie: `clear(slice)`. */
export function memclrHasPointers(m: Memory, ptr: number, n: number): void {
  bulkBarrierPreWrite(m, ptr, NIL, n, 0);
  memclrNoHeapPointers(m, ptr, n);
}
