/** The list of faults is in order: each still fits the source that it sabotages. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { applyFault, type Fault, faultNamed, faults } from "./faults.ts";
import { faultPlugin } from "./plugin.ts";

const root = resolve(import.meta.dirname, "../..");

describe("seeded faults", () => {
  test.each(faults)("$name fits $file once, and changes it", (fault) => {
    // Under FAULT itself the engine is sabotaged in memory only: the file on disk is whole.
    const source = readFileSync(resolve(root, fault.file), "utf8");
    expect(applyFault(fault, source)).not.toBe(source);
    expect(fault.why.length).toBeGreaterThan(20);
  });

  test("names are unique", () => {
    expect(new Set(faults.map((f) => f.name)).size).toBe(faults.length);
  });

  const toy: Fault = { name: "toy", file: "engine/x.ts", find: "a + 1", replace: "a + 2", why: "" };

  test("a fault that fits nowhere, or twice, is an error that says so", () => {
    expect(applyFault(toy, "let b = a + 1;")).toBe("let b = a + 2;");
    expect(() => applyFault(toy, "let b = a;")).toThrow('fault toy: "a + 1" occurs 0 times in engine/x.ts');
    expect(() => applyFault(toy, "a + 1; a + 1")).toThrow("occurs 2 times");
  });

  test("a fault may need several places at once", () => {
    expect(applyFault({ ...toy, and: [{ find: "c", replace: "d" }] }, "a + 1 c")).toBe("a + 2 d");
  });

  test("an unknown name is an error that lists the known", () => {
    expect(() => faultNamed("nonsense")).toThrow(`unknown fault "nonsense": the faults are ${faults[0].name}`);
    expect(() => faultPlugin("nonsense")).toThrow("unknown fault");
  });

  test("without FAULT nothing is changed", () => {
    expect(faultPlugin("")).toBeNull();
  });
});
