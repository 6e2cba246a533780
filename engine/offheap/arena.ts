/**
 * A bump arena: objects one behind the other, and all of them freed at once.
 *
 *   chunk  │ object │ object │pad│ object │ ........ │     an allocation moves `bump`; nothing is remembered per object
 *                                         ^bump      ^end
 *
 * When a chunk is used up the next one is twice as long, up to 1 MiB; an object that is longer than that gets a chunk of its
 * own length. Freeing costs the same for one object as for a million: the serial number goes up, and every handle with an older
 * one is dead. `reset` keeps the chunks and fills what was used with 0x5a, so that an old pointer reads poison; `free`
 * gives the chunks back, so that it faults.
 *
 * Invariant: the bytes before `bump` in all chunks up to the current = requested + padding + tails.
 */
import { type Memory, NIL } from "../memory/memory.ts";
import { osAlloc, osCommit, osFree, osUnmap } from "../memory/os.ts";
import { noRecords } from "./errors.ts";
import { mapPages, pageBytes, poison } from "./pages.ts";
import * as arena from "./records/arena.ts";

/** Chunks double up to this length. */
const largestChunk = 1024 * 1024;

/** An arena without a chunk. @param firstChunk bytes, a multiple of 4 KiB @throws {CellError} `offheap/out-of-memory` */
export function arenaCreate(m: Memory, firstChunk: number): arena.BumpArena {
  const a: arena.BumpArena = osAlloc(m, arena.layout.size);
  if (a === 0) throw noRecords();
  arena.setSerial(m, a, 1);
  arena.setFirstChunk(m, a, firstChunk);
  arena.setNextChunk(m, a, firstChunk);
  return a;
}

/** Zero bytes at a multiple of `align`. @param align a power of two, at most 4096 @returns NIL when there is no more memory */
export function arenaAlloc(m: Memory, a: arena.BumpArena, size: number, align: number): number {
  let at = alignUp(arena.bump(m, a), align);
  if (at + size > arena.end(m, a) || arena.chunks(m, a) === 0) {
    if (!nextChunk(m, a, size)) return NIL;
    at = arena.bump(m, a);
  }
  arena.setPadding(m, a, arena.padding(m, a) + at - arena.bump(m, a));
  arena.setBump(m, a, at + size);
  arena.setCount(m, a, arena.count(m, a) + 1);
  arena.setRequested(m, a, arena.requested(m, a) + size);
  m.u8.fill(0, at, at + size); // a chunk that was used before is full of poison
  return at;
}

function alignUp(n: number, align: number): number {
  return Math.ceil(n / align) * align;
}

/** Makes a chunk current that has room for `size` bytes: one that is there already, or a new one. */
function nextChunk(m: Memory, a: arena.BumpArena, size: number): boolean {
  const had = arena.chunks(m, a);
  let i = had === 0 ? 0 : arena.current(m, a) + 1;
  let tails = had === 0 ? 0 : arena.end(m, a) - arena.bump(m, a);
  while (i < had && arena.chunkBytes(m, a, i) < size) tails += arena.chunkBytes(m, a, i++); // too short: left empty
  if (i === had && !mapChunk(m, a, size)) return false;
  arena.setTails(m, a, arena.tails(m, a) + tails);
  enter(m, a, i);
  return true;
}

function enter(m: Memory, a: arena.BumpArena, i: number): void {
  arena.setCurrent(m, a, i);
  arena.setBump(m, a, arena.chunkAt(m, a, i));
  arena.setEnd(m, a, arena.chunkAt(m, a, i) + arena.chunkBytes(m, a, i));
}

function mapChunk(m: Memory, a: arena.BumpArena, size: number): boolean {
  const n = Math.max(arena.nextChunk(m, a), alignUp(size, pageBytes));
  const i = arena.chunks(m, a);
  const at = i === arena.maxChunks ? NIL : mapPages(m, n);
  if (at === NIL) return false;
  osCommit(m, at, n);
  arena.setChunkAt(m, a, i, at);
  arena.setChunkBytes(m, a, i, n);
  arena.setChunks(m, a, i + 1);
  arena.setMapped(m, a, arena.mapped(m, a) + n);
  arena.setNextChunk(m, a, Math.max(arena.firstChunk(m, a), Math.min(arena.nextChunk(m, a) * 2, largestChunk)));
  return true;
}

/** Frees every object and keeps the chunks. */
export function arenaReset(m: Memory, a: arena.BumpArena): void {
  const last = arena.chunks(m, a) === 0 ? -1 : arena.current(m, a);
  for (let i = 0; i <= last; i++) {
    const at = arena.chunkAt(m, a, i);
    poison(m, at, i === last ? arena.bump(m, a) - at : arena.chunkBytes(m, a, i));
  }
  nextLife(m, a);
  if (last >= 0) enter(m, a, 0);
}

/** Frees every object and gives the chunks back. The arena can be used again. */
export function arenaFree(m: Memory, a: arena.BumpArena): void {
  for (let i = 0; i < arena.chunks(m, a); i++) {
    osUnmap(m, m.heapBase + arena.chunkAt(m, a, i), arena.chunkBytes(m, a, i));
  }
  arena.setChunks(m, a, 0);
  arena.setMapped(m, a, 0);
  arena.setBump(m, a, 0);
  arena.setEnd(m, a, 0);
  arena.setNextChunk(m, a, arena.firstChunk(m, a));
  nextLife(m, a);
}

function nextLife(m: Memory, a: arena.BumpArena): void {
  arena.setSerial(m, a, arena.serial(m, a) + 1);
  arena.setCount(m, a, 0);
  arena.setRequested(m, a, 0);
  arena.setPadding(m, a, 0);
  arena.setTails(m, a, 0);
}

/** Gives everything back, the arena's record with it. */
export function arenaDestroy(m: Memory, a: arena.BumpArena): void {
  arenaFree(m, a);
  osFree(m, a, arena.layout.size);
}
