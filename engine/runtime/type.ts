/**
 * What the allocator asks of a type descriptor.
 *
 * Go 1.26: runtime/type.go (getGCMask), internal/abi/type.go (Type.Pointers).
 */
import { throwFatal } from "../memory/fatal.ts";
import type { Memory } from "../memory/memory.ts";
import type { Type } from "../records/type.ts";
import * as abi from "../records/type.ts";

/** True when values of the type can hold pointers. @param typ 0: raw bytes */
export function hasPointers(m: Memory, typ: Type): boolean {
  return typ !== 0 && abi.ptrBytes(m, typ) !== 0;
}

/** Offset of the type's pointer mask, 8-aligned and padded to whole 64-bit words. */
export function getGCMask(m: Memory, typ: Type): number {
  const mask = abi.gcData(m, typ);
  if (mask === 0) throwFatal("type has no pointer mask");
  return (abi.tflag(m, typ) & abi.TFlagGCMaskOnDemand) !== 0 ? m.i32[mask >> 2] : mask;
}
