/**
 * The TypeScript worker, with the cells of a page as modules that know the ones above.
 *
 * To the compiler each cell ends in a line that the reader never sees: `export` of its own names and `import` of those
 * above (names.ts). So two cells may declare the same name, top-level `await` is legal, and hover, completion and
 * go-to-definition cross cells, while every position is that of the text as typed.
 */

// @ts-expect-error Monaco ships this entry without declarations; what is used of it is named below.
import * as entry from "monaco-editor/languages/features/typescript/ts.worker";
import { type CellNames, isCellFile, suffix } from "./names.ts";

const { initialize, TypeScriptWorker, ts } = entry as {
  initialize(factory: (ctx: never, data: never) => unknown): void;
  TypeScriptWorker: new (...args: never[]) => Base;
  ts: { typescript: typeof import("typescript") };
};

interface Base {
  _getScriptText(file: string): string | undefined;
  getScriptFileNames(): string[];
}

/** Names that a program declares at its top level, imports included. */
function topLevelNames(text: string): string[] {
  const names: string[] = [];
  const bind = (name: { text?: string; elements?: readonly { name?: unknown }[] }): void => {
    if (typeof name.text === "string") names.push(name.text);
    for (const element of name.elements ?? []) if (element.name !== undefined) bind(element.name as typeof name);
  };
  const source = ts.typescript.createSourceFile("cell.ts", text, ts.typescript.ScriptTarget.ESNext, false);
  for (const statement of source.statements) {
    if ("declarationList" in statement) {
      for (const each of (statement as { declarationList: { declarations: { name: object }[] } }).declarationList
        .declarations) {
        bind(each.name);
      }
    } else if ("importClause" in statement) {
      const clause = (
        statement as { importClause?: { namedBindings?: { name?: object; elements?: { name: object }[] } } }
      ).importClause;
      if (clause?.namedBindings?.name !== undefined) bind(clause.namedBindings.name);
      for (const element of clause?.namedBindings?.elements ?? []) bind(element.name);
    } else if ("name" in statement && (statement as { name?: object }).name !== undefined) {
      bind((statement as { name: object }).name);
    }
  }
  return [...new Set(names)];
}

class CellWorker extends TypeScriptWorker {
  private readonly known = new Map<string, { text: string; names: string[] }>();

  override _getScriptText(file: string): string | undefined {
    const text = super._getScriptText(file);
    if (text === undefined || !isCellFile(file)) return text;
    const above: CellNames[] = this.getScriptFileNames()
      .filter((other) => isCellFile(other) && other < file)
      .sort()
      .map((other) => ({ file: other, names: this.namesOf(other, super._getScriptText(other) ?? "") }));
    return text + suffix(this.namesOf(file, text), above);
  }

  private namesOf(file: string, text: string): string[] {
    const known = this.known.get(file);
    if (known?.text === text) return known.names;
    const names = topLevelNames(text);
    this.known.set(file, { text, names });
    return names;
  }
}

self.onmessage = () => {
  initialize((ctx: never, data: never) => new CellWorker(ctx, data));
};
