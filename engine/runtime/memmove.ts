/**
 * Moving memory.
 *
 * Go 1.26: runtime/memmove_amd64.s (memmove).
 */
import type { Memory } from "../memory/memory.ts";

/**
 * Moves `n` bytes; the two places may overlap. A word of 8 bytes at a place that is a multiple of 8 is moved at once, so
 * that who reads it meanwhile, as a collector does, finds the old pointer or the new one.
 */
export function memmove(m: Memory, to: number, from: number, n: number): void {
  if (!m.isShared || ((to | from) & 7) !== 0) {
    m.u8.copyWithin(to, from, from + n);
    return;
  }
  const words = n >> 3;
  const [t, f, i64] = [to >> 3, from >> 3, m.i64!];
  if (to <= from) {
    for (let i = 0; i < words; i++) Atomics.store(i64, t + i, Atomics.load(i64, f + i));
    m.u8.copyWithin(to + 8 * words, from + 8 * words, from + n);
    return;
  }
  m.u8.copyWithin(to + 8 * words, from + 8 * words, from + n);
  for (let i = words - 1; i >= 0; i--) Atomics.store(i64, t + i, Atomics.load(i64, f + i));
}
