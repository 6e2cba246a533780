/**
 * `npm run bench -- B2`: how long an allocation takes, as a ratio to real Go.
 *
 *   npm run bench -- B2 [--rounds 3] [--windows 41] [--readable] [--record]
 *
 * Programs take turns in rounds (Go, engine), and the ratio is formed inside a round, from the least time of many short
 * windows: so a slow moment of the machine meets both. Printed is the median of the rounds with [least..greatest].
 * Without a Go on the PATH the engine is compared with a fixed loop, and that ratio is multiplied by the loop's ratio to
 * Go as it was recorded (tests/bench/ratios.json): such a line says `estimated`. Only ratios travel between machines.
 *
 * Where a target is missed, the worst workload is run again under V8's profiler, and where its time goes is printed.
 *
 *   --readable  also the engine as it is written, not flattened
 *   --record    writes tests/bench/ratios.json anew (needs Go)
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { profiled, selfTimes } from "../tests/bench/profile.ts";
import { PAGES, REFERENCE, workloads } from "../tests/bench/workloads.ts";
import { bundle } from "./flatten/build.ts";

const repo = resolve(import.meta.dirname, "..");
const ratiosFile = join(repo, "tests/bench/ratios.json");
const targets = { mean: 1.3, worst: 1.8, search: 1.5 };
const goVersion = "go1.26";

type Times = ReadonlyMap<string, number>;
type Build = "flat" | "readable";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "3" },
    windows: { type: "string", default: "41" },
    readable: { type: "boolean", default: false },
    record: { type: "boolean", default: false },
  },
});
if (positionals.join() !== "B2") {
  console.error("usage: npm run bench -- B2 [--rounds N] [--windows N] [--readable] [--record]");
  process.exit(2);
}
/** The engine's programs, as bundles: what readers run is one, too, and type stripping slows V8's typed arrays. */
const programs = {
  flat: await bundle("tests/bench/engine.ts", true),
  readable: await bundle("tests/bench/engine.ts", false),
};
bench();

function bench(): void {
  const go = buildGo();
  const builds: Build[] = values.readable ? ["flat", "readable"] : ["flat"];
  const rounds = Array.from({ length: Number(values.rounds) }, () => ({
    go: go === null ? null : timesOf(go, [values.windows]),
    flat: engine("flat"),
    readable: builds.includes("readable") ? engine("readable") : null,
  }));
  const names = [...workloads.map((w) => w.name), PAGES];
  const recorded = readRatios();
  const missed = new Set<string>();
  if (go === null) console.log(`no ${goVersion} on the PATH: ratios are estimated by tests/bench/ratios.json`);
  for (const build of builds) {
    const means = new Map<string, number>();
    console.log(`\n${build}: time as a multiple of Go's, median [least..greatest] of ${rounds.length} rounds`);
    for (const name of names) {
      const ns = rounds.map((r) => need(r[build]!, name));
      const ratios = rounds.map((r, i) => ns[i] / (r.go ? need(r.go, name) : goEstimate(recorded, r.flat, name)));
      means.set(name, median(ratios));
      const goNs = rounds.map((r) => (r.go ? need(r.go, name) : goEstimate(recorded, r.flat, name)));
      const note = go === null ? "  estimated" : "";
      console.log(
        `  ${name.padEnd(15)} ${spread(ratios)}  (${Math.min(...ns).toFixed(1)} ns, Go ${Math.min(...goNs).toFixed(1)})${note}`,
      );
    }
    const small = workloads.filter((w) => w.small).map((w) => means.get(w.name)!);
    const mean = Math.exp(small.reduce((sum, r) => sum + Math.log(r), 0) / small.length);
    const marks = build === "flat" ? targets : null;
    console.log(`  geometric mean of the eight small ones ${verdict(mean, marks?.mean)}`);
    console.log(`  worst of them ${verdict(Math.max(...small), marks?.worst)}`);
    if (marks !== null && (mean > marks.mean || Math.max(...small) > marks.worst)) {
      missed.add(
        workloads.filter((w) => w.small).reduce((a, b) => (means.get(a.name)! >= means.get(b.name)! ? a : b)).name,
      );
    }
  }
  const growth = rounds.map((r) => need(r.flat, "search-512MiB") / need(r.flat, "search-32MiB"));
  console.log(`\npage search, heap 16 times as large: ${spread(growth)}  ${verdict(median(growth), targets.search)}`);
  for (const name of missed) profile(name);
  if (values.record && go !== null) record(rounds.map((r) => ({ go: r.go!, flat: r.flat })));
}

/** The twin, with an overlay that lets it reach the page heap; null where there is no Go of this version. */
function buildGo(): string | null {
  const found = spawnSync("go", ["env", "GOVERSION", "GOROOT"], { encoding: "utf8" });
  if (found.status !== 0) return null;
  const [version, root] = found.stdout.trim().split("\n");
  if (!version.startsWith(goVersion)) return null;
  const folder = join(repo, "node_modules/.cache/bench");
  mkdirSync(folder, { recursive: true });
  const source = join(repo, "tests/bench/go");
  const overlay = join(folder, "overlay.json");
  const added = { [join(root, "src/runtime/zz_bench.go")]: join(source, "pages.go.txt") };
  writeFileSync(overlay, JSON.stringify({ Replace: added }));
  const program = join(folder, process.platform === "win32" ? "bench.exe" : "bench");
  execFileSync("go", ["build", "-overlay", overlay, "-o", program, "."], { cwd: source, stdio: "inherit" });
  return program;
}

function engine(build: Build): Times {
  return timesOf(process.execPath, [programs[build], build, values.windows]);
}

/** Where the time of one workload goes. */
function profile(name: string): void {
  const args = [programs.flat, "flat", "100", name];
  const found = profiled((flags) => execFileSync(process.execPath, [...flags, ...args]));
  console.log(`\nwhere the time of ${name} goes (V8 profile of the timed part, callees left out):`);
  for (const { name, share } of selfTimes(found, "fill").slice(0, 12)) {
    console.log(`  ${(100 * share).toFixed(1).padStart(5)}%  ${name}`);
  }
}

function timesOf(program: string, args: readonly string[]): Times {
  const out = execFileSync(program, args, { encoding: "utf8" });
  return new Map(
    out
      .trim()
      .split("\n")
      .map((line) => [line.split(" ")[0], Number(line.split(" ")[1])]),
  );
}

function need(times: Times, name: string): number {
  const ns = times.get(name);
  if (ns === undefined) throw new Error(`the program printed no time for ${name}`);
  return ns;
}

/** Go's time on this machine, from the reference loop's. */
function goEstimate(recorded: Readonly<Record<string, number>>, times: Times, name: string): number {
  if (recorded[name] === undefined) throw new Error(`tests/bench/ratios.json has no ${name}: run with --record`);
  return recorded[name] * need(times, REFERENCE);
}

function readRatios(): Record<string, number> {
  return existsSync(ratiosFile) ? JSON.parse(readFileSync(ratiosFile, "utf8")).ratios : {};
}

/** Go's time over the reference loop's, for machines that have no Go. */
function record(rounds: readonly { go: Times; flat: Times }[]): void {
  const names = [...workloads.map((w) => w.name), PAGES];
  const ratios = Object.fromEntries(
    names.map((name) => {
      const ratio = least(rounds.map((r) => need(r.go, name))) / least(rounds.map((r) => need(r.flat, REFERENCE)));
      return [name, Number(ratio.toPrecision(4))];
    }),
  );
  writeFileSync(
    ratiosFile,
    `${JSON.stringify({ go: goVersion, unit: "Go's time / reference loop's", ratios }, null, 2)}\n`,
  );
}

function least(list: readonly number[]): number {
  return Math.min(...list);
}

function median(list: readonly number[]): number {
  const sorted = [...list].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

function spread(list: readonly number[]): string {
  return `${median(list).toFixed(2)} [${Math.min(...list).toFixed(2)}..${Math.max(...list).toFixed(2)}]`;
}

function verdict(value: number, target: number | undefined): string {
  if (target === undefined) return value.toFixed(2);
  return `${value.toFixed(2)} (target ${target}: ${value <= target ? "met" : "missed"})`;
}
