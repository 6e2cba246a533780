/**
 * Stacks, checked: what must hold of the pool and of the Ps' lists between any two operations.
 *
 *   a span of the pool has a free stack, and its allocCount counts the others
 *   a P's list has as many bytes as it says, and at most 32 KiB
 *   a goroutine's stack lies in a span of stacks, and its stack pointer in its stack
 */
import { loadPointer } from "../memory/address.ts";
import { Fatal } from "../memory/fatal.ts";
import { type Memory, NIL } from "../memory/memory.ts";
import * as g from "../records/g.ts";
import { allp, gomaxprocs, sched, stackpool } from "../records/globals.ts";
import * as gsched from "../records/gsched.ts";
import { numStackOrders } from "../records/mcache.ts";
import * as mspan from "../records/mspan.ts";
import * as p from "../records/runtime2.ts";
import * as rec from "../records/stack.ts";
import { spanOf } from "../runtime/mheap.ts";
import { _StackCacheSize, fixedStack } from "../runtime/stack.ts";

function must(condition: boolean, what: string): void {
  if (!condition) throw new Fatal(`check failed: ${what}`);
}

/** Checks all of it. @throws {Fatal} `check failed: …` with the first thing that does not hold */
export function checkStacks(m: Memory): void {
  for (let order = 0; order < numStackOrders; order++) {
    checkPool(m, order);
    for (let i = 0; i < gomaxprocs(m); i++) checkCache(m, i, order);
  }
  checkGs(m);
}

/** Stacks linked from `first` on, each of which must lie in a span of stacks of `elemsize` bytes. */
function length(m: Memory, first: number, elemsize: number): number {
  let n = 0;
  for (let x = first; x !== NIL; x = loadPointer(m, x)) {
    const s = spanOf(m, x);
    must(s !== 0 && mspan.state(m, s) === mspan.mSpanManual, `the free stack at ${x} lies in no span of stacks`);
    must(mspan.elemsize(m, s) === elemsize, `the free stack at ${x} stands in a list of ${elemsize} bytes`);
    must(++n <= m.windowBytes / fixedStack, "a list of stacks has no end");
  }
  return n;
}

function checkPool(m: Memory, order: number): void {
  const elemsize = fixedStack << order;
  for (let s = rec.first(m, rec.span(stackpool(m, order))); s !== 0; s = mspan.next(m, s)) {
    const free = length(m, mspan.manualFreeList(m, s), elemsize);
    must(free > 0, `a span in the pool of order ${order} has no free stack`);
    must(
      free + mspan.allocCount(m, s) === _StackCacheSize / elemsize,
      `a span of stacks counts ${mspan.allocCount(m, s)} in use, and ${free} are free`,
    );
  }
}

function checkCache(m: Memory, i: number, order: number): void {
  const elemsize = fixedStack << order;
  const cache = rec.stackfreelist(p.mcache(m, allp(m, i)), order);
  const bytes = length(m, rec.list(m, cache), elemsize) * elemsize;
  must(
    bytes === rec.size(m, cache),
    `P ${i} has ${bytes} bytes of stacks of order ${order}, it says ${rec.size(m, cache)}`,
  );
  must(bytes <= _StackCacheSize, `P ${i} keeps ${bytes} bytes of stacks of order ${order}`);
}

function checkGs(m: Memory): void {
  const s = sched(m);
  for (let i = 0; i < gsched.allgsLen(m, s); i++) {
    const gp = loadPointer(m, gsched.allgs(m, s) + 8 * i);
    const lo = g.stackLo(m, gp);
    if (lo === NIL) continue;
    const span = spanOf(m, lo);
    must(span !== 0 && mspan.state(m, span) === mspan.mSpanManual, `the stack of g ${i} lies in no span of stacks`);
    if (g.atomicstatus(m, gp) === g._Gdead) continue;
    const sp = g.schedSp(m, gp);
    must(sp >= lo && sp <= g.stackHi(m, gp), `the stack pointer of g ${i} lies outside of its stack`);
  }
}
