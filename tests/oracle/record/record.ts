/**
 * Builds the recorder, runs it, and compares: what stands behind `npm run record`.
 *
 * What the build puts into Go without touching its files (`go build -overlay`):
 *
 *   runtime/zz_record.go   doors into the runtime: _runtime/zz_record.go, and zz_constants.go
 *   runtime/malloc.go      Go's own, with mallocgc in a function that tells the recorder of requests and results
 *   generated.go           the types and programs of the recording at hand
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { recordingFiles } from "../read.ts";
import { measureFacts } from "./facts.ts";
import { go, goOrError, messageOf, RecordError, type Toolchain } from "./toolchain.ts";
import { type Scenario, storeFunction } from "./wb.ts";

export { findGo, goVersion, RecordError, recordedPlatform, type Toolchain } from "./toolchain.ts";

/** Kinds that can be recorded. */
export const recordedKinds = [
  ...["sizeclasses", "nextfree", "types", "malloc", "programs"],
  ...["pallocbits", "pagealloc", "pagecache", "large", "scavindex", "scavpace", "scavloop", "pi"],
  ...["constants", "searchaddr", "spanrecords", "addresses", "wb"],
] as const;

const here = import.meta.dirname;
const recordings = join(here, "../recordings");
/** Above this a recording is kept packed. */
const packedBytes = 64 * 1024;

interface Line {
  readonly [key: string]: unknown;
  readonly go?: string;
  readonly program?: string;
  readonly source?: string;
  readonly scenario?: Scenario;
}

/** A built recorder; one for each set of types and programs. */
export class Recorder {
  readonly #go: Toolchain;
  readonly #folder = mkdtempSync(join(tmpdir(), "record-"));
  readonly #built = new Map<string, string>();

  constructor(toolchain: Toolchain) {
    this.#go = toolchain;
  }

  /** Removes what was built. */
  close(): void {
    rmSync(this.#folder, { recursive: true });
  }

  /** The recording again, with this Go's outputs. @param text a recording, unpacked */
  again(text: string): string {
    if (text.startsWith('{"fact"')) return measureFacts(this.#go);
    const file = join(this.#folder, "again.jsonl");
    writeFileSync(file, text);
    return this.#run(this.#build(compiledIn(text)), ["-again", file]);
  }

  /** A recording of new inputs. @param scale how many times as large as usual */
  fresh(kind: string, seed: number, scale = 1): string {
    if (kind === "programs") return this.again(newPrograms(seed, scale));
    if (kind === "addresses") return this.again(newAddresses(seed, scale));
    const drawn = ["-seed", `${seed}`, "-scale", `${scale}`];
    if (kind !== "types" && kind !== "wb") return this.#run(this.#build(nothing), ["-new", kind, ...drawn]);
    return this.again(this.#run(this.#build(nothing), ["-inputs", kind, ...drawn]));
  }

  #run(recorder: string, args: string[]): string {
    try {
      return execFileSync(recorder, args, { encoding: "utf8", maxBuffer: 2 ** 30, stdio: ["ignore", "pipe", "pipe"] });
    } catch (e) {
      throw new RecordError(`${args.join(" ")}: ${messageOf(e)}`);
    }
  }

  #build(generated: string): string {
    const name = createHash("sha256").update(generated).digest("hex").slice(0, 16);
    const known = this.#built.get(name);
    if (known !== undefined) return known;
    const at = (file: string, content: string) => {
      const path = join(this.#folder, `${name}-${file}`);
      writeFileSync(path, content);
      return path;
    };
    const runtime = join(this.#go.root, "src/runtime");
    const replace = {
      [join(runtime, "zz_record.go")]: join(here, "_runtime/zz_record.go"),
      [join(runtime, "zz_constants.go")]: join(here, "_runtime/zz_constants.go"),
      [join(runtime, "malloc.go")]: at("malloc.go", withTrace(readFileSync(join(runtime, "malloc.go"), "utf8"))),
      [join(here, "generated.go")]: at("generated.go", generated),
    };
    const overlay = at("overlay.json", JSON.stringify({ Replace: replace }));
    const recorder = join(this.#folder, `record-${name}`);
    try {
      go(["build", "-overlay", overlay, "-o", recorder, "."], { GOEXPERIMENT: "norandomizedheapbase64" });
    } catch (e) {
      throw new RecordError(`the recorder does not build with ${this.#go.version}: ${messageOf(e)}`);
    }
    this.#built.set(name, recorder);
    return recorder;
  }
}

const head = "func mallocgc(size uintptr, typ *_type, needzero bool) unsafe.Pointer {\n";

/** Go's malloc.go, with the calls that trace requests and their results. */
function withTrace(source: string): string {
  if (!source.includes(head)) throw new RecordError("mallocgc has another form in this Go: see withTrace");
  const traced = `${head}\trecRequest(size, typ)\n\tx := recMallocgc(size, typ, needzero)\n\trecResult(x)\n\treturn x\n}\n`;
  return source.replace(head, `${traced}\n${head.replace("mallocgc", "recMallocgc")}`);
}

const nothing = readFileSync(join(here, "generated.go"), "utf8");

/** What the programs use besides themselves. */
const prelude = `
type listNode struct {
	next *listNode
	val  int
}
type treeNode struct {
	l, r *treeNode
	key  int
	data [2]uint64
}
type shape interface{ area() float64 }
type sq struct{ s float64 }
type rect struct{ a, b float64 }

func (s sq) area() float64    { return s.s * s.s }
func (r *rect) area() float64 { return r.a * r.b }

var sink any
var _, _ = strconv.Itoa, strings.Compare
`;

/** generated.go for a recording: its types and programs as Go. */
function compiledIn(text: string): string {
  const lines = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line)
    .filter((line) => !("meta" in line));
  const types = lines.filter((line) => typeof line.go === "string").map((line) => line.go as string);
  const programs = new Map(lines.filter((l) => l.source !== undefined).map((l) => [l.program as string, l.source]));
  const scenarios = lines.filter((line) => line.scenario !== undefined).map((line) => line.scenario as Scenario);
  if (types.length === 0 && programs.size === 0 && scenarios.length === 0) return nothing;
  return [
    'package main\n\nimport (\n\t"runtime"\n\t"strconv"\n\t"strings"\n\t"unsafe"\n)\n',
    prelude,
    "var _ unsafe.Pointer\nvar _ = runtime.Version\n",
    `var stored = []func(){\n${scenarios.map((_, i) => `\twbCase${i},\n`).join("")}}\n`,
    ...scenarios.map((scenario, i) => storeFunction(i, scenario)),
    `var typed = []any{\n${types.map((t) => `\t(*${t})(nil),\n`).join("")}}\n`,
    `var called = map[string]func(int) any{\n${[...programs.keys()].map((p) => `\t"${p}": ${p},\n`).join("")}}\n`,
    ...[...programs.values()].map((source) => `//go:noinline\n${source}\n`),
  ].join("\n");
}

/** Every program that was ever recorded, with a new n for each, below 8192 times the scale. */
function newPrograms(seed: number, scale: number): string {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  const random = (n: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
  const recorded = new Map<string, string>();
  for (const line of readFileSync(join(recordings, "programs-1.jsonl"), "utf8").trim().split("\n")) {
    const { program, source } = JSON.parse(line) as Line;
    recorded.set(program as string, source as string);
  }
  return [...recorded]
    .map(
      ([program, source]) =>
        `${JSON.stringify({ mode: "stats", n: random(scale * 2 ** (1 + random(13))), program, source })}\n`,
    )
    .join("");
}

/** The same programs with small n, which are asked where their objects lie. */
function newAddresses(seed: number, scale: number): string {
  const meta = { arch: "amd64", format: 1, go: "", kind: "addresses", seed };
  const cases = newPrograms(seed, scale)
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line & { n: number })
    .map(({ program, source, n }) => ({ program, source, n: n % (1024 * scale) }));
  return [{ meta }, ...cases].map((line) => `${JSON.stringify(line)}\n`).join("");
}

/** A recording as text, packed or not. */
export function textOf(file: string): string {
  const bytes = readFileSync(file);
  return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString("utf8");
}

/** Lines that are not the same in two recordings, counted from 1; which Go, and what varies of a fact, apart. */
export function differences(a: string, b: string): number[] {
  const lines = (text: string) => text.trim().split("\n").map(compared);
  const [x, y] = [lines(a), lines(b)];
  const longer = Math.max(x.length, y.length);
  return Array.from({ length: longer }, (_, i) => i + 1).filter((n) => x[n - 1] !== y[n - 1]);
}

/** What of a line counts. */
function compared(line: string): string {
  if (line.startsWith('{"fact"')) return JSON.stringify({ ...(JSON.parse(line) as object), go: "", seen: "" });
  return line.startsWith('{"meta"') ? line.replace(/"go":"[^"]*"/, '"go":""') : line;
}

/** True for what can be recorded: told by the name of a committed file, which begins with its kind. */
export function isRecorded(file: string): boolean {
  return ["facts", ...recordedKinds].includes(basename(file).split("-")[0]);
}

const usage =
  "usage: npm run record -- [--any] [--out FOLDER] [--check] FILE... | facts | --seed N [--scale K] KIND...";

/** The command. @returns its exit code @throws {RecordError} */
export function record(args: string[], print: (text: string) => void): number {
  const words = [...args];
  const flag = (name: string) => words.includes(name) && words.splice(words.indexOf(name), 1).length > 0;
  const option = (name: string) => (words.includes(name) ? words.splice(words.indexOf(name), 2)[1] : undefined);
  const [any, check] = [flag("--any"), flag("--check")];
  const [seed, scale = "1", out] = [option("--seed"), option("--scale"), option("--out")];
  const unknown = words.find((w) => w.startsWith("--"));
  if (unknown !== undefined) throw new RecordError(`unknown option ${unknown}\n${usage}`);
  const wholes = [seed ?? "1", scale];
  if (!wholes.every((n) => /^\d{1,9}$/.test(n)))
    throw new RecordError(`--seed and --scale take whole numbers\n${usage}`);
  if (words.length === 0 && !check) throw new RecordError(`nothing to record\n${usage}`);
  const kinds = seed === undefined ? [] : words;
  const wrong = kinds.find((kind) => !(recordedKinds as readonly string[]).includes(kind));
  if (wrong !== undefined) {
    throw new RecordError(`unknown kind ${wrong}: the kinds are ${recordedKinds.join(", ")}`);
  }
  const named = words.map((word) => (word === "facts" ? join(recordings, "facts-1.jsonl") : word));
  const files = named.length > 0 ? named : recordingFiles(recordings).filter(isRecorded);
  const missing = seed === undefined ? files.find((file) => !existsSync(file)) : undefined;
  if (missing !== undefined) throw new RecordError(`${missing}: no such file\n${usage}`);

  const recorder = new Recorder(goOrError(any));
  const give = (name: string, text: string) => (out === undefined ? print(text) : keep(out, name, text));
  try {
    if (seed !== undefined) {
      for (const kind of kinds) give(`${kind}-${seed}`, recorder.fresh(kind, Number(seed), Number(scale)));
      return 0;
    }
    if (check) return compare(recorder, files, print);
    for (const file of files) give(basename(file).replace(/\.jsonl(\.gz)?$/, ""), recorder.again(textOf(file)));
    return 0;
  } finally {
    recorder.close();
  }
}

/** Records files again, and says of each whether it came out the same. @returns the command's exit code */
function compare(recorder: Recorder, files: readonly string[], print: (text: string) => void): number {
  let isEqual = true;
  for (const file of files) {
    const text = textOf(file);
    const lines = differences(text, recorder.again(text));
    isEqual &&= lines.length === 0;
    const differ = lines.length === 1 ? "1 line differs" : `${lines.length} lines differ`;
    const shown = `${differ}: ${lines.slice(0, 10).join(", ")}${lines.length > 10 ? " …" : ""}`;
    print(`${basename(file).padEnd(26)} ${lines.length === 0 ? "the same" : shown}\n`);
  }
  return isEqual ? 0 : 1;
}

function keep(folder: string, name: string, text: string): void {
  mkdirSync(folder, { recursive: true });
  const packed = Buffer.byteLength(text) > packedBytes;
  writeFileSync(join(folder, `${name}.jsonl${packed ? ".gz" : ""}`), packed ? gzipSync(text, { level: 9 }) : text);
}
