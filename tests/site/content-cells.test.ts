/**
 * The programs of the chapters: typed, readable in both languages, run, and held against what is recorded; exercises
 * that their solution passes and every cheat fails.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { badgeWords } from "../../src/i18n/kernel.ts";
import { workerText } from "../../src/kernel/bundle.ts";
import type { Control, Scalar } from "../../src/kernel/protocol.ts";
import {
  type Badge,
  bilingual,
  checkBadge,
  type Expected,
  type Field,
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
      const { compiled, controls, recorded } = await loadCell(id);
      for (const control of controls) {
        for (const value of endsOf(control)) {
          const inputs = { [control.name]: value };
          const { outputs } = await kernel.run({ cell: id, ...compiled, recorded, inputs });
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
    const held = cells.filter((id) => expectedOf(id).badge?.fields !== undefined);
    expect(held.length).toBeGreaterThanOrEqual(5);
  });

  test.each([
    ["border", { recorded: 8, figures: 8, hasMore: true }, "table same as Go 1.26.8"],
    ["border-pointers", { recorded: 12, figures: 12, hasMore: false }, "same as Go 1.26.8"],
    ["paths", { recorded: 16, figures: 21, hasMore: true }, "16 of 21 figures checked against Go 1.26.8"],
    ["until-full", { recorded: 2, figures: 4, hasMore: true }, "2 of 4 figures checked against Go 1.26.8"],
  ])("%s claims no more than its recordings bear out", (name, evidence, words) => {
    const { badge, outputs } = expectedOf(`small-allocation/${name}`);
    expect(checkBadge(`small-allocation/${name}`, badge, outputs!)).toEqual(evidence);
    expect(badgeWords(evidence, "en").words).toBe(words);
    expect(badgeWords(evidence, "zh").words).toMatch(/\p{Script=Han}.*Go 1\.26\.8/u);
  });

  describe("a badge is refused", () => {
    const id = "small-allocation/border";
    const { badge, outputs } = expectedOf(id);
    const [way, sizeclass, npages] = badge!.fields!;
    const judged = (changed: Badge) => () => checkBadge(id, changed, outputs!);
    const withField = (field: Partial<Field>) => judged({ ...badge, fields: [{ ...npages!, ...field }] });

    test("only when it is wrong: as it stands it holds, and so does each field alone", () => {
      expect(judged(badge!)).not.toThrow();
      for (const field of badge!.fields!) expect(judged({ ...badge, fields: [field] })).not.toThrow();
    });

    test.each([
      ["Go's answer is another one", { equals: 5 }, /Go recorded 4 at large-1\.jsonl:3 mallocs\.33\.4, not 5/],
      ["the place in the recording is another one", { path: "mallocs.33.5" }, /Go recorded 32768/],
      ["the place does not exist", { path: "mallocs.33.99" }, /Go recorded undefined/],
      ["there is no such line", { case: 99 }, /has no line 99/],
      ["there is no such recording", { recording: "none-1.jsonl" }, /there is no tests\/oracle\/recordings\/none-1/],
      ["the cell shows another figure there", { output: "outputs.0.rows.0.4" }, /the cell shows 32768 .*, Go 4/],
      ["it points to what the program itself says", { output: "outputs.0.rows.0.0" }, /in a column that is given/],
      ["it points to a drawing", { output: "outputs.1.picture.at" }, /is no figure of a table/],
      ["Go answered another request", { path: "mallocs.22.4" }, /Go's answer to 32761 bytes, not to 32760/],
      ["it is read in a way that does not fit", { reads: "withHeader" }, /the cell shows 4 .*, Go 12/],
      ["there is no such reading", { reads: "about" as "way" }, /no reading "about": use sizeclass, withHeader, way/],
    ] satisfies [string, Partial<Field>, RegExp][])("when %s", (_why, field, message) => {
      expect(withField(field)).toThrow(message);
    });

    test("when one of many fields is wrong, wherever it stands", () => {
      for (const i of badge!.fields!.keys()) {
        const fields = badge!.fields!.map((field, j) => (i === j ? { ...field, equals: -1 } : field));
        expect(judged({ ...badge, fields })).toThrow(/not -1/);
      }
    });

    test("when a field lacks a part, vouches twice, or there is none", () => {
      const { equals: _, ...rest } = npages!;
      expect(judged({ ...badge, fields: [rest as Field] })).toThrow(/needs "equals"/);
      expect(judged({ ...badge, fields: [way!, sizeclass!, way!] })).toThrow(/two fields .* one figure/);
      expect(judged({ ...badge, fields: [] })).toThrow(/at least one/);
      expect(judged({})).toThrow(/says nothing/);
      expect(judged({ ...badge!, given: ["size", "sise"] })).toThrow(/no table has a column "sise"/);
    });
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
