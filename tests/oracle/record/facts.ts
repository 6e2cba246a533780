/**
 * Facts: what the book says about Go and anyone can see from outside, measured again by `npm run record facts`.
 *
 * One line a fact: `values` came out the same in every one of three runs, each in a process of its own; `seen` is what
 * varies, as the last run saw it, and is never compared. A fact is `deterministic` when it has values. The measuring is
 * Go (record/facts), with public means only; here it is built, as often as a fact needs, and its answers are put together.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { go, messageOf, RecordError, type Toolchain } from "./toolchain.ts";

type Values = Readonly<Record<string, unknown>>;

/** What one run measured. */
interface Measured {
  readonly values: Values;
  readonly seen: Values;
}

interface Fact {
  readonly id: string;
  readonly what: string;
  readonly measure: (builds: Builds) => Measured;
}

const facts: readonly Fact[] = [
  measured("F1", "sizes that /gc/heap/allocs-by-size:bytes counts in its last bucket, above every size class"),
  measured("F2", "MemStats.MCacheInuse by GOMAXPROCS, and with 10,000 goroutines more"),
  { id: "F3", what: "the arena of the first large object, in five processes of each build", measure: heapBases },
  { id: "F4", what: "most objects of a size in a page of 8 KiB; [size, objects]", measure: objectsPerPage },
  measured("F5", "bytes that an object costs by TotalAlloc; [size, cost]"),
  measured("F6", "mallocs and bytes of small objects without pointers"),
  measured("F7", "allocations by testing.AllocsPerRun of a slice that stays in its function; [n, allocations]"),
  { id: "F8", what: "what go build -gcflags=-m says of a value by its size", measure: sizeLimits },
  measured("F9", "StackInuse of 10,000 parked goroutines, and whether a deep call moves a local"),
  measured("F10", "capacities that append goes through, one element at a time"),
  measured(
    "F13",
    "whether finalizers and cleanups run for an object that is alone, points to itself, or is in a cycle",
  ),
  measured(
    "F14",
    "HeapAlloc of a map[int]int before and after delete of every key, and after clear, each after collections",
  ),
  measured("F15", "HeapIdle, HeapReleased and Sys after 64 MB were dropped, before and after FreeOSMemory"),
  measured("F16", "HeapAlloc and Sys while 256 MiB are mapped with mmap; milliseconds of forced collections"),
  measured("F17", "cycles while 800 MB are allocated beside 8 MB that live"),
  {
    id: "F18",
    what: "experiments that are on, what a name of one adds, and mallocs of an arena",
    measure: experiments,
  },
  measured("F20", "constants that can be seen from outside"),
];

/** Names that GOEXPERIMENT takes in this Go although they are off. */
const offByDefault = ["arenas", "runtimefreegc", "runtimesecret", "sizespecializedmalloc"];

/** How often each fact is measured. */
const runs = 3;

/** A fact that one process measures. */
function measured(id: string, what: string): Fact {
  return { id, what, measure: (builds) => run(builds.of("facts"), id) };
}

/** Programs by package and experiments, each built once. */
class Builds {
  readonly #folder = mkdtempSync(join(tmpdir(), "facts-"));
  readonly #built = new Map<string, string>();

  of(folder: string, experiment = ""): string {
    const name = `${folder.replace("/", "-")}-${experiment}`;
    const known = this.#built.get(name);
    if (known !== undefined) return known;
    const program = join(this.#folder, name);
    try {
      go(["build", "-o", program, `./${folder}`], { GOEXPERIMENT: experiment });
    } catch (e) {
      throw new RecordError(`${folder} does not build: ${messageOf(e)}`);
    }
    this.#built.set(name, program);
    return program;
  }

  close(): void {
    rmSync(this.#folder, { recursive: true });
  }
}

/** Nothing of the caller's environment sets the collector or what is drawn. */
const environment = { ...process.env, GOGC: "", GOMEMLIMIT: "", GODEBUG: "", GOMAXPROCS: "" };

function run<T = Measured>(program: string, ...args: string[]): T {
  try {
    return JSON.parse(execFileSync(program, args, { encoding: "utf8", env: environment, stdio: "pipe" })) as T;
  } catch (e) {
    throw new RecordError(`${args.join(" ")}: ${messageOf(e)}`);
  }
}

function heapBases(builds: Builds): Measured {
  const arenas = (experiment: string) =>
    Array.from({ length: 5 }, () => run(builds.of("facts", experiment), "F3").seen.arena as string);
  const drawn = arenas("");
  const fixed = arenas("norandomizedheapbase64");
  return {
    values: {
      processes: 5,
      default: { isTheSameInAll: new Set(drawn).size === 1 },
      norandomizedheapbase64: { isTheSameInAll: new Set(fixed).size === 1, arena: fixed[0] },
    },
    seen: { default: drawn },
  };
}

function objectsPerPage(builds: Builds): Measured {
  const of = (experiment: string) => run(builds.of("facts", experiment), "F4").values;
  return { values: { default: of(""), nogreenteagc: of("nogreenteagc") }, seen: {} };
}

/** The words that the compiler uses for the value of a line; `stays` where it says nothing. */
function sizeLimits(): Measured {
  const source = readFileSync(join(import.meta.dirname, "facts/limits/limits.go"), "utf8").split("\n");
  const args = ["build", "-gcflags=-m", "-o", "/dev/null", "./facts/limits"];
  const env = { ...process.env, GOTOOLCHAIN: "local", GOFLAGS: "", GOEXPERIMENT: "" };
  const { status, stderr } = spawnSync("go", args, { cwd: import.meta.dirname, encoding: "utf8", env });
  if (status !== 0) throw new RecordError(`facts/limits does not build: ${stderr}`);
  const values: Record<string, string> = {};
  for (const [i, line] of source.entries()) {
    const mark = line.match(/ \/\/ mark: (.+)$/)?.[1];
    if (mark === undefined) continue;
    const said = stderr.match(
      new RegExp(`limits\\.go:${i + 1}:\\d+: .*?(moved to heap|escapes to heap|does not escape)`),
    );
    values[mark] = said?.[1] ?? "stays";
  }
  return { values, seen: {} };
}

function experiments(builds: Builds): Measured {
  const on = (experiment: string) =>
    go(["list", "-f", "{{context.ToolTags}}", "."], { GOEXPERIMENT: experiment })
      .match(/goexperiment\.\w+/g)!
      .map((tag) => tag.replace("goexperiment.", ""))
      .sort();
  const defaults = on("");
  const offButKnown = offByDefault.filter((name) => !defaults.includes(name) && on(name).includes(name));
  return { values: { on: defaults, offButKnown, arenas: run<Values>(builds.of("facts/arenas", "arenas")) }, seen: {} };
}

/** Measures every fact. @returns the recording @throws {RecordError} when values differ between two runs */
export function measureFacts({ version }: Toolchain): string {
  const builds = new Builds();
  try {
    return facts.map((fact) => `${JSON.stringify(lineOf(fact, version, builds))}\n`).join("");
  } finally {
    builds.close();
  }
}

function lineOf({ id, what, measure }: Fact, version: string, builds: Builds): object {
  const all = Array.from({ length: runs }, () => measure(builds));
  const { values, seen } = all[runs - 1];
  const texts = new Set(all.map((one) => JSON.stringify(one.values)));
  if (texts.size > 1) throw new RecordError(`${id} is not the same in ${runs} runs:\n${[...texts].join("\n")}`);
  const deterministic = Object.keys(values).length > 0;
  const varies = Object.keys(seen).length > 0;
  return { fact: id, what, deterministic, go: version, ...(deterministic && { values }), ...(varies && { seen }) };
}
