/** `nextfree`: the order in which a span with given allocation bits hands out its slots. */
import { Memory } from "../../../engine/memory/memory.ts";
import * as mspan from "../../../engine/records/mspan.ts";
import { nextFreeIndex, refillAllocCache } from "../../../engine/runtime/mbitmap.ts";
import { Value } from "../shape.ts";
import type { Adapter } from "./adapter.ts";

export const nextfree: Adapter = {
  phases: ["order"],
  replay(recording, tally) {
    const m = new Memory();
    const s = m.meta; // a span record by itself, and its bits behind it
    const bits = s + mspan.layout.size;
    for (const line of recording.lines) {
      const value = new Value(recording, line);
      tally.begin(recording.file, line.line, "order");
      const nelems = value.get("nelems").int(1, 1024);
      const words = value.get("allocBits").list(Math.ceil(nelems / 64));
      m.u8.fill(0, s, bits);
      for (const [i, word] of words.entries()) {
        [m.i32[(bits >> 2) + 2 * i], m.i32[(bits >> 2) + 2 * i + 1]] = word.word();
      }
      mspan.setNelems(m, s, nelems);
      mspan.setAllocBits(m, s, bits);
      refillAllocCache(m, s, 0);
      for (const expected of value.get("order").ints(0, nelems - 1)) {
        tally.operation();
        tally.same("nextFreeIndex", expected, nextFreeIndex(m, s));
      }
      tally.operation();
      tally.same("nextFreeIndex of a full span", nelems, nextFreeIndex(m, s));
    }
  },
};
