/**
 * persistentalloc: memory that is never freed, for the runtime's own records.
 *
 * Each P cuts from a chunk of 256 KiB of its own; without a P there is one for all, behind a lock. A new chunk counts
 * as other_sys; each piece then moves from there to the statistic of whoever asked. From 64 KiB on a request is the
 * operating system's. The first word of a chunk links it to the one before, so that all of them can be found.
 *
 * Go 1.26: runtime/malloc.go (persistentalloc, persistentalloc1, inPersistentAlloc).
 */
import { cas32, load32, lock, unlock } from "../memory/atomics.ts";
import { throwFatal } from "../memory/fatal.ts";
import { add64 } from "../memory/layout.ts";
import type { Memory } from "../memory/memory.ts";
import * as globals from "../records/globals.ts";
import * as memstats from "../records/memstats.ts";
import * as runtime2 from "../records/runtime2.ts";
import { pageSize, persistentChunkSize, persistentMaxBlock } from "../records/sizes.ts";
import { sysAlloc } from "./mem.ts";

/**
 * Bytes that stay for ever, zero at first.
 *
 * @param align power of two, at most a page; 0 for 8
 * @param stat  offset of the statistic that they are counted in
 */
export function persistentalloc(m: Memory, size: number, align: number, stat: number): number {
  if (size === 0) throwFatal("persistentalloc: size == 0");
  if (align !== 0) {
    if ((align & (align - 1)) !== 0) throwFatal("persistentalloc: align is not a power of 2");
    if (align > pageSize) throwFatal("persistentalloc: align is too large");
  }
  if (size >= persistentMaxBlock) return sysAlloc(m, size, stat);

  const otherSys = memstats.other_sysAt(globals.memstats(m));
  let p: number;
  if (m.p !== 0) {
    p = cut(m, runtime2.palloc(m.p), size, align === 0 ? 8 : align, otherSys);
  } else {
    const global = globals.globalAlloc(m);
    lock(m, globals.globalAllocLock(global));
    p = cut(m, globals.globalAllocPersistent(global), size, align === 0 ? 8 : align, otherSys);
    unlock(m, globals.globalAllocLock(global));
  }
  if (p === 0) throwFatal("runtime: cannot allocate memory");
  if (stat !== otherSys) {
    add64(m, stat, size);
    add64(m, otherSys, -size);
  }
  return p;
}

function cut(m: Memory, a: runtime2.PersistentAlloc, size: number, align: number, otherSys: number): number {
  let off = (runtime2.off(m, a) + align - 1) & -align;
  if (off + size > persistentChunkSize || runtime2.base(m, a) === 0) {
    const chunk = sysAlloc(m, persistentChunkSize, otherSys);
    runtime2.setBase(m, a, chunk);
    if (chunk === 0) return 0;
    link(m, chunk);
    off = Math.max(8, align);
  }
  runtime2.setOff(m, a, off + size);
  return (runtime2.base(m, a) as number) + off;
}

function link(m: Memory, chunk: number): void {
  const head = globals.persistentChunks(m);
  let old: number;
  do {
    old = load32(m, head);
    m.i32[chunk >> 2] = old;
  } while (!cas32(m, head, old, chunk));
}

/** True when `p` points into a chunk of persistentalloc. */
export function inPersistentAlloc(m: Memory, p: number): boolean {
  let chunk = load32(m, globals.persistentChunks(m));
  while (chunk !== 0) {
    if (p >= chunk && p < chunk + persistentChunkSize) return true;
    chunk = m.i32[chunk >> 2];
  }
  return false;
}
