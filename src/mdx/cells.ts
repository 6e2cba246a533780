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
 * A badge "same as Go 1.26.8" is checked here, figure by figure: the recording's value at `path` of line `case` must be
 * `equals`, and so must the figure of the cell's own tables at `output`. The figures that no recording vouches for are
 * counted as well, so that the words beside the badge claim no more than what was compared. A cell without a badge, or
 * with one that does not hold, fails the build.
 */

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { workerText } from "../kernel/bundle.ts";
import { type Control, type Lang, type Output, type Said, say } from "../kernel/protocol.ts";
import { needsOf } from "../kernel/stale.ts";
import { type Compiled, compile } from "../kernel/transform.ts";
import { NodeKernel, type Result } from "./node-kernel.ts";
import { contentPath } from "./paths.ts";
import { at, recordedIn, recordingLine } from "./recordings.ts";

/** One figure of a cell's tables, and where Go's answer to it is recorded. */
export interface Field {
  /** A file below tests/oracle/recordings. */
  readonly recording: string;
  /** Line of the file, counted from 1. */
  readonly case: number;
  /** Dotted path in that line. */
  readonly path: string;
  /** What Go answered. */
  readonly equals: unknown;
  /** How the table puts that answer, if in other words. */
  readonly reads?: keyof typeof READINGS;
  /** Dotted path in the cell's result, to a figure of a table: `outputs.0.rows.1.4`. */
  readonly output: string;
}

export interface Badge {
  /** What recordings of Go vouch for. */
  readonly fields?: readonly Field[];
  /** English names of columns that hold what the program itself says: its inputs and labels. They need no evidence. */
  readonly given?: readonly string[];
  /** The result differs from run to run of the real Go: why. */
  readonly varies?: { readonly zh: string; readonly en: string };
  /** Nothing of Go's to compare with: what is shown is ours. */
  readonly own?: { readonly zh: string; readonly en: string };
}

/** How much of what a cell shows was compared with Go. */
export interface Evidence {
  /** Figures of the tables that are the same in a recording. */
  readonly recorded: number;
  /** All figures of the tables, without the given columns. */
  readonly figures: number;
  /** Something stands beside the tables, such as a drawing; nothing is said of it. */
  readonly hasMore: boolean;
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
  /** What its badge amounts to; null when no recording stands behind it. */
  readonly evidence: Evidence | null;
  /** Cells that run before it, in page order. */
  readonly needs: readonly string[];
  /** What it asks of recordings of Go, as JSON by key. */
  readonly recorded: Readonly<Record<string, string>>;
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

/** Cells that a chapter shows, in page order. */
export function shownCells(chapter: string): string[] {
  const path = contentPath("en", `${chapter}.mdx`);
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  const ids = [...text.matchAll(/<(?:Cell|Exercise)\b[^>]*?\bid="([^"]+)"/g)].map((match) => match[1]!);
  return [...new Set(ids)].filter((id) => existsSync(cellPath(id, ".ts")));
}

/** Cells of a chapter in page order; those that no page shows come after, by name. */
function order(chapter: string): string[] {
  const all = listCells().filter((id) => id.startsWith(`${chapter}/`));
  return [...new Set([...shownCells(chapter).filter((id) => all.includes(id)), ...all])];
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
  readonly recorded: Readonly<Record<string, string>>;
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
      recorded: recordedIn([file, check ?? ""]),
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
    for (const [i, { id, compiled, check, recorded }] of programs.entries()) {
      const isLast = i === programs.length - 1;
      result = await kernel.run({
        cell: id,
        script: compiled.script,
        declares: compiled.declares,
        recorded,
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

/** A recorded row with its columns' names, or a recorded object as it is. */
function recordOf(line: unknown, value: unknown): Record<string, unknown> {
  const columns = at(line, "columns");
  if (!Array.isArray(value) || !Array.isArray(columns)) return value as Record<string, unknown>;
  return Object.fromEntries(columns.map((name, i) => [name, value[i]]));
}

/** Go's recorded answers in the words of the tables. Each turns the value at a field's path into what must be shown. */
const READINGS = {
  /** A span class is a size class and one bit. */
  sizeclass: (value: unknown) => (value as number) >> 1,
  /** Usable bytes of a slot as `roundupsize` gives them, and the 8 bytes of the malloc header that it leaves out. */
  withHeader: (value: unknown) => (value as number) + 8,
  /** The way through mallocgc, told from where an object landed: a row of `large`, or `new` of `types`. */
  way: (value: unknown, line: unknown) => {
    const { zeroSized, spanclass, offset, offsetInSlot } = recordOf(line, value);
    if (zeroSized === true) return "zero";
    if (offsetInSlot === "tiny") return "tiny";
    const spc = spanclass as number;
    if (spc >> 1 === 0) return "large";
    if (spc === TINY_SPAN_CLASS) return undefined; // tiny or not: the class alone does not say
    if ((spc & 1) === 1) return "small noscan";
    return (offset ?? offsetInSlot) === 8 ? "small scan, header" : "small scan";
  },
} as const satisfies Record<string, (value: unknown, line: unknown) => unknown>;

/** The bytes that were asked for where Go's answer at `path` is recorded; undefined when the line does not say. */
function requestOf(line: unknown, path: string): unknown {
  const [, row] = /^mallocs\.(\d+)/.exec(path) ?? [];
  if (row !== undefined) return recordOf(line, at(line, `mallocs.${row}`))["size"];
  const [, place] = /^roundupsize\.values\.(\d+)$/.exec(path) ?? [];
  if (place !== undefined) return (at(line, "roundupsize.from") as number) + Number(place);
  return path === "new" || path.startsWith("new.") ? at(line, "size") : undefined;
}

/** The bytes that the row of a figure says it asks for: its column "size". */
function askedFor(outputs: readonly Output[], path: string): unknown {
  const [, i = "", , r = ""] = path.split(".");
  const table = outputs[Number(i)];
  if (table?.kind !== "table") return undefined;
  const column = table.columns.findIndex(({ name }) => say(name, "en") === "size");
  return table.rows[Number(r)]?.[column];
}

/** The span class of tiny blocks and of 16-byte objects without pointers. */
const TINY_SPAN_CLASS = 5;

/** Paths of the figures that a cell's tables show, without the columns that are given. */
function figuresOf(outputs: readonly Output[], given: readonly string[]): Set<string> {
  const paths = new Set<string>();
  for (const [i, output] of outputs.entries()) {
    if (output.kind !== "table") continue;
    for (const [r, row] of output.rows.entries()) {
      for (const c of row.keys()) {
        if (!given.includes(say(output.columns[c]!.name, "en"))) paths.add(`outputs.${i}.rows.${r}.${c}`);
      }
    }
  }
  return paths;
}

/** Holds one field against the recording and the cell's own result. @throws with both values when they differ */
function checkField(where: string, field: Field, outputs: readonly Output[], figures: ReadonlySet<string>): void {
  for (const name of ["recording", "case", "path", "equals", "output"] as const) {
    if (field[name] === undefined) throw new Error(`${where}: a field of a badge needs "${name}"`);
  }
  const { recording, path, equals, output, reads } = field;
  const line = recordingLine(recording, field.case);
  const go = JSON.stringify(at(line, path));
  if (go !== JSON.stringify(equals)) {
    throw new Error(`${where}: Go recorded ${go} at ${recording}:${field.case} ${path}, not ${JSON.stringify(equals)}`);
  }
  if (!figures.has(output)) {
    throw new Error(`${where}: ${output} is no figure of a table, or lies in a column that is given`);
  }
  const request = requestOf(line, path);
  const asked = askedFor(outputs, output);
  if (request !== undefined && asked !== undefined && request !== asked) {
    throw new Error(`${where}: ${recording}:${field.case} ${path} is Go's answer to ${request} bytes, not to ${asked}`);
  }
  if (reads !== undefined && !Object.hasOwn(READINGS, reads)) {
    throw new Error(`${where}: no reading "${reads}": use ${Object.keys(READINGS).join(", ")}`);
  }
  const wanted = JSON.stringify(reads === undefined ? equals : READINGS[reads](equals, line));
  const ours = JSON.stringify(at({ outputs }, output));
  if (ours !== wanted) throw new Error(`${where}: the cell shows ${ours} at ${output}, Go ${wanted}`);
}

/**
 * Holds a badge against the recordings and the cell's own result.
 *
 * @returns how much of the result that covers; null when the badge names no recording
 * @throws with the place, and both values when they differ
 */
export function checkBadge(id: string, badge: Badge | undefined, outputs: readonly Output[]): Evidence | null {
  const where = `content/cells/${id}.expected.json`;
  if (badge === undefined) throw new Error(`${where}: no "badge": name recorded fields, or say "varies" or "own"`);
  const { fields, given = [] } = badge;
  if (fields === undefined) {
    if (badge.varies === undefined && badge.own === undefined) throw new Error(`${where}: the badge says nothing`);
    return null;
  }
  if (fields.length === 0) throw new Error(`${where}: a badge with "fields" needs at least one`);
  const names = outputs.flatMap((output) => (output.kind === "table" ? output.columns : []));
  for (const name of given) {
    if (!names.some((column) => say(column.name, "en") === name))
      throw new Error(`${where}: no table has a column "${name}"`);
  }
  const figures = figuresOf(outputs, given);
  for (const field of fields) checkField(where, field, outputs, figures);
  const recorded = new Set(fields.map((field) => field.output)).size;
  if (recorded < fields.length) throw new Error(`${where}: two fields of the badge vouch for one figure`);
  return { recorded, figures: figures.size, hasMore: outputs.some((output) => output.kind !== "table") };
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
  const parsed = parse(id);
  const { file, compiled, check, recorded } = parsed;
  const needed = above(id);
  const expected = JSON.parse(read(id, ".expected.json") ?? "null") as Expected | null;
  if (expected === null)
    throw new Error(`content/cells/${id}.expected.json is missing: a cell has a title and a badge`);
  const result = await onFreshKernel([...needed, parsed]);
  const failure = result.outputs.find((output) => output.kind === "error");
  if (failure?.kind === "error" && check === null) {
    throw new Error(`content/cells/${id}.ts:${failure.line ?? "?"}: ${failure.name}: ${failure.message}`);
  }
  const evidence = check === null ? checkBadge(id, expected.badge, result.outputs) : null;
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
    evidence,
    needs: needed.map((cell) => cell.id),
    recorded,
    outputs: result.outputs,
    controls: result.controls,
  };
}
