/**
 * npm run replay -- trace.jsonl[.gz] [--procs=N] [--gogc=N] [--window=MIB] [--json]
 *
 * Runs an allocation trace through the engine and prints where the memory went: figures, waste, span classes, page map.
 * The format stands in engine/README.md and at the head of engine/process/replay.ts. "-" reads standard input.
 * Exit 0 replayed, 1 the trace does not fit into memory, 2 wrong usage or a malformed trace (with the line's number).
 */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { CellError } from "../engine/memory/errors.ts";
import { Fatal } from "../engine/memory/fatal.ts";
import { type Replay, type ReplayOptions, replay } from "../engine/process/replay.ts";

const usage = "usage: npm run replay -- trace.jsonl[.gz] [--procs=N] [--gogc=N] [--window=MIB] [--json]";

interface Arguments {
  readonly path: string;
  readonly options: ReplayOptions;
  readonly json: boolean;
}

/** @returns what to do, or what is wrong with the arguments */
function parseArguments(args: readonly string[]): Arguments | string {
  const paths = args.filter((a) => !a.startsWith("--"));
  if (paths.length !== 1) return paths.length === 0 ? "name a trace" : "name one trace";
  const options: { procs?: number; gogc?: number; windowBytes?: number } = {};
  let json = false;
  for (const a of args.filter((a) => a.startsWith("--"))) {
    const [name, value] = a.slice(2).split("=", 2);
    if (name === "json" && value === undefined) json = true;
    else if (value === undefined || !/^-?\d+$/.test(value)) return `unknown option ${a}`;
    else if (name === "procs" || name === "gogc") options[name] = Number(value);
    else if (name === "window") options.windowBytes = Number(value) * 1024 * 1024;
    else return `unknown option ${a}`;
  }
  return { path: paths[0], options, json };
}

/** The trace's text; compressed or not is told from its first two bytes. */
function readTrace(path: string): string {
  const bytes = readFileSync(path === "-" ? 0 : path);
  return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString("utf8");
}

function kib(n: number): string {
  return `${(n / 1024).toFixed(1)} KiB`;
}

function percent(part: number, whole: number): string {
  return whole === 0 ? "-" : `${((100 * part) / whole).toFixed(1)} %`;
}

/** A plain table: the first column to the left, the others to the right. */
function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((h, i) => Math.max(h.length, ...rows.map((r) => r[i].length)));
  const line = (cells: readonly string[]) =>
    cells.map((c, i) => (i === 0 ? c.padEnd(widths[i]) : c.padStart(widths[i]))).join("  ");
  return [header, ...rows].map(line).join("\n");
}

function classRows(r: Replay): string[][] {
  const classes = new Map<string, { size: string; spans: number; live: number; bytes: number; lost: number }>();
  for (const s of r.spans) {
    const key = s.sizeclass === 0 ? "large" : String(s.elemsize);
    const at = classes.get(key) ?? { size: key, spans: 0, live: 0, bytes: 0, lost: 0 };
    at.spans++;
    at.live += s.live;
    at.bytes += s.bytes;
    at.lost += s.bytes - s.asked;
    classes.set(key, at);
  }
  const order = (size: string) => (size === "large" ? Number.POSITIVE_INFINITY : Number(size));
  return [...classes.values()]
    .sort((a, b) => order(a.size) - order(b.size))
    .map((c) => [c.size, String(c.spans), String(c.live), kib(c.bytes), percent(c.lost, c.bytes)]);
}

function report(r: Replay): string {
  const w = r.waste;
  const parts = (["asked", "internal", "garbage", "free", "reserved", "tail"] as const).map((k) => [
    k,
    kib(w[k]),
    percent(w[k], w.bytes),
  ]);
  const map = r.pageMap.replace(/\.+$/, "").replace(/(.{64})(?=.)/g, "$1\n");
  return [
    `${r.allocs} allocations, ${r.frees} frees, ${r.cycles} collections; ${r.liveObjects} objects live`,
    `asked for ${kib(r.asked)} (at most ${kib(r.peakAsked)}), spans in use ${kib(w.bytes)} (at most ${kib(r.peakInUse)})`,
    "",
    table(["where it goes", "bytes", "share"], [...parts, ["all spans", kib(w.bytes), percent(w.bytes, w.bytes)]]),
    "",
    table(["size class", "spans", "live", "bytes", "not asked for"], classRows(r)),
    "",
    "pages of 8 KiB (s small, l large, m manual, . free)",
    map === "" ? "(none in use)" : map,
  ].join("\n");
}

function main(args: readonly string[]): number {
  const parsed = parseArguments(args);
  if (typeof parsed === "string") {
    console.error(`replay: ${parsed}\n${usage}`);
    return 2;
  }
  try {
    const result = replay(readTrace(parsed.path), parsed.options);
    console.log(parsed.json ? JSON.stringify(result) : report(result));
    return 0;
  } catch (e) {
    if (e instanceof Fatal) {
      console.error(`replay: ${e.message}`);
      return 1;
    }
    const isInput = e instanceof CellError || e instanceof RangeError || (e as { code?: unknown }).code !== undefined;
    if (!isInput) throw e;
    console.error(`replay: ${parsed.path}: ${(e as Error).message}`);
    return 2;
  }
}

process.exitCode = main(process.argv.slice(2));
