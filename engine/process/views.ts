/** The process's memory as rows for a table: what the operating system sees, and what the scavenger is doing. */
import type { Memory } from "../memory/memory.ts";
import { osFigures } from "../memory/os.ts";
import { noUint64 } from "../memory/u64.ts";
import * as gcc from "../records/gcController.ts";
import { gcController, mheap_, scavenge, scavenger } from "../records/globals.ts";
import * as scav from "../records/mgcscavenge.ts";
import * as mheap from "../records/mheap.ts";
import * as pageAlloc from "../records/mpagealloc.ts";
import { heapRetained } from "../runtime/mgcscavenge_pace.ts";

/**
 * The process as the operating system sees it, in bytes.
 * @zh 操作系统眼中的这个进程，单位是字节。
 */
export interface OsView {
  /**
   * All that has an address (VIRT in top). Go reserves much of it and never uses it.
   * @zh 有地址的全部内存（top 里的 VIRT）。其中很多 Go 只是预留，从不使用。
   */
  readonly virtual: number;
  /**
   * What may be touched.
   * @zh 可以触碰的内存。
   */
  readonly committed: number;
  /**
   * What takes up memory (RES in top): pages of 4 KiB that hold anything but zeroes.
   * @zh 真正占用的内存（top 里的 RES）：内容不全为零的 4 KiB 页。
   */
  readonly resident: number;
  /**
   * Heap that was given back, or never taken. Go: HeapReleased.
   * @zh 已经归还、或从未取用的堆内存。Go 里叫 HeapReleased。
   */
  readonly released: number;
  /**
   * Pages of 4 KiB of the heap that were put to use without memory behind them: each costs a page fault.
   * @zh 投入使用时背后还没有内存的堆页（4 KiB）：每一页要付一次缺页的代价。
   */
  readonly faults: number;
}

/**
 * What the scavenger is after, and what it has done. Bytes; null where there is no goal.
 * @zh 内存归还器的目标和成果。单位是字节；没有目标时为 null。
 */
export interface ScavengerView {
  /**
   * Heap to retain, by GOGC.
   * @zh 按 GOGC 应保留的堆内存。
   */
  readonly gcPercentGoal: number | null;
  /**
   * Memory to retain, by the memory limit.
   * @zh 按内存上限应保留的内存。
   */
  readonly memoryLimitGoal: number | null;
  /**
   * Heap that is backed by memory now; compared with gcPercentGoal.
   * @zh 现在背后有内存的堆；与 gcPercentGoal 比较。
   */
  readonly heapRetained: number;
  /**
   * All memory that is ready for use now; compared with memoryLimitGoal.
   * @zh 现在可用的全部内存；与 memoryLimitGoal 比较。
   */
  readonly mappedReady: number;
  /**
   * Given back in the background.
   * @zh 在后台归还的内存。
   */
  readonly releasedBg: number;
  /**
   * Given back by allocations.
   * @zh 在分配时归还的内存。
   */
  readonly releasedEager: number;
  /**
   * Time worked over time slept, as the controller has set it.
   * @zh 控制器定下的“工作时间除以睡眠时间”。
   */
  readonly sleepRatio: number;
  /**
   * True while it waits or sleeps.
   * @zh 正在等待或睡眠时为真。
   */
  readonly parked: boolean;
}

/** Takes time in proportion to the memory. */
export function osView(m: Memory): OsView {
  return { ...osFigures(m), released: gcc.heapReleased(m, gcController(m)) };
}

export function scavengerView(m: Memory): ScavengerView {
  const s = scavenger(m);
  const sums = pageAlloc.scav(mheap.pages(mheap_(m)));
  const goal = (bytes: number) => (bytes === noUint64 ? null : bytes);
  return {
    gcPercentGoal: goal(scav.gcPercentGoal(m, scavenge(m))),
    memoryLimitGoal: goal(scav.memoryLimitGoal(m, scavenge(m))),
    heapRetained: heapRetained(m),
    mappedReady: gcc.mappedReady(m, gcController(m)),
    releasedBg: scav.releasedBg(m, sums),
    releasedEager: scav.releasedEager(m, sums),
    sleepRatio: scav.sleepRatio(m, s),
    parked: scav.parked(m, s) !== 0,
  };
}
