/** Errors of the heap itself, in Go's own words. */

/**
 * The heap broke its own rules: Go's `throw`. Never caught inside the engine. The text is Go's, letter for letter,
 * without the leading "fatal error: ".
 * @zh 堆破坏了自己的规则，相当于 Go 的 `throw`。引擎内部不会捕获它。文字与 Go 一字不差，只是没有开头的 "fatal error: "。
 */
export class Fatal extends Error {
  /** Tells it from other errors, whoever has caught it. @zh 捕获之后凭它与别的错误区分。 */
  override readonly name = "Fatal";
}

/**
 * Go's `panic` with a runtime error: the program's fault, not the heap's. The text is what Go prints.
 * @zh Go 的运行时 `panic`：错在程序，不在堆。文字就是 Go 打印的那一句。
 */
export class Panic extends Error {
  /** Tells it from other errors, whoever has caught it. @zh 捕获之后凭它与别的错误区分。 */
  override readonly name = "Panic";
}

/** Go's `throw(text)`, as an expression. */
export function throwFatal(text: string): never {
  throw new Fatal(text);
}
