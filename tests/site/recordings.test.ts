/** What the build takes from recordings of the real Go for a cell. */
import { describe, expect, test } from "vitest";
import { at, recordedIn } from "../../src/mdx/recordings.ts";

describe("the parts of recordings that a program asks for", () => {
  test("are found in its text, and taken from the file", () => {
    const parts = recordedIn(['const f = recorded("facts-1", "F2");\nrecorded("sizeclasses-1", 1, "meta.kind")']);
    expect(Object.keys(parts)).toEqual(["facts-1/F2", "sizeclasses-1/1/meta.kind"]);
    expect(JSON.parse(parts["facts-1/F2"]!).values.byGOMAXPROCS[0]).toEqual([1, 2296]);
  });
  test.each([
    ['recorded(name, "F2")', /plain literals/],
    ['recorded("no-such", "F2")', /no recording no-such/],
    ['recorded("facts-1", "F99")', /nothing at facts-1\/F99/],
    ['recorded("facts-1", 1, "no.such")', /nothing at/],
    ['recorded("facts-1", 99)', /no line 99/],
    ['recorded("malloc-1", 3)', /too much for a page/],
  ])("%s fails the build", (text, why) => expect(() => recordedIn([text])).toThrow(why));
  test("a path may take a slice", () => {
    expect(at({ a: { b: [1, 2, 3, 4] } }, "a.b.1..3")).toEqual([2, 3]);
    expect(at({ a: [{ b: 5 }] }, "a.0.b")).toBe(5);
    expect(at({ a: 1 }, "a.b")).toBeUndefined();
  });
});
