/** `scavpace`: the goals that gcPaceScavenger sets. */
import type { Memory } from "../../../engine/memory/memory.ts";
import * as gcController from "../../../engine/records/gcController.ts";
import * as globals from "../../../engine/records/globals.ts";
import * as memstats from "../../../engine/records/memstats.ts";
import * as scav from "../../../engine/records/mgcscavenge.ts";
import { gcPaceScavenger } from "../../../engine/runtime/mgcscavenge_pace.ts";
import { Value } from "../shape.ts";
import type { Adapter } from "./adapter.ts";
import { bareMemory } from "./pages.ts";

export const scavpace: Adapter = {
  phases: ["goals"],
  replay(recording, tally) {
    const m = bareMemory();
    const c = globals.gcController(m);
    for (const line of recording.lines) {
      const value = new Value(recording, line);
      tally.begin(recording.file, line.line, "goals");
      tally.operation();
      // A counter of 64 bits may hold more than a plain number: it is set through the signed number of equal bits.
      const counter = (name: string) => Number(BigInt.asIntN(64, value.get(name).bigint()));
      const number = (name: string) => Number(value.get(name).bigint());
      gcController.setMappedReady(m, c, counter("mappedReady"));
      gcController.setHeapInUse(m, c, counter("heapInUse"));
      gcController.setHeapFree(m, c, counter("heapFree"));
      memstats.setLastHeapInUse(m, globals.memstats(m), counter("lastHeapInUse"));
      gcPaceScavenger(m, number("memoryLimit"), number("heapGoal"), number("lastHeapGoal"));
      tally.same("gcPercentGoal", value.get("gcPercentGoal").text(), goal(m, "gcPercentGoal"));
      tally.same("memoryLimitGoal", value.get("memoryLimitGoal").text(), goal(m, "memoryLimitGoal"));
    }
  },
};

/** A goal's bits as an unsigned number. */
function goal(m: Memory, name: string): string {
  const field = scav.goalsLayout.fields.find((f) => f.name === name);
  if (field === undefined) throw new Error(`there is no ${name}`);
  const i = ((globals.scavenge(m) as number) + field.offset) >> 2;
  return String((BigInt(m.u32[i + 1]) << 32n) | BigInt(m.u32[i]));
}
