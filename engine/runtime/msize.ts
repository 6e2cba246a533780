/**
 * Rounding of requests: how many bytes mallocgc really gives, less its own header; and span classes.
 *
 * Go 1.26: runtime/msize.go (roundupsize), runtime/mheap.go (spanClass).
 */
import {
  MallocHeaderSize,
  MaxSmallSize,
  MinSizeForMallocHeader,
  PageSize,
  SizeClassToSize,
  sizeToClass,
  TinySizeClass,
} from "../gc/sizeclasses.ts";

/** Span class of the tiny allocator's blocks, shared with all pointer-free objects of 16 bytes. */
export const tinySpanClass = (TinySizeClass << 1) | 1;

export function makeSpanClass(sizeclass: number, noscan: boolean): number {
  return (sizeclass << 1) | (noscan ? 1 : 0);
}

/**
 * Bytes that an object of `size` bytes may use of the memory that mallocgc would give it.
 *
 * @param size bytes, an integer below 2^53; for larger ones see `roundupsizeLargeLo`
 */
export function roundupsize(size: number, noscan: boolean): number {
  if (size <= MaxSmallSize - MallocHeaderSize) {
    const header = !noscan && size > MinSizeForMallocHeader ? MallocHeaderSize : 0;
    return SizeClassToSize[sizeToClass(size + header)] - header;
  }
  const reqSize = size + PageSize - 1;
  return reqSize - (reqSize % PageSize);
}

/**
 * Low half of `roundupsize` of a large 64-bit size: rounded up to a page, or unchanged where that would overflow.
 *
 * @param lo, hi halves of the size, as unsigned 32-bit numbers
 */
export function roundupsizeLargeLo(lo: number, hi: number): number {
  if (overflows(lo, hi)) return lo;
  return ((lo + PageSize - 1) & ~(PageSize - 1)) >>> 0;
}

/** High half of the same. */
export function roundupsizeLargeHi(lo: number, hi: number): number {
  if (overflows(lo, hi) || lo + PageSize - 1 < 2 ** 32) return hi;
  return hi + 1;
}

function overflows(lo: number, hi: number): boolean {
  return hi === 2 ** 32 - 1 && lo + PageSize - 1 >= 2 ** 32;
}
