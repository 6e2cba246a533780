/**
 * Bitmaps of a span: which slots are free, and which words of its objects hold pointers.
 *
 * Pointer data comes in three forms, by the size of the slot:
 *
 *   up to 512 bytes      one bit per word of the span, in its last 128 bytes; below the inline mark bits, if any:
 *                        │ slots … │ pointer bits 7936..8063 │ inline mark bits 8064..8191 │
 *                        8-byte slots have no inline mark bits: their pointer bits lie at 8064, all ones for ever
 *   up to 32760 + 8      a malloc header: the slot's first word points to the type, the object begins 8 bytes later
 *   large                the span's largeType
 *
 * Invariant: pointer bits of allocated slots tell the truth; bits of free slots and of a slot's unused tail are 0
 * or left over from the slot's last user.
 *
 * Go 1.26: runtime/mbitmap.go (heapBits, writeHeapBitsSmall, heapSetType…, nextFreeIndex, refillAllocCache …).
 */
import { PageSize as pageSize } from "../gc/sizeclasses.ts";
import { addressOf, formatAddress } from "../memory/address.ts";
import { Fatal, throwFatal } from "../memory/fatal.ts";
import { type Memory, NIL } from "../memory/memory.ts";
import { ctz64, maskHi, maskLo, popcount32, shl64hi, shl64lo, shr64hi, shr64lo } from "../memory/u64.ts";
import { invalidptr } from "../records/globals.ts";
import type { MSpan } from "../records/mspan.ts";
import * as mspan from "../records/mspan.ts";
import type { Type } from "../records/type.ts";
import * as abi from "../records/type.ts";
import { gcDumpObject } from "./mgcmark.ts";
import { gcUsesSpanInlineMarkBits, initInlineMarkBits, spanInlineMarkBitsBytes } from "./mgcmark_greenteagc.ts";
import { spanOf } from "./mheap.ts";
import { getGCMask } from "./type.ts";

/** True when the pointer bits of objects of this size lie at the end of their span. Equal for a size and its slot. */
export function heapBitsInSpan(userSize: number): boolean {
  return userSize <= 512;
}

// Free slots.

/** Loads allocCache with the complement of the 64 allocation bits from byte `whichByte` on (a multiple of 8). */
export function refillAllocCache(m: Memory, s: MSpan, whichByte: number): void {
  const word = (mspan.allocBits(m, s) + whichByte) >> 2;
  mspan.setAllocCacheLo(m, s, ~m.i32[word]);
  mspan.setAllocCacheHi(m, s, ~m.i32[word + 1]);
}

/** Takes the next free slot at or after freeindex and moves freeindex past it; nelems when the span is full. */
export function nextFreeIndex(m: Memory, s: MSpan): number {
  let sfreeindex = mspan.freeindex(m, s);
  const snelems = mspan.nelems(m, s);
  if (sfreeindex === snelems) return snelems;
  if (sfreeindex > snelems) throwFatal("s.freeindex > s.nelems");

  let bitIndex = ctz64(mspan.allocCacheLo(m, s), mspan.allocCacheHi(m, s));
  while (bitIndex === 64) {
    sfreeindex = (sfreeindex + 64) & ~63; // these 64 are taken: on to the next
    if (sfreeindex >= snelems) {
      mspan.setFreeindex(m, s, snelems);
      return snelems;
    }
    refillAllocCache(m, s, sfreeindex >> 3);
    bitIndex = ctz64(mspan.allocCacheLo(m, s), mspan.allocCacheHi(m, s));
  }
  const result = sfreeindex + bitIndex;
  if (result >= snelems) {
    mspan.setFreeindex(m, s, snelems); // the bits past nelems mean nothing
    return snelems;
  }
  consumeAllocCache(m, s, bitIndex);
  sfreeindex = result + 1;
  if ((sfreeindex & 63) === 0 && sfreeindex !== snelems) {
    refillAllocCache(m, s, sfreeindex >> 3); // all 64 bits were shifted out
  }
  mspan.setFreeindex(m, s, sfreeindex);
  return result;
}

/** Shifts allocCache so that bit `bitIndex + 1` becomes bit 0. */
function consumeAllocCache(m: Memory, s: MSpan, bitIndex: number): void {
  const lo = mspan.allocCacheLo(m, s);
  const hi = mspan.allocCacheHi(m, s);
  mspan.setAllocCacheLo(m, s, shr64lo(lo, hi, bitIndex + 1));
  mspan.setAllocCacheHi(m, s, shr64hi(hi, bitIndex + 1));
}

/** The allocation bit of slot `i`: taken at the last sweep. */
export function allocBitsForIndex(m: Memory, s: MSpan, i: number): boolean {
  return (m.u8[mspan.allocBits(m, s) + (i >> 3)] & (1 << (i & 7))) !== 0;
}

/** True when slot `i` holds no object. */
export function isFree(m: Memory, s: MSpan, i: number): boolean {
  return i >= mspan.freeindex(m, s) && !allocBitsForIndex(m, s, i);
}

/** True when slot `i` holds no object, or one that was allocated since marking began. */
export function isFreeOrNewlyAllocated(m: Memory, s: MSpan, i: number): boolean {
  return i >= mspan.freeIndexForScan(m, s) && !allocBitsForIndex(m, s, i);
}

/** The slot that byte `off` lies in. Exact: the product stays below 2^53. */
export function objIndex(m: Memory, s: MSpan, off: number): number {
  return Math.floor(((off - mspan.startAddr(m, s)) * mspan.divMul(m, s)) / 2 ** 32);
}

/** Objects that the collector marked, by counting gcmarkBits. */
export function countAlloc(m: Memory, s: MSpan): number {
  const first = mspan.gcmarkBits(m, s) >> 2;
  const end = first + ((mspan.nelems(m, s) + 63) >> 6) * 2;
  let count = 0;
  for (let i = first; i < end; i++) count += popcount32(m.i32[i]);
  return count;
}

/**
 * The object that `off` lies in.
 *
 * @param off     in the window
 * @param refBase the object whose word at `refOff` was read to get `off`, for the report; NIL for none
 * @returns its start, or NIL for what is no object: memory that was never the heap's, or a stack. `m.ret[0]` is the span
 *   then, `m.ret[1]` the slot
 * @throws {Fatal} for a pointer to where no object can lie
 */
export function findObject(m: Memory, off: number, refBase: number, refOff: number): number {
  const s = spanOf(m, off);
  if (s === 0) return NIL;
  const state = mspan.state(m, s); // published last: what is read below is that of a span in use
  if (state !== mspan.mSpanInUse || off < mspan.startAddr(m, s) || off >= mspan.limit(m, s)) {
    if (state === mspan.mSpanManual) return NIL;
    if (invalidptr(m)) badPointer(m, s, off, refBase, refOff);
    return NIL;
  }
  const i = objIndex(m, s, off);
  m.ret[0] = s;
  m.ret[1] = i;
  return mspan.startAddr(m, s) + i * mspan.elemsize(m, s);
}

/** Ends the program because of a pointer to where no object can lie. What Go prints before is the error's cause. */
function badPointer(m: Memory, s: MSpan, off: number, refBase: number, refOff: number): never {
  const hex = (at: number) => formatAddress(addressOf(m, at));
  const state = mspan.state(m, s);
  const where = state !== mspan.mSpanInUse ? "unallocated span" : "unused region of span";
  const [base, limit] = [hex(mspan.startAddr(m, s)), hex(mspan.limit(m, s))];
  let report = `runtime: pointer ${hex(off)} to ${where} span.base()=${base} span.limit=${limit} span.state=${state}\n`;
  if (refBase !== NIL) {
    report += `runtime: found in object at *(${hex(refBase)}+${formatAddress(refOff)})\n`;
    report += gcDumpObject(m, "object", refBase, refOff);
  }
  throw new Fatal("found bad pointer in Go heap (incorrect use of unsafe or cgo?)", { cause: report });
}

// Pointer bits in the span.

/** Offset of the pointer bits of a span of slots up to 512 bytes. */
export function heapBitsBase(m: Memory, s: MSpan): number {
  return spanHeapBitsRange(m, mspan.startAddr(m, s), mspan.npages(m, s) * pageSize, mspan.elemsize(m, s));
}

/** The same by what is known of the span: where it begins, its bytes, and those of a slot. */
function spanHeapBitsRange(m: Memory, spanBase: number, spanSize: number, elemsize: number): number {
  const base = spanBase + spanSize - (spanSize >> 6); // one bit for each word
  return gcUsesSpanInlineMarkBits(m, elemsize) ? base - spanInlineMarkBitsBytes : base;
}

/** Readies the pointer bits and the inline mark bits of a new span. */
export function initHeapBits(m: Memory, s: MSpan): void {
  const spc = mspan.spanclass(m, s);
  const elemsize = mspan.elemsize(m, s);
  if ((spc & 1) === 0 && heapBitsInSpan(elemsize)) {
    const base = heapBitsBase(m, s);
    // An 8-byte slot with pointers is a pointer: its bits are set here, once for all.
    m.u8.fill(spc >> 1 === 1 ? 0xff : 0, base, base + ((mspan.npages(m, s) * pageSize) >> 6));
  }
  if (gcUsesSpanInlineMarkBits(m, elemsize)) initInlineMarkBits(m, s);
}

/**
 * Records which words of the object at x hold pointers, and returns how many bytes the collector will scan of it.
 *
 * @param x        an object in a slot of at most 512 bytes
 * @param dataSize bytes requested: one or several values of the type
 */
function writeHeapBitsSmall(m: Memory, s: MSpan, x: number, dataSize: number, typ: Type): number {
  const mask = getGCMask(m, typ) >>> 2;
  const size = abi.size(m, typ);
  const src0lo = m.i32[mask];
  const src0hi = m.i32[mask + 1];
  let scanSize = abi.ptrBytes(m, typ);
  let lo = src0lo;
  let hi = src0hi;
  if (size === 8) {
    lo = maskLo(dataSize >> 3); // pointers all along; scanSize stays that of one, as in Go
    hi = maskHi(dataSize >> 3);
  } else {
    for (let i = size; i < dataSize; i += size) {
      lo |= shl64lo(src0lo, i >> 3);
      hi |= shl64hi(src0lo, src0hi, i >> 3);
      scanSize += size;
    }
  }
  const spanBase = mspan.startAddr(m, s);
  const elemsize = mspan.elemsize(m, s);
  const bits = elemsize >>> 3;
  const bit = (x - spanBase) >>> 3;
  const word = (spanHeapBitsRange(m, spanBase, pageSize, elemsize) >>> 2) + (bit >>> 5); // such spans have one page
  putBits(m, word, bit & 31, bits > 32 ? 32 : bits, lo);
  if (bits > 32) putBits(m, word + 1, bit & 31, bits - 32, hi);
  return scanSize;
}

/** Writes the low n bits of v at bit j of word w, on into the next word; other bits stay. 1 <= n <= 32, j < 32. */
function putBits(m: Memory, w: number, j: number, n: number, v: number): void {
  const mask = -1 >>> (32 - n);
  m.i32[w] = (m.i32[w] & ~(mask << j)) | ((v & mask) << j);
  const fits = 32 - j;
  if (n > fits) m.i32[w + 1] = (m.i32[w + 1] & ~(mask >>> fits)) | ((v & mask) >>> fits);
}

/** Low half of the pointer bits of the object at `off`, a slot of at most 512 bytes. Bit 0 is its first word. */
export function heapBitsSmallLo(m: Memory, s: MSpan, off: number): number {
  const bits = mspan.elemsize(m, s) >> 3;
  const bit = (off - mspan.startAddr(m, s)) >> 3;
  return getBits(m, (heapBitsBase(m, s) >> 2) + (bit >> 5), bit & 31) & maskLo(bits);
}

/** High half of the same. */
export function heapBitsSmallHi(m: Memory, s: MSpan, off: number): number {
  const bits = mspan.elemsize(m, s) >> 3;
  if (bits <= 32) return 0;
  const bit = (off - mspan.startAddr(m, s)) >> 3;
  return getBits(m, (heapBitsBase(m, s) >> 2) + (bit >> 5) + 1, bit & 31) & maskHi(bits);
}

/** 32 bits from bit j of word w on. */
function getBits(m: Memory, w: number, j: number): number {
  return j === 0 ? m.i32[w] : (m.i32[w] >>> j) | (m.i32[w + 1] << (32 - j));
}

// The three ways to note a type. Each returns the bytes that the collector will scan.

/** Pointer bits in the span. @param x an object in a slot of at most 512 bytes */
export function heapSetTypeNoHeader(m: Memory, x: number, dataSize: number, typ: Type, s: MSpan): number {
  return writeHeapBitsSmall(m, s, x, dataSize, typ);
}

/** A malloc header. @param header offset of the slot's first word */
export function heapSetTypeSmallHeader(m: Memory, header: number, typ: Type, s: MSpan): number {
  m.i32[header >> 2] = typ;
  m.i32[(header >> 2) + 1] = 0;
  return mspan.elemsize(m, s);
}

/** The span's type. From here on the collector looks into the object. */
export function heapSetTypeLarge(m: Memory, typ: Type, s: MSpan): number {
  mspan.setLargeType(m, s, typ);
  return mspan.elemsize(m, s);
}

// Walking the pointers of an object.

/** Words of a walk's state: see `typePointersOf`. */
export const typePointersWords = 5;

/**
 * Starts a walk over the words of an object that can hold pointers; `typePointersNext` gives them one by one.
 *
 * The state is five numbers in `tp`: start of the array element, start of the 64 words that the mask describes, the
 * mask's two halves, and the type (0: all of the object is in the mask). An array is walked by tiling its
 * element's mask to the end of the slot.
 *
 * @param addr start of a slot, its header included
 */
export function typePointersOf(m: Memory, s: MSpan, addr: number, tp: Int32Array): void {
  tp[0] = addr;
  tp[1] = addr;
  tp[4] = 0;
  if (heapBitsInSpan(mspan.elemsize(m, s))) {
    tp[2] = heapBitsSmallLo(m, s, addr);
    tp[3] = heapBitsSmallHi(m, s, addr);
    return;
  }
  tp[2] = 0;
  tp[3] = 0;
  const isLarge = mspan.spanclass(m, s) >> 1 === 0;
  const typ = isLarge ? mspan.largeType(m, s) : m.i32[addr >> 2];
  if (typ === 0) return; // a large object still being cleared has nothing to show
  if (!isLarge) {
    tp[0] = addr + 8;
    tp[1] = addr + 8;
  }
  tp[4] = typ;
  loadMask(m, tp, 0);
}

/** Starts a walk over a part of an object: `size` bytes from `addr` on, which may be any of its words. */
export function typePointersOfRange(m: Memory, s: MSpan, addr: number, size: number, tp: Int32Array): void {
  const elemsize = mspan.elemsize(m, s);
  const base = mspan.startAddr(m, s) + objIndex(m, s, addr) * elemsize;
  if ((mspan.spanclass(m, s) & 1) !== 0) {
    clearWalk(tp);
    return;
  }
  typePointersOf(m, s, base, tp);
  if (base !== addr || size !== elemsize) typePointersFastForward(m, tp, addr - tp[1], addr + size);
}

function clearWalk(tp: Int32Array): void {
  tp[2] = 0;
  tp[3] = 0;
  tp[4] = 0;
}

/** Moves a walk that has just begun `n` bytes on, and lets it know of no pointer at or behind `limit`. */
export function typePointersFastForward(m: Memory, tp: Int32Array, n: number, limit: number): void {
  const target = tp[1] + n;
  if (target >= limit) {
    clearWalk(tp);
    return;
  }
  if (tp[4] === 0) {
    clip(tp, target, limit);
    return;
  }
  const size = abi.size(m, tp[4]);
  const elem = tp[0] + Math.floor((target - tp[0]) / size) * size;
  tp[0] = elem;
  tp[1] = elem + ((target - elem) & -512);
  if (tp[1] - elem >= abi.ptrBytes(m, tp[4])) {
    tp[0] += size; // no pointer in the rest of this element: on to the next
    tp[1] = tp[0];
    if (tp[1] >= limit) {
      clearWalk(tp);
      return;
    }
  }
  loadMask(m, tp, tp[1] - tp[0]);
  clip(tp, target, limit);
}

/** Clears the bits of words before `target` and at or behind `limit`. */
function clip(tp: Int32Array, target: number, limit: number): void {
  const before = (target - tp[1]) >> 3;
  if (before > 0) {
    tp[2] &= ~maskLo(before);
    tp[3] &= ~maskHi(before);
  }
  const within = (limit - tp[1]) >> 3;
  if (within < 64) {
    tp[2] &= maskLo(within);
    tp[3] &= maskHi(within);
  }
}

/** Loads the 64 mask bits from byte `n` of the element on. */
function loadMask(m: Memory, tp: Int32Array, n: number): void {
  const word = (getGCMask(m, tp[4]) + (n >> 6)) >> 2;
  const left = (abi.ptrBytes(m, tp[4]) - n) >> 3; // the mask has no bits past PtrBytes
  tp[2] = m.i32[word] & maskLo(left);
  tp[3] = left > 32 ? m.i32[word + 1] & maskHi(left) : 0;
}

/** The next pointer word of the walk below `limit`, as an offset; NIL at the end. @param limit end of the slot */
export function typePointersNext(m: Memory, tp: Int32Array, limit: number): number {
  while (tp[2] === 0 && tp[3] === 0) {
    if (tp[4] === 0) return NIL;
    const n = tp[1] + 512 - tp[0];
    if (n >= abi.ptrBytes(m, tp[4])) {
      tp[0] += abi.size(m, tp[4]); // this element has no more pointers: on to the next
      tp[1] = tp[0];
    } else {
      tp[1] += 512;
    }
    if (tp[1] >= limit) {
      tp[4] = 0;
      return NIL;
    }
    loadMask(m, tp, tp[1] - tp[0]);
  }
  const i = ctz64(tp[2], tp[3]);
  if (i < 32) tp[2] &= tp[2] - 1;
  else tp[3] &= tp[3] - 1;
  const at = tp[1] + 8 * i;
  if (at < limit) return at;
  tp[2] = 0; // past the slot: an element that is cut off
  tp[3] = 0;
  tp[4] = 0;
  return NIL;
}
