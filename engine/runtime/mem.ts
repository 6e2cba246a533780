/**
 * Memory from the operating system, and the counters that go with each step.
 *
 *   sysReserve   None → Reserved        nothing is counted
 *   sysMap       Reserved → Prepared    *stat += n          (the heap's stat: heapReleased)
 *   sysUsed      Prepared → Ready       mappedReady += prepared
 *   sysUnused    Ready → Prepared       mappedReady -= n
 *   sysAlloc     None → Ready           *stat += n, mappedReady += n
 *   sysFree      → None                 both -= n
 *
 * Only sysUnused takes time on the process's clock: 10 µs for 4 KiB, which is what the scavenger reckons with.
 *
 * Invariant: mappedReady = the sum of all …Sys statistics - heapReleased.
 *
 * Go 1.26: runtime/mem.go, runtime/mem_linux.go.
 * Differs: a reservation for summaries gives its full size to the figures but has bytes only for the part that can be
 * reached (`sysReserveMeta`). Differs: huge page advice is not given, as the simulated kernel has no huge pages.
 */

import { Fatal, throwFatal } from "../memory/fatal.ts";
import { add64 } from "../memory/layout.ts";
import type { Memory } from "../memory/memory.ts";
import {
  osAdvice,
  osAdvise,
  osAlloc,
  osCommit,
  osCommitMeta,
  osFree,
  osPrepare,
  osRelease,
  osReserve,
  osReserveMeta,
  osUnmap,
} from "../memory/os.ts";
import * as gcController from "../records/gcController.ts";
import * as globals from "../records/globals.ts";
import { physPageSize } from "../records/sizes.ts";

/** Nanoseconds that the operating system takes to get one of its pages back. */
const unusedNSPerPhysicalPage = 10e3;

/** What the kernel is told of memory that is not needed: what it took last. The record starts with 0, Go's own choice. */
const _MADV_FREE = 0;
const _MADV_DONTNEED = 1;
const madviseUnsupported = 2;

/** Ends the program for want of memory, with Go's words; what may help is the error's cause. */
export function throwOutOfMemory(m: Memory): never {
  throw new Fatal("out of memory", { cause: osAdvice(m) });
}

function addMappedReady(m: Memory, n: number): void {
  gcController.addMappedReady(m, globals.gcController(m), n);
}

/** Memory outside the heap, ready for use and zero. @param stat offset of its statistic @returns 0 when there is none */
export function sysAlloc(m: Memory, n: number, stat: number): number {
  add64(m, stat, n);
  addMappedReady(m, n);
  return osAlloc(m, n);
}

/** Gives back what sysAlloc gave. */
export function sysFree(m: Memory, v: number, n: number, stat: number): void {
  add64(m, stat, -n);
  addMappedReady(m, -n);
  osFree(m, v, n);
}

/** Address space for the heap. @param addr Go's address, 0 for anywhere @returns Go's address, 0 for none */
export function sysReserve(m: Memory, addr: number, n: number): number {
  return osReserve(m, addr, n);
}

/**
 * Reserves `size` bytes at a multiple of `align` anywhere.
 *
 * @returns Go's address, 0 for none; ret[0] = the size in units of `align`: one more than asked for when the kernel's
 * answer was aligned already, because then nothing is trimmed
 */
export function sysReserveAligned(m: Memory, size: number, align: number): number {
  const p = sysReserve(m, 0, size + align);
  m.ret[0] = size / align;
  if (p === 0) return 0;
  if (p % align === 0) {
    m.ret[0] = size / align + 1;
    return p;
  }
  const pAligned = Math.ceil(p / align) * align;
  const end = pAligned + size;
  osUnmap(m, p, pAligned - p);
  if (p + size + align > end) osUnmap(m, end, p + size + align - end);
  return pAligned;
}

/** Address space for an array of the runtime. @see osReserveMeta */
export function sysReserveMeta(m: Memory, n: number, stored: number): number {
  return osReserveMeta(m, n, stored);
}

/** sysMap and sysUsed in one, for a part of such an array. */
export function sysMapMeta(m: Memory, n: number, stat: number): void {
  add64(m, stat, n);
  addMappedReady(m, n);
  osCommitMeta(m, n);
}

/** Makes reserved heap usable. @param off offset in the window */
export function sysMap(m: Memory, off: number, n: number, stat: number): void {
  add64(m, stat, n);
  osPrepare(m, off, n);
}

/** Tells that heap is about to be touched. @param prepared bytes of it that are not Ready yet */
export function sysUsed(m: Memory, off: number, n: number, prepared: number): void {
  addMappedReady(m, prepared);
  osCommit(m, off, n);
}

/** Gives heap back to the operating system; it keeps its address. */
export function sysUnused(m: Memory, off: number, n: number): void {
  addMappedReady(m, -n);
  globals.addClock(m, (n / physPageSize) * unusedNSPerPhysicalPage);
  if (off % physPageSize !== 0 || n % physPageSize !== 0) throwFatal("unaligned sysUnused");
  let advise = globals.adviseUnused(m);
  if (globals.madvdontneed(m) !== 0 && advise !== madviseUnsupported) advise = _MADV_DONTNEED;
  if (advise === _MADV_FREE) {
    if (osAdvise(m, off, n, true)) return;
    globals.setAdviseUnused(m, _MADV_DONTNEED);
    advise = _MADV_DONTNEED;
  }
  if (advise === _MADV_DONTNEED) {
    if (osAdvise(m, off, n, false)) return;
    globals.setAdviseUnused(m, madviseUnsupported);
  }
  osRelease(m, off, n, false); // mapped anew over the old pages, which needs no advice
}

/** True when memory that was given back may come back with its old bytes. */
export function needZeroAfterSysUnused(m: Memory): boolean {
  return globals.madvdontneed(m) === 0;
}
