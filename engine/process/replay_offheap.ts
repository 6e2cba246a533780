/**
 * A trace beside the heap: the same allocations and frees (replay.ts has the format), handed to the jemalloc-style
 * allocator, for a page that compares the two.
 */
import { Memory } from "../memory/memory.ts";
import { osInit } from "../memory/os.ts";
import {
  type BinRow,
  type Block,
  type ExtentRow,
  Jemalloc,
  type JemallocFigures,
  type JemallocOptions,
} from "../offheap/index.ts";
import { badLine, checkOption, parseTrace } from "./replay.ts";

/**
 * How a trace is replayed off the heap.
 * @zh 如何在堆外重放一份 trace。
 */
export interface OffheapReplayOptions extends JemallocOptions {
  /**
   * Virtual milliseconds between two steps; default 0: nothing decays.
   * @zh 两步之间的虚拟毫秒数；默认 0：不会归还任何页。
   */
  readonly msPerStep?: number;
  /** Bytes of memory that can be addressed; default 128 MiB. @zh 可寻址的内存大小（字节），默认 128 MiB。 */
  readonly windowBytes?: number;
  /**
   * Points of the series; default 200.
   * @zh 曲线的点数，默认 200。
   */
  readonly points?: number;
}

/**
 * What such a replay found.
 * @zh 这种重放的结果。
 */
export interface OffheapReplay {
  /** Allocations. @zh 分配次数。 */
  readonly allocs: number;
  /** Objects freed. @zh 释放的对象数。 */
  readonly frees: number;
  /** Objects not freed at the end. @zh 结束时未释放的对象数。 */
  readonly liveObjects: number;
  /** Bytes asked for by them. @zh 这些对象申请的字节。 */
  readonly asked: number;
  /** The most bytes that were asked for at once. @zh 同一时刻申请的字节的最大值。 */
  readonly peakAsked: number;
  /** The most bytes that slabs and large blocks took up. @zh slab 和大块占用字节的最大值。 */
  readonly peakActive: number;
  /**
   * Where the bytes go at the end. active = asked + internal + cached + free.
   * @zh 结束时的字节去向。active = asked + internal + cached + free。
   */
  readonly waste: {
    /** Pages of slabs and large blocks. @zh slab 和大块占用的页。 */
    readonly active: number;
    /** Asked for by blocks that live. @zh 活着的块申请的字节。 */
    readonly asked: number;
    /** Rounding up to a class. @zh 向上取整到尺寸类多出的字节。 */
    readonly internal: number;
    /** Freed, and kept by thread caches. @zh 已释放、留在 tcache 里的字节。 */
    readonly cached: number;
    /** Free regions in slabs. @zh slab 里空闲的区域。 */
    readonly free: number;
  };
  /** How the allocator developed, step by step. @zh 分配器在各步之后的变化曲线。 */
  readonly series: {
    /** Line of the step that was done last. @zh 刚做完的那一步的行号。 */
    readonly line: number;
    /** Asked for by blocks that live. @zh 活着的块申请的字节。 */
    readonly asked: number;
    /** Pages of slabs and large blocks. @zh slab 和大块占用的页。 */
    readonly active: number;
    /** What may be in memory. @zh 可能驻留在内存里的字节。 */
    readonly resident: number;
  }[];
  /** The allocator’s figures at the end. @zh 结束时分配器的统计。 */
  readonly figures: JemallocFigures;
  /** Its small classes in use at the end. @zh 结束时在用的小尺寸类。 */
  readonly bins: BinRow[];
  /** All its runs of pages at the end. @zh 结束时的全部页段。 */
  readonly extents: ExtentRow[];
}

/**
 * Runs a trace through the jemalloc-style allocator: frees take effect at once, steps that ask for a collection do
 * nothing, and a step's P is the thread that allocates, and later frees, the object.
 * @zh 让同一份 trace 走一遍 jemalloc 式分配器：释放立即生效，要求回收的步骤不起作用，P 就是分配并释放对象的线程。
 *
 * @throws {CellError} `cell/trace` with the line's number; `offheap/option`, `offheap/out-of-memory`
 */
export function replayOffheap(trace: string | readonly object[], options: OffheapReplayOptions = {}): OffheapReplay {
  const points = options.points ?? 200;
  checkOption("points", points, 2, 100_000);
  const steps = parseTrace(trace);
  const m = new Memory(options.windowBytes === undefined ? {} : { windowBytes: options.windowBytes });
  osInit(m);
  const je = new Jemalloc(m, options);
  const threads = Array.from({ length: options.threads ?? 1 }, (_, i) => je.thread(i));
  const live = new Map<number | string, { block: Block; thread: Jemalloc }>();
  const series: OffheapReplay["series"] = [];
  const every = Math.max(1, Math.ceil(steps.length / points));
  let allocs = 0;
  let peakAsked = 0;
  let peakActive = 0;
  steps.forEach((s, i) => {
    if (s.kind === "alloc") {
      const thread = threads[s.p];
      if (thread === undefined)
        throw badLine(s.line, `there is no thread ${s.p}: replay with threads ${s.p + 1} or more`);
      live.set(s.id, { block: thread.malloc(s.size, s.site), thread });
      allocs++;
    } else if (s.kind === "free") {
      const { block, thread } = live.get(s.id)!;
      live.delete(s.id);
      thread.free(block);
    }
    if (options.msPerStep !== undefined) je.advance(options.msPerStep);
    const { requested, active, resident } = je.figures;
    peakAsked = Math.max(peakAsked, requested);
    peakActive = Math.max(peakActive, active);
    if ((i + 1) % every === 0 || i === steps.length - 1)
      series.push({ line: s.line, asked: requested, active, resident });
  });
  const figures = je.figures;
  const { active, requested, allocated, cached } = figures;
  return {
    allocs,
    frees: allocs - live.size,
    liveObjects: live.size,
    asked: requested,
    peakAsked,
    peakActive,
    waste: {
      active,
      asked: requested,
      internal: allocated - requested,
      cached,
      free: active - allocated - cached,
    },
    series,
    figures,
    bins: je.bins,
    extents: je.extents,
  };
}
