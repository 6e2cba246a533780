/**
 * The world is stopped while others run, come and go: every interleaving with at most two preemptions. Nobody is in the
 * middle of an operation then, each P flushes once for the sweep that begins, nobody sleeps for ever, and in the end every
 * P is idle.
 */
import { afterAll, describe, expect, test } from "vitest";
import { load32 } from "../../engine/memory/atomics.ts";
import { Memory } from "../../engine/memory/memory.ts";
import { allp, gomaxprocs, mheap_, sched } from "../../engine/records/globals.ts";
import * as gsched from "../../engine/records/gsched.ts";
import { flushGen } from "../../engine/records/mcache.ts";
import * as mheap from "../../engine/records/mheap.ts";
import * as p from "../../engine/records/runtime2.ts";
import { releasep, schedinit } from "../../engine/runtime/proc.ts";
import type { Scenario } from "../../engine/sched/explorer.ts";
import { buildStepped, heapLockGuards } from "../../scripts/stepped/build.ts";
import { faultEdit } from "../faults/faults.ts";
import { searchAll, searchDamage } from "./search.ts";

type Body = "work" | "collect";
const bodies = "tests/schedules/world/bodies.ts";

/** Data that the scheduler's lock guards. */
const guarded = [
  ...heapLockGuards,
  { module: "engine/records/runtime2.ts", names: ["status", "setStatus"] },
  { module: "engine/records/gsched.ts", names: ["stopwait", "setStopwait", "safePointWait", "setSafePointWait"] },
];

const worlds = {
  "one stops the world, one works": ["collect", "work"],
  "both stop the world": ["collect", "collect"],
  "one stops the world, two work": ["collect", "work", "work"],
} satisfies Record<string, readonly Body[]>;

async function race(what: readonly Body[], fault?: string): Promise<Scenario<number>> {
  const edit = fault === undefined ? {} : { edit: faultEdit(fault) };
  const build = await buildStepped({ entries: [bodies], guarded, ...edit });
  const prepared = new Memory({ windowBytes: 64 * 1024 * 1024 });
  schedinit(prepared, { procs: what.length });
  releasep(prepared);
  const threads = what.map((body, i) => {
    const steps = build.steps<[Memory, number], number>(bodies, body);
    return (m: Memory) => steps(m, i);
  });
  return { prepared, threads, sites: build.sites, check: (m) => check(m, what) };
}

function check(m: Memory, what: readonly Body[]): void {
  const s = sched(m);
  const words = [gsched.gcwaiting(m, s), gsched.stopwait(m, s), gsched.safePointWait(m, s)];
  const notes = [gsched.stopnote(s), gsched.safePointNote(s), gsched.worldsema(s)].map((at) => load32(m, at));
  expect([...words, ...notes], "nothing is under way").toEqual([0, 0, 0, 0, 0, 0]);
  const cycles = what.filter((body) => body === "collect").length;
  expect(mheap.sweepgen(m, mheap_(m))).toBe(2 * cycles);
  for (let i = 0; i < gomaxprocs(m); i++) {
    const c = p.mcache(m, allp(m, i));
    const state = [p.status(m, allp(m, i)), p.runSafePointFn(m, allp(m, i)), flushGen(m, c)];
    expect(state, `P ${i} is idle and has flushed`).toEqual([p._Pidle, 0, 2 * cycles]);
  }
}

const counts: string[] = [];
afterAll(() => console.log(counts.join("\n")));

describe("the world is stopped, every schedule with at most two preemptions", () => {
  test.each(Object.entries<readonly Body[]>(worlds))("%s", async (name, world) => {
    counts.push(searchAll(name, await race(world)));
  });

  test.each<[fault: string, world: number, damage: RegExp]>([
    ["world-not-waited-for", 0, /P 1 works while the world stands still/],
    ["flush-not-waited-for", 0, /nothing is under way/],
    ["p-taken-while-the-world-stops", 0, /wirep: invalid p state/],
    ["p-given-up-while-the-world-stops", 0, /deadlock/],
    ["p-given-up-without-flush", 0, /deadlock/],
    ["semaphore-without-cas", 1, /deadlock/],
  ])(
    "under the fault %s the search finds the damage, and its schedule shows it again",
    async (fault, world, damage) => {
      counts.push(searchDamage(fault, await race(Object.values<readonly Body[]>(worlds)[world], fault), damage));
    },
  );
});
