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

const repo = join(import.meta.dirname.replaceAll("\\", "/"), "../..");

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
  /** Number constants that are written as such. */
  readonly numbers: ReadonlyMap<string, number>;
  /** What it exports, as it runs. */
  readonly values: Readonly<Record<string, unknown>>;
}

export type Modules = ReadonlyMap<string, Module>;

/** Reads a module and all that it imports. @param read the source of "engine/…/x.ts" */
export async function readModules(entry: string, read = readSource): Promise<Modules> {
  const modules = new Map<string, Module>();
  const todo = [entry, "engine/memory/layout.ts"];
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
  const numbers = new Map<string, number>();
  for (const node of program.body) {
    if (node.type === "ImportDeclaration") {
      const from = join(dirname(path), node.source.value as string);
      for (const s of node.specifiers) {
        const name = s.type === "ImportSpecifier" ? (s.imported as acorn.Identifier).name : "*";
        imports.set(s.local.name, `${from} ${name}`);
      }
    }
    const declared = node.type === "ExportNamedDeclaration" ? node.declaration : node;
    if (declared?.type === "FunctionDeclaration")
      functions.set(declared.id.name, declared as acorn.FunctionDeclaration);
    if (declared?.type === "VariableDeclaration") for (const d of declared.declarations) declare(d);
  }
  return { path, code, program, imports, functions, accessors, numbers, values };

  function declare({ id, init }: acorn.VariableDeclarator): void {
    if (id.type === "Identifier" && init) {
      const value = numberOf(init);
      if (value !== null) numbers.set(id.name, value);
    }
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

/** The value of a number literal, or of a product, sum, shift or power of such; null for anything else. */
function numberOf(node: acorn.Expression | acorn.PrivateIdentifier): number | null {
  if (node.type === "Literal") return typeof node.value === "number" ? node.value : null;
  if (node.type === "UnaryExpression" && node.operator === "-") {
    const v = numberOf(node.argument);
    return v === null ? null : -v;
  }
  if (node.type !== "BinaryExpression") return null;
  const a = numberOf(node.left);
  const b = numberOf(node.right);
  if (a === null || b === null) return null;
  if (node.operator === "*") return a * b;
  if (node.operator === "+") return a + b;
  if (node.operator === "-") return a - b;
  if (node.operator === "<<") return a << b;
  return node.operator === "**" ? a ** b : null;
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
 * The function that a kind of field gives, as layout.ts has it.
 *
 * @param index its place in the pair or tuple; -1 when the kind gives one function
 */
export function accessorFunction(modules: Modules, kind: string, index: number): acorn.ArrowFunctionExpression {
  const layout = modules.get("engine/memory/layout.ts");
  const classNode = layout?.program.body
    .map((node) => (node.type === "ExportNamedDeclaration" ? node.declaration : node))
    .find((node) => node?.type === "ClassDeclaration" && node.id.name === "Layout") as acorn.ClassDeclaration;
  const method = classNode.body.body.find(
    (member) => member.type === "MethodDefinition" && member.key.type === "Identifier" && member.key.name === kind,
  ) as acorn.MethodDefinition | undefined;
  const result = method?.value.body.body.find((node) => node.type === "ReturnStatement")?.argument;
  const found = index < 0 ? result : result?.type === "ArrayExpression" ? result.elements[index] : null;
  if (found?.type !== "ArrowFunctionExpression") throw new Error(`layout.ts: kind ${kind} gives no function ${index}`);
  return found;
}
