/**
 * Process: what a cell works with. A simulated Go process, seen from one of its Ps.
 *
 * Each method puts the thread on its P, calls the runtime, and, in a heap made with check "step", has every invariant
 * of the whole heap verified. Figures come back as plain numbers and text, fit for a table.
 *
 * What only looks at a process is in looking.ts.
 */

import { CellError } from "../memory/errors.ts";
import { DEFAULT_WINDOW_BYTES, Memory, NIL } from "../memory/memory.ts";
import { Offheap } from "../offheap/index.ts";
import * as gcc from "../records/gcController.ts";
import { allp, gomaxprocs, maxProcs, mheap_, zerobase } from "../records/globals.ts";
import * as mheap from "../records/mheap.ts";
import * as mspan from "../records/mspan.ts";
import { mallocgc } from "../runtime/malloc.ts";
import { type HeapOptions, heapBaseFor } from "../runtime/mallocinit.ts";
import { gcBeginCycle, gcEndMarking, sweepAll } from "../runtime/mgc.ts";
import { markObject } from "../runtime/mgcmark.ts";
import { setMemoryLimit } from "../runtime/mgcpacer.ts";
import { scavengeAll } from "../runtime/mgcscavenge.ts";
import { isSweepDone, sweepone } from "../runtime/mgcsweep.ts";
import { spanOf } from "../runtime/mheap.ts";
import { type MemProfileRecord, memProfileRecords, setMemProfileRate } from "../runtime/mprof.ts";
import { freedSoFar, type MemStats, type Metrics, readMetrics, readmemstats } from "../runtime/mstats.ts";
import { schedinit } from "../runtime/proc.ts";
import { growslice, makeslice } from "../runtime/slice.ts";
import { nanotime, timeSleep } from "../runtime/time.ts";
import { G } from "./goroutine.ts";
import { checkProc, Looking, use } from "./looking.ts";
import { makeRef, type Ref } from "./ref.ts";
import type { BootOptions, SweepOptions, Swept } from "./rows.ts";
import type { BarrierHalves } from "./stores.ts";
import { array, GoType, Kind } from "./types.ts";
import { declareGlobals, type Variables } from "./variables.ts";
import { type OsView, osView, type ScavengerView, scavengerView } from "./views.ts";
import { type PathName, World } from "./world.ts";

/**
 * A fresh Go process with an empty heap. The same options give the same addresses, every time and everywhere.
 * @zh 一个全新的 Go 进程，堆是空的。同样的选项在任何时候、任何机器上都给出同样的地址。
 * @throws {CellError} `cell/option`
 * @example const go = boot({ procs: 2 });
 */
export function boot(options: BootOptions = {}): Process {
  const procs = options.procs ?? 1;
  if (!Number.isInteger(procs) || procs < 1 || procs > maxProcs) {
    throw new CellError("cell/option", `procs is ${procs}: use an integer from 1 to ${maxProcs}`, {
      option: "procs",
      value: procs,
    });
  }
  const memoryLimit = options.memoryLimit;
  if (memoryLimit !== undefined) checkLimit(memoryLimit);
  const [seedHi, seedLo] = seedBits(options.seed ?? 1);
  const heap: HeapOptions = {
    procs,
    base: options.base ?? "fixed",
    seedHi,
    seedLo,
    greentea: options.greentea ?? true,
    ...(memoryLimit === undefined ? {} : { memoryLimit }),
  };
  const m = new Memory({
    windowBytes: options.windowBytes ?? DEFAULT_WINDOW_BYTES,
    heapBase: heapBaseFor(heap),
    check: options.check ?? "none",
  });
  schedinit(m, heap);
  return new Process(new World(m, barrierOf(options)), 0);
}

function checkLimit(memoryLimit: number): void {
  if (memoryLimit >= 0 && (Number.isSafeInteger(memoryLimit) || memoryLimit === Number.POSITIVE_INFINITY)) return;
  throw new CellError("cell/option", `memoryLimit is ${memoryLimit}: use a number of bytes, or Infinity for none`, {
    option: "memoryLimit",
    value: memoryLimit,
  });
}

function barrierOf({ writeBarrier = "both" }: BootOptions): BarrierHalves {
  if ((["both", "deletion", "insertion", "none"] as unknown[]).includes(writeBarrier)) return writeBarrier;
  const what = `writeBarrier is ${writeBarrier}: use "both", "deletion", "insertion" or "none"`;
  throw new CellError("cell/option", what, { option: "writeBarrier", value: String(writeBarrier) });
}

/** 64 well mixed bits from a small number (splitmix, 32 bits at a time). */
function seedBits(seed: number): [hi: number, lo: number] {
  if (!Number.isInteger(seed)) {
    throw new CellError("cell/option", `seed is ${seed}: use an integer`, { option: "seed", value: seed });
  }
  return [mix32(seed), mix32(seed + 0x9e3779b9)];
}

function mix32(x: number): number {
  let z = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return z ^ (z >>> 16);
}

/**
 * A simulated Go process, seen from one of its Ps.
 * @zh 一个模拟的 Go 进程，从它的某个 P 看过去。
 */
export class Process extends Looking {
  readonly #world: World;
  readonly #p: number;

  /** Use `boot`. */
  constructor(world: World, p: number) {
    super(world, p);
    this.#world = world;
    this.#p = p;
    this.new = this.new.bind(this); // it is handed to `map` and the like
  }

  /** The memory, after the thread was put on this P. */
  get #m(): Memory {
    const m = this.#world.m;
    this.#world.checkUnwatched();
    m.p = allp(m, this.#p);
    return m;
  }

  /**
   * Memory that the program manages by hand: the collector neither frees it nor looks into it.
   * @zh 程序自己管理的内存：回收器不释放它，也不看它的内容。
   */
  get offheap(): Offheap {
    return new Offheap(this.#m);
  }

  // Allocating.

  /**
   * `new(T)`: memory for one value, cleared.
   * @zh `new(T)`：为一个值分配内存，已清零。
   * @example const node = go.new(Node);
   */
  new(type: GoType): Ref {
    const m = this.#m;
    const off = mallocgc(m, type.size, this.#world.descriptor(type), true);
    return this.#made(off, type.size, type, type.length);
  }

  /**
   * `make([]T, len, cap)`: memory for cap elements, cleared. The handle is that of the slice's array.
   * @zh `make([]T, len, cap)`：为 cap 个元素分配内存，已清零。得到的是底层数组的句柄。
   * @throws {Panic} when len or cap is out of range, in Go's words
   */
  make(type: GoType, len: number, cap = len): Ref {
    const m = this.#m;
    checkInteger("len", len);
    checkInteger("cap", cap);
    const off = makeslice(m, this.#world.descriptor(type), len, cap);
    return this.#made(off, type.size * cap, array(cap, type), len);
  }

  /**
   * `append(slice, values...)`. The slice is what `make` or `append` returned, or a type T for a nil `[]T`. While there
   * is room, the handle itself comes back, longer; else that of a new and larger array, and the old one is garbage.
   * @zh `append(slice, values...)`。slice 是 `make` 或 `append` 的结果；给一个类型 T 表示 nil 的 `[]T`。还有容量时返回同一个
   * 句柄，长度变大；否则返回一个更大的新数组的句柄，旧数组成为垃圾。
   * @example let s = go.append(int64, 1, 2); s = go.append(s, 3);
   */
  append(slice: Ref | GoType, ...values: unknown[]): Ref {
    if (slice instanceof GoType) return this.#appended(NIL, slice, 0, 0, values);
    const { object, off } = use(this.#world, slice);
    const elem = object.type?.kind === Kind.Array && off === object.off ? object.type.elem : null;
    if (elem === null) {
      throw new CellError("cell/type", "append needs a slice: what make or append returned, or a type for nil", {
        type: "[]T",
        given: object.type?.name ?? "bytes",
      });
    }
    if (object.len + values.length <= object.type!.length) {
      const first = object.len;
      object.len += values.length;
      for (const [i, v] of values.entries()) slice.set(first + i, v);
      return slice;
    }
    return this.#appended(off, elem, object.len, object.type!.length, values);
  }

  #appended(old: number, elem: GoType, len: number, cap: number, values: readonly unknown[]): Ref {
    const m = this.#m;
    const newLen = len + values.length;
    const off = growslice(m, old, newLen, cap, values.length, this.#world.descriptor(elem));
    const newCap = m.ret[0];
    const ref = this.#made(off, elem.size * newCap, array(newCap, elem), newLen);
    for (const [i, v] of values.entries()) ref.set(len + i, v);
    return ref;
  }

  /**
   * The runtime's own `mallocgc(size, typ, needzero)`. Without a type: bytes without pointers.
   * @zh 运行时自己的 `mallocgc(size, typ, needzero)`。不给类型就是不含指针的字节。
   * @param size bytes; with a type, a multiple of its size
   * @param needzero false: the memory keeps what lies there; only for memory without pointers
   */
  malloc(size: number, type: GoType | null = null, needzero = true): Ref {
    const m = this.#m;
    checkInteger("size", size);
    if (size < 0 || (type !== null && (type.size === 0 || size % type.size !== 0))) {
      const unit = type === null ? "from 0 on" : `that is a multiple of ${type.name}'s ${type.size}`;
      throw new CellError("cell/size", `size is ${size}: use a number of bytes ${unit}`, {
        size,
        name: type?.name ?? "",
      });
    }
    const off = mallocgc(m, size, type === null ? 0 : this.#world.descriptor(type), needzero);
    const count = type === null ? size : size / type.size;
    return this.#made(off, size, type === null ? null : array(count, type), count);
  }

  #made(off: number, size: number, type: GoType | null, len: number): Ref {
    const path = pathOf(this.#world.m, off, size, type);
    const object = this.#world.add({ off, size, type, len, path, p: this.#p, deadSince: -1, isFreed: false });
    this.#world.afterOperation();
    return makeRef(this.#world, object);
  }

  // Sweeping.

  /**
   * A whole cycle: what is not named in `live` is garbage, and every span is swept. Nothing is traced: an object that
   * only another one points to must be named as well.
   * @zh 完整的一轮：没有列在 `live` 里的都是垃圾，所有 span 都会被清扫。这里不做追踪：只被别的对象指着的对象也要列出来。
   */
  sweep(options: SweepOptions = {}): Swept {
    const m = this.#m;
    const before = freedSoFar(m);
    const spans = this.#begin(options);
    sweepAll(m);
    const after = freedSoFar(m);
    this.#world.forgetFreed();
    this.#world.afterOperation();
    return {
      freedObjects: after.objects - before.objects,
      freedBytes: after.bytes - before.bytes,
      freedSpans: spans - this.#spansInUse(),
    };
  }

  /**
   * Begins a sweep and leaves the sweeping to allocations and to `sweepone`.
   * @zh 开始一次清扫，但把清扫工作留给之后的分配和 `sweepone`。
   */
  startSweep(options: SweepOptions = {}): void {
    this.#begin(options);
    this.#world.afterOperation();
  }

  /** Marks what lives and starts the sweep phase. Returns the spans in use before. */
  #begin(options: SweepOptions): number {
    const m = this.#m;
    const live = [...(options.live ?? [])].map((ref) => use(this.#world, ref));
    gcBeginCycle(m);
    const spans = this.#spansInUse();
    for (const { object } of live) if (object.path !== "zero") markObject(m, object.off);
    this.#world.condemn();
    gcEndMarking(m);
    return spans;
  }

  #spansInUse(): number {
    const m = this.#world.m;
    const h = mheap_(m);
    const list = (mheap.allspans(m, h) as number) >> 2;
    let n = 0;
    for (let i = 0; i < mheap.allspansLen(m, h); i++) {
      if (mspan.state(m, m.i32[list + 2 * i]) === mspan.mSpanInUse) n++;
    }
    return n;
  }

  /**
   * Sweeps one span. Returns the pages that this freed, or -1 when nothing was left to sweep.
   * @zh 清扫一个 span。返回由此释放的页数；没有可清扫的 span 时返回 -1。
   */
  sweepone(): number {
    const pages = sweepone(this.#m);
    this.#world.afterOperation();
    return pages;
  }

  /**
   * True when every span of this cycle has been swept.
   * @zh 本轮的所有 span 都清扫完时为真。
   */
  get isSweepDone(): boolean {
    return isSweepDone(this.#m);
  }

  // Giving memory back.

  /**
   * debug.FreeOSMemory: a whole cycle, then every free page goes back to the operating system. Without `live` every
   * object that was not freed lives on.
   * @zh debug.FreeOSMemory：先做一个完整的周期，再把所有空闲页还给操作系统。不给 `live` 时，所有还没释放的对象都继续存活。
   * @returns bytes given back by the second part
   */
  freeOSMemory(options: SweepOptions = {}): number {
    const m = this.#m;
    if (options.live === undefined) this.#keepAll();
    else this.sweep(options);
    const released = scavengeAll(m);
    this.#world.afterOperation();
    return released;
  }

  /** A cycle in which every object lives. */
  #keepAll(): void {
    const m = this.#m;
    gcBeginCycle(m);
    this.#world.forgetFreed();
    for (const object of this.#world.objects.values()) markObject(m, object.off);
    gcEndMarking(m);
    sweepAll(m);
  }

  /**
   * Lets time pass on the process's own clock; the background scavenger works meanwhile.
   * @zh 让进程自己的时钟走过一段时间；其间后台的内存归还器照常工作。
   * @param ms milliseconds
   */
  sleep(ms: number): void {
    if (!(ms >= 0) || ms > 1e12) {
      const what = `${ms} is no time to sleep: use milliseconds from 0 to 1e12`;
      throw new CellError("cell/option", what, { option: "ms", value: ms });
    }
    timeSleep(this.#m, Math.round(ms * 1e6));
    this.#world.afterOperation();
  }

  /**
   * Nanoseconds on the process's own clock. Only sleeping and giving memory back take time.
   * @zh 进程自己的时钟，单位是纳秒。只有睡眠和归还内存会花时间。
   */
  get nanotime(): number {
    return nanotime(this.#world.m);
  }

  /**
   * The process as the operating system sees it. Takes time in proportion to the memory.
   * @zh 操作系统眼中的这个进程。所花时间与内存大小成正比。
   */
  os(): OsView {
    return osView(this.#world.m);
  }

  /**
   * What the scavenger is after, and what it has done.
   * @zh 内存归还器的目标和成果。
   */
  scavenger(): ScavengerView {
    return scavengerView(this.#world.m);
  }

  /**
   * debug.SetMemoryLimit: Infinity for none, a negative number only to ask.
   * @zh debug.SetMemoryLimit：Infinity 表示没有限制，负数只是查询。
   * @returns the limit before
   */
  setMemoryLimit(bytes: number): number {
    if (!(bytes < 0)) checkLimit(bytes);
    const before = setMemoryLimit(this.#m, Math.min(bytes, gcc.noMemoryLimit));
    return before >= gcc.noMemoryLimit ? Number.POSITIVE_INFINITY : before;
  }

  // Ps and goroutines.

  /**
   * How many Ps there are: GOMAXPROCS.
   * @zh 有多少个 P，即 GOMAXPROCS。
   */
  get procs(): number {
    return gomaxprocs(this.#world.m);
  }

  /**
   * The same process, seen from P number `p`.
   * @zh 同一个进程，从编号为 `p` 的 P 看过去。
   */
  on(p: number): Process {
    checkProc(this.#world.m, p);
    return new Process(this.#world, p);
  }

  /**
   * A goroutine that runs on this P until it moves. It is a name for what allocates, not a thread; with its first
   * `locals` it gets a stack.
   * @zh 一个在当前 P 上运行、可以换 P 的 goroutine。它只是“谁在分配”的名字，不是线程；第一次用 `locals` 时它才有栈。
   */
  goroutine(name: string): G {
    return new G(name, this, this.#p, this.#world);
  }

  /**
   * Declares global variables. What they point to lives.
   * @zh 声明全局变量。它们指向的对象是存活的。
   * @example const vars = go.globals({ root: pointer(Node) }); vars.root = go.new(Node);
   */
  globals(fields: Readonly<Record<string, GoType>>): Variables {
    return declareGlobals(this.#world, fields);
  }

  // Figures.

  /**
   * runtime.ReadMemStats: stops the world and flushes every mcache, so it sees every object and changes what comes next.
   * @zh runtime.ReadMemStats：先 STW（停止世界），再 flush 所有 mcache，因此能看到每个对象，也会影响之后的分配。
   */
  memstats(): MemStats {
    const stats = readmemstats(this.#m);
    this.#world.afterOperation();
    return stats;
  }

  /**
   * runtime/metrics, under its names: nothing is stopped or flushed, so what mcaches hold is not counted yet.
   * @zh runtime/metrics，用它的名字：不 STW，也不 flush，因此 mcache 里的还没计入。
   */
  metrics(): Metrics {
    return readMetrics(this.#world.m);
  }

  /**
   * runtime.MemProfileRate: mean distance of heap samples in bytes; 0 (default): none, 1: every slot.
   * @zh runtime.MemProfileRate：堆采样的平均间隔（字节）；0（默认）不采样，1 采样每个槽位。
   */
  setMemProfileRate(rate: number): void {
    if (!Number.isInteger(rate) || rate < 0 || rate >= 2 ** 31) {
      throw new CellError("cell/size", `rate is ${rate}: use an integer from 0 on`, { what: "rate", size: rate });
    }
    setMemProfileRate(this.#m, rate);
  }

  /**
   * The heap profile up to the last finished cycle: what was sampled, by size, the newest first.
   * @zh 截至最近一个完成的周期的堆采样结果：按大小列出，最新的在前。
   */
  memProfile(): MemProfileRecord[] {
    return memProfileRecords(this.#world.m);
  }
}

function checkInteger(what: string, n: number): void {
  if (Number.isInteger(n)) return;
  throw new CellError("cell/size", `${what} is ${n}: use an integer`, { what, size: n });
}

/** Which way mallocgc took, told from where the object lies. */
function pathOf(m: Memory, off: number, size: number, type: GoType | null): PathName {
  if (off === zerobase(m)) return "zero";
  const spc = mspan.spanclass(m, spanOf(m, off));
  if (spc >> 1 === 0) return "large";
  if (type === null || !type.hasPointers) return size < 16 ? "tiny" : "small noscan";
  return mspan.elemsize(m, spanOf(m, off)) <= 512 ? "small scan" : "small scan, header";
}
