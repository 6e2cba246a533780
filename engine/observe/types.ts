/**
 * What an observer sees of a heap: plain data, nothing computed, nothing of the engine.
 *
 * A snapshot is a copy: it may be kept, sent to another thread, written as JSON and drawn later. Names are Go's
 * where Go has one. Bit strings are hexadecimal digits, two a byte; bit k of byte b stands for number 8b + k. A 64-bit
 * word is "0x" and 16 digits, an address "0x" and as many digits as it needs.
 */

/**
 * The mcentral set that holds a span: partial or full, and its role in the cycle of the snapshot.
 * @zh span 在 mcentral 的哪个集合里：有没有空槽，本轮清扫过没有。
 */
export type SpanSetName = "partialSwept" | "partialUnswept" | "fullSwept" | "fullUnswept";

/** One mspan. @zh 一个 mspan。 */
export interface SpanSnapshot {
  /**
   * Place of the record in memory: the same span in two snapshots has the same id.
   * @zh 记录在内存中的位置：同一个 span 在两份快照里 id 相同。
   */
  id: number;
  /** First page, counted from the heap’s base. @zh 首页的编号，从堆基址数起。 */
  page: number;
  /** Pages of 8192 bytes. @zh 页数，每页 8192 字节。 */
  npages: number;
  /** `inuse` holds objects, `manual` stacks or work buffers. @zh `inuse` 放对象，`manual` 放栈或标记工作缓冲。 */
  state: "inuse" | "manual";
  /** Size class times 2, plus 1 without pointers. @zh 尺寸类乘 2，不含指针再加 1。 */
  spanclass: number;
  /** Size class; 0 for a large object’s span. @zh 尺寸类；大对象的 span 是 0。 */
  sizeclass: number;
  /** True when its objects hold no pointers. @zh 其中的对象不含指针时为真。 */
  noscan: boolean;
  /** Bytes of a slot. @zh 一个槽的字节数。 */
  elemsize: number;
  /** Number of slots. @zh 槽的个数。 */
  nelems: number;
  /**
   * The search for a free slot goes on from here; slots below are taken.
   * @zh 从这个槽开始找空槽；它之前的槽都已占用。
   */
  freeindex: number;
  /** Slots that are taken. @zh 已占用的槽数。 */
  allocCount: number;
  /**
   * Complement of allocBits from freeindex on: 1 is a free slot, the lowest bit is slot freeindex.
   * @zh freeindex 起若干位 allocBits 取反：1 表示空槽，最低位对应 freeindex。
   */
  allocCache: string;
  /** nelems bits, as of the last sweep: 1 survived it. @zh nelems 位，上次清扫时的状态：1 表示活了下来。 */
  allocBits: string;
  /** nelems bits of the marking in progress: 1 was reached. @zh nelems 位，本轮标记的状态：1 表示已经到达。 */
  gcmarkBits: string;
  /**
   * Compared with the heap’s sweepgen it tells whether the span is swept, and whether it is cached.
   * @zh 与堆的 sweepgen 相比，可知这个 span 是否清扫过、是否在 mcache 里。
   */
  sweepgen: number;
  /**
   * Not 0: slots may hold old bytes and are cleared before they are given out.
   * @zh 不为 0 表示槽里可能有旧数据，发放之前要清零。
   */
  needzero: number;
  /** Address of its first byte. @zh 第一个字节的地址。 */
  base: string;
  /** Address where the part that holds objects ends. @zh 存放对象的部分到此为止的地址。 */
  limit: string;
  /**
   * Bytes at the span’s end that hold no objects: pointer bitmap, then inline mark bits.
   * @zh span 末尾不放对象的字节：先是指针位图，再是内联标记位。
   */
  reserved: {
    /** Bytes of the pointer bitmap. @zh 指针位图的字节数。 */
    heapBits: number;
    /** Bytes of the inline mark bits: 128, or 0. @zh 内联标记位的字节数：128 或 0。 */
    inlineMarks: number;
  };
  /** The P whose mcache holds the span; null for none. @zh 持有这个 span 的 mcache 属于哪个 P；没有时是 null。 */
  cachedBy: number | null;
  /**
   * True for a large object’s span whose type is nil: the collector finds no pointers in it.
   * @zh 大对象 span 的类型为 nil 时为真：回收器在里面找不到指针。
   */
  largeTypeNil: boolean;
  /**
   * True when its class is the one that tiny blocks come from: 16 bytes, no pointers.
   * @zh 属于微型块所用的 span 类（16 字节、不含指针）时为真。
   */
  isTinyBlockSpan: boolean;
  /** The mcentral set that holds it; null when it is in none. @zh 所在的 mcentral 集合；不在任何集合里时是 null。 */
  sets: SpanSetName | null;
}

/** One P, as far as allocation is concerned. @zh 一个 P 中与分配有关的部分。 */
export interface ProcSnapshot {
  /** Number of the P. @zh P 的编号。 */
  id: number;
  /** The tiny block of its mcache. @zh 它的 mcache 里的微型块。 */
  tiny: {
    /** Address of the block; null when the P has none. @zh 微型块的地址；当前没有微型块时是 null。 */
    base: string | null;
    /** Id of its span. @zh 所在 span 的 id。 */
    span: number | null;
    /** Number of its slot. @zh 所在槽的编号。 */
    slot: number | null;
    /** Offset of the first byte that is still free. @zh 第一个空闲字节的偏移。 */
    offset: number;
    /** Objects that joined a block since the last flush. @zh 上次 flush 以来放进已有块里的对象数。 */
    allocs: number;
  };
  /**
   * Its page cache: up to 64 pages, bit i is page i after `base`.
   * @zh 它的页缓存：至多 64 页，第 i 位是 `base` 之后第 i 页。
   */
  pcache: {
    /** Address of its first page. @zh 第一页的地址。 */
    base: string;
    /** 64 bits: the pages that are free. @zh 64 位，标出哪些页空闲。 */
    cache: string;
    /** 64 bits: the pages that were returned to the operating system. @zh 64 位，标出哪些页已还给操作系统。 */
    scav: string;
  };
  /**
   * Spans in its mcache, without the empty one that stands for none.
   * @zh mcache 里的 span，不含表示“没有”的空 span。
   */
  alloc: {
    /** Size class times 2, plus 1 without pointers. @zh 尺寸类乘 2，不含指针再加 1。 */
    spanclass: number;
    /** Id of the span. @zh span 的 id。 */
    span: number;
  }[];
}

/** A heap at one moment. @zh 堆在某一时刻的样子。 */
export interface HeapSnapshot {
  /** Version of this format. @zh 这种格式的版本。 */
  version: 1;
  /** Address of the heap’s first byte. @zh 堆的第一个字节的地址。 */
  heapBase: string;
  /** mheap_.sweepgen: grows by 2 with each cycle. @zh mheap_.sweepgen，每轮加 2。 */
  sweepgen: number;
  /**
   * Pages `first` to `first + count - 1`, counted from the heap’s base; bit i of a bitmap is page `first + i`.
   * @zh 从堆基址数起的第 `first` 到 `first + count - 1` 页；位图的第 i 位是第 `first + i` 页。
   */
  pages: {
    /** Number of the first page. @zh 第一页的编号。 */
    first: number;
    /** Number of pages. @zh 页数。 */
    count: number;
    /** Bits of the pages that are in use. @zh 标出在用的页。 */
    inUse: string;
    /** Bits of the pages that were returned to the operating system. @zh 标出已还给操作系统的页。 */
    scavenged: string;
  };
  /** All spans, in address order. @zh 全部 span，按地址排列。 */
  spans: SpanSnapshot[];
  /** All Ps, by number. @zh 全部 P，按编号排列。 */
  procs: ProcSnapshot[];
  /** Counters under Go’s names: bytes, but for pagesInUse. @zh 各个计数，用 Go 的名字；除 pagesInUse 外以字节计。 */
  stats: Record<string, number>;
}

/** Which pages a snapshot reads. @zh 快照读取哪些页。 */
export interface SnapshotOptions {
  /** First page, counted from the heap’s base; default 0. @zh 首页的编号，从堆基址数起，默认 0。 */
  firstPage?: number;
  /** Number of pages; default: up to the end of the mapped heap. @zh 页数，默认到堆已映射部分的末尾。 */
  pages?: number;
}

/** One difference of two snapshots: where, and both values. @zh 两份快照的一处不同：在哪里，前后各是什么。 */
export interface Difference {
  /**
   * Where: `spans[0xc000002000].freeindex`, `procs[0].tiny.offset`, or one slot’s bit `…allocBits[17]`.
   * @zh 位置：`spans[0xc000002000].freeindex`、`procs[0].tiny.offset`，或某个槽的位 `…allocBits[17]`。
   */
  path: string;
  /** Value in the first snapshot; null when there is none. @zh 在前一份快照里的值；没有时是 null。 */
  before: string | number | boolean | null;
  /** Value in the second snapshot; null when there is none. @zh 在后一份快照里的值；没有时是 null。 */
  after: string | number | boolean | null;
}
