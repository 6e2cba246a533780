/**
 * What the tests of schedules share: a search of everything within two preemptions, its figures, and the search for the
 * damage that a seeded fault does.
 */
import { expect } from "vitest";
import { explore, replay, type Scenario } from "../../engine/sched/explorer.ts";

/** Runs every schedule, none of which may fail. @returns the line of figures to print */
export function searchAll<T>(name: string, scenario: Scenario<T>): string {
  const { schedules, byPreemptions, places, ends, failure } = explore(scenario, { preemptions: 2 });
  expect(failure).toBeNull();
  expect(byPreemptions[2], "schedules with two preemptions").toBeGreaterThan(10);
  const shape = `${byPreemptions.join(" + ")}, ${places} places, ${ends} end states`;
  return `${String(schedules).padStart(7)} schedules (${shape}): ${name}`;
}

/** Searches until a schedule ends in `damage`, and plays it again. @returns the line of figures to print */
export function searchDamage<T>(fault: string, scenario: Scenario<T>, damage: RegExp): string {
  const wanted = (error: Error) => damage.test(error.message);
  const { failure, schedules, failed } = explore(scenario, { preemptions: 2, wanted });
  if (failure === null) throw new Error(`fault ${fault}: none of ${schedules} schedules ends in ${damage}`);
  expect(failure.preemptions, "without a preemption nothing is wrong").toBeGreaterThan(0);
  const again = replay(scenario, failure.schedule);
  expect([again?.error.message, again?.turns]).toEqual([failure.error.message, failure.turns]);
  expect(replay(scenario, [])).toBeNull();
  const words = failure.error.message.split("\n")[0];
  return `${String(schedules).padStart(7)} schedules, ${failed} failed, until ${fault}: ${words}`;
}
