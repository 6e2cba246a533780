/** The facts of the book: each that is about the allocator comes out on the engine as it did on Go, and none is left out. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { facts } from "./adapters/facts.ts";
import { runOracle } from "./compare.ts";
import { readRecording } from "./read.ts";

const file = join(import.meta.dirname, "recordings/facts-1.jsonl");
const recorded = readRecording(file).lines.map(({ value }) => value);

/** What the compiler decides or a collection does, and figures that vary: Go's word alone. */
const notOfTheAllocator = ["F7", "F8", "F13", "F14", "F17", "F18"];

describe("facts-1", () => {
  const { phases } = runOracle({ paths: [file] }).tallies[0];

  test.each([
    ["F1", "small ends at 32760 bytes, with pointers and without", 12],
    ["F2", "an mcache for each P, none for a goroutine", 6],
    ["F3", "the heap begins at a drawn place, or at 0xc000000000", 3],
    ["F4", "objects in a page of 8 KiB, with and without Green Tea", 90],
    ["F5", "what a header costs beyond 512 bytes", 26],
    ["F6", "tiny blocks", 22],
    ["F9", "stacks of 10,000 goroutines, and a stack that moves", 3],
    ["F10", "capacities of growing slices", 6],
    ["F15", "what FreeOSMemory gives back", 4],
    ["F16", "memory from mmap moves no figure of Go's", 3],
    ["F20", "constants", 6],
  ])("[%s] %s: as Go does", (id, _what, atLeast) => {
    expect(phases.get(id)).toEqual({ compared: phases.get(id)?.compared, mismatches: 0 });
    expect(phases.get(id)?.compared).toBeGreaterThanOrEqual(atLeast);
  });

  test("each line says what it is, which Go said it, and what repeats apart from what varies", () => {
    for (const { fact, what, deterministic, go, values, seen } of recorded) {
      expect(fact).toMatch(/^F\d+$/);
      expect(String(what).length, String(fact)).toBeGreaterThan(20);
      expect(go).toBe("go1.26.8");
      expect(deterministic, String(fact)).toBe(values !== undefined);
      expect(values !== undefined || seen !== undefined, String(fact)).toBe(true);
    }
    const replayed = [...facts.phases, ...notOfTheAllocator].sort();
    expect(recorded.map((line) => line.fact).sort()).toEqual(replayed);
  });
});
