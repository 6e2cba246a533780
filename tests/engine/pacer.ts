/** A pacer alone, driven as Go's own tests drive it (runtime/export_test.go: GCController). */
import { addU, floatU, hi64, type Int64, lessU, lo64, subU, type Uint64, uint64 } from "../../engine/memory/int64.ts";
import type { Memory } from "../../engine/memory/memory.ts";
import * as gcc from "../../engine/records/gcController.ts";
import { gcController } from "../../engine/records/globals.ts";
import * as pacer from "../../engine/runtime/mgcpacer.ts";
import { bareMemory } from "../oracle/adapters/pages.ts";

export interface ReviseDelta {
  readonly heapLive: number;
  readonly heapScan: number;
  readonly heapScanWork: number;
  readonly stackScanWork: number;
  readonly globalsScanWork: number;
}

export class GCController {
  readonly m: Memory;
  readonly c: ReturnType<typeof gcController>;

  /** @param m a memory in which nothing else is looked at; its pacer begins anew */
  constructor(gcPercent: number, memoryLimit: Int64, m: Memory = bareMemory()) {
    this.m = m;
    this.c = gcController(m);
    m.u8.fill(0, this.c, this.c + gcc.layout.size);
    pacer.gcControllerInit(m, gcPercent, memoryLimit);
  }

  startCycle(stackSize: number, globalsSize: number, scannableFrac: number, procs: number): void {
    const { m, c } = this;
    const marked = gcc.heapMarked(m, c);
    const trigger = pacer.trigger(m);
    const live = lessU(trigger, marked) ? marked : trigger;
    gcc.setMaxStackScan(m, c, stackSize);
    gcc.setGlobalsScan(m, c, globalsSize);
    gcc.setHeapLive(m, c, floatU(live));
    gcc.addHeapScan(m, c, Math.trunc(floatU(subU(live, marked)) * scannableFrac));
    pacer.startCycle(m, 0, procs, gcc.gcTriggerHeap);
  }

  revise(d: ReviseDelta): void {
    const { m, c } = this;
    gcc.addHeapLive(m, c, d.heapLive);
    gcc.addHeapScan(m, c, d.heapScan);
    gcc.addHeapScanWork(m, c, d.heapScanWork);
    gcc.addStackScanWork(m, c, d.stackScanWork);
    gcc.addGlobalsScanWork(m, c, d.globalsScanWork);
    pacer.revise(m);
  }

  endCycle(bytesMarked: number, assistTime: number, elapsed: number, procs: number): void {
    const { m, c } = this;
    gcc.setAssistTime(m, c, assistTime);
    pacer.endCycle(m, elapsed, procs);
    pacer.resetLive(m, bytesMarked);
    pacer.commit(m, false);
  }

  get trigger(): Uint64 {
    return pacer.trigger(this.m);
  }

  get heapGoal(): Uint64 {
    return pacer.heapGoalInternal(this.m);
  }

  /** The trigger's lower bound that comes with the goal. */
  get minTrigger(): Uint64 {
    pacer.heapGoalInternal(this.m);
    return uint64(this.m.ret[1], this.m.ret[0]);
  }

  get assistWorkPerByte(): number {
    return gcc.assistWorkPerByte(this.m, this.c);
  }

  get heapLive(): number {
    return gcc.heapLive(this.m, this.c);
  }

  get heapMarked(): number {
    return gcc.heapMarked(this.m, this.c);
  }
}

/** A uint64 in digits. */
export function decimal(x: Uint64): string {
  return String((BigInt(hi64(x)) << 32n) | BigInt(lo64(x)));
}

/** An integer of 64 bits as the engine holds it. */
export function fromBigint(v: bigint): Uint64 {
  const bits = BigInt.asUintN(64, v);
  return addU(uint64(Number(bits >> 32n), 0), uint64(0, Number(bits & 0xffffffffn)));
}
