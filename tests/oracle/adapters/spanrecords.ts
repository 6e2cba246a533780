/** `spanrecords`: which record a P gets for a span, and how many its cache then holds. */

import { lock, unlock } from "../../../engine/memory/atomics.ts";
import type { Memory } from "../../../engine/memory/memory.ts";
import { mheap_ } from "../../../engine/records/globals.ts";
import * as mheap from "../../../engine/records/mheap.ts";
import * as p from "../../../engine/records/runtime2.ts";
import { allocMSpanLocked, freeMSpanLocked } from "../../../engine/runtime/mheap.ts";
import { Value } from "../shape.ts";
import type { Adapter } from "./adapter.ts";
import { bootHeap } from "./heap.ts";

/** Its number in the order in which records were made. */
function numberOf(m: Memory, s: number): number {
  const all = mheap.allspans(m, mheap_(m)) as number;
  const n = mheap.allspansLen(m, mheap_(m));
  for (let i = 0; i < n; i++) if (m.i32[(all >> 2) + 2 * i] === s) return i;
  return -1;
}

export const spanrecords: Adapter = {
  phases: ["records"],
  replay(recording, tally) {
    for (const line of recording.lines) {
      const value = new Value(recording, line);
      tally.begin(recording.file, line.line, "records");
      const ops = value.get("ops").ints();
      const records = value.get("records").list(ops.length);
      const m = bootHeap();
      const h = mheap_(m);
      const out: number[] = [];
      lock(m, mheap.lock(h));
      for (const [i, op] of ops.entries()) {
        tally.operation();
        if (op > out.length) value.fail(`operation ${i} gives back record ${op} of ${out.length}`);
        const s = op === 0 ? allocMSpanLocked(m, h) : out.splice(op - 1, 1)[0];
        if (op === 0) out.push(s);
        else freeMSpanLocked(m, h, s);
        tally.same("[number, cached]", records[i].raw, [numberOf(m, s), p.mspancacheLen(m, m.p)]);
      }
      unlock(m, mheap.lock(h));
    }
  },
};
