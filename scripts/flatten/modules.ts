/**
 * The engine's modules as the flattening reads them: code without types, what a name stands for, and, from the module
 * itself, the values that only running it gives: offsets of fields and constants.
 */
import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { dirname, join } from "node:path/posix";
import { pathToFileURL } from "node:url";
import type * as acorn from "acorn";
import { parse } from "acorn";
import type { Layout } from "../../engine/memory/layout.ts";

/** Not this file's place: in the site's build it is a part of some chunk. */
const repo = process.cwd().replaceAll("\\", "/");

const LAYOUT = "engine/memory/layout.ts";
const WORDS = "scripts/flatten/words.ts";

/** `export const [get, set] = layout.u16("freeindex")`: where one accessor comes from. */
export interface Accessor {
  readonly layout: string;
  readonly kind: string;
  readonly field: string;
  /** Its place among what the field's kind gives; -1 when that is one function. */
  readonly index: number;
}

export interface Module {
  readonly path: string;
  readonly code: string;
  readonly program: acorn.Program;
  /** Local name → "path name", or "path *" for a namespace. */
  readonly imports: ReadonlyMap<string, string>;
  readonly functions: ReadonlyMap<string, acorn.FunctionDeclaration>;
  readonly accessors: ReadonlyMap<string, Accessor>;
  /** Of each function, the parameters that are true or false. */
  readonly booleans: ReadonlyMap<string, readonly string[]>;
  /** What its constants are set to. */
  readonly constants: ReadonlyMap<string, acorn.Expression>;
  /** What it exports, as it runs. */
  readonly values: Readonly<Record<string, unknown>>;
}

export type Modules = ReadonlyMap<string, Module>;

/** Reads a module and all that it imports. @param read the source of "engine/…/x.ts" */
export async function readModules(entries: readonly string[], read = readSource): Promise<Modules> {
  const modules = new Map<string, Module>();
  const todo = [...entries, LAYOUT, WORDS];
  for (let path = todo.pop(); path !== undefined; path = todo.pop()) {
    if (modules.has(path)) continue;
    const values = await import(/* @vite-ignore */ pathToFileURL(join(repo, path)).href);
    const module = readModule(path, read(path), values);
    modules.set(path, module);
    for (const target of module.imports.values()) todo.push(split(target)[0]);
  }
  return modules;
}

export function readSource(path: string): string {
  return readFileSync(join(repo, path), "utf8");
}

export function split(ref: string): [path: string, name: string] {
  const space = ref.indexOf(" ");
  return [ref.slice(0, space), ref.slice(space + 1)];
}

function readModule(path: string, source: string, values: Record<string, unknown>): Module {
  const code = stripTypeScriptTypes(source, { mode: "strip" });
  const program = parse(code, { ecmaVersion: "latest", sourceType: "module" });
  const imports = new Map<string, string>();
  const functions = new Map<string, acorn.FunctionDeclaration>();
  const accessors = new Map<string, Accessor>();
  const constants = new Map<string, acorn.Expression>();
  const booleans = new Map<string, string[]>();
  for (const node of program.body) {
    if (node.type === "ImportDeclaration") {
      const from = join(dirname(path), node.source.value as string);
      for (const s of node.specifiers) {
        const name = s.type === "ImportSpecifier" ? (s.imported as acorn.Identifier).name : "*";
        imports.set(s.local.name, `${from} ${name}`);
      }
    }
    const declared = node.type === "ExportNamedDeclaration" ? node.declaration : node;
    if (declared?.type === "FunctionDeclaration") {
      functions.set(declared.id.name, declared as acorn.FunctionDeclaration);
      // Types are blanked out where they stood, so that positions are those of the source.
      const typed = declared.params.filter((p) => /^\s*:\s*boolean\b/.test(source.slice(p.end)));
      booleans.set(
        declared.id.name,
        typed.map((p) => source.slice(p.start, p.end)),
      );
    }
    if (declared?.type === "VariableDeclaration") for (const d of declared.declarations) declare(d);
  }
  return { path, code, program, imports, functions, accessors, booleans, constants, values };

  function declare({ id, init }: acorn.VariableDeclarator): void {
    if (id.type === "Identifier" && init) constants.set(id.name, init);
    if (init?.type !== "CallExpression" || init.callee.type !== "MemberExpression") return;
    const { object, property } = init.callee;
    const [field] = init.arguments;
    if (object.type !== "Identifier" || property.type !== "Identifier" || field?.type !== "Literal") return;
    const from = { layout: object.name, kind: property.name, field: String(field.value) };
    if (id.type === "Identifier") accessors.set(id.name, { ...from, index: -1 });
    if (id.type !== "ArrayPattern") return;
    id.elements.forEach((e, index) => {
      if (e?.type === "Identifier") accessors.set(e.name, { ...from, index });
    });
  }
}

/** A field's place in its record, from the layout itself. */
export function fieldOf(module: Module, accessor: Accessor): { offset: number; elementSize: number } {
  const layout = module.values[accessor.layout] as Layout<string> | undefined;
  const field = layout?.fields.find((f) => f.name === accessor.field);
  if (field === undefined) {
    throw new Error(
      `${module.path}: field "${accessor.field}" is not to be seen: export the layout ${accessor.layout}`,
    );
  }
  return { offset: field.offset, elementSize: field.size / field.count };
}

/**
 * The function that a kind of field gives: as words.ts has it, or else layout.ts.
 *
 * @param index its place in the pair or tuple; -1 when the kind gives one function
 */
export function accessorFunction(
  modules: Modules,
  kind: string,
  index: number,
): { readonly module: Module; readonly fn: acorn.ArrowFunctionExpression } {
  const words = modules.get(WORDS)!;
  const flat = words.program.body
    .flatMap((node) => (node.type === "ExportNamedDeclaration" ? [node.declaration] : []))
    .flatMap((node) => (node?.type === "VariableDeclaration" ? node.declarations : []))
    .find(({ id }) => id.type === "Identifier" && id.name === (index < 2 ? kind.replace(/a$/, "") : kind));
  const arrow = flat?.init?.type === "ArrayExpression" ? flat.init.elements[index] : undefined;
  if (arrow?.type === "ArrowFunctionExpression") return { module: words, fn: arrow };

  const layout = modules.get(LAYOUT)!;
  const classNode = layout.program.body
    .map((node) => (node.type === "ExportNamedDeclaration" ? node.declaration : node))
    .find((node) => node?.type === "ClassDeclaration" && node.id.name === "Layout") as acorn.ClassDeclaration;
  const method = classNode.body.body.find(
    (member) => member.type === "MethodDefinition" && member.key.type === "Identifier" && member.key.name === kind,
  ) as acorn.MethodDefinition | undefined;
  const result = method?.value.body.body.find((node) => node.type === "ReturnStatement")?.argument;
  const found = index < 0 ? result : result?.type === "ArrayExpression" ? result.elements[index] : null;
  if (found?.type !== "ArrowFunctionExpression") throw new Error(`layout.ts: kind ${kind} gives no function ${index}`);
  return { module: layout, fn: found };
}
