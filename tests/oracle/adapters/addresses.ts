/**
 * `addresses`: where every object of a program lies, from the first page on that the heap grew into for it. Go was asked
 * with all its spans full and all its pages taken, so that its heap was as this one is when it begins.
 */
import { FIXED_HEAP_BASE, Memory } from "../../../engine/memory/memory.ts";
import { schedinit } from "../../../engine/runtime/proc.ts";
import { Ev } from "../../../engine/runtime/trace.ts";
import { programs as ported } from "../programs/index.ts";
import { Process, type Program } from "../programs/lib.ts";
import { Value } from "../shape.ts";
import type { Adapter } from "./adapter.ts";

export const addresses: Adapter = {
  phases: ["addresses", "unknown"],
  replay(recording, tally) {
    for (const line of recording.lines) {
      const value = new Value(recording, line);
      const name = value.get("program").text();
      const program = ported.get(name);
      tally.begin(recording.file, line.line, "addresses");
      if (program === undefined || program.source.trim() !== value.get("source").text().trim()) {
        tally.leaveOut(name);
        continue;
      }
      const got = call(program, value.get("n").int());
      const rows = value.get("addresses").list();
      tally.same("requests", rows.length, got.length);
      for (const [i, row] of rows.entries()) {
        tally.operation();
        tally.same("[size, offset]", row.raw, got[i]);
      }
    }
  },
};

/** No place in the heap: an object of no size. */
const outside = -1;

/** Each request's size and its object's distance from the heap's beginning; -1 for one without a size. */
function call(program: Program, n: number): (readonly [size: number, at: number])[] {
  const m = new Memory({ heapBase: FIXED_HEAP_BASE, check: "local" });
  schedinit(m, { procs: 1 });
  const got: [size: number, at: number][] = [];
  m.trace = {
    event(kind, a) {
      if (kind === Ev.mallocgc) got.push([a, outside]);
      else if (kind === Ev.mallocDone) got[got.length - 1][1] = a;
    },
  };
  program.run(new Process(m), n);
  return got;
}
