/** The recorder: what it prints with the Go that the engine follows is what is committed. Skipped where that Go is not. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { runOracle } from "./compare.ts";
import {
  differences,
  findGo,
  goVersion,
  RecordError,
  Recorder,
  record,
  recordedPlatform,
  textOf,
} from "./record/record.ts";

const go = findGo();
const isThere = go?.version === goVersion && go.platform === recordedPlatform;
if (!isThere) {
  const found = go === null ? "none" : `${go.version} ${go.platform}`;
  console.log(`recording is not tested: the go on the PATH is ${found}, not ${goVersion} ${recordedPlatform}`);
}

const recordings = join(import.meta.dirname, "recordings");
const folder = mkdtempSync(join(tmpdir(), "record-test-"));
const recorder = isThere ? new Recorder(go) : null;
afterAll(() => {
  recorder?.close();
  rmSync(folder, { recursive: true });
});

describe.skipIf(!isThere)(`with ${goVersion}`, () => {
  test.each([
    "nextfree-1.jsonl",
    "pagecache-1.jsonl.gz",
    "pi-2.jsonl.gz",
    "scavindex-3.jsonl.gz",
    "scavloop-1.jsonl",
    "scavpace-1.jsonl.gz",
    "types-1.jsonl",
    "programs-1.jsonl",
    "malloc-2.jsonl.gz",
    "constants-1.jsonl",
    "searchaddr-1.jsonl.gz",
    "spanrecords-1.jsonl",
    "addresses-1.jsonl",
    "wb-1.jsonl",
    "wb-3.jsonl",
  ])("%s is recorded again byte for byte", (name) => {
    const text = textOf(join(recordings, name));
    const again = recorder!.again(text);
    expect(differences(text, again)).toEqual([]);
    expect(again).toBe(text);
  });

  test("the facts of the book come out the same, but for what varies", () => {
    const text = textOf(join(recordings, "facts-1.jsonl"));
    expect(differences(text, recorder!.again(text))).toEqual([]);
    expect(differences(text, text.replace("[8,18368]", "[8,18376]"))).toEqual([2]);
  });

  test.each(["pallocbits", "pagealloc", "searchaddr", "spanrecords", "scavloop", "large", "wb"])(
    "%s of a new seed replays on the engine",
    (kind) => {
      const path = join(folder, `${kind}.jsonl`);
      writeFileSync(path, recorder!.fresh(kind, 1009));
      const { exit, text } = runOracle({ paths: [path] });
      expect(text).toMatch(/ 0 mismatches/);
      expect(exit).toBe(0);
    },
  );

  test("a file that says something else than Go is told with its line", () => {
    const lines = textOf(join(recordings, "nextfree-2.jsonl")).split("\n");
    lines[4] = lines[4].replace('"order":[', '"order":[7777,');
    const path = join(folder, "nextfree-2.jsonl");
    writeFileSync(path, lines.join("\n"));
    let said = "";
    expect(record(["--check", path], (text) => (said += text))).toBe(1);
    expect(said).toMatch(/^nextfree-2\.jsonl +1 line differs: 5\n$/);
  });

  test("the same seed makes the same recording", () => {
    expect(recorder!.fresh("pi", 4)).toBe(recorder!.fresh("pi", 4));
    expect(recorder!.fresh("pi", 4)).not.toBe(recorder!.fresh("pi", 5));
  });
});

describe("what cannot be recorded is said in words", () => {
  const withPath = (path: string, args: string[]) => {
    const before = process.env.PATH;
    process.env.PATH = path;
    try {
      record(args, () => {});
    } catch (e) {
      expect(e).toBeInstanceOf(RecordError);
      return (e as Error).message;
    } finally {
      process.env.PATH = before;
    }
    return "";
  };
  const file = join(recordings, "nextfree-1.jsonl");

  test("no Go, another one, or one for another machine", () => {
    const pretend = (version: string, platform: string) => {
      const bin = mkdtempSync(join(folder, "bin-"));
      writeFileSync(join(bin, "go"), `#!/bin/sh\nprintf '%s\\n' /nowhere ${version} ${platform}\n`);
      chmodSync(join(bin, "go"), 0o755);
      return bin;
    };
    expect(withPath(folder, [file])).toMatch(/no go on the PATH: install go1\.26\.8/);
    expect(withPath(pretend("go1.99.0", "linux amd64"), [file])).toMatch(/is go1\.99\.0, not go1\.26\.8: --any/);
    expect(withPath(pretend("go1.26.8", "linux arm64"), [file])).toMatch(
      /builds for linux\/arm64: recordings are made/,
    );
  });

  test.each<[string, string[], RegExp]>([
    ["nothing to do", [], /nothing to record\nusage/],
    ["an unknown option", ["--all", file], /unknown option --all/],
    ["an unknown kind", ["--seed", "1", "barrier"], /unknown kind barrier: the kinds are sizeclasses/],
    ["a seed that is none", ["--seed", "x", "pi"], /--seed and --scale take whole numbers/],
    ["a file that is not there", [join(folder, "none.jsonl")], /no such file/],
  ])("%s", (_what, args, message) => {
    expect(withPath(process.env.PATH ?? "", args)).toMatch(message);
  });
});
