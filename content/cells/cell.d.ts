/**
 * What every cell has without an import. The kernel provides these (src/kernel/session.ts); the editor and the type
 * check of the cells read them here.
 */

/** Words for the reader: one string for both languages, or one each. */
type Words = string | { zh: string; en: string };

/**
 * Shows a line of text. An object `{ zh, en }` among the values shows as the words of the page's language.
 * @zh 显示一行文字。值里的 `{ zh, en }` 对象按页面的语言显示。
 */
declare function print(...values: unknown[]): void;

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

type Points =
  | Iterable<readonly [x: number, y: number]>
  | Iterable<number>;

interface ChartOptions {
  /** @zh 折线、柱或阶梯；默认折线。 */
  kind?: "line" | "bar" | "step";
  /** Name of the x axis. @zh 横轴的名称。 */
  x?: Words;
  /** Name of the y axis. @zh 纵轴的名称。 */
  y?: Words;
  /** A logarithmic y axis. @zh 纵轴用对数刻度。 */
  logY?: boolean;
  caption?: Words;
}

/**
 * Draws series of points.
 * @zh 画出若干组点。
 */
declare function chart(
  series:
    | readonly { name: Words; points: Points }[]
    | Readonly<Record<string, Points>>,
  options?: ChartOptions,
): void;

interface HeapOptions {
  /** The object, or address, whose span and slot are selected. @zh 选中这个对象（或地址）所在的 span 和槽。 */
  span?: import("goheap").Ref | string | number;
  slot?: number;
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

interface PathRow {
  label?: Words;
  size: number;
  pointers?: boolean;
  path: string;
  slot?: number | null;
}

interface BorderRow {
  size: number;
  path: string;
  slot: number;
  pages: number;
}

interface TinyBlock {
  label?: Words;
  /** The P's tiny offset, while the block is still open. */
  offset?: number;
  objects: readonly {
    offset: number;
    size: number;
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
    options?: { caption?: Words },
  ): void;
  /** The number line of sizes in two lanes, small and large. @zh 大小的数轴，分小对象、大对象两道。 */
  border(
    rows: readonly BorderRow[],
    options?: { at?: number; caption?: Words },
  ): void;
  /** Tiny blocks, 16 bytes a row. @zh 微型块，一行 16 字节。 */
  tiny(
    blocks: readonly TinyBlock[],
    options?: { caption?: Words },
  ): void;
  /** Tiny blocks from addresses: objects in the same 16 bytes share a row. @zh 由地址得到微型块。 */
  tinyOf(
    objects: readonly {
      address: string;
      size: number;
      label?: Words;
    }[],
    options?: { offset?: number; caption?: Words },
  ): void;
  /** Ps side by side, with the spans in their mcaches. @zh 并排的 P，各带自己 mcache 里的 span。 */
  lanes(
    snapshot: ReturnType<import("goheap").Process["snapshot"]>,
    options?: {
      goroutines?: readonly { name: string; p: number }[];
      objects?: readonly {
        label: string;
        address: string;
        madeOn?: number;
      }[];
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
      min: number;
      max: number;
      step?: number;
      value?: number;
      label?: Words;
    },
  ): number;
  /** One of several values. @zh 几个值中的一个。 */
  choice<const T extends string | number | boolean>(
    name: string,
    options: readonly (T | { value: T; label: Words })[],
    value?: T,
    more?: { label?: Words },
  ): T;
  /** Yes or no. @zh 是或否。 */
  toggle(
    name: string,
    value?: boolean,
    more?: { label?: Words },
  ): boolean;
};
