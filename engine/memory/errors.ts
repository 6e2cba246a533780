/** Errors that the writer of a cell can mend. */

/**
 * Permanent names of what can go wrong; each has its sentence in every language of the site.
 * @zh 各种错误的固定名字；每一个在网站的每种语言里都有对应的句子。
 */
export type CellErrorCode =
  | "cell/freed"
  | "cell/no-field"
  | "cell/index"
  | "cell/type"
  | "cell/value"
  | "cell/read-only"
  | "cell/size"
  | "cell/proc"
  | "cell/other-process"
  | "cell/option"
  | "cell/types-full"
  | "cell/not-heap"
  | "cell/returned"
  | "cell/trace"
  | "cell/address"
  | "cell/watching"
  | "cell/fault"
  | "offheap/freed"
  | "offheap/double-free"
  | "offheap/not-allocated"
  | "offheap/written-after-free"
  | "offheap/out-of-memory"
  | "offheap/fault"
  | "offheap/range"
  | "offheap/size"
  | "offheap/value"
  | "offheap/option"
  | "offheap/closed";

/**
 * Something in a cell that its writer can mend: a wrong type, an index out of range, an object that was swept.
 * @zh 写单元格的人可以改正的错误：类型不符、下标越界、对象已被清扫。
 */
export class CellError extends Error {
  /** Tells it from other errors, whoever has caught it. @zh 捕获之后凭它与别的错误区分。 */
  override readonly name = "CellError";
  /** Permanent name of the error, such as `cell/freed`. @zh 错误的固定名字，例如 `cell/freed`。 */
  readonly code: CellErrorCode;
  /**
   * What the sentence is about, by name, so that a page can say it in its own language.
   * @zh 句子里的具体内容，按名字列出，页面可以用自己的语言来说。
   */
  readonly args: Readonly<Record<string, string | number>>;

  constructor(code: CellErrorCode, message: string, args: Readonly<Record<string, string | number>> = {}) {
    super(message);
    this.code = code;
    this.args = args;
  }
}
