/**
 * The scavenger gives pages back while a P takes some: every interleaving with at most two preemptions. Nobody is given
 * pages that are just losing their memory, nobody loses what he wrote, and the figures agree with the pages.
 */
import { afterAll, describe, test } from "vitest";
import type { Memory } from "../../engine/memory/memory.ts";
import { mheap_ } from "../../engine/records/globals.ts";
import * as mheap from "../../engine/records/mheap.ts";
import { pageSize } from "../../engine/records/sizes.ts";
import { allocManual, freeManual } from "../../engine/runtime/mheap.ts";
import type { Scenario } from "../../engine/sched/explorer.ts";
import type { Steps } from "../../engine/sched/stepped.ts";
import { checkSpans, on, steppedHeap, stepsOfAlloc, take, twoPs, typ } from "./pageheap.ts";
import { searchAll, searchDamage } from "./search.ts";

/** The spans taken before the race, of which those with a minus sign are freed; what P 0 takes, and what goes. */
interface World {
  readonly before: readonly number[];
  readonly takes: number;
  readonly released: number;
}

const worlds = {
  "one free run: one takes all of it, the other gives all of it back": { before: [480, -32], takes: 32, released: 32 },
  "one free run: a page is taken for a cache while the top goes": { before: [448, -64], takes: 1, released: 8 },
  "two free runs: the higher goes, and then the lower, unless it is taken before": {
    before: [400, -32, 48, -32],
    takes: 32,
    released: 64,
  },
} satisfies Record<string, World>;

async function race(world: World, fault?: string): Promise<Scenario<number[]>> {
  const build = await steppedHeap(["engine/runtime/mgcscavenge.ts"], fault);
  const alloc = stepsOfAlloc(build);
  type Args = [Memory, ReturnType<typeof mheap.pages>, number, boolean, boolean];
  const scavenge = build.steps<Args, number>("engine/runtime/mgcscavenge.ts", "scavenge");
  const prepared = twoPs();
  const spans = world.before.map((n) => on(prepared, 0, () => allocManual(prepared, Math.abs(n), typ)));
  for (const [i, s] of spans.entries()) {
    if (world.before[i] < 0) on(prepared, 0, () => freeManual(prepared, s, typ));
  }
  const release = function* (m: Memory): Steps<number[]> {
    const pages = mheap.pages(mheap_(m));
    yield* scavenge(m, pages, world.released * pageSize, false, true);
    return [];
  };
  const threads = [(m: Memory) => take(m, 0, alloc, [world.takes]), release];
  return { prepared, threads, sites: build.sites, check: (m, taken) => checkSpans(m, taken.flat()) };
}

const counts: string[] = [];
afterAll(() => console.log(counts.join("\n")));

describe("the scavenger against an allocation, every schedule with at most two preemptions", () => {
  test.each(Object.entries<World>(worlds))("%s", async (name, world) => {
    counts.push(searchAll(name, await race(world)));
  });

  test.each<[fault: string, world: number, damage: RegExp]>([
    ["scavenged-range-not-held", 0, /uses page 480, which is free/],
  ])(
    "under the fault %s the search finds the damage, and its schedule shows it again",
    async (fault, world, damage) => {
      counts.push(searchDamage(fault, await race(Object.values<World>(worlds)[world], fault), damage));
    },
  );
});
