/**
 * The operating system fails at each call of a fixed scenario, one after the other.
 *
 * Either the program goes on, and then every invariant holds. Or it dies in Go's words, as Go does at that place: in the
 * middle of an operation, of which Go's order of steps says what is done and what is not. The tables say what was in
 * flight at each call, to the byte; that is left out of the check (`InFlight`), and every other invariant holds. What was
 * in flight is read off the steps that were taken (the trace), never off the figures that are checked.
 */
import { afterAll, describe, expect, test } from "vitest";
import { checkInvariants, type InFlight } from "../../engine/check/invariants.ts";
import { Memory } from "../../engine/memory/memory.ts";
import {
  CALL_ADVISE,
  CALL_ALLOC,
  CALL_COMMIT,
  CALL_PREPARE,
  CALL_RESERVE,
  failCalls,
  osInit,
  watchedCalls,
} from "../../engine/memory/os.ts";
import { hashMemory } from "../../engine/observe/hash.ts";
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
import { Ev } from "../../engine/runtime/trace.ts";

const KiB = 1024;
const MiB = 1024 * KiB;
const pageBytes = 8192;

const machine = () => new Memory({ windowBytes: 192 * MiB, check: "step" });

/** Two Ps, small and large objects beyond the first arena, stacks, a sweep, scavenging. Each object carries its number. */
function scenario(m: Memory, live: number[], madvdontneed = true): void {
  const keep = (size: number) => {
    const off = mallocgc(m, size, 0, true);
    live.push(off);
    m.u8[off] = live.length;
  };
  schedinit(m, { procs: 2, madvdontneed });
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
  const steps: number[][] = [];
  m.trace = { event: (...e) => void steps.push(e) };
  failCalls(m, kind, n, count);
  const died = fatalOf(() => scenario(m, live));
  failCalls(m, 0, 0);
  m.trace = null;
  return { m, live, died, steps };
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

const noMemory = "runtime: out of memory";
const cannot = "runtime: cannot allocate memory";
const noSummary = "failed to reserve page summary memory";
const noArena = "out of memory allocating heap arena metadata";
const goesOn = null;

/** One call: what the program says when it fails (null: it goes on), and what is in flight then. */
type Call = readonly [words: string | null, flight: string];

const nothing = "nothing";
/** A span is made, and its pages are being made ready. */
const made = (at: string, spanclass: number): Call => [noMemory, `span ${at} of class ${spanclass}`];
/** The same in the place of a full one of its class, which has left the cache. */
const next = (at: string, spanclass: number): Call => [noMemory, `span ${at} of class ${spanclass} after a full one`];

const tables: [name: string, kind: number, calls: Call[]][] = [
  [
    "reserve",
    CALL_RESERVE,
    [
      ...Array<Call>(5).fill([noSummary, nothing]),
      ["failed to reserve scavenge index memory", nothing],
      [goesOn, nothing], // the first hint: another place is found
      ["out of memory allocating heap arena map", nothing],
      [goesOn, nothing], // the second arena: not behind the first
    ],
  ],
  [
    "prepare",
    CALL_PREPARE,
    [
      [noMemory, "growth of 4 MiB, not mapped"],
      ...Array<Call>(6).fill([noMemory, "growth of 4 MiB, mapped"]), // the tables of the page allocator
      [noMemory, "growth of 60 MiB, not mapped"],
      [noMemory, "growth of 12 MiB, not mapped"],
    ],
  ],
  [
    "commit",
    CALL_COMMIT,
    [
      ...[made("0+1", 5), made("1+1", 19), made("2+2", 93), next("4+2", 93)],
      ...[made("6+4", 135), next("10+4", 135), next("14+4", 135), next("18+4", 135), next("22+4", 135)],
      next("26+4", 135),
      ...[made("64+1", 5), made("65+1", 19), made("66+2", 93), next("68+2", 93)], // the other P, from its own pages
      ...[made("70+4", 135), next("74+4", 135), next("78+4", 135), next("82+4", 135), next("86+4", 135)],
      next("90+4", 135),
      ...[made("94+4", 0), made("98+8", 0)], // stacks
      ...[made("128+384", 1), made("512+7424", 1), made("7936+1536", 1), made("512+2560", 1)],
      ...[made("106+1", 77), next("107+1", 77), next("108+1", 77), next("109+1", 77), next("110+1", 77)],
    ],
  ],
  [
    "alloc",
    CALL_ALLOC,
    [
      [cannot, nothing],
      [noArena, nothing],
      [cannot, nothing],
      ["pageAlloc: out of memory", "growth of 4 MiB, mapped"],
      [cannot, "pages 0+1"], // no record for the span
      [cannot, "pages 0+1"], // no mark bits for it
      [cannot, "pages 64+1"], // a record for the other P, whose page comes from its cache
      [noArena, nothing],
      [cannot, "sweep of span 0+1"], // no mark bits for a cached span that is flushed
    ],
  ],
];

/** What the words of the tables mean to the check. What they do not say is found in the last steps that were taken. */
function flightOf(m: Memory, what: string, steps: readonly number[][]): InFlight {
  const last = (kind: number) => steps.findLast((e) => e[0] === kind) as number[];
  const [first, ...rest] = what.split(" ");
  const [page, npages] = (rest.find((word) => word.includes("+")) ?? "0+0").split("+").map(Number);
  const expectSpan = (s: number) => {
    expect([mspan.startAddr(m, s) / pageBytes, mspan.npages(m, s)], what).toEqual([page, npages]);
    return s;
  };
  switch (first) {
    case "nothing":
      return {};
    case "growth": {
      const growth = Number(rest[1]) * MiB;
      const wanted = Math.ceil(last(Ev.mallocgc)[1] / pageBytes) * pageBytes;
      expect(growth).toBe(Math.ceil(wanted / (4 * MiB)) * 4 * MiB); // whole chunks, for what the program asked last
      return { growth, isUnmapped: what.endsWith("not mapped") };
    }
    case "span":
      expect(last(Ev.initSpan).slice(1)).toEqual([expect.any(Number), Number(rest[3]), page * pageBytes, npages]);
      return { span: expectSpan(last(Ev.initSpan)[1]), ...(what.endsWith("a full one") ? uncached(steps) : {}) };
    case "pages":
      return { pages: [page * pageBytes, npages] };
    case "sweep":
      return { swept: expectSpan(last(Ev.sweepStart)[1]), ...uncached(steps) };
    default:
      throw new Error(`unknown: ${what}`);
  }
}

/** The span that left a cache last. */
function uncached(steps: readonly number[][]): InFlight {
  return { uncached: (steps.findLast((e) => e[0] === Ev.uncacheSpan) as number[])[2] };
}

/** Something else in flight than was: a byte range more, or nothing at all. */
function wrongFlights(flight: InFlight): InFlight[] {
  if (Object.keys(flight).length === 0) return [{ growth: 4 * MiB }, { pages: [0, 1] }];
  const wrong: InFlight[] = [{}];
  if (flight.growth !== undefined) wrong.push({ ...flight, growth: flight.growth + pageBytes });
  if (flight.growth !== undefined) wrong.push({ ...flight, isUnmapped: !flight.isUnmapped });
  if (flight.pages !== undefined) wrong.push({ pages: [flight.pages[0], flight.pages[1] + 1] });
  const { uncached: _, ...withoutUncached } = flight;
  const { span: __, ...withoutSpan } = flight;
  if (flight.uncached !== undefined) wrong.push(withoutUncached);
  if (flight.span !== undefined) wrong.push(withoutSpan);
  return wrong;
}

/** What a dead heap says to whom asks on; in Go nobody is left who could. A lock may be held for ever. */
const refusals = [
  ...[noMemory, cannot, noArena, "out of memory", "pageAlloc: out of memory"],
  ...["deadlock: lock is held and nobody else can run", "bad sweepgen in refill"],
];

/** What was checked at each call, as one line for each run of calls that are alike. */
const shown: string[] = [];
afterAll(() => console.log(shown.join("\n")));

function show(kind: string, calls: readonly Call[]): void {
  let from = 0;
  for (const [i, [words, flight]] of calls.entries()) {
    const following = calls[i + 1];
    if (following?.[0] === words && following[1] === flight) continue;
    const numbers = from === i ? `${i + 1}` : `${from + 1} to ${i + 1}`;
    const does = words === null ? "goes on" : `throws "${words}"`;
    const left = flight === nothing ? "every invariant" : `every invariant but for the ${flight}`;
    shown.push(`${kind.padEnd(8)} ${numbers.padEnd(8)} ${does.padEnd(60)} ${left}`);
    from = i + 1;
  }
}

describe("a call fails once", () => {
  test.each(tables)(
    "%s: at each call the program dies in Go's words, or goes on, and the rest is whole",
    (name, kind, calls) => {
      expect(callsOf(kind)).toBe(calls.length);
      show(name, calls);
      for (const [i, [words, what]] of calls.entries()) {
        const { m, live, died, steps } = runWith(kind, i + 1, 1);
        const call = `call ${i + 1}`;
        expect(died, call).toBe(words);
        expectReadable(m, live);
        const flight = flightOf(m, what, steps);
        checkInvariants(m, flight);
        if (died !== null && live.length > 0) {
          for (const other of wrongFlights(flight))
            expect(() => checkInvariants(m, other), call).toThrow("check failed");
        }
        // The thread that dies while it fills the pool of stacks takes the pool's lock along, which a flush needs.
        const isLockLost = kind === CALL_COMMIT && i === 20;
        expect(memstatsOf(m), call).toBe(isLockLost ? "deadlock: lock is held and nobody else can run" : null);
        expect(hashMemory(m), call).toBe(hashMemory(m));
      }
    },
  );

  test.each(tables)("%s: who asks on gets no memory twice, and is refused in Go's words", (_name, kind, calls) => {
    for (const [i, [words]] of calls.entries()) {
      if (words === null) continue;
      const { m, live, steps } = runWith(kind, i + 1, 1);
      if (steps.length === 0) continue; // there is no heap yet to ask
      const taken = live.map((off) => [off, off + 1]);
      const initSpan = steps.findLast((e) => e[0] === Ev.initSpan);
      failCalls(m, kind, 1, 1000);
      for (const size of [16, 100, 2000, 5000, 3 * MiB]) {
        let off = -1;
        const refused = fatalOf(() => {
          off = mallocgc(m, size, 0, true);
        });
        if (refused !== null) expect(refusals, `call ${i + 1}, ${size} bytes`).toContain(refused);
        else {
          for (const [from, to] of taken) expect(off + size <= from || off >= to, `call ${i + 1}`).toBe(true);
          if (kind === CALL_COMMIT && initSpan !== undefined) {
            const [, , , base, npages] = initSpan; // what was being made ready is not given to another
            expect(off + size <= base || off >= base + npages * pageBytes, `call ${i + 1}`).toBe(true);
          }
          taken.push([off, off + size]);
        }
      }
      expectReadable(m, live);
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

describe("advice that a kernel does not take", () => {
  const advised = (madvdontneed: boolean, n: number, count: number) => {
    const m = machine();
    const live: number[] = [];
    failCalls(m, CALL_ADVISE, n, count);
    scenario(m, live, madvdontneed);
    checkInvariants(m);
    expectReadable(m, live);
    return { calls: watchedCalls(m), advice: globals.adviseUnused(m) };
  };

  /** Go: _MADV_FREE, then _MADV_DONTNEED, then a new mapping, which is remembered. */
  test.each([
    ["MADV_DONTNEED, which is taken", true, 0, 0, "not asked"],
    ["MADV_DONTNEED, refused once: pages are mapped anew from then on", true, 1, 1, "unsupported"],
    ["MADV_FREE, which is taken", false, 0, 0, "not asked"],
    ["MADV_FREE, refused once: MADV_DONTNEED from then on", false, 1, 1, "dontneed"],
    ["MADV_FREE and MADV_DONTNEED, both refused", false, 1, 2, "unsupported"],
  ])("%s", (_name, madvdontneed, n, count, advice) => {
    const undisturbed = advised(madvdontneed, 0, 0).calls;
    expect(undisturbed).toBeGreaterThan(3);
    const got = advised(madvdontneed, n, count);
    expect(["not asked", "dontneed", "unsupported"][got.advice]).toBe(advice);
    const more = advice === "dontneed" ? 1 : 0;
    expect(got.calls).toBe(advice === "unsupported" ? count : undisturbed + more);
  });

  test("refused at any later call, too", () => {
    const { calls } = advised(true, 0, 0);
    for (let n = 2; n <= calls; n++) expect(advised(true, n, 1)).toEqual({ calls: n, advice: 2 });
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
