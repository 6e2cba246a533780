/**
 * Memory for the allocator's own records: cut from chunks of 64 KiB, never mixed with the program's blocks.
 *
 * Records that come and go (extents, the detector's arrays) are kept in lists and used again; the rest lives as long
 * as the pool. jemalloc calls this "base". A chunk begins with the chunk before it and its own length.
 */
import type { Memory } from "../memory/memory.ts";
import { osAlloc, osFree } from "../memory/os.ts";
import * as extent from "./records/extent.ts";
import * as pool from "./records/pool.ts";
import * as region from "./records/region.ts";
import { smallClasses } from "./sizeclasses.ts";

const chunkBytes = 64 * 1024;
const headerBytes = 16;

/** Bytes of the detector's array for a slab of each class. */
const arrayBytes = smallClasses.map((c) => c.regions * region.layout.size);

/** A fresh, empty pool record in a chunk of its own; 0 when there is no room. */
export function baseCreate(m: Memory): pool.Pool {
  const chunk = newChunk(m, 0, chunkBytes);
  if (chunk === 0) return 0;
  const p: pool.Pool = chunk + headerBytes;
  const end = (p + pool.layout.size + 15) & -16;
  pool.setChunk(m, p, chunk);
  pool.setChunkNext(m, p, end);
  pool.setChunkEnd(m, p, chunk + chunkBytes);
  pool.setMetadata(m, p, end - chunk);
  return p;
}

/** n zero bytes at a multiple of 16, for good; 0 when there is no room, and then nothing has changed. */
export function baseAlloc(m: Memory, p: pool.Pool, n: number, isDetector: boolean): number {
  const size = (n + 15) & -16;
  if (pool.chunkNext(m, p) + size > pool.chunkEnd(m, p)) {
    const bytes = Math.max(chunkBytes, size + headerBytes);
    const chunk = newChunk(m, pool.chunk(m, p), bytes);
    if (chunk === 0) return 0;
    pool.setChunk(m, p, chunk);
    pool.setChunkNext(m, p, chunk + headerBytes);
    pool.setChunkEnd(m, p, chunk + bytes);
    pool.setMetadata(m, p, pool.metadata(m, p) + headerBytes);
  }
  const at = pool.chunkNext(m, p);
  pool.setChunkNext(m, p, at + size);
  if (isDetector) pool.setDetector(m, p, pool.detector(m, p) + size);
  else pool.setMetadata(m, p, pool.metadata(m, p) + size);
  return at;
}

function newChunk(m: Memory, before: number, bytes: number): number {
  const chunk = osAlloc(m, bytes);
  if (chunk === 0) return 0;
  m.u32[chunk >> 2] = before;
  m.u32[(chunk >> 2) + 1] = bytes;
  return chunk;
}

/** Gives every chunk back, the pool's record with it. */
export function baseDestroy(m: Memory, p: pool.Pool): void {
  for (let chunk = pool.chunk(m, p); chunk !== 0; ) {
    const before = m.u32[chunk >> 2];
    osFree(m, chunk, m.u32[(chunk >> 2) + 1]);
    chunk = before;
  }
}

/**
 * Makes sure that the next `n` calls of `newExtent` find a record, so that they cannot fail halfway through a change.
 *
 * @returns false when there is no room for them
 */
export function reserveExtents(m: Memory, p: pool.Pool, n: number): boolean {
  let e = pool.freeExtents(m, p);
  let have = 0;
  while (e !== 0 && have < n) {
    have++;
    e = extent.next(m, e);
  }
  while (have < n) {
    const fresh = baseAlloc(m, p, extent.layout.size, false);
    if (fresh === 0) return false;
    freeExtent(m, p, fresh);
    have++;
  }
  return true;
}

/** A cleared extent record; `reserveExtents` came before. */
export function newExtent(m: Memory, p: pool.Pool): extent.Extent {
  const e = pool.freeExtents(m, p);
  pool.setFreeExtents(m, p, extent.next(m, e));
  m.u8.fill(0, e, e + extent.layout.size);
  return e;
}

/** Takes an extent record back. */
export function freeExtent(m: Memory, p: pool.Pool, e: extent.Extent): void {
  extent.setState(m, e, extent.UNUSED);
  extent.setNext(m, e, pool.freeExtents(m, p));
  pool.setFreeExtents(m, p, e);
}

/** The detector's records for a slab of a class, all FRESH; 0 when there is no room. */
export function newRegions(m: Memory, p: pool.Pool, szind: number): region.Region {
  const kept = pool.freeRegions(m, p, szind);
  if (kept === 0) return baseAlloc(m, p, arrayBytes[szind], true);
  pool.setFreeRegions(m, p, szind, region.serial(m, kept)); // the first word of a kept array is its link
  m.u8.fill(0, kept, kept + arrayBytes[szind]);
  return kept;
}

/** Takes the records of a slab back. */
export function freeRegions(m: Memory, p: pool.Pool, szind: number, r: region.Region): void {
  region.setSerial(m, r, pool.freeRegions(m, p, szind));
  pool.setFreeRegions(m, p, szind, r);
}
