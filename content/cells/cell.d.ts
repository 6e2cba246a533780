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

/**
 * Draws the heap of a process as it is now.
 * @zh 画出一个进程此刻的堆。
 */
declare function heap(
  process:
    | import("goheap").Process
    | ReturnType<import("goheap").Process["snapshot"]>,
  options?: HeapOptions,
): void;

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

/**
 * Drawings of one idea each.
 * @zh 各画一个想法的图。
 */
declare const show: {
  /** The decision tree of mallocgc, with the branches lit that were taken. @zh mallocgc 的决策树，走过的分支亮起。 */
  paths(
    rows: readonly PathRow[],
    options?: {
      /** Words with the drawing. @zh 图的说明。 */
      caption?: Words;
    },
  ): void;
  /** The number line of sizes in two lanes, small and large. @zh 大小的数轴，分小对象、大对象两道。 */
  border(
    rows: readonly BorderRow[],
    options?: {
      /** The size that is marked. @zh 标出的大小。 */
      at?: number;
      /** Words with the drawing. @zh 图的说明。 */
      caption?: Words;
    },
  ): void;
  /** Tiny blocks, 16 bytes a row. @zh 微型块，一行 16 字节。 */
  tiny(
    blocks: readonly TinyBlock[],
    options?: {
      /** Words with the drawing. @zh 图的说明。 */
      caption?: Words;
    },
  ): void;
  /** Tiny blocks from addresses: objects in the same 16 bytes share a row. @zh 由地址得到微型块。 */
  tinyOf(
    objects: readonly {
      /** Address of the object. @zh 对象的地址。 */
      address: string;
      /** Bytes of the object. @zh 对象的字节数。 */
      size: number;
      /** What the object is called. @zh 对象的名字。 */
      label?: Words;
    }[],
    options?: {
      /** The P's tiny offset in the last block. @zh 最后一块里 P 的 tinyoffset。 */
      offset?: number;
      /** Words with the drawing. @zh 图的说明。 */
      caption?: Words;
    },
  ): void;
  /** Ps side by side, with the spans in their mcaches. @zh 并排的 P，各带自己 mcache 里的 span。 */
  lanes(
    snapshot: ReturnType<import("goheap").Process["snapshot"]>,
    options?: {
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
      /** Words with the drawing. @zh 图的说明。 */
      caption?: Words;
    },
  ): void;
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
