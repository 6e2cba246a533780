/** A thread of the span set's stress test: pushes its own numbers and counts what it pops. */
import { workerData } from "node:worker_threads";
import { Memory } from "../../engine/memory/memory.ts";
import { allp } from "../../engine/records/globals.ts";
import { spanSetPop, spanSetPush } from "../../engine/runtime/mspanset.ts";

const { shared, results, set, thread, count, windowBytes } = workerData;
const m = new Memory({ windowBytes, buffer: shared });
m.p = allp(m, thread);
const seen = new Int32Array(results);
const total = 4 * count;

function pop(): void {
  const s = spanSetPop(m, set);
  if (s === 0) return;
  Atomics.add(seen, s, 1);
  Atomics.add(seen, 0, 1);
}

for (let i = 0; i < count; i++) {
  spanSetPush(m, set, thread * count + i + 1);
  if (i % 3 !== 0) pop();
}
while (Atomics.load(seen, 0) < total) pop();
