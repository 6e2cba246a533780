/** One number for all bytes of a heap: equal programs, seeds and options give equal hashes, on every machine. */
import type { Memory } from "../memory/memory.ts";
import { hex64 } from "../memory/u64.ts";

/** Words of memory that are looked at together; a stretch of zeros costs one comparison a word and changes nothing. */
const STRETCH_WORDS = 1024;

/**
 * Hash of the whole buffer, as "0x" and 16 digits. Two 32-bit lanes of multiply and rotate over the words that are not
 * 0, each mixed with its place; so memory that was never touched costs one reading. Not for secrets.
 * @zh 整块内存的哈希："0x" 加 16 位十六进制数。相同的字节得到相同的结果，不能用于保密。
 */
export function hashMemory(m: Memory): string {
  let a = 0x811c9dc5 | 0;
  let b = 0x9e3779b9 | 0;
  const words = m.i32;
  for (let from = 0; from < words.length; from += STRETCH_WORDS) {
    const to = Math.min(from + STRETCH_WORDS, words.length);
    let any = 0;
    for (let i = from; i < to; i++) any |= words[i];
    if (any === 0) continue;
    for (let i = from; i < to; i++) {
      const w = words[i];
      if (w === 0) continue;
      a = Math.imul(a ^ w, 0x01000193) ^ Math.imul(i + 1, 0x85ebca6b);
      a = (a << 13) | (a >>> 19);
      b = Math.imul(b + w, 0xc2b2ae35) ^ Math.imul(i ^ a, 0x27d4eb2f);
      b = (b << 17) | (b >>> 15);
    }
  }
  a = Math.imul(a ^ (a >>> 16), 0x7feb352d) ^ b;
  b = Math.imul(b ^ (b >>> 15), 0x846ca68b) ^ a;
  return hex64(a ^ (a >>> 15), b ^ (b >>> 16));
}
