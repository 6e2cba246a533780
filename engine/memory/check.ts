/** Assertions that a heap makes about itself when it was made with `check`. */
import { Fatal } from "./fatal.ts";
import type { Memory } from "./memory.ts";

/** Throws when a checked heap finds `condition` false. Free of charge when nobody checks: the argument must be cheap. */
export function debugCheck(m: Memory, condition: boolean, what: string): void {
  if (m.isChecked && !condition) throw new Fatal(`check failed: ${what}`);
}
