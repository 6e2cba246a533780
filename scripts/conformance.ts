/**
 * npm run conformance: how much of Go's allocator and collector is done, row by row.
 *
 * tests/conformance.json lists every row of the two checklists (A: allocator, C: collector) with the issue that brings
 * it. A row is done when it names a test whose name carries the row's id, says in words what that test asserts, and the
 * test passes. A row that is not done says why it waits for its issue. At least one done row in five also names a seeded fault (tests/faults): the test is run again with the
 * fault in the engine, and has to fail.
 *
 * Exit 0: all listed rows hold, every fault is killed, and the number of done rows has not fallen.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { faultNamed } from "../tests/faults/faults.ts";

const root = resolve(import.meta.dirname, "..");

export interface Row {
  readonly id: string;
  readonly title: string;
  /** The issue that brings it, or brought it. */
  readonly issue: number | string;
  /** Of a row that is not done: what it waits for, in a sentence. */
  readonly why?: string;
  readonly done?: {
    /** Test file from the root. */
    readonly file: string;
    /** Part of the test's full name besides the id; every test that has both counts. */
    readonly test: string;
    /** What the test asserts, for a reader. */
    readonly asserts: string;
    /** A seeded fault under which the test fails. */
    readonly fault?: string;
  };
}

export interface Conformance {
  /** Rows that must be done: this number only grows. */
  readonly minimum: number;
  readonly rows: readonly Row[];
}

interface TestResult {
  readonly file: string;
  readonly name: string;
  readonly status: string;
}

type DoneRow = Row & Required<Pick<Row, "done">>;

const isDone = (row: Row): row is DoneRow => row.done !== undefined;

/** What is wrong with the list itself. */
export function problemsOfList({ rows, minimum }: Conformance): string[] {
  const problems: string[] = [];
  const expected = [...ids("A", 155), ...ids("C", 171)];
  if (rows.map((r) => r.id).join() !== expected.join())
    problems.push("the rows are not A001 to A155, C001 to C171 in order");
  const done = rows.filter(isDone);
  if (done.length < minimum) problems.push(`${done.length} rows are done, the committed minimum is ${minimum}`);
  for (const { id, title, done: claim } of done) {
    if (title.length < 5) problems.push(`${id}: no title`);
    if (claim.asserts.length < 30) problems.push(`${id}: "asserts" does not say what the test asserts`);
  }
  for (const { id, issue, done: claim, why } of rows) {
    if (claim === undefined && !isSentence(why))
      problems.push(`${id}: it waits for issue ${issue} and does not say why`);
    if (claim !== undefined && why !== undefined) problems.push(`${id}: it is done and says why it is not`);
  }
  const withFault = done.filter((r) => r.done.fault !== undefined).length;
  if (withFault * 5 < done.length)
    problems.push(`${withFault} of ${done.length} done rows name a fault: one in five must`);
  return problems;
}

/** A capital, some words, a full stop. */
function isSentence(why: string | undefined): boolean {
  return why !== undefined && /^[A-Z].{25,}\.$/.test(why) && why.includes(" ");
}

/** What is left, by what it waits for: a line for each reason, with the rows that give it. */
export function waiting(rows: readonly Row[]): string[] {
  const groups = new Map<string, string[]>();
  for (const { id, issue, done, why } of rows) {
    if (done !== undefined) continue;
    const reason = `${typeof issue === "number" ? `issue ${issue}` : issue}: ${why}`;
    groups.set(reason, [...(groups.get(reason) ?? []), id]);
  }
  return [...groups].map(([reason, own]) => {
    const named = own.length <= 3 ? own.join(", ") : `${own[0]} to ${own[own.length - 1]}, ${own.length} rows`;
    return `${named.padEnd(22)} ${reason}`;
  });
}

function ids(letter: string, n: number): string[] {
  return Array.from({ length: n }, (_, i) => `${letter}${String(i + 1).padStart(3, "0")}`);
}

/** The results that belong to a row. */
function resultsOf(row: DoneRow, results: readonly TestResult[]): TestResult[] {
  const { file, test } = row.done;
  return results.filter((r) => r.file === file && r.name.includes(`[${row.id}]`) && r.name.includes(test));
}

/** Runs test files once. @param ids only tests whose name has one of these in it */
function runTests(files: readonly string[], fault?: string, ids: readonly string[] = []): TestResult[] {
  const folder = mkdtempSync(join(tmpdir(), "conformance-"));
  const out = join(folder, "results.json");
  const filter = ids.length === 0 ? [] : ["-t", ids.map((id) => `\\[${id}\\]`).join("|")];
  const args = [join(root, "node_modules/vitest/vitest.mjs"), "run", ...files, ...filter];
  try {
    execFileSync(process.execPath, [...args, "--reporter=json", `--outputFile=${out}`], {
      cwd: root,
      env: { ...process.env, ...(fault === undefined ? {} : { FAULT: fault }) },
      stdio: "ignore",
    });
  } catch {
    // Some test failed: the report says which.
  }
  const report = JSON.parse(readFileSync(out, "utf8")) as {
    testResults: { name: string; assertionResults: { fullName: string; status: string }[] }[];
  };
  rmSync(folder, { recursive: true });
  return report.testResults.flatMap(({ name: path, assertionResults }) =>
    assertionResults.map(({ fullName, status }) => ({
      file: relative(root, path).replaceAll("\\", "/"),
      name: fullName,
      status,
    })),
  );
}

/** Rows whose test is not there, or does not pass. */
function brokenRows(done: readonly DoneRow[]): Map<string, string> {
  const results = runTests([...new Set(done.map((r) => r.done.file))]);
  const broken = new Map<string, string>();
  for (const row of done) {
    const own = resultsOf(row, results);
    const failed = own.filter((r) => r.status !== "passed");
    if (own.length === 0) broken.set(row.id, `no test of ${row.done.file} is named "[${row.id}] … ${row.done.test}"`);
    else if (failed.length > 0) broken.set(row.id, `${failed[0].status}: ${failed[0].name}`);
  }
  return broken;
}

/** Runs the tests of all rows that name this fault, with it. @returns the rows whose test passes all the same */
function survivors(fault: string, rows: readonly DoneRow[]): DoneRow[] {
  faultNamed(fault);
  const files = new Set(rows.map((r) => r.done.file));
  const ids = rows.map((r) => r.id);
  const results = runTests([...files], fault, ids);
  return rows.filter((row) => !resultsOf(row, results).some((r) => r.status === "failed"));
}

function main(): number {
  const list = JSON.parse(readFileSync(join(root, "tests/conformance.json"), "utf8")) as Conformance;
  const problems = problemsOfList(list);
  const done = list.rows.filter(isDone);
  const broken = brokenRows(done);
  for (const [id, what] of broken) problems.push(`${id}: ${what}`);
  const withFault = done.filter((r) => r.done.fault !== undefined && !broken.has(r.id));
  const faults = new Set(withFault.map((r) => r.done.fault as string));
  let killed = 0;
  for (const fault of faults) {
    const rows = withFault.filter((r) => r.done.fault === fault);
    const alive = survivors(fault, rows);
    if (alive.length === 0) killed++;
    for (const { id } of alive) problems.push(`${id}: its test passes under the fault ${fault}`);
  }
  for (const [letter, spec] of [
    ["A", "allocator"],
    ["C", "collector"],
  ]) {
    const rows = list.rows.filter((r) => r.id.startsWith(letter));
    const holds = rows.filter((r) => isDone(r) && !broken.has(r.id)).length;
    console.log(`${spec.padEnd(10)} ${String(holds).padStart(4)} of ${rows.length} rows done`);
  }
  console.log(`${"faults".padEnd(10)} ${String(killed).padStart(4)} of ${faults.size} killed`);
  for (const line of waiting(list.rows)) console.log(`  waits    ${line}`);
  for (const problem of problems) console.log(problem);
  return problems.length === 0 ? 0 : 1;
}

if (process.argv[1] === import.meta.filename) process.exitCode = main();
