/**
 * Scavenging gives free pages back to the operating system. Here is only its rounding of bitmaps: when the operating
 * system's pages are larger than Go's, a group of Go's pages can be given back only whole.
 *
 * Go 1.26: runtime/mgcscavenge.go (fillAligned).
 * Differs: the scavenger itself and its index are not here.
 */
import { throwFatal } from "../memory/fatal.ts";
import type { Memory } from "../memory/memory.ts";

/** Bits 0, n, 2n, … of 32. */
const lowest: readonly number[] = [0, -1, 0x55555555, 0, 0x11111111, 0, 0, 0, 0x01010101];

/**
 * Fills each aligned group of `n` bits in which any bit is set. `fillAligned(0x0100a3, 8)` is 0xff00ff.
 *
 * @param n power of two, at most 64
 * @returns the low half; ret[0] = the high half
 */
export function fillAligned(m: Memory, lo: number, hi: number, n: number): number {
  if (n < 1 || n > 64 || (n & (n - 1)) !== 0) throwFatal("bad m value");
  if (n === 64) {
    m.ret[0] = (lo | hi) === 0 ? 0 : -1;
    return m.ret[0];
  }
  m.ret[0] = fillAligned32(hi, n);
  return fillAligned32(lo, n);
}

function fillAligned32(x: number, n: number): number {
  if (n === 32) return x === 0 ? 0 : -1;
  let y = x;
  for (let s = 1; s < n; s *= 2) y |= y >>> s; // now bit i tells of bits i..i+n-1
  const groups = n === 16 ? 0x00010001 : lowest[n];
  return Math.imul(y & groups, (1 << n) - 1) | 0;
}
