/** Errors of the heap itself, in Go's own words. */

/**
 * The heap broke its own rules: Go's `throw`. Never caught inside the engine. The text is Go's, letter for letter,
 * without the leading "fatal error: ".
 */
export class Fatal extends Error {
  override readonly name = "Fatal";
}

/** Go's `panic` with a runtime error: the program's fault, not the heap's. The text is what Go prints. */
export class Panic extends Error {
  override readonly name = "Panic";
}

/** Go's `throw(text)`, as an expression. */
export function throwFatal(text: string): never {
  throw new Fatal(text);
}
