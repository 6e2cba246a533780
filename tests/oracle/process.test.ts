/** What the operating system sees of a Go process: the recording says which Go said it, and what repeats does repeat. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findGo, goVersion, recordedPlatform } from "./record/record.ts";

const go = findGo();
const isThere = go?.version === goVersion && go.platform === recordedPlatform;
const lines = readFileSync(join(import.meta.dirname, "recordings/process-1.jsonl"), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Record<string, unknown>);

describe("process-1", () => {
  test("each line says what it is, which Go said it, and what repeats apart from what varies", () => {
    expect(lines.map((line) => line.fact)).toEqual(["P1", "P2", "P3", "P4", "P5"]);
    for (const { fact, what, deterministic, go: version, values, seen } of lines) {
      expect(String(what).length, String(fact)).toBeGreaterThan(20);
      expect(version).toBe(goVersion);
      expect(deterministic, String(fact)).toBe(values !== undefined);
      expect(seen, String(fact)).toBeDefined();
    }
  });

  test.skipIf(!isThere)("what a program declares lies where the recording says", { timeout: 60_000 }, () => {
    const again = execFileSync("go", ["run", "./process", "P2"], {
      cwd: join(import.meta.dirname, "record"),
      encoding: "utf8",
      env: { ...process.env, CGO_ENABLED: "0", GOTOOLCHAIN: "local", GOFLAGS: "" },
    });
    expect((JSON.parse(again) as { values: unknown }).values).toEqual(lines[1]?.values);
  });
});
