/**
 * The comparer: reads recordings, lets each kind's adapter replay them on the engine, and says what differs.
 *
 * A kind is *missing* when nothing can replay it yet, a phase (a named part of a case) when its adapter leaves it out
 * or gets it wrong. What may be missing is listed with the issue that will bring it; the list can only shrink, because
 * a listed kind or phase that would pass fails the run.
 */
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { adapters } from "./adapters/index.ts";
import { kinds, Malformed, readRecording, recordingFiles } from "./read.ts";
import { type Mismatch, Tally } from "./tally.ts";

const here = import.meta.dirname;

/** What need not replay yet. */
export interface KnownMissing {
  readonly kind: string;
  /** Parts of its cases; the whole kind when absent. */
  readonly phases?: readonly string[];
  /** Which issue brings it. */
  readonly issue?: number | string;
}

export interface OracleOptions {
  /** Files and folders; the committed recordings when empty. */
  readonly paths?: readonly string[];
  /** What may be missing; the committed list without paths, nothing with them. */
  readonly knownMissing?: readonly KnownMissing[];
}

export interface OracleResult {
  /** 0 equal; 1 something differs, is missing, or passes although it is listed; 2 malformed input. */
  readonly exit: 0 | 1 | 2;
  readonly text: string;
  readonly tallies: readonly Tally[];
}

/** Compares; never throws for what the recordings hold. */
export function runOracle(options: OracleOptions = {}): OracleResult {
  const tallies = new Map<string, Tally>();
  try {
    const isDefault = (options.paths ?? []).length === 0;
    const paths = isDefault ? [join(here, "recordings")] : (options.paths ?? []);
    const known = options.knownMissing ?? (isDefault ? committedKnownMissing() : []);
    for (const file of new Set(paths.flatMap(recordingFiles))) replayFile(file, tallies);
    return report([...tallies.values()], known);
  } catch (e) {
    if (!(e instanceof Malformed)) throw e;
    return { exit: 2, text: `malformed: ${e.message}`, tallies: [...tallies.values()] };
  }
}

/** The list in known-missing.json. @throws {Malformed} */
export function committedKnownMissing(): KnownMissing[] {
  const file = join(here, "known-missing.json");
  const list = JSON.parse(readFileSync(file, "utf8")) as KnownMissing[];
  for (const entry of list) {
    checkKnown(file, entry.kind, entry.phases ?? []);
    if (entry.issue === undefined)
      throw new Malformed(file, null, `${entry.kind} names no issue`, "say which brings it");
  }
  return list;
}

/** Reads `--known-missing=kind[,kind:phase]`. @throws {Malformed} */
export function parseKnownMissing(text: string): KnownMissing[] {
  const flag = "--known-missing";
  return text.split(",").map((item) => {
    const [kind, ...phases] = item.split(":");
    checkKnown(flag, kind, phases);
    return phases.length === 0 ? { kind } : { kind, phases };
  });
}

function checkKnown(where: string, kind: string, phases: readonly string[]): void {
  if (!(kinds as readonly string[]).includes(kind)) {
    throw new Malformed(where, null, `unknown kind "${kind}"`, `the kinds are ${kinds.join(", ")}`);
  }
  const adapter = adapters.get(kind);
  for (const phase of phases) {
    if (adapter === undefined)
      throw new Malformed(where, null, `${kind} has no adapter`, `list the whole kind "${kind}"`);
    if (adapter.phases.includes(phase)) continue;
    throw new Malformed(where, null, `${kind} has no phase "${phase}"`, `its phases are ${adapter.phases.join(", ")}`);
  }
}

function replayFile(file: string, tallies: Map<string, Tally>): void {
  const name = relative(process.cwd(), file);
  const recording = { ...readRecording(file), file: name.startsWith("..") ? file : name };
  const tally = tallies.get(recording.kind) ?? new Tally(recording.kind);
  tallies.set(recording.kind, tally);
  tally.files++;
  const adapter = adapters.get(recording.kind);
  if (adapter === undefined) {
    tally.cases += recording.lines.length;
    return;
  }
  try {
    adapter.replay(recording, tally);
  } catch (e) {
    if (e instanceof Malformed) throw e;
    tally.broke(e);
  }
}

function report(tallies: readonly Tally[], known: readonly KnownMissing[]): OracleResult {
  const order = (t: Tally) => (kinds as readonly string[]).indexOf(t.kind);
  const lines: string[] = [];
  const details: string[] = [];
  let isEqual = true;
  for (const tally of [...tallies].sort((a, b) => order(a) - order(b))) {
    const verdict = judge(tally, known);
    const counts = `${count(tally.files, "file")}  ${count(tally.cases, "case")}  ${count(tally.operations, "operation")}`;
    lines.push(`${tally.kind.padEnd(12)} ${counts}  ${verdict.text}`);
    details.push(...verdict.details);
    isEqual &&= verdict.isRight;
  }
  return { exit: isEqual ? 0 : 1, text: [...lines, ...details].join("\n"), tallies };
}

interface Verdict {
  readonly isRight: boolean;
  readonly text: string;
  readonly details: readonly string[];
}

function judge(tally: Tally, known: readonly KnownMissing[]): Verdict {
  const listed = known.filter((k) => k.kind === tally.kind);
  const whole = listed.find((k) => k.phases === undefined);
  const issue = (k: KnownMissing) => (k.issue === undefined ? "" : `, issue ${k.issue}`);
  const adapter = adapters.get(tally.kind);
  if (adapter === undefined) {
    if (whole !== undefined) return { isRight: true, text: `missing (known${issue(whole)})`, details: [] };
    const detail = `${tally.kind}: nothing replays this kind yet; list it with --known-missing=${tally.kind} to go on without`;
    return { isRight: false, text: "MISSING", details: [detail] };
  }
  let mismatches = 0;
  const notes: string[] = [];
  const details: string[] = [];
  let isRight = true;

  for (const [phase, { compared, mismatches: wrong }] of tally.phases) {
    const entry = whole ?? listed.find((k) => k.phases?.includes(phase));
    if (entry === undefined || entry === whole) {
      mismatches += wrong;
    } else if (wrong > 0) {
      notes.push(`${phase}: ${wrong} known${issue(entry)}`);
      continue;
    } else if (compared > 0) {
      isRight = false;
      details.push(`${tally.kind}: phase ${phase} is listed as missing and passes: take it off the list`);
    }
    if (wrong > 0 && entry === undefined) {
      isRight = false;
      details.push(describe(tally.kind, tally.firsts.get(phase) as Mismatch));
    }
  }
  if (whole !== undefined) {
    if (mismatches > 0) return { isRight: true, text: `${mismatches} mismatches (known${issue(whole)})`, details: [] };
    details.push(`${tally.kind}: is listed as missing and passes: take it off the list`);
    isRight = false;
  }
  if (tally.notReplayed.size > 0) {
    const entry = listed.find((k) => k.phases?.includes("unknown"));
    const left = [...tally.notReplayed.values()].reduce((sum, n) => sum + n, 0);
    notes.push(`${left} not replayed${entry === undefined ? "" : ` (known${issue(entry)})`}`);
    if (entry === undefined) {
      isRight = false;
      const names = [...tally.notReplayed.keys()].join(", ");
      details.push(`${tally.kind}: not replayed: ${names}; --known-missing=${tally.kind}:unknown goes on without`);
    }
  }
  const text = [`${mismatches} ${mismatches === 1 ? "mismatch" : "mismatches"}`, ...notes].join("  ");
  return { isRight, text, details };
}

function describe(kind: string, m: Mismatch): string {
  const show = (v: unknown) => {
    const text = JSON.stringify(v) ?? "nothing";
    return text.length > 200 ? `${text.slice(0, 197)}...` : text;
  };
  return [
    `${kind}: first mismatch${m.phase === "" ? "" : ` in ${m.phase}`}: ${m.file}:${m.line}, operation ${m.operation}, ${m.field}`,
    `  expected ${show(m.expected)}`,
    `  got      ${show(m.got)}`,
  ].join("\n");
}

function count(n: number, noun: string): string {
  return `${String(n).padStart(7)} ${n === 1 ? `${noun} ` : `${noun}s`}`;
}
