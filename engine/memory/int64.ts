/**
 * Go's int64 and uint64 where a value may exceed 2^53: a plain number as long as that is exact, else two halves.
 *
 *   |value| <= 2^53   a number           nearly always: sums and differences cost one comparison more than plain ones
 *   beyond            a `Wide`           GOGC=off without a memory limit: goals near 2^63
 *
 * The type of a value says how its top bit is to be read, as in Go; an operation on the wrong one is a bug. All of them
 * wrap around as Go's do. A conversion to a float rounds once, to the nearest double; one from a float gives what
 * Go 1.26's code for amd64 gives, also where the language leaves it open.
 */
import type { Memory } from "./memory.ts";

/** 64 bits as two halves, both unsigned. */
export class Wide {
  readonly hi: number;
  readonly lo: number;

  constructor(hi: number, lo: number) {
    this.hi = hi;
    this.lo = lo;
  }
}

export type Int64 = number | Wide;
export type Uint64 = number | Wide;

const TWO32 = 2 ** 32;
const TWO53 = 2 ** 53;
const TWO63 = 2 ** 63;
const TWO64 = 2 ** 64;

/** ^uint64(0). */
export const maxUint64: Uint64 = new Wide(TWO32 - 1, TWO32 - 1);
/** math.MaxInt64, of either type. */
export const maxInt64: Int64 & Uint64 = new Wide(2 ** 31 - 1, TWO32 - 1);
/** math.MinInt64. */
const minInt64: Int64 = new Wide(2 ** 31, 0);

/** The bits as a uint64. @param hi and lo: signed or not */
export function uint64(hi: number, lo: number): Uint64 {
  const top = hi >>> 0;
  return top < 2 ** 21 ? top * TWO32 + (lo >>> 0) : new Wide(top, lo >>> 0);
}

/** The bits as an int64. @param hi and lo: signed or not */
export function int64(hi: number, lo: number): Int64 {
  const top = hi | 0;
  return top >= -(2 ** 21) && top < 2 ** 21 ? top * TWO32 + (lo >>> 0) : new Wide(hi >>> 0, lo >>> 0);
}

/** The upper half, unsigned. */
export function hi64(x: Int64 | Uint64): number {
  return typeof x === "number" ? Math.floor(x / TWO32) >>> 0 : x.hi;
}

/** The lower half, unsigned. */
export function lo64(x: Int64 | Uint64): number {
  return typeof x === "number" ? x >>> 0 : x.lo;
}

/** Go's int64(x). */
export function asInt64(x: Uint64): Int64 {
  return typeof x === "number" ? x : int64(x.hi, x.lo);
}

/** Go's uint64(x). */
export function asUint64(x: Int64): Uint64 {
  return typeof x === "number" && x >= 0 ? x : uint64(hi64(x), lo64(x));
}

function sumHi(a: Int64, b: Int64): number {
  return hi64(a) + hi64(b) + (lo64(a) + lo64(b) >= TWO32 ? 1 : 0);
}

function differenceHi(a: Int64, b: Int64): number {
  return hi64(a) - hi64(b) - (lo64(a) < lo64(b) ? 1 : 0);
}

export function addU(a: Uint64, b: Uint64): Uint64 {
  if (typeof a === "number" && typeof b === "number" && a + b < TWO53) return a + b;
  return uint64(sumHi(a, b), lo64(a) + lo64(b));
}

export function addS(a: Int64, b: Int64): Int64 {
  if (typeof a === "number" && typeof b === "number" && Math.abs(a + b) < TWO53) return a + b;
  return int64(sumHi(a, b), lo64(a) + lo64(b));
}

export function subU(a: Uint64, b: Uint64): Uint64 {
  if (typeof a === "number" && typeof b === "number" && a >= b) return a - b;
  return uint64(differenceHi(a, b), lo64(a) - lo64(b));
}

export function subS(a: Int64, b: Int64): Int64 {
  if (typeof a === "number" && typeof b === "number" && Math.abs(a - b) < TWO53) return a - b;
  return int64(differenceHi(a, b), lo64(a) - lo64(b));
}

/** x * n. @param n a whole number below 2^53 */
export function mulU(x: Uint64, n: number): Uint64 {
  if (typeof x === "number" && x * n < TWO53) return x * n;
  // Sixteen bits of n at a time: each partial product is exact.
  let product: Uint64 = 0;
  for (let shift = 48; shift >= 0; shift -= 16) {
    const digit = Math.floor(n / 2 ** shift) % 65536;
    product = addU(mulDigit(product, 65536), mulDigit(x, digit));
  }
  return product;
}

/** x * n, for n <= 65536. */
function mulDigit(x: Uint64, n: number): Uint64 {
  const low = lo64(x) * n;
  const high = (hi64(x) * n + Math.floor(low / TWO32)) % TWO32;
  return uint64(high, low % TWO32);
}

/** x / n without the rest. @param n a whole number from 1 to 2^21 */
export function divU(x: Uint64, n: number): Uint64 {
  if (typeof x === "number") return Math.floor(x / n);
  const high = Math.floor(x.hi / n);
  return uint64(high, Math.floor(((x.hi % n) * TWO32 + x.lo) / n));
}

export function lessU(a: Uint64, b: Uint64): boolean {
  if (typeof a === "number") return typeof b !== "number" || a < b;
  if (typeof b === "number") return false;
  return a.hi !== b.hi ? a.hi < b.hi : a.lo < b.lo;
}

export function lessS(a: Int64, b: Int64): boolean {
  if (typeof a === "number" && typeof b === "number") return a < b;
  const [x, y] = [hi64(a) | 0, hi64(b) | 0];
  return x !== y ? x < y : lo64(a) < lo64(b);
}

export function maxU(a: Uint64, b: Uint64): Uint64 {
  return lessU(a, b) ? b : a;
}

export function minU(a: Uint64, b: Uint64): Uint64 {
  return lessU(b, a) ? b : a;
}

export function equal64(a: Int64, b: Int64): boolean {
  return lo64(a) === lo64(b) && hi64(a) === hi64(b);
}

/** Go's float64(x): the nearest double. */
export function floatU(x: Uint64): number {
  return typeof x === "number" ? x : x.hi * TWO32 + x.lo;
}

/** Go's float64(x): the nearest double. */
export function floatS(x: Int64): number {
  return typeof x === "number" ? x : (x.hi | 0) * TWO32 + x.lo;
}

/** Go's int64(f): without its fraction; what is no int64 becomes the smallest. */
export function truncS(f: number): Int64 {
  if (Math.abs(f) < TWO53) return Math.trunc(f) + 0; // no -0
  if (!(f >= -TWO63 && f < TWO63)) return minInt64;
  return int64(Math.floor(f / TWO32), f % TWO32);
}

/** Go's uint64(f): without its fraction; below 0 by way of int64; NaN and what is 2^64 or more becomes 2^63. */
export function truncU(f: number): Uint64 {
  if (f >= 0 && f < TWO53) return Math.trunc(f);
  if (f < TWO63) return asUint64(truncS(f));
  return f < TWO64 ? uint64(Math.floor(f / TWO32), f % TWO32) : asUint64(minInt64);
}

/** The uint64 at an 8-aligned offset. */
export function loadUint64(m: Memory, at: number): Uint64 {
  return uint64(m.u32[(at + 4) >> 2], m.u32[at >> 2]);
}

/** The int64 at an 8-aligned offset. */
export function loadInt64(m: Memory, at: number): Int64 {
  return int64(m.u32[(at + 4) >> 2], m.u32[at >> 2]);
}

/** Stores either type at an 8-aligned offset. */
export function storeBits64(m: Memory, at: number, x: Int64 | Uint64): void {
  m.u32[at >> 2] = lo64(x);
  m.u32[(at + 4) >> 2] = hi64(x);
}
