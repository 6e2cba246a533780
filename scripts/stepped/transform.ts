/**
 * The stepped build: engine source in, the same engine out with a place to stop before every shared access.
 *
 *   export function refill(m, c, spc) {            export function* refill(m, c, spc) {
 *     const s = mcentral.cacheSpan(m, p);            const s = (yield* mcentral.cacheSpan(m, p));
 *     mspan.setSweepgen(m, s, h + 3);        →       mspan.setSweepgen(m, s, h + 3, yield 17);
 *     lock(m, mheap.lock(h));                        (yield* $sched.lock(m, mheap.lock(h), 18));
 *     ...                                            ...
 *
 * A shared access is a call of
 *   - an accessor made by `layout.u8a`, `u32a`, `i64a` or `ptra` (records/*.ts), or a word operation of memory/atomics.ts
 *     and its two primitives in memory/layout.ts;
 *   - `lock`, `unlock` and `futexsleep`;
 *   - an accessor or function that `guarded` names: data that is only touched under a lock. Such a point counts only
 *     where the thread holds no lock (engine/sched/stepped.ts), so it is silent until somebody forgets one.
 * The yield is the call's last argument, so that it comes after every other argument has its value and just before the
 * access itself: a shared load inside an argument is a point of its own.
 *
 * A function that can reach one, through however many calls, becomes a generator, and calls of it become `yield*`.
 * Calls are resolved by name through imports; so an access in a callback, a default parameter, a getter, a class or at
 * module level cannot be followed, and is refused with its place. Lines stay where they were.
 *
 * Types are blanked by Node (module.stripTypeScriptTypes), code is read by acorn and edited by magic-string.
 */
import { stripTypeScriptTypes } from "node:module";
import { dirname, join, relative } from "node:path/posix";
import type * as acorn from "acorn";
import { parse } from "acorn";
import { walk } from "estree-walker";
import MagicString from "magic-string";
import type { Site, SiteKind } from "../../engine/sched/stepped.ts";

/** Data that a lock guards: a module's plain accessors (all, or those named), or functions that touch it directly. */
export interface Guarded {
  /** Path from the root of the repository, as in "engine/records/mheap.ts". */
  readonly module: string;
  /** Names as exported; all plain accessors of the module when absent. */
  readonly names?: readonly string[];
  /** Plain accessors that are not meant, when `names` is absent. */
  readonly except?: readonly string[];
}

export interface SteppedInput {
  /** Modules to begin with; what they import is taken too. Paths from the root of the repository. */
  readonly entries: readonly string[];
  /** The TypeScript source of a module. */
  readonly read: (path: string) => string;
  readonly guarded?: readonly Guarded[];
}

export interface SteppedOutput {
  /** JavaScript by path ("engine/runtime/mcache.ts" is under "engine/runtime/mcache.mjs"). */
  readonly modules: ReadonlyMap<string, string>;
  /** What the yielded numbers name. */
  readonly sites: readonly Site[];
  /** The functions that became generators, as "engine/runtime/mcache.ts refill". */
  readonly generators: readonly string[];
}

/** Atomics, locks and the two primitives under them: what a call of each is to the explorer. */
const PRIMITIVES: ReadonlyMap<string, SiteKind> = new Map([
  ["engine/memory/atomics.ts lock", "lock"],
  ["engine/memory/atomics.ts unlock", "unlock"],
  ["engine/memory/atomics.ts futexsleep", "sleep"],
  ["engine/memory/atomics.ts load8", "atomic"],
  ["engine/memory/atomics.ts load32", "atomic"],
  ["engine/memory/atomics.ts store32", "atomic"],
  ["engine/memory/atomics.ts cas32", "atomic"],
  ["engine/memory/atomics.ts or8", "atomic"],
  ["engine/memory/atomics.ts fetchOr8", "atomic"],
  ["engine/memory/atomics.ts exchange8", "atomic"],
  ["engine/memory/atomics.ts and8", "atomic"],
  ["engine/memory/address.ts copyWord", "atomic"],
  ["engine/memory/address.ts exchangePointer", "atomic"],
  ["engine/memory/address.ts compareAndSwapPointer", "atomic"],
  ["engine/memory/address.ts loadPointerAtomic", "atomic"],
  ["engine/memory/address.ts storePointerAtomic", "atomic"],
  ["engine/memory/layout.ts add64", "atomic"],
  ["engine/memory/layout.ts compareAndSwap32", "atomic"],
]);
/** Kinds whose calls wait: the function of the same name in engine/sched/stepped.ts takes their place. */
const WAITS: ReadonlySet<SiteKind> = new Set(["lock", "sleep"]);
const ATOMIC_KINDS = new Set(["u8a", "u32a", "i64a", "ptra"]);
const ADDRESS_ONLY_KINDS = new Set(["bytes", "record"]);
/** Not rewritten: what the primitives are made of. */
const isPrimitiveModule = (path: string) => path.startsWith("engine/memory/") || path.startsWith("engine/sched/");
const STEPPED_MODULE = "engine/sched/stepped.ts";

type Fn = acorn.FunctionDeclaration & { id: acorn.Identifier };

interface Call {
  readonly node: acorn.CallExpression;
  /** "path name" of what is called. */
  readonly target: string;
  /** The function declaration that holds the call; null at module level. */
  readonly within: string | null;
  /** Why a yield cannot stand here, or null. */
  readonly obstacle: string | null;
}

interface Module {
  readonly path: string;
  readonly code: string;
  readonly imports: ReadonlyMap<string, string>; // local name → "path name", or "path *" for a namespace
  readonly exports: ReadonlyMap<string, string>; // exported name → "path name"
  readonly stars: readonly string[]; // export * from
  readonly functions: ReadonlyMap<string, Fn>;
  readonly accessors: ReadonlyMap<string, string>; // local name → layout kind
  readonly sources: readonly acorn.Literal[];
  calls: readonly Call[];
}

/** Makes the stepped build of everything that the entries reach. @throws {Error} naming each place that it cannot follow */
export function toStepped(input: SteppedInput): SteppedOutput {
  const modules = readModules(input);
  for (const module of modules.values()) module.calls = findCalls(module, modules);
  const kinds = accessKinds(modules, input.guarded ?? []);
  const generators = reachAccess(modules, kinds);
  refuseObstacles(modules, kinds, generators);
  const sites: Site[] = [];
  const out = new Map<string, string>();
  for (const module of modules.values()) {
    out.set(module.path.replace(/\.ts$/, ".mjs"), rewrite(module, modules, kinds, generators, sites));
  }
  return { modules: out, sites, generators: [...generators].sort() };
}

// ---- reading ----

function readModules(input: SteppedInput): Map<string, Module> {
  const modules = new Map<string, Module>();
  const todo = [...input.entries, STEPPED_MODULE];
  for (let path = todo.pop(); path !== undefined; path = todo.pop()) {
    if (modules.has(path)) continue;
    const module = readModule(path, input.read(path));
    modules.set(path, module);
    for (const source of module.sources) todo.push(resolvePath(path, source.value as string));
  }
  return modules;
}

function resolvePath(from: string, source: string): string {
  if (!source.startsWith("."))
    throw new Error(`${from} imports "${source}": the engine imports nothing outside itself`);
  return join(dirname(from), source);
}

function readModule(path: string, source: string): Module {
  const code = stripTypeScriptTypes(source, { mode: "strip" });
  const program = parse(code, { ecmaVersion: "latest", sourceType: "module", locations: true });
  const imports = new Map<string, string>();
  const exports = new Map<string, string>();
  const stars: string[] = [];
  const functions = new Map<string, Fn>();
  const accessors = new Map<string, string>();
  const sources: acorn.Literal[] = [];
  for (const node of program.body) {
    switch (node.type) {
      case "ImportDeclaration": {
        sources.push(node.source);
        const from = resolvePath(path, node.source.value as string);
        for (const s of node.specifiers) {
          if (s.type === "ImportNamespaceSpecifier") imports.set(s.local.name, `${from} *`);
          else if (s.type === "ImportSpecifier") imports.set(s.local.name, `${from} ${nameOf(s.imported)}`);
          else throw new Error(`${path}: a default import; the engine has none`);
        }
        break;
      }
      case "ExportAllDeclaration":
        sources.push(node.source);
        stars.push(resolvePath(path, node.source.value as string));
        break;
      case "ExportNamedDeclaration": {
        const from = node.source ? resolvePath(path, node.source.value as string) : path;
        if (node.source) sources.push(node.source);
        for (const s of node.specifiers) exports.set(nameOf(s.exported), `${from} ${nameOf(s.local)}`);
        if (node.declaration) for (const name of declare(node.declaration)) exports.set(name, `${path} ${name}`);
        break;
      }
      default:
        declare(node);
    }
  }
  return { path, code, imports, exports, stars, functions, accessors, sources, calls: [] };

  function declare(node: acorn.Statement | acorn.ModuleDeclaration | acorn.Declaration): string[] {
    if (node.type === "FunctionDeclaration") {
      functions.set(node.id.name, node as Fn);
      return [node.id.name];
    }
    if (node.type === "ClassDeclaration") return [node.id.name];
    if (node.type !== "VariableDeclaration") return [];
    const names: string[] = [];
    for (const { id, init } of node.declarations) {
      const bound =
        id.type === "Identifier" ? [id.name] : id.type === "ArrayPattern" ? id.elements.map(elementName) : [];
      for (const name of bound) {
        if (name === null) continue;
        names.push(name);
        if (init?.type === "CallExpression" && init.callee.type === "MemberExpression") {
          accessors.set(name, nameOf(init.callee.property as acorn.Identifier));
        }
      }
    }
    return names;
  }
}

function elementName(element: acorn.Pattern | null): string | null {
  return element?.type === "Identifier" ? element.name : null;
}

function nameOf(node: acorn.Identifier | acorn.Literal): string {
  return node.type === "Identifier" ? node.name : String(node.value);
}

// ---- resolving ----

/** Follows imports and re-exports to where a name is declared: "path name", or null when it is no engine name. */
function resolve(modules: ReadonlyMap<string, Module>, ref: string): string | null {
  const [path, name] = split(ref);
  const module = modules.get(path);
  if (module === undefined) return null;
  const target = module.exports.get(name);
  if (target === ref) return ref;
  if (target !== undefined) {
    const [toPath, toName] = split(target);
    if (toPath !== path) return resolve(modules, target);
    const imported = module.imports.get(toName); // import, then export { … }
    return imported === undefined ? target : resolve(modules, imported);
  }
  for (const star of module.stars) {
    const found = resolve(modules, `${star} ${name}`);
    if (found !== null) return found;
  }
  return null;
}

function split(ref: string): [path: string, name: string] {
  const space = ref.indexOf(" ");
  return [ref.slice(0, space), ref.slice(space + 1)];
}

/** Every call in the module of something that the engine declares by name. */
function findCalls(module: Module, modules: ReadonlyMap<string, Module>): Call[] {
  const calls: Call[] = [];
  const program = parse(module.code, { ecmaVersion: "latest", sourceType: "module", locations: true });
  const ancestors: acorn.AnyNode[] = [];
  const locals: Set<string>[] = [];
  walk(program as never, {
    enter(estree) {
      const node = estree as unknown as acorn.AnyNode;
      if (isFunction(node)) locals.push(localNames(node));
      if (node.type === "CallExpression") {
        const target = targetOf(node.callee as acorn.Expression);
        if (target !== null) calls.push({ node, target, ...position(ancestors, node) });
      }
      ancestors.push(node);
    },
    leave(estree) {
      ancestors.pop();
      if (isFunction(estree as unknown as acorn.AnyNode)) locals.pop();
    },
  });
  return calls;

  function targetOf(callee: acorn.Expression): string | null {
    const isLocal = (name: string) => locals.some((names) => names.has(name));
    if (callee.type === "Identifier") {
      if (isLocal(callee.name)) return null;
      const imported = module.imports.get(callee.name);
      if (imported !== undefined) return resolve(modules, imported);
      const isOwn = module.functions.has(callee.name) || module.accessors.has(callee.name);
      return isOwn ? `${module.path} ${callee.name}` : null;
    }
    if (callee.type !== "MemberExpression" || callee.computed || callee.object.type !== "Identifier") return null;
    const imported = module.imports.get(callee.object.name);
    if (imported === undefined || isLocal(callee.object.name) || !imported.endsWith(" *")) return null;
    return resolve(modules, `${split(imported)[0]} ${nameOf(callee.property as acorn.Identifier)}`);
  }
}

type AnyFunction = Extract<
  acorn.AnyNode,
  { type: "FunctionDeclaration" | "FunctionExpression" | "ArrowFunctionExpression" }
>;

function isFunction(node: acorn.AnyNode): node is AnyFunction {
  return /^(Function(Declaration|Expression)|ArrowFunctionExpression)$/.test(node.type);
}

/** Names bound inside a function: they hide the module's own. */
function localNames(fn: AnyFunction): Set<string> {
  const names = new Set<string>();
  for (const param of fn.params) bind(param);
  walk(fn.body as never, {
    enter(estree) {
      const node = estree as unknown as acorn.AnyNode;
      if (isFunction(node)) {
        if (node.type === "FunctionDeclaration" && node.id) names.add(node.id.name);
        this.skip();
      }
      if (node.type === "VariableDeclarator") bind(node.id);
    },
  });
  return names;

  function bind(pattern: acorn.Pattern): void {
    if (pattern.type === "Identifier") names.add(pattern.name);
    else if (pattern.type === "AssignmentPattern") bind(pattern.left);
    else if (pattern.type === "RestElement") bind(pattern.argument);
    else if (pattern.type === "ArrayPattern") for (const element of pattern.elements) element && bind(element);
    else if (pattern.type === "ObjectPattern") {
      for (const property of pattern.properties)
        bind(property.type === "Property" ? property.value : property.argument);
    }
  }
}

/** Which function declaration holds a node, and what stands between the two that no yield can cross. */
function position(ancestors: readonly acorn.AnyNode[], node: acorn.AnyNode): Pick<Call, "within" | "obstacle"> {
  let child = node;
  for (let i = ancestors.length - 1; i >= 0; i--) {
    const ancestor = ancestors[i];
    if (isFunction(ancestor)) {
      if (child !== ancestor.body) return { within: null, obstacle: "in a default parameter" };
      if (ancestor.type !== "FunctionDeclaration") return { within: null, obstacle: "in a callback, method or getter" };
      const isTop = i === 1 || (i === 2 && ancestors[1].type === "ExportNamedDeclaration");
      if (!isTop) return { within: null, obstacle: "in a function within a function" };
      return { within: (ancestor as Fn).id.name, obstacle: null };
    }
    child = ancestor;
  }
  return { within: null, obstacle: "at module level" };
}

// ---- deciding ----

/** What each accessed name is to the explorer. */
function accessKinds(modules: ReadonlyMap<string, Module>, guarded: readonly Guarded[]): Map<string, SiteKind> {
  const kinds = new Map(PRIMITIVES);
  for (const module of modules.values()) {
    for (const [name, kind] of module.accessors) {
      if (ATOMIC_KINDS.has(kind)) kinds.set(`${module.path} ${name}`, "atomic");
    }
  }
  for (const { module: path, names, except } of guarded) {
    const module = modules.get(path);
    if (module === undefined) continue; // the entries do not reach it
    for (const name of names ?? plainAccessors(module)) {
      if (!module.functions.has(name) && !module.accessors.has(name)) {
        throw new Error(`guarded: ${path} has no function or accessor "${name}"`);
      }
      if (!except?.includes(name) && !kinds.has(`${path} ${name}`)) kinds.set(`${path} ${name}`, "plain");
    }
  }
  return kinds;
}

function plainAccessors(module: Module): string[] {
  return [...module.accessors]
    .filter(([, kind]) => !ATOMIC_KINDS.has(kind) && !ADDRESS_ONLY_KINDS.has(kind))
    .map(([n]) => n);
}

/** The functions that can reach an access, through however many calls. */
function reachAccess(modules: ReadonlyMap<string, Module>, kinds: ReadonlyMap<string, SiteKind>): Set<string> {
  const callers = new Map<string, Set<string>>();
  const reached = new Set<string>();
  const todo: string[] = [];
  const reach = (ref: string) => {
    if (reached.has(ref)) return;
    reached.add(ref);
    todo.push(ref);
  };
  for (const module of modules.values()) {
    if (isPrimitiveModule(module.path)) continue;
    for (const { target, within } of module.calls) {
      if (within === null) continue;
      const from = `${module.path} ${within}`;
      if (kinds.has(target)) reach(from);
      const known = callers.get(target);
      if (known === undefined) callers.set(target, new Set([from]));
      else known.add(from);
    }
  }
  for (let ref = todo.pop(); ref !== undefined; ref = todo.pop()) {
    for (const caller of callers.get(ref) ?? []) reach(caller);
  }
  return reached;
}

/** Accesses that no yield can stand before: each is named, so that one run shows them all. */
function refuseObstacles(
  modules: ReadonlyMap<string, Module>,
  kinds: ReadonlyMap<string, SiteKind>,
  generators: ReadonlySet<string>,
): void {
  const found: string[] = [];
  for (const module of modules.values()) {
    if (isPrimitiveModule(module.path)) continue;
    for (const { node, target, obstacle } of module.calls) {
      if (obstacle === null || (!kinds.has(target) && !generators.has(target))) continue;
      found.push(`  ${module.path}:${node.loc?.start.line}: ${split(target)[1]} is called ${obstacle}`);
    }
  }
  if (found.length === 0) return;
  const rule =
    "a shared access stands in the body of a function declared at module level, or in what such a function calls";
  throw new Error(`the stepped build cannot follow these (${rule}):\n${found.join("\n")}`);
}

// ---- writing ----

function rewrite(
  module: Module,
  modules: ReadonlyMap<string, Module>,
  kinds: ReadonlyMap<string, SiteKind>,
  generators: ReadonlySet<string>,
  sites: Site[],
): string {
  const text = new MagicString(module.code);
  for (const source of module.sources) text.update(source.end - 4, source.end - 1, ".mjs"); // ….ts"
  if (isPrimitiveModule(module.path)) return text.toString();
  for (const [name, fn] of module.functions) {
    if (generators.has(`${module.path} ${name}`)) text.appendLeft(fn.start + "function".length, "*");
  }
  let needsSched = false;
  for (const { node, target } of module.calls) {
    const kind = kinds.get(target);
    if (kind !== undefined) {
      const site = sites.length;
      sites.push({ file: module.path, line: node.loc?.start.line ?? 0, kind, what: callText(module.code, node) });
      appendArgument(
        text,
        node,
        WAITS.has(kind) ? String(site) : `yield ${site}`,
        missingArguments(modules, target, node),
      );
      if (WAITS.has(kind)) {
        text.update(node.callee.start, node.callee.end, `$sched.${split(target)[1]}`);
        needsSched = true;
      }
    }
    if ((kind !== undefined && WAITS.has(kind)) || generators.has(target)) {
      text.appendLeft(node.start, "(yield* ");
      text.prependRight(node.end, ")");
    }
  }
  if (needsSched) {
    const to = relative(dirname(module.path), STEPPED_MODULE.replace(/\.ts$/, ".mjs"));
    text.append(`\nimport * as $sched from "${to.startsWith(".") ? to : `./${to}`}";\n`);
  }
  return text.toString();
}

/** Parameters that a call leaves to their defaults: they stay so, and the yield comes after them. */
function missingArguments(modules: ReadonlyMap<string, Module>, target: string, node: acorn.CallExpression): number {
  const [path, name] = split(target);
  const fn = modules.get(path)?.functions.get(name);
  return fn === undefined ? 0 : Math.max(0, fn.params.length - node.arguments.length);
}

function appendArgument(text: MagicString, node: acorn.CallExpression, argument: string, missing: number): void {
  const last = node.arguments.at(-1);
  const all = [...new Array<string>(missing).fill("void 0"), argument].join(", ");
  // A trailing comma may follow the last argument: the new one goes before it.
  if (last === undefined) text.appendLeft(node.end - 1, all);
  else text.prependRight(last.end, `, ${all}`);
}

function callText(code: string, node: acorn.CallExpression): string {
  const line = code.slice(node.start, node.end).replace(/\s+/g, " ");
  return line.length <= 80 ? line : `${line.slice(0, 77)}...`;
}
