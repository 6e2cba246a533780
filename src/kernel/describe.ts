/** The engine's values in one line, for `print`, tables and a cell's last expression. */

import type { GoType, Process, Ref } from "goheap";
import type { Describe } from "./show.ts";

/** The classes by which the engine's values are known; handed in, since only worker.ts loads the engine. */
export interface EngineClasses {
  readonly GoType: typeof GoType;
  readonly Process: typeof Process;
}

/** A Ref is the engine's proxy: an object of no plain kind whose address reads like one. */
function isRef(value: object): value is Ref {
  const proto = Object.getPrototypeOf(value);
  return (
    proto !== null && proto !== Object.prototype && Object.hasOwn(proto, "address") && Object.hasOwn(proto, "isFreed")
  );
}

export function describer({ GoType, Process }: EngineClasses): Describe {
  return (value) => {
    if (isRef(value)) {
      const type = value.type === null ? `[${value.size}]byte` : value.type.name;
      return `*${type} ${value.address}${value.isFreed ? " (freed)" : ""}`;
    }
    if (value instanceof GoType) {
      const { name, size, align, ptrdata } = value;
      return `type ${name} (size ${size}, align ${align}, ptrdata ${ptrdata})`;
    }
    if (value instanceof Process) return `process (procs ${value.procs}, heapLive ${value.heapLive})`;
    return null;
  };
}
