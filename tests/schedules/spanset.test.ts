/**
 * spanSet under several threads: pushes at the tail, pops at the head, and the blocks at whose borders both come and
 * go. Every interleaving with at most two preemptions; no span is lost or popped twice, order is kept, and no block is
 * lost or used by two.
 */
import { afterAll, describe, expect, test } from "vitest";
import { load32 } from "../../engine/memory/atomics.ts";
import { Memory } from "../../engine/memory/memory.ts";
import { memstats, spanSetBlockPool } from "../../engine/records/globals.ts";
import { gcMiscSysAt } from "../../engine/records/memstats.ts";
import * as spanset from "../../engine/records/mspanset.ts";
import { spanSetPop, spanSetPush } from "../../engine/runtime/mspanset.ts";
import { persistentalloc } from "../../engine/runtime/persistentalloc.ts";
import { schedinit } from "../../engine/runtime/proc.ts";
import type { Scenario } from "../../engine/sched/explorer.ts";
import type { Steps } from "../../engine/sched/stepped.ts";
import { buildStepped } from "../../scripts/stepped/build.ts";
import { faultEdit } from "../faults/faults.ts";
import { searchAll, searchDamage } from "./search.ts";

const file = "engine/runtime/mspanset.ts";
const entries = spanset.spanSetBlockEntries;

/** How many spans were pushed and popped before the race, and what each thread does then: a number is pushed, 0 pops. */
interface World {
  readonly pushed: number;
  readonly popped: number;
  readonly threads: readonly (readonly number[])[];
}

// A set does not look into its spans: any number that is not 0 stands for one. Those from 9001 on are pushed in the race.
const worlds = {
  "an empty set without a block: two push": { pushed: 0, popped: 0, threads: [[9001], [9002]] },
  "an empty set without a block: one pushes, one pops": { pushed: 0, popped: 0, threads: [[9001], [0, 0]] },
  "one span: two pop": { pushed: 1, popped: 0, threads: [[0], [0]] },
  "two spans: both push one and pop one": {
    pushed: 3,
    popped: 1,
    threads: [
      [9001, 0],
      [9002, 0],
    ],
  },
  "a full block: two pushes both find that the next is missing": {
    pushed: entries,
    popped: entries - 2,
    threads: [[9001, 9003], [9002]],
  },
  "the last two spans of a block: two pop, and one of them gives the block back": {
    pushed: entries + 1,
    popped: entries - 2,
    threads: [[0], [0, 0]],
  },
  "the last span of the last block: one pops it and gives the block back, one pushes and makes the next": {
    pushed: entries,
    popped: entries - 1,
    threads: [
      [0, 0],
      [9001, 9002],
    ],
  },
  "the same with a block in the pool, and two that push": {
    pushed: 2 * entries,
    popped: 2 * entries - 1,
    threads: [[0], [9001], [9002]],
  },
} satisfies Record<string, World>;

async function race(world: World, fault?: string): Promise<Scenario<number[]>> {
  const edit = fault === undefined ? {} : { edit: faultEdit(fault) };
  const build = await buildStepped({ entries: [file], ...edit });
  const push = build.steps<[Memory, spanset.SpanSet, number], void>(file, "spanSetPush");
  const pop = build.steps<[Memory, spanset.SpanSet], number>(file, "spanSetPop");
  const prepared = new Memory({ windowBytes: 64 * 1024 * 1024 });
  schedinit(prepared, { procs: 1 });
  const stat = gcMiscSysAt(memstats(prepared));
  const set: spanset.SpanSet = persistentalloc(prepared, spanset.layout.size, 64, stat);
  for (let i = 1; i <= world.pushed; i++) spanSetPush(prepared, set, i);
  for (let i = 0; i < world.popped; i++) spanSetPop(prepared, set);
  const blocks = blocksOf(prepared, set).length;
  const run = function* (m: Memory, ops: readonly number[]): Steps<number[]> {
    const got: number[] = [];
    for (const op of ops) {
      if (op !== 0) yield* push(m, set, op);
      else got.push(yield* pop(m, set));
    }
    return got;
  };
  const threads = world.threads.map((ops) => (m: Memory) => run(m, ops));
  return { prepared, threads, sites: build.sites, check: (m, popped) => check(m, set, world, popped, blocks) };
}

function check(m: Memory, b: spanset.SpanSet, world: World, popped: readonly number[][], blocks: number): void {
  if (blocksOf(m, b).length < blocks) throw new Error("a block was lost");
  const left = contents(m, b);
  const taken = popped.flat().filter((s) => s !== 0);
  const all = [...Array(world.pushed - world.popped).keys()].map((i) => world.popped + 1 + i);
  all.push(...world.threads.flat().filter((s) => s !== 0));
  all.sort((a, c) => a - c);
  const found = [...taken, ...left].sort((a, c) => a - c);
  if (found.join() !== all.join()) throw new Error(`of the spans ${all} there are ${found}`);
  // What one thread pushed, and what was there before, stays in its order.
  for (const list of [all.filter((s) => s < 9000), ...world.threads]) {
    for (const order of [left, ...popped]) {
      const mine = order.filter((s) => s !== 0 && list.includes(s));
      const want = list.filter((s) => mine.includes(s));
      if (mine.join() !== want.join()) throw new Error(`pushed as ${want}, popped as ${mine}`);
    }
  }
  // It goes on like that: a span for every position up to the border of the block behind the next.
  const more = Array.from({ length: 2 * entries }, (_, i) => 10_000 + i);
  for (const s of more) spanSetPush(m, b, s);
  expect([...left, ...more].every((s) => spanSetPop(m, b) === s)).toBe(true);
  expect(spanSetPop(m, b)).toBe(0);
}

/** Every block, in use or in the pool: each once. */
function blocksOf(m: Memory, b: spanset.SpanSet): number[] {
  const head = spanset.head(m, b);
  const blocks: number[] = [];
  for (let i = 0; i < spanset.spineLen(m, b); i++) {
    const block = load32(m, spanset.spine(m, b) + 8 * i);
    const isUsedUp = head >= (i + 1) * entries;
    if (isUsedUp !== (block === 0)) throw new Error(`block ${i} was ${isUsedUp ? "not given back" : "lost"}`);
    if (block !== 0) blocks.push(block);
  }
  const mask = (1 << 22) - 1;
  let next = spanset.poolHead(m, spanSetBlockPool(m));
  for (; next !== 0 && blocks.length < 100; next = spanset.blockNext(m, blocks[blocks.length - 1])) {
    blocks.push((next & mask) * spanset.tagAlign);
  }
  if (new Set(blocks).size !== blocks.length) throw new Error("a block is used twice");
  return blocks;
}

/** The spans from head to tail. */
function contents(m: Memory, b: spanset.SpanSet): number[] {
  const spans: number[] = [];
  for (let i = spanset.head(m, b); i < spanset.tail(m, b); i++) {
    const block = load32(m, spanset.spine(m, b) + 8 * Math.floor(i / entries));
    spans.push(load32(m, spanset.blockSpans(block) + 8 * (i % entries)));
  }
  return spans;
}

/** A set of whose spans all were popped, and calls on it that stop before each access. */
async function halfway(spans: number) {
  const fault = process.env.FAULT;
  const build = await buildStepped({ entries: [file], ...(fault ? { edit: faultEdit(fault) } : {}) });
  const m = new Memory({ windowBytes: 64 * 1024 * 1024 });
  schedinit(m, { procs: 1 });
  const b: spanset.SpanSet = persistentalloc(m, spanset.layout.size, 64, gcMiscSysAt(memstats(m)));
  for (let i = 1; i <= spans; i++) spanSetPush(m, b, i);
  for (let i = 1; i <= spans; i++) spanSetPop(m, b);
  const push = build.steps<[Memory, spanset.SpanSet, number], void>(file, "spanSetPush");
  const pop = build.steps<[Memory, spanset.SpanSet], number>(file, "spanSetPop");
  return { m, b, push: (s: number) => push(m, b, s), pop: () => pop(m, b) };
}

/** Lets a call go on until something holds. */
function goOnUntil(steps: Steps<unknown>, holds: () => boolean): void {
  for (let i = 0; !holds(); i++) if (i > 50 || steps.next().done) throw new Error("it is over, and never held");
}

/** Lets a call go on for so many steps. @returns what it ended with; undefined while it has not */
function goOn<T>(steps: Steps<T>, n: number): T | undefined {
  for (let i = 0; i < n; i++) {
    const step = steps.next();
    if (step.done) return step.value;
  }
  return undefined;
}

describe("a push that is slow", () => {
  test("[A090] its position is taken and its span not stored: a pop waits, for as long as it takes", async () => {
    const { m, b, push, pop } = await halfway(3);
    const [slow, waiting] = [push(9001), pop()];
    goOnUntil(slow, () => spanset.tail(m, b) === 4);
    goOnUntil(waiting, () => spanset.head(m, b) === 4); // the position is the popper's now
    expect(goOn(waiting, 1000)).toBeUndefined();
    expect(spanSetPop(m, b)).toBe(0); // for the others the set is empty
    spanSetPush(m, b, 9002);
    expect(spanSetPop(m, b)).toBe(9002); // and what comes behind is not held up
    expect(goOn(waiting, 1000)).toBeUndefined();
    goOn(slow, 100);
    expect(goOn(waiting, 100)).toBe(9001);
  });

  test("[A090] its position is taken and the block for it not made: a pop finds nothing and leaves it alone", async () => {
    const { m, b, push, pop } = await halfway(entries);
    const slow = push(9001);
    goOnUntil(slow, () => spanset.tail(m, b) === entries + 1);
    expect([spanset.spineLen(m, b), goOn(pop(), 100), spanset.head(m, b)]).toEqual([1, 0, entries]);
    goOn(slow, 100);
    expect([spanset.spineLen(m, b), goOn(pop(), 100), spanset.head(m, b)]).toEqual([2, 9001, entries + 1]);
  });
});

const counts: string[] = [];
afterAll(() => console.log(counts.join("\n")));

describe("a span set under several threads, every schedule with at most two preemptions", () => {
  test.each(Object.entries<World>(worlds))("%s", async (name, world) => {
    counts.push(searchAll(name, await race(world)));
  });

  test.each<[fault: string, world: number, damage: RegExp]>([
    ["span-set-push-without-add", 0, /of the spans/],
    ["span-set-pop-without-cas", 3, /a thread waits in a loop/],
    ["span-set-block-made-twice", 4, /block 2 was lost/],
    ["span-set-popped-without-add", 5, /was not given back/],
    ["span-set-pool-without-cas", 7, /a block is used twice|a block was lost/],
  ])(
    "under the fault %s the search finds the damage, and its schedule shows it again",
    async (fault, world, damage) => {
      counts.push(searchDamage(fault, await race(Object.values<World>(worlds)[world], fault), damage));
    },
  );
});
