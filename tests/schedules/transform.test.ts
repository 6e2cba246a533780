/** The stepped transform: what becomes a step, what a generator, and what is refused. */
import { describe, expect, test } from "vitest";
import { type Guarded, toStepped } from "../../scripts/stepped/transform.ts";

const files: Record<string, string> = {
  "engine/sched/stepped.ts": "export function* lock() {}",
  "engine/memory/atomics.ts":
    "export function lock(m, l) {}\nexport function unlock(m, l) {}\nexport function load32(m, at) { return 0 }\nexport function futexsleep(m, at, value) {}",
  "engine/records/r.ts": `const layout = { u32a() { return [] }, u32() { return [] }, bytes() { return 0 } };
export const [gen, setGen] = layout.u32a("gen");
export const [size, setSize] = layout.u32("size");
export const theLock = layout.bytes("lock", 8, 8);`,
};

function stepped(source: string, guarded: Guarded[] = [], more: Record<string, string> = {}) {
  const all: Record<string, string> = { ...files, "engine/runtime/x.ts": source, ...more };
  const out = toStepped({ entries: ["engine/runtime/x.ts"], read: (path) => all[path], guarded });
  return { ...out, code: out.modules.get("engine/runtime/x.mjs") as string };
}

const imports = `import * as r from "../records/r.ts";\nimport { lock, unlock } from "../memory/atomics.ts";\n`;

describe("the stepped transform", () => {
  test("a function that reaches an atomic field through another becomes a generator too", () => {
    const out = stepped(
      `${imports}function inner(m) { return r.gen(m, 1); }\nexport function outer(m) { return inner(m) + 1; }`,
    );
    expect(out.code).toContain("function* inner(m) { return r.gen(m, 1, yield 0); }");
    expect(out.code).toContain("export function* outer(m) { return (yield* inner(m)) + 1; }");
    expect(out.generators).toEqual(["engine/runtime/x.ts inner", "engine/runtime/x.ts outer"]);
  });

  test("a function that reaches none stays as it is", () => {
    expect(stepped(`${imports}export function plain(m) { return r.size(m, 1); }`).code).toContain(
      "function plain(m) { return r.size(m, 1); }",
    );
  });

  test("a shared load inside the argument of a shared store is a point of its own, before the store's", () => {
    const out = stepped(`${imports}export function f(m) { r.setGen(m, 1, r.gen(m, 1) + 2); }`);
    expect(out.code).toContain("r.setGen(m, 1, r.gen(m, 1, yield 1) + 2, yield 0)");
  });

  test("a stepping call as the last argument of a shared store keeps its brackets apart", () => {
    const out = stepped(
      `${imports}function g(m) { return r.gen(m, 1); }\nexport function f(m) { r.setGen(m, 1, g(m)); }`,
    );
    expect(out.code).toContain("r.setGen(m, 1, (yield* g(m)), yield 1)");
  });

  test("a sleep waits by yielding, and names its line", () => {
    const out = stepped(
      `import { futexsleep } from "../memory/atomics.ts";\nexport function f(m) {\n  futexsleep(m, 8, 1);\n}`,
    );
    expect(out.code).toContain("(yield* $sched.futexsleep(m, 8, 1, 0));");
    expect(out.sites.map(({ line, kind }) => [line, kind])).toEqual([[3, "sleep"]]);
  });

  test("lock waits by yielding, unlock is a step, and both name their line", () => {
    const out = stepped(`${imports}export function f(m) {\n  lock(m, r.theLock(1));\n  unlock(m, r.theLock(1));\n}`);
    expect(out.code).toContain("(yield* $sched.lock(m, r.theLock(1), 0));");
    expect(out.code).toContain("unlock(m, r.theLock(1), yield 1);");
    expect(out.code).toContain('import * as $sched from "../sched/stepped.mjs"');
    expect(out.sites.map(({ line, kind }) => [line, kind])).toEqual([
      [4, "lock"],
      [5, "unlock"],
    ]);
  });

  test("guarded data is a point of its own kind; a name that is not there is an error", () => {
    const out = stepped(`${imports}export function f(m) { return r.size(m, 1); }`, [{ module: "engine/records/r.ts" }]);
    expect(out.code).toContain("r.size(m, 1, yield 0)");
    expect(out.sites[0].kind).toBe("plain");
    expect(() => stepped(imports, [{ module: "engine/records/r.ts", names: ["sizes"] }])).toThrow(
      'no function or accessor "sizes"',
    );
  });

  test("parameters left to their defaults stay so: the yield comes after them", () => {
    const guarded = [{ module: "engine/runtime/bits.ts", names: ["set"] }];
    const more = { "engine/runtime/bits.ts": "export function set(m, i, n = 1) { return n; }" };
    const out = stepped(`import { set } from "./bits.ts";\nexport function f(m) { return set(m, 3); }`, guarded, more);
    expect(out.code).toContain("set(m, 3, void 0, yield 0)");
  });

  test("names are followed through re-exports, and a local of the same name hides them", () => {
    const more = {
      "engine/runtime/door.ts": `export { gen as age } from "../records/r.ts";\nexport * from "../memory/atomics.ts";`,
    };
    const out = stepped(
      `import { age, load32 } from "./door.ts";\nexport function f(m) { return age(m) + load32(m, 4); }\nexport function g(m, age) { return age(m); }`,
      [],
      more,
    );
    expect(out.code).toContain("return age(m, yield 0) + load32(m, 4, yield 1)");
    expect(out.code).toContain("function g(m, age) { return age(m); }");
  });

  test.each([
    ["a callback", "export function f(m, a) { a.forEach((s) => r.gen(m, s)); }", "3: gen is called in a callback"],
    [
      "a default parameter",
      "export function f(m, g = r.gen(m, 1)) { return g; }",
      "3: gen is called in a default parameter",
    ],
    [
      "a method",
      "export class C { get(m) { return r.gen(m, 1); } }",
      "3: gen is called in a callback, method or getter",
    ],
    ["an arrow function", "export const f = (m) => r.gen(m, 1);", "3: gen is called in a callback"],
    ["the module itself", "export const now = r.gen(0, 1);", "3: gen is called at module level"],
    [
      "an inner function",
      "export function f(m) { function g() { return r.gen(m, 1); } return g(); }",
      "3: gen is called in a function within",
    ],
  ])("refuses an access in %s and says where", (_where, source, message) => {
    expect(() => stepped(imports + source)).toThrow(`engine/runtime/x.ts:${message}`);
  });

  test("refuses a module from outside", () => {
    expect(() => stepped('import fs from "node:fs";')).toThrow("the engine imports nothing outside itself");
  });
});
