/**
 * Bitmaps of the 512 pages of one chunk: what is allocated, what is scavenged, and how to find a run of zeroes.
 *
 * A bitmap is 8 words of 64 bits in memory, bit i%64 of word i/64 for page i. In `pallocBits` a set bit means
 * allocated. Every search starts at the word of 64 bits that holds searchIdx, so it also sees the bits of that word
 * below searchIdx, and it gives the lowest run from there.
 *
 * Go 1.26: runtime/mpallocbits.go.
 * Differs: words of 32 bits are read instead of 64; the results are the same.
 */
import type { Memory } from "../memory/memory.ts";
import { ctz64, popcount32 } from "../memory/u64.ts";
import type { PageBits, PallocData } from "../records/mpagealloc.ts";
import * as pallocdata from "../records/mpagealloc.ts";
import { pallocChunkPages } from "../records/sizes.ts";

/** Words of 32 bits in a bitmap. */
const words = pallocChunkPages / 32;

/** A word whose bits from..to-1 are set, 0 <= from < to <= 32. */
function mask32(from: number, to: number): number {
  return (-1 << from) & (-1 >>> (32 - to));
}

/** Zero bits below the lowest set bit, 0..32. */
function ctz32(x: number): number {
  return x === 0 ? 32 : 31 - Math.clz32(x & -x);
}

// pageBits: a bitmap without a meaning.

/** Bit `i`. */
export function getBit(m: Memory, b: PageBits, i: number): number {
  return (m.i32[(b >> 2) + (i >> 5)] >>> (i & 31)) & 1;
}

/** Sets the bits i..i+n-1. @param n at least 1 */
export function setRange(m: Memory, b: PageBits, i: number, n: number): void {
  const last = i + n - 1;
  const first = (b >> 2) + (i >> 5);
  const end = (b >> 2) + (last >> 5);
  if (first === end) {
    m.i32[first] |= mask32(i & 31, (last & 31) + 1);
    return;
  }
  m.i32[first] |= -1 << (i & 31);
  for (let k = first + 1; k < end; k++) m.i32[k] = -1;
  m.i32[end] |= mask32(0, (last & 31) + 1);
}

/** Clears the bits i..i+n-1. @param n at least 1 */
export function clearRange(m: Memory, b: PageBits, i: number, n: number): void {
  const last = i + n - 1;
  const first = (b >> 2) + (i >> 5);
  const end = (b >> 2) + (last >> 5);
  if (first === end) {
    m.i32[first] &= ~mask32(i & 31, (last & 31) + 1);
    return;
  }
  m.i32[first] &= ~(-1 << (i & 31));
  for (let k = first + 1; k < end; k++) m.i32[k] = 0;
  m.i32[end] &= ~mask32(0, (last & 31) + 1);
}

/** Sets every bit. */
export function setAll(m: Memory, b: PageBits): void {
  for (let k = b >> 2; k < (b >> 2) + words; k++) m.i32[k] = -1;
}

/** Clears every bit. */
export function clearAll(m: Memory, b: PageBits): void {
  for (let k = b >> 2; k < (b >> 2) + words; k++) m.i32[k] = 0;
}

/** Number of set bits among i..i+n-1. @param n at least 1 */
export function popcntRange(m: Memory, b: PageBits, i: number, n: number): number {
  const last = i + n - 1;
  const first = (b >> 2) + (i >> 5);
  const end = (b >> 2) + (last >> 5);
  if (first === end) return popcount32(m.i32[first] & mask32(i & 31, (last & 31) + 1));
  let s = popcount32(m.i32[first] & (-1 << (i & 31)));
  for (let k = first + 1; k < end; k++) s += popcount32(m.i32[k]);
  return s + popcount32(m.i32[end] & mask32(0, (last & 31) + 1));
}

/** The aligned block of 64 bits that holds bit `i`. @returns its low half; ret[0] = its high half */
export function block64(m: Memory, b: PageBits, i: number): number {
  const k = (b >> 2) + ((i >> 6) << 1);
  m.ret[0] = m.i32[k + 1];
  return m.i32[k];
}

/** Sets those bits of the aligned block of 64 of bit `i` that are set in (lo, hi). */
export function setBlock64(m: Memory, b: PageBits, i: number, lo: number, hi: number): void {
  const k = (b >> 2) + ((i >> 6) << 1);
  m.i32[k] |= lo;
  m.i32[k + 1] |= hi;
}

/** Clears those bits of the aligned block of 64 of bit `i` that are set in (lo, hi). */
export function clearBlock64(m: Memory, b: PageBits, i: number, lo: number, hi: number): void {
  const k = (b >> 2) + ((i >> 6) << 1);
  m.i32[k] &= ~lo;
  m.i32[k + 1] &= ~hi;
}

// pallocBits: a set bit is an allocated page.

/** Counts the free pages. @returns the longest run; ret[0] = free pages at the start, ret[1] = at the end */
export function summarize(m: Memory, b: PageBits): number {
  let start = -1;
  let most = 0;
  let cur = 0;
  for (let k = b >> 2; k < (b >> 2) + words; k++) {
    const x = m.i32[k];
    if (x === 0) {
      cur += 32;
      continue;
    }
    cur += ctz32(x);
    if (start < 0) start = cur;
    if (cur > most) most = cur;
    cur = Math.clz32(x);
  }
  if (start < 0) start = pallocChunkPages;
  if (cur > most) most = cur;
  m.ret[0] = start;
  m.ret[1] = cur;
  // Here `most` is the longest run that touches a border between words. A run inside a word has at most 30 bits.
  return most >= 30 ? most : longestInside(m, b, most);
}

/** The longest run of zeroes that lies within a word, if it is longer than `most`; else `most`. */
function longestInside(m: Memory, b: PageBits, most: number): number {
  let longest = most;
  for (let k = b >> 2; k < (b >> 2) + words; k++) {
    const x = ~m.i32[k];
    while (longest < 30 && findBitRange32(x, longest + 1) < 32) longest++;
  }
  return longest;
}

/** Lowest index of `n` consecutive set bits in 32, at least 32 when there are none. @param n 1..32 */
function findBitRange32(x: number, n: number): number {
  let c = x;
  let p = n - 1; // bits that a run must still lose
  let k = 1; // every run of zeroes that came to be is at least this long
  while (p > 0) {
    if (p <= k) {
      c &= c >>> p;
      break;
    }
    c &= c >>> k;
    if (c === 0) return 32;
    p -= k;
    k *= 2;
  }
  return ctz32(c);
}

/**
 * Lowest index of `n` consecutive set bits in 64; 64 when there are none.
 *
 * Each round shortens every run by shifting the word over itself: after the rounds a set bit means that a run of n
 * begins there.
 *
 * @param n 1..64
 */
export function findBitRange64(lo: number, hi: number, n: number): number {
  let l = lo;
  let h = hi;
  let p = n - 1;
  let k = 1;
  while (p > 0) {
    const s = p <= k ? p : k;
    if (s < 32) {
      l &= (l >>> s) | (h << (32 - s));
      h &= h >>> s;
    } else {
      l &= h >>> (s - 32);
      h = 0;
    }
    if ((l | h) === 0) return 64;
    p -= s;
    k *= 2;
  }
  return ctz64(l, h);
}

/**
 * Lowest run of `npages` free pages from the word of searchIdx on.
 *
 * @returns its first page, -1 when there is none; ret[0] = the first free page from there on, -1 when there is none
 */
export function find(m: Memory, b: PageBits, npages: number, searchIdx: number): number {
  if (npages === 1) {
    const i = find1(m, b, searchIdx);
    m.ret[0] = i;
    return i;
  }
  return npages <= 64 ? findSmallN(m, b, npages, searchIdx) : findLargeN(m, b, npages, searchIdx);
}

/** The first free page from the word of searchIdx on, or -1. */
export function find1(m: Memory, b: PageBits, searchIdx: number): number {
  for (let i = (searchIdx >> 6) << 1; i < words; i++) {
    const x = ~m.i32[(b >> 2) + i];
    if (x !== 0) return 32 * i + ctz32(x);
  }
  return -1;
}

/** `find` for up to 64 pages: a run lies within a word of 32 or crosses a border. */
export function findSmallN(m: Memory, b: PageBits, npages: number, searchIdx: number): number {
  let end = 0; // free pages at the end of what was looked at
  m.ret[0] = -1;
  for (let i = (searchIdx >> 6) << 1; i < words; i++) {
    const x = m.i32[(b >> 2) + i];
    if (x === -1) {
      end = 0;
      continue;
    }
    if (m.ret[0] < 0) m.ret[0] = 32 * i + ctz32(~x);
    if (end + ctz32(x) >= npages) return 32 * i - end;
    if (x === 0) {
      end += 32;
      continue;
    }
    if (npages < 32) {
      const j = findBitRange32(~x, npages);
      if (j < 32) return 32 * i + j;
    }
    end = Math.clz32(x);
  }
  return -1;
}

/** `find` for more than 64 pages: only runs across borders can be long enough. */
export function findLargeN(m: Memory, b: PageBits, npages: number, searchIdx: number): number {
  let size = 0; // free pages at the end of what was looked at
  m.ret[0] = -1;
  for (let i = (searchIdx >> 6) << 1; i < words; i++) {
    const x = m.i32[(b >> 2) + i];
    if (x === -1) {
      size = 0;
      continue;
    }
    if (m.ret[0] < 0) m.ret[0] = 32 * i + ctz32(~x);
    if (size + ctz32(x) >= npages) return 32 * i - size;
    size = x === 0 ? size + 32 : Math.clz32(x);
  }
  return -1;
}

// pallocData: both bitmaps. To allocate is to touch: the page is not scavenged any more. To free is not to scavenge.

/** Marks pages i..i+n-1 allocated. @param n at least 1 */
export function allocRange(m: Memory, d: PallocData, i: number, n: number): void {
  setRange(m, pallocdata.pallocBits(d), i, n);
  clearRange(m, pallocdata.scavenged(d), i, n);
}

/** Marks all pages allocated. */
export function allocAll(m: Memory, d: PallocData): void {
  setAll(m, pallocdata.pallocBits(d));
  clearAll(m, pallocdata.scavenged(d));
}

/** Marks pages i..i+n-1 free. @param n at least 1 */
export function freeRange(m: Memory, d: PallocData, i: number, n: number): void {
  clearRange(m, pallocdata.pallocBits(d), i, n);
}

/** Marks all pages free. */
export function freeAll(m: Memory, d: PallocData): void {
  clearAll(m, pallocdata.pallocBits(d));
}
