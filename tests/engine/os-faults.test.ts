/**
 * The operating system fails at each call of a fixed scenario, one after the other.
 *
 * Either the program goes on, and then every invariant holds; or it dies in Go's words. A death leaves behind what Go
 * had half done at that moment, as in Go, where nobody runs any more who could mind: the tables say what that is. What
 * always holds is that the dead heap can be read: spans, figures, and the bytes of every object that was alive.
 */
import { describe, expect, test } from "vitest";
import { checkInvariants } from "../../engine/check/invariants.ts";
import { Memory } from "../../engine/memory/memory.ts";
import {
  CALL_ALLOC,
  CALL_COMMIT,
  CALL_PREPARE,
  CALL_RESERVE,
  failCalls,
  osInit,
  watchedCalls,
} from "../../engine/memory/os.ts";
import { takeSnapshot } from "../../engine/observe/snapshot.ts";
import { Offheap } from "../../engine/offheap/index.ts";
import * as globals from "../../engine/records/globals.ts";
import * as mspan from "../../engine/records/mspan.ts";
import { mallocgc } from "../../engine/runtime/malloc.ts";
import { gcBeginCycle, gcEndMarking, sweepAll } from "../../engine/runtime/mgc.ts";
import { markObject } from "../../engine/runtime/mgcmark.ts";
import { scavengeAll } from "../../engine/runtime/mgcscavenge.ts";
import { spanOf } from "../../engine/runtime/mheap.ts";
import { readmemstats } from "../../engine/runtime/mstats.ts";
import { acquirep, releasep, schedinit } from "../../engine/runtime/proc.ts";
import { freeStackSpans, stackalloc, stackfree } from "../../engine/runtime/stack.ts";

const KiB = 1024;
const MiB = 1024 * KiB;

const machine = () => new Memory({ windowBytes: 192 * MiB, check: "step" });

/** Two Ps, small and large objects beyond the first arena, stacks, a sweep, scavenging. Each object carries its number. */
function scenario(m: Memory, live: number[]): void {
  const keep = (size: number) => {
    const off = mallocgc(m, size, 0, true);
    live.push(off);
    m.u8[off] = live.length;
  };
  schedinit(m, { procs: 2 });
  for (const i of [0, 1]) {
    releasep(m);
    acquirep(m, globals.allp(m, i));
    for (const size of [16, 100, 5000, 30_000]) for (let k = 0; k < 6; k++) keep(size);
  }
  const small = stackalloc(m, 2 * KiB);
  const large = stackalloc(m, 64 * KiB);
  keep(3 * MiB);
  mallocgc(m, 58 * MiB, 0, false);
  keep(12 * MiB);
  gcBeginCycle(m);
  for (const off of live) markObject(m, off);
  gcEndMarking(m);
  sweepAll(m);
  stackfree(m, small, 2 * KiB);
  stackfree(m, large, 64 * KiB);
  scavengeAll(m);
  freeStackSpans(m);
  keep(20 * MiB);
  for (let k = 0; k < 20; k++) keep(2000);
}

function callsOf(kind: number): number {
  const m = machine();
  failCalls(m, kind, 0);
  scenario(m, []);
  checkInvariants(m);
  return watchedCalls(m);
}

/** The scenario with `count` failures from call n on. `died`: Go's words; null when it went on to its end. */
function runWith(kind: number, n: number, count: number) {
  const m = machine();
  const live: number[] = [];
  failCalls(m, kind, n, count);
  const died = fatalOf(() => scenario(m, live));
  failCalls(m, 0, 0);
  return { m, live, died };
}

function fatalOf(body: () => void): string | null {
  try {
    body();
  } catch (e) {
    expect(e).toMatchObject({ name: "Fatal" });
    return (e as Error).message;
  }
  return null;
}

/** A heap, dead or not: its spans lie apart, its objects are where and what they were. */
function expectReadable(m: Memory, live: number[]): void {
  let end = 0;
  for (const s of takeSnapshot(m).spans) {
    expect(s.page).toBeGreaterThanOrEqual(end);
    end = s.page + s.npages;
  }
  expect(end).toBeLessThanOrEqual(m.windowBytes / 8192);
  live.forEach((off, i) => {
    expect(m.u8[off]).toBe(i + 1);
    const s = spanOf(m, off);
    expect(mspan.state(m, s)).toBe(mspan.mSpanInUse);
    expect(off).toBeLessThan(mspan.limit(m, s));
  });
}

/** Go's ReadMemStats over the bytes that are left, read by somebody who does not compare what is counted twice. */
function memstatsOf(m: Memory): string | null {
  const { windowBytes, heapBase, buffer } = m;
  const reader = new Memory({ windowBytes, heapBase, buffer, check: "none" });
  return fatalOf(() => expect(readmemstats(reader).Sys).toBeGreaterThanOrEqual(0));
}

/** Calls in order: how many, what the program says when one of them fails (null: it goes on), what is half done then. */
type Outcomes = [calls: number, words: string | null, halfDone: RegExp | null][];

const noMemory = "runtime: out of memory";
const cannot = "runtime: cannot allocate memory";
const noArena = "out of memory allocating heap arena metadata";
const counted = /heapReleased: kept/;
const noOwner = /class byte 0 in its mark bits|stands in 0 queues/;

const tables: [name: string, kind: number, outcomes: Outcomes][] = [
  [
    "reserve",
    CALL_RESERVE,
    [
      [5, "failed to reserve page summary memory", null],
      [1, "failed to reserve scavenge index memory", null],
      [1, null, null], // the first hint: another place is found
      [1, "out of memory allocating heap arena map", null],
      [1, null, null], // the second arena: not behind the first
    ],
  ],
  // Counted as released; the bitmaps do not know the pages yet.
  ["prepare", CALL_PREPARE, [[9, noMemory, counted]]],
  // The span is made, its pages are not: nobody owns it, or (a stack's) only its pages know it.
  [
    "commit",
    CALL_COMMIT,
    [
      [20, noMemory, noOwner],
      [2, noMemory, counted],
      [9, noMemory, noOwner],
    ],
  ],
  [
    "alloc",
    CALL_ALLOC,
    [
      [1, cannot, null],
      [1, noArena, null],
      [1, cannot, null],
      [1, "pageAlloc: out of memory", /summary of chunk/],
      [3, cannot, /is allocated but belongs to nobody/],
      [1, noArena, null],
      [1, cannot, /has a sweepgen/], // at the start of a sweep: sweepgen has moved on, the caches are not flushed
    ],
  ],
];

describe("a call fails once", () => {
  test.each(tables)("%s: at each call the program dies in Go's words or goes on whole", (_name, kind, outcomes) => {
    const expected = outcomes.flatMap(([calls, words, halfDone]) =>
      Array.from({ length: calls }, () => ({ words, halfDone })),
    );
    expect(callsOf(kind)).toBe(expected.length);
    for (const [i, { words, halfDone }] of expected.entries()) {
      const { m, live, died } = runWith(kind, i + 1, 1);
      expect(died, `call ${i + 1}`).toBe(words);
      expectReadable(m, live);
      const broken = fatalOf(() => checkInvariants(m));
      if (halfDone === null) expect(broken, `call ${i + 1}`).toBe(null);
      else expect(broken, `call ${i + 1}`).toMatch(halfDone);
      // The thread that dies while it fills the pool of stacks takes the pool's lock along, which a flush needs.
      const isLockLost = kind === CALL_COMMIT && i === 20;
      expect(memstatsOf(m), `call ${i + 1}`).toBe(isLockLost ? "deadlock: lock is held and nobody else can run" : null);
    }
  });

  test("the heap that was refused its hint lies elsewhere, and holds the same objects", () => {
    const first = runWith(CALL_RESERVE, 7, 1);
    const second = runWith(CALL_RESERVE, 9, 1);
    const undisturbed = runWith(CALL_RESERVE, 0, 1);
    expect(first.live).toHaveLength(undisturbed.live.length);
    expect(readmemstats(first.m).Mallocs).toBe(readmemstats(undisturbed.m).Mallocs);
    expect(readmemstats(second.m).Mallocs).toBe(readmemstats(undisturbed.m).Mallocs);
  });
});

describe("from a call on all fail", () => {
  test.each([7, 9])("no arena from reservation %i on: out of memory, the heap is whole, and lives again", (n) => {
    const { m, live, died } = runWith(CALL_RESERVE, n, 1000);
    expect(died).toBe("out of memory");
    checkInvariants(m);
    expectReadable(m, live);
    const before = readmemstats(m).Mallocs;
    const off = mallocgc(m, 12 * MiB, 0, true); // the operating system grants again
    expect(off).toBeGreaterThanOrEqual(0);
    expect(readmemstats(m).Mallocs).toBe(before + 1);
    checkInvariants(m);
  });
});

describe("memory managed by hand", () => {
  const ask = (m: Memory) => {
    const je = new Offheap(m).jemalloc();
    try {
      for (const size of [8, 5000, 100_000, 5 * MiB]) je.malloc(size);
    } finally {
      je.check();
    }
  };
  const codeOf = (body: () => void) => {
    try {
      body();
    } catch (e) {
      return (e as { code?: string }).code ?? String(e);
    }
    return null;
  };
  const boot = (kind: number, n: number) => {
    const m = new Memory({ windowBytes: 64 * MiB, check: "step" });
    osInit(m);
    failCalls(m, kind, n);
    return m;
  };

  test.each([
    ["reserve", CALL_RESERVE, [null, "offheap/out-of-memory"]], // the first asks for more than it must, and has a second try
    ["alloc", CALL_ALLOC, ["offheap/out-of-memory", "offheap/out-of-memory"]],
  ])("%s: the caller is told, or a second try helps; the allocator stays whole", (_name, kind, told) => {
    const counting = boot(kind, 0);
    ask(counting);
    expect(watchedCalls(counting)).toBe(told.length);
    for (const [i, code] of told.entries()) {
      const m = boot(kind, i + 1);
      expect(
        codeOf(() => ask(m)),
        `call ${i + 1}`,
      ).toBe(code);
      expect(watchedCalls(m)).toBeGreaterThan(i);
      ask(m);
    }
  });
});
