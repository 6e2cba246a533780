/** What the tests of schedules about pages share: small page heaps, threads that take and give spans, and the check. */
import { checkInvariants } from "../../engine/check/invariants.ts";
import { Memory } from "../../engine/memory/memory.ts";
import { allp } from "../../engine/records/globals.ts";
import * as mspan from "../../engine/records/mspan.ts";
import { pageSize } from "../../engine/records/sizes.ts";
import { allocManual, freeManual, spanAllocWorkBuf } from "../../engine/runtime/mheap.ts";
import { schedinit } from "../../engine/runtime/proc.ts";
import type { Steps } from "../../engine/sched/stepped.ts";
import { buildStepped, heapLockGuards, type SteppedBuild } from "../../scripts/stepped/build.ts";
import type { Guarded } from "../../scripts/stepped/transform.ts";
import { faultEdit } from "../faults/faults.ts";

export const typ = spanAllocWorkBuf;

/** Data that the lock of a stack pool guards: its list, and the free stacks of its spans. */
const poolLockGuards: readonly Guarded[] = [
  { module: "engine/records/stack.ts", names: ["first", "setFirst"] },
  { module: "engine/records/mspan.ts", names: ["manualFreeList", "setManualFreeList"] },
];

/** The stepped build of some modules, with a fault or without. */
export function steppedHeap(entries: readonly string[], fault?: string): Promise<SteppedBuild> {
  return buildStepped({
    entries,
    guarded: [...heapLockGuards, ...poolLockGuards],
    ...(fault === undefined ? {} : { edit: faultEdit(fault) }),
  });
}

/** A heap of two Ps in which nothing was allocated. */
export function twoPs(): Memory {
  const m = new Memory({ windowBytes: 64 * 1024 * 1024 });
  schedinit(m, { procs: 2 });
  return m;
}

/** Runs P `i` on this memory for a call. */
export function on<T>(m: Memory, i: number, f: () => T): T {
  const before = m.p;
  m.p = allp(m, i);
  const result = f();
  m.p = before;
  return result;
}

/** allocManual of the stepped build. */
export type Alloc = (m: Memory, npages: number, typ: number) => Steps<mspan.MSpan>;

export function stepsOfAlloc(build: SteppedBuild): Alloc {
  return build.steps<[Memory, number, number], mspan.MSpan>("engine/runtime/mheap.ts", "allocManual");
}

/** P `i` takes spans of so many pages, one after the other. */
export function* take(m: Memory, i: number, alloc: Alloc, sizes: readonly number[]): Steps<number[]> {
  m.p = allp(m, i);
  const spans: number[] = [];
  for (const npages of sizes) {
    const s = (yield* alloc(m, npages, typ)) as number;
    write(m, s);
    spans.push(s);
  }
  return spans;
}

/** Fills a span's pages with its own number, as its user would. */
function write(m: Memory, s: number): void {
  m.i32.fill(s, mspan.startAddr(m, s) >> 2, (mspan.startAddr(m, s) + mspan.npages(m, s) * pageSize) >> 2);
}

/** No page has two users, no user lost what he wrote, every invariant holds; all comes back and can be had again. */
export function checkSpans(m: Memory, raced: readonly number[]): void {
  if (raced.includes(0)) throw new Error("the heap had no pages");
  if (new Set(raced).size !== raced.length) throw new Error("two Ps got the same span record");
  for (const s of raced) {
    const end = mspan.startAddr(m, s) + mspan.npages(m, s) * pageSize;
    for (let off = mspan.startAddr(m, s); off < end; off += pageSize) {
      if (m.i32[off >> 2] !== s) throw new Error("what was written to a span is gone");
    }
  }
  checkInvariants(m);
  for (const s of raced) on(m, 0, () => freeManual(m, s, typ));
  for (let i = 0; i < 2; i++) on(m, i, () => allocManual(m, 3, typ));
  checkInvariants(m);
}
