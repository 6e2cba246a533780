/**
 * What every cell has without an import. The kernel provides these (src/kernel/session.ts); the editor and the type
 * check of the cells read them here.
 */

/**
 * Words for the reader: one string for both languages, or one each.
 * @zh 给读者看的文字：一个字符串两种语言共用，或者中英文各一个。
 */
type Words =
  | string
  | {
      /** The Chinese words. @zh 中文的文字。 */
      zh: string;
      /** The English words. @zh 英文的文字。 */
      en: string;
    };

/**
 * Shows a line of text. An object `{ zh, en }` among the values shows as the words of the page's language.
 * @zh 显示一行文字。值里的 `{ zh, en }` 对象按页面的语言显示。
 */
declare function print(...values: unknown[]): void;

/** What a table shows besides its rows. @zh 表格除了行以外还显示什么。 */
interface TableOptions {
  /**
   * Column names in order, or by key (then only those columns are shown).
   * @zh 按顺序的列名，或按键给出的列名（此时只显示这些列）。
   */
  columns?: readonly Words[] | Readonly<Record<string, Words>>;
  /** Words above the table. @zh 表格上方的说明。 */
  caption?: Words;
  /**
   * Index of the row above which the heavy rule stands: where something turns.
   * @zh 粗线画在第几行之上：变化从这一行开始。
   */
  turn?: number;
}

/**
 * Shows rows as a table: objects (one column a key) or lists (one column a place).
 * @zh 把若干行显示成表格：行是对象（一个键一列）或数组（一个位置一列）。
 */
declare function table(
  rows: Iterable<unknown>,
  options?: TableOptions,
): void;

/**
 * Points of a series: pairs of x and y, or y alone with x counted from 0.
 * @zh 一组点：x、y 成对给出；只给 y 时，x 从 0 数起。
 */
type Points =
  | Iterable<readonly [x: number, y: number]>
  | Iterable<number>;

/** How a chart is drawn. @zh 图表怎样画。 */
interface ChartOptions {
  /** Line, bars or steps; default a line. @zh 折线、柱或阶梯，默认折线。 */
  kind?: "line" | "bar" | "step";
  /** Name of the x axis. @zh 横轴的名称。 */
  x?: Words;
  /** Name of the y axis. @zh 纵轴的名称。 */
  y?: Words;
  /** A logarithmic y axis. @zh 纵轴用对数刻度。 */
  logY?: boolean;
  /** Words with the chart. @zh 图表的说明。 */
  caption?: Words;
}

/**
 * Draws series of points.
 * @zh 画出若干组点。
 */
declare function chart(
  series:
    | readonly {
        /** Name of the series. @zh 这组点的名称。 */
        name: Words;
        /** Its points. @zh 组里的点。 */
        points: Points;
      }[]
    | Readonly<Record<string, Points>>,
  options?: ChartOptions,
): void;

/** What of a heap is shown first. @zh 堆里先看哪里。 */
interface HeapOptions {
  /** The object, or address, whose span and slot are selected. @zh 选中这个对象（或地址）所在的 span 和槽。 */
  span?: import("goheap").Ref | string | number;
  /** Number of the slot that is selected in the span. @zh 选中 span 里第几号槽。 */
  slot?: number;
  /** Words with the drawing. @zh 图的说明。 */
  caption?: Words;
}

/** A drawing that is made and not shown yet: for `show.steps`. @zh 做好了、还没有显示的图，给 `show.steps` 用。 */
interface Drawing {
  /** What is drawn. @zh 画的是什么。 */
  readonly kind: string;
}

/** Shows a drawing; its `of` only makes it. @zh 显示一张图；它的 `of` 只做图，不显示。 */
interface Shows<Args extends readonly unknown[]> {
  /** Shows the drawing. @zh 显示这张图。 */
  (...args: Args): void;
  /** Makes the drawing without showing it. @zh 只做图，不显示。 */
  of(...args: Args): Drawing;
}

/** Words with a drawing. @zh 图的说明。 */
interface Captioned {
  /** Words with the drawing. @zh 图的说明。 */
  caption?: Words;
}

/**
 * Draws the heap of a process as it is now.
 * @zh 画出一个进程此刻的堆。
 */
declare const heap: Shows<
  [
    process:
      | import("goheap").Process
      | ReturnType<import("goheap").Process["snapshot"]>,
    options?: HeapOptions,
  ]
>;

/** A request on its way through mallocgc. @zh 一次申请在 mallocgc 里走的路。 */
interface PathRow {
  /** What it is called; default its size. @zh 它的名字，默认是大小。 */
  label?: Words;
  /** Bytes asked for. @zh 申请的字节数。 */
  size: number;
  /** True when it holds pointers. @zh 含指针时为真。 */
  pointers?: boolean;
  /** The way, as `go.where` names it. @zh 走的路，写法与 `go.where` 相同。 */
  path: string;
  /** Bytes of the slot that it got. @zh 得到的槽有多少字节。 */
  slot?: number | null;
}

/** A size on the number line. @zh 数轴上的一个大小。 */
interface BorderRow {
  /** Bytes asked for. @zh 申请的字节数。 */
  size: number;
  /** The way, as `go.where` names it. @zh 走的路，写法与 `go.where` 相同。 */
  path: string;
  /** Bytes of the slot that it got. @zh 得到的槽有多少字节。 */
  slot: number;
  /** Pages of its span. @zh 所在 span 的页数。 */
  pages: number;
}

/** A slot of 16 bytes that several objects share. @zh 几个对象合用的 16 字节槽。 */
interface TinyBlock {
  /** What the block is called. @zh 这一块的名字。 */
  label?: Words;
  /** The P's tiny offset, while the block is still open. @zh 块还没装完时，P 的 tinyoffset。 */
  offset?: number;
  /** The objects in it. @zh 块里的对象。 */
  objects: readonly {
    /** Bytes from the start of the block. @zh 距块起点的字节数。 */
    offset: number;
    /** Bytes of the object. @zh 对象的字节数。 */
    size: number;
    /** What the object is called. @zh 对象的名字。 */
    label?: Words;
  }[];
}

/** A moment of `show.timeline`; bytes. @zh `show.timeline` 的一个时刻，单位是字节。 */
interface TimelineRow {
  /** Milliseconds. @zh 毫秒。 */
  t: number;
  /** Pages in use. Go: HeapInuse. @zh 使用中的页。Go 里叫 HeapInuse。 */
  inuse: number;
  /** Free pages, given back or not. Go: HeapIdle. @zh 空闲页，不论是否归还。Go 里叫 HeapIdle。 */
  idle: number;
  /** Of them given back. Go: HeapReleased. @zh 其中已归还的。Go 里叫 HeapReleased。 */
  released: number;
  /** Memory that the process takes up. @zh 进程真正占用的内存。 */
  resident?: number;
}

/** A stretch of memory, true to scale. @zh 一段内存，按比例画。 */
interface StripRow {
  /** What it is called. @zh 它的名字。 */
  name: Words;
  /** Its length. @zh 长度。 */
  bytes: number;
  /** What lies in it; what no block covers is free. @zh 里面的块；没有块的地方是空闲。 */
  blocks: readonly {
    /** First byte. @zh 第一个字节。 */
    at: number;
    /** Bytes. @zh 字节数。 */
    size: number;
    /**
     * What it is: `live` (no pointers), `pointers`, `tiny`, `stack`; `free`, `waste` (rounding), `hole` (free, of no
     * use), `meta` (headers, bitmaps); of address space `reserved`, `ready`, `resident`, `returned`.
     * @zh 它是什么：`live`（无指针）、`pointers`、`tiny`、`stack`；`free`、`waste`（取整浪费）、`hole`（空着却用不上）、
     * `meta`（头、位图）；地址空间的 `reserved`、`ready`、`resident`、`returned`。
     */
    kind:
      | "live"
      | "pointers"
      | "tiny"
      | "stack"
      | "free"
      | "waste"
      | "hole"
      | "meta"
      | "reserved"
      | "ready"
      | "resident"
      | "returned";
    /** What it is called. @zh 它的名字。 */
    label?: Words;
  }[];
  /** A remark on it: what failed, what it costs. @zh 对它的说明：哪里失败了、代价是什么。 */
  note?: Words;
}

/** A type for `show.words`. @zh `show.words` 的一个类型。 */
interface WordsRow {
  /** Its name. @zh 名字。 */
  name: Words;
  /** Its size. @zh 大小。 */
  bytes: number;
  /** One digit a word of 8 bytes: 1 is a pointer; words after the last digit hold none. @zh 每个 8 字节的字一位：1 是指针；末位之后的字都不是。 */
  pointers: string;
  /** True when a type word stands in front of the object. @zh 对象前面有一个类型字时为真。 */
  header?: boolean;
  /** Where the collector finds the map. @zh 回收器从哪里找到这张图。 */
  place?: Words;
}

/**
 * Drawings of one idea each.
 * @zh 各画一个想法的图。
 */
declare const show: {
  /** The decision tree of mallocgc, with the branches lit that were taken. @zh mallocgc 的决策树，走过的分支亮起。 */
  readonly paths: Shows<
    [rows: readonly PathRow[], options?: Captioned]
  >;
  /** The number line of sizes in two lanes, small and large. @zh 大小的数轴，分小对象、大对象两道。 */
  readonly border: Shows<
    [
      rows: readonly BorderRow[],
      options?: Captioned & {
        /** The size that is marked. @zh 标出的大小。 */
        at?: number;
      },
    ]
  >;
  /** Tiny blocks, 16 bytes a row. @zh 微型块，一行 16 字节。 */
  readonly tiny: Shows<
    [blocks: readonly TinyBlock[], options?: Captioned]
  >;
  /** Tiny blocks from addresses: objects in the same 16 bytes share a row. @zh 由地址得到微型块。 */
  readonly tinyOf: Shows<
    [
      objects: readonly {
        /** Address of the object. @zh 对象的地址。 */
        address: string;
        /** Bytes of the object. @zh 对象的字节数。 */
        size: number;
        /** What the object is called. @zh 对象的名字。 */
        label?: Words;
      }[],
      options?: Captioned,
    ]
  >;
  /** Ps side by side, with the spans in their mcaches. @zh 并排的 P，各带自己 mcache 里的 span。 */
  readonly lanes: Shows<
    [
      snapshot: ReturnType<
        import("goheap").Process["snapshot"]
      >,
      options?: Captioned & {
        /** The goroutines, and where they run. @zh 有哪些 goroutine，各在哪里运行。 */
        goroutines?: readonly {
          /** Name of the goroutine. @zh goroutine 的名字。 */
          name: string;
          /** Number of its P. @zh 它所在的 P 的编号。 */
          p: number;
        }[];
        /** The objects that are marked in their spans. @zh 在 span 里标出的对象。 */
        objects?: readonly {
          /** What the object is called. @zh 对象的名字。 */
          label: string;
          /** Address of the object. @zh 对象的地址。 */
          address: string;
          /** Number of the P that allocated it. @zh 分配它的 P 的编号。 */
          madeOn?: number;
        }[];
      },
    ]
  >;
  /** The page heap: a chunk's bitmap, the summaries above it, and the path of a search. @zh 页分配器：一个 chunk 的位图、上面的摘要，以及查找走过的路。 */
  readonly pages: Shows<
    [
      pages: ReturnType<import("goheap").Process["pages"]>,
      options?: Captioned & {
        /** Number of the chunk that is shown first. @zh 先看第几号 chunk。 */
        chunk?: number;
        /** The search whose path is drawn. @zh 画出这次查找走过的路。 */
        find?: ReturnType<
          import("goheap").Process["findPages"]
        >;
      },
    ]
  >;
  /** The 2 × 2 board of an mcentral: partial and full, swept and unswept. @zh 一个 mcentral 的 2 × 2 棋盘：有没有空槽，清扫过没有。 */
  readonly central: Shows<
    [
      central: ReturnType<import("goheap").Process["mcentral"]>,
      options?: Captioned,
    ]
  >;
  /** Heap in use, idle, given back and resident over time. @zh 使用中、空闲、已归还、常驻的内存随时间的变化。 */
  readonly timeline: Shows<
    [
      rows: readonly TimelineRow[],
      options?: Captioned & {
        /** What happened when. @zh 何时发生了什么。 */
        marks?: readonly {
          /** Milliseconds. @zh 毫秒。 */
          t: number;
          /** What happened. @zh 发生了什么。 */
          label: Words;
        }[];
        /** Goals and limits. @zh 目标和上限。 */
        lines?: readonly {
          /** Bytes. @zh 字节数。 */
          bytes: number;
          /** What it is called. @zh 它的名字。 */
          label: Words;
        }[];
        /** The moment that is read first, in milliseconds. @zh 先读哪一刻，单位毫秒。 */
        at?: number;
      },
    ]
  >;
  /** The process from its 48-bit space down to one byte. @zh 从 48 位地址空间一直放大到一个字节。 */
  readonly map: Shows<
    [
      segments: readonly {
        /** What it is called. @zh 它的名字。 */
        name: Words;
        /** What it is drawn as: `heap`, `stack`, `data`, `text`, `runtime` or `reserved`. @zh 画成什么：`heap`、`stack`、`data`、`text`、`runtime`、`reserved` 等。 */
        kind: string;
        /** First address. @zh 起始地址。 */
        from: string;
        /** First address behind it. @zh 结束地址（不含）。 */
        to: string;
      }[],
      options?: Captioned & {
        /** The address, or object, that is zoomed in on. @zh 放大到哪个地址或对象。 */
        at?: string | import("goheap").Ref;
      },
    ]
  >;
  /** Page runs and slabs of a jemalloc-style allocator, beside Go's spans. @zh jemalloc 式分配器的页段和 slab，与 Go 的 span 并排。 */
  readonly slabs: Shows<
    [
      from:
        | import("goheap").Jemalloc
        | readonly import("goheap").ExtentRow[],
      options?: Captioned & {
        /** The Go heap beside it. @zh 旁边的 Go 堆。 */
        go?: ReturnType<import("goheap").Process["snapshot"]>;
      },
    ]
  >;
  /** Stretches of memory under one another, true to one scale. @zh 几段内存上下排列，用同一个比例画。 */
  readonly strip: Shows<
    [
      strips: readonly StripRow[],
      options?: Captioned & {
        /** Bytes of a row: longer strips are folded. @zh 一行多少字节：更长的折行。 */
        row?: number;
      },
    ]
  >;
  /** The bytes of one slot from moment to moment. @zh 一个槽里的字节，一刻一行。 */
  readonly slot: Shows<
    [
      moments: readonly {
        /** What happened before this moment. @zh 这一刻之前发生了什么。 */
        say: Words;
        /** The span's needzero then. @zh 那时 span 的 needzero。 */
        needzero: boolean | number;
        /** The bytes, as `go.slot` gives them. @zh 各字节，写法与 `go.slot` 相同。 */
        bytes: string;
      }[],
      options?: Captioned,
    ]
  >;
  /** Which words of a type are pointers. @zh 类型里哪些字是指针。 */
  readonly words: Shows<
    [types: readonly WordsRow[], options?: Captioned]
  >;
  /** A staircase of paths, each taken less often than the last; logarithmic. @zh 一级级路径，越往下走的次数越少；对数刻度。 */
  readonly stairs: Shows<
    [
      steps: readonly {
        /** What the path is called. @zh 这条路的名字。 */
        name: Words;
        /** Times that it was taken. @zh 走过的次数。 */
        count: number;
        /** What is done on it. @zh 在这条路上做什么。 */
        note?: Words;
      }[],
      options?: Captioned,
    ]
  >;
  /** A film: drawings one after another, each with its sentence; step forward and back. @zh 一组先后的图，各配一句话，可以前后翻看。 */
  readonly steps: Shows<
    [
      frames: readonly {
        /** What happened before this moment. @zh 这一刻之前发生了什么。 */
        say: Words;
        /** Made by `show.….of` or `heap.of`. @zh 由 `show.….of` 或 `heap.of` 做成。 */
        picture: Drawing;
      }[],
      options?: Captioned,
    ]
  >;
};

/**
 * Controls beside the result; each call returns the present value, and a change runs the cell again.
 * @zh 结果旁的控件；每次调用返回此刻的值，值一变单元格就重新运行。
 */
declare const input: {
  /** A number between two others. @zh 两数之间的一个数。 */
  range(
    name: string,
    options: {
      /** The least value. @zh 最小值。 */
      min: number;
      /** The greatest value. @zh 最大值。 */
      max: number;
      /** Distance of two values; default 1. @zh 两个值的间隔，默认 1。 */
      step?: number;
      /** The value at first. @zh 最初的值。 */
      value?: number;
      /** Words beside the control; default its name. @zh 控件旁的文字，默认是它的名字。 */
      label?: Words;
    },
  ): number;
  /** One of several values. @zh 几个值中的一个。 */
  choice<const T extends string | number | boolean>(
    name: string,
    options: readonly (
      | T
      | {
          /** What the call returns. @zh 调用返回的值。 */
          value: T;
          /** What the reader sees of it. @zh 读者看到的文字。 */
          label: Words;
        }
    )[],
    value?: T,
    more?: {
      /** Words beside the control; default its name. @zh 控件旁的文字，默认是它的名字。 */
      label?: Words;
    },
  ): T;
  /**
   * A text file that the reader drops or opens; until then `value`. At most 1 MB.
   * @zh 读者拖入或打开的文本文件；在此之前是 `value`。不超过 1 MB。
   */
  file(
    name: string,
    options: {
      /** The text at first. @zh 最初的文本。 */
      value: string;
      /** Kinds of file that are offered: ".jsonl,.txt". @zh 可选的文件类型，如 ".jsonl,.txt"。 */
      accept?: string;
      /** Words beside the control; default its name. @zh 控件旁的文字，默认是它的名字。 */
      label?: Words;
    },
  ): string;
  /** Yes or no. @zh 是或否。 */
  toggle(
    name: string,
    value?: boolean,
    more?: {
      /** Words beside the control; default its name. @zh 控件旁的文字，默认是它的名字。 */
      label?: Words;
    },
  ): boolean;
};

/**
 * A part of a recording of the real Go 1.26.8: one line by its number, or one fact by its name. The arguments are
 * plain literals, for the page carries no more than that.
 * @zh 真实 Go 1.26.8 的录制数据：按行号取一行，或按名字取一条事实。参数只能是字面量，因为页面只带上这些部分。
 * @example const fact = recorded("facts-1", "F9");
 */
// biome-ignore lint/suspicious/noExplicitAny: what a line holds is the recording's business
declare function recorded(
  recording: string,
  line: string | number,
  path?: string,
): any;
