/**
 * Address ranges: which parts of the address space the heap has grown into, sorted, neighbours joined.
 *
 * Addresses are signed here, so the order of numbers is Go's offset order: the upper half of the address space, which
 * Go's comparison moves below the lower one by subtracting arenaBaseOffset, is negative.
 *
 * Go 1.26: runtime/mranges.go.
 */
import { throwFatal } from "../memory/fatal.ts";
import type { Memory } from "../memory/memory.ts";
import type { AddrRanges } from "../records/mranges.ts";
import * as mranges from "../records/mranges.ts";
import { persistentalloc } from "./persistentalloc.ts";

/** Room for 16 ranges to begin with. @param stat offset of the statistic for backing arrays */
export function addrRangesInit(m: Memory, a: AddrRanges, stat: number): void {
  mranges.setRanges(m, a, persistentalloc(m, 16 * mranges.rangeLayout.size, 8, stat));
  mranges.setRangesLen(m, a, 0);
  mranges.setRangesCap(m, a, 16);
  mranges.setTotalBytes(m, a, 0);
  mranges.setSysStat(m, a, stat);
}

/** Index of the first range that begins above `addr`. */
export function findSucc(m: Memory, a: AddrRanges, addr: number): number {
  let bot = 0;
  let top = mranges.rangesLen(m, a);
  while (bot < top) {
    // Ranges before `bot` begin at or below addr, ranges from `top` on above it.
    const i = (bot + top) >> 1;
    if (addr < mranges.base(m, mranges.at(m, a, i))) top = i;
    else bot = i + 1;
  }
  return top;
}

/** The lowest address from `addr` on that lies in a range; NaN when there is none. */
export function findAddrGreaterEqual(m: Memory, a: AddrRanges, addr: number): number {
  const i = findSucc(m, a, addr);
  if (i > 0 && addr < mranges.limit(m, mranges.at(m, a, i - 1))) return addr;
  return i < mranges.rangesLen(m, a) ? mranges.base(m, mranges.at(m, a, i)) : Number.NaN;
}

/** True when `addr` lies in a range. */
export function rangesContain(m: Memory, a: AddrRanges, addr: number): boolean {
  const i = findSucc(m, a, addr);
  return i > 0 && addr < mranges.limit(m, mranges.at(m, a, i - 1));
}

/** Adds a range that none of the others overlaps. */
export function addRange(m: Memory, a: AddrRanges, base: number, limit: number): void {
  if (base < 0 !== limit < 0) throwFatal("addr range base and limit are not in the same memory segment");
  if (limit <= base) throwFatal("attempted to add zero-sized address range");
  const i = findSucc(m, a, base);
  const len = mranges.rangesLen(m, a);
  const coalescesDown = i > 0 && mranges.limit(m, mranges.at(m, a, i - 1)) === base;
  const coalescesUp = i < len && mranges.base(m, mranges.at(m, a, i)) === limit;
  if (coalescesUp && coalescesDown) {
    mranges.setLimit(m, mranges.at(m, a, i - 1), mranges.limit(m, mranges.at(m, a, i)));
    move(m, a, i + 1, i, len - i - 1);
    mranges.setRangesLen(m, a, len - 1);
  } else if (coalescesDown) {
    mranges.setLimit(m, mranges.at(m, a, i - 1), limit);
  } else if (coalescesUp) {
    mranges.setBase(m, mranges.at(m, a, i), base);
  } else {
    if (len + 1 > mranges.rangesCap(m, a)) growRanges(m, a);
    move(m, a, i, i + 1, len - i);
    mranges.setRangesLen(m, a, len + 1);
    mranges.setBase(m, mranges.at(m, a, i), base);
    mranges.setLimit(m, mranges.at(m, a, i), limit);
  }
  mranges.setTotalBytes(m, a, mranges.totalBytes(m, a) + (limit - base));
}

/** Moves `count` ranges from index `from` to index `to`. */
function move(m: Memory, a: AddrRanges, from: number, to: number, count: number): void {
  const size = mranges.rangeLayout.size;
  const at = mranges.at(m, a, from) as number;
  m.u8.copyWithin(mranges.at(m, a, to) as number, at, at + count * size);
}

/** Twice the room; the old array is never freed. */
function growRanges(m: Memory, a: AddrRanges): void {
  const old = mranges.ranges(m, a) as number;
  const size = mranges.rangeLayout.size;
  const cap = 2 * mranges.rangesCap(m, a);
  const ranges = persistentalloc(m, cap * size, 8, mranges.sysStat(m, a) as number);
  m.u8.copyWithin(ranges, old, old + mranges.rangesLen(m, a) * size);
  mranges.setRanges(m, a, ranges);
  mranges.setRangesCap(m, a, cap);
}
