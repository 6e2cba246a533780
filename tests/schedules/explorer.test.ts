/** The explorer on a toy whose schedules can be counted by hand. */
import { beforeAll, describe, expect, test } from "vitest";
import { Memory } from "../../engine/memory/memory.ts";
import { explore, replay, type Scenario } from "../../engine/sched/explorer.ts";
import { buildStepped, type SteppedBuild } from "../../scripts/stepped/build.ts";

const module = "tests/schedules/toy/toy.ts";
let build: SteppedBuild;
const prepared = new Memory({ windowBytes: 64 * 1024 * 1024 });
const toy = prepared.data;

beforeAll(async () => {
  const guarded = [{ module: "tests/schedules/toy/records.ts", names: ["cursor", "setCursor"] }];
  build = await buildStepped({ entries: [module], guarded });
});

function race(names: string[], check: Scenario<number>["check"]): Scenario<number> {
  const threads = names.map((name) => {
    const steps = build.steps<[Memory, number], number>(module, name);
    return (m: Memory) => steps(m, toy);
  });
  return { prepared, threads, check, sites: build.sites };
}

const count = (m: Memory) => m.u32[toy >> 2];
const countIs = (n: number) => (m: Memory) => expect(count(m)).toBe(n);
const slotsDiffer = (_m: Memory, slots: readonly number[]) => expect(new Set(slots).size).toBe(slots.length);

describe("the explorer", () => {
  test.each([
    // Two threads of two steps each: 6 interleavings of four letters, of which AABB BBAA have no preemption,
    // ABBA BAAB one (the last switch is free), ABAB BABA two.
    [0, 2, [2]],
    [1, 4, [2, 2]],
    [2, 6, [2, 2, 2]],
    [3, 6, [2, 2, 2, 0]],
  ])("with %i preemptions two threads of two steps have %i schedules", (preemptions, schedules, byPreemptions) => {
    const found = explore(
      race(["makeReady", "makeReady"], () => {}),
      { preemptions },
    );
    expect(found).toMatchObject({ schedules, byPreemptions, longest: 4, failure: null });
  });

  test("three threads of two steps each have 90 schedules in all", () => {
    const found = explore(
      race(["makeReady", "makeReady", "makeReady"], () => {}),
      { preemptions: 6 },
    );
    expect(found.schedules).toBe(90);
  });

  test("finds a lost update with one preemption, and plays it again", () => {
    const scenario = race(["incrementTorn", "incrementTorn"], countIs(2));
    const { failure } = explore(scenario, { preemptions: 2 });
    expect(failure).toMatchObject({ preemptions: 1, schedule: [[1, 1]] });
    expect(failure?.turns[0]).toContain("tests/schedules/toy/toy.ts:13 toy.setCount(m, t, seen + 1)");
    for (let i = 0; i < 5; i++)
      expect(replay(scenario, failure?.schedule ?? [])?.error.message).toBe(failure?.error.message);
    expect(replay(scenario, [])).toBeNull();
    expect(count(prepared)).toBe(0);
  });

  test("finds the same where the load is the argument of the store", () => {
    expect(
      explore(race(["incrementNested", "incrementNested"], countIs(2)), { preemptions: 1 }).failure,
    ).not.toBeNull();
  });

  test("compare-and-swap loses no update in any schedule of three threads", () => {
    const found = explore(race(["incrementCas", "incrementCas", "incrementCas"], countIs(3)), { preemptions: 3 });
    expect(found.failure).toBeNull();
    expect(found.schedules).toBeGreaterThan(50);
  });

  test("under its lock no slot is given twice, and guarded data adds no point", () => {
    const found = explore(race(["takeSlot", "takeSlot"], slotsDiffer), { preemptions: 2 });
    expect(found.failure).toBeNull();
    const kinds = [...build.sites].filter((s) => s.kind === "plain").length;
    expect(kinds).toBe(2);
    expect(found.places).toBe(2); // the lock and the unlock
  });

  test("without the lock a slot is given twice, with one preemption", () => {
    const { failure } = explore(race(["takeSlotUnlocked", "takeSlotUnlocked"], slotsDiffer), { preemptions: 2 });
    expect(failure?.preemptions).toBe(1);
  });

  test("finds two threads that wait for each other", () => {
    const { failure } = explore(
      race(["lockAB", "lockBA"], () => {}),
      { preemptions: 2 },
    );
    expect(failure?.error.message).toMatch(/^deadlock: thread 0 waits for the lock at \d+, thread 1 waits/);
    expect(
      explore(
        race(["lockAB", "lockAB"], () => {}),
        { preemptions: 2 },
      ).failure,
    ).toBeNull();
  });

  test("a thread that waits in a loop lets the others go on, at no cost in preemptions", () => {
    const sees7 = (_m: Memory, results: readonly number[]) => expect(results[0]).toBe(7);
    const found = explore(race(["waitReady", "makeReady"], sees7), { preemptions: 0 });
    expect(found.failure).toBeNull();
  });

  test("a wait that nobody ends is an error, not a hang", () => {
    const { failure } = explore(
      race(["waitReady", "waitReady"], () => {}),
      { preemptions: 0 },
    );
    expect(failure?.error.message).toContain("a thread waits in a loop");
  });

  test("more schedules than the limit is an error: nothing was shown", () => {
    const scenario = race(["takeSlot", "takeSlot"], slotsDiffer);
    expect(() => explore(scenario, { preemptions: 2, limit: 3 })).toThrow("more than 3 schedules");
  });

  test("every byte is as it was, also where only some schedules write", () => {
    explore(
      race(["takeSlot", "incrementTorn", "lockAB"], () => {}),
      { preemptions: 2 },
    );
    expect(prepared.i32.every((word) => word === 0)).toBe(true);
  });
});
