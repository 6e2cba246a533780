/**
 * The house's own rules: which folder may import which, the engine's two doors, that every engine file loads alone,
 * that departures from Go are listed, that the engine is deterministic, that the lock file is whole.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { departureList, departuresIn, departuresInCode, listInReadme } from "../scripts/departures.ts";

const root = resolve(import.meta.dirname, "..");

function filesBelow(folder: string, pattern: RegExp): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name) && !entry.parentPath.includes("node_modules"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .sort();
}

const read = (file: string) => readFileSync(join(root, file), "utf8");

/** Source without comments; strings stay. */
function withoutComments(source: string): string {
  return source.replace(
    /\/\*[\s\S]*?\*\/|("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|\/\/.*$/gm,
    (_all, text) => text ?? "",
  );
}

interface Import {
  readonly from: string;
  /** Nothing of it is left at run time. */
  readonly isType: boolean;
}

/** What a file imports or re-exports, statically or by `import()`. */
function importsOf(source: string): Import[] {
  const code = withoutComments(source);
  const found: Import[] = [];
  const statics = /\b(import|export)\s+(type\s+)?((?:[\w$*\s,]|\{[^}]*\})*?)\s*from\s*["']([^"']+)["']/g;
  for (const [, , type, names, from] of code.matchAll(statics)) {
    const braces = /^\{([^}]*)\}$/
      .exec(names.trim())?.[1]
      .split(",")
      .map((s) => s.trim());
    const isType = type !== undefined || (braces?.filter((s) => s !== "").every((s) => s.startsWith("type ")) ?? false);
    found.push({ from, isType });
  }
  for (const [, from] of code.matchAll(/\bimport\s*\(\s*["']([^"']+)["']/g)) found.push({ from, isType: false });
  for (const [, from] of code.matchAll(/(?:^|[;}])\s*import\s*["']([^"']+)["']/gm)) found.push({ from, isType: false });
  return found;
}

test("the reader of imports knows every form", () => {
  const source = `import a from "1"; import * as b from '2'; import type { C } from "3"; import { type D, type E } from "4";
    import { type F, g } from "5"; import "6"; export * from "7"; export type { H } from "8"; const i = import("9");
    // import j from "10"
    /* import k from "11" */ const text = "// import l"; import m, { n } from "12";`;
  const types = importsOf(source).map(({ from, isType }) => (isType ? `${from}t` : from));
  expect(types.sort()).toEqual(["1", "12", "2", "3t", "4t", "5", "6", "7", "8t", "9"]);
});

describe("the engine", () => {
  const files = filesBelow("engine", /\.ts$/);
  const folderOf = (path: string) => (path.split("/").length === 2 ? "door" : path.split("/")[1]);

  /** What each folder may import, besides itself. */
  const arrows: Record<string, readonly string[]> = {
    memory: [],
    gc: ["memory"],
    records: ["memory", "gc"],
    sched: ["memory"],
    runtime: ["memory", "gc", "records", "sched"],
    check: ["memory", "gc", "records", "runtime"],
    observe: ["memory", "gc", "records", "runtime"],
    process: ["memory", "gc", "records", "sched", "runtime", "check", "observe", "offheap"],
    offheap: ["memory"],
    door: ["memory", "gc", "runtime", "process", "observe", "offheap"],
  };

  test.each(files)("%s imports only along the arrows", (file) => {
    const folder = folderOf(file);
    expect(Object.keys(arrows), `engine/${folder} is a folder that the arrows do not know`).toContain(folder);
    for (const { from } of importsOf(read(file))) {
      expect(from, `${file}: the engine imports nothing from outside, and files by their full name`).toMatch(
        /^\.\.?\/.*\.ts$/,
      );
      const target = relative(root, resolve(root, dirname(file), from)).replaceAll("\\", "/");
      expect(target.startsWith("engine/"), `${file} imports ${target}`).toBe(true);
      expect(existsSync(join(root, target)), `${file} imports ${target}, which is not there`).toBe(true);
      expect([folder, ...arrows[folder]], `${file} imports ${target}`).toContain(folderOf(target));
    }
  });

  test("has two doors, goheap and goheap/observe", () => {
    const { exports } = JSON.parse(read("engine/package.json"));
    expect(exports).toEqual({ ".": "./index.ts", "./observe": "./observe/index.ts" });
    for (const door of Object.values<string>(exports)) expect(existsSync(join(root, "engine", door)), door).toBe(true);
  });

  test("each of its files loads alone", async () => {
    const failed: string[] = [];
    const todo = [...files];
    const loadSome = async () => {
      for (let file = todo.pop(); file !== undefined; file = todo.pop()) {
        const error = await loadAlone(file);
        if (error !== null) failed.push(`${file}: ${error}`);
      }
    };
    await Promise.all([loadSome(), loadSome()]);
    expect(failed).toEqual([]);
  });

  test("every departure from Go that its comments name stands in engine/README.md, and no other", () => {
    const departures = departuresInCode();
    expect(departures.length).toBeGreaterThan(10);
    expect(listInReadme(), "run: node scripts/departures.ts --write").toBe(departureList(departures));
  });

  test("a departure is read to the end of its sentence, over lines, out of any comment", () => {
    const source = `/**\n * Lecture.\n *\n * Go 1.26: runtime/x.go (y).\n * Differs: one thing,\n * told on two lines. Differs: another.\n *\n * More.\n */
      // Differs: in a line comment\n      // that goes on.\n      const x = "Differs: not here";`;
    expect(departuresIn(source)).toEqual([
      "one thing, told on two lines.",
      "another.",
      "in a line comment that goes on.",
    ]);
  });

  test.each(files)("%s takes nothing from the clock, from chance or from the locale", (file) => {
    const code = withoutComments(read(file)).replace(/"(?:\\.|[^"\\\n])*"|`[^`]*`/g, '""');
    expect(code).not.toMatch(
      /\bDate\b|\bMath\.random\b|\btoLocale|\bIntl\b|\bperformance\b|\bcrypto\b|\blocaleCompare\b/,
    );
  });
});

/** Imports one file in a fresh thread. @returns what went wrong, or null */
function loadAlone(file: string): Promise<string | null> {
  const url = pathToFileURL(join(root, file)).href;
  const code = `import(${JSON.stringify(url)}).then(() => process.exit(0), (e) => { throw e; });`;
  return new Promise((done) => {
    const worker = new Worker(code, { eval: true, stdout: true, stderr: true, execArgv: ["--no-warnings"] });
    let error: string | null = null;
    worker.on("error", (e) => {
      error = String(e);
    });
    worker.on("exit", () => done(error));
  });
}

describe("the site", () => {
  const files = filesBelow("src", /\.(ts|tsx|astro|mdx)$/);
  const isDoor = (from: string) => from === "goheap" || from === "goheap/observe";
  /** At run time only the kernel's worker; while building, what runs the cells. */
  const mayRun = (file: string) => file === "src/kernel/worker.ts" || file.startsWith("src/mdx/");

  test.each(files)("%s reaches the engine only through its doors, and runs it only where it may", (file) => {
    for (const { from, isType } of importsOf(read(file))) {
      const target = from.startsWith(".")
        ? relative(root, resolve(root, dirname(file), from)).replaceAll("\\", "/")
        : from;
      expect(target, `${file} goes round the doors`).not.toMatch(/^engine\/|^goheap\/(?!observe$)/);
      if (!isDoor(from)) continue;
      expect(isType || mayRun(file), `${file} runs the engine: only src/kernel/worker.ts and src/mdx may`).toBe(true);
      if (file.startsWith("src/viz/")) expect(from, `${file}: a picture knows snapshots only`).toBe("goheap/observe");
    }
  });

  test.each(filesBelow("content", /\.(ts|mdx)$/))("%s is data: it imports nothing but, in a cell, goheap", (file) => {
    const allowed = file.startsWith("content/cells/") ? ["goheap"] : [];
    for (const { from } of importsOf(read(file))) expect(allowed, `${file} imports ${from}`).toContain(from);
  });
});

describe("the repository", () => {
  test("the lock file has an entry for every optional dependency, so that npm ci works on every platform", () => {
    const { packages } = JSON.parse(read("package-lock.json")) as {
      packages: Record<string, { optionalDependencies?: Record<string, string> }>;
    };
    const missing: string[] = [];
    for (const [path, { optionalDependencies = {} }] of Object.entries(packages)) {
      for (const name of Object.keys(optionalDependencies)) {
        if (!isInstalledFor(packages, path, name)) missing.push(`${name} of ${path === "" ? "package.json" : path}`);
      }
    }
    expect(missing).toEqual([]);
  });

  /** Looks for `name` where Node would, from the package's own folder upwards. */
  function isInstalledFor(packages: Record<string, unknown>, path: string, name: string): boolean {
    for (let at = path; ; ) {
      if (Object.hasOwn(packages, `${at === "" ? "" : `${at}/`}node_modules/${name}`)) return true;
      if (at === "") return false;
      const up = at.lastIndexOf("/node_modules/");
      at = up < 0 ? "" : at.slice(0, up);
    }
  }

  const sources = ["engine", "src", "scripts", "tests"].flatMap((folder) => filesBelow(folder, /\.(ts|tsx|astro)$/));
  test.each(sources)("%s is at most 700 lines long, or its header says why (a line with Length:)", (file) => {
    const lines = read(file).split("\n");
    if (lines.length > 700) expect(lines.slice(0, 40).join("\n")).toMatch(/Length:/);
  });
});
