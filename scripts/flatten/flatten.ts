/**
 * The flat build of the hot paths: the engine's readable source in, the same functions out without a call in them.
 *
 *   const nelems = mspan.nelems(m, s);              nelems$4 = $u16[(s + 50) >> 1];
 *   if (result >= nelems) return NIL;        →      ... result$4 >= nelems$4 ? -1 : ...
 *   clearSlot(m, x, elemsize);                      { for (let i$9 = x >> 2; i$9 < end$9; i$9++) i32$9[i$9] = 0; }
 *
 * V8 inlines small functions itself, but only so many: mallocgc reaches some eighty. So accessors, and the functions
 * that hot.ts names, take the place of their calls here, as Go's own generator does for its size-specialised malloc.
 *
 *   - A function is turned into an expression where it can be (`if (c) return a; … return b` is c ? a : …), and into
 *     a block with a label otherwise. Locals get a number, arguments that are more than a name or a number a variable:
 *     what is evaluated, and in which order, does not change.
 *   - Field accessors are taken from layout.ts, offsets from the layouts; number constants become numbers.
 *   - Tests of m.trace and m.isShared are decided: the flat entry begins with both, and runs the readable function
 *     unless nobody listens and the memory is not shared.
 *   - The views and other fields of Memory that never change are read once, at the head.
 *
 * The module keeps everything that it had; it is for engines, never for readers. A test runs both over the same
 * operations and compares every byte of memory.
 */
import { dirname, relative } from "node:path/posix";
import type * as acorn from "acorn";
import { walk } from "estree-walker";
import MagicString from "magic-string";
import { DROPPED, FIXED_FIELDS, HOT_ENTRY, HOT_FUNCTIONS, HOT_MODULE, INLINED } from "./hot.ts";
import { accessorFunction, fieldOf, type Module, type Modules, readModules, readSource, split } from "./modules.ts";

type Fn = acorn.FunctionDeclaration | acorn.ArrowFunctionExpression;

/** Thrown when a function does not fit into an expression: it goes into a block then. */
class NotAnExpression extends Error {}

/** What stands at the head of the function that is being made, and what its module must import. */
interface Head {
  readonly temps: string[];
  readonly fixed: Set<string>;
}

/** The place that is being written: whose code it is, and what the names in it have become. */
interface Scope {
  readonly module: Module;
  readonly names: ReadonlyMap<string, string>;
  readonly head: Head;
  /** Where results go: to the caller, or into a variable and past the label. */
  readonly result: { readonly target: string | null; readonly label: string; breaks: number } | null;
}

/** A function that takes the place of its calls. */
interface Inlined {
  readonly fn: Fn;
  readonly module: Module;
  /** Names that are numbers: a field's offset, the size of an element. */
  readonly numbers: ReadonlyMap<string, string>;
}

/** The flat module, as JavaScript with the imports of the readable one. @param read the source of a module */
export async function flatten(read: (path: string) => string = readSource): Promise<string> {
  return new Flattener(await readModules(HOT_MODULE, read)).module();
}

class Flattener {
  #modules: Modules;
  #home: Module;
  /** Imports that the flat functions need and the module does not have: "path name" → local name. */
  #added = new Map<string, string>();
  /** Imported tables: V8 knows a module's own constant, and reads an import anew each time. */
  #tables = new Set<string>();
  #count = 0;

  constructor(modules: Modules) {
    this.#modules = modules;
    this.#home = modules.get(HOT_MODULE)!;
  }

  module(): string {
    const text = new MagicString(this.#home.code);
    const flat = HOT_FUNCTIONS.map((name) => this.#flatFunction(name));
    const entry = this.#home.functions.get(HOT_ENTRY)!;
    text.update(entry.id!.start, entry.id!.end, `${HOT_ENTRY}$readable`);
    const statement = this.#home.program.body.find((n) => n.start <= entry.start && n.end >= entry.end)!;
    if (statement.type !== "ExportNamedDeclaration") throw new Error(`${HOT_MODULE}: ${HOT_ENTRY} is not exported`);
    text.remove(statement.start, entry.start);
    const imports = [...this.#added].map(([ref, local]) => {
      const [path, name] = split(ref);
      const from = relative(dirname(HOT_MODULE), path);
      return `import { ${name} as ${local} } from "${from.startsWith(".") ? from : `./${from}`}";\n`;
    });
    const tables = [...this.#tables].map((name) => `const $${name} = $${name}$import;\n`);
    return `${imports.join("")}${tables.join("")}${text.toString()}\n${flat.join("\n")}\nexport { ${HOT_ENTRY}$flat as ${HOT_ENTRY} };\n`;
  }

  #flatFunction(name: string): string {
    const fn = this.#home.functions.get(name);
    if (fn === undefined) throw new Error(`${HOT_MODULE} has no function ${name}: see scripts/flatten/hot.ts`);
    this.#count = 0;
    const head: Head = { temps: [], fixed: new Set() };
    const params = fn.params.map((p) => (p as acorn.Identifier).name);
    const names = new Map([...params, ...localNames(fn)].map((n) => [n, n]));
    const scope: Scope = { module: this.#home, names, head, result: null };
    const body = fn.body.body.map((s) => this.#statement(s, scope)).join("\n");
    const list = params.join(", ");
    const guard =
      name === HOT_ENTRY ? `if (m.trace !== null || m.isShared) return ${HOT_ENTRY}$readable(${list});\n` : "";
    const fixed = [...head.fixed].sort().map((f) => `$${f} = m.${f}`);
    const lines = [
      fixed.length > 0 ? `const ${fixed.join(", ")};\n` : "",
      head.temps.length > 0 ? `let ${head.temps.join(", ")};\n` : "",
    ];
    return `function ${name}$flat(${list}) {\n${guard}${lines.join("")}${body}\n}`;
  }

  // ---- statements ----

  #statement(node: acorn.Statement, scope: Scope): string {
    switch (node.type) {
      case "BlockStatement":
        return `{\n${node.body.map((s) => this.#statement(s, scope)).join("\n")}\n}`;
      case "ExpressionStatement":
        return this.#effect(node.expression, scope);
      case "VariableDeclaration":
        return node.declarations.map((d) => this.#declaration(node.kind, d, scope)).join("\n");
      case "ReturnStatement":
        return this.#return(node, scope);
      case "IfStatement": {
        const test = this.#expression(node.test, scope);
        if (test === "false") return node.alternate ? this.#statement(node.alternate, scope) : "";
        if (test === "true") return this.#statement(node.consequent, scope);
        const otherwise = node.alternate ? ` else {\n${this.#statement(node.alternate, scope)}\n}` : "";
        return `if (${test}) {\n${this.#statement(node.consequent, scope)}\n}${otherwise}`;
      }
      case "ForStatement": {
        const init = node.init ? this.#splice(node.init, scope) : "";
        const test = node.test ? this.#expression(node.test, scope) : "";
        const step = node.update ? this.#expression(node.update, scope) : "";
        return `for (${init}; ${test}; ${step}) {\n${this.#statement(node.body, scope)}\n}`;
      }
      default:
        throw new Error(`${scope.module.path}: a ${node.type} in a function that is made flat`);
    }
  }

  /** An expression whose value nobody wants. */
  #effect(node: acorn.Expression, scope: Scope): string {
    if (node.type === "CallExpression") {
      const target = this.#targetOf(node.callee, scope);
      if (target !== null && DROPPED.has(target)) return "";
      const inlined = this.#inlinedOf(target);
      if (inlined !== null) return this.#block(node, inlined, null, scope);
    }
    if (node.type === "AssignmentExpression" && node.operator === "=" && node.left.type === "Identifier") {
      return this.#assign(this.#expression(node.left, scope), node.right, scope);
    }
    return `${this.#expression(node, scope)};`;
  }

  #declaration(kind: string, { id, init }: acorn.VariableDeclarator, scope: Scope): string {
    const name = this.#expression(id as acorn.Identifier, scope);
    const text = init ? this.#tryExpression(init, scope) : "undefined";
    if (text !== null) return `${kind} ${name} = ${text};`;
    return `let ${name};\n${this.#assign(name, init!, scope)}`;
  }

  #return(node: acorn.ReturnStatement, scope: Scope): string {
    const { result } = scope;
    if (result === null) {
      const text = node.argument ? this.#tryExpression(node.argument, scope) : "";
      if (text !== null) return `return ${text};`;
      const name = `r$${++this.#count}`;
      return `let ${name};\n${this.#assign(name, node.argument!, scope)}\nreturn ${name};`;
    }
    result.breaks++;
    const value = node.argument ? this.#give(result.target, node.argument, scope) : "";
    return `${value}\nbreak ${result.label};`;
  }

  /** The value into the target; without one, what the expression does. */
  #give(target: string | null, node: acorn.Expression, scope: Scope): string {
    return target === null ? this.#effect(node, scope) : this.#assign(target, node, scope);
  }

  /** `target = node`, by a block where the value cannot be had by an expression. */
  #assign(target: string, node: acorn.Expression, scope: Scope): string {
    const text = this.#tryExpression(node, scope);
    if (text !== null) return `${target} = ${text};`;
    if (node.type === "ConditionalExpression") {
      const test = this.#expression(node.test, scope);
      const yes = this.#assign(target, node.consequent, scope);
      return `if (${test}) {\n${yes}\n} else {\n${this.#assign(target, node.alternate, scope)}\n}`;
    }
    const inlined = node.type === "CallExpression" ? this.#inlinedOf(this.#targetOf(node.callee, scope)) : null;
    if (inlined === null) throw new Error(`${scope.module.path}: no flat form of ${textOf(scope.module, node)}`);
    return this.#block(node as acorn.CallExpression, inlined, target, scope);
  }

  /** A call as a block: its arguments, its body, and a label where it returns early. */
  #block(call: acorn.CallExpression, inlined: Inlined, target: string | null, scope: Scope): string {
    const n = ++this.#count;
    const lines: string[] = [];
    const names = this.#bind(call, inlined, scope, n, (name, text) => lines.push(`let ${name} = ${text};`));
    const result = { target, label: `$${n}`, breaks: 0 };
    const inner: Scope = { module: inlined.module, names, head: scope.head, result };
    const body = statementsOf(inlined.fn);
    body.forEach((statement, i) => {
      // The last return needs no jump.
      if (statement.type === "ReturnStatement" && i === body.length - 1) {
        if (statement.argument) lines.push(this.#give(target, statement.argument, inner));
      } else lines.push(this.#statement(statement, inner));
    });
    return `${result.breaks > 0 ? `${result.label}: ` : ""}{\n${lines.join("\n")}\n}`;
  }

  // ---- expressions ----

  /** The expression, or null when it needs a block. */
  #tryExpression(node: acorn.Expression, scope: Scope): string | null {
    const { temps, fixed } = scope.head;
    const before = { temps: temps.length, fixed: [...fixed], count: this.#count };
    try {
      return this.#expression(node, scope);
    } catch (e) {
      if (!(e instanceof NotAnExpression)) throw e;
      temps.length = before.temps;
      fixed.clear();
      for (const name of before.fixed) fixed.add(name);
      this.#count = before.count;
      return null;
    }
  }

  #expression(node: acorn.Expression | acorn.Pattern, scope: Scope): string {
    if (node.type === "Identifier") return this.#name(node.name, scope);
    if (node.type === "ConditionalExpression") {
      const test = this.#expression(node.test, scope);
      if (test === "true") return this.#expression(node.consequent, scope);
      if (test === "false") return this.#expression(node.alternate, scope);
      return `(${test} ? ${this.#expression(node.consequent, scope)} : ${this.#expression(node.alternate, scope)})`;
    }
    if (node.type === "CallExpression") return this.#call(node, scope);
    if (node.type === "MemberExpression" && !node.computed && node.object.type === "Identifier") {
      const found = this.#member(node.object.name, (node.property as acorn.Identifier).name, scope);
      if (found !== null) return found;
    }
    return this.#splice(node, scope);
  }

  /** The text of a node with its parts replaced. */
  #splice(node: acorn.AnyNode, scope: Scope): string {
    const text = new MagicString(scope.module.code.slice(node.start, node.end));
    const expression = (n: acorn.Expression) => this.#expression(n, scope);
    const isWhole = (n: acorn.AnyNode) => n === node;
    walk(node as never, {
      enter(estree, estreeParent) {
        const n = estree as unknown as acorn.AnyNode;
        const parent = estreeParent as unknown as acorn.AnyNode | null;
        if (isWhole(n)) return;
        const isKey = parent?.type === "MemberExpression" && parent.property === n && !parent.computed;
        const isOurs = ["Identifier", "ConditionalExpression", "CallExpression", "MemberExpression"].includes(n.type);
        if (isKey || !isOurs) return;
        text.update(n.start - node.start, n.end - node.start, expression(n as acorn.Expression));
        this.skip();
      },
    });
    return text.toString();
  }

  #call(node: acorn.CallExpression, scope: Scope): string {
    const target = this.#targetOf(node.callee, scope);
    const inlined = this.#inlinedOf(target);
    if (inlined === null) {
      const [path, name] = target === null ? ["", ""] : split(target);
      const callee =
        path === HOT_MODULE && HOT_FUNCTIONS.includes(name) ? `${name}$flat` : this.#callee(node.callee, scope);
      return `${callee}(${node.arguments.map((a) => this.#expression(a as acorn.Expression, scope)).join(", ")})`;
    }
    const n = ++this.#count;
    const parts: string[] = [];
    const variable = (name: string, text: string) => {
      scope.head.temps.push(name);
      parts.push(`${name} = ${text}`);
    };
    const names = this.#bind(node, inlined, scope, n, variable);
    const inner: Scope = { module: inlined.module, names, head: scope.head, result: null };
    const { fn } = inlined;
    parts.push(
      fn.type === "ArrowFunctionExpression" && fn.expression
        ? this.#expression(fn.body as acorn.Expression, inner)
        : this.#sequence(statementsOf(fn), inner),
    );
    return `(${parts.join(", ")})`;
  }

  #callee(node: acorn.CallExpression["callee"], scope: Scope): string {
    if (node.type === "Super") throw new Error(`${scope.module.path}: super in a hot function`);
    return this.#expression(node, scope);
  }

  /** Statements as one expression. */
  #sequence(statements: readonly acorn.Statement[], scope: Scope): string {
    const [first, ...rest] = statements;
    if (first === undefined) return "void 0";
    switch (first.type) {
      case "ReturnStatement":
        return first.argument ? this.#expression(first.argument, scope) : "void 0";
      case "ExpressionStatement": {
        const { expression } = first;
        if (expression.type === "CallExpression" && DROPPED.has(this.#targetOf(expression.callee, scope) ?? "")) {
          return this.#sequence(rest, scope);
        }
        const text = this.#expression(expression, scope);
        return rest.length === 0 ? text : `(${text}, ${this.#sequence(rest, scope)})`;
      }
      case "VariableDeclaration": {
        const parts = first.declarations.map(({ id, init }) => {
          const name = this.#expression(id as acorn.Identifier, scope);
          scope.head.temps.push(name);
          return `${name} = ${this.#expression(init!, scope)}`;
        });
        return `(${parts.join(", ")}, ${this.#sequence(rest, scope)})`;
      }
      case "IfStatement": {
        const test = this.#expression(first.test, scope);
        const yes = listOf(first.consequent);
        const no = first.alternate ? listOf(first.alternate) : [];
        if (test === "true") return this.#sequence([...yes, ...rest], scope);
        if (test === "false") return this.#sequence([...no, ...rest], scope);
        if (yes.at(-1)?.type === "ReturnStatement") {
          return `(${test} ? ${this.#sequence(yes, scope)} : ${this.#sequence([...no, ...rest], scope)})`;
        }
        if (no.length > 0 || yes.some(hasReturn)) throw new NotAnExpression();
        return `(${test} && ${this.#sequence(yes, scope)}, ${this.#sequence(rest, scope)})`;
      }
      default:
        throw new NotAnExpression();
    }
  }

  /** What the names of a function become: parameters their arguments, locals names with a number. */
  #bind(
    call: acorn.CallExpression,
    { fn, module, numbers }: Inlined,
    scope: Scope,
    n: number,
    variable: (name: string, text: string) => void,
  ): Map<string, string> {
    const names = new Map(numbers);
    const assigned = assignedNames(fn);
    const callee: Scope = { module, names, head: scope.head, result: null };
    fn.params.forEach((param, i) => {
      const id = (param.type === "AssignmentPattern" ? param.left : param) as acorn.Identifier;
      const argument = call.arguments[i] as acorn.Expression | undefined;
      const text =
        argument !== undefined
          ? this.#expression(argument, scope)
          : this.#expression((param as acorn.AssignmentPattern).right, callee);
      if (!assigned.has(id.name) && /^(-?[\d.]+|[$\w]+)$/.test(text)) {
        names.set(id.name, text);
      } else {
        names.set(id.name, `${id.name}$${n}`);
        variable(`${id.name}$${n}`, text);
      }
    });
    for (const name of localNames(fn)) names.set(name, `${name}$${n}`);
    return names;
  }

  // ---- names ----

  #name(name: string, scope: Scope): string {
    const known = scope.names.get(name);
    if (known !== undefined) return known;
    const imported = scope.module.imports.get(name);
    if (imported !== undefined) return this.#value(imported);
    const { numbers, functions, values } = scope.module;
    if (numbers.has(name)) return literal(numbers.get(name)!);
    return functions.has(name) || name in values ? this.#value(`${scope.module.path} ${name}`) : name;
  }

  /** `m.i32`, `m.trace`, or a member of a namespace; null for any other member. */
  #member(object: string, property: string, scope: Scope): string | null {
    if (scope.names.get(object) === "m") {
      if (property === "isShared") return "false";
      if (property === "trace") return "null";
      if (!FIXED_FIELDS.has(property)) return null;
      scope.head.fixed.add(property);
      return `$${property}`;
    }
    const imported = scope.names.has(object) ? undefined : scope.module.imports.get(object);
    return imported?.endsWith(" *") ? this.#value(`${split(imported)[0]} ${property}`) : null;
  }

  /** Something that a module exports: a number as such, a table by a constant of this module, else by an import. */
  #value(ref: string): string {
    const [path, name] = split(ref);
    const module = this.#modules.get(path)!;
    const value = module.values[name];
    if (typeof value === "number") return literal(value);
    if (path === this.#home.path) return name;
    if (typeof value === "object" && value !== null) {
      this.#added.set(ref, `$${name}$import`);
      this.#tables.add(name);
      return `$${name}`;
    }
    for (const [local, target] of this.#home.imports) if (target === ref) return local;
    if (value === undefined) throw new Error(`${path} does not export ${name}: flat code cannot reach it`);
    const local = `$${name}`;
    const taken = [...this.#added].find(([other, l]) => l === local && other !== ref);
    if (taken) throw new Error(`${ref} and ${taken[0]} have one name: give hot.ts only one of them`);
    this.#added.set(ref, local);
    return local;
  }

  /** "path name" of what is called; null when it is nothing of the engine. */
  #targetOf(callee: acorn.CallExpression["callee"], scope: Scope): string | null {
    if (callee.type === "Identifier") {
      if (scope.names.has(callee.name)) return null;
      const { imports, functions, accessors, path } = scope.module;
      const isOwn = functions.has(callee.name) || accessors.has(callee.name);
      return imports.get(callee.name) ?? (isOwn ? `${path} ${callee.name}` : null);
    }
    if (callee.type !== "MemberExpression" || callee.computed || callee.object.type !== "Identifier") return null;
    const imported = scope.names.has(callee.object.name) ? undefined : scope.module.imports.get(callee.object.name);
    return imported?.endsWith(" *") ? `${split(imported)[0]} ${(callee.property as acorn.Identifier).name}` : null;
  }

  #inlinedOf(target: string | null): Inlined | null {
    if (target === null) return null;
    const [path, name] = split(target);
    const module = this.#modules.get(path);
    const accessor = module?.accessors.get(name);
    if (module !== undefined && accessor !== undefined) {
      const { offset, elementSize } = fieldOf(module, accessor);
      const numbers = new Map([
        ["o", String(offset)],
        ["size", String(elementSize)],
      ]);
      const fn = accessorFunction(this.#modules, accessor.kind, accessor.index);
      return { fn, module: this.#modules.get("engine/memory/layout.ts")!, numbers };
    }
    if (!INLINED.has(target)) return null;
    const fn = module?.functions.get(name);
    if (module === undefined || fn === undefined)
      throw new Error(`scripts/flatten/hot.ts names ${target}: none is there`);
    return { fn, module, numbers: new Map() };
  }
}

function literal(value: number): string {
  return value < 0 ? `(${value})` : String(value);
}

function textOf(module: Module, node: acorn.AnyNode): string {
  return module.code.slice(node.start, node.end);
}

function statementsOf(fn: Fn): readonly acorn.Statement[] {
  if (fn.body.type === "BlockStatement") return fn.body.body;
  const { start, end } = fn.body;
  return [{ type: "ReturnStatement", argument: fn.body, start, end }];
}

function listOf(node: acorn.Statement): readonly acorn.Statement[] {
  return node.type === "BlockStatement" ? node.body : [node];
}

function hasReturn(node: acorn.Statement): boolean {
  let found = false;
  walk(node as never, {
    enter(n) {
      if (n.type === "ReturnStatement") found = true;
    },
  });
  return found;
}

/** Variables that a function declares. */
function localNames(fn: Fn): Set<string> {
  const names = new Set<string>();
  walk(fn.body as never, {
    enter(node) {
      if (node.type === "VariableDeclarator" && node.id.type === "Identifier") names.add(node.id.name);
    },
  });
  return names;
}

/** Variables that a function gives another value. */
function assignedNames(fn: Fn): Set<string> {
  const names = new Set<string>();
  walk(fn.body as never, {
    enter(node) {
      if (node.type === "AssignmentExpression" && node.left.type === "Identifier") names.add(node.left.name);
      if (node.type === "UpdateExpression" && node.argument.type === "Identifier") names.add(node.argument.name);
    },
  });
  return names;
}
