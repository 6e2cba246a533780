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
  | "cell/returned";

/**
 * Something in a cell that its writer can mend: a wrong type, an index out of range, an object that was swept.
 * @zh 写单元格的人可以改正的错误：类型不符、下标越界、对象已被清扫。
 */
export class CellError extends Error {
  override readonly name = "CellError";
  /** Permanent name of the error, such as `cell/freed`. */
  readonly code: CellErrorCode;
  /** What the sentence is about, by name, so that a page can say it in its own language. */
  readonly args: Readonly<Record<string, string | number>>;

  constructor(code: CellErrorCode, message: string, args: Readonly<Record<string, string | number>> = {}) {
    super(message);
    this.code = code;
    this.args = args;
  }
}
