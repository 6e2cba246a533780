/** The kernel as the page speaks to it: its own program text, in a thread of Node. */

import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundleWorker } from "../../src/kernel/bundle.ts";
import type { InputValues, Output } from "../../src/kernel/protocol.ts";
import { compile } from "../../src/kernel/transform.ts";
import { NodeKernel } from "../../src/mdx/node-kernel.ts";

let text = "";
let kernel: NodeKernel;

beforeAll(async () => {
  text = await bundleWorker({ engine: join(process.cwd(), "tests/site/engine-stand-in.ts") });
});
beforeAll(() => {
  kernel = new NodeKernel(text);
});
afterAll(() => kernel.stop());

async function run(source: string, inputs: InputValues = {}, check?: string) {
  const compiled = compile(source, "cell-x.ts");
  const checked = check === undefined ? {} : { check: { ...compile(check, "check-x.ts"), source } };
  return kernel.run({ cell: "test/x", script: compiled.script, declares: compiled.declares, inputs, ...checked });
}

/** Every line of text, in English. */
const lines = (outputs: readonly Output[]) =>
  outputs.flatMap((output) =>
    output.kind === "text" ? output.lines.map((line) => (typeof line === "string" ? line : line.en)) : [],
  );

async function shows(source: string, inputs: InputValues = {}): Promise<string[]> {
  const { outputs } = await run(source, inputs);
  const error = outputs.find((output) => output.kind === "error");
  if (error?.kind === "error") throw new Error(`${error.name}: ${error.message}`);
  return lines(outputs);
}

async function fails(source: string) {
  const { ok, outputs } = await run(source);
  expect(ok).toBe(false);
  const error = outputs.find((output) => output.kind === "error");
  if (error?.kind !== "error") throw new Error("no error was shown");
  return error;
}

describe("recordings", () => {
  const compiled = compile('recorded("facts-1", "F9")', "cell-x.ts");
  test("a cell reads the parts that came with it, each time anew", async () => {
    const recorded = { "facts-1/F9": '{"n":[1,2]}', "malloc-1/3/a.b": "7" };
    const source =
      'recorded("facts-1", "F9").n.push(3); [recorded("facts-1", "F9").n.length, recorded("malloc-1", 3, "a.b")].join()';
    const { outputs } = await kernel.run({ cell: "test/x", ...compile(source, "cell-x.ts"), recorded });
    expect(lines(outputs)).toEqual(["2,7"]);
  });
  test("what did not come with it is an error that says what did", async () => {
    const { outputs } = await kernel.run({ cell: "test/x", ...compiled, recorded: { "facts-1/F2": "1" } });
    expect(outputs[0]).toMatchObject({
      kind: "error",
      code: "cell/recorded",
      message: expect.stringContaining("facts-1/F2"),
    });
  });
});

describe("scope", () => {
  test("a later run sees what an earlier one declared", async () => {
    await run("const a = 1; let b = 2; function c() { return a + b; } class D { e = c(); }");
    expect(await shows("new D().e + a")).toEqual(["4"]);
  });
  test("a run may declare again what an earlier one declared, const or let or function", async () => {
    await run("const again = 1;");
    expect(await shows("let again = 2; again")).toEqual(["2"]);
    expect(await shows("function again() { return 3; } again()")).toEqual(["3"]);
  });
  test("a const cannot be assigned, neither in its own cell nor from another", async () => {
    expect((await fails("const fixed = 1;\nfixed = 2;")).code).toBe("js/constant");
    expect((await fails("fixed = 3;")).line).toBe(1);
  });
  test("a cell may call its names as the language or the kernel does, and the kernel goes on", async () => {
    expect(await shows("const Map = 1, Object = 2, print = 3, JSON = 4; Map + Object + print + JSON")).toEqual(["10"]);
    const fresh = new NodeKernel(text);
    const compiled = compile("print(typeof Map)", "cell-x.ts");
    expect(lines((await fresh.run({ cell: "t/x", ...compiled })).outputs)).toEqual(["function"]);
    await fresh.stop();
    await kernel.stop();
    kernel = new NodeKernel(text);
  });
  test("await works at the top level, and a rejected one is an error with its line", async () => {
    expect(await shows("const five = await Promise.resolve(5); five")).toEqual(["5"]);
    expect((await fails("1;\nawait Promise.reject(new RangeError('too far'));")).code).toBe("js/range");
  });
});

describe("what is shown", () => {
  test.each([
    ["a number", "1 + 1", ["2"]],
    ["nothing for undefined", "print", ["ƒ print"]],
    ["a string as it is", "'a b'", ["a b"]],
    ["a bigint", "2n ** 64n", ["18446744073709551616n"]],
    ["a nested value", "({ a: [1, { b: 'c' }], m: new Map([[1, 2]]) })", ['{ a: [1, { b: "c" }], m: Map { 1 => 2 } }']],
    ["a cycle", "const o = { a: {} }; o.a.o = o; o", ["{ a: { o: … } }"]],
    ["a typed array", "Uint8Array.of(1, 2)", ["Uint8Array(2) [1, 2]"]],
    ["words in the page's language", "print({ zh: '字', en: 'word' }, 1)", ["word 1"]],
  ])("%s", async (_name, source, want) => {
    const shown = await shows(source.replace(/^print$/, "undefined; print"));
    expect(shown.map((line) => line.replace("Map {", "Map { ").replace("2}", "2 }").replace("{  ", "{ "))).toEqual(
      want,
    );
  });
  test("rows as a table, a flat object as fields and values", async () => {
    const { outputs } = await run(
      "table([{ n: 1, way: 'x' }], { turn: 0, caption: { zh: '表', en: 't' } }); ({ a: 1 })",
    );
    expect(outputs).toMatchObject([
      {
        kind: "table",
        columns: [
          { name: "n", align: "end" },
          { name: "way", align: "start" },
        ],
        rows: [[1, "x"]],
        turn: 0,
      },
      { kind: "table", rows: [["a", 1]] },
    ]);
  });
  test("a table of a thousand rows keeps its first and last, and says how many are missing", async () => {
    const { outputs } = await run("table(Array.from({ length: 1000 }, (_, i) => [i]))");
    const [table] = outputs;
    if (table?.kind !== "table") throw new Error("no table");
    expect([table.rows.length, table.rows[0]![0], table.rows.at(-1)![0], table.cut]).toEqual([200, 0, 999, 800]);
  });
  test("series as a chart", async () => {
    const { outputs } = await run("chart({ a: [1, 4, 9] }, { kind: 'step', logY: true })");
    expect(outputs).toEqual([
      {
        kind: "chart",
        chart: "step",
        logY: true,
        series: [
          {
            name: "a",
            points: [
              [0, 1],
              [1, 4],
              [2, 9],
            ],
          },
        ],
      },
    ]);
  });
  test("of a hundred thousand lines the first 300 and the last 60, and the number of the others", async () => {
    const { outputs } = await run("for (let i = 0; i < 100_000; i++) print(i);");
    const shown = lines(outputs);
    expect([shown.length, shown[0], shown[299], shown[300], shown.at(-1)]).toEqual([360, "0", "299", "99940", "99999"]);
    expect(outputs.find((output) => output.kind === "cut")).toEqual({ kind: "cut", what: "lines", dropped: 99_640 });
  });
  test("one line of a million characters is cut short", async () => {
    const [line = ""] = await shows("print('x'.repeat(1e6))");
    expect(line.length).toBeLessThan(2_100);
    expect(line).toContain("998000");
  });
  test("nothing that a timer says after the run has ended", async () => {
    await run("setTimeout(() => print('late'), 30); 1");
    expect(await shows("await new Promise((done) => setTimeout(done, 80)); 2")).toEqual(["2"]);
  });
});

describe("errors", () => {
  test.each([
    [
      "Go's throw",
      'import { boot } from "goheap";\nconst go = boot();\nconst f = () => go.ruin();\nf();',
      "Fatal",
      "go/fatal",
      3,
    ],
    ["Go's panic", 'import { boot } from "goheap";\nboot().panic();', "Panic", "go/panic", 2],
    ["an unknown name", "1;\n\nnope;", "ReferenceError", "js/reference", 3],
    ["a name before its value", "early;\nlet early = 1;", "ReferenceError", "js/reference", 1],
    ["a field of nil", "const nil = null;\nnil.next;", "TypeError", "js/nil", 2],
    ["no function", "const one = 1;\none();", "TypeError", "js/not-a-function", 2],
    ["recursion without end", "function f() { return f(); }\nf();", "RangeError", "js/stack-overflow", 1],
    ["a missing export", 'import { Boot } from "goheap";\nBoot();', "CellError", "cell/import", 1],
    [
      "a rejection that nobody awaits",
      "1;\nvoid Promise.reject(new TypeError('x is not a function'));",
      "TypeError",
      "js/not-a-function",
      2,
    ],
    ["a thrown string", "throw 'words';", "throw", "js/thrown", null],
    ["a bad argument of the kernel's own", "1;\ninput.range('n', {});", "CellError", "cell/argument", 2],
  ])("%s: kind, code and the reader's own line", async (_name, source, name, code, line) => {
    const error = await fails(source);
    expect({ name: error.name, code: error.code, line: error.line }).toEqual({ name, code, line });
    expect(error.say).toMatchObject({ zh: expect.stringMatching(/[\u4e00-\u9fff]/), en: expect.any(String) });
  });
  test("Go's words come through letter for letter", async () => {
    const { message } = await fails('import { boot } from "goheap"; boot().ruin();');
    expect(message).toBe("uncaching span but s.allocCount == 0");
  });
});

describe("inputs", () => {
  const source = "[input.range('n', { min: 1, max: 9, value: 4 }), input.choice('c', ['x', 'y']), input.toggle('t')]";
  test("without a hand on them they have their defaults", async () => {
    expect(await shows(source)).toEqual(['[4, "x", false]']);
  });
  test("they take what the page gives, kept within their range", async () => {
    expect(await shows(source, { n: 70, c: "y", t: true })).toEqual(['[9, "y", true]']);
  });
  test("the page is told of each, with its present value", async () => {
    const { controls } = await run(source, { n: 5 });
    expect(controls.map((c) => [c.kind, c.name, "value" in c ? c.value : undefined])).toEqual([
      ["range", "n", 5],
      ["choice", "c", "x"],
      ["toggle", "t", false],
    ]);
  });
  test("a file is the cell's own text until the reader opens one, and its text does not come back", async () => {
    const file = "input.file('trace', { value: 'own', accept: '.jsonl' })";
    expect(await shows(file)).toEqual(["own"]);
    expect(await shows(file, { trace: "theirs" })).toEqual(["theirs"]);
    expect(await shows(file, { trace: 5 })).toEqual(["own"]);
    const { controls } = await run(file, { trace: "theirs" });
    expect(controls).toEqual([{ kind: "file", name: "trace", label: "trace", accept: ".jsonl" }]);
  });
});

describe("checks of exercises", () => {
  test("see the scope, the text and what was printed", async () => {
    const check =
      "({ ok: mine === 7 && source.includes('mine') && printed[0] === 'seven', say: { zh: '好', en: 'good' } })";
    const { check: verdict } = await run("const mine = 7;\nprint('seven');", {}, check);
    expect(verdict).toEqual({ ok: true, say: { zh: "好", en: "good" } });
  });
  test("that throw are no pass, and leave no names behind", async () => {
    const { check } = await run("1", {}, "const secret = 1;\nnope;");
    expect(check?.ok).toBe(false);
    expect(await shows("typeof secret + typeof source")).toEqual(["undefinedundefined"]);
  });
  test("are not run when the cell itself fails", async () => {
    expect((await run("nope", {}, "({ ok: true, say: '' })")).check).toBeUndefined();
  });
});

describe("the worker's global", () => {
  test("has no way out and no way to the protocol", async () => {
    const names = "fetch WebSocket XMLHttpRequest EventSource importScripts Worker BroadcastChannel postMessage close";
    expect(await shows(`'${names}'.split(' ').filter((name) => name in globalThis).join()`)).toEqual([""]);
  });
});
