/**
 * 64-bit words as two 32-bit halves, low half first. JavaScript has no fast 64-bit integer (BigInt is 10 to 15
 * times slower), so bit words are passed as (lo, hi) pairs of signed 32-bit integers.
 */

/** Index of the lowest set bit, 0..63; 64 when there is none. Go: sys.TrailingZeros64. */
export function ctz64(lo: number, hi: number): number {
  if (lo !== 0) return 31 - Math.clz32(lo & -lo);
  return hi !== 0 ? 63 - Math.clz32(hi & -hi) : 64;
}

/** Zero bits above the highest set bit, 0..64. Go: sys.LeadingZeros64. */
export function clz64(lo: number, hi: number): number {
  return hi !== 0 ? Math.clz32(hi) : 32 + Math.clz32(lo);
}

/** Number of set bits in 32. Go: sys.OnesCount32. */
export function popcount32(x: number): number {
  let v = x - ((x >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Number of set bits in 64. Go: sys.OnesCount64. */
export function popcount64(lo: number, hi: number): number {
  return popcount32(lo) + popcount32(hi);
}

/** Low half of (lo, hi) >>> n, for 0 <= n <= 64. */
export function shr64lo(lo: number, hi: number, n: number): number {
  if (n === 0) return lo;
  if (n < 32) return (lo >>> n) | (hi << (32 - n));
  return n < 64 ? (hi >>> (n - 32)) | 0 : 0;
}

/** High half of (lo, hi) >>> n, for 0 <= n <= 64. */
export function shr64hi(hi: number, n: number): number {
  return n < 32 ? (hi >>> n) | 0 : 0;
}

/** Low half of (lo, hi) >>> (i + 1), for 0 <= i <= 63: bit i and all below it are gone. */
export function dropLo(lo: number, hi: number, i: number): number {
  return i < 32 ? ((lo >>> i) >>> 1) | (hi << (31 - i)) : (hi >>> (i - 32)) >>> 1;
}

/** High half of the same. */
export function dropHi(hi: number, i: number): number {
  return i < 32 ? (hi >>> i) >>> 1 : 0;
}

/** Low half of (lo, hi) << n, for 0 <= n <= 64. */
export function shl64lo(lo: number, n: number): number {
  return n < 32 ? lo << n : 0;
}

/** High half of (lo, hi) << n, for 0 <= n <= 64. */
export function shl64hi(lo: number, hi: number, n: number): number {
  if (n === 0) return hi;
  if (n < 32) return (hi << n) | (lo >>> (32 - n));
  return n < 64 ? lo << (n - 32) : 0;
}

/** Low half of a word whose lowest n bits are set, 0 <= n <= 64. */
export function maskLo(n: number): number {
  return n >= 32 ? -1 : (1 << n) - 1;
}

/** High half of a word whose lowest n bits are set, 0 <= n <= 64. */
export function maskHi(n: number): number {
  if (n <= 32) return 0;
  return n >= 64 ? -1 : (1 << (n - 32)) - 1;
}

/** `0x0123456789abcdef`: both halves as 16 hexadecimal digits. */
export function hex64(lo: number, hi: number): string {
  const digits = (x: number) => (x >>> 0).toString(16).padStart(8, "0");
  return `0x${digits(hi)}${digits(lo)}`;
}

/** Go's ^uint64(0) as a plain number: "none" or "without limit". One more than it is, as doubles go. */
export const noUint64 = 2 ** 64;

/** An unsigned number below 2^64, or noUint64, as the signed number that a 64-bit field takes. */
export function toUint64(v: number): number {
  return v >= noUint64 ? -1 : v;
}

/** What a 64-bit field holds, taken as unsigned; ^uint64(0) is noUint64. */
export function fromUint64(v: number): number {
  return v < 0 ? v + noUint64 : v;
}
