/**
 * Memory for strings, and for slices of bytes and of runes made from them.
 *
 * A string is made at its exact length: nobody can append to it, so that room behind it would be lost. A slice is made
 * as large as its slot. Neither is cleared before it is written; behind a slice's elements the slot is.
 *
 * Results of at most 32 bytes that do not leave the function lie in a buffer of its frame, and nothing is allocated.
 *
 * Go 1.26: runtime/string.go (rawstring, rawstringtmp, rawbyteslice, rawruneslice, concatstrings, slicebytetostring,
 * stringtoslicebyte, parseByteCount).
 */
import { throwFatal } from "../memory/fatal.ts";
import { addU, divU, type Int64, lessU, maxInt64, mulU } from "../memory/int64.ts";
import { type Memory, NIL } from "../memory/memory.ts";
import { mallocgc } from "./malloc.ts";
import { roundupsize } from "./msize.ts";

const maxAlloc = 2 ** 48;
/** Bytes of a buffer for a string that stays in its function. */
export const tmpStringBufSize = 32;

/** Bytes for a string of `size` bytes; to be written at once. */
export function rawstring(m: Memory, size: number): number {
  return mallocgc(m, size, 0, false);
}

/** The same in the buffer at `buf`, if there is one and it is large enough. @param buf offset, or NIL */
export function rawstringtmp(m: Memory, buf: number, size: number): number {
  return buf !== NIL && size <= tmpStringBufSize ? buf : rawstring(m, size);
}

/** Bytes for a `[]byte` of `size`; to be written at once. `m.ret[0]` is its capacity. */
export function rawbyteslice(m: Memory, size: number): number {
  const cap = roundupsize(size, true);
  const p = mallocgc(m, cap, 0, false);
  m.u8.fill(0, p + size, p + cap);
  m.ret[0] = cap;
  return p;
}

/** Bytes for a `[]rune` of `size` runes; to be written at once. `m.ret[0]` is its capacity. */
export function rawruneslice(m: Memory, size: number): number {
  if (size > maxAlloc / 4) throwFatal("out of memory");
  const mem = roundupsize(4 * size, true);
  const p = mallocgc(m, mem, 0, false);
  m.u8.fill(0, p + 4 * size, p + mem);
  m.ret[0] = Math.floor(mem / 4);
  return p;
}

/** A piece of text in memory: where, and how many bytes. */
export interface Text {
  readonly off: number;
  readonly len: number;
}

/**
 * `a + b + …`. If all but one are empty, that one is the result, without a copy.
 *
 * @param buf a buffer for a result that does not leave the function, or NIL
 * @param isOnStack true when the one that is not empty may lie in the frame: then it is copied, unless there is a buffer
 */
export function concatstrings(m: Memory, buf: number, parts: readonly Text[], isOnStack = false): Text {
  let len = 0;
  let count = 0;
  let only = 0;
  for (let i = 0; i < parts.length; i++) {
    if (parts[i].len === 0) continue;
    len += parts[i].len;
    count++;
    only = i;
  }
  if (len > maxAlloc) throwFatal("string concatenation too long");
  if (count === 0) return { off: NIL, len: 0 };
  if (count === 1 && (buf !== NIL || !isOnStack)) return parts[only];
  const off = rawstringtmp(m, buf, len);
  let at = off;
  for (const part of parts) {
    m.u8.copyWithin(at, part.off, part.off + part.len);
    at += part.len;
  }
  return { off, len };
}

/** `string(b)`. @param single offset of a byte of that value that lives for ever: strings of one byte need no memory */
export function slicebytetostring(m: Memory, buf: number, b: Text, single = NIL): Text {
  if (b.len === 0) return { off: NIL, len: 0 };
  if (b.len === 1 && single !== NIL) return { off: single, len: 1 };
  const off = rawstringtmp(m, buf, b.len);
  m.u8.copyWithin(off, b.off, b.off + b.len);
  return { off, len: b.len };
}

/** `[]byte(s)`. `m.ret[0]` is the capacity: 32 in a buffer, else the slot's. */
export function stringtoslicebyte(m: Memory, buf: number, s: Text): number {
  let p = buf;
  if (buf !== NIL && s.len <= tmpStringBufSize) {
    m.u8.fill(0, buf, buf + tmpStringBufSize);
    m.ret[0] = tmpStringBufSize;
  } else {
    p = rawbyteslice(m, s.len);
  }
  m.u8.copyWithin(p, s.off, s.off + s.len);
  return p;
}

/** Reads a count of bytes such as 512, 512B or 64MiB; null for anything else, and for more than math.MaxInt64. */
export function parseByteCount(s: string): Int64 | null {
  const found = /^\+?([0-9]+)(?:(K|M|G|T)i)?(B?)$/.exec(s);
  if (found === null) return null;
  const [, digits, unit, suffix] = found;
  if (unit !== undefined && suffix === "") return null;
  let count: Int64 = 0;
  for (const digit of digits) {
    if (lessU(divU(maxInt64, 10), count)) return null;
    count = addU(mulU(count, 10), Number(digit));
  }
  for (let power = unit === undefined ? 0 : "KMGT".indexOf(unit) + 1; power > 0; power--) {
    if (!lessU(count, 2 ** 53)) return null;
    count = mulU(count, 1024);
  }
  return lessU(maxInt64, count) ? null : count;
}
