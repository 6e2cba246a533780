/**
 * How flat functions read and write fields of less than a word: as parts of a word of 32 bits, so that one view serves
 * them all. Each view costs a function five instructions before it reads a first byte.
 *
 * The arrays are those of Layout's methods in layout.ts; `o` is the offset of the field. Bytes lie low first, as they
 * do on every machine that runs JavaScript today, and in Go's amd64.
 */
import type { Memory } from "../../engine/memory/memory.ts";

declare const o: number;

export const u8 = [
  (m: Memory, p: number): number =>
    (o & 3) === 0
      ? m.i32[(p >>> 2) + (o >> 2)] & 0xff
      : (o & 3) === 3
        ? m.i32[(p >>> 2) + (o >> 2)] >>> 24
        : (m.i32[(p >>> 2) + (o >> 2)] >>> (8 * (o & 3))) & 0xff,
  (m: Memory, p: number, v: number): void => {
    const i = (p >>> 2) + (o >> 2);
    if ((o & 3) === 0) m.i32[i] = (m.i32[i] & ~0xff) | (v & 0xff);
    else if ((o & 3) === 3) m.i32[i] = (m.i32[i] & 0xffffff) | (v << 24);
    else m.i32[i] = (m.i32[i] & ~(0xff << (8 * (o & 3)))) | ((v & 0xff) << (8 * (o & 3)));
  },
];

export const u16 = [
  (m: Memory, p: number): number =>
    (o & 2) === 0 ? m.i32[(p >>> 2) + (o >> 2)] & 0xffff : m.i32[(p >>> 2) + (o >> 2)] >>> 16,
  (m: Memory, p: number, v: number): void => {
    const i = (p >>> 2) + (o >> 2);
    if ((o & 2) === 0) m.i32[i] = (m.i32[i] & ~0xffff) | (v & 0xffff);
    else m.i32[i] = (m.i32[i] & 0xffff) | (v << 16);
  },
  // A sum that does not fit would be a bug, and carry into the other half here.
  (m: Memory, p: number, delta: number): void => {
    const i = (p >>> 2) + (o >> 2);
    m.i32[i] = m.i32[i] + ((o & 2) === 0 ? delta : delta << 16);
  },
];

export const u32 = [
  (m: Memory, p: number): number => m.i32[(p >>> 2) + (o >> 2)] >>> 0,
  (m: Memory, p: number, v: number): void => {
    m.i32[(p >>> 2) + (o >> 2)] = v;
  },
];

export const u32a = [
  u32[0],
  u32[1],
  undefined,
  (m: Memory, p: number, delta: number): number => {
    const i = (p >>> 2) + (o >> 2);
    m.i32[i] = m.i32[i] + delta;
    return m.i32[i] >>> 0;
  },
];
