/**
 * Page caches filled and used while others are flushed: every interleaving with at most two preemptions. No page is
 * in two caches, or in a cache and free, and none is lost.
 */
import { afterAll, describe, expect, test } from "vitest";
import type { Memory } from "../../engine/memory/memory.ts";
import { allp } from "../../engine/records/globals.ts";
import { pcache } from "../../engine/records/runtime2.ts";
import { allocManual, freeManual } from "../../engine/runtime/mheap.ts";
import { pageCacheEmpty } from "../../engine/runtime/mpagecache.ts";
import type { Scenario } from "../../engine/sched/explorer.ts";
import type { Steps } from "../../engine/sched/stepped.ts";
import { type Alloc, checkSpans, on, steppedHeap, stepsOfAlloc, take, twoPs, typ } from "./pageheap.ts";
import { searchAll, searchDamage } from "./search.ts";

interface World {
  readonly prepare: (m: Memory) => void;
  /** Pages that P 0 takes. P 1 flushes its cache, and then takes as many, unless it only flushes. */
  readonly sizes: readonly number[];
  readonly onlyFlushes?: boolean;
}

/** P 1 makes the heap grow for a page, and takes one more: this one from a cache, which has the 62 pages behind it left. */
function onePageTaken(m: Memory): number {
  on(m, 1, () => allocManual(m, 1, typ));
  const s = on(m, 1, () => allocManual(m, 1, typ));
  expect(pageCacheEmpty(m, pcache(allp(m, 1))), "there is something to flush").toBe(false);
  return s;
}

const worlds = {
  "both caches hold pages: one P takes some, the other flushes the last of its own and fills again": {
    prepare: (m) => {
      for (const npages of [15, 15, 15, 15]) on(m, 1, () => allocManual(m, npages, typ));
      on(m, 0, () => allocManual(m, 1, typ));
    },
    sizes: [2],
  },
  "one cache is empty, the other is flushed to below it: its pages are found first": {
    prepare: (m) => void onePageTaken(m),
    sizes: [1],
  },
  "one cache is empty, and a page is free among those that the other is flushed to": {
    prepare: (m) => {
      const s = onePageTaken(m);
      on(m, 1, () => freeManual(m, s, typ));
    },
    sizes: [1],
  },
  "a page is free among those that the other is flushed to: three pages are taken there": {
    prepare: (m) => {
      const s = onePageTaken(m);
      on(m, 1, () => freeManual(m, s, typ));
    },
    sizes: [1, 2],
    onlyFlushes: true,
  },
  "sixteen pages are asked of the page heap, of which the lowest are just coming back": {
    prepare: (m) => {
      const s = onePageTaken(m);
      on(m, 1, () => freeManual(m, s, typ));
    },
    sizes: [16],
    onlyFlushes: true,
  },
} satisfies Record<string, World>;

async function race(world: World, fault?: string): Promise<Scenario<number[]>> {
  const build = await steppedHeap(["engine/runtime/mgc.ts"], fault);
  const alloc = stepsOfAlloc(build);
  const flush = build.steps<[Memory, number], void>("engine/runtime/mgc.ts", "flushPages");
  const prepared = twoPs();
  world.prepare(prepared);
  const threads = [
    (m: Memory) => take(m, 0, alloc, world.sizes),
    (m: Memory) => flushAndTake(m, alloc, flush, world.onlyFlushes ? [] : world.sizes),
  ];
  return { prepared, threads, sites: build.sites, check: (m, spans) => checkSpans(m, spans.flat()) };
}

function* flushAndTake(
  m: Memory,
  alloc: Alloc,
  flush: (m: Memory, pp: number) => Steps<void>,
  sizes: readonly number[],
): Steps<number[]> {
  m.p = allp(m, 1);
  yield* flush(m, m.p);
  return yield* take(m, 1, alloc, sizes);
}

const counts: string[] = [];
afterAll(() => console.log(counts.join("\n")));

describe("page caches filled while others are flushed, every schedule with at most two preemptions", () => {
  test.each(Object.entries<World>(worlds))("%s", async (name, world) => {
    counts.push(searchAll(name, await race(world)));
  });

  test.each<[fault: string, world: number, damage: RegExp]>([
    ["page-cache-without-lock", 1, /check failed: the scavenge index counts/],
    ["page-cache-flush-without-lock", 3, /is used but counts as scavenged/],
  ])(
    "under the fault %s the search finds the damage, and its schedule shows it again",
    async (fault, world, damage) => {
      counts.push(searchDamage(fault, await race(Object.values<World>(worlds)[world], fault), damage));
    },
  );
});
