/**
 * The write barrier for many slots at once: what is recorded before memory is copied or cleared.
 *
 *   where it goes          which words are pointers is told by       recorded for each of them
 *   an object              its type, or that of the value            the old word, then the new one
 *   a global variable      the mask of the data segment              the same
 *   a stack, a free span   nothing is recorded
 *   a fresh object         (bulkBarrierPreWriteSrcOnly)              the new word only: there is no old one
 *   anything, cleared                                                the old word only: there is no new one
 *   another's stack        (typeBitsBulkBarrier) the value's type    the old word, then the new one
 *
 * A buffer that fills up is flushed in the middle. What is copied comes afterwards; if somebody stores into the source
 * meanwhile, that store has a barrier of its own.
 *
 * Go 1.26: runtime/mbitmap.go (bulkBarrierPreWrite, bulkBarrierPreWriteSrcOnly, bulkBarrierBitmap, typeBitsBulkBarrier,
 * typePointersOfType).
 * Differs: a value's type is walked by two loops, over the elements and over their words, instead of by typePointers.
 */
import { copyWord } from "../memory/address.ts";
import { throwFatal } from "../memory/fatal.ts";
import { type Memory, NIL } from "../memory/memory.ts";
import { data, edata, gcdatamask, writeBarrierEnabled } from "../records/globals.ts";
import type { MSpan } from "../records/mspan.ts";
import * as mspan from "../records/mspan.ts";
import * as p from "../records/runtime2.ts";
import type { Type } from "../records/type.ts";
import * as abi from "../records/type.ts";
import { typePointersNext, typePointersOfRange, typePointersWords } from "./mbitmap.ts";
import { spanOf } from "./mheap.ts";
import { get1, get2 } from "./mwbbuf.ts";
import { getGCMask } from "./type.ts";

/**
 * Records what `size` bytes at `dst` are about to lose, and what they get from `src`.
 *
 * @param src NIL: they are going to be cleared
 * @param typ type of the values that lie there; 0: that of the object
 */
export function bulkBarrierPreWrite(m: Memory, dst: number, src: number, size: number, typ: Type): void {
  if (((dst | size | (src === NIL ? 0 : src)) & 7) !== 0) throwFatal("bulkBarrierPreWrite: unaligned arguments");
  if (!writeBarrierEnabled(m)) return;
  const s = spanOf(m, dst);
  if (s === 0) {
    const base = data(m);
    if (dst >= base && dst < base + edata(m)) bulkBarrierBitmap(m, dst, src, size, dst - base, gcdatamask(m));
    return;
  }
  if (mspan.state(m, s) !== mspan.mSpanInUse || dst < mspan.startAddr(m, s) || mspan.limit(m, s) <= dst) return;
  if (typ === 0) recordObject(m, s, dst, src, size);
  else if ((mspan.spanclass(m, s) & 1) === 0) recordValues(m, dst, src, size, typ, true);
}

/** The same for memory that holds nothing yet: only what it gets is recorded. */
export function bulkBarrierPreWriteSrcOnly(m: Memory, dst: number, src: number, size: number, typ: Type): void {
  if (((dst | src | size) & 7) !== 0) throwFatal("bulkBarrierPreWrite: unaligned arguments");
  if (!writeBarrierEnabled(m)) return;
  if ((mspan.spanclass(m, spanOf(m, dst)) & 1) === 0) recordValues(m, dst, src, size, typ, false);
}

/** The same for one value of a type, wherever it lies: on another goroutine's stack, for instance. */
export function typeBitsBulkBarrier(m: Memory, typ: Type, dst: number, src: number, size: number): void {
  if (typ === 0) throwFatal("runtime: typeBitsBulkBarrier without type");
  if (abi.size(m, typ) !== size) throwFatal("runtime: invalid typeBitsBulkBarrier");
  if (writeBarrierEnabled(m)) recordValues(m, dst, src, abi.ptrBytes(m, typ), typ, true);
}

/** The same for memory whose pointers are told by a mask: bit `maskOffset` / 8 of it is the word at `dst`. */
function bulkBarrierBitmap(m: Memory, dst: number, src: number, size: number, maskOffset: number, mask: number): void {
  for (let i = 0; i < size; i += 8) {
    const word = (maskOffset + i) >> 3;
    if ((m.u8[mask + (word >> 3)] & (1 << (word & 7))) !== 0) record(m, dst + i, src === NIL ? NIL : src + i, true);
  }
}

/** Records the pointers among values of type `typ` that lie one behind another. @param hasOld false: `dst` is fresh */
function recordValues(m: Memory, dst: number, src: number, size: number, typ: Type, hasOld: boolean): void {
  const mask = getGCMask(m, typ);
  const ptrBytes = abi.ptrBytes(m, typ);
  const elemsize = abi.size(m, typ);
  for (let elem = 0; elem < size; elem += elemsize) {
    const end = Math.min(ptrBytes, size - elem);
    for (let i = 0; i < end; i += 8) {
      if ((m.u8[mask + (i >> 6)] & (1 << ((i >> 3) & 7))) === 0) continue;
      const at = elem + i;
      record(m, dst + at, src === NIL ? NIL : src + at, hasOld);
    }
  }
}

/** Records the pointers in a part of an object. */
function recordObject(m: Memory, s: MSpan, dst: number, src: number, size: number): void {
  const tp = new Int32Array(typePointersWords);
  typePointersOfRange(m, s, dst, size, tp);
  for (;;) {
    const at = typePointersNext(m, tp, dst + size);
    if (at === NIL) return;
    record(m, at, src === NIL ? NIL : src + (at - dst), true);
  }
}

function record(m: Memory, dst: number, src: number, hasOld: boolean): void {
  const b = p.wbBuf(m.p);
  if (!hasOld) {
    copyWord(m, get1(m, b), src);
    return;
  }
  if (src === NIL) {
    copyWord(m, get1(m, b), dst);
    return;
  }
  const at = get2(m, b);
  copyWord(m, at, dst);
  copyWord(m, at + 8, src);
}
