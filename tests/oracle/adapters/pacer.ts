/** `pacer`: goal, trigger, assist ratio and cons/mark over cycles; and the counter of idle workers. */
import type { Memory } from "../../../engine/memory/memory.ts";
import * as gcc from "../../../engine/records/gcController.ts";
import {
  commit,
  gcControllerSetGCPercent,
  gcControllerSetMemoryLimit,
  memoryLimitHeapGoal,
} from "../../../engine/runtime/mgcpacer.ts";
import {
  addIdleMarkWorker,
  maxIdleMarkWorkers,
  needIdleMarkWorker,
  removeIdleMarkWorker,
  setMaxIdleMarkWorkers,
} from "../../../engine/runtime/mgcpacer_workers.ts";
import { decimal, fromBigint, GCController } from "../../engine/pacer.ts";
import { Value } from "../shape.ts";
import type { Tally } from "../tally.ts";
import type { Adapter } from "./adapter.ts";
import { bareMemory } from "./pages.ts";

export const pacer: Adapter = {
  phases: ["ops", "idleWorkers"],
  replay(recording, tally) {
    const m = bareMemory();
    for (const line of recording.lines) {
      const value = new Value(recording, line);
      const isIdle = "idleWorkers" in line.value;
      tally.begin(recording.file, line.line, isIdle ? "idleWorkers" : "ops");
      const ops = value.get("ops").list();
      if (isIdle) {
        replayIdle(m, ops, tally);
        continue;
      }
      const [first] = ops;
      if (first?.get("op").text() !== "new") value.get("ops").fail('the first operation must be "new"');
      const c = new GCController(
        first.get("gcPercent").int(-(2 ** 31)),
        fromBigint(first.get("memoryLimit").bigint()),
        m,
      );
      for (const op of ops) {
        tally.operation();
        perform(c, op);
        compare(c, op.get("state"), tally);
      }
    }
  },
};

function perform(controller: GCController, op: Value): void {
  const { m, c } = controller;
  const whole = (name: string) => Number(op.get(name).bigint());
  switch (op.get("op").text()) {
    case "new":
      break;
    case "setMem":
      gcc.setMappedReady(m, c, whole("mappedReady"));
      gcc.setHeapFree(m, c, whole("heapFree"));
      gcc.setTotalAlloc(m, c, whole("totalAlloc"));
      gcc.setTotalFree(m, c, whole("totalFree"));
      break;
    case "setGCPercent":
      gcControllerSetGCPercent(m, op.get("percent").int(-(2 ** 31)));
      commit(m, op.get("commitSweepDone").flag());
      break;
    case "setMemoryLimit":
      gcControllerSetMemoryLimit(m, fromBigint(op.get("limit").bigint()));
      commit(m, op.get("commitSweepDone").flag());
      break;
    case "commit":
      commit(m, op.get("sweepDone").flag());
      break;
    case "startCycle":
      controller.startCycle(
        whole("stackSize"),
        whole("globalsSize"),
        op.get("scannableFrac").float(),
        op.get("gomaxprocs").int(1),
      );
      break;
    case "revise":
      controller.revise({
        heapLive: whole("heapLive"),
        heapScan: whole("heapScan"),
        heapScanWork: whole("heapScanWork"),
        stackScanWork: whole("stackScanWork"),
        globalsScanWork: whole("globalsScanWork"),
      });
      break;
    case "endCycle":
      gcc.setIdleMarkTime(m, c, whole("idleMarkTime"));
      controller.endCycle(whole("bytesMarked"), whole("assistTime"), whole("elapsed"), op.get("gomaxprocs").int(1));
      break;
    case "alloc":
      gcc.addHeapLive(m, c, whole("heapLive"));
      gcc.addHeapScan(m, c, whole("heapScan"));
      break;
    default:
      op.fail("it is no operation of this kind");
  }
}

function compare(controller: GCController, state: Value, tally: Tally): void {
  const { m, c } = controller;
  const integers = {
    trigger: controller.trigger,
    heapGoal: controller.heapGoal,
    minTrigger: controller.minTrigger,
    goalInternal: controller.heapGoal,
    heapLive: gcc.heapLive(m, c),
    heapMarked: gcc.heapMarked(m, c),
    heapScan: gcc.heapScan(m, c),
    lastHeapScan: gcc.lastHeapScan(m, c),
    lastStackScan: gcc.lastStackScan(m, c),
    triggered: gcc.triggered64(m, c),
    runway: gcc.runway64(m, c),
    percentGoal: gcc.gcPercentHeapGoal64(m, c),
    limitGoal: memoryLimitHeapGoal(m),
    sweepDistMinTrigger: gcc.sweepDistMinTrigger(m, c),
    heapMinimum: gcc.heapMinimum64(m, c),
  };
  for (const [name, got] of Object.entries(integers)) tally.same(name, state.get(name).text(), decimal(got));
  const floats = {
    consMark: gcc.consMark(m, c),
    assistWorkPerByte: gcc.assistWorkPerByte(m, c),
    assistBytesPerWork: gcc.assistBytesPerWork(m, c),
    fractional: gcc.fractionalUtilizationGoal(m, c),
  };
  for (const [name, got] of Object.entries(floats)) tally.same(name, state.get(name).float(), got);
  tally.same("dedicated", state.get("dedicated").int(), gcc.dedicatedMarkWorkersNeeded(m, c));
  tally.same("idleMax", state.get("idleMax").int(), maxIdleMarkWorkers(m));
  tally.same("gcPercent", state.get("gcPercent").int(-1), gcc.gcPercent(m, c));
}

/**
 * The file does not say how many idle workers there may be at first (`idleWorkers` numbers the cases): it is the number
 * that gives the recorded answers; with none that does, 0 shows where they differ.
 */
function replayIdle(m: Memory, ops: readonly Value[], tally: Tally): void {
  let first = ops.length;
  while (first > 0 && !idleAnswers(m, first, ops).every((got, i) => got === null || got === ops[i].list()[1].flag())) {
    first--;
  }
  for (const [i, got] of idleAnswers(m, first, ops).entries()) {
    tally.operation();
    if (got !== null) tally.same(ops[i].list()[0].text(), ops[i].list()[1].flag(), got);
  }
}

/** What each operation answers, null for those that answer nothing. */
function idleAnswers(m: Memory, first: number, ops: readonly Value[]): (boolean | null)[] {
  new GCController(100, gcc.noMemoryLimit, m);
  setMaxIdleMarkWorkers(m, first);
  let added = 0; // a wrong first number would let more workers go than came
  return ops.map((op) => {
    const [name, value] = op.list();
    switch (name.text()) {
      case "add": {
        const isAdded = addIdleMarkWorker(m);
        if (isAdded) added++;
        return isAdded;
      }
      case "need":
        return needIdleMarkWorker(m);
      case "remove":
        if (added > 0) removeIdleMarkWorker(m);
        added = Math.max(0, added - 1);
        return null;
      case "setMax":
        setMaxIdleMarkWorkers(m, value.int());
        return null;
      default:
        return op.fail("it is no operation of this kind");
    }
  });
}
