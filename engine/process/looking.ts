/**
 * Looking: what of a process can be read without changing it. `Process` adds what changes it.
 *
 * Everything comes back as plain numbers and text, fit for a table, and stays as it was when the heap goes on.
 */
import { CellError } from "../memory/errors.ts";
import { type Memory, NIL } from "../memory/memory.ts";
import { hex64 } from "../memory/u64.ts";
import { hashMemory } from "../observe/hash.ts";
import { takeSnapshot } from "../observe/snapshot.ts";
import type { HeapSnapshot, SnapshotOptions } from "../observe/types.ts";
import * as gcc from "../records/gcController.ts";
import { allp, emptymspan, gcController, gomaxprocs, mheap_ } from "../records/globals.ts";
import * as mcacheRecord from "../records/mcache.ts";
import * as mheap from "../records/mheap.ts";
import * as mspan from "../records/mspan.ts";
import * as runtime2 from "../records/runtime2.ts";
import { objIndex } from "../runtime/mbitmap.ts";
import { spanOf } from "../runtime/mheap.ts";
import { type ArenaView, arenaView, heapOffset, parseAddress, type Segment, segmentsView } from "./address_view.ts";
import { type CentralView, centralView } from "./central_view.ts";
import { type TraceEvent, TraceRecorder } from "./events.ts";
import { lockName } from "./locks.ts";
import {
  type FindView,
  findPagesView,
  type PageCacheView,
  type PagesView,
  pageCacheView,
  pagesView,
} from "./pages_view.ts";
import { type RuntimeRecord, recordsView } from "./records_view.ts";
import { type Ref, targetOf } from "./ref.ts";
import type { CachedSpan, SpanFields, Where } from "./rows.ts";
import { type SlotView, slotView } from "./slot_view.ts";
import type { HeapObject, World } from "./world.ts";

const spanStates = ["mSpanDead", "mSpanInUse", "mSpanManual"] as const;

/**
 * What of a process can be read without changing it.
 * @zh 进程中可以读取、又不改变它的部分。
 */
export class Looking {
  readonly #world: World;
  readonly #p: number;

  constructor(world: World, p: number) {
    this.#world = world;
    this.#p = p;
    // These are handed to `map` and the like.
    this.where = this.where.bind(this);
    this.span = this.span.bind(this);
  }

  /**
   * Where an object lies and what it costs, as a row for a table.
   * @zh 对象在哪里、占用多少，作为表格的一行。
   */
  where(ref: Ref): Where {
    const { object, off } = use(this.#world, ref);
    const m = this.#world.m;
    const address = this.#world.address(off);
    const base = { address, path: object.path, p: object.p };
    if (object.path === "zero") {
      const none = { sizeclass: 0, spanclass: 0, elemsize: 0, span: null, npages: 0, slot: null, offset: null };
      return { ...base, ...none, header: false };
    }
    const s = spanOf(m, off);
    const spc = mspan.spanclass(m, s);
    const slot = objIndex(m, s, off);
    const elemsize = mspan.elemsize(m, s);
    return {
      ...base,
      sizeclass: spc >> 1,
      spanclass: spc,
      elemsize,
      span: this.#world.address(mspan.startAddr(m, s)),
      npages: mspan.npages(m, s),
      slot,
      offset: off - mspan.startAddr(m, s) - slot * elemsize,
      header: object.path === "small scan, header",
    };
  }

  /**
   * The fields of the span that holds the object, under Go's names.
   * @zh 对象所在 span 的字段，用 Go 的名字。
   */
  span(ref: Ref): SpanFields {
    const { object, off } = use(this.#world, ref);
    if (object.path === "zero") {
      throw new CellError("cell/not-heap", "an object of size 0 lies in no span", { address: ref.address });
    }
    return this.#spanFields(spanOf(this.#world.m, off));
  }

  #spanFields(s: mspan.MSpan): SpanFields {
    const m = this.#world.m;
    const spc = mspan.spanclass(m, s);
    return {
      startAddr: this.#world.address(mspan.startAddr(m, s)),
      npages: mspan.npages(m, s),
      state: spanStates[mspan.state(m, s)],
      spanclass: spc,
      sizeclass: spc >> 1,
      noscan: (spc & 1) === 1,
      elemsize: mspan.elemsize(m, s),
      nelems: mspan.nelems(m, s),
      freeindex: mspan.freeindex(m, s),
      freeIndexForScan: mspan.freeIndexForScan(m, s),
      allocCount: mspan.allocCount(m, s),
      allocCache: hex64(mspan.allocCacheLo(m, s), mspan.allocCacheHi(m, s)),
      sweepgen: mspan.sweepgen(m, s),
      needzero: mspan.needzero(m, s),
      divMul: mspan.divMul(m, s),
      limit: this.#world.address(mspan.limit(m, s)),
    };
  }

  /**
   * The spans in the mcache of a P: of this one, unless another is named.
   * @zh 某个 P 的 mcache 里的 span；不指定就是当前这个 P。
   */
  mcache(p = this.#p): CachedSpan[] {
    const m = this.#world.m;
    checkProc(m, p);
    const c = runtime2.mcache(m, allp(m, p));
    const rows: CachedSpan[] = [];
    for (let spc = 0; spc < mcacheRecord.numSpanClasses; spc++) {
      const s = mcacheRecord.alloc(m, c, spc);
      if (s === emptymspan(m)) continue;
      const { elemsize, noscan, startAddr, freeindex, nelems, allocCount } = this.#spanFields(s);
      rows.push({ spanclass: spc, elemsize, noscan, span: startAddr, freeindex, nelems, allocCount });
    }
    return rows;
  }

  /**
   * The tiny block of a P: its address, the first byte still free, and the objects that joined a block since the last flush.
   * @zh 某个 P 的 微型块：地址、第一个空闲字节的偏移、上次 flush 以来并入块中的对象数。
   */
  tiny(p = this.#p): {
    /** Address of the block; null when the P has none. @zh 微型块的地址；当前没有微型块时是 null。 */
    readonly address: string | null;
    /** Offset in the block of the first byte that is still free. @zh 块内第一个空闲字节的偏移。 */
    readonly tinyoffset: number;
    /** Objects that joined a block since the last flush. @zh 上次 flush 以来放进已有块里的对象数。 */
    readonly tinyAllocs: number;
  } {
    const m = this.#world.m;
    checkProc(m, p);
    const c = runtime2.mcache(m, allp(m, p));
    const tiny = mcacheRecord.tiny(m, c);
    return {
      address: tiny === NIL ? null : this.#world.address(tiny),
      tinyoffset: mcacheRecord.tinyoffset(m, c),
      tinyAllocs: mcacheRecord.tinyAllocs(m, c),
    };
  }

  /**
   * The four sets of an mcentral: which spans of this span class no P has, with a free slot or without, swept or not.
   * @zh 一个 mcentral 的四个集合：这个 span 类里不在任何 P 手中的 span，有没有空槽，清扫过没有。
   * @param spanclass 0 to 135
   */
  mcentral(spanclass: number): CentralView {
    if (!Number.isInteger(spanclass) || spanclass < 0 || spanclass >= mcacheRecord.numSpanClasses) {
      throw new CellError("cell/option", `spanclass is ${spanclass}: use an integer from 0 to 135`, {
        option: "spanclass",
        value: spanclass,
      });
    }
    return centralView(this.#world.m, spanclass);
  }

  /**
   * The page heap: the bitmaps of its chunks and the tree of summaries over them.
   * @zh mheap：各个 chunk 的位图，以及上面的摘要树。
   */
  pages(): PagesView {
    return pagesView(this.#world.m);
  }

  /**
   * Where the page heap would find `npages` free pages in a row, and what it looks at on the way. Nothing is allocated.
   * @zh mheap会在哪里找到连续 `npages` 个空闲页，途中看过哪些摘要。什么也不会分配。
   */
  findPages(npages: number): FindView {
    if (!Number.isInteger(npages) || npages < 1 || npages > 2 ** 21) {
      const what = `npages is ${npages}: use an integer from 1 to 2097152`;
      throw new CellError("cell/size", what, { what: "npages", size: npages });
    }
    return findPagesView(this.#world.m, npages);
  }

  /**
   * The page cache of a P: up to 64 pages that it can use without a lock.
   * @zh 某个 P 的页缓存：至多 64 页，用它们不需要锁。
   */
  pageCache(p = this.#p): PageCacheView {
    checkProc(this.#world.m, p);
    return pageCacheView(this.#world.m, p);
  }

  /**
   * In which arena, chunk and page an address lies.
   * @zh 一个地址落在哪个 arena、哪个 chunk、哪一页。
   * @param at an object, or any address as text
   */
  arena(at: Ref | string): ArenaView {
    const ref = targetOf(at);
    return arenaView(this.#world.m, parseAddress(ref === undefined ? at : ref.address));
  }

  /**
   * The slot at an address, with its bytes: also when it is free, or was the slot of an object that is gone.
   * @zh 某个地址所在的槽和里面的字节；槽空着、或其中的对象已经不在了，也能看。
   * @param at an object of this heap, freed or not, or an address as text
   */
  slot(at: Ref | string): SlotView {
    const ref = targetOf(at);
    return slotView(this.#world.m, heapOffset(this.#world.m, ref === undefined ? at : ref.address));
  }

  /**
   * What lies where in the process's address space, lowest address first.
   * @zh 进程的地址空间里哪一段是什么，按地址从低到高。
   */
  segments(): Segment[] {
    return segmentsView(this.#world.m);
  }

  /**
   * The records that the runtime keeps for itself, outside of the heap.
   * @zh 运行时自己用的记录，都在堆之外。
   */
  records(): RuntimeRecord[] {
    return recordsView(this.#world.m);
  }

  /**
   * gcController.heapLive: bytes that count as live. A cached span counts as if it were used up.
   * @zh gcController.heapLive：算作存活的字节数。被缓存的 span 按用完计算。
   */
  get heapLive(): number {
    const m = this.#world.m;
    return gcc.heapLive(m, gcController(m));
  }

  /**
   * gcController.heapScan: bytes of heapLive that can hold pointers, as of the last refill or flush.
   * @zh gcController.heapScan：heapLive 中可能含指针的字节数，以上次 refill 或 flush 为准。
   */
  get heapScan(): number {
    const m = this.#world.m;
    return gcc.heapScan(m, gcController(m));
  }

  /**
   * mheap_.sweepgen: grows by 2 with each cycle.
   * @zh mheap_.sweepgen：每轮加 2。
   */
  get sweepgen(): number {
    const m = this.#world.m;
    return mheap.sweepgen(m, mheap_(m));
  }

  /**
   * Address of byte 0 of the heap.
   * @zh 堆的第 0 字节的地址。
   */
  get heapBase(): string {
    return this.#world.address(0);
  }

  /**
   * Runs `body` and returns the names of the locks that the runtime took meanwhile, in order.
   * @zh 运行 `body`，按顺序返回其间运行时拿过的锁的名字。
   */
  locks(body: () => unknown): string[] {
    const m = this.#world.m;
    const outer = m.lockLog;
    const log: number[] = [];
    m.lockLog = log;
    try {
      body();
    } finally {
      m.lockLog = outer;
      outer?.push(...log);
    }
    return log.map((at) => lockName(m, at));
  }

  /**
   * Runs `body` and returns the steps that the runtime took meanwhile.
   * @zh 运行 `body`，返回其间运行时走过的每一步。
   */
  trace(body: () => unknown): TraceEvent[] {
    return this.#listen(body);
  }

  /**
   * Runs `body`; at each step of the runtime calls `look`, which may look at the heap as it stands then, in the middle
   * of an operation, and may not change it.
   * @zh 运行 `body`；运行时每走一步就调用 `look`，此时可以查看操作进行到一半的堆，但不能改变它。
   * @returns what `look` returned each time, without undefined
   * @example const tries = go.watch(() => go.new(T), (e) => (e.kind === "cacheSpan" ? go.mcentral(5) : undefined));
   */
  watch<T>(body: () => unknown, look: (event: TraceEvent) => T | undefined): T[] {
    const seen: T[] = [];
    let failure: { readonly error: unknown } | null = null;
    this.#listen(body, (event) => {
      if (failure !== null) return;
      this.#world.isWatched = true;
      try {
        const value = look(event);
        if (value !== undefined) seen.push(value);
      } catch (error) {
        failure = { error }; // thrown when the operation is over: the heap must not be left half done
      } finally {
        this.#world.isWatched = false;
      }
    });
    if (failure !== null) throw (failure as { error: unknown }).error;
    return seen;
  }

  #listen(body: () => unknown, onEvent?: (event: TraceEvent) => void): TraceEvent[] {
    const m = this.#world.m;
    const recorder = new TraceRecorder(m, m.trace, onEvent);
    const outer = m.trace;
    m.trace = recorder;
    try {
      body();
    } finally {
      m.trace = outer;
    }
    return recorder.events;
  }

  /**
   * A copy of the heap's state, for a picture.
   * @zh 堆状态的一份拷贝，供画图用。
   */
  snapshot(options: SnapshotOptions = {}): HeapSnapshot {
    return takeSnapshot(this.#world.m, options);
  }

  /**
   * Hash of all bytes of the process: equal programs give equal hashes.
   * @zh 进程全部字节的哈希：相同的程序得到相同的哈希。
   */
  hash(): string {
    return hashMemory(this.#world.m);
  }
}

/** The inside of a handle of this process's heap, after checking it. */
export function use(world: World, ref: Ref): { readonly object: HeapObject; readonly off: number } {
  const target = targetOf(ref);
  if (target === undefined) {
    throw new CellError("cell/type", `${typeof ref} is no object of the heap: give what new, make or malloc returned`, {
      given: typeof ref,
    });
  }
  if (target.world !== world) {
    throw new CellError("cell/other-process", `${target} lies in another process's heap`, {
      address: target.address,
    });
  }
  target.use();
  return target;
}

/** @throws {CellError} `cell/proc` */
export function checkProc(m: Memory, p: number): void {
  if (Number.isInteger(p) && p >= 0 && p < gomaxprocs(m)) return;
  throw new CellError("cell/proc", `there is no P ${p}: this process has ${gomaxprocs(m)}, counted from 0`, {
    p,
    procs: gomaxprocs(m),
  });
}
