/**
 * mallocgc: memory for one object.
 *
 *   size 0                                zerobase, the one address of all empty objects
 *   below 16 bytes, no pointers           tiny: packed with others into a 16-byte slot
 *   up to 32760, no pointers              a slot of the size class
 *   up to 512, pointers                   a slot, and pointer bits at the end of its span
 *   up to 32760, pointers                 a slot of 8 bytes more, which begins with the type
 *   more                                  a span of its own
 *
 * A slot is found by one cursor per span that walks the bits of free slots upward (nextFreeFast); every 64th slot and
 * every full span take the longer way (nextFree). No lock is taken unless a new span is needed.
 *
 * Go 1.26: runtime/malloc.go (mallocgc, mallocgcTiny …, nextFreeFast, nextFree).
 * Differs: no assist credit is charged and no collection is begun: there is no collector yet to be paid or started.
 * Differs: offset 0 is a real slot, so "none" is NIL (-1) where Go has 0.
 */
import { MallocHeaderSize, MaxSmallSize, SizeClassToSize, sizeToClass, TinySize } from "../gc/sizeclasses.ts";
import { throwFatal } from "../memory/fatal.ts";
import { type Memory, NIL } from "../memory/memory.ts";
import { ctz64, dropHi, dropLo } from "../memory/u64.ts";
import { writeBarrier, zerobase } from "../records/globals.ts";
import type { MCache } from "../records/mcache.ts";
import * as mcache from "../records/mcache.ts";
import type { MSpan } from "../records/mspan.ts";
import * as mspan from "../records/mspan.ts";
import type { Type } from "../records/type.ts";
import {
  heapBitsInSpan,
  heapSetTypeLarge,
  heapSetTypeNoHeader,
  heapSetTypeSmallHeader,
  nextFreeIndex,
} from "./mbitmap.ts";
import { allocLarge, getMCache, refill } from "./mcache.ts";
import { memclrNoHeapPointers, memclrNoHeapPointersChunked } from "./memclr.ts";
import { gcmarknewobject } from "./mgcmark.ts";
import { isProfiling, profileSlot } from "./mprof.ts";
import { tinySpanClass } from "./msize.ts";
import { Ev, Path, traceEvent } from "./trace.ts";
import { hasPointers } from "./type.ts";

/**
 * Allocates an object.
 *
 * @param size     bytes
 * @param typ      type of the object, or of the elements it is an array of; 0: bytes without pointers
 * @param needzero false only for memory without pointers that is going to be overwritten at once
 * @returns offset of the object
 */
export function mallocgc(m: Memory, size: number, typ: Type, needzero: boolean): number {
  traceEvent(m, Ev.mallocgc, size, typ, needzero ? 1 : 0);
  if (size === 0) {
    traceEvent(m, Ev.path, Path.zero);
    return zerobase(m);
  }
  if (size > MaxSmallSize - MallocHeaderSize) return mallocgcLarge(m, size, typ, needzero);
  if (!hasPointers(m, typ)) {
    return size < TinySize ? mallocgcTiny(m, size) : mallocgcSmallNoscan(m, size, needzero);
  }
  if (!needzero) throwFatal("objects with pointers must be zeroed");
  return heapBitsInSpan(size) ? mallocgcSmallScanNoHeader(m, size, typ) : mallocgcSmallScanHeader(m, size, typ);
}

/** The next free slot of the span, if allocCache can tell; NIL, with nothing changed, if it cannot. */
export function nextFreeFast(m: Memory, s: MSpan): number {
  const lo = mspan.allocCacheLo(m, s);
  const hi = mspan.allocCacheHi(m, s);
  const theBit = ctz64(lo, hi);
  if (theBit === 64) return NIL;
  const result = mspan.freeindex(m, s) + theBit;
  const nelems = mspan.nelems(m, s);
  if (result >= nelems) return NIL;
  const freeidx = result + 1;
  if ((freeidx & 63) === 0 && freeidx !== nelems) return NIL; // the cache must be filled anew: not here
  mspan.setAllocCacheLo(m, s, dropLo(lo, hi, theBit));
  mspan.setAllocCacheHi(m, s, dropHi(hi, theBit));
  mspan.setFreeindex(m, s, freeidx);
  mspan.addAllocCount(m, s, 1);
  traceEvent(m, Ev.nextFreeFast, s, result);
  return mspan.startAddr(m, s) + Math.imul(result, mspan.elemsize(m, s));
}

/** The next free slot of class `spc`, from another span if the cached one is full. Its span is in the mcache then. */
export function nextFree(m: Memory, c: MCache, spc: number): number {
  let s = mcache.alloc(m, c, spc);
  let freeIndex = nextFreeIndex(m, s);
  if (freeIndex === mspan.nelems(m, s)) {
    if (mspan.allocCount(m, s) !== mspan.nelems(m, s)) throwFatal("s.allocCount != s.nelems && freeIndex == s.nelems");
    refill(m, c, spc);
    s = mcache.alloc(m, c, spc);
    freeIndex = nextFreeIndex(m, s);
  }
  if (freeIndex >= mspan.nelems(m, s)) throwFatal("freeIndex is not valid");
  const allocCount = mspan.allocCount(m, s) + 1;
  mspan.setAllocCount(m, s, allocCount);
  if (allocCount > mspan.nelems(m, s)) throwFatal("s.allocCount > s.nelems");
  traceEvent(m, Ev.nextFree, s, freeIndex);
  return mspan.startAddr(m, s) + Math.imul(freeIndex, mspan.elemsize(m, s));
}

/**
 * What every new slot needs at last: to be black while a collection marks, or else to be known to the scan; and to be
 * counted for the heap profile.
 *
 * @param x the object in it
 */
function publish(m: Memory, s: MSpan, slot: number, x: number): void {
  if (m.i32[writeBarrier(m) >> 2] !== 0) gcmarknewobject(m, s, slot);
  else mspan.setFreeIndexForScan(m, s, mspan.freeindex(m, s));
  if (isProfiling(m)) profileSlot(m, getMCache(m), x, mspan.elemsize(m, s));
}

function clearSlot(m: Memory, off: number, n: number): void {
  memclrNoHeapPointers(m, off, n);
  traceEvent(m, Ev.zeroed, off, n);
}

/** Where the next tiny object of this size may begin, by the conservative alignment of its size. */
function tinyAlign(off: number, size: number): number {
  if ((size & 7) === 0) return (off + 7) & ~7;
  if ((size & 3) === 0) return (off + 3) & ~3;
  return (size & 1) === 0 ? (off + 1) & ~1 : off;
}

function mallocgcTiny(m: Memory, size: number): number {
  traceEvent(m, Ev.path, Path.tiny);
  const c = getMCache(m);
  const off = tinyAlign(mcache.tinyoffset(m, c), size);
  const tiny = mcache.tiny(m, c);
  if (off + size <= TinySize && tiny !== NIL) {
    mcache.setTinyoffset(m, c, off + size);
    mcache.setTinyAllocs(m, c, mcache.tinyAllocs(m, c) + 1);
    traceEvent(m, Ev.tinyHit, tiny + off, off);
    traceEvent(m, Ev.mallocDone, tiny + off, 0);
    return tiny + off;
  }
  return mallocgcTinyBlock(m, c, size, tiny);
}

/** The rest of mallocgcTiny: the object begins a new block. */
function mallocgcTinyBlock(m: Memory, c: MCache, size: number, tiny: number): number {
  let s = mcache.alloc(m, c, tinySpanClass);
  let x = nextFreeFast(m, s);
  if (x === NIL) {
    x = nextFree(m, c, tinySpanClass);
    s = mcache.alloc(m, c, tinySpanClass);
  }
  clearSlot(m, x, TinySize);
  // Keep the block that has more room left: the new one after this object, or the old one.
  if (size < mcache.tinyoffset(m, c) || tiny === NIL) {
    mcache.setTiny(m, c, x);
    mcache.setTinyoffset(m, c, size);
  }
  publish(m, s, x, x);
  traceEvent(m, Ev.mallocDone, x, TinySize);
  return x;
}

function mallocgcSmallNoscan(m: Memory, size: number, needzero: boolean): number {
  traceEvent(m, Ev.path, Path.smallNoscan);
  const c = getMCache(m);
  const sizeclass = sizeToClass(size);
  const spc = (sizeclass << 1) | 1;
  const elemsize = SizeClassToSize[sizeclass];
  let s = mcache.alloc(m, c, spc);
  let x = nextFreeFast(m, s);
  if (x === NIL) {
    x = nextFree(m, c, spc);
    s = mcache.alloc(m, c, spc);
  }
  if (needzero && mspan.needzero(m, s) !== 0) clearSlot(m, x, elemsize);
  publish(m, s, x, x);
  traceEvent(m, Ev.mallocDone, x, elemsize);
  return x;
}

function mallocgcSmallScanNoHeader(m: Memory, size: number, typ: Type): number {
  traceEvent(m, Ev.path, Path.smallScanNoHeader);
  const c = getMCache(m);
  const sizeclass = sizeToClass(size);
  const spc = sizeclass << 1;
  let s = mcache.alloc(m, c, spc);
  let x = nextFreeFast(m, s);
  if (x === NIL) {
    x = nextFree(m, c, spc);
    s = mcache.alloc(m, c, spc);
  }
  if (mspan.needzero(m, s) !== 0) clearSlot(m, x, size); // not the slot's tail: its pointer bits are 0
  // A slot of 8 bytes is one pointer, and its span's bits are all ones from the start.
  const scanSize = sizeclass === 1 ? 8 : heapSetTypeNoHeader(m, x, size, typ, s);
  mcache.addScanAlloc(m, c, scanSize);
  publish(m, s, x, x);
  traceEvent(m, Ev.mallocDone, x, SizeClassToSize[sizeclass]);
  return x;
}

function mallocgcSmallScanHeader(m: Memory, size: number, typ: Type): number {
  traceEvent(m, Ev.path, Path.smallScanHeader);
  const c = getMCache(m);
  const sizeclass = sizeToClass(size + MallocHeaderSize);
  const elemsize = SizeClassToSize[sizeclass];
  const spc = sizeclass << 1;
  let s = mcache.alloc(m, c, spc);
  let slot = nextFreeFast(m, s);
  if (slot === NIL) {
    slot = nextFree(m, c, spc);
    s = mcache.alloc(m, c, spc);
  }
  if (mspan.needzero(m, s) !== 0) clearSlot(m, slot, elemsize);
  const scanSize = heapSetTypeSmallHeader(m, slot, typ, s);
  mcache.addScanAlloc(m, c, scanSize);
  publish(m, s, slot, slot + MallocHeaderSize);
  traceEvent(m, Ev.mallocDone, slot + MallocHeaderSize, elemsize);
  return slot + MallocHeaderSize;
}

function mallocgcLarge(m: Memory, size: number, typ: Type, needzero: boolean): number {
  traceEvent(m, Ev.path, Path.large);
  const scan = hasPointers(m, typ);
  const s = allocLarge(m, size, !scan);
  mspan.setFreeindex(m, s, 1);
  mspan.setAllocCount(m, s, 1);
  mspan.setLargeType(m, s, 0); // the collector must not look into it before it is cleared
  const x = mspan.startAddr(m, s);
  publish(m, s, x, x);
  const elemsize = mspan.elemsize(m, s);
  if (needzero && mspan.needzero(m, s) !== 0) memclrNoHeapPointersChunked(m, elemsize, x);
  if (scan) {
    const c = getMCache(m); // of the P that runs now: clearing may have given way to others
    mcache.addScanAlloc(m, c, heapSetTypeLarge(m, typ, s));
  }
  traceEvent(m, Ev.mallocDone, x, elemsize);
  return x;
}
