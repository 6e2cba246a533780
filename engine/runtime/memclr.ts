/**
 * Clearing memory.
 *
 * Go 1.26: runtime/memclr_amd64.s (memclrNoHeapPointers), runtime/malloc.go (memclrNoHeapPointersChunked).
 */
import type { Memory } from "../memory/memory.ts";
import { Ev, traceEvent } from "./trace.ts";

/** Up to here storing words is faster than `fill`. */
const wordsBytes = 512;

/**
 * Sets `n` bytes from offset `off` to zero. Up to 64 bytes are stored from both ends, so that the stores may meet or
 * overlap and need not be counted: as Go does it.
 *
 * @param off a multiple of 8
 */
export function memclrNoHeapPointers(m: Memory, off: number, n: number): void {
  if (n > wordsBytes || (n & 7) !== 0) {
    m.u8.fill(0, off, off + n);
    return;
  }
  const f64 = m.f64;
  const end = (off + n) >>> 3;
  let i = off >>> 3;
  if (n <= 16) {
    if (n === 0) return;
    f64[i] = 0;
    f64[end - 1] = 0;
    return;
  }
  if (n <= 64) {
    f64[i] = 0;
    f64[i + 1] = 0;
    f64[end - 2] = 0;
    f64[end - 1] = 0;
    if (n <= 32) return;
    f64[i + 2] = 0;
    f64[i + 3] = 0;
    f64[end - 4] = 0;
    f64[end - 3] = 0;
    return;
  }
  for (; i + 4 <= end; i += 4) {
    f64[i] = 0;
    f64[i + 1] = 0;
    f64[i + 2] = 0;
    f64[i + 3] = 0;
  }
  for (; i < end; i++) f64[i] = 0;
}

/** Step of clearing a large object: Go asks before each whether somebody else wants to run. */
export const chunkBytes = 256 * 1024;

/** Clears a large object in steps, during which a collection may begin. */
export function memclrNoHeapPointersChunked(m: Memory, size: number, x: number): void {
  for (let voff = 0; voff < size; voff += chunkBytes) {
    const n = Math.min(size - voff, chunkBytes);
    memclrNoHeapPointers(m, x + voff, n);
    traceEvent(m, Ev.zeroed, x + voff, n);
  }
}
