/**
 * The stack lists of two Ps and the pool behind them: every interleaving with at most two preemptions. No stack is
 * given to two goroutines, none is lost, and a span goes back to the heap only when all of its stacks have come back.
 */
import { afterAll, describe, expect, test } from "vitest";
import { checkInvariants } from "../../engine/check/invariants.ts";
import type { Memory } from "../../engine/memory/memory.ts";
import { allp } from "../../engine/records/globals.ts";
import { mcache } from "../../engine/records/runtime2.ts";
import { stackalloc, stackfree } from "../../engine/runtime/stack.ts";
import type { Scenario } from "../../engine/sched/explorer.ts";
import type { Steps } from "../../engine/sched/stepped.ts";
import { on, steppedHeap, twoPs } from "./pageheap.ts";
import { searchAll, searchDamage } from "./search.ts";

const file = "engine/runtime/stack.ts";
/** Stacks of this size come four from a span, and a P's list holds four; it is filled and emptied by two. */
const size = 8192;

/** How many stacks P 0 and P 1 took, how many of those P 0 freed again, and what each does in the race. */
interface World {
  readonly taken: readonly [number, number];
  readonly freed: number;
  readonly ops: readonly [readonly Op[], readonly Op[]];
}
/** "clear" gives the whole list back, as a flush of the mcache does. */
type Op = "take" | "free" | "clear";

const three = ["take", "take", "take"] as const;
const worlds = {
  "both lists and the pool are empty: both fill theirs twice": { taken: [0, 0], freed: 0, ops: [three, three] },
  "half a span is in the pool: both fill theirs twice": { taken: [2, 0], freed: 0, ops: [three, three] },
  "one list is full and half of it goes to the pool, twice: the other is filled from there": {
    taken: [8, 0],
    freed: 4,
    ops: [["free", "free", "free"], three],
  },
  "one list is cleared while the other is filled from the pool, of which a span becomes full and another free": {
    taken: [6, 0],
    freed: 3,
    ops: [["clear", "take"], three],
  },
} satisfies Record<string, World>;

type Call<T> = (m: Memory, ...args: number[]) => Steps<T>;

async function race(world: World, fault?: string): Promise<Scenario<number[]>> {
  const build = await steppedHeap([file], fault);
  const alloc: Call<number> = build.steps(file, "stackalloc");
  const free: Call<void> = build.steps(file, "stackfree");
  const clear: Call<void> = build.steps(file, "stackcache_clear");
  const prepared = twoPs();
  const live = [0, 1].map((i) =>
    on(prepared, i, () => Array.from({ length: world.taken[i] }, () => stackalloc(prepared, size))),
  );
  on(prepared, 0, () => {
    for (const x of live[0].splice(0, world.freed)) stackfree(prepared, x, size);
  });
  const threads = world.ops.map((ops, i) => (m: Memory) => run(m, i, ops, [...live[i]], { alloc, free, clear }));
  return { prepared, threads, sites: build.sites, check };
}

/** @returns the stacks that P `i` has in the end */
function* run(
  m: Memory,
  i: number,
  ops: readonly Op[],
  stacks: number[],
  { alloc, free, clear }: { alloc: Call<number>; free: Call<void>; clear: Call<void> },
): Steps<number[]> {
  m.p = allp(m, i);
  for (const op of ops) {
    if (op === "take") stacks.push(yield* alloc(m, size));
    else if (op === "clear") yield* clear(m, mcache(m, m.p) as number);
    else yield* free(m, stacks.shift() as number, size);
  }
  return stacks;
}

function check(m: Memory, stacks: readonly number[][]): void {
  const inUse = stacks.flat();
  expect(new Set(inUse).size, "two goroutines got the same stack").toBe(inUse.length);
  checkInvariants(m);
  const more = [0, 1].map((i) => on(m, i, () => Array.from({ length: 6 }, () => stackalloc(m, size))));
  const all = [...inUse, ...more.flat()];
  expect(new Set(all).size, "two goroutines got the same stack").toBe(all.length);
  for (const [i, list] of [...stacks, ...more].entries()) {
    on(m, i % 2, () => {
      for (const x of list) stackfree(m, x, size);
    });
  }
  checkInvariants(m);
}

const counts: string[] = [];
afterAll(() => console.log(counts.join("\n")));

describe("stacks of two Ps, every schedule with at most two preemptions", () => {
  test.each(Object.entries<World>(worlds))("%s", async (name, world) => {
    counts.push(searchAll(name, await race(world)));
  });

  test.each<[fault: string, world: number, damage: RegExp]>([
    ["stack-pool-without-lock", 1, /mSpanList.remove/],
    ["stack-release-without-lock", 2, /span has no free stacks/],
    ["stack-clear-without-lock", 3, /span has no free stacks/],
  ])(
    "under the fault %s the search finds the damage, and its schedule shows it again",
    async (fault, world, damage) => {
      counts.push(searchDamage(fault, await race(Object.values<World>(worlds)[world], fault), damage));
    },
  );
});
