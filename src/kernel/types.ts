/**
 * What a cell may use, as declarations for the editor: the engine's door `goheap`, and the kernel's own globals.
 * Node only; made from the sources, so it cannot fall behind them.
 *
 * A docstring has its English text and a tag `@zh …` with the Chinese one; doc-language.ts leaves one of the two.
 */

import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";

/** Files of declarations by the path that the editor gives them: "/node_modules/goheap/index.d.ts", "/cell.d.ts". */
export type TypeFiles = Readonly<Record<string, string>>;

/** Declarations of the engine's door and everything it leads to. */
function engineTypes(): Record<string, string> {
  const root = join(process.cwd(), "engine");
  const entry = join(root, "index.ts");
  const options: ts.CompilerOptions = {
    declaration: true,
    emitDeclarationOnly: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    lib: ["lib.es2024.d.ts"],
    types: [],
    strict: true,
    skipLibCheck: true,
    stripInternal: true,
  };
  const program = ts.createProgram([entry], options);
  const emitted = new Map<string, string>();
  program.emit(undefined, (path, text) => emitted.set(relative(root, path), text), undefined, true);
  // Only what the door leads to: declarations name fewer files than the sources do.
  const files: Record<string, string> = {};
  const wanted = ["index.d.ts"];
  for (let path = wanted.pop(); path !== undefined; path = wanted.pop()) {
    const name = `/node_modules/goheap/${path}`;
    const text = emitted.get(path);
    if (text === undefined || Object.hasOwn(files, name)) continue;
    files[name] = text.replaceAll(/(from |import\()"(\.[^"]+)\.ts"/g, '$1"$2"');
    for (const match of text.matchAll(/(?:from |import\()"(\.[^"]+)\.ts"/g)) {
      wanted.push(join(dirname(path), `${match[1]}.d.ts`));
    }
  }
  return files;
}

let made: TypeFiles | null = null;

export function cellTypes(): TypeFiles {
  made ??= {
    ...engineTypes(),
    "/cell.d.ts": readFileSync(join(process.cwd(), "content/cells/cell.d.ts"), "utf8"),
  };
  return made;
}
