/**
 * Cells at build time: found, compiled, run once on the real kernel, and baked into the page.
 *
 *   content/cells/<chapter>/<cell>.ts              the program, for both languages
 *                           <cell>.expected.json   its title, badge, prediction, hints, and what it must show
 *                           <cell>.check.ts        an exercise's check; .solution.ts passes it, .cheat-1.ts … fail it
 *
 * A comment pair `//zh …` and `//en …` is one line of the page, so line numbers are the same in both languages and one
 * compiled script serves them. A cell is run after the cells above that it rests on, in page order, exactly as a
 * reader's first click on it would do; the order is that of content/en/<chapter>.mdx.
 *
 * A badge "same as Go 1.26.8" is checked here: the recording's value at `path` of line `case` must be `equals`, and so
 * must the cell's own output at `output`. A cell without a badge, or with one that does not hold, fails the build.
 */

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { workerText } from "../kernel/bundle.ts";
import type { Control, Lang, Output, Said } from "../kernel/protocol.ts";
import { needsOf } from "../kernel/stale.ts";
import { type Compiled, compile } from "../kernel/transform.ts";
import { NodeKernel, type Result } from "./node-kernel.ts";
import { contentPath } from "./paths.ts";

export interface Badge {
  /** A file below tests/oracle/recordings. */
  readonly recording?: string;
  /** Line of the file, counted from 1. */
  readonly case?: number;
  /** Dotted path in that line. */
  readonly path?: string;
  readonly equals?: unknown;
  /** Dotted path in the cell's result: `outputs.0.rows.1.4`. */
  readonly output?: string;
  /** The result differs from run to run of the real Go: why. */
  readonly varies?: { readonly zh: string; readonly en: string };
  /** Nothing of Go's to compare with: what is shown is ours. */
  readonly own?: { readonly zh: string; readonly en: string };
}

export interface Prediction {
  readonly question: Said;
  readonly choices: readonly { readonly label: Said; readonly say: Said; readonly right?: boolean }[];
}

/** `<cell>.expected.json`. */
export interface Expected {
  readonly title: { readonly zh: string; readonly en: string };
  readonly badge?: Badge;
  readonly predict?: Prediction;
  /** An exercise's two steps of help. */
  readonly hints?: readonly { readonly zh: string; readonly en: string }[];
  readonly outputs?: readonly Output[];
}

export interface Cell {
  /** `<chapter>/<cell>`. */
  readonly id: string;
  readonly name: string;
  readonly chapter: string;
  /** The element's id, `cell-<cell>`. */
  readonly anchor: string;
  readonly isExercise: boolean;
  /** The file as it is. */
  readonly file: string;
  /** Of the file: tells a stored edit that the book's program has changed. */
  readonly hash: string;
  readonly compiled: Compiled;
  readonly check: Compiled | null;
  readonly solution: string | null;
  readonly expected: Expected;
  /** Cells that run before it, in page order. */
  readonly needs: readonly string[];
  /** What its recorded run showed; of an exercise, what its starter shows. */
  readonly outputs: readonly Output[];
  readonly controls: readonly Control[];
}

// --------------------------------------------------------------------------------------------------------------- files

function cellPath(id: string, ending: string): string {
  return contentPath("cells", `${id}${ending}`);
}

function read(id: string, ending: string): string | null {
  const path = cellPath(id, ending);
  return existsSync(path) ? readFileSync(path, "utf8").replace(/\n$/, "") : null;
}

/** All cells' ids, `<chapter>/<cell>`, in the order of their names. */
export function listCells(): string[] {
  const root = contentPath("cells");
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .filter((chapter) => statSync(join(root, chapter)).isDirectory())
    .flatMap((chapter) =>
      readdirSync(join(root, chapter))
        .filter((file) => /^[\w-]+\.ts$/.test(file))
        .map((file) => `${chapter}/${file.slice(0, -3)}`),
    )
    .sort();
}

/** Variants of an exercise that have a file: "starter", "solution", "cheat-1" … */
export function variantsOf(id: string): string[] {
  const [chapter = "", name = ""] = id.split("/");
  const files = readdirSync(contentPath("cells", chapter));
  const found = files.flatMap((file) => {
    const match = /^([\w-]+)\.(solution|cheat-\d+)\.ts$/.exec(file);
    return match !== null && match[1] === name ? [match[2]!] : [];
  });
  return ["starter", ...found.sort()];
}

/** Cells of a chapter in page order; those that no page shows come after, by name. */
function order(chapter: string): string[] {
  const path = contentPath("en", `${chapter}.mdx`);
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  const shown = [...text.matchAll(/<(?:Cell|Exercise)\b[^>]*?\bid="([^"]+)"/g)].map((match) => match[1]!);
  const all = listCells().filter((id) => id.startsWith(`${chapter}/`));
  return [...new Set([...shown.filter((id) => all.includes(id)), ...all])];
}

/**
 * A program in one language: of each pair of comment lines one stays, the other is gone with its line.
 *
 * @throws when a `//zh` line is not followed by a `//en` line
 */
export function bilingual(text: string, lang: Lang): string {
  const out: string[] = [];
  const lines = text.split("\n");
  for (let i = 0; i < lines.length; i++) {
    const zh = /^(\s*)\/\/zh (.*)$/.exec(lines[i]!);
    if (zh === null) {
      if (/^\s*\/\/en /.test(lines[i]!)) throw new Error(`line ${i + 1}: a //en comment without its //zh line above`);
      out.push(lines[i]!);
      continue;
    }
    const en = /^(\s*)\/\/en (.*)$/.exec(lines[++i] ?? "");
    if (en === null) throw new Error(`line ${i}: a //zh comment without its //en line below`);
    out.push(`${zh[1]}// ${lang === "zh" ? zh[2] : en[2]}`);
  }
  return out.join("\n");
}

/** The program without words of either language: what is compiled. Line numbers are those of the page. */
function wordless(text: string): string {
  return bilingual(text, "en").replace(/^(\s*)\/\/ .*$/gm, "$1//");
}

// ------------------------------------------------------------------------------------------------------------ compiling

interface Parsed {
  readonly id: string;
  readonly file: string;
  readonly compiled: Compiled;
  readonly check: Compiled | null;
}

function parse(id: string): Parsed {
  const file = read(id, ".ts");
  if (file === null) throw new Error(`no cell "${id}": there is no content/cells/${id}.ts`);
  const name = id.slice(id.indexOf("/") + 1);
  const check = read(id, ".check.ts");
  try {
    return {
      id,
      file,
      compiled: compile(wordless(file), `cell-${name}.ts`),
      check: check === null ? null : compile(wordless(check), `check-${name}.ts`),
    };
  } catch (error) {
    const { message, line } = error as { message: string; line?: number };
    throw new Error(`content/cells/${id}.ts:${line ?? "?"}: ${message}`);
  }
}

/** The chapter's cells that `id` rests on, in page order. */
function above(id: string): Parsed[] {
  const cells = order(id.slice(0, id.indexOf("/"))).map(parse);
  const uses = cells.map(({ compiled, check }) => ({ ...compiled, isExercise: check !== null }));
  return needsOf(
    uses,
    cells.findIndex((cell) => cell.id === id),
  ).map((i) => cells[i]!);
}

// -------------------------------------------------------------------------------------------------------------- running

/** Runs programs one after another on a fresh kernel; the last one's result. */
async function onFreshKernel(programs: readonly Parsed[], source?: string): Promise<Result> {
  const kernel = new NodeKernel(await workerText());
  try {
    let result: Result | null = null;
    for (const [i, { id, compiled, check }] of programs.entries()) {
      const isLast = i === programs.length - 1;
      result = await kernel.run({
        cell: id,
        script: compiled.script,
        declares: compiled.declares,
        ...(isLast && check !== null && source !== undefined
          ? { check: { script: check.script, declares: check.declares, source } }
          : {}),
      });
      const failure = result.outputs.find((output) => output.kind === "error");
      if (!isLast && failure?.kind === "error") {
        throw new Error(`content/cells/${id}.ts:${failure.line ?? "?"}: ${failure.name}: ${failure.message}`);
      }
    }
    if (result === null) throw new Error("nothing to run");
    return result;
  } finally {
    await kernel.stop();
  }
}

/** Runs a cell as a reader's first click would: what it rests on, then the cell. Errors are among the outputs. */
export async function runCell(id: string): Promise<Result> {
  return onFreshKernel([...above(id), parse(id)]);
}

/**
 * Runs one variant of an exercise with its check.
 *
 * @param variant  "starter", "solution", "cheat-1" …
 */
export async function runExercise(
  id: string,
  variant: string,
): Promise<{ ok: boolean; say: Said; outputs: readonly Output[] }> {
  const starter = parse(id);
  if (starter.check === null) throw new Error(`${id} is not an exercise: there is no content/cells/${id}.check.ts`);
  const text = variant === "starter" ? starter.file : read(id, `.${variant}.ts`);
  if (text === null) throw new Error(`there is no content/cells/${id}.${variant}.ts`);
  const source = wordless(text);
  const compiled = compile(source, `cell-${id.slice(id.indexOf("/") + 1)}.ts`);
  const result = await onFreshKernel([...above(id), { ...starter, compiled }], source);
  const failure = result.outputs.find((output) => output.kind === "error");
  return {
    ok: result.check?.ok ?? false,
    say: result.check?.say ?? (failure?.kind === "error" ? `${failure.name}: ${failure.message}` : ""),
    outputs: result.outputs,
  };
}

// --------------------------------------------------------------------------------------------------------------- badges

function at(value: unknown, path: string): unknown {
  let here = value;
  for (const key of path.split(".")) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, key)) return undefined;
    here = (here as Record<string, unknown>)[key];
  }
  return here;
}

const recordings = new Map<string, string[]>();

function recordingLine(file: string, line: number): unknown {
  let lines = recordings.get(file);
  if (lines === undefined) {
    const path = join(process.cwd(), "tests/oracle/recordings", file);
    if (!existsSync(path)) throw new Error(`there is no tests/oracle/recordings/${file}`);
    const bytes = readFileSync(path);
    lines = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8").split("\n");
    recordings.set(file, lines);
  }
  const text = lines[line - 1];
  if (text === undefined || text === "") throw new Error(`tests/oracle/recordings/${file} has no line ${line}`);
  return JSON.parse(text);
}

/** Holds a badge against the recording and the cell's own result. @throws with both values when they differ */
export function checkBadge(id: string, badge: Badge | undefined, outputs: readonly Output[]): void {
  const where = `content/cells/${id}.expected.json`;
  if (badge === undefined) throw new Error(`${where}: no "badge": name a recording's field, or say "varies" or "own"`);
  const { recording, path, equals, output } = badge;
  if (recording === undefined) {
    if (badge.varies === undefined && badge.own === undefined) throw new Error(`${where}: the badge says nothing`);
    return;
  }
  if (badge.case === undefined || path === undefined || output === undefined || equals === undefined) {
    throw new Error(`${where}: a badge with a recording needs "case", "path", "equals" and "output"`);
  }
  const go = at(recordingLine(recording, badge.case), path);
  const wanted = JSON.stringify(equals);
  if (JSON.stringify(go) !== wanted) {
    throw new Error(`${where}: Go recorded ${JSON.stringify(go)} at ${recording}:${badge.case} ${path}, not ${wanted}`);
  }
  const ours = at({ outputs }, output);
  if (JSON.stringify(ours) !== wanted) {
    throw new Error(`${where}: the cell shows ${JSON.stringify(ours)} at ${output}, Go ${wanted}`);
  }
}

// ---------------------------------------------------------------------------------------------------------------- cells

const loaded = new Map<string, { readonly stamp: string; readonly cell: Promise<Cell> }>();

/** Changes whenever anything a chapter's cells are made of does. */
function stampOf(chapter: string): string {
  const files = [contentPath("en", `${chapter}.mdx`)];
  const folder = contentPath("cells", chapter);
  if (existsSync(folder)) files.push(...readdirSync(folder).map((file) => join(folder, file)));
  return files.map((file) => (existsSync(file) ? `${file} ${statSync(file).mtimeMs}` : "")).join("\n");
}

/** A cell with its recorded run. @throws when there is no such cell, it does not compile, fails, or its badge is wrong */
export function loadCell(id: string): Promise<Cell> {
  const stamp = stampOf(id.slice(0, id.indexOf("/")));
  const found = loaded.get(id);
  if (found?.stamp === stamp) return found.cell;
  const cell = load(id);
  loaded.set(id, { stamp, cell });
  return cell;
}

async function load(id: string): Promise<Cell> {
  const { file, compiled, check } = parse(id);
  const needed = above(id);
  const expected = JSON.parse(read(id, ".expected.json") ?? "null") as Expected | null;
  if (expected === null)
    throw new Error(`content/cells/${id}.expected.json is missing: a cell has a title and a badge`);
  const result = await onFreshKernel([...needed, { id, file, compiled, check }]);
  const failure = result.outputs.find((output) => output.kind === "error");
  if (failure?.kind === "error" && check === null) {
    throw new Error(`content/cells/${id}.ts:${failure.line ?? "?"}: ${failure.name}: ${failure.message}`);
  }
  if (check === null) checkBadge(id, expected.badge, result.outputs);
  const solution = read(id, ".solution.ts");
  if (check !== null && solution === null) throw new Error(`content/cells/${id}.solution.ts is missing`);
  const name = id.slice(id.indexOf("/") + 1);
  return {
    id,
    name,
    chapter: id.slice(0, id.indexOf("/")),
    anchor: `cell-${name}`,
    isExercise: check !== null,
    file,
    hash: createHash("sha256").update(file).digest("hex").slice(0, 12),
    compiled,
    check,
    solution,
    expected,
    needs: needed.map((cell) => cell.id),
    outputs: result.outputs,
    controls: result.controls,
  };
}
