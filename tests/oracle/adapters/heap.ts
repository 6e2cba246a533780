/** A booted heap with one P, and types in it. */
import { Memory } from "../../../engine/memory/memory.ts";
import { writeDescriptor } from "../../../engine/process/descriptors.ts";
import { pointer, uint8 } from "../../../engine/process/types.ts";
import type { Type } from "../../../engine/records/type.ts";
import { schedinit } from "../../../engine/runtime/proc.ts";

/** A heap at the fixed base, with one P that runs. */
export function bootHeap(): Memory {
  const m = new Memory({ check: "local" });
  schedinit(m, { procs: 1 });
  return m;
}

/** The descriptor of `*byte`. */
export function pointerType(m: Memory): Type {
  return writeDescriptor(m, pointer(uint8));
}
