/** `pi`: the scavenger's controller. */
import { osAlloc } from "../../../engine/memory/os.ts";
import * as scav from "../../../engine/records/mgcscavenge.ts";
import { piNext } from "../../../engine/runtime/mgcscavenge_pace.ts";
import { Value } from "../shape.ts";
import type { Adapter } from "./adapter.ts";
import { bareMemory } from "./pages.ts";

export const pi: Adapter = {
  phases: ["steps"],
  replay(recording, tally) {
    const m = bareMemory();
    const c = osAlloc(m, scav.piLayout.size);
    for (const line of recording.lines) {
      const value = new Value(recording, line);
      tally.begin(recording.file, line.line, "steps");
      m.u8.fill(0, c, c + scav.piLayout.size);
      scav.setKp(m, c, value.get("kp").float());
      scav.setTi(m, c, value.get("ti").float());
      scav.setTt(m, c, value.get("tt").float());
      scav.setOutMin(m, c, value.get("min").float());
      scav.setOutMax(m, c, value.get("max").float());
      for (const step of value.get("steps").list()) {
        tally.operation();
        const [input, setpoint, period, output, ok] = step.list(5);
        const got = piNext(m, c, input.float(), setpoint.float(), period.float());
        const wasOk = m.ret[0] !== 0;
        tally.same("output", output.float(), got);
        tally.same("ok", ok.flag(), wasOk);
      }
    }
  },
};
