/**
 * Bitmaps of spans: mark bits and allocation bits, cut from 64 KiB arenas and recycled by generations.
 *
 * No bitmap is ever freed alone. Sweeping turns a span's mark bits into its allocation bits, so two cycles after an
 * arena was filled no span points into it, and the whole arena is free.
 *
 * Go 1.26: runtime/mheap.go (newMarkBits, newAllocBits, nextMarkBitArenaEpoch, newArenaMayUnlock).
 */
import { lock, unlock } from "../memory/atomics.ts";
import { throwFatal } from "../memory/fatal.ts";
import type { Memory } from "../memory/memory.ts";
import * as gcbits from "../records/gcbits.ts";
import { gcBitsArenas, memstats } from "../records/globals.ts";
import { gcMiscSysAt } from "../records/memstats.ts";
import { sysAlloc } from "./mem.ts";

const usable = gcbits.gcBitsChunkBytes - gcbits.gcBitsHeaderBytes;

/** `bytes` of the arena, or 0 when it has not enough left. Safe to call from several threads. */
function tryAlloc(m: Memory, b: gcbits.GCBitsArena, bytes: number): gcbits.GCBits {
  if (b === 0 || gcbits.free(m, b) + bytes > usable) return 0;
  const end = gcbits.addFree(m, b, bytes);
  if (end > usable) return 0; // others were faster; the end stays too high, which does no harm
  return gcbits.bits(b) + end - bytes;
}

/** Zeroed bits for `nelems` slots, 8-aligned, in whole words of 64. */
export function newMarkBits(m: Memory, nelems: number): gcbits.GCBits {
  const arenas = gcBitsArenas(m);
  const bytesNeeded = ((nelems + 63) >> 6) * 8;
  const bits = tryAlloc(m, gcbits.arenasNext(m, arenas), bytesNeeded);
  if (bits !== 0) return bits;

  lock(m, gcbits.lock(arenas));
  const second = tryAlloc(m, gcbits.arenasNext(m, arenas), bytesNeeded); // somebody may have added an arena
  if (second !== 0) {
    unlock(m, gcbits.lock(arenas));
    return second;
  }
  const fresh = newArenaMayUnlock(m);
  const third = tryAlloc(m, gcbits.arenasNext(m, arenas), bytesNeeded);
  if (third !== 0) {
    gcbits.setNext(m, fresh, gcbits.arenasFree(m, arenas)); // not needed after all
    gcbits.setArenasFree(m, arenas, fresh);
    unlock(m, gcbits.lock(arenas));
    return third;
  }
  const own = tryAlloc(m, fresh, bytesNeeded);
  if (own === 0) throwFatal("markBits overflow");
  gcbits.setNext(m, fresh, gcbits.arenasNext(m, arenas));
  gcbits.setArenasNext(m, arenas, fresh);
  unlock(m, gcbits.lock(arenas));
  return own;
}

/** Zeroed allocation bits for a new span; later ones are its former mark bits. */
export function newAllocBits(m: Memory, nelems: number): gcbits.GCBits {
  return newMarkBits(m, nelems);
}

/** Moves every generation of bitmaps on by one. All spans must be swept. */
export function nextMarkBitArenaEpoch(m: Memory): void {
  const arenas = gcBitsArenas(m);
  lock(m, gcbits.lock(arenas));
  const previous = gcbits.arenasPrevious(m, arenas);
  if (previous !== 0) {
    let last = previous;
    while (gcbits.next(m, last) !== 0) last = gcbits.next(m, last);
    gcbits.setNext(m, last, gcbits.arenasFree(m, arenas));
    gcbits.setArenasFree(m, arenas, previous);
  }
  gcbits.setArenasPrevious(m, arenas, gcbits.arenasCurrent(m, arenas));
  gcbits.setArenasCurrent(m, arenas, gcbits.arenasNext(m, arenas));
  gcbits.setArenasNext(m, arenas, 0);
  unlock(m, gcbits.lock(arenas));
}

/** An empty zeroed arena. The caller holds the lock, which is given up while the OS is asked. */
function newArenaMayUnlock(m: Memory): gcbits.GCBitsArena {
  const arenas = gcBitsArenas(m);
  let fresh = gcbits.arenasFree(m, arenas);
  if (fresh === 0) {
    unlock(m, gcbits.lock(arenas));
    fresh = sysAlloc(m, gcbits.gcBitsChunkBytes, gcMiscSysAt(memstats(m)));
    if (fresh === 0) throwFatal("runtime: cannot allocate memory");
    lock(m, gcbits.lock(arenas));
  } else {
    gcbits.setArenasFree(m, arenas, gcbits.next(m, fresh));
    m.u8.fill(0, fresh, fresh + gcbits.gcBitsChunkBytes);
  }
  gcbits.setNext(m, fresh, 0);
  gcbits.setFree(m, fresh, 0);
  return fresh;
}
