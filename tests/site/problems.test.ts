/** The compiler's complaints in plain words, from what TypeScript really says. */
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { type Problem, problemWords } from "../../src/editor/problems.ts";

/** What TypeScript has against a text. */
function problemsOf(text: string): Problem[] {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ESNext,
    lib: ["lib.es2023.d.ts"],
    strict: true,
    noEmit: true,
  };
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile;
  host.getSourceFile = (name, ...rest) =>
    name === "cell.ts" ? ts.createSourceFile(name, text, ts.ScriptTarget.ESNext) : read.call(host, name, ...rest);
  const program = ts.createProgram(["cell.ts"], { ...options, types: [] }, host);
  const file = program.getSourceFile("cell.ts")!;
  return ts.getPreEmitDiagnostics(program, file).map((one) => ({
    code: one.code,
    line: file.getLineAndCharacterOfPosition(one.start ?? 0).line + 1,
    message: ts.flattenDiagnosticMessageText(one.messageText, "\n"),
  }));
}

describe("in both languages, with the line and the names", () => {
  test.each([
    ["\nboott", "第 2 行：没有叫 boott 的名字", "Line 2: There is no name boott"],
    ["const o = { a: 1 }; o.bcd", "第 1 行：{ a: number; } 没有 bcd。", "Line 1: { a: number; } has no bcd."],
    ["const o = { alpha: 1 }; o.alpa", "你要的是不是 alpha？", "Did you mean alpha?"],
    ["const a = 1; a = 2", "a 是 const，不能再赋值", "a is a const and cannot be assigned"],
    [
      "let n: number = 'x'",
      "string 类型的值不能放进 number 类型的地方",
      "A value of type string does not fit where number",
    ],
    ["Math.floor('x')", "参数的类型是 string，这里要的是 number", "of type string; number is wanted"],
    ["Math.floor(1, 2)", "这里要 1 个参数，给了 2 个。", "1 argument is wanted here, 2 are given."],
    ["(1", "这里少了 )。", ") is missing here."],
    ['import { a } from "left-pad"', "没有模块 left-pad", "There is no module left-pad"],
    ["const f = 1; f()", "不是函数", "is no function"],
    ["a1; b1; c1", "另有 2 处。", "And 2 more."],
  ])("%s", (text, zh, en) => {
    expect(problemWords(problemsOf(text), "zh")).toContain(zh);
    expect(problemWords(problemsOf(text), "en")).toContain(en);
  });
  test("nothing wrong is nothing said; what has no sentence of ours is said in TypeScript's", () => {
    expect(problemWords([], "zh")).toBe("");
    expect(problemWords([{ code: 99999, line: 3, message: "Odd.\nMore." }], "en")).toBe("Line 3: Odd.");
  });
});
