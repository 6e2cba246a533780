/** Files of the cells in the editor: in the order of the page, so that a file knows which ones are above it. */

const FOLDER = "cells/";

/** "cells/003-border.ts" for the fourth cell of the page. */
export function cellFile(index: number, id: string): string {
  return `${FOLDER}${String(index).padStart(3, "0")}-${id.slice(id.indexOf("/") + 1)}.ts`;
}

/** True for the address of a cell's file, "file:///cells/003-border.ts". */
export function isCellFile(address: string): boolean {
  return address.includes(`/${FOLDER}`) && address.endsWith(".ts");
}

/** What another cell imports it as. */
export function importName(address: string): string {
  return `./${address.slice(address.lastIndexOf("/") + 1, -3)}`;
}

/** Top-level declarations of one cell's file. */
export interface CellNames {
  readonly file: string;
  readonly names: readonly string[];
}

/**
 * What is put after a cell's text for the compiler alone: it exports the cell's own names, and imports those of the
 * cells above that it does not declare itself, each from the nearest cell that has it. Offsets in the text stay.
 */
export function suffix(own: readonly string[], above: readonly CellNames[]): string {
  const taken = new Set(own);
  const imports: string[] = [];
  for (const { file, names } of above.toReversed()) {
    const wanted = names.filter((name) => !taken.has(name));
    for (const name of wanted) taken.add(name);
    if (wanted.length > 0) imports.push(`import { ${wanted.join(", ")} } from "${importName(file)}";`);
  }
  return `\n;export { ${own.join(", ")} };${imports.join("")}`;
}
