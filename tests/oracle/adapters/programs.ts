/**
 * `programs`: small Go programs, ported in tests/oracle/programs. First what one call requests of the allocator, request
 * by request; then what a second call changes in MemStats.
 *
 * Between the two calls nothing of the first lives, as in the recording: so the second finds used spans and memory that
 * needs clearing. What a collection frees while the result is held (`afterGCLive`), when it is dropped
 * (`afterGCDropped`), and their sum (`net`) need a collector that finds out who lives: they are not replayed.
 */
import { DATA_BYTES, DEFAULT_WINDOW_BYTES, MAX_WINDOW_BYTES, Memory } from "../../../engine/memory/memory.ts";
import { rodataBytes } from "../../../engine/process/descriptors.ts";
import type { Type } from "../../../engine/records/type.ts";
import * as abi from "../../../engine/records/type.ts";
import { gcBeginCycle, gcEndMarking, sweepAll } from "../../../engine/runtime/mgc.ts";
import { type MemStats, readmemstats } from "../../../engine/runtime/mstats.ts";
import { schedinit } from "../../../engine/runtime/proc.ts";
import { Ev } from "../../../engine/runtime/trace.ts";
import { hasPointers } from "../../../engine/runtime/type.ts";
import { programs as ported } from "../programs/index.ts";
import { Process, type Program } from "../programs/lib.ts";
import { Value } from "../shape.ts";
import type { Tally } from "../tally.ts";
import type { Adapter } from "./adapter.ts";

/** Parts of a case that need a collector. */
const collected = ["afterGCLive", "afterGCDropped", "net"] as const;

export const programs: Adapter = {
  phases: ["trace", "run", ...collected, "unknown"],
  replay(recording, tally) {
    for (const line of recording.lines) {
      const value = new Value(recording, line);
      const name = value.get("program").text();
      const program = ported.get(name);
      tally.begin(recording.file, line.line, "trace");
      if (program === undefined || program.source.trim() !== value.get("source").text().trim()) {
        tally.leaveOut(name);
        continue;
      }
      compare(value, call(program, value.get("n").int()), tally);
    }
  },
};

/** One request: size, 1 if it is to be scanned, name of the type or nothing. */
type Request = readonly [size: number, scan: number, type: string];

interface Outcome {
  readonly trace: readonly Request[];
  readonly run: Readonly<Record<string, unknown>>;
}

function compare(value: Value, got: Outcome, tally: Tally): void {
  tally.same("traceTotal", value.get("traceTotal").int(), got.trace.length);
  // A trace that was too long to keep is absent; one of no request is null or absent.
  const rows = value.has("trace") ? value.get("trace").list() : [];
  for (const [i, row] of rows.entries()) {
    tally.operation();
    tally.same("request", row.raw, got.trace[i]);
  }
  tally.phase("run");
  tally.operation();
  const run = value.get("run");
  for (const [field, v] of Object.entries(got.run)) tally.same(field, run.get(field).raw, v);
  for (const phase of collected) {
    tally.phase(phase);
    tally.operation();
    tally.same("what a collection frees", value.get(phase).raw, "not replayed");
  }
}

/** Calls the program twice. A result that does not fit the usual window gets the largest. */
function call(program: Program, n: number): Outcome {
  try {
    return callIn(program, n, DEFAULT_WINDOW_BYTES);
  } catch (e) {
    if (!(e instanceof Error) || !e.message.startsWith("out of memory")) throw e;
    return callIn(program, n, MAX_WINDOW_BYTES);
  }
}

function callIn(program: Program, n: number, windowBytes: number): Outcome {
  const m = new Memory({ windowBytes, check: "local" });
  schedinit(m, { procs: 1 });
  const p = new Process(m);
  const trace: Request[] = [];
  m.trace = {
    event(kind, size, typ) {
      if (kind === Ev.mallocgc) trace.push([size, hasPointers(m, typ) ? 1 : 0, nameOf(m, typ)]);
    },
  };
  program.run(p, n);
  m.trace = null;

  gcBeginCycle(m);
  gcEndMarking(m);
  sweepAll(m);
  const before = readmemstats(m);
  program.run(p, n);
  return { trace, run: change(before, readmemstats(m)) };
}

/** The name in a descriptor; none for raw bytes. */
function nameOf(m: Memory, typ: Type): string {
  if (typ === 0) return "";
  let at = m.data + DATA_BYTES - rodataBytes + abi.str(m, typ) + 1;
  let length = 0;
  for (let shift = 0; ; shift += 7) {
    const b = m.u8[at++];
    length |= (b & 0x7f) << shift;
    if (b < 0x80) break;
  }
  return new TextDecoder().decode(m.u8.slice(at, at + length));
}

/** What changed between two readings, in the recording's words. */
function change(a: MemStats, b: MemStats): Record<string, unknown> {
  const bySize = b.BySize.map(({ Size, Mallocs, Frees }, i) => {
    return [Size, Mallocs - a.BySize[i].Mallocs, Frees - a.BySize[i].Frees];
  }).filter(([, mallocs, frees]) => mallocs !== 0 || frees !== 0);
  return {
    mallocs: b.Mallocs - a.Mallocs,
    frees: b.Frees - a.Frees,
    totalAlloc: b.TotalAlloc - a.TotalAlloc,
    heapAlloc: b.HeapAlloc - a.HeapAlloc,
    heapObjects: b.HeapObjects - a.HeapObjects,
    numGC: b.NumGC - a.NumGC,
    bySize: bySize.length === 0 ? null : bySize,
  };
}
