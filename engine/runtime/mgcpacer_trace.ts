/**
 * The pacer's lines of a trace: what it expects of a cycle, and what came of it.
 *
 * Go 1.26: runtime/mgcpacer.go (startCycle, endCycle), under GODEBUG=gcpacertrace=1.
 * Differs: a line is given to whoever began or ended the cycle, without its end of line; it is not written.
 */
import { asInt64, divU, subS } from "../memory/int64.ts";
import type { Memory } from "../memory/memory.ts";
import * as gcc from "../records/gcController.ts";
import { gcController } from "../records/globals.ts";
import { gcBackgroundUtilization, gcGoalUtilization, heapGoalInternal } from "./mgcpacer_goal.ts";
import { printfloat64, printint } from "./print.ts";

const mib = 1024 * 1024;

/** After startCycle. @param initialHeapLive heapLive when the cycle was begun. Go: work.initialHeapLive */
export function pacerTraceStart(m: Memory, initialHeapLive: number): string {
  const c = gcController(m);
  const scan = Math.floor(gcc.heapScan(m, c) / mib);
  const live = Math.floor(initialHeapLive / mib);
  const goal = printint(divU(heapGoalInternal(m), mib));
  const dedicated = gcc.dedicatedMarkWorkersNeeded(m, c);
  return (
    `pacer: assist ratio=${printfloat64(gcc.assistWorkPerByte(m, c))} (scan ${scan} MB in ${live}->${goal} MB) ` +
    `workers=${dedicated}+${printfloat64(gcc.fractionalUtilizationGoal(m, c))}`
  );
}

/**
 * After endCycle, before resetLive.
 *
 * @param now and procs: as endCycle was told
 * @param consMark as it was before endCycle
 * @returns null when endCycle could learn nothing from the cycle
 */
export function pacerTraceEnd(m: Memory, now: number, procs: number, consMark: number): string | null {
  const c = gcController(m);
  const live = gcc.heapLive(m, c);
  const triggered = gcc.triggered(m, c);
  if (live <= triggered) return null;
  const duration = now - gcc.markStartTime(m, c);
  const assists = duration > 0 ? gcc.assistTime(m, c) / (duration * procs) : 0;
  const percent = Math.trunc((gcBackgroundUtilization + assists) * 100);
  const work = [gcc.heapScanWork(m, c), gcc.stackScanWork(m, c), gcc.globalsScanWork(m, c)].join("+");
  const expected = gcc.lastHeapScan(m, c) + gcc.lastStackScan(m, c) + gcc.globalsScan(m, c);
  const beyond = printint(subS(live, asInt64(gcc.lastHeapGoal64(m, c))));
  return (
    `pacer: ${percent}% CPU (${gcGoalUtilization * 100} exp.) for ${work} B work (${expected} B exp.) ` +
    `in ${triggered} B -> ${live} B (∆goal ${beyond}, cons/mark ${printfloat64(consMark)})`
  );
}
