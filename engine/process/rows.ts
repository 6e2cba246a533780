/** What the methods of a process take and give back, as plain data. */
import type { CheckMode } from "../memory/memory.ts";
import type { Ref } from "./ref.ts";
import type { BarrierHalves } from "./stores.ts";
import type { PathName } from "./world.ts";

/**
 * How a process is made.
 * @zh 如何建立一个进程。
 */
export interface BootOptions {
  /**
   * GOMAXPROCS, 1 to 256; default 1.
   * @zh GOMAXPROCS，1 到 256，默认 1。
   */
  readonly procs?: number;
  /**
   * Bytes of heap that can be addressed: a multiple of 64 MiB, at most 1 GiB; default 128 MiB.
   * @zh 可寻址的堆大小（字节）：64 MiB 的整数倍，最多 1 GiB，默认 128 MiB。
   */
  readonly windowBytes?: number;
  /**
   * "fixed" (default): the heap begins at 0xc000000000. "random": as programs built with Go 1.26, drawn from `seed`.
   * @zh "fixed"（默认）：堆从 0xc000000000 开始；"random"：像 Go 1.26 编译的程序那样，由 `seed` 决定。
   */
  readonly base?: "fixed" | "random";
  /**
   * Integer that a random base is drawn from; default 1.
   * @zh 随机堆基址所用的整数种子，默认 1。
   */
  readonly seed?: number;
  /**
   * false: as Go built with GOEXPERIMENT=nogreenteagc; default true.
   * @zh false：相当于用 GOEXPERIMENT=nogreenteagc 编译的 Go，默认 true。
   */
  readonly greentea?: boolean;
  /**
   * Bytes that the runtime shall keep its memory below, as GOMEMLIMIT; default: no limit.
   * @zh 运行时应把自己的内存保持在多少字节以下，相当于 GOMEMLIMIT；默认没有限制。
   */
  readonly memoryLimit?: number;
  /**
   * Which halves of the write barrier the program's stores have; default "both", as Go compiles them. With less, a
   * collection that marks beside the program can free what is in use: that is what it is for.
   * @zh 程序的指针写入带写屏障的哪几半；默认 "both"，与 Go 编译的一样。少了一半，与程序并发标记的回收就可能释放仍在使用的对象：
   * 这个选项就是用来看这件事的。
   */
  readonly writeBarrier?: BarrierHalves;
  /**
   * What the heap checks itself for: "none" (default), "local" assertions, "step": everything after each operation.
   * @zh 堆的自检："none"（默认）不检查，"local" 检查局部断言，"step" 每一步之后检查全部不变量。
   */
  readonly check?: CheckMode;
}

/**
 * Where an object lies, and what it costs: a plain row.
 * @zh 一个对象在哪里、占用多少：一行普通数据。
 */
export interface Where {
  /** The object's address. @zh 对象的地址。 */
  readonly address: string;
  /** The way it took through mallocgc. @zh 它在 mallocgc 里走的路。 */
  readonly path: PathName;
  /** Size class; 0 for large objects and those of size 0. @zh 尺寸类；大对象和大小为 0 的对象是 0。 */
  readonly sizeclass: number;
  /** Size class times 2, plus 1 without pointers. @zh 尺寸类乘 2，不含指针再加 1。 */
  readonly spanclass: number;
  /**
   * Bytes that it takes up: its slot, or for a large object its pages.
   * @zh 实际占用的字节：所在的槽；大对象则是它的页。
   */
  readonly elemsize: number;
  /**
   * Address of the span's first byte; null for an object of size 0.
   * @zh span 第一个字节的地址；大小为 0 的对象是 null。
   */
  readonly span: string | null;
  /** Pages of the span. @zh span 的页数。 */
  readonly npages: number;
  /** Number of the slot in its span; null for an object of size 0. @zh 槽在 span 中的编号；大小为 0 的对象是 null。 */
  readonly slot: number | null;
  /** Bytes from the start of the slot; null for an object of size 0. @zh 距槽起点的字节数；大小为 0 的对象是 null。 */
  readonly offset: number | null;
  /** True when the slot begins with a malloc header. @zh 槽以分配头（malloc header）开头时为真。 */
  readonly header: boolean;
  /** The P that allocated it. @zh 分配它的 P。 */
  readonly p: number;
}

/**
 * An mspan's fields, under Go's names.
 * @zh 一个 mspan 的字段，用 Go 的名字。
 */
export interface SpanFields {
  /** Address of its first byte. @zh 第一个字节的地址。 */
  readonly startAddr: string;
  /** Pages of 8192 bytes. @zh 页数，每页 8192 字节。 */
  readonly npages: number;
  /**
   * `mSpanInUse` holds objects, `mSpanManual` stacks and work buffers, `mSpanDead` nothing.
   * @zh `mSpanInUse` 放对象，`mSpanManual` 放栈和标记工作缓冲，`mSpanDead` 不在使用。
   */
  readonly state: "mSpanDead" | "mSpanInUse" | "mSpanManual";
  /** Size class times 2, plus 1 without pointers. @zh 尺寸类乘 2，不含指针再加 1。 */
  readonly spanclass: number;
  /** Size class; 0 for a large object’s span. @zh 尺寸类；大对象的 span 是 0。 */
  readonly sizeclass: number;
  /** True when its objects hold no pointers. @zh 其中的对象不含指针时为真。 */
  readonly noscan: boolean;
  /** Bytes of a slot; of a large object’s span, all its pages. @zh 一个槽的字节数；大对象的 span 是全部页的字节数。 */
  readonly elemsize: number;
  /** Number of slots. @zh 槽的个数。 */
  readonly nelems: number;
  /**
   * The search for a free slot goes on from here; slots below are taken.
   * @zh 从这个槽开始找空槽；它之前的槽都已占用。
   */
  readonly freeindex: number;
  /**
   * freeindex as the collector may see it: it passes no slot that is not filled in yet.
   * @zh 回收器看到的 freeindex，不会越过内容尚未就绪的槽。
   */
  readonly freeIndexForScan: number;
  /** Slots that are taken. @zh 已占用的槽数。 */
  readonly allocCount: number;
  /**
   * Complement of allocBits from freeindex on: 1 is a free slot, the lowest bit is slot freeindex.
   * @zh freeindex 起若干位 allocBits 取反：1 表示空槽，最低位对应 freeindex。
   */
  readonly allocCache: string;
  /**
   * Compared with the heap’s sweepgen it tells whether the span is swept, and whether it is cached.
   * @zh 与堆的 sweepgen 相比，可知这个 span 是否清扫过、是否在 mcache 里。
   */
  readonly sweepgen: number;
  /**
   * Not 0: slots may hold old bytes and are cleared before they are given out.
   * @zh 不为 0 表示槽里可能有旧数据，发放之前要清零。
   */
  readonly needzero: number;
  /** Multiplier that replaces the division by elemsize. @zh 用乘法代替除以 elemsize 时的乘数。 */
  readonly divMul: number;
  /** Address where the slots end; bitmaps may follow. @zh 槽到此为止的地址，后面可能还有位图。 */
  readonly limit: string;
}

/**
 * A span in an mcache.
 * @zh mcache 里的一个 span。
 */
export interface CachedSpan {
  /** Size class times 2, plus 1 without pointers. @zh 尺寸类乘 2，不含指针再加 1。 */
  readonly spanclass: number;
  /** Bytes of a slot. @zh 一个槽的字节数。 */
  readonly elemsize: number;
  /** True when its objects hold no pointers. @zh 其中的对象不含指针时为真。 */
  readonly noscan: boolean;
  /** Address of its first byte. @zh 第一个字节的地址。 */
  readonly span: string;
  /** The search for a free slot goes on from here. @zh 从这个槽开始找空槽。 */
  readonly freeindex: number;
  /** Number of slots. @zh 槽的个数。 */
  readonly nelems: number;
  /** Slots that are taken. @zh 已占用的槽数。 */
  readonly allocCount: number;
}

/**
 * Who lives through a sweep. Everything else is garbage.
 * @zh 哪些对象活过这次清扫；其余都是垃圾。
 */
export interface SweepOptions {
  /** Objects that live; the default is none. @zh 存活的对象，默认一个也没有。 */
  readonly live?: Iterable<Ref>;
}

/**
 * What a sweep freed. Objects are slots: those that share a tiny block count as one.
 * @zh 清扫释放了什么。对象按槽计：同一个 微型块里的对象合计一个。
 */
export interface Swept {
  /** Slots that became free. @zh 变成空槽的个数。 */
  readonly freedObjects: number;
  /** Bytes of these slots. @zh 这些槽的总字节数。 */
  readonly freedBytes: number;
  /** Spans whose pages went back to the page heap. @zh 页已经还给 mheap 的 span 数。 */
  readonly freedSpans: number;
}
