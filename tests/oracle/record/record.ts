/**
 * Builds the recorder, runs it, and compares: what stands behind `npm run record`.
 *
 * What the build puts into Go without touching its files (`go build -overlay`):
 *
 *   runtime/zz_record.go   doors into the runtime: _runtime/zz_record.go
 *   runtime/malloc.go      Go's own, with one call at the head of mallocgc that tells the recorder of each request
 *   generated.go           the types and programs of the recording at hand
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { recordingFiles } from "../read.ts";

/** The Go that the engine follows. */
export const goVersion = "go1.26.8";

/** Kinds that can be recorded. */
export const recordedKinds = [
  ...["sizeclasses", "nextfree", "types", "malloc", "programs"],
  ...["pallocbits", "pagealloc", "pagecache", "large", "scavindex", "scavpace", "scavloop", "pi"],
  ...["pacer", "limiter"],
] as const;

/** What keeps a recording from being made: said in words, exit 2. */
export class RecordError extends Error {
  override readonly name = "RecordError";
}

/** Where Go is, which, and what it builds for. */
export interface Toolchain {
  readonly root: string;
  readonly version: string;
  /** Such as linux/amd64. */
  readonly platform: string;
}

/** The platform of the recordings. */
export const recordedPlatform = "linux/amd64";

/** The Go on the PATH. @returns null when there is none */
export function findGo(): Toolchain | null {
  try {
    const [root, version, os, arch] = go(["env", "GOROOT", "GOVERSION", "GOOS", "GOARCH"]).trim().split("\n");
    return { root, version, platform: `${os}/${arch}` };
  } catch {
    return null;
  }
}

const here = import.meta.dirname;
const recordings = join(here, "../recordings");
/** Above this a recording is kept packed. */
const packedBytes = 64 * 1024;

/** GOTOOLCHAIN: the Go that is there, not another that it would fetch. */
function go(args: string[], env: NodeJS.ProcessEnv = {}): string {
  return execFileSync("go", args, {
    cwd: here,
    encoding: "utf8",
    env: { ...process.env, GOTOOLCHAIN: "local", GOFLAGS: "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

interface Line {
  readonly [key: string]: unknown;
  readonly go?: string;
  readonly program?: string;
  readonly source?: string;
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
    const file = join(this.#folder, "again.jsonl");
    writeFileSync(file, text);
    return this.#run(this.#build(compiledIn(text)), ["-again", file]);
  }

  /** A recording of new inputs. @param scale how many times as large as usual */
  fresh(kind: string, seed: number, scale = 1): string {
    if (kind === "programs") return this.again(newPrograms(seed, scale));
    const drawn = ["-seed", `${seed}`, "-scale", `${scale}`];
    if (kind !== "types") return this.#run(this.#build(nothing), ["-new", kind, ...drawn]);
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

function messageOf(e: unknown): string {
  const stderr = (e as { stderr?: string }).stderr?.trim();
  return (stderr || String(e)).split("\n").slice(0, 12).join("\n");
}

const head = "func mallocgc(size uintptr, typ *_type, needzero bool) unsafe.Pointer {\n";

/** Go's malloc.go, with the call that traces requests. */
function withTrace(source: string): string {
  if (!source.includes(head)) throw new RecordError("mallocgc has another form in this Go: see withTrace");
  return source.replace(head, `${head}\trecRequest(size, typ)\n`);
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
  if (types.length === 0 && programs.size === 0) return nothing;
  return [
    'package main\n\nimport (\n\t"strconv"\n\t"strings"\n\t"unsafe"\n)\n',
    prelude,
    "var _ unsafe.Pointer\n",
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

/** A recording as text, packed or not. */
export function textOf(file: string): string {
  const bytes = readFileSync(file);
  return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString("utf8");
}

/** Lines that are not the same in two recordings, counted from 1; `go` of the first line apart. */
export function differences(a: string, b: string): number[] {
  const lines = (text: string) => {
    return text
      .trim()
      .split("\n")
      .map((l) => (l.startsWith('{"meta"') ? l.replace(/"go":"[^"]*"/, '"go":""') : l));
  };
  const [x, y] = [lines(a), lines(b)];
  const longer = Math.max(x.length, y.length);
  return Array.from({ length: longer }, (_, i) => i + 1).filter((n) => x[n - 1] !== y[n - 1]);
}

/** True for what can be recorded: told by the name of a committed file, which begins with its kind. */
export function isRecorded(file: string): boolean {
  return (recordedKinds as readonly string[]).includes(basename(file).split("-")[0]);
}

const usage = "usage: npm run record -- [--any] [--out FOLDER] [--check] FILE... | --seed N [--scale K] KIND...";

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
  const files = words.length > 0 ? words : recordingFiles(recordings).filter(isRecorded);
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

function goOrError(any: boolean): Toolchain {
  const toolchain = findGo();
  if (toolchain === null) throw new RecordError(`there is no go on the PATH: install ${goVersion}`);
  if (toolchain.platform !== recordedPlatform) {
    throw new RecordError(
      `the go on the PATH builds for ${toolchain.platform}: recordings are made on ${recordedPlatform}`,
    );
  }
  if (toolchain.version === goVersion || any) return toolchain;
  throw new RecordError(`the go on the PATH is ${toolchain.version}, not ${goVersion}: --any takes it nevertheless`);
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
