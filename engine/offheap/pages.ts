/**
 * Address space beside the Go heap: runs of 4 KiB pages from the simulated operating system.
 *
 * Go's arenas grow from the low end of the window upwards, at addresses that Go asks for. What is mapped here lies at
 * the high end and grows downwards, as a kernel places mappings whose address nobody named. The two meet when the
 * window is full.
 */
import { type Memory, NIL } from "../memory/memory.ts";
import { OS_NONE, OS_PAGE_BYTES, OS_PREPARED, osPrepare, osReserve, osState } from "../memory/os.ts";

/** The page of every allocator in this folder: the operating system's, in bytes. Go's own page has 8 KiB. */
export const pageBytes = OS_PAGE_BYTES;

/** Byte that freed memory is filled with, as jemalloc fills it when told to: 0x5a. */
export const poisonByte = 0x5a;

/**
 * Maps n bytes at the highest free place, Prepared: zero, and resident once touched.
 *
 * @param n a multiple of 4 KiB
 * @returns an offset; NIL when there is no room or the operating system refuses
 */
export function mapPages(m: Memory, n: number): number {
  let run = 0;
  for (let off = m.windowBytes - pageBytes; off >= 0; off -= pageBytes) {
    run = osState(m, off) === OS_NONE ? run + pageBytes : 0;
    if (run < n) continue;
    if (osReserve(m, m.heapBase + off, n) === 0) return NIL;
    osPrepare(m, off, n);
    return off;
  }
  return NIL;
}

/** True when all n bytes from `off` on can be touched without a fault. */
export function isMapped(m: Memory, off: number, n: number): boolean {
  if (off < 0 || off + n > m.windowBytes) return false;
  for (let at = off - (off % pageBytes); at < off + n; at += pageBytes) {
    if (osState(m, at) < OS_PREPARED) return false;
  }
  return true;
}

/** Fills freed memory, so that whoever still reads it reads nothing that looks like a value. */
export function poison(m: Memory, off: number, n: number): void {
  m.u8.fill(poisonByte, off, off + n);
}

/** The first byte from `off` on that is not poison any more; NIL when all n still are. */
export function firstUnpoisoned(m: Memory, off: number, n: number): number {
  for (let at = off; at < off + n; at++) if (m.u8[at] !== poisonByte) return at;
  return NIL;
}
