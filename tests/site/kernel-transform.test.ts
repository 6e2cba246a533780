import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Explained } from "../../src/kernel/explain.ts";
import { highlight } from "../../src/kernel/highlight.ts";
import { needsOf } from "../../src/kernel/stale.ts";
import { compile } from "../../src/kernel/transform.ts";

const file = "cell-x.ts";

describe("a cell's names", () => {
  test.each([
    ["a constant", "const a = 1;", ["a"], [], []],
    ["two in one declaration", "let a = 1, b;", ["a", "b"], [], []],
    ["destructuring with defaults and rest", "const { a, b: { c = d }, ...e } = f();", ["a", "c", "e"], ["d", "f"], []],
    ["a function and what its body reads", "function f(a) { return a + b; }", ["f"], ["b"], []],
    ["a class", "class A { x = y; }", ["A"], ["y"], []],
    ["an import", 'import { boot as start } from "goheap";\nstart();', ["start"], [], []],
    ["a type is no name", "type T = { go: 1 }; interface I { b: T }", [], [], []],
    ["a var inside a block belongs to the cell", "for (var i = 0; i < 1; i++) { var k = i; }", ["i", "k"], [], []],
    ["a let inside a block does not", "{ let k = 1; k; }", [], [], []],
    ["a method call touches", "go.new(T);", [], ["T", "go"], ["T", "go"]],
    ["a field write touches", "node.next = other;", [], ["node", "other"], ["node"]],
    ["an argument is touched", "use(go);", [], ["go", "use"], ["go"]],
    ["printing only looks", "print(go);", [], ["go", "print"], []],
    ["an assignment touches", "count = count + 1;", [], ["count"], ["count"]],
    ["an update touches", "count++;", [], ["count"], ["count"]],
    ["a name of an inner scope is not read", "[1].map((go) => go.x);", [], [], []],
    ["keys and labels are not read", "x: for (const a of b) { ({ c: 1 }).d; continue x; }", [], ["b"], []],
  ])("%s", (_name, source, declares, reads, touches) => {
    const compiled = compile(source, file);
    expect(compiled.declares).toEqual(declares);
    expect(compiled.reads).toEqual(reads);
    expect(compiled.touches).toEqual(touches);
  });
});

describe("a text that cannot be read", () => {
  test.each([
    ["a bracket is missing", "const a = (1;\n", 1, "js/syntax"],
    ["in the third line", "1;\n2;\nconst = 3;", 3, "js/syntax"],
    ["a name is declared twice", "const a = 1;\nconst a = 2;", 2, "js/syntax"],
    ["another package", "1;\nimport fs from 'node:fs';", 2, "cell/import"],
    ["an export", "1;\nexport const a = 1;", 2, "cell/export"],
  ])("%s: said with its line, in both languages", (_name, source, line, code) => {
    let thrown: unknown;
    try {
      compile(source, file);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(Explained);
    const { line: at, code: is, say } = thrown as Explained;
    expect({ at, is }).toEqual({ at: line, is: code });
    expect(say.zh).toMatch(/[\u4e00-\u9fff]/);
    expect(say.en).toMatch(/^[^\u4e00-\u9fff]+$/);
  });
});

test("law: line n of the script is line n of the text", () => {
  const statements = [
    "const a@ = 1;",
    "let { b@,\n  c@ = 2 } = { b@: 1 };",
    "var d@",
    "function e@(x: number):\n  number { return x; }",
    "class F@ {\n  y = 1;\n}",
    "type T@ = {\n  a: 1;\n};",
    "for (const g of [1]) {\n  print(g);\n}",
    "// a comment",
    "",
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...statements), { maxLength: 12 }), (parts) => {
      const lines = parts.map((part, i) => part.replaceAll("@", String(i))).join("\n");
      const source = `${lines}${lines === "" ? "" : "\n"}mark();`;
      const script = compile(source, file).script.split("\n");
      const at = source.split("\n").findIndex((line) => line.includes("mark()"));
      expect(script[at]).toContain("mark()");
    }),
  );
});

test("law: the pieces of a listing are its text", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("/", "*", '"', "`", "\n", "const ", "a", " ", "\\", "'") }),
      (source) => {
        const text = highlight(source).map((line) => line.map((piece) => piece.text).join(""));
        expect(text.join("\n")).toBe(source);
      },
    ),
  );
});

describe("what has to run before a cell", () => {
  const cell = (declares: string[], reads: string[] = [], touches: string[] = [], isExercise = false) => ({
    declares,
    reads,
    touches,
    isExercise,
  });
  test.each([
    ["nothing, when it reads nothing of theirs", [cell(["a"]), cell(["b"], ["print"])], 1, []],
    ["the cell that declares what it reads", [cell(["a"]), cell(["b"]), cell([], ["b"])], 2, [1]],
    ["the nearest of two that declare it", [cell(["a"]), cell(["a"]), cell([], ["a"])], 2, [1]],
    ["what that cell rests on in turn", [cell(["a"]), cell(["b"], ["a"]), cell([], ["b"])], 2, [0, 1]],
    ["cells between that touch it", [cell(["go"]), cell([], ["go"], ["go"]), cell([], ["go"])], 2, [0, 1]],
    ["not those that only read it", [cell(["go"]), cell([], ["go"]), cell([], ["go"])], 2, [0]],
    ["never an exercise", [cell(["go"]), cell(["go"], [], [], true), cell([], ["go"])], 2, [0]],
    ["not one that calls a function of the language", [cell([], ["Array"], ["Array"]), cell([], ["Array"])], 1, []],
  ])("%s", (_name, cells, index, needed) => expect(needsOf(cells, index)).toEqual(needed));
});
