/**
 * The programs of the chapters: typed, readable in both languages, run, and held against what is recorded; exercises
 * that their solution passes and every cheat fails.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { workerText } from "../../src/kernel/bundle.ts";
import type { Control, Scalar } from "../../src/kernel/protocol.ts";
import {
  bilingual,
  type Expected,
  listCells,
  loadCell,
  runCell,
  runExercise,
  variantsOf,
} from "../../src/mdx/cells.ts";
import { NodeKernel } from "../../src/mdx/node-kernel.ts";
import { contentPath, LANGS } from "./content-text.ts";

/** `UPDATE_CELLS=1 npx vitest run tests/site/content-cells` records anew what the cells show; never where CI is set. */
const isUpdate = process.env["UPDATE_CELLS"] === "1" && process.env["CI"] === undefined;
const pretty = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
const root = join(import.meta.dirname, "../..");
const ids = listCells();
const expectedOf = (id: string) =>
  JSON.parse(readFileSync(contentPath("cells", `${id}.expected.json`), "utf8")) as Expected;
const sourceOf = (id: string, ending = ".ts") => readFileSync(contentPath("cells", `${id}${ending}`), "utf8").trimEnd();
const exercises = ids.filter((id) => filesOf(id).includes("check"));
const cells = ids.filter((id) => !exercises.includes(id));

/** Endings of a cell's files: "check", "solution", "cheat-1" … */
function filesOf(id: string): string[] {
  const [chapter = "", name = ""] = id.split("/");
  return readdirSync(contentPath("cells", chapter)).flatMap((file) =>
    file.startsWith(`${name}.`) && file !== `${name}.ts`
      ? [file.slice(name.length + 1).replace(/\.(ts|json)$/, "")]
      : [],
  );
}

/** The least and the greatest value of a control, or all of its options. */
function endsOf(control: Control): readonly Scalar[] {
  if (control.kind === "range") return [control.min, control.max];
  return control.kind === "choice" ? control.options.map((option) => option.value) : [true, false];
}

/** What TypeScript says about texts that lie, as modules, beside the cells. */
function complaints(texts: ReadonlyMap<string, string>): string[] {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    moduleDetection: ts.ModuleDetectionKind.Force,
    lib: ["lib.es2024.d.ts"],
    types: [],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => texts.has(name) || fileExists(name);
  host.readFile = (name) => texts.get(name) ?? readFile(name);
  host.getSourceFile = (name, language, ...rest) => {
    const text = texts.get(name);
    return text === undefined ? getSourceFile(name, language, ...rest) : ts.createSourceFile(name, text, language);
  };
  const program = ts.createProgram([contentPath("cells", "cell.d.ts"), ...texts.keys()], options, host);
  return [...texts.keys()].flatMap((name) => {
    const file = program.getSourceFile(name);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map((one) => {
      const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(one.start ?? 0).line + 1;
      return `${basename(name)}:${line}: ${ts.flattenDiagnosticMessageText(one.messageText, " ")}`;
    });
  });
}

describe("the programs", () => {
  test("are at least 8 cells and 4 exercises", () => {
    expect(cells.length).toBeGreaterThanOrEqual(8);
    expect(exercises.length).toBeGreaterThanOrEqual(4);
  });

  test("are well typed; an exercise's check is read after each of its variants", () => {
    const texts = new Map<string, string>();
    for (const id of ids) {
      const place = (name: string) => join(root, "content/cells", `${id}.${name}.typed.ts`);
      if (!exercises.includes(id)) texts.set(place("cell"), sourceOf(id));
      else
        for (const name of ["", "solution"])
          texts.set(place(name), `${sourceOf(id, name === "" ? ".ts" : `.${name}.ts`)}\n${sourceOf(id, ".check.ts")}`);
    }
    expect(complaints(texts)).toEqual([]);
  });

  test("notices a type that is wrong", () => {
    const place = join(root, "content/cells/small-allocation/wrong.typed.ts");
    expect(complaints(new Map([[place, 'table(7);\nprint("7");\nconst n: string = 7;']]))).toHaveLength(2);
  });

  test.each(ids)("%s: 25 lines at most, the same in both languages, and imports from goheap alone", (id) => {
    const shown = LANGS.map((lang) => bilingual(sourceOf(id), lang).split("\n"));
    expect(shown[0]).toHaveLength(shown[1]!.length);
    expect(shown[0]!.length).toBeLessThanOrEqual(25);
    for (const [, from] of sourceOf(id).matchAll(/from "([^"]+)"/g)) expect(from).toBe("goheap");
  });

  test.each(ids)("%s: every comment has its Chinese and its English line", (id) => {
    for (const ending of [
      "",
      ...filesOf(id)
        .filter((name) => name !== "expected")
        .map((name) => `.${name}`),
    ]) {
      const lines = sourceOf(id, `${ending}.ts`)
        .split("\n")
        .filter((line) => line.trim().startsWith("//"));
      expect(lines.filter((line) => !/^\s*\/\/(zh|en) /.test(line))).toEqual([]);
      for (const [i, line] of lines.entries()) {
        expect(/\/\/zh .*\p{Script=Han}/u.test(line), line).toBe(i % 2 === 0);
        if (i % 2 === 1) expect(line).not.toMatch(/\p{Script=Han}/u);
      }
    }
  });
});

describe("what a cell shows", () => {
  test.each(cells)("%s runs without an error and shows what is recorded", async (id) => {
    const { outputs, ok } = await runCell(id);
    expect(outputs.filter((output) => output.kind === "error")).toEqual([]);
    expect(ok).toBe(true);
    if (isUpdate) writeFileSync(contentPath("cells", `${id}.expected.json`), pretty({ ...expectedOf(id), outputs }));
    expect(outputs).toEqual(expectedOf(id).outputs);
  });

  test.each(cells)("%s has a badge that its recording bears out", async (id) => {
    const { expected } = await loadCell(id);
    expect(Object.keys(expected.badge ?? {}).length).toBeGreaterThan(0);
  });

  test("every control of every cell can be turned to its ends without an error", async () => {
    const failures: string[] = [];
    let turned = 0;
    const kernel = new NodeKernel(await workerText());
    for (const id of cells) {
      const { compiled, controls } = await loadCell(id);
      for (const control of controls) {
        for (const value of endsOf(control)) {
          const inputs = { [control.name]: value };
          const { outputs } = await kernel.run({ cell: id, ...compiled, inputs });
          turned++;
          for (const one of outputs) if (one.kind === "error") failures.push(`${id}, ${value}: ${one.message}`);
        }
      }
    }
    await kernel.stop();
    expect(failures).toEqual([]);
    expect(turned).toBeGreaterThan(15);
  });

  test("at least five cells are held against a recording of the real Go", () => {
    const held = cells.filter((id) => expectedOf(id).badge?.recording !== undefined);
    expect(held.length).toBeGreaterThanOrEqual(5);
  });

  test.each(ids.filter((id) => expectedOf(id).predict !== undefined))(
    "%s: one right answer, and words for each wrong one",
    (id) => {
      const { choices } = expectedOf(id).predict!;
      expect(choices.filter((choice) => choice.right === true)).toHaveLength(1);
      expect(choices.length).toBeGreaterThanOrEqual(3);
      const said = choices.map((choice) => JSON.stringify(choice.say));
      expect(new Set(said).size).toBe(choices.length);
    },
  );
});

describe.each(exercises)("exercise %s", (id) => {
  test("has two hints, a solution and at least two cheats", () => {
    expect(expectedOf(id).hints).toHaveLength(2);
    expect(variantsOf(id)).toContain("solution");
    expect(variantsOf(id).filter((name) => name.startsWith("cheat-")).length).toBeGreaterThanOrEqual(2);
  });

  test.each(variantsOf(id))("%s is judged rightly, with words in both languages", async (variant) => {
    const { ok, say } = await runExercise(id, variant);
    expect({ ok, say }).toMatchObject({ ok: variant === "solution" });
    expect(say).not.toBe("");
  });
});
