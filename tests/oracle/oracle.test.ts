/** The comparer itself: the committed recordings replay, and whatever is wrong with an input is told with its place. */
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { persistentMaxBlock, sweepBatchSize } from "../../engine/records/sizes.ts";
import { spanBudget } from "../../engine/runtime/mcentral.ts";
import { chunkBytes } from "../../engine/runtime/memclr.ts";
import { scavengeQuantum } from "../../engine/runtime/mgcscavenge_pace.ts";
import { adapters } from "./adapters/index.ts";
import { committedKnownMissing, parseKnownMissing, runOracle } from "./compare.ts";
import { kinds } from "./read.ts";
import { isSame } from "./tally.ts";

const root = resolve(import.meta.dirname, "../..");
const recordings = join(import.meta.dirname, "recordings");
const folder = mkdtempSync(join(tmpdir(), "oracle-"));
afterAll(() => rmSync(folder, { recursive: true }));

const text = (name: string) => readFileSync(join(recordings, name), "utf8");
const unpacked = (name: string) => gunzipSync(readFileSync(join(recordings, name))).toString();

let files = 0;
function file(content: string | Buffer, ending = ".jsonl"): string {
  const path = join(folder, `${files++}${ending}`);
  writeFileSync(path, content);
  return path;
}

const meta = (kind: string, format = 1) => JSON.stringify({ meta: { kind, format, seed: 1 } });

describe("the committed recordings", () => {
  test("replay on the engine, all but what is known to be missing", () => {
    const { exit, text: report, tallies } = runOracle();
    console.log(report);
    expect(exit, report).toBe(0);
    expect(tallies.map((t) => t.kind).sort()).toEqual([...kinds].sort());
    for (const tally of tallies) {
      if (adapters.has(tally.kind)) expect(tally.operations, tally.kind).toBeGreaterThan(80);
    }
  });

  test("the list of what is missing names whole kinds only where nothing replays them, each with its issue", () => {
    const missing = committedKnownMissing()
      .filter((k) => k.phases === undefined)
      .map((k) => k.kind);
    expect(missing.sort()).toEqual(kinds.filter((k) => !adapters.has(k)).sort());
  });

  const tallyOf = (kind: string) => {
    const names = readdirSync(recordings).filter((name) => name.startsWith(`${kind}-`));
    const found = runOracle({ paths: names.map((name) => join(recordings, name)) }).tallies.find(
      (t) => t.kind === kind,
    );
    if (found === undefined) throw new Error(`nothing was recorded of ${kind}`);
    return found;
  };

  test("[A050] [A051] size classes, the class of every size to 32768 and rounding with headers, pages and overflow", () => {
    const tally = tallyOf("sizeclasses");
    expect(tally.phases.get("table")).toEqual({ compared: 3 + 67 * 9, mismatches: 0 });
    expect(tally.phases.get("sizeToClass")).toEqual({ compared: 32769, mismatches: 0 });
    expect(tally.phases.get("roundupsize")).toEqual({ compared: 2 * 32785, mismatches: 0 });
    expect(tally.phases.get("roundupsizeLarge")?.compared).toBeGreaterThan(2 * 406);
    expect(tally.phases.get("roundupsizeLarge")?.mismatches).toBe(0);
  });

  test("[A001] the figures of the constants table, as package runtime has them", () => {
    const constants = tallyOf("constants").phases.get("constants");
    expect(constants).toEqual({ compared: 88, mismatches: 0 });
    // Those that stand inside Go's functions, where nobody can look: mcentral.go, malloc.go, mgcsweep.go, mgcscavenge.go.
    expect({ spanBudget, chunkBytes, persistentMaxBlock, sweepBatchSize, scavengeQuantum }).toEqual({
      spanBudget: 100,
      chunkBytes: 256 * 1024,
      persistentMaxBlock: 64 * 1024,
      sweepBatchSize: 10,
      scavengeQuantum: 64 * 1024,
    });
  });

  test("[A021] searchAddr after each operation on a page allocator", () => {
    const { cases, operations, phases } = tallyOf("searchaddr");
    expect([cases, operations, phases.get("ops")?.mismatches]).toEqual([10, 10_000, 0]);
    expect(phases.get("ops")?.compared).toBeGreaterThan(15_000);
  });

  test("[A042] [A141] which record a P gets for a span, and how many it keeps", () => {
    const { operations, phases } = tallyOf("spanrecords");
    expect(operations).toBeGreaterThan(3600);
    expect(phases.get("records")).toEqual({ compared: operations, mismatches: 0 });
  });

  test("[A130] a recorded program gets the same addresses, from the first page that the heap grew for it", () => {
    const { operations, notReplayed, phases } = tallyOf("addresses");
    expect([...notReplayed]).toEqual([]);
    expect(operations).toBeGreaterThan(2000);
    expect(phases.get("addresses")).toEqual({ compared: operations + 18, mismatches: 0 });
  });

  test("[A052] the number of slots of every small span class", () => {
    const tally = tallyOf("malloc");
    expect(tally.phases.get("nelems")).toEqual({ compared: 133, mismatches: 0 });
  });

  test("[A063] [A066] spans hand out their slots in Go's order, and holes after a sweep upwards", () => {
    const [order, malloc] = [tallyOf("nextfree"), tallyOf("malloc")];
    expect(order.phases.get("order")?.compared).toBeGreaterThan(10_000);
    expect(order.phases.get("order")?.mismatches).toBe(0);
    expect(malloc.phases.get("mallocs")).toEqual({ compared: 4 * 27_000, mismatches: 0 });
    expect(malloc.phases.get("afterGC")?.mismatches).toBe(0);
  });
});

test("[C163] [C056] a statement's stores and copies leave in the barrier's buffer what compiled Go leaves, in its order", () => {
  const names = readdirSync(recordings).filter((name) => name.startsWith("wb-"));
  const replay = (edit: (text: string) => string) =>
    runOracle({ paths: names.map((name) => file(edit(text(name)))) }).tallies[0];
  expect(names.length).toBeGreaterThanOrEqual(3);
  expect(replay((t) => t).phases.get("buffer")).toEqual({ compared: 132, mismatches: 0 });
  // It is the scenario that is done, not the sentence; and each entry counts.
  expect(
    replay((t) => t.replace(/"store":"[^"]*"/g, '"store":"something else"')).phases.get("buffer")?.mismatches,
  ).toBe(0);
  expect(
    replay((t) => t.replace(/"buffer":\["(\w+)",/g, '"buffer":[')).phases.get("buffer")?.mismatches,
  ).toBeGreaterThan(90);
});

describe("programs", () => {
  const lines = text("programs-1.jsonl").trim().split("\n");
  const gc = "programs:afterGCLive:afterGCDropped:net";
  const compare = (change: (line: Record<string, unknown> & { run: Record<string, unknown> }) => void, known = gc) => {
    const line = JSON.parse(lines[5]); // progSliceAppendPtr
    change(line);
    return runOracle({ paths: [file(JSON.stringify(line))], knownMissing: parseKnownMissing(known) });
  };

  test("every program of the recordings is ported, each request and each figure is Go's", () => {
    const {
      exit,
      tallies,
      text: report,
    } = runOracle({
      paths: readdirSync(recordings)
        .filter((name) => name.startsWith("programs-"))
        .map((name) => join(recordings, name)),
      knownMissing: parseKnownMissing(gc),
    });
    expect(exit, report).toBe(0);
    expect([...tallies[0].notReplayed]).toEqual([]);
    expect(tallies[0].phases.get("trace")).toMatchObject({ mismatches: 0 });
    expect(tallies[0].phases.get("run")).toEqual({ compared: 54 * 7, mismatches: 0 });
  });

  test("one wrong request, one object too many, one byte too few: each is noticed", () => {
    expect(compare(() => {}).exit).toBe(0);
    expect(compare((line) => ((line.trace as unknown[][])[3][0] = 24)).exit).toBe(1);
    expect(compare((line) => ((line.run.bySize as number[][])[2][1] += 1)).exit).toBe(1);
    expect(compare((line) => (line.run.totalAlloc = (line.run.totalAlloc as number) - 1)).exit).toBe(1);
  });

  test("an unknown program, or a known name with another source, is not replayed, and fails unless it is listed", () => {
    for (const change of [{ program: "progNothing" }, { source: "func progSliceAppendPtr(n int) any { return n }" }]) {
      const edit = (line: object) => void Object.assign(line, change);
      const { exit, text: report } = compare(edit);
      expect(exit).toBe(1);
      expect(report).toMatch(/0 mismatches .*1 not replayed\n.*--known-missing=programs:unknown/);
      const listed = compare(edit, `${gc},programs:unknown`);
      expect([listed.exit, listed.text]).toEqual([0, expect.stringContaining("1 not replayed (known)")]);
    }
  });
});

describe("a comparison", () => {
  test("takes files, packed or not, whatever they are called, and finds the same", () => {
    const plain = file(unpacked("malloc-1.jsonl.gz"));
    const packed = file(gzipSync(text("nextfree-1.jsonl")), ".data");
    const { exit, tallies } = runOracle({ paths: [plain, packed, join(recordings, "malloc-2.jsonl.gz")] });
    expect(exit).toBe(0);
    expect(tallies.map((t) => [t.kind, t.files])).toEqual([
      ["malloc", 2],
      ["nextfree", 1],
    ]);
  });

  test("says where the first thing differs: file, line, operation, field, expected, got", () => {
    const lines = text("nextfree-1.jsonl").split("\n");
    const spoilt = JSON.parse(lines[3]);
    const right = spoilt.order[4];
    spoilt.order[4] = right - 1;
    lines[3] = JSON.stringify(spoilt);
    const path = file(lines.join("\n"));
    const { exit, text: report } = runOracle({ paths: [path] });
    expect(exit).toBe(1);
    expect(report).toContain("1 mismatch");
    expect(report).toContain(`${path}:4, operation 4, nextFreeIndex\n  expected ${right - 1}\n  got      ${right}`);
  });

  test("notices one wrong slot, one wrong bit after a sweep, and one object that should have lived", () => {
    const lines = unpacked("malloc-3.jsonl.gz").split("\n");
    const change = (n: number, edit: (line: never) => void) => {
      const all = [...lines];
      const line = JSON.parse(all[n]);
      edit(line as never);
      all[n] = JSON.stringify(line);
      return runOracle({ paths: [file(all.join("\n"))] });
    };
    expect(change(2, (l: { mallocs: number[][] }) => l.mallocs[700][4]++).exit).toBe(1);
    expect(
      change(4, (l: { afterGC: string[][] }) => (l.afterGC[0][5] = l.afterGC[0][5].replace("9f", "8f"))).exit,
    ).toBe(1);
    expect(change(3, (l: { dropped: number[] }) => l.dropped.pop()).exit).toBe(1);
  });

  test("a kind that nothing replays is missing, unless it is named", () => {
    const path = join(recordings, "cycles-1.jsonl");
    const alone = runOracle({ paths: [path] });
    expect([alone.exit, alone.text]).toEqual([1, expect.stringContaining("MISSING")]);
    expect(runOracle({ paths: [path], knownMissing: parseKnownMissing("pacer,cycles") }).exit).toBe(0);
  });

  test("a kind or phase that is listed as missing and passes fails the run", () => {
    const paths = [join(recordings, "nextfree-1.jsonl")];
    for (const list of ["nextfree", "nextfree:order"]) {
      const { exit, text: report } = runOracle({ paths, knownMissing: parseKnownMissing(list) });
      expect(exit).toBe(1);
      expect(report).toContain("take it off the list");
    }
  });

  test("a phase that is listed may be wrong, the others may not", () => {
    const lines = unpacked("malloc-1.jsonl.gz").split("\n");
    const line = JSON.parse(lines[4]);
    line.afterGC[0][3]++;
    lines[4] = JSON.stringify(line);
    const paths = [file(lines.join("\n"))];
    expect(runOracle({ paths, knownMissing: parseKnownMissing("malloc:afterGC") })).toMatchObject({ exit: 0 });
    expect(runOracle({ paths, knownMissing: parseKnownMissing("malloc:mallocs") })).toMatchObject({ exit: 1 });
  });

  test("values are the same by content and to the last bit", () => {
    expect(isSame([1, { a: "x", b: null }], [1, { b: null, a: "x" }])).toBe(true);
    expect(isSame(0.1 + 0.2, 0.3)).toBe(false);
    expect(isSame(0, -0)).toBe(false);
    expect(isSame([], {})).toBe(false);
    expect(isSame({ a: 1 }, { a: 1, b: undefined })).toBe(false);
  });
});

describe("malformed input", () => {
  const nextfree = (line: unknown) => file(`${meta("nextfree")}\n${JSON.stringify(line)}\n`);
  const good = { nelems: 12, allocBits: ["0xbfb"], order: [2, 10] };

  test.each<[string, () => string, RegExp]>([
    ["a path that is not there", () => join(folder, "nothing.jsonl"), /no such file or folder; name a recording/],
    ["a folder without recordings", () => join(import.meta.dirname, "adapters"), /holds no \*\.jsonl/],
    ["an empty file", () => file(""), /the file is empty/],
    ["a file without cases", () => file(meta("types")), /:1: no case follows/],
    ["a line that is not JSON", () => file(`${meta("nextfree")}\n{"nelems":`), /:2: not JSON/],
    ["a line that is no object", () => file(`${meta("nextfree")}\n[1]`), /:2: a line must hold one JSON object/],
    ["a first line without meta", () => file(JSON.stringify(good)), /:1: the first line has no meta/],
    ["an unknown kind", () => file(`${meta("sizes")}\n{}`), /:1: unknown kind "sizes"; the kinds are sizeclasses/],
    ["another format", () => file(`${meta("nextfree", 2)}\n{}`), /:1: format 2; this comparer reads format 1/],
    ["bytes that are no text", () => file(Buffer.from([0xff, 0xfe, 0x00])), /not UTF-8/],
    ["damaged gzip data", () => file(gzipSync(text("types-1.jsonl")).fill(0, 100, 200), ".gz"), /gzip data is damaged/],
    [
      "gzip data that is cut off",
      () => file(gzipSync(text("types-1.jsonl")).subarray(0, 999), ".gz"),
      /gzip data is damaged/,
    ],
    ["a name that promises gzip", () => file("{}", ".jsonl.gz"), /named \.gz and is not gzip data/],
    [
      "a string for a number",
      () => nextfree({ ...good, nelems: "12" }),
      /:2: nelems is "12": a whole number from 1 to 1024/,
    ],
    ["a number out of range", () => nextfree({ ...good, nelems: 5000 }), /:2: nelems is 5000/],
    ["a fraction", () => nextfree({ ...good, order: [2, 10.5] }), /:2: order\[1\] is 10\.5/],
    ["too few words", () => nextfree({ ...good, allocBits: [] }), /:2: allocBits is \[\]: a list of 1 is wanted/],
    ["a word that is none", () => nextfree({ ...good, allocBits: ["0xzz"] }), /:2: allocBits\[0\] is "0xzz"/],
    ["a field that is missing", () => nextfree({ nelems: 12, allocBits: ["0x0"] }), /:2: .*there is no "order"/],
    ["a malloc row too short", () => file(`${meta("malloc")}\n{"mallocs":[[8,0,3]]}`), /:2: mallocs\[0\]/],
    [
      "an object dropped twice",
      () => file(`${meta("malloc")}\n{"mallocs":[[32,0,9,0,0,0]]}\n{"dropped":[0,0]}`),
      /:3: dropped/,
    ],
    ["an object dropped that never was", () => file(`${meta("malloc")}\n{"dropped":[3]}`), /:2: dropped/],
    ["an unknown type", () => file(`${meta("types")}\n{"type":"tuple"}`), /:2: .*tuple/],
  ])("%s is exit 2, with the place and what to do", (_what, path, message) => {
    const { exit, text: report } = runOracle({ paths: [path()] });
    expect(report).toMatch(message);
    expect(report).toMatch(/^malformed: .+; .+/);
    expect(exit).toBe(2);
  });
});

describe("npm run oracle", () => {
  const run = (...args: string[]) =>
    new Promise<{ exit: number; out: string }>((done) => {
      execFile(process.execPath, ["--no-warnings", "scripts/oracle.ts", ...args], { cwd: root }, (error, out, err) => {
        done({ exit: error === null ? 0 : Number(error.code), out: out + err });
      });
    });

  test.each<[string, string[], number, RegExp]>([
    ["equal", [join(recordings, "nextfree-1.jsonl")], 0, /nextfree +1 file .* 0 mismatches/],
    ["missing", [join(recordings, "cycles-1.jsonl")], 1, /MISSING/],
    ["missing, but named", [join(recordings, "cycles-1.jsonl"), "--known-missing=cycles"], 0, /missing \(known\)/],
    ["malformed", [join(folder, "none.jsonl")], 2, /malformed: .*none\.jsonl/],
    ["an unknown kind in the flag", ["--known-missing=barrier"], 2, /unknown kind "barrier"/],
    ["an unknown phase in the flag", ["--known-missing=malloc:sweep"], 2, /no phase "sweep"; its phases are mallocs/],
    ["an unknown option", ["--all"], 2, /unknown option --all/],
  ])("%s: its exit code and its words", async (_what, args, exit, words) => {
    const result = await run(...args);
    expect(result.out).toMatch(words);
    expect(result.exit).toBe(exit);
  });
});
