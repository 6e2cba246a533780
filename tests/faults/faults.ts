/**
 * Seeded faults: small sabotages of the engine, each of which some test must notice.
 *
 * A fault is a change of source text, made while the tests load the engine (plugin.ts) or while the stepped build is
 * made; the files on disk are never touched. FAULT=name npx vitest run tests/engine/… runs tests under one.
 * `npm run conformance` runs each fault that tests/conformance.json names and expects its row's test to fail.
 */

import { barrierFaults } from "./barrier.ts";
import type { Fault } from "./fault.ts";
import { objectsFaults } from "./objects.ts";
import { pagesFaults } from "./pages.ts";

export type { Fault } from "./fault.ts";

export const faults: readonly Fault[] = [...pagesFaults, ...objectsFaults, ...barrierFaults];

/** @throws {Error} for a name that is not in the list */
export function faultNamed(name: string): Fault {
  const fault = faults.find((f) => f.name === name);
  if (fault !== undefined) return fault;
  throw new Error(`unknown fault "${name}": the faults are ${faults.map((f) => f.name).join(", ")}`);
}

/** The source with the fault in it. @throws {Error} when it no longer fits, or fits more than once */
export function applyFault(fault: Fault, source: string): string {
  let text = source;
  for (const { find, replace } of [fault, ...(fault.and ?? [])]) {
    const times = text.split(find).length - 1;
    if (times !== 1) {
      throw new Error(
        `fault ${fault.name}: "${find}" occurs ${times} times in ${fault.file}: it must fit exactly once`,
      );
    }
    text = text.replace(find, () => replace);
  }
  return text;
}

/** The `edit` of scripts/stepped/build.ts for a fault. */
export function faultEdit(name: string): (path: string, source: string) => string {
  const fault = faultNamed(name);
  return (path, source) => (path === fault.file ? applyFault(fault, source) : source);
}
