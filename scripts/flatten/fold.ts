/** Arithmetic on source text: what is known before the program runs need not be computed by it. */

/** A number as source text that may stand anywhere in an expression. */
export function literal(value: number): string {
  return value < 0 || Object.is(value, -0) ? `(-${-value})` : String(value);
}

/** True for the text of a number, as `literal` writes it or a program does. */
export function isNumber(text: string): boolean {
  return /^(\d+(\.\d+)?(e\+?\d+)?|0x[\da-f]+|\(-\d+(\.\d+)?(e\+?\d+)?\))$/i.test(text);
}

/** The number that such a text stands for. */
export function numberIn(text: string): number {
  return Number(text.replace(/[()]/g, ""));
}

const operators: Readonly<Record<string, (a: number, b: number) => number | boolean>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "%": (a, b) => a % b,
  "**": (a, b) => a ** b,
  "<<": (a, b) => a << b,
  ">>": (a, b) => a >> b,
  ">>>": (a, b) => a >>> b,
  "&": (a, b) => a & b,
  "|": (a, b) => a | b,
  "^": (a, b) => a ^ b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "===": (a, b) => a === b,
  "!==": (a, b) => a !== b,
};

/** The text of an operation, as short as can be; its value when that is known before the program runs. */
export function computed(left: string, operator: string, right: string): string {
  if (isNumber(left) && isNumber(right)) {
    const value = operators[operator]?.(numberIn(left), numberIn(right));
    if (value !== undefined) return typeof value === "number" ? literal(value) : String(value);
  }
  if (operator === "+" && right === "0") return left;
  // (a + 8) + 4, as offsets of fields are added.
  const sum = operator === "+" && /^\d+$/.test(right) ? /^\((.+) \+ (\d+)\)$/.exec(left) : null;
  if (sum !== null && isBalanced(sum[1])) return `(${sum[1]} + ${Number(sum[2]) + Number(right)})`;
  return `(${left} ${operator} ${right})`;
}

function isBalanced(text: string): boolean {
  let depth = 0;
  for (const c of text) {
    if (c === "(") depth++;
    if (c === ")" && --depth < 0) return false;
  }
  return depth === 0;
}
