import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { framePolicy, headerPolicy, pagePolicy } from "../../src/kernel/policy.ts";
import { type KernelMessage, readKernelMessage, readOutput, readPageMessage } from "../../src/kernel/protocol.ts";

const done = { v: 1, type: "done", nonce: "n", ok: true, milliseconds: 3, controls: [] };
const output = (...outputs: unknown[]) => ({ v: 1, type: "output", nonce: "n", outputs });
const text = (line: unknown) => ({ kind: "text", lines: [line] });
const table = { kind: "table", columns: [{ name: "n", align: "end" }], rows: [[1], [Number.NaN], ["x"]] };

describe("what a kernel says", () => {
  test.each([
    ["ready", { v: 1, type: "ready", shared: false }],
    ["done", done],
    ["a check", { ...done, check: { ok: false, say: { zh: "错", en: "no" } } }],
    ["text", output(text("a"), text({ zh: "甲", en: "a" }))],
    ["a table", output(table)],
    ["an error without a line", output({ kind: "error", name: "E", message: "m", code: "c", line: null, say: "s" })],
    ["a cut", output({ kind: "cut", what: "lines", dropped: 5 })],
  ])("%s is read as it is", (_name, message) => expect(readKernelMessage(message)).toEqual(message));

  test.each([
    ["nothing", null],
    ["a string", "ready"],
    ["another version", { ...done, v: 2 }],
    ["an unknown type", { ...done, type: "html" }],
    ["a nonce that is no string", { ...done, nonce: 1 }],
    ["a negative time", { ...done, milliseconds: -1 }],
    ["a time that is no number", { ...done, milliseconds: Number.NaN }],
    ["an output of an unknown kind", output({ kind: "html", html: "<b>" })],
    ["an output named like a method of Object", output({ kind: "toString" })],
    ["a row longer than the columns", output({ ...table, rows: [[1, 2]] })],
    ["an object in a table's cell", output({ ...table, rows: [[{ a: 1 }]] })],
    ["too many outputs", output(...Array(300).fill(text("x")))],
    ["a line that is no words", output(text({ zh: "甲" }))],
    [
      "a slider whose value lies outside it",
      { ...done, controls: [{ kind: "range", name: "n", label: "n", min: 0, max: 1, step: 1, value: 2 }] },
    ],
    [
      "a step of zero",
      { ...done, controls: [{ kind: "range", name: "n", label: "n", min: 0, max: 1, step: 0, value: 1 }] },
    ],
    ["a file control without its endings", { ...done, controls: [{ kind: "file", name: "f", label: "f" }] }],
    ["fields behind a prototype", Object.create(done)],
    ["a getter", Object.defineProperty({ ...done }, "ok", { get: () => true })],
    ["a heap picture without a heap", output({ kind: "heap", snapshot: { version: 1 } })],
    ["a picture of an unknown kind", output({ kind: "picture", picture: { kind: "bomb" } })],
  ])("%s is not read at all", (_name, message) => expect(readKernelMessage(message)).toBeNull());

  test("unknown fields are dropped, __proto__ among them", () => {
    const message = readKernelMessage(
      JSON.parse(JSON.stringify({ ...done, evil: 1 }).replace("{", '{"__proto__":{"bad":1},')),
    );
    expect(Object.keys(message!).sort()).toEqual(Object.keys(done).sort());
    expect((message as unknown as { bad?: number }).bad).toBeUndefined();
    expect(readOutput({ ...table, html: "<script>" })).not.toHaveProperty("html");
  });

  test("a long line is cut at the cap", () => {
    const read = readOutput(text("x".repeat(100_000)));
    expect(read?.kind === "text" && String(read.lines[0]).length).toBe(20_001);
  });

  test("law: any value is refused or comes back as a fresh copy that reads the same again", () => {
    const leaf = fc.oneof(
      fc.string(),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom("text", "table", "done", "output", "ready", "n", 1),
    );
    const key = fc.constantFrom(
      "v",
      "type",
      "kind",
      "nonce",
      "ok",
      "milliseconds",
      "controls",
      "outputs",
      "lines",
      "rows",
      "columns",
      "name",
      "align",
      "shared",
      "check",
      "say",
    );
    const tree = fc.letrec((tie) => ({
      tree: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie("tree"), { maxLength: 4 }), fc.dictionary(key, tie("tree"))),
    })).tree;
    fc.assert(
      fc.property(fc.constantFrom<unknown>(done, output(table, text("a"))), key, tree, (message, at, value) => {
        const read = readKernelMessage({ ...(message as object), [at]: value });
        if (read === null) return;
        expect(read).not.toBe(message);
        expect(readKernelMessage(read)).toEqual(read as KernelMessage);
      }),
    );
  });
});

describe("what a page says", () => {
  const program = { v: 1, type: "run", nonce: "n", cell: "a/b", script: "1", declares: ["a"] };
  const message = { ...program, inputs: { n: 1 }, recorded: { "facts-1/F9": "1" } };
  test("a run is read as it is", () => expect(JSON.parse(JSON.stringify(readPageMessage(message)))).toEqual(message));
  test("a file's text arrives whole up to 1 MB, and a longer one not at all", () => {
    const whole = "x".repeat(1_048_576);
    expect(readPageMessage({ ...message, inputs: { f: whole } })?.inputs["f"]).toBe(whole);
    expect(readPageMessage({ ...message, inputs: { f: `${whole}x` } })).toBeNull();
  });
  test.each([[undefined], [1], [{ key: 1 }], [["x", 2]]])("a run with %j for recordings is not read", (recorded) => {
    expect(readPageMessage({ ...message, recorded })).toBeNull();
  });
  test("a run without a script is not read", () => expect(readPageMessage({ ...message, script: 1 })).toBeNull());
});

describe("policies", () => {
  test("the page's names the bootstrap by its hash, lets no inline script run, and frames nobody else", () => {
    const policy = pagePolicy();
    expect(policy).toMatch(/script-src 'self' 'sha256-[\w+/=]+' 'unsafe-eval'/);
    expect(policy).not.toMatch(/script-src[^;]*unsafe-inline/);
    expect(policy).toContain("frame-src 'self'");
    expect(policy).toContain("worker-src 'self' blob: data:");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(pagePolicy({ scriptHashes: ["sha256-abc="] })).toContain("'sha256-abc='");
    expect(headerPolicy()).toContain("frame-ancestors 'self'");
    expect(policy).not.toContain("frame-ancestors"); // a meta element may not say it
  });
  test("the frame's starts from nothing, and allows no address of any site", () => {
    expect(framePolicy()).toMatch(/^default-src 'none'/);
    expect(framePolicy()).not.toMatch(/https?:|'self'|\*/);
  });
});
