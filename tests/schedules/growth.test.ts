/** Two Ps make the heap grow at once: every interleaving with at most two preemptions. No chunk is mapped twice. */
import { afterAll, describe, test } from "vitest";
import type { Memory } from "../../engine/memory/memory.ts";
import { allocManual } from "../../engine/runtime/mheap.ts";
import type { Scenario } from "../../engine/sched/explorer.ts";
import { checkSpans, on, steppedHeap, stepsOfAlloc, take, twoPs, typ } from "./pageheap.ts";
import { searchAll, searchDamage } from "./search.ts";

/** Pages that a P takes before the race, and what each takes then. */
interface World {
  readonly before: number;
  readonly sizes: readonly [number, number];
}

const worlds = {
  "no heap yet: both ask for a page": { before: 0, sizes: [1, 1] },
  "nothing free is long enough: both grow by a chunk": { before: 500, sizes: [64, 64] },
  "one needs two chunks, the other finds a page in what is left": { before: 500, sizes: [600, 1] },
} satisfies Record<string, World>;

async function race(world: World, fault?: string): Promise<Scenario<number[]>> {
  const build = await steppedHeap(["engine/runtime/mheap.ts"], fault);
  const alloc = stepsOfAlloc(build);
  const prepared = twoPs();
  if (world.before > 0) on(prepared, 0, () => allocManual(prepared, world.before, typ));
  const threads = world.sizes.map((npages, i) => (m: Memory) => take(m, i, alloc, [npages]));
  return { prepared, threads, sites: build.sites, check: (m, spans) => checkSpans(m, spans.flat()) };
}

const counts: string[] = [];
afterAll(() => console.log(counts.join("\n")));

describe("two Ps make the heap grow at once, every schedule with at most two preemptions", () => {
  test.each(Object.entries<World>(worlds))("%s", async (name, world) => {
    counts.push(searchAll(name, await race(world)));
  });

  test.each<[fault: string, world: number, damage: RegExp]>([
    ["growth-without-lock", 1, /cannot map pages in arena address space/],
  ])(
    "under the fault %s the search finds the damage, and its schedule shows it again",
    async (fault, world, damage) => {
      counts.push(searchDamage(fault, await race(Object.values<World>(worlds)[world], fault), damage));
    },
  );
});
