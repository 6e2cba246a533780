/** The checklist is in order; what it claims is run by `npm run conformance`. */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { type Conformance, problemsOfList, waiting } from "../scripts/conformance.ts";
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
    const why = "A test of the list itself, which waits for nothing.";
    const some = list.rows.map((row) => ({ id: row.id, title: row.title, issue: row.issue, why }));
    expect(problemsOfList({ minimum: 0, rows: some })).toEqual([]);
    expect(problemsOfList({ minimum: 0, rows: some.slice(1) })).toHaveLength(1);
    expect(problemsOfList({ minimum: 1, rows: some })).toEqual(["0 rows are done, the committed minimum is 1"]);
    const claim = { file: "x", test: "y", asserts: "too short" };
    const { why: _, ...first } = some[0];
    const wrong = problemsOfList({ minimum: 0, rows: [{ ...first, done: claim }, ...some.slice(1)] });
    expect(wrong).toEqual([
      'A001: "asserts" does not say what the test asserts',
      "0 of 1 done rows name a fault: one in five must",
    ]);
  });

  test("a row that is not done says why, in a sentence; one that is done does not", () => {
    const rows = list.rows.map(({ id, title, issue }) => ({ id, title, issue, why: "It waits for what comes later." }));
    const told = (change: object) =>
      problemsOfList({ minimum: 0, rows: [{ ...rows[0], ...change }, ...rows.slice(1)] });
    expect(told({})).toEqual([]);
    for (const why of [undefined, "", "later", "it waits for what comes later.", "It waits for what comes later"]) {
      expect(told({ why })).toEqual(["A001: it waits for issue 4 and does not say why"]);
    }
    const done = list.rows[0].done;
    expect(told({ done: { ...done, fault: "sweepgen-without-cas" } })).toEqual([
      "A001: it is done and says why it is not",
    ]);
  });

  test("what is left of the allocator needs a collection or Go's compiler, and is printed with its reason", () => {
    const left = list.rows.filter((row) => row.id.startsWith("A") && row.done === undefined);
    expect(left.map(({ id, issue }) => [id, issue])).toEqual([
      ["A060", 6],
      ["A069", 6],
      ["A070", 6],
      ["A093", 6],
      ["A102", 6],
      ["A147", "Go cells"],
    ]);
    expect(waiting(left)[0]).toMatch(/^A060 +issue 6: A mark step .*\.$/);
    expect(waiting(list.rows).length).toBeLessThan(25);
  });
});
