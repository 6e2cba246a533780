/**
 * `facts`: what anyone can see of Go from outside, on the engine. Only facts about the allocator are replayed, and of
 * those only what repeats (`values`); what a compiler decides and what a collection does is not the engine's to say.
 */

import { type Memory, NIL } from "../../../engine/memory/memory.ts";
import { writeDescriptor } from "../../../engine/process/descriptors.ts";
import { boot, type Process } from "../../../engine/process/process.ts";
import * as t from "../../../engine/process/types.ts";
import { mallocgc } from "../../../engine/runtime/malloc.ts";
import { readmemstats } from "../../../engine/runtime/mstats.ts";
import { growslice, sliceBufBytes } from "../../../engine/runtime/slice.ts";
import { plainFn, start } from "../../engine/goroutines.ts";
import { boot as bootWorld, type World } from "../../engine/object-heap.ts";
import { Value } from "../shape.ts";
import type { Tally } from "../tally.ts";
import type { Adapter } from "./adapter.ts";
import { bootHeap } from "./heap.ts";

/** What the engine is asked for each fact, and compared with. */
const replays: Readonly<Record<string, (values: Value, tally: Tally) => void>> = {
  F1: border,
  F2: mcaches,
  F3: heapBases,
  F4: objectsPerPage,
  F5: headers,
  F6: tinyBlocks,
  F9: goroutineStacks,
  F10: growth,
  F15: release,
  F16: offHeap,
  F20: constants,
};

export const facts: Adapter = {
  phases: Object.keys(replays),
  replay(recording, tally) {
    for (const line of recording.lines) {
      const value = new Value(recording, line);
      const id = value.get("fact").text();
      if (!Object.hasOwn(replays, id)) continue;
      tally.begin(recording.file, line.line, id);
      replays[id](value.get("values"), tally);
    }
  },
};

/** Compares one answer as an operation of its own. */
function same(tally: Tally, field: string, expected: unknown, got: unknown): void {
  tally.operation();
  tally.same(field, expected, got);
}

const pointer = t.pointer(t.uint8);
const arrayOf = (size: number, pointers: boolean) => (pointers ? t.array(size / 8, pointer) : t.array(size, t.uint8));

/** What a heap's figure moves by. */
function change(go: Process, figure: (go: Process) => number, body: () => void): number {
  const before = figure(go);
  body();
  return figure(go) - before;
}

function border(values: Value, tally: Tally): void {
  const name = "/gc/heap/allocs-by-size:bytes";
  const last = (go: Process) => {
    go.memstats(); // flushes the caches, as Go's recorder does
    return go.metrics()[name].counts.at(-1) as number;
  };
  const { buckets } = boot().metrics()[name];
  same(tally, "lastBucketFrom", values.get("lastBucketFrom").int(), buckets.at(-2));
  same(tally, "lastBucketOpen", values.get("lastBucketOpen").flag(), buckets.at(-1) === Number.POSITIVE_INFINITY);
  for (const kind of ["bytes", "pointers"]) {
    const go = boot();
    for (const row of values.get(kind).list()) {
      const type = arrayOf(row.get("size").int(), kind === "pointers");
      const moved = change(go, last, () => repeat(100, () => go.new(type)));
      same(tally, `${kind} ${type.size}`, row.get("large").flag(), moved === 100);
    }
  }
}

function repeat(n: number, body: (i: number) => void): void {
  for (let i = 0; i < n; i++) body(i);
}

function mcaches(values: Value, tally: Tally): void {
  for (const row of values.get("byGOMAXPROCS").list()) {
    const [procs, bytes] = row.ints();
    same(tally, `GOMAXPROCS ${procs}`, bytes, boot({ procs }).memstats().MCacheInuse);
  }
  const w = bootWorld({ procs: 8 });
  same(tally, "before", values.get("goroutines").get("before").int(), readmemstats(w.m).MCacheInuse);
  park(w, values.get("goroutines").get("added").int());
  same(tally, "with goroutines", values.get("goroutines").get("with").int(), readmemstats(w.m).MCacheInuse);
}

/** Starts goroutines that do nothing more. */
function park(w: World, n: number): void {
  const f = plainFn(w, 64);
  repeat(n, () => void start(w, f));
}

/** Address of the arena of 64 MiB that a process's first large object lies in. */
function arena(go: Process): string {
  const address = BigInt(go.malloc(100_000).address);
  return `0x${(address & ~((64n << 20n) - 1n)).toString(16)}`;
}

function heapBases(values: Value, tally: Tally): void {
  const n = values.get("processes").int();
  const bases = (base: "fixed" | "random") => Array.from({ length: n }, (_, i) => arena(boot({ base, seed: i + 1 })));
  for (const [build, base] of [
    ["default", "random"],
    ["norandomizedheapbase64", "fixed"],
  ] as const) {
    const recorded = values.get(build);
    const got = bases(base);
    same(tally, build, recorded.get("isTheSameInAll").flag(), new Set(got).size === 1);
    if (recorded.has("arena")) same(tally, "arena", recorded.get("arena").text(), got[0]);
  }
}

function objectsPerPage(values: Value, tally: Tally): void {
  for (const [build, greentea] of [
    ["default", true],
    ["nogreenteagc", false],
  ] as const) {
    for (const kind of ["pointers", "noPointers"]) {
      const go = boot({ greentea });
      for (const row of values.get(build).get(kind).list()) {
        const [size, most] = row.ints();
        const pages = new Map<bigint, number>();
        repeat((8 * 8192) / size, () => {
          const page = BigInt(go.new(arrayOf(size, kind === "pointers")).address) >> 13n;
          pages.set(page, (pages.get(page) ?? 0) + 1);
        });
        same(tally, `${build} ${kind} ${size}`, most, Math.max(...pages.values()));
      }
    }
  }
}

function headers(values: Value, tally: Tally): void {
  for (const kind of ["pointers", "noPointers"]) {
    const go = boot();
    for (const row of values.get(kind).list()) {
      const [size, cost] = row.ints();
      const type = arrayOf(size, kind === "pointers");
      const bytes = change(
        go,
        (p) => p.memstats().TotalAlloc,
        () => repeat(1000, () => go.new(type)),
      );
      same(tally, `${kind} ${size}`, cost, bytes / 1000);
    }
  }
}

function tinyBlocks(values: Value, tally: Tally): void {
  const bytes = (go: Process, n: number) => go.make(t.uint8, n);
  const empty = t.struct("struct {}", {});
  const inTurn = (n: number) => (go: Process, i: number) => (i % 2 === 0 ? bytes(go, n) : go.new(t.uint8));
  const programs: Record<string, (go: Process, i: number) => { address: string }> = {
    "new(byte)": (go) => go.new(t.uint8),
    "make([]byte, 15)": (go) => bytes(go, 15),
    "make([]byte, 16)": (go) => bytes(go, 16),
    "make([]byte, 15) and new(byte) in turn": inTurn(15),
    "make([]byte, 16) and new(byte) in turn": inTurn(16),
    "any(i) for i from 256": (go) => go.new(t.uint64), // what an interface's word leads to
    "new(struct{})": (go) => go.new(empty),
  };
  for (const [name, program] of Object.entries(programs)) {
    const go = boot();
    const recorded = values.get(name);
    const addresses = new Set<string>();
    const joined = () => go.metrics()["/gc/heap/tiny/allocs:objects"];
    const [before, joinedBefore] = [go.memstats(), joined()];
    repeat(recorded.get("objects").int(), (i) => void addresses.add(program(go, i).address));
    const after = go.memstats();
    same(tally, `${name} mallocs`, recorded.get("mallocs").int(), after.Mallocs - before.Mallocs);
    same(tally, `${name} bytes`, recorded.get("bytes").int(), after.TotalAlloc - before.TotalAlloc);
    same(tally, `${name} joined a block`, recorded.get("joinedABlock").int(), joined() - joinedBefore);
    if (name !== "new(struct{})") continue;
    same(tally, `${name} address`, values.get("allNewStructsHaveOneAddress").flag(), addresses.size === 1);
  }
}

function goroutineStacks(values: Value, tally: Tally): void {
  const w = bootWorld();
  const n = values.get("goroutines").int();
  const before = readmemstats(w.m).StackInuse;
  park(w, n);
  const inuse = readmemstats(w.m).StackInuse - before;
  same(tally, "StackInuse", values.get("stackInuse").int(), inuse);
  same(tally, "each", values.get("each").int(), Math.round(inuse / n));
  const g = boot().goroutine("deep");
  const outer = g.locals({ local: t.int });
  const first = outer.addressOf("local");
  repeat(100, () => void g.locals({}, 2560));
  same(
    tally,
    "a deep call moves a local",
    values.get("aDeepCallMovesALocal").flag(),
    first !== outer.addressOf("local"),
  );
}

/** One element more for a full slice. @returns the new array and capacity */
type Grow = (m: Memory, old: number, cap: number, et: number) => readonly [array: number, cap: number];

const onHeap: Grow = (m, old, cap, et) => [growslice(m, old, cap + 1, cap, 1, et), m.ret[0]];

/** Capacities that a slice goes through up to the last recorded one. */
function series(elem: t.GoType, last: number, grow: Grow): number[] {
  const m = bootHeap();
  const et = writeDescriptor(m, elem);
  const caps: number[] = [];
  for (let [array, cap] = [NIL as number, 0]; cap < last; caps.push(cap)) [array, cap] = grow(m, array, cap, et);
  return caps;
}

function growth(values: Value, tally: Tally): void {
  const elems: Record<string, t.GoType> = {
    "[]int": t.int,
    "[]byte": t.uint8,
    "[]string": t.string,
    "[][3]int": t.array(3, t.int),
    "[]*int": t.pointer(t.int),
  };
  for (const [name, elem] of Object.entries(elems)) {
    const recorded = values.get(name).ints();
    same(tally, name, recorded, series(elem, recorded.at(-1) as number, onHeap));
  }
  const recorded = values.get("[]int that stays").ints();
  same(tally, "[]int that stays", recorded, localInts(recorded.at(-1) as number));
}

/** A local []int that only append makes, and that nobody else sees: the compiler begins it with its buffer's capacity. */
function localInts(last: number): number[] {
  const m = bootHeap();
  const buf = mallocgc(m, sliceBufBytes, 0, true);
  const et = writeDescriptor(m, t.int);
  const caps: number[] = [];
  for (let [array, cap] = [buf, sliceBufBytes / t.int.size]; ; [array, cap] = onHeap(m, array, cap, et)) {
    caps.push(cap);
    if (cap >= last) return caps;
  }
}

function release(values: Value, tally: Tally): void {
  const go = boot();
  repeat(64, () => void go.malloc(1e6));
  go.sweep({ live: [] });
  const before = go.memstats();
  go.freeOSMemory({ live: [] });
  const after = go.memstats();
  same(tally, "sysMoves", values.get("sysMoves").int(), after.Sys - before.Sys);
  same(tally, "idleIsAtLeast64MB", values.get("idleIsAtLeast64MB").flag(), before.HeapIdle >= 64e6);
  const grows = after.HeapReleased - before.HeapReleased;
  same(tally, "releasedGrowsByAtLeast50MB", values.get("releasedGrowsByAtLeast50MB").flag(), grows >= 50e6);
  const left = after.HeapIdle - after.HeapReleased;
  same(tally, "idleLeftIsBelow1MB", values.get("idleLeftIsBelow1MB").flag(), left < 1e6);
}

function offHeap(values: Value, tally: Tally): void {
  const go = boot({ windowBytes: 512 << 20 });
  const before = go.memstats();
  const virtual = go.os().virtual;
  go.offheap.jemalloc().malloc(values.get("mappedMB").int() << 20);
  same(tally, "mapped", true, go.os().virtual - virtual >= values.get("mappedMB").int() << 20);
  const after = go.memstats();
  same(tally, "HeapAlloc", values.get("heapAllocMovesKB").int(), (after.HeapAlloc - before.HeapAlloc) / 1024);
  same(tally, "Sys", values.get("sysMovesKB").int(), (after.Sys - before.Sys) / 1024);
}

function constants(values: Value, tally: Tally): void {
  const go = boot();
  const metrics = go.metrics();
  const sizes = metrics["/gc/heap/allocs-by-size:bytes"].buckets.slice(1, -1).map((bound) => bound - 1);
  same(tally, "firstGoalBytes", values.get("firstGoalBytes").int(), metrics["/gc/heap/goal:bytes"]);
  same(tally, "bySizeEntries", values.get("bySizeEntries").int(), go.memstats().BySize.length);
  same(tally, "sizeClasses", values.get("sizeClasses").ints(), sizes);
  same(tally, "classes", values.get("classes").int(), sizes.length + 1);
  same(tally, "gogc", values.get("gogc").int(), metrics["/gc/gogc:percent"]);
  const isAligned = () => BigInt(go.malloc(8192).address) % 8192n === 0n;
  const all = Array.from({ length: 200 }, isAligned).every(Boolean);
  same(tally, "alignment", values.get("objectsOf8192AreAlignedTo8192").flag(), all);
}
