/**
 * fixalloc: records of one size, outside the heap, one at a time.
 *
 * A freed record goes to the front of a list and is the next to be used. With the list empty a record is cut from a
 * chunk of as many records as 16 KiB hold, which comes from persistentalloc and is never given back.
 * The caller has the lock. Records are cleared when they are used again, unless `zero` says otherwise: an mspan keeps
 * its sweepgen, because a sweeper may look at it at any time.
 *
 * Go 1.26: runtime/mfixalloc.go.
 */
import { throwFatal } from "../memory/fatal.ts";
import type { Memory } from "../memory/memory.ts";
import * as fixalloc from "../records/mfixalloc.ts";
import { fixAllocChunk } from "../records/sizes.ts";
import { recordspan } from "./mheap.ts";
import { persistentalloc } from "./persistentalloc.ts";

/**
 * Prepares an allocator of records.
 *
 * @param size  bytes of a record
 * @param first 0, or fixalloc.firstRecordspan
 * @param arg   the heap, for recordspan
 * @param stat  offset of the statistic for the chunks
 */
export function fixallocInit(
  m: Memory,
  f: fixalloc.FixAlloc,
  size: number,
  first: number,
  arg: number,
  stat: number,
): void {
  if (size > fixAllocChunk) throwFatal("runtime: fixalloc size too large");
  const record = Math.max(size, 8); // room for the link of the free list
  fixalloc.setSize(m, f, record);
  fixalloc.setFirst(m, f, first);
  fixalloc.setArg(m, f, arg);
  fixalloc.setList(m, f, 0);
  fixalloc.setChunk(m, f, 0);
  fixalloc.setNchunk(m, f, 0);
  fixalloc.setNalloc(m, f, fixAllocChunk - (fixAllocChunk % record));
  fixalloc.setInuse(m, f, 0);
  fixalloc.setStat(m, f, stat);
  fixalloc.setZero(m, f, 1);
}

/** A record. */
export function fixallocAlloc(m: Memory, f: fixalloc.FixAlloc): number {
  const size = fixalloc.size(m, f);
  if (size === 0) throwFatal("runtime: internal error");
  fixalloc.setInuse(m, f, fixalloc.inuse(m, f) + size);

  const v: number = fixalloc.list(m, f);
  if (v !== 0) {
    fixalloc.setList(m, f, m.i32[v >> 2]);
    if (fixalloc.zero(m, f) !== 0) m.u8.fill(0, v, v + size);
    return v;
  }
  if (fixalloc.nchunk(m, f) < size) {
    const nalloc = fixalloc.nalloc(m, f);
    fixalloc.setChunk(m, f, persistentalloc(m, nalloc, 0, fixalloc.stat(m, f)));
    fixalloc.setNchunk(m, f, nalloc);
  }
  const fresh = fixalloc.chunk(m, f);
  if (fixalloc.first(m, f) === fixalloc.firstRecordspan) recordspan(m, fixalloc.arg(m, f) as number, fresh);
  fixalloc.setChunk(m, f, fresh + size);
  fixalloc.setNchunk(m, f, fixalloc.nchunk(m, f) - size);
  return fresh;
}

/** Takes a record back. */
export function fixallocFree(m: Memory, f: fixalloc.FixAlloc, p: number): void {
  fixalloc.setInuse(m, f, fixalloc.inuse(m, f) - fixalloc.size(m, f));
  m.i32[p >> 2] = fixalloc.list(m, f) as number;
  m.i32[(p >> 2) + 1] = 0;
  fixalloc.setList(m, f, p);
}
