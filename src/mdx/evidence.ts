/**
 * Holds a number in the text against what a cell's recorded run said. A number that the run does not bear out stops
 * the build, so prose cannot drift away from the program beside it.
 */
import type { Output } from "../kernel/protocol.ts";

/** 32,760 B, "32760" and 32760 are the same value; words are compared as they stand. */
export function sameValue(a: string, b: string): boolean {
  return normal(a) === normal(b);
}

/**
 * Checks `said` against a cell's outputs.
 *
 * @param path  a dotted path from the list of outputs (`0.rows.1.2`); without one the value must occur somewhere.
 * @throws with the cell, the path and both values when they differ.
 */
export function checkValue(said: string, cell: string, outputs: readonly Output[], path?: string): void {
  if (path === undefined) {
    if (values(outputs).some((one) => sameValue(one, said))) return;
    throw new Error(`"${said}" in the text: no value in the recorded output of cell ${cell} equals it`);
  }
  const found = valueAt(outputs, path);
  if (found !== undefined && sameValue(found, said)) return;
  throw new Error(`"${said}" in the text, but cell ${cell} recorded ${found ?? "nothing"} at ${path}`);
}

/** The scalar at a dotted path; a text line may also be asked for one of its words: `0.lines.2#1`. */
export function valueAt(outputs: readonly Output[], path: string): string | undefined {
  const [keys = "", word] = path.split("#");
  let at: unknown = outputs;
  for (const key of keys.split(".")) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  if (typeof at === "object" || at === undefined) return undefined;
  return word === undefined ? String(at) : words(String(at))[Number(word)];
}

/** Every scalar in the outputs, and of a printed line also each of its numbers. */
export function values(outputs: readonly Output[]): readonly string[] {
  const found: string[] = [];
  const visit = (at: unknown): void => {
    if (typeof at === "object" && at !== null) Object.values(at).forEach(visit);
    else if (typeof at === "string") found.push(at, ...words(at));
    else if (typeof at === "number") found.push(String(at));
  };
  visit(outputs);
  return found;
}

function words(line: string): readonly string[] {
  return line.match(/0x[0-9a-f]+|-?\d[\d,_]*(?:\.\d+)?|[^\s\d]+/gi) ?? [];
}

const unit = /\s*(?:B|KB|MB|GB|KiB|MiB|GiB|bytes?|字节|pages?|页|slots?|个|次|times|ms|µs|ns|%)$/;

function normal(value: string): string {
  const bare = value.trim().replace(unit, "");
  return /^-?[\d,_ ]+(\.\d+)?$/.test(bare) ? bare.replaceAll(/[,_ ]/g, "").replace("−", "-") : bare;
}
