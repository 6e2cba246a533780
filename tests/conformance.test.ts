/** The checklist is in order; what it claims is run by `npm run conformance`. */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { type Conformance, problemsOfList } from "../scripts/conformance.ts";
import { faultNamed } from "./faults/faults.ts";

const root = resolve(import.meta.dirname, "..");
const list = JSON.parse(readFileSync(resolve(root, "tests/conformance.json"), "utf8")) as Conformance;

describe("tests/conformance.json", () => {
  test("has every row of both checklists, enough done, one in five with a fault", () => {
    expect(problemsOfList(list)).toEqual([]);
    expect(list.minimum).toBeGreaterThanOrEqual(40);
  });

  const done = list.rows.flatMap((row) => (row.done ? [{ id: row.id, ...row.done }] : []));
  test.each(done)("$id names a test that carries its id in $file", ({ id, file, test: name, fault }) => {
    expect(existsSync(resolve(root, file)), file).toBe(true);
    const source = readFileSync(resolve(root, file), "utf8");
    expect(source).toContain(`[${id}]`);
    expect(source, `"${name}" stands nowhere in ${file}`).toContain(name);
    if (fault !== undefined) expect(faultNamed(fault).name).toBe(fault);
  });

  test("a list that lost a row, claims without words, or has too few faults is refused", () => {
    const some = list.rows.map((row) => ({ id: row.id, title: row.title, issue: row.issue }));
    expect(problemsOfList({ minimum: 0, rows: some })).toEqual([]);
    expect(problemsOfList({ minimum: 0, rows: some.slice(1) })).toHaveLength(1);
    expect(problemsOfList({ minimum: 1, rows: some })).toEqual(["0 rows are done, the committed minimum is 1"]);
    const claim = { file: "x", test: "y", asserts: "too short" };
    const wrong = problemsOfList({ minimum: 0, rows: [{ ...some[0], done: claim }, ...some.slice(1)] });
    expect(wrong).toEqual([
      'A001: "asserts" does not say what the test asserts',
      "0 of 1 done rows name a fault: one in five must",
    ]);
  });
});
