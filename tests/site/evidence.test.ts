import { describe, expect, test } from "vitest";
import type { Output } from "../../src/kernel/protocol.ts";
import { checkValue, sameValue, valueAt, values } from "../../src/mdx/evidence.ts";

const outputs: readonly Output[] = [
  {
    kind: "table",
    columns: [
      { name: "n", align: "end" },
      { name: "path", align: "start" },
    ],
    rows: [
      [32760, "small noscan"],
      [32761, "large"],
    ],
  },
  { kind: "text", lines: ["7 blocks, 112 B, at 0xc000012000"] },
];

describe("a number in the text against what the cell recorded", () => {
  test.each([
    ["32760", "0.rows.0.0"],
    ["32,760", "0.rows.0.0"],
    ["32,760 B", "0.rows.0.0"],
    ["32 760 字节", "0.rows.0.0"],
    ["large", "0.rows.1.1"],
    ["112", undefined],
    ["7 个", undefined],
    ["0xc000012000", undefined],
  ])("%s is borne out at %s", (said, path) => {
    expect(() => checkValue(said, "a/b", outputs, path)).not.toThrow();
  });

  test.each([
    ["32768", "0.rows.0.0", "recorded 32760 at 0.rows.0.0"],
    ["3276", undefined, "no value"],
    ["12", undefined, "no value"],
    ["32760", "0.rows.9.0", "recorded nothing at 0.rows.9.0"],
    ["1", "0.rows.length.x", "recorded nothing"],
    ["2", "0.rows", "recorded nothing"],
  ])("%s at %s stops the build", (said, path, says) => {
    expect(() => checkValue(said, "a/b", outputs, path)).toThrow(says);
  });

  test("a word of a printed line has its place too", () => {
    expect(valueAt(outputs, "1.lines.0#0")).toBe("7");
  });

  test("equality is of values, not of letters", () => {
    expect(sameValue("1,000", "1000")).toBe(true);
    expect(sameValue("1.5", "15")).toBe(false);
    expect(sameValue("", "0")).toBe(false);
    expect(values(outputs)).toContain("small noscan");
  });
});
