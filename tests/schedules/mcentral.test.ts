/**
 * Two Ps refill from one mcentral: every interleaving with at most two preemptions, in small worlds that each lead both
 * Ps through one of the places where they meet. In none of them is a slot handed out twice or a span lost; and with
 * each mechanism taken away by a seeded fault, the same search finds the damage.
 */
import { afterAll, describe, expect, test } from "vitest";
import { checkInvariants } from "../../engine/check/invariants.ts";
import { Memory } from "../../engine/memory/memory.ts";
import { allp } from "../../engine/records/globals.ts";
import * as mcache from "../../engine/records/mcache.ts";
import * as mspan from "../../engine/records/mspan.ts";
import * as p from "../../engine/records/runtime2.ts";
import { mallocgc } from "../../engine/runtime/malloc.ts";
import { gcBeginCycle, gcEndMarking, sweepAll } from "../../engine/runtime/mgc.ts";
import { markObject } from "../../engine/runtime/mgcmark.ts";
import { spanOf } from "../../engine/runtime/mheap.ts";
import { schedinit } from "../../engine/runtime/proc.ts";
import { explore, replay, type Scenario } from "../../engine/sched/explorer.ts";
import { buildStepped } from "../../scripts/stepped/build.ts";
import { faultEdit } from "../faults/faults.ts";

/** Objects without pointers whose spans have four slots, so that a few allocations fill one. */
const size = 2048;
const slots = 4;

/** A heap just before the race. It gives the objects that live in it. */
type World = (m: Memory) => number[];

const worlds = {
  "nothing is cached: both ask the page heap for pages and span records": () => [],
  "there are free pages and empty page caches: both fill theirs": (m) => {
    allocate(m, 0, 1, 1024); // grows the heap and takes its first page past the page cache
    return [];
  },
  "both caches hold a full span: both give it back and take new pages": (m) => [
    ...allocate(m, 0, slots),
    ...allocate(m, 1, slots),
  ],
  "three swept spans with room: both pop one": (m) => {
    const live = allocate(m, 0, 3 * slots).filter((_, i) => i % slots < 2);
    collect(m, live);
    sweepAll(m);
    return live;
  },
  "one unswept span without a living object: one P sweeps it to use it, the other to free its pages": (m) => {
    const live = allocate(m, 0, 2 * slots).slice(slots); // in the cached span: swept by the flush, and full
    collect(m, live);
    return live;
  },
} satisfies Record<string, World>;

function allocate(m: Memory, i: number, n: number, bytes = size): number[] {
  const before = m.p;
  m.p = allp(m, i);
  const objects = Array.from({ length: n }, () => mallocgc(m, bytes, 0, true));
  m.p = before;
  return objects;
}

function collect(m: Memory, live: readonly number[]): void {
  gcBeginCycle(m);
  for (const off of live) markObject(m, off);
  gcEndMarking(m);
}

/** Two Ps that allocate one object each, of the same class, at the same time. */
async function race(world: World, fault?: string): Promise<Scenario<number>> {
  const edit = fault === undefined ? {} : { edit: faultEdit(fault) };
  const build = await buildStepped({ entries: ["engine/runtime/malloc.ts"], ...edit });
  const malloc = build.steps<[Memory, number, number, boolean], number>("engine/runtime/malloc.ts", "mallocgc");
  const prepared = new Memory({ windowBytes: 64 * 1024 * 1024 });
  schedinit(prepared, { procs: 2 });
  const live = world(prepared);
  const threads = [0, 1].map((i) => (m: Memory) => {
    m.p = allp(m, i);
    return malloc(m, size, 0, true);
  });
  return { prepared, threads, sites: build.sites, check: (m, objects) => check(m, live, objects) };
}

/** No object shares its slot, each P's span is its own, every invariant holds, and the heap goes on like that. */
function check(m: Memory, live: readonly number[], raced: readonly number[]): void {
  expect(new Set(raced).size, "two Ps got the same slot").toBe(raced.length);
  for (const [i, off] of raced.entries()) {
    const s = spanOf(m, off);
    if (s === 0 || mspan.state(m, s) !== mspan.mSpanInUse)
      throw new Error(`P ${i} got a slot of a span that was freed`);
    if (mcache.alloc(m, p.mcache(m, allp(m, i)), mspan.spanclass(m, s)) !== s) throw new Error(`P ${i} lost its span`);
  }
  checkInvariants(m);
  const later = [...allocate(m, 0, 2 * slots), ...allocate(m, 1, 2 * slots)];
  const all = [...live, ...raced, ...later].sort((a, b) => a - b);
  for (const [i, off] of all.entries()) {
    if (i > 0 && off - all[i - 1] < size) throw new Error(`the slot at ${off} was handed out twice`);
  }
}

const counts: string[] = [];
afterAll(() => console.log(counts.join("\n")));

describe("two Ps refill from one mcentral, every schedule with at most two preemptions", () => {
  test.each(Object.entries(worlds))("%s", async (name, world) => {
    const { schedules, byPreemptions, places, ends, failure } = explore(await race(world), { preemptions: 2 });
    expect(failure).toBeNull();
    const shape = `${byPreemptions.join(" + ")}, ${places} places, ${ends} end states`;
    counts.push(`${String(schedules).padStart(7)} schedules (${shape}): ${name}`);
    expect(byPreemptions[2]).toBeGreaterThan(200);
    expect(places).toBeGreaterThan(10);
    expect(ends).toBeGreaterThan(1);
  });

  const sameSlot = /two Ps got the same slot/;
  test.each<[fault: string, world: number, damage: RegExp]>([
    ["page-cache-without-lock", 1, sameSlot],
    ["heap-without-lock", 0, /uses page 0, which another span uses/],
    ["span-set-push-without-add", 2, /stands in 0 queues/],
    ["span-set-pop-without-cas", 3, /a thread waits in a loop/],
    ["sweepgen-without-cas", 4, sameSlot],
  ])(
    "under the fault %s the search finds the damage, and its schedule shows it again",
    async (fault, world, damage) => {
      const scenario = await race(Object.values<World>(worlds)[world], fault);
      const wanted = (error: Error) => damage.test(error.message);
      const { failure, schedules, failed } = explore(scenario, { preemptions: 2, wanted });
      expect(failure, `no schedule ends in ${damage}`).not.toBeNull();
      if (failure === null) return;
      const words = failure.error.message.split("\n")[0];
      counts.push(`${String(schedules).padStart(7)} schedules, ${failed} failed, until ${fault}: ${words}`);
      expect(failure.preemptions).toBeGreaterThan(0);
      const again = replay(scenario, failure.schedule);
      expect([again?.error.message, again?.turns]).toEqual([failure.error.message, failure.turns]);
      expect(replay(scenario, [])).toBeNull();
    },
  );
});
