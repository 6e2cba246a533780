/** `limiter`: the CPU limiter's bucket. */
import type { Memory } from "../../../engine/memory/memory.ts";
import * as gclimit from "../../../engine/records/gclimit.ts";
import { gcCPULimiter } from "../../../engine/records/globals.ts";
import * as limiterRuntime from "../../../engine/runtime/mgclimit.ts";
import { Value } from "../shape.ts";
import type { Tally } from "../tally.ts";
import type { Adapter } from "./adapter.ts";
import { bareMemory } from "./pages.ts";

export const limiter: Adapter = {
  phases: ["ops"],
  replay(recording, tally) {
    const m = bareMemory();
    for (const line of recording.lines) {
      const value = new Value(recording, line);
      tally.begin(recording.file, line.line, "ops");
      for (const op of value.get("ops").list()) {
        tally.operation();
        perform(m, op, tally);
        compare(m, op, tally);
      }
    }
  },
};

function perform(m: Memory, op: Value, tally: Tally): void {
  const c = gcCPULimiter(m);
  const whole = (name: string) => Number(op.get(name).bigint());
  switch (op.get("op").text()) {
    case "new":
      // As Go's own tests make one: from nothing, at that time.
      m.u8.fill(0, c, c + gclimit.layout.size);
      limiterRuntime.limiterResetCapacity(m, whole("now"), op.get("procs").int(1));
      break;
    case "startGCTransition":
      limiterRuntime.startGCTransition(m, op.get("enable").flag(), whole("now"));
      break;
    case "finishGCTransition":
      limiterRuntime.finishGCTransition(m, whole("now"));
      break;
    case "needUpdate":
      tally.same("r", op.get("r").flag(), limiterRuntime.limiterNeedUpdate(m, whole("now")));
      break;
    case "update":
      limiterRuntime.limiterUpdate(m, whole("now"));
      break;
    case "addAssistTime":
      limiterRuntime.limiterAddAssistTime(m, whole("t"));
      break;
    case "addIdleTime":
      limiterRuntime.limiterAddIdleTime(m, whole("t"));
      break;
    case "resetCapacity":
      limiterRuntime.limiterResetCapacity(m, whole("now"), op.get("procs").int(1));
      break;
    default:
      op.fail("it is no operation of this kind");
  }
}

function compare(m: Memory, op: Value, tally: Tally): void {
  const c = gcCPULimiter(m);
  const got = {
    fill: gclimit.fill(m, c),
    capacity: gclimit.capacity(m, c),
    overflow: gclimit.overflow(m, c),
    assistPool: gclimit.assistTimePool(m, c),
    idlePool: gclimit.idleTimePool(m, c),
    idleMarkPool: gclimit.idleMarkTimePool(m, c),
    lastUpdate: gclimit.lastUpdate(m, c),
  };
  for (const [name, value] of Object.entries(got)) tally.same(name, op.get(name).text(), String(value));
  tally.same("limiting", op.get("limiting").flag(), limiterRuntime.limiting(m));
}
