/**
 * The flat build of the hot paths: the engine's readable source in, the same functions out with hardly a call in them.
 *
 *   const nelems = mspan.nelems(m, s);              nelems$4 = $i32[(s >>> 2) + 12] >>> 16;
 *   if (result >= nelems) return NIL;        →      ... result$4 >= nelems$4 ? -1 : ...
 *   clearSlot(m, x, elemsize);                      { for (let i$9 = x >>> 3; i$9 < end$9; i$9++) f64$9[i$9] = 0; }
 *
 * V8 inlines small functions itself, but only so many: mallocgc reaches some eighty, and a new span some two hundred.
 * So accessors, and the functions that hot.ts names, take the place of their calls here, as Go's own generator does for
 * its size-specialised malloc.
 *
 *   - A function is turned into an expression where it can be (`if (c) return a; … return b` is c ? a : …), and into
 *     a block with a label otherwise. Locals get a number, arguments that are more than a name or a number a variable:
 *     what is evaluated, and in which order, does not change.
 *   - Field accessors are taken from words.ts and layout.ts, offsets from the layouts; what can be computed is.
 *   - Tests of m.trace, m.lockLog, m.isShared and m.isChecked are decided: who comes from elsewhere enters by a door
 *     that asks m.isPlain, and runs the readable function unless nobody listens, checks or shares the memory.
 *   - The views and other fields of Memory that never change are read once, at the head.
 *
 * A module keeps everything that it had; its flat form is for engines, never for readers. A test runs both over the same
 * operations and compares every byte of memory.
 */
import { basename, dirname, relative } from "node:path/posix";
import type * as acorn from "acorn";
import { walk } from "estree-walker";
import MagicString from "magic-string";
import type { Layout } from "../../engine/memory/layout.ts";
import { computed, isNumber, literal, numberIn } from "./fold.ts";
import { DROPPED, FIXED_FIELDS, HOT, INLINED, INT32_RESULTS, PURE } from "./hot.ts";
import { accessorFunction, fieldOf, type Module, type Modules, readModules, readSource, split } from "./modules.ts";

type Fn = acorn.FunctionDeclaration | acorn.ArrowFunctionExpression;

/** Thrown when a function does not fit into an expression: it goes into a block then. */
class NotAnExpression extends Error {}

/** What stands at the head of the function that is being made, and what its module must import. */
interface Head {
  readonly temps: string[];
  readonly fixed: Set<string>;
}

/** Where the result of an inlined function goes: into a variable, and past a label. */
interface Result {
  readonly target: string | null;
  readonly label: string;
  breaks: number;
  /** One value that is not stored: what is to be done about it comes next, behind a label of its own. */
  readonly none?: { readonly value: string; readonly label: string };
}

/** The place that is being written: whose code it is, and what the names in it have become. */
interface Scope {
  readonly module: Module;
  readonly names: ReadonlyMap<string, string>;
  /** Those of the new names that are true or false. */
  readonly booleans: ReadonlySet<string>;
  readonly head: Head;
  /** Where results go: to the caller, or into a variable and past the label. */
  readonly result: Result | null;
}

/** A function that takes the place of its calls. */
interface Inlined {
  readonly fn: Fn;
  readonly module: Module;
  /** Names that are numbers: a field's offset, the size of an element. */
  readonly numbers: ReadonlyMap<string, string>;
}

/**
 * The flat form of each hot module, as JavaScript with the imports of the readable one; and modules that are as they
 * were but export more, as flat code elsewhere calls what was theirs alone.
 *
 * @param read a module's source
 */
export async function flatten(read: (path: string) => string = readSource): Promise<Map<string, string>> {
  const modules = await readModules([...HOT.keys()], read);
  const wanted = new Set<string>();
  const flat = new Map([...HOT.keys()].map((path) => [path, new Flattener(modules, path, wanted).module()]));
  for (const ref of [...wanted].sort()) {
    const [path, name] = split(ref);
    flat.set(path, `${flat.get(path) ?? modules.get(path)!.code}\nexport { ${name} };\n`);
  }
  return flat;
}

class Flattener {
  #modules: Modules;
  #home: Module;
  /** Imports that the flat functions need and the module does not have: "path name" → local name. */
  #added = new Map<string, string>();
  /** Imported tables: V8 knows a module's own constant, and reads an import anew each time. */
  #tables = new Set<string>();
  #count = 0;
  /** What is being written could be a block instead; a call that fits into no expression stays a call otherwise. */
  #hasBlock = false;

  /** "path name" of functions that flat code calls and their modules do not export: for all modules together. */
  #wanted: Set<string>;

  constructor(modules: Modules, home: string, wanted: Set<string>) {
    this.#modules = modules;
    this.#wanted = wanted;
    this.#home = modules.get(home)!;
  }

  module(): string {
    const { path, code, functions, program } = this.#home;
    const text = new MagicString(code);
    const { doors, inner } = HOT.get(path)!;
    const flat = [...doors, ...inner].map((name) => this.#flatFunction(name));
    for (const name of doors) {
      const fn = functions.get(name)!;
      text.update(fn.id!.start, fn.id!.end, `${name}$readable`);
      const statement = program.body.find((n) => n.start <= fn.start && n.end >= fn.end)!;
      if (statement.type !== "ExportNamedDeclaration") throw new Error(`${path}: ${name} is not exported`);
      text.remove(statement.start, fn.start);
      const list = fn.params.map((p) => (p as acorn.Identifier).name).join(", ");
      flat.push(
        `export function ${name}(${list}) {\nreturn m.isPlain === true ? ${name}$flat(${list}) : ${name}$readable(${list});\n}`,
      );
    }
    const imports = [...this.#added].map(([ref, local]) => {
      const [from, name] = split(ref);
      const way = relative(dirname(path), from);
      return `import { ${name} as ${local} } from "${way.startsWith(".") ? way : `./${way}`}";\n`;
    });
    const tables = [...this.#tables].map((name) => `const $${name} = $${name}$import;\n`);
    return `${imports.join("")}${tables.join("")}${text.toString()}\n${flat.join("\n")}\n`;
  }

  #flatFunction(name: string): string {
    const fn = this.#home.functions.get(name);
    if (fn === undefined) throw new Error(`${this.#home.path} has no function ${name}: see scripts/flatten/hot.ts`);
    this.#count = 0;
    const head: Head = { temps: [], fixed: new Set() };
    const params = fn.params.map((p) => (p as acorn.Identifier).name);
    const names = new Map([...params, ...localNames(fn)].map((n) => [n, n]));
    const booleans = new Set(this.#home.booleans.get(name));
    const scope: Scope = { module: this.#home, names, booleans, head, result: null };
    const body = this.#statements(fn.body.body, scope);
    const fixed = [...head.fixed].sort().map((f) => `$${f} = m.${f}`);
    const lines = [
      fixed.length > 0 ? `const ${fixed.join(", ")};\n` : "",
      head.temps.length > 0 ? `let ${head.temps.join(", ")};\n` : "",
    ];
    return `export function ${name}$flat(${params.join(", ")}) {\n${lines.join("")}${body}\n}`;
  }

  // ---- statements ----

  #statements(list: readonly acorn.Statement[], scope: Scope): string {
    const lines: string[] = [];
    for (let i = 0; i < list.length; i++) {
      const both = i + 1 < list.length ? this.#threaded(list[i], list[i + 1], scope) : null;
      lines.push(both ?? this.#statement(list[i], scope));
      if (both !== null) i++;
    }
    return lines.join("\n");
  }

  /**
   * `let x = f(…); if (x === NIL) …`, where f is inlined and says `return NIL`: from there straight to what is done about
   * it, without a value to be compared. Null for any other two statements.
   */
  #threaded(first: acorn.Statement, second: acorn.Statement, scope: Scope): string | null {
    if (first.type !== "VariableDeclaration" || first.kind !== "let" || first.declarations.length !== 1) return null;
    const [{ id, init }] = first.declarations;
    if (init?.type !== "CallExpression" || second.type !== "IfStatement" || second.alternate) return null;
    const { test } = second;
    if (test.type !== "BinaryExpression" || test.operator !== "===" || test.left.type !== "Identifier") return null;
    const inlined = this.#inlinedOf(this.#targetOf(init.callee, scope));
    const value = this.#expression(test.right, scope);
    if (inlined === null || test.left.name !== (id as acorn.Identifier).name || !isNumber(value)) return null;

    const n = ++this.#count;
    const target = this.#expression(test.left, scope);
    const lines: string[] = [];
    const bound = this.#bind(init, inlined, scope, n, (name, text) => lines.push(`let ${name} = ${text};`));
    const result = { target, label: `$${n}`, breaks: 0, none: { value, label: `$${n}n` } };
    const inner: Scope = { module: inlined.module, ...bound, head: scope.head, result };
    for (const statement of statementsOf(inlined.fn)) lines.push(this.#statement(statement, inner));
    const otherwise = this.#statement(second.consequent, scope);
    return `let ${target};\n$${n}: {\n$${n}n: {\n${lines.join("\n")}\n}\n${otherwise}\n}`;
  }

  #statement(node: acorn.Statement, scope: Scope): string {
    switch (node.type) {
      case "BlockStatement":
        return `{\n${this.#statements(node.body, scope)}\n}`;
      case "ExpressionStatement":
        return this.#effect(node.expression, scope);
      case "VariableDeclaration":
        return node.declarations.map((d) => this.#declaration(node.kind, d, scope)).join("\n");
      case "ReturnStatement":
        return this.#return(node, scope);
      case "IfStatement": {
        const test = this.#test(node.test, scope);
        if (test === "false") return node.alternate ? this.#statement(node.alternate, scope) : "";
        if (test === "true") return this.#statement(node.consequent, scope);
        const otherwise = node.alternate ? ` else {\n${this.#statement(node.alternate, scope)}\n}` : "";
        return `if (${test}) {\n${this.#statement(node.consequent, scope)}\n}${otherwise}`;
      }
      case "ForStatement": {
        const init = node.init ? this.#splice(node.init, scope) : "";
        const test = node.test ? this.#test(node.test, scope) : "";
        const step = node.update ? this.#expression(node.update, scope) : "";
        return `for (${init}; ${test}; ${step}) {\n${this.#statement(node.body, scope)}\n}`;
      }
      case "WhileStatement":
        return `while (${this.#test(node.test, scope)}) {\n${this.#statement(node.body, scope)}\n}`;
      case "ThrowStatement":
        return `throw ${this.#expression(node.argument, scope)};`;
      case "EmptyStatement":
        return "";
      case "BreakStatement":
      case "ContinueStatement":
        if (node.label) throw new Error(`${scope.module.path}: a label in a function that is made flat`);
        return node.type === "BreakStatement" ? "break;" : "continue;";
      default:
        throw new Error(`${scope.module.path}: a ${node.type} in a function that is made flat`);
    }
  }

  /** An expression whose value nobody wants. */
  #effect(node: acorn.Expression, scope: Scope): string {
    if (node.type === "CallExpression") {
      const target = this.#targetOf(node.callee, scope);
      if (target !== null && (DROPPED.has(target) || PURE.has(target))) return "";
      const inlined = this.#inlinedOf(target);
      if (inlined !== null) return this.#block(node, inlined, null, scope);
    }
    if (node.type === "AssignmentExpression" && node.operator === "=" && node.left.type === "Identifier") {
      return this.#assign(this.#expression(node.left, scope), node.right, scope);
    }
    const text = this.#expression(node, scope);
    return /^[\w$]+$/.test(text) ? "" : `${text};`;
  }

  #declaration(kind: string, { id, init }: acorn.VariableDeclarator, scope: Scope): string {
    const name = this.#expression(id as acorn.Identifier, scope);
    if (!init) return `${kind} ${name};`;
    const text = this.#tryExpression(init, scope);
    if (text !== null) return `${kind} ${name} = ${text};`;
    return `let ${name};\n${this.#assign(name, init, scope)}`;
  }

  #return(node: acorn.ReturnStatement, scope: Scope): string {
    const { result } = scope;
    if (result === null) {
      const text = node.argument ? this.#tryExpression(node.argument, scope) : "";
      if (text !== null) return `return ${text};`;
      const name = `r$${++this.#count}`;
      return `let ${name};\n${this.#assign(name, node.argument!, scope)}\nreturn ${name};`;
    }
    if (result.none !== undefined && node.argument?.type === "Identifier") {
      if (this.#expression(node.argument, scope) === result.none.value) return `break ${result.none.label};`;
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
      const test = this.#test(node.test, scope);
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
    const bound = this.#bind(call, inlined, scope, n, (name, text) => lines.push(`let ${name} = ${text};`));
    const result = { target, label: `$${n}`, breaks: 0 };
    const inner: Scope = { module: inlined.module, ...bound, head: scope.head, result };
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
    const hadBlock = this.#hasBlock;
    this.#hasBlock = node.type === "CallExpression" || node.type === "ConditionalExpression";
    try {
      return this.#attempt(() => this.#expression(node, scope), scope);
    } finally {
      this.#hasBlock = hadBlock;
    }
  }

  /** What `make` gives; null, with nothing changed, when there is no such expression. */
  #attempt(make: () => string, { head: { temps, fixed } }: Scope): string | null {
    const before = { temps: temps.length, fixed: [...fixed], count: this.#count };
    try {
      return make();
    } catch (e) {
      if (!(e instanceof NotAnExpression)) throw e;
      temps.length = before.temps;
      fixed.clear();
      for (const name of before.fixed) fixed.add(name);
      this.#count = before.count;
      return null;
    }
  }

  #expression(node: acorn.Expression | acorn.Pattern | acorn.PrivateIdentifier, scope: Scope): string {
    switch (node.type) {
      case "Identifier":
        return this.#name(node.name, scope);
      case "CallExpression":
        return this.#call(node, scope);
      case "ConditionalExpression": {
        const test = this.#test(node.test, scope);
        if (test === "true") return this.#expression(node.consequent, scope);
        if (test === "false") return this.#expression(node.alternate, scope);
        return `(${test} ? ${this.#expression(node.consequent, scope)} : ${this.#expression(node.alternate, scope)})`;
      }
      case "LogicalExpression": {
        if (node.operator === "??") break;
        const left = this.#test(node.left, scope);
        const [stays, goes] = node.operator === "&&" ? ["false", "true"] : ["true", "false"];
        if (left === stays) return stays;
        const right = this.#test(node.right, scope);
        return left === goes ? right : `(${left} ${node.operator} ${right})`;
      }
      case "UnaryExpression":
        if (node.operator === "!") {
          const text = this.#test(node.argument, scope);
          return text === "true" ? "false" : text === "false" ? "true" : `!${text}`;
        }
        if (node.operator === "-" || node.operator === "~") {
          const text = this.#expression(node.argument, scope);
          if (isNumber(text)) return literal(node.operator === "-" ? -numberIn(text) : ~numberIn(text));
          return `${node.operator}(${text})`;
        }
        break;
      case "BinaryExpression": {
        const left = this.#expression(node.left, scope);
        const right = this.#expression(node.right, scope);
        if (left === "null" && right === "null") return node.operator === "===" ? "true" : "false";
        return computed(left, node.operator, right);
      }
      case "MemberExpression":
        if (!node.computed && (node.property as acorn.Identifier).name === "size") {
          const bytes = this.#sizeOf(node.object as acorn.Expression, scope);
          if (bytes !== null) return literal(bytes);
        }
        if (!node.computed && node.object.type === "Identifier") {
          const found = this.#member(node.object.name, (node.property as acorn.Identifier).name, scope);
          if (found !== null) return found;
        }
        break;
    }
    return this.#splice(node, scope);
  }

  /** A condition. What is known to be true or false is compared: V8 has many values to think of otherwise. */
  #test(node: acorn.Expression, scope: Scope): string {
    const text = this.#expression(node, scope);
    return scope.booleans.has(text) ? `${text} === true` : text;
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
        if (isKey || !OURS.has(n.type)) return;
        text.update(n.start - node.start, n.end - node.start, expression(n as acorn.Expression));
        this.skip();
      },
    });
    return text.toString();
  }

  #call(node: acorn.CallExpression, scope: Scope): string {
    const target = this.#targetOf(node.callee, scope);
    const inlined = this.#inlinedOf(target);
    if (inlined !== null) {
      const make = () => this.#inline(node, inlined, scope);
      const text = this.#hasBlock ? make() : this.#attempt(make, scope);
      if (text !== null) return text;
    }
    const list = node.arguments.map((a) => this.#expression(a as acorn.Expression, scope)).join(", ");
    const flat = target === null ? null : this.#flatName(target);
    const text = `${flat ?? this.#callee(node.callee, scope)}(${list})`;
    return target !== null && INT32_RESULTS.has(target) ? `(${text} | 0)` : text;
  }

  #inline(node: acorn.CallExpression, inlined: Inlined, scope: Scope): string {
    const n = ++this.#count;
    const parts: string[] = [];
    const variable = (name: string, text: string) => {
      scope.head.temps.push(name);
      parts.push(`${name} = ${text}`);
    };
    const bound = this.#bind(node, inlined, scope, n, variable);
    const inner: Scope = { module: inlined.module, ...bound, head: scope.head, result: null };
    const { fn } = inlined;
    parts.push(
      fn.type === "ArrowFunctionExpression" && fn.expression
        ? this.#expression(fn.body as acorn.Expression, inner)
        : this.#sequence(statementsOf(fn), inner),
    );
    return `(${parts.join(", ")})`;
  }

  /** The name of a hot function's flat form; null for any other. */
  #flatName(target: string): string | null {
    const [path, name] = split(target);
    const hot = HOT.get(path);
    if (hot === undefined || !(hot.doors.includes(name) || hot.inner.includes(name))) return null;
    if (path === this.#home.path) return `${name}$flat`;
    const local = `${name}$flat$${basename(path, ".ts")}`;
    this.#added.set(`${path} ${name}$flat`, local);
    return local;
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
        const test = this.#test(first.test, scope);
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
  ): Pick<Scope, "names" | "booleans"> {
    const names = new Map(numbers);
    const booleans = new Set<string>();
    const assigned = assignedNames(fn);
    const callee: Scope = { module, names, booleans, head: scope.head, result: null };
    fn.params.forEach((param, i) => {
      const id = (param.type === "AssignmentPattern" ? param.left : param) as acorn.Identifier;
      const argument = call.arguments[i] as acorn.Expression | undefined;
      const text =
        argument !== undefined
          ? this.#expression(argument, scope)
          : this.#expression((param as acorn.AssignmentPattern).right, callee);
      if (!assigned.has(id.name) && (isNumber(text) || /^[$\w]+$/.test(text))) {
        names.set(id.name, text);
        if (scope.booleans.has(text)) booleans.add(text);
      } else {
        names.set(id.name, `${id.name}$${n}`);
        variable(`${id.name}$${n}`, text);
      }
    });
    for (const name of localNames(fn)) names.set(name, `${name}$${n}`);
    return { names, booleans };
  }

  // ---- names ----

  #name(name: string, scope: Scope): string {
    const known = scope.names.get(name);
    if (known !== undefined) return known;
    const imported = scope.module.imports.get(name);
    if (imported !== undefined) return this.#value(imported);
    const { path, constants, functions, values } = scope.module;
    if (functions.has(name) || name in values) return this.#value(`${path} ${name}`);
    const init = constants.get(name);
    if (init === undefined) return name;
    const text = this.#expression(init, { ...scope, names: new Map() });
    if (isNumber(text)) return text;
    if (path === this.#home.path) return name;
    throw new Error(`${path} does not export ${name}: flat code cannot reach it`);
  }

  /** `m.i32`, `m.trace`, or a member of a namespace; null for any other member. */
  #member(object: string, property: string, scope: Scope): string | null {
    if (scope.names.get(object) === "m") {
      if (property === "isShared" || property === "isChecked") return "false";
      if (property === "trace" || property === "lockLog") return "null";
      if (!FIXED_FIELDS.has(property)) return null;
      scope.head.fixed.add(property);
      return `$${property}`;
    }
    const imported = scope.names.has(object) ? undefined : scope.module.imports.get(object);
    return imported?.endsWith(" *") ? this.#value(`${split(imported)[0]} ${property}`) : null;
  }

  /** The bytes of a record, of its layout: `summaryLayout` or `pageAlloc.summaryLayout`; null for anything else. */
  #sizeOf(node: acorn.Expression, { module, names }: Scope): number | null {
    const [root, property] =
      node.type === "Identifier"
        ? [node.name, null]
        : node.type === "MemberExpression" && !node.computed && node.object.type === "Identifier"
          ? [node.object.name, (node.property as acorn.Identifier).name]
          : [null, null];
    if (root === null || names.has(root)) return null;
    const [path, name] = split(module.imports.get(root) ?? `${module.path} ${root}`);
    const value = this.#modules.get(path)?.values[property !== null && name === "*" ? property : name];
    const isLayout = typeof value === "object" && value !== null && "fields" in value && "seal" in value;
    return isLayout ? (value as Layout<string>).size : null;
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
    if (value === undefined) {
      if (!module.functions.has(name)) throw new Error(`${path} does not export ${name}: flat code cannot reach it`);
      this.#wanted.add(ref);
    }
    const local = `${name}$${basename(path, ".ts")}`;
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
      return { ...accessorFunction(this.#modules, accessor.kind, accessor.index), numbers };
    }
    if (!INLINED.has(target)) return null;
    const fn = module?.functions.get(name);
    if (module === undefined || fn === undefined)
      throw new Error(`scripts/flatten/hot.ts names ${target}: none is there`);
    return { fn, module, numbers: new Map() };
  }
}

/** Kinds of node whose text is made, not copied. */
const OURS = new Set([
  "Identifier",
  "ConditionalExpression",
  "CallExpression",
  "MemberExpression",
  "BinaryExpression",
  "LogicalExpression",
  "UnaryExpression",
]);

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
