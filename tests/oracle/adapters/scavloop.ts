/**
 * `scavloop`: the background scavenger's loop. What a call gives (bytes, nanoseconds) is the recording's; what it asks
 * for, and which call comes next, is the engine's. When no work is left in the recording the scavenger is told to stop.
 */
import { osAlloc } from "../../../engine/memory/os.ts";
import * as scav from "../../../engine/records/mgcscavenge.ts";
import {
  type ScavengerStubs,
  scavengerInit,
  scavengerPark,
  scavengerRun,
  scavengerSleep,
  scavengerWake,
} from "../../../engine/runtime/mgcscavenge_pace.ts";
import { Value } from "../shape.ts";
import type { Tally } from "../tally.ts";
import type { Adapter } from "./adapter.ts";
import { bareMemory } from "./pages.ts";

export const scavloop: Adapter = {
  phases: ["calls"],
  replay(recording, tally) {
    const m = bareMemory();
    const s = osAlloc(m, scav.scavengerLayout.size);
    for (const line of recording.lines) {
      const value = new Value(recording, line);
      tally.begin(recording.file, line.line, "calls");
      m.u8.fill(0, s, s + scav.scavengerLayout.size);
      const script = new Script(value, tally);
      scavengerInit(m, s);
      scavengerWake(m, s);
      let total = 0;
      while (scav.parked(m, s) === 0) {
        const worked = scavengerRun(m, script);
        const released = m.ret[0];
        if (released === 0) {
          scavengerPark(m, s);
          continue;
        }
        total += released;
        scavengerSleep(m, s, worked, script);
      }
      tally.same("calls that were not made", 0, script.left);
      tally.same("released", value.get("released").int(), total);
    }
  },
};

class Script implements ScavengerStubs {
  readonly #calls: Value[];
  readonly #procs: number;
  readonly #tally: Tally;

  constructor(value: Value, tally: Tally) {
    this.#calls = value.get("calls").list();
    this.#procs = value.get("procs").int(1);
    this.#tally = tally;
  }

  get left(): number {
    return this.#calls.length;
  }

  /** The next call, compared with the one that is made. Without one there is nothing to give. */
  #next(name: string, asked: number): Value[] | undefined {
    const next = this.#calls.shift();
    const kind = next?.list()[0]?.text() ?? "none";
    this.#tally.operation();
    this.#tally.same("call", kind, name);
    if (next === undefined || kind !== name) return undefined;
    const call = next.list(name === "scavenge" ? 4 : 3);
    this.#tally.same("asked", Number(call[1].bigint()), asked);
    return call;
  }

  scavenge = (bytes: number): readonly [released: number, ns: number] => {
    const call = this.#next("scavenge", bytes);
    return call === undefined ? [0, 0] : [call[2].int(), Number(call[3].bigint())];
  };

  sleep = (ns: number): number => {
    const call = this.#next("sleep", ns);
    return call === undefined ? ns : Number(call[2].bigint());
  };

  shouldStop = (): boolean => !this.#calls.some((call) => call.list()[0]?.raw === "scavenge");

  gomaxprocs = (): number => this.#procs;
}
