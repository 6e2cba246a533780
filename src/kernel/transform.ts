/**
 * A reader's cell becomes a script that runs in the shared scope: types off, bindings shared, lines kept.
 *
 *   const a = go.new(uint8);          ($const.a = go.new(uint8));
 *   function twice(n) { … }     →     function twice(n) { … }       with `$cell.twice = twice;` before line 1
 *   a.address                         return (a.address)
 *
 * Each top-level name becomes a property of the kernel's global object, written through `$cell` (let, var, function,
 * class) or `$const`; uses of it are left as typed, since a free name in a script resolves to the global object. So a
 * later cell sees it, a second run may declare it again, and error messages speak the reader's names. The body is a
 * strict async function: `await` works at the top level, and the last expression statement is returned.
 *
 * Invariant: line n of the script is line n of the reader's text. Everything is inserted within existing lines.
 *
 * The same tree says which names a cell declares, reads and touches (changes without declaring); src/kernel/stale.ts
 * works out from them which cells are out of date and what has to run first.
 */

import { type Node as AcornNode, Parser } from "acorn";
import MagicString from "magic-string";
import { transform as stripTypes } from "sucrase";
import { Explained } from "./explain.ts";

export interface Compiled {
  readonly script: string;
  /** Top-level names, in order. */
  readonly declares: readonly string[];
  /** Names it uses and does not declare. */
  readonly reads: readonly string[];
  /** Names of `reads` whose value it may change: assigned, called upon, written through, or handed to a function. */
  readonly touches: readonly string[];
}

/** The modules a cell may import. */
const MODULES: readonly string[] = ["goheap"];

/** Calls that only look at what they are given. */
const LOOKERS = new Set(["print", "table", "chart", "heap", "show", "recorded"]);

interface Tree extends AcornNode {
  [key: string]: unknown;
}

type Visit = (node: Tree, scope: Scope, parent: Tree | null) => void;

class Scope {
  readonly names: Set<string>;
  readonly parent: Scope | null;

  constructor(names: Iterable<string>, parent: Scope | null) {
    this.names = new Set(names);
    this.parent = parent;
  }

  has(name: string): boolean {
    return this.names.has(name) || (this.parent?.has(name) ?? false);
  }
}

// ------------------------------------------------------------------------------------------------------ names in trees

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && typeof (value as Tree).type === "string";
}

function childrenOf(node: Tree): Tree[] {
  const out: Tree[] = [];
  for (const key of Object.keys(node)) {
    const value = node[key];
    if (Array.isArray(value)) out.push(...value.filter(isTree));
    else if (isTree(value)) out.push(value);
  }
  return out;
}

/** Identifiers that a binding pattern binds, in order. */
function bound(pattern: Tree | null): Tree[] {
  if (pattern === null) return [];
  switch (pattern.type) {
    case "Identifier":
      return [pattern];
    case "ObjectPattern":
      return (pattern["properties"] as Tree[]).flatMap((property) =>
        bound((property.type === "RestElement" ? property["argument"] : property["value"]) as Tree),
      );
    case "ArrayPattern":
      return (pattern["elements"] as (Tree | null)[]).flatMap((element) => bound(element));
    case "AssignmentPattern":
      return bound(pattern["left"] as Tree);
    case "RestElement":
      return bound(pattern["argument"] as Tree);
    default:
      return [];
  }
}

const nameOf = (identifier: Tree) => identifier["name"] as string;
const namesIn = (pattern: Tree | null) => bound(pattern).map(nameOf);
const isFunction = (node: Tree) => /Function/.test(node.type);

/** `var` declarations that hoist to the function (or program) whose body `node` is. */
function hoisted(node: Tree, into: Tree[] = []): Tree[] {
  for (const child of childrenOf(node)) {
    if (isFunction(child) || child.type === "StaticBlock" || child.type === "PropertyDefinition") continue;
    if (child.type === "VariableDeclaration" && child["kind"] === "var") into.push(child);
    hoisted(child, into);
  }
  return into;
}

const declared = (declaration: Tree) =>
  (declaration["declarations"] as Tree[]).flatMap((each) => namesIn(each["id"] as Tree));

/** Names that a list of statements binds for itself: let, const, class, function. */
function lexical(statements: readonly Tree[]): string[] {
  return statements.flatMap((statement) => {
    if (statement.type === "VariableDeclaration" && statement["kind"] !== "var") return declared(statement);
    if (statement.type === "FunctionDeclaration" || statement.type === "ClassDeclaration") {
      return namesIn(statement["id"] as Tree);
    }
    return [];
  });
}

/** The scope that a node opens for its children, or the one it stands in. */
function opened(node: Tree, scope: Scope): Scope {
  if (isFunction(node)) {
    const own = (node["params"] as Tree[]).flatMap(namesIn);
    if (node.type === "FunctionExpression" && node["id"] !== null) own.push(...namesIn(node["id"] as Tree));
    if (node.type !== "ArrowFunctionExpression") own.push("arguments");
    return new Scope([...own, ...hoisted(node["body"] as Tree).flatMap(declared)], scope);
  }
  switch (node.type) {
    case "BlockStatement":
    case "StaticBlock":
      return new Scope(lexical(node["body"] as Tree[]), scope);
    case "SwitchStatement":
      return new Scope(lexical((node["cases"] as Tree[]).flatMap((each) => each["consequent"] as Tree[])), scope);
    case "ForStatement":
    case "ForInStatement":
    case "ForOfStatement": {
      const head = (node["init"] ?? node["left"]) as Tree | null;
      return head?.type === "VariableDeclaration" && head["kind"] !== "var" ? new Scope(declared(head), scope) : scope;
    }
    case "CatchClause":
      return new Scope(namesIn(node["param"] as Tree | null), scope);
    case "ClassExpression":
    case "ClassDeclaration":
      return node["id"] === null ? scope : new Scope(namesIn(node["id"] as Tree), scope);
    default:
      return scope;
  }
}

/** True when this identifier names a value (and is not a key, a label or a word of syntax). */
function isReference(node: Tree, parent: Tree | null): boolean {
  if (parent === null) return true;
  switch (parent.type) {
    case "MemberExpression":
      return parent["object"] === node || parent["computed"] === true;
    case "Property":
    case "MethodDefinition":
    case "PropertyDefinition":
      return parent["value"] === node || parent["computed"] === true;
    case "LabeledStatement":
    case "BreakStatement":
    case "ContinueStatement":
    case "MetaProperty":
    case "ImportSpecifier":
    case "ImportDefaultSpecifier":
    case "ImportNamespaceSpecifier":
      return false;
    default:
      return true;
  }
}

function walk(node: Tree, scope: Scope, parent: Tree | null, visit: Visit): void {
  visit(node, scope, parent);
  const inner = opened(node, scope);
  for (const child of childrenOf(node)) walk(child, inner, node, visit);
}

/** The free name at the left end of `a.b[c].d`, or null. */
function rootOf(node: Tree, scope: Scope): string | null {
  let at = node;
  while (at.type === "MemberExpression" || at.type === "ChainExpression" || at.type === "CallExpression") {
    at = (at["object"] ?? at["expression"] ?? at["callee"]) as Tree;
  }
  return at.type === "Identifier" && !scope.has(nameOf(at)) ? nameOf(at) : null;
}

function usesOf(program: Tree): { reads: Set<string>; touches: Set<string> } {
  const reads = new Set<string>();
  const touches = new Set<string>();
  const touch = (name: string | null) => name !== null && touches.add(name);
  const assigned = (target: Tree, scope: Scope) => {
    if (target.type === "MemberExpression") touch(rootOf(target, scope));
    else for (const id of bound(target)) if (!scope.has(nameOf(id))) touch(nameOf(id));
  };
  walk(program, new Scope([], null), null, (node, scope, parent) => {
    switch (node.type) {
      case "Identifier":
        if (isReference(node, parent) && !scope.has(nameOf(node))) reads.add(nameOf(node));
        break;
      case "AssignmentExpression":
        assigned(node["left"] as Tree, scope);
        break;
      case "UpdateExpression":
        assigned(node["argument"] as Tree, scope);
        break;
      case "UnaryExpression":
        if (node["operator"] === "delete") assigned(node["argument"] as Tree, scope);
        break;
      case "CallExpression":
      case "NewExpression": {
        const callee = node["callee"] as Tree;
        if (callee.type === "MemberExpression") touch(rootOf(callee, scope));
        if (LOOKERS.has(rootOf(callee, scope) ?? "")) break;
        for (const argument of node["arguments"] as Tree[]) {
          if (argument.type === "Identifier" && !scope.has(nameOf(argument))) touch(nameOf(argument));
        }
        break;
      }
    }
  });
  return { reads, touches };
}

// ------------------------------------------------------------------------------------------------------------ rewriting

/** Puts `prefix` before each name a pattern binds, so that it becomes an assignment target on the shared scope. */
function share(code: MagicString, pattern: Tree, prefix: string, shorthand: Set<Tree>): void {
  for (const id of bound(pattern)) {
    code.appendLeft(id.start, shorthand.has(id) ? `${nameOf(id)}: ${prefix}` : prefix);
  }
}

/** Identifiers that stand for key and value at once, `{ x }` and `{ x = 1 }`. */
function shorthands(program: Tree): Set<Tree> {
  const out = new Set<Tree>();
  walk(program, new Scope([], null), null, (node) => {
    if (node.type !== "Property" || node["shorthand"] !== true) return;
    for (const id of bound(node["value"] as Tree)) out.add(id);
  });
  return out;
}

/**
 * A declaration as assignments. `void (` in front: a line that began with a bracket would be read as a call of the
 * line above it where that has no semicolon.
 */
function shareDeclaration(code: MagicString, node: Tree, isHead: boolean, shorthand: Set<Tree>): void {
  const prefix = node["kind"] === "const" ? "$const." : "$cell.";
  const declarations = node["declarations"] as Tree[];
  const first = declarations[0]!;
  const keyword = newlines(code.original.slice(node.start, first.start));
  code.overwrite(node.start, first.start, isHead ? keyword : `${keyword}void (`);
  for (const each of declarations) {
    const id = each["id"] as Tree;
    if (each["init"] === null && node["kind"] === "var" && !isHead) {
      code.overwrite(id.start, id.end, "0"); // it has been undefined since the start of the run
      continue;
    }
    share(code, id, prefix, shorthand);
    if (each["init"] === null && !isHead) code.appendRight(id.end, " = undefined");
  }
  if (isHead) return;
  code.appendRight(declarations.at(-1)!.end, code.original[node.end - 1] === ";" ? ")" : ");");
}

/** As many line breaks as `text` has; a space when it has none, so that no two words meet. */
function newlines(text: string): string {
  return text.replace(/[^\n]+/g, "") || " ";
}

/** A type is not kept, and so neither is an import that only names types: where it comes from is checked before. */
function checkImports(source: string): void {
  for (const match of source.matchAll(/^[ \t]*import\b(?!\s*\()[^"'`;]*["']([^"'\n]+)["']/gm)) {
    const name = match[1]!;
    if (MODULES.includes(name)) continue;
    throw new Explained(
      "cell/import",
      {
        zh: `单元格只能导入 "goheap"，没有 "${name}"。这里没有网络，也没有别的包。`,
        en: `A cell can import "goheap" only, not "${name}". There is no network here and no other package.`,
      },
      source.slice(0, match.index).split("\n").length,
    );
  }
}

/** An import as assignments from `$import`, on the first of its lines. */
function shareImport(code: MagicString, node: Tree): string[] {
  const names: string[] = [];
  const parts = (node["specifiers"] as Tree[]).map((specifier) => {
    const local = nameOf(specifier["local"] as Tree);
    names.push(local);
    if (specifier.type === "ImportNamespaceSpecifier") return `$const.${local} = $import;`;
    const imported = specifier.type === "ImportDefaultSpecifier" ? "default" : nameOf(specifier["imported"] as Tree);
    return `$const.${local} = $import.${imported};`;
  });
  const text = code.original.slice(node.start, node.end);
  code.overwrite(node.start, node.end, parts.join(" ") + text.replace(/[^\n]+/g, ""));
  return names;
}

// -------------------------------------------------------------------------------------------------------------- parsing

/** A parser's complaint with its "(3:14)" cut off, at its line. */
function syntaxError(error: unknown): Explained {
  const { message = "", loc } = error as { message?: string; loc?: { line: number } };
  const at = /\((\d+):\d+\)\s*$/.exec(message);
  const line = loc?.line ?? (at === null ? null : Number(at[1]));
  const words = message.replace(/\s*\(\d+:\d+\)\s*$/, "").replace(/^Error transforming [^:]*: /, "");
  const twice = /'?(\w+)'? has already been declared/.exec(words);
  const explained = new Explained(
    "js/syntax",
    twice === null
      ? {
          zh: "这一行读不懂：看看附近是不是多了或少了括号、引号、逗号。",
          en: "This line cannot be read: look near it for a bracket, quote or comma too many or too few.",
        }
      : {
          zh: `同一个单元格里声明了两次 ${twice[1]}。换一个名字，或者去掉一个声明。`,
          en: `${twice[1]} is declared twice in this cell. Use another name, or drop one declaration.`,
        },
    line,
    "SyntaxError",
  );
  explained.message = words;
  return explained;
}

function parse(source: string): { text: string; program: Tree; lineAt(offset: number): number } {
  try {
    const text = stripTypes(source, { transforms: ["typescript"], disableESTransforms: true }).code;
    const program = Parser.parse(text, {
      ecmaVersion: 2025,
      sourceType: "module",
      allowAwaitOutsideFunction: true,
      locations: true,
    });
    return {
      text,
      program: program as unknown as Tree,
      lineAt: (offset) => text.slice(0, offset).split("\n").length,
    };
  } catch (error) {
    throw syntaxError(error);
  }
}

/**
 * Compiles a cell for the kernel.
 *
 * @param source  what the reader typed, or the published text
 * @param file    name for stack traces, "cell-border.ts"
 * @throws {Explained} `js/syntax`, `cell/import`, `cell/export`, with the line
 */
export function compile(source: string, file: string): Compiled {
  const { text, program, lineAt } = parse(source);
  checkImports(source);
  const code = new MagicString(text);
  const statements = program["body"] as Tree[];
  const shorthand = shorthands(program);
  const declares: string[] = [];
  const early: string[] = [];
  const nested = hoisted(program).filter((node) => !statements.includes(node));
  const heads = loopHeads(program);

  for (const node of statements) {
    switch (node.type) {
      case "ImportDeclaration":
        declares.push(...shareImport(code, node));
        break;
      case "VariableDeclaration":
        declares.push(...declared(node));
        if (node["kind"] === "var") early.push(...declared(node).map((name) => `$cell.${name} = undefined;`));
        shareDeclaration(code, node, false, shorthand);
        break;
      case "FunctionDeclaration": {
        const name = nameOf(node["id"] as Tree);
        declares.push(name);
        early.push(`$cell.${name} = ${name};`);
        break;
      }
      case "ClassDeclaration": {
        const name = nameOf(node["id"] as Tree);
        declares.push(name);
        code.appendLeft(node.start, `$cell.${name} = `);
        code.appendRight(node.end, ";");
        break;
      }
      case "ExportNamedDeclaration":
      case "ExportDefaultDeclaration":
      case "ExportAllDeclaration":
        throw new Explained(
          "cell/export",
          {
            zh: "单元格不用 export：顶层的名字下面的单元格都看得见。",
            en: "A cell needs no export: the cells below see every top-level name.",
          },
          lineAt(node.start),
        );
    }
  }
  // A `var` in a block or a loop's head belongs to the whole cell too.
  for (const node of nested) {
    declares.push(...declared(node));
    early.push(...declared(node).map((name) => `$cell.${name} = undefined;`));
    shareDeclaration(code, node, heads.has(node), shorthand);
  }

  const last = statements.at(-1);
  if (last?.type === "ExpressionStatement") {
    const expression = last["expression"] as Tree;
    code.appendLeft(last.start, "return (");
    code.appendRight(Math.max(expression.end, closing(text, expression.end, last.end)), ")");
  }
  const script = `(async ($cell, $const, $import) => { "use strict"; ${early.join(" ")} ${code.toString()}\n})\n//# sourceURL=${file}`;
  const { reads, touches } = usesOf(program);
  const own = new Set(declares);
  return {
    script,
    declares: [...own],
    reads: [...reads].filter((name) => !own.has(name)).sort(),
    touches: [...touches].filter((name) => !own.has(name)).sort(),
  };
}

/** Where an expression statement really ends: after the brackets that close it, before its semicolon. */
function closing(text: string, from: number, end: number): number {
  return text[end - 1] === ";" ? end - 1 : Math.max(from, end);
}

/** Declarations that stand in the head of a loop. */
function loopHeads(program: Tree): Set<Tree> {
  const heads = new Set<Tree>();
  walk(program, new Scope([], null), null, (node) => {
    if (!node.type.startsWith("For")) return;
    const head = node["init"] ?? node["left"];
    if (isTree(head) && head.type === "VariableDeclaration") heads.add(head);
  });
  return heads;
}
