/**
 * Memory for slices.
 *
 * Go 1.26: runtime/slice.go (makeslice, panicmakeslicelen, panicmakeslicecap).
 */
import { Panic } from "../memory/fatal.ts";
import type { Memory } from "../memory/memory.ts";
import type { Type } from "../records/type.ts";
import * as abi from "../records/type.ts";
import { mallocgc } from "./malloc.ts";

const maxAlloc = 2 ** 48;

/** Cleared memory for `cap` elements. @throws {Panic} when len or cap is out of range, as Go says it */
export function makeslice(m: Memory, et: Type, len: number, cap: number): number {
  const size = abi.size(m, et);
  const mem = size * cap;
  if (mem > maxAlloc || len < 0 || len > cap) {
    // The length is blamed if it alone is too much: it is what make was given first.
    const lenIsBad = size * len > maxAlloc || len < 0;
    throw new Panic(`runtime error: makeslice: ${lenIsBad ? "len" : "cap"} out of range`);
  }
  return mallocgc(m, mem, et, true);
}
