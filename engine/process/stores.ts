/**
 * Pointer stores as Go's compiler makes them, write barrier included; and the same with halves of the barrier left out.
 *
 * A store asks one question, whether the barrier is on. If so, first everything is recorded and then everything stored.
 * Stores that follow each other with nothing in between are one run: one question, one recording, and then all stores.
 *
 *   for each pointer of the run, in order  the new pointer, then what its slot holds
 *   then for each value that is copied     wbMove, or wbZero when it is cleared
 *   not recorded                           a constant nil or a global's address; the slot of memory known to be zero;
 *                                          a variable or a slot that this run has recorded already
 *
 * Go records both halves, always. What goes wrong with less is shown by leaving a half out: that is an option of the
 * program's stores, and the runtime knows nothing of it.
 *
 * Go 1.26: cmd/compile/internal/ssa/writebarrier.go (writebarrier, needwb, needWBsrc, needWBdst).
 */
import { copyWord, storePointer, storePointerAtomic } from "../memory/address.ts";
import { type Memory, NIL } from "../memory/memory.ts";
import { writeBarrierEnabled } from "../records/globals.ts";
import { mSpanManual, state } from "../records/mspan.ts";
import { wbMaxEntriesPerCall } from "../records/mwbbuf.ts";
import type { Type } from "../records/type.ts";
import * as abi from "../records/type.ts";
import { wbMove, wbZero } from "../runtime/mbarrier.ts";
import { memclrNoHeapPointers } from "../runtime/memclr.ts";
import { memmove } from "../runtime/memmove.ts";
import { spanOf } from "../runtime/mheap.ts";
import { gcWriteBarrier } from "../runtime/mwbbuf.ts";
import { getGCMask } from "../runtime/type.ts";

/**
 * Which pointers a program's stores tell a collector of while it marks: "both" (Go), "deletion" (the one that is written
 * over, as Yuasa's barrier), "insertion" (the one that is written, as Dijkstra's), "none".
 * @zh 标记期间，程序的指针写入把哪些指针告诉回收器："both"（Go：新旧都记）、"deletion"（只记被覆盖的旧值，Yuasa 式）、
 * "insertion"（只记写入的新值，Dijkstra 式）、"none"（都不记）。
 */
export type BarrierHalves = "both" | "deletion" | "insertion" | "none";

const recordsOld = (halves: BarrierHalves) => halves === "both" || halves === "deletion";
const recordsNew = (halves: BarrierHalves) => halves === "both" || halves === "insertion";

/** One store of a run. */
export interface PointerStore {
  /** Offset of the word that is written. */
  readonly slot: number;
  /** What it shall point to, or NIL. */
  readonly to: number;
  /** True when the compiler knows that it is nil or a global's address. */
  readonly isConstant?: boolean;
  /** True when the compiler knows that the slot is still zero, as in an object that was made a moment ago. */
  readonly isFresh?: boolean;
  /** The variable that the new pointer comes from, where several stores of a run may have the same. */
  readonly variable?: string;
}

/** One copy or clearing of a run: `*dst = *src`, of a type with pointers. */
export interface ValueStore {
  readonly typ: Type;
  readonly dst: number;
  /** NIL: `*dst = T{}`. */
  readonly src: number;
}

/** One pointer store: `*slot = to`. To be used wherever the slot is not known to be a local variable's. */
export function storeWithBarrier(m: Memory, slot: number, to: number, halves: BarrierHalves = "both"): void {
  if (!writeBarrierEnabled(m)) {
    storePointerAtomic(m, slot, to);
    return;
  }
  storeRun(m, [{ slot, to }], halves);
}

/** A run of stores, of pointers and of whole values. */
export function storeRun(m: Memory, run: readonly (PointerStore | ValueStore)[], halves: BarrierHalves = "both"): void {
  if (writeBarrierEnabled(m)) {
    recordPointers(m, run, halves);
    for (const store of run) if ("typ" in store) recordValue(m, store, halves);
  }
  for (const store of run) {
    if ("slot" in store) storePointerAtomic(m, store.slot, store.to);
    else if (store.src === NIL) memclrNoHeapPointers(m, store.dst, abi.size(m, store.typ));
    else memmove(m, store.dst, store.src, abi.size(m, store.typ));
  }
}

/** Fills the buffer, up to eight entries at once. */
function recordPointers(m: Memory, run: readonly (PointerStore | ValueStore)[], halves: BarrierHalves): void {
  const variables = new Set<string>();
  const slots = new Set<number>();
  const entries: { readonly isOld: boolean; readonly at: number }[] = [];
  const flush = () => {
    if (entries.length === 0) return;
    let entry = gcWriteBarrier(m, entries.length);
    for (const { isOld, at } of entries) {
      if (isOld) copyWord(m, entry, at);
      else storePointer(m, entry, at);
      entry += 8;
    }
    entries.length = 0;
  };
  const add = (isOld: boolean, at: number) => {
    entries.push({ isOld, at });
    if (entries.length === wbMaxEntriesPerCall) flush();
  };
  for (const store of run) {
    if (!("slot" in store)) continue;
    const { slot, to, isConstant, isFresh, variable } = store;
    if (recordsNew(halves) && isConstant !== true && !(variable !== undefined && variables.has(variable))) {
      if (variable !== undefined) variables.add(variable);
      add(false, to);
    }
    if (recordsOld(halves) && isFresh !== true && !slots.has(slot)) {
      slots.add(slot);
      add(true, slot);
    }
  }
  flush();
}

/** What comes before a value is copied or cleared. */
function recordValue(m: Memory, { dst, src, typ }: ValueStore, halves: BarrierHalves): void {
  if (halves !== "both") recordHalf(m, dst, src, typ, halves);
  else if (src === NIL) wbZero(m, typ, dst);
  else wbMove(m, typ, dst, src);
}

/** One half of it, or none; nothing for a target on a stack. */
function recordHalf(m: Memory, dst: number, src: number, typ: Type, halves: BarrierHalves): void {
  const s = spanOf(m, dst);
  if (s !== 0 && state(m, s) === mSpanManual) return;
  const mask = getGCMask(m, typ);
  for (let i = 0; i < abi.ptrBytes(m, typ); i += 8) {
    if ((m.u8[mask + (i >> 6)] & (1 << ((i >> 3) & 7))) === 0) continue;
    if (recordsOld(halves)) copyWord(m, gcWriteBarrier(m, 1), dst + i);
    else if (recordsNew(halves) && src !== NIL) copyWord(m, gcWriteBarrier(m, 1), src + i);
  }
}
