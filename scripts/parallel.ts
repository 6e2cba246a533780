/**
 * `npm run parallel`: ten million operations by four threads, each with a P, over one SharedArrayBuffer.
 *
 *   --operations=10000000 --procs=4 --slots=4096 --seed=1    how many, and what
 *   --faults=10    instead: how many of so many runs show each seeded fault
 *
 * Ends with an error when a figure is not exact, an invariant does not hold or an object lost its bytes.
 */
import { parseArgs } from "node:util";
import { attempt, raceFaults, rareFaults, runWhole } from "../tests/schedules/parallel/faulted.ts";

const { values } = parseArgs({
  options: {
    operations: { type: "string", default: "10000000" },
    procs: { type: "string", default: "4" },
    slots: { type: "string", default: "4096" },
    seed: { type: "string", default: "1" },
    faults: { type: "string" },
  },
});

function number(name: keyof typeof values, least: number): number {
  const n = Number(values[name]);
  if (Number.isInteger(n) && n >= least) return n;
  console.error(`--${name}=${values[name]}: use a whole number from ${least} on`);
  process.exit(2);
}

if (values.faults === undefined) await runOnce();
else await countFaults(number("faults", 1));

async function runOnce(): Promise<void> {
  const options = {
    operations: number("operations", 1),
    procs: number("procs", 1),
    slots: number("slots", 1),
    seed: number("seed", 0),
  };
  const figures = await runWhole(options);
  const rate = Math.round(figures.operations / figures.seconds);
  const rows: readonly (readonly [what: string, n: number])[] = [
    ["operations (calls of mallocgc)", figures.operations],
    ["Ps, a thread each", figures.procs],
    ["seconds", Math.round(figures.seconds * 10) / 10],
    ["operations a second", rate],
    ["collections", figures.cycles],
    ["  with a census: every invariant, every figure", figures.censuses],
    ["stacks taken, many freed by another thread", figures.stacks],
    ["objects with a cleanup, all queued once", figures.cleanups],
    ["samples of the heap profile, all known dead", figures.samples],
    ["reads of runtime/metrics meanwhile", figures.metricsReads],
    ["pieces of the scavenger's work meanwhile", figures.scavenges],
    ["Mallocs (without objects of size 0)", figures.Mallocs],
    ["Frees, while the tables were full", figures.Frees],
    ["TotalAlloc", figures.TotalAlloc],
    ["HeapSys", figures.HeapSys],
  ];
  for (const [what, n] of rows) console.log(`${what.padEnd(50)} ${n.toLocaleString("en-US").padStart(16)}`);
  console.log("no slot was shared, every invariant holds, every figure is exact");
}

async function countFaults(runs: number): Promise<void> {
  for (const [fault, where] of [...raceFaults, ...rareFaults]) {
    let found = 0;
    let words = "";
    for (let seed = 1; seed <= runs; seed++) {
      const error = await attempt(fault, where, seed);
      if (error === null) continue;
      found++;
      words ||= error;
    }
    console.log(`${`${found} of ${runs}`.padStart(9)}  ${fault} (${where})${words === "" ? "" : `: ${words}`}`);
  }
}
