/**
 * Places in Go's source. src/mdx/go-symbols.json knows the lines of every top-level symbol of the runtime's files at
 * the site's tag (`node scripts/go-symbols.ts`, where Go is installed), so a wrong file, name or line stops the build.
 */
import { goVersion } from "../i18n/site.ts";
import table from "./go-symbols.json" with { type: "json" };

export interface GoSource {
  readonly url: string;
  /** "runtime/malloc.go, mallocgc" */
  readonly label: string;
  readonly first: number;
  readonly last: number;
}

/** @param place `runtime/malloc.go#mallocgc`; a method is `mcache.refill`. @param line a line inside the symbol. */
export function goSource(place: string, line?: number): GoSource {
  const [file = "", symbol = ""] = place.split("#");
  const symbols = (table.files as unknown as Record<string, Record<string, readonly [number, number]>>)[file];
  if (symbols === undefined) throw new Error(`Go's source: no file "${file}" in src/mdx/go-symbols.json`);
  const lines = Object.hasOwn(symbols, symbol) ? symbols[symbol] : undefined;
  if (lines === undefined) throw new Error(`Go's source: ${file} has no top-level "${symbol}" in Go ${goVersion}`);
  const [first, last] = lines;
  if (line !== undefined && (line < first || line > last)) {
    throw new Error(`Go's source: line ${line} of ${file} is outside ${symbol} (${first} to ${last})`);
  }
  const at = line === undefined ? (first === last ? `L${first}` : `L${first}-L${last}`) : `L${line}`;
  return {
    url: `https://github.com/golang/go/blob/go${goVersion}/src/${file}#${at}`,
    label: `${file}, ${symbol}`,
    first,
    last,
  };
}
