/** The jemalloc-style allocator, as a cell holds it. */
import { addressOf, formatAddress } from "../memory/address.ts";
import { type Memory, NIL } from "../memory/memory.ts";
import { Block, type Owner } from "./block.ts";
import { extentsOf, poolCheck } from "./check.ts";
import { decayAdvance } from "./decay.ts";
import { offheapError } from "./errors.ts";
import { extentAt } from "./extents.ts";
import {
  liveRegion,
  poolCreate,
  poolDestroy,
  poolFree,
  poolMalloc,
  poolPurge,
  poolRealloc,
  regionAt,
  tcacheAt,
} from "./jemalloc.ts";
import { badOption, checkSize, decayOption, integerOption, outOfMemory } from "./options.ts";
import { pageBytes } from "./pages.ts";
import { parseAddress } from "./raw.ts";
import * as decay from "./records/decay.ts";
import * as eset from "./records/eset.ts";
import * as extent from "./records/extent.ts";
import * as pool from "./records/pool.ts";
import * as region from "./records/region.ts";
import * as shard from "./records/shard.ts";
import * as siteRecord from "./records/site.ts";
import * as tcache from "./records/tcache.ts";
import { shardAt, shardCount } from "./shards.ts";
import { siteName, siteOf } from "./sites.ts";
import { classBytes, classOf, numClasses, numSmall, type SizeClass, smallClasses } from "./sizeclasses.ts";
import { tcacheFlushAll } from "./tcache.ts";

/**
 * How a jemalloc-style allocator is made.
 * @zh 如何建立一个 jemalloc 式分配器。
 */
export interface JemallocOptions {
  /**
   * Arenas of slabs and page runs, 1 to 64; default 1. Threads are dealt out over them.
   * @zh slab 和页段所属的 arena 个数，1 到 64，默认 1；线程轮流分到各个 arena。
   */
  readonly arenas?: number;
  /** Threads, each with a cache, 1 to 64; default 1. @zh 线程数，每个线程有自己的缓存（tcache），1 到 64，默认 1。 */
  readonly threads?: number;
  /** false: no thread caches; default true. @zh false：不用 tcache；默认 true。 */
  readonly tcache?: boolean;
  /**
   * Milliseconds that a freed page may stay dirty; 0 at once, -1 for ever; default 10000.
   * @zh 释放的页可以保持 dirty 的毫秒数；0 立即归还，-1 永远保留；默认 10000。
   */
  readonly dirtyDecayMs?: number;
  /**
   * Milliseconds that a page may then stay muzzy, for the kernel to take if it wants; default 0.
   * @zh 之后页可以保持 muzzy（内核需要时可取走）的毫秒数；默认 0。
   */
  readonly muzzyDecayMs?: number;
  /**
   * false: purged pages give up their address as well; default true.
   * @zh false：归还页时连地址也一起归还；默认 true。
   */
  readonly retain?: boolean;
  /**
   * false: freed memory keeps its bytes, and writes through old pointers go unseen; default true.
   * @zh false：释放的内存保留原来的字节，通过旧指针的写入也不会被发现；默认 true。
   */
  readonly poison?: boolean;
}

/**
 * Figures of a jemalloc-style allocator, in bytes, under jemalloc's names where it has one.
 * @zh jemalloc 式分配器的统计（字节），名字尽量沿用 jemalloc 的。
 */
export interface JemallocFigures {
  /**
   * Asked for by blocks that live.
   * @zh 活着的块申请的字节。
   */
  readonly requested: number;
  /**
   * Given to them: their classes.
   * @zh 实际给它们的字节：各自的尺寸类。
   */
  readonly allocated: number;
  /**
   * Freed, and kept by thread caches. jemalloc counts these as allocated.
   * @zh 已释放、留在各线程 tcache 里的字节。jemalloc 把它们算进 allocated。
   */
  readonly cached: number;
  /**
   * Pages of slabs and large blocks.
   * @zh slab 和大块占用的页。
   */
  readonly active: number;
  /**
   * Free pages that still have their bytes.
   * @zh 空闲但内容还在的页。
   */
  readonly dirty: number;
  /**
   * Free pages that the kernel may take.
   * @zh 内核可以随时取走的空闲页。
   */
  readonly muzzy: number;
  /**
   * Pages given back, whose addresses are kept.
   * @zh 已归还、只保留地址的页。
   */
  readonly retained: number;
  /**
   * The allocator's own records.
   * @zh 分配器自己的记录。
   */
  readonly metadata: number;
  /**
   * Records that only find mistakes: who allocated, who freed. jemalloc has none of these.
   * @zh 只为发现错误而有的记录：谁分配、谁释放。jemalloc 没有这些。
   */
  readonly detector: number;
  /**
   * metadata + active + dirty + muzzy: what may be in memory, as jemalloc reckons it.
   * @zh metadata + active + dirty + muzzy：按 jemalloc 的算法可能驻留在内存里的字节。
   */
  readonly resident: number;
  /** Blocks that live. @zh 活着的块数。 */
  readonly blocks: number;
  /** Blocks given out so far. @zh 累计分配的块数。 */
  readonly nmalloc: number;
  /** Blocks taken back so far. @zh 累计释放的块数。 */
  readonly ndalloc: number;
  /** Pages let go so far. @zh 累计放走的页数。 */
  readonly purgedPages: number;
  /** System calls that letting them go took. @zh 为放走这些页而执行的系统调用次数。 */
  readonly purges: number;
}

/**
 * One small class of one arena.
 * @zh 一个 arena 的一个小尺寸类。
 */
export interface BinRow {
  /** Number of the arena. @zh arena 的编号。 */
  readonly arena: number;
  /** Bytes of a region. @zh 一个区域的字节数。 */
  readonly size: number;
  /** Slabs of the class. @zh 这个尺寸类的 slab 数。 */
  readonly slabs: number;
  /** Regions of all its slabs. @zh 所有 slab 里的区域总数。 */
  readonly regions: number;
  /**
   * Regions that are out of their slabs, in the program’s hands or in caches.
   * @zh 已从 slab 取出的区域数，在程序手里或在 tcache 里。
   */
  readonly used: number;
  /** Those of them that lie in thread caches. @zh 其中留在 tcache 里的区域数。 */
  readonly cached: number;
  /** Times that a thread cache was filled from here. @zh tcache 从这里补充的次数。 */
  readonly fills: number;
  /** Times that a thread cache gave regions back to here. @zh tcache 把区域退回这里的次数。 */
  readonly flushes: number;
}

/**
 * A run of pages.
 * @zh 一段连续的页。
 */
export interface ExtentRow {
  /** Address of its first byte. @zh 第一个字节的地址。 */
  readonly address: string;
  /** Pages of 4096 bytes. @zh 页数，每页 4096 字节。 */
  readonly pages: number;
  /**
   * `slab` and `large` are in use; free ones are `dirty`, `muzzy` or `retained`, as they are given back step by step.
   * @zh `slab`、`large` 在用；空闲的按归还到哪一步，分为 `dirty`、`muzzy`、`retained`。
   */
  readonly state: "slab" | "large" | "dirty" | "muzzy" | "retained";
  /** Number of its arena. @zh 所属 arena 的编号。 */
  readonly arena: number;
  /** Size class in bytes; 0 when free. @zh 尺寸类（字节）；空闲时是 0。 */
  readonly size: number;
  /** Regions of a slab, else 1; 0 when free. @zh slab 里的区域数；大块是 1，空闲时是 0。 */
  readonly regions: number;
  /** Of them in the program’s hands. @zh 其中在程序手里的个数。 */
  readonly live: number;
  /**
   * One digit per region of a slab: 1 out of the slab, 0 in it.
   * @zh slab 的每个区域一位数字：1 表示已取出，0 表示还在 slab 里。
   */
  readonly bits: string;
}

/**
 * What a call site has not freed.
 * @zh 某个调用点还没有释放的内存。
 */
export interface LeakRow {
  /** Name of the call site, as it was given; else empty. @zh 调用点的名字；没有给名字时为空。 */
  readonly site: string;
  /** Blocks not freed. @zh 没有释放的块数。 */
  readonly blocks: number;
  /** Bytes asked for by them. @zh 这些块申请的字节数。 */
  readonly bytes: number;
  /** All blocks that it ever allocated. @zh 它累计分配的块数。 */
  readonly totalBlocks: number;
  /** All bytes that it ever asked for. @zh 它累计申请的字节数。 */
  readonly totalBytes: number;
}

const stateNames = ["", "slab", "large", "dirty", "muzzy", "retained"] as const;

/** What the views of all threads share. */
interface Shared {
  readonly m: Memory;
  /** 0: closed. */
  p: pool.Pool;
  /** Names seen, so that they need not be searched for; the records are in memory. */
  readonly sites: Map<string, siteRecord.Site>;
  readonly owner: Owner;
}

/**
 * A jemalloc-style allocator, seen from one of its threads.
 * @zh 一个 jemalloc 式分配器，从它的某个线程看过去。
 */
export class Jemalloc {
  readonly #shared: Shared;
  readonly #thread: number;

  /** Use `go.offheap.jemalloc`. */
  constructor(m: Memory, options: JemallocOptions = {}, shared?: Shared, thread = 0) {
    this.#shared = shared ?? this.#make(m, options);
    this.#thread = thread;
  }

  #make(m: Memory, options: JemallocOptions): Shared {
    const ms = 1e6;
    const p = poolCreate(m, {
      shards: integerOption("arenas", options.arenas ?? 1, 1, 64),
      threads: integerOption("threads", options.threads ?? 1, 1, 64),
      hasTcache: options.tcache ?? true,
      dirtyDecay: decayOption("dirtyDecayMs", options.dirtyDecayMs ?? 10_000) * ms,
      muzzyDecay: decayOption("muzzyDecayMs", options.muzzyDecayMs ?? 0) * ms,
      retain: options.retain ?? true,
      poisons: options.poison ?? true,
    });
    const shared: Shared = {
      m,
      p,
      sites: new Map(),
      owner: {
        use: (off, serial) => {
          if (shared.p !== 0) liveRegion(m, shared.p, off, serial, false);
          else throw closed();
        },
        isLive: (off, serial) => shared.p !== 0 && isLive(m, shared.p, off, serial),
        free: (block) => this.free(block),
      },
    };
    return shared;
  }

  /**
   * A block; its bytes are whatever lies there.
   * @zh 一块内存；里面的字节是原来留下的。
   * @param site a name for the place that allocates, for the leak report
   * @throws {CellError} `offheap/size`, `offheap/out-of-memory`, `offheap/written-after-free`
   */
  malloc(size: number, site = ""): Block {
    return this.#malloc(size, site, false);
  }

  /**
   * count times size bytes, cleared.
   * @zh count 乘 size 个字节，已清零。
   */
  calloc(count: number, size: number, site = ""): Block {
    checkSize(count);
    checkSize(size);
    return this.#malloc(count * size, site, true);
  }

  #malloc(size: number, site: string, isZero: boolean): Block {
    const { m } = this.#shared;
    const p = this.#open();
    checkSize(size);
    const off = poolMalloc(m, p, this.#tcache(p), size, this.#site(p, site), isZero);
    if (off === NIL) throw outOfMemory(size);
    return this.#block(p, off, size);
  }

  /**
   * Makes a block larger or smaller, where it is or elsewhere. The old handle is dead from now on.
   * @zh 把一块变大或变小，原地或换个地方。旧句柄从此失效。
   */
  realloc(block: Block, size: number, site?: string): Block {
    const { m } = this.#shared;
    const p = this.#open();
    const { off, serial } = this.#mine(block);
    checkSize(size);
    const r = liveRegion(m, p, off, serial, true);
    const at = site === undefined ? region.site(m, r) : this.#site(p, site);
    const to = poolRealloc(m, p, this.#tcache(p), off, serial, size, at);
    if (to === NIL) throw outOfMemory(size);
    return this.#block(p, to, size);
  }

  #block(p: pool.Pool, off: number, size: number): Block {
    const { m, owner } = this.#shared;
    const e = extentAt(m, p, off);
    const serial = region.serial(m, regionAt(m, e, off));
    this.#check(p);
    return new Block(m, owner, off, serial, size, classBytes(extent.szind(m, e)));
  }

  /**
   * Frees a block, given by its handle or, as in C, by its address alone.
   * @zh 释放一块内存，可以给句柄，也可以像 C 那样只给地址。
   * @param site a name for the place that frees, for messages
   * @throws {CellError} `offheap/double-free`, `offheap/not-allocated`
   */
  free(block: Block | string, site = ""): void {
    const { m } = this.#shared;
    const p = this.#open();
    const { off, serial } = typeof block === "string" ? { off: parseAddress(m, block), serial: 0 } : this.#mine(block);
    poolFree(m, p, this.#tcache(p), off, serial, this.#site(p, site));
    this.#check(p);
  }

  /**
   * The same allocator, seen from another of its threads.
   * @zh 同一个分配器，从另一个线程看过去。
   */
  thread(i: number): Jemalloc {
    const { m } = this.#shared;
    const n = pool.threads(m, this.#open());
    if (!Number.isInteger(i) || i < 0 || i >= n) throw badOption("thread", i, `an integer from 0 to ${n - 1}`);
    return new Jemalloc(m, {}, this.#shared, i);
  }

  /**
   * Lets virtual time pass: free pages decay.
   * @zh 让虚拟时间流逝：空闲页逐渐归还。
   */
  advance(ms: number): void {
    if (!Number.isFinite(ms) || ms < 0 || ms > 1e9) throw badOption("ms", ms, "a number from 0 to 1000000000");
    const p = this.#open();
    decayAdvance(this.#shared.m, p, Math.round(ms * 1e6));
    this.#check(p);
  }

  /**
   * Virtual milliseconds since the allocator was made.
   * @zh 分配器建立以来的虚拟毫秒数。
   */
  get now(): number {
    return pool.now(this.#shared.m, this.#open()) / 1e6;
  }

  /**
   * Empties this thread's cache.
   * @zh 清空当前线程的缓存。
   */
  flush(): void {
    const p = this.#open();
    tcacheFlushAll(this.#shared.m, p, this.#tcache(p));
    this.#check(p);
  }

  /**
   * Empties every cache and gives all free pages back at once.
   * @zh 清空所有缓存，并立即归还所有空闲页。
   */
  purge(): void {
    const p = this.#open();
    poolPurge(this.#shared.m, p);
    this.#check(p);
  }

  /**
   * Gives everything back, blocks that live included.
   * @zh 归还一切，包括还活着的块。
   */
  close(): void {
    poolDestroy(this.#shared.m, this.#open());
    this.#shared.p = 0;
  }

  /**
   * The class that a request is rounded up to, in bytes.
   * @zh 一个请求被向上取整到的尺寸类（字节）。
   */
  sizeOf(size: number): number {
    checkSize(size);
    return classBytes(classOf(Math.max(size, 1)));
  }

  /**
   * The small classes, and how their slabs are cut.
   * @zh 各小尺寸类，以及它们的 slab 如何划分。
   */
  get sizeClasses(): readonly SizeClass[] {
    return smallClasses;
  }

  /**
   * Bytes of every class, four to a doubling.
   * @zh 所有尺寸类的字节数，每翻一倍有四个。
   */
  get classes(): number[] {
    return Array.from({ length: numClasses }, (_, i) => classBytes(i));
  }

  /**
   * The figures.
   * @zh 统计。
   */
  get figures(): JemallocFigures {
    const { m } = this.#shared;
    const p = this.#open();
    let active = 0;
    let purgedPages = 0;
    let purges = 0;
    const free = [0, 0, 0];
    for (let i = 0; i < shardCount(m, p); i++) {
      const sh = shardAt(m, p, i);
      active += shard.activePages(m, sh);
      for (let k = 0; k < 3; k++) free[k] += eset.pages(m, shard.set(sh, k)) * pageBytes;
      for (let k = 0; k < 2; k++) {
        purgedPages += decay.purged(m, shard.decayOf(sh, k));
        purges += decay.calls(m, shard.decayOf(sh, k));
      }
    }
    let cached = 0;
    for (let i = 0; i < pool.threads(m, p); i++) cached += tcache.bytes(m, tcacheAt(m, p, i));
    const metadata = pool.metadata(m, p);
    const [dirty, muzzy, retained] = free;
    return {
      requested: pool.requested(m, p),
      allocated: pool.allocated(m, p),
      cached,
      active: active * pageBytes,
      dirty,
      muzzy,
      retained,
      metadata,
      detector: pool.detector(m, p),
      resident: metadata + active * pageBytes + dirty + muzzy,
      blocks: pool.liveCount(m, p),
      nmalloc: pool.nmalloc(m, p),
      ndalloc: pool.ndalloc(m, p),
      purgedPages,
      purges,
    };
  }

  /**
   * The small classes in use, arena by arena.
   * @zh 正在使用的小尺寸类，按 arena 列出。
   */
  get bins(): BinRow[] {
    const { m } = this.#shared;
    const p = this.#open();
    const inCaches = this.#cachedByBin(p);
    const rows: BinRow[] = [];
    for (let i = 0; i < shardCount(m, p); i++) {
      for (const c of smallClasses) {
        const b = shard.bin(shardAt(m, p, i), c.index);
        const slabs = shard.slabs(m, b);
        const fills = shard.fills(m, b);
        if (slabs === 0 && fills === 0) continue;
        rows.push({
          arena: i,
          size: c.size,
          slabs,
          regions: slabs * c.regions,
          used: shard.curregs(m, b),
          cached: inCaches.get(b) ?? 0,
          fills,
          flushes: shard.flushes(m, b),
        });
      }
    }
    return rows;
  }

  #cachedByBin(p: pool.Pool): Map<number, number> {
    const { m } = this.#shared;
    const found = new Map<number, number>();
    for (let i = 0; i < pool.threads(m, p); i++) {
      for (let c = 0; c < numSmall; c++) {
        const b = tcache.tbin(tcacheAt(m, p, i), c);
        for (let k = 0; k < tcache.count(m, b); k++) {
          const e = extentAt(m, p, m.u32[(tcache.slots(m, b) >> 2) + k]);
          const bin = shard.bin(extent.shard(m, e), c) as number;
          found.set(bin, (found.get(bin) ?? 0) + 1);
        }
      }
    }
    return found;
  }

  /**
   * Every run of pages, in address order: what a picture shows beside Go's spans.
   * @zh 所有页段，按地址排列：可以与 Go 的 span 并排画出来。
   */
  get extents(): ExtentRow[] {
    const { m } = this.#shared;
    return extentsOf(m, this.#open()).map((e) => extentRow(m, e));
  }

  /**
   * What has not been freed, by call site; most bytes first. At the end of a program: what leaked, and from where.
   * @zh 还没有释放的内存，按调用点列出，字节多的在前。程序结束时：漏了什么、从哪里漏的。
   */
  get leaks(): LeakRow[] {
    const { m } = this.#shared;
    const rows: LeakRow[] = [];
    for (let s = pool.firstSite(m, this.#open()); s !== 0; s = siteRecord.next(m, s)) {
      if (siteRecord.liveCount(m, s) === 0) continue;
      rows.push({
        site: siteName(m, s),
        blocks: siteRecord.liveCount(m, s),
        bytes: siteRecord.liveBytes(m, s),
        totalBlocks: siteRecord.totalCount(m, s),
        totalBytes: siteRecord.totalBytes(m, s),
      });
    }
    return rows.sort((a, b) => b.bytes - a.bytes || b.blocks - a.blocks || (a.site < b.site ? -1 : 1));
  }

  /**
   * Runs `body` and returns the locks that the allocator took meanwhile: of a bin, or of an arena's page runs.
   * @zh 运行 `body`，返回其间分配器拿过的锁：某个 bin 的，或某个 arena 页段的。
   */
  locks(body: () => unknown): string[] {
    const { m } = this.#shared;
    const outer = m.lockLog;
    const log: number[] = [];
    m.lockLog = log;
    try {
      body();
    } finally {
      m.lockLog = outer;
      outer?.push(...log);
    }
    const names = this.#lockNames(this.#open());
    return log.map((at) => names.get(at) ?? "of another allocator");
  }

  #lockNames(p: pool.Pool): Map<number, string> {
    const { m } = this.#shared;
    const names = new Map<number, string>();
    for (let i = 0; i < shardCount(m, p); i++) {
      const sh = shardAt(m, p, i);
      names.set(shard.lockOf(sh), `arena ${i}, pages`);
      for (const c of smallClasses) names.set(shard.binLock(shard.bin(sh, c.index)), `arena ${i}, bin ${c.size}`);
    }
    return names;
  }

  /**
   * Examines the whole allocator. @throws {Fatal} when a rule does not hold
   * @zh 检查整个分配器；有不变量不成立就抛出 Fatal。
   */
  check(): void {
    poolCheck(this.#shared.m, this.#open(), true);
  }

  #open(): pool.Pool {
    if (this.#shared.p === 0) throw closed();
    return this.#shared.p;
  }

  #tcache(p: pool.Pool): tcache.Tcache {
    return tcacheAt(this.#shared.m, p, this.#thread);
  }

  #site(p: pool.Pool, name: string): siteRecord.Site {
    const known = this.#shared.sites.get(name);
    if (known !== undefined) return known;
    const s = siteOf(this.#shared.m, p, String(name));
    this.#shared.sites.set(name, s);
    return s;
  }

  /** The inside of a handle of this allocator. */
  #mine(block: Block): { off: number; serial: number } {
    const inside = Block.inside(block);
    if (inside !== undefined && inside.owner === this.#shared.owner) return inside;
    throw offheapError(
      "offheap/not-allocated",
      `${inside === undefined ? typeof block : block.address} is no block of this allocator: give back only what its malloc returned`,
      { address: inside === undefined ? typeof block : block.address },
    );
  }

  /** After each operation of a heap that was made with check "step". */
  #check(p: pool.Pool): void {
    if (this.#shared.m.check === "step") poolCheck(this.#shared.m, p, false);
  }
}

function isLive(m: Memory, p: pool.Pool, off: number, serial: number): boolean {
  const e = extentAt(m, p, off);
  const r = e === 0 ? 0 : regionAt(m, e, off);
  return r !== 0 && region.state(m, r) === region.LIVE && region.serial(m, r) === serial;
}

function extentRow(m: Memory, e: extent.Extent): ExtentRow {
  const state = extent.state(m, e);
  let regions = state === extent.LARGE ? 1 : 0;
  let live = state === extent.LARGE && region.state(m, extent.large(e)) === region.LIVE ? 1 : 0;
  let bits = "";
  if (state === extent.SLAB) {
    regions = smallClasses[extent.szind(m, e)].regions;
    for (let i = 0; i < regions; i++) {
      bits += (extent.bits(m, e, i >> 5) & (1 << (i & 31))) === 0 ? "1" : "0";
      if (region.state(m, extent.regions(m, e) + i * region.layout.size) === region.LIVE) live++;
    }
  }
  return {
    address: formatAddress(addressOf(m, extent.base(m, e))),
    pages: extent.pages(m, e),
    state: stateNames[state] as ExtentRow["state"],
    arena: shard.index(m, extent.shard(m, e)),
    size: regions === 0 ? 0 : classBytes(extent.szind(m, e)),
    regions,
    live,
    bits,
  };
}

function closed(): Error {
  return offheapError("offheap/closed", "this allocator was closed: make another one");
}
