/**
 * What the page and the kernel say to each other: a closed, versioned set of plain messages, validated on arrival.
 *
 *   page ──(MessagePort)──► frame ──(postMessage)──► worker     PageMessage
 *   page ◄──(MessagePort)── frame ◄──(postMessage)── worker     KernelMessage
 *
 * The worker runs a stranger's program, so the page believes nothing that comes from it: `readKernelMessage` copies
 * what it knows into fresh objects (own properties only, numbers in range, strings and lists capped, unknown keys
 * dropped) and answers null for everything else. Each run carries a nonce; what arrives under another one is late.
 * Outputs are data, never HTML: the page draws them. Nothing here knows in which language a cell is written.
 */

import type { HeapSnapshot } from "goheap/observe";
import { type Picture, readPicture } from "../viz/data.ts";
import { readSnapshot } from "../viz/snapshot.ts";

export const PROTOCOL_VERSION = 1;

export type Lang = "zh" | "en";

/** Words for the reader: one string for both languages, or one each. */
export type Said = string | { readonly zh: string; readonly en: string };

/** What a table's cell may hold. */
export type Scalar = null | boolean | number | string;

// ---------------------------------------------------------------------------------------------------------- outputs

/** Lines of text, in order. `value` marks the shown value of the last expression. */
export interface TextOutput {
  readonly kind: "text";
  readonly lines: readonly Said[];
  readonly value?: boolean;
}

export interface TableColumn {
  readonly name: Said;
  /** Numbers stand at the end of their column, words at its start. */
  readonly align: "start" | "end";
}

/** Rows of scalars. The heavy rule stands above row `turn`; `cut` rows are missing after row `cutAt`. */
export interface TableOutput {
  readonly kind: "table";
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly Scalar[])[];
  readonly turn?: number;
  readonly caption?: Said;
  readonly cut?: number;
  readonly cutAt?: number;
}

export interface Series {
  readonly name: Said;
  readonly points: readonly (readonly [number, number])[];
}

export interface ChartOutput {
  readonly kind: "chart";
  readonly chart: "line" | "bar" | "step";
  readonly series: readonly Series[];
  readonly x?: Said;
  readonly y?: Said;
  readonly logY: boolean;
  readonly caption?: Said;
}

/** A heap at one moment, and what of it the reader looks at first. */
export interface HeapOutput {
  readonly kind: "heap";
  readonly snapshot: HeapSnapshot;
  /** First page of the selected span, counted from the heap's base. */
  readonly span?: number;
  readonly slot?: number;
  readonly caption?: Said;
}

/** A drawing of one idea, from plain data of its own. */
export interface PictureOutput {
  readonly kind: "picture";
  readonly picture: Picture;
}

/** A run that failed: whose words, at which line of the reader's text, and the plain sentence. */
export interface ErrorOutput {
  readonly kind: "error";
  /** "Fatal", "Panic", "CellError", "SyntaxError", "TypeError" … */
  readonly name: string;
  /** Go's words, the engine's or the browser's, as they came. */
  readonly message: string;
  /** A permanent code: "cell/freed", "js/reference" … */
  readonly code: string;
  /** 1-based line of the reader's text, or null when it is not known. */
  readonly line: number | null;
  /** What it means and what to do next. */
  readonly say: Said;
}

/** Output beyond the budget was dropped inside the kernel; this stands where it is missing. */
export interface CutOutput {
  readonly kind: "cut";
  readonly what: "lines" | "outputs" | "bytes";
  readonly dropped: number;
}

export type Output = TextOutput | TableOutput | ChartOutput | HeapOutput | PictureOutput | ErrorOutput | CutOutput;

// ------------------------------------------------------------------------------------------------------------ inputs

export interface RangeControl {
  readonly kind: "range";
  readonly name: string;
  readonly label: Said;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly value: number;
}

export interface ChoiceControl {
  readonly kind: "choice";
  readonly name: string;
  readonly label: Said;
  readonly options: readonly { readonly value: Scalar; readonly label: Said }[];
  readonly value: Scalar;
}

export interface ToggleControl {
  readonly kind: "toggle";
  readonly name: string;
  readonly label: Said;
  readonly value: boolean;
}

/** A text file of the reader's; which one it is only the page knows. */
export interface FileControl {
  readonly kind: "file";
  readonly name: string;
  readonly label: Said;
  /** Endings and types that are offered, as an `<input type="file">` takes them. */
  readonly accept: string;
}

/** A control that the page draws beside a result; `value` is the one the cell has seen. */
export type Control = RangeControl | ChoiceControl | ToggleControl | FileControl;

/** Values of a cell's controls by name. */
export type InputValues = Readonly<Record<string, Scalar>>;

// ---------------------------------------------------------------------------------------------------------- messages

/** Run a program in the shared scope. `script` is what src/kernel/transform.ts made, never the reader's own text. */
export interface RunMessage {
  readonly v: typeof PROTOCOL_VERSION;
  readonly type: "run";
  readonly nonce: string;
  /** Names the program in stack traces: `cell-<cell>.ts`. */
  readonly cell: string;
  readonly script: string;
  /** Names the program declares at its top level; cleared before it runs, so that a second run may declare them again. */
  readonly declares: readonly string[];
  readonly inputs: InputValues;
  /** Parts of recordings of Go that the program may ask for, as JSON by key. */
  readonly recorded: Readonly<Record<string, string>>;
  /** Check of an exercise, run after the program in the same scope; its last expression is `{ ok, say }`. */
  readonly check?: CheckProgram;
}

/** A check sees the scope of the cell, and `source`, `printed`, `outputs`: what the reader wrote and what it showed. */
export interface CheckProgram {
  readonly script: string;
  readonly declares: readonly string[];
  readonly source: string;
}

export type PageMessage = RunMessage;

/** The kernel has booted and answers. */
export interface ReadyMessage {
  readonly v: typeof PROTOCOL_VERSION;
  readonly type: "ready";
  /** SharedArrayBuffer exists in the worker: parallel mode is possible. */
  readonly shared: boolean;
}

export interface OutputMessage {
  readonly v: typeof PROTOCOL_VERSION;
  readonly type: "output";
  readonly nonce: string;
  readonly outputs: readonly Output[];
}

/** A run has ended; the last message under its nonce. */
export interface DoneMessage {
  readonly v: typeof PROTOCOL_VERSION;
  readonly type: "done";
  readonly nonce: string;
  readonly ok: boolean;
  readonly milliseconds: number;
  readonly controls: readonly Control[];
  readonly check?: { readonly ok: boolean; readonly say: Said };
}

/** The worker is gone or never came; said by the frame, not by the worker. */
export interface DeadMessage {
  readonly v: typeof PROTOCOL_VERSION;
  readonly type: "dead";
  readonly message: string;
}

export type KernelMessage = ReadyMessage | OutputMessage | DoneMessage | DeadMessage;

// ------------------------------------------------------------------------------------------------------------ limits

/** Caps that the page enforces on arrival. The kernel's own budget (budget.ts) is well inside them. */
export const LIMITS = {
  stringChars: 20_000,
  linesPerText: 2_000,
  rows: 1_000,
  columns: 40,
  series: 16,
  points: 5_000,
  outputsPerMessage: 200,
  controls: 24,
  options: 60,
  scriptChars: 500_000,
  /** Bytes of a file that the reader hands to a cell, and characters of its text. */
  fileBytes: 1_048_576,
  recordedParts: 24,
  recordedChars: 20_000,
} as const;

// -------------------------------------------------------------------------------------------------------- validators

type Fields = Record<string, unknown>;

/** Thrown inside this file only: the message is not of the schema. */
class Malformed extends Error {}

function malformed(): never {
  throw new Malformed();
}

/** The own property, or undefined: nothing is read through a prototype, no getter is run. */
function own(from: Fields, key: string): unknown {
  const property = Object.getOwnPropertyDescriptor(from, key);
  return property !== undefined && "value" in property ? property.value : undefined;
}

function fields(value: unknown): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) malformed();
  return value as Fields;
}

function string(value: unknown, max: number = LIMITS.stringChars): string {
  if (typeof value !== "string") malformed();
  return value.length > max ? `${value.slice(0, max)}…` : value;
}

function number(value: unknown, min = -Number.MAX_VALUE, max = Number.MAX_VALUE): number {
  if (typeof value !== "number" || !(value >= min && value <= max)) malformed();
  return value;
}

function integer(value: unknown, min: number, max: number): number {
  if (!Number.isInteger(value)) malformed();
  return number(value, min, max);
}

function boolean(value: unknown): boolean {
  if (typeof value !== "boolean") malformed();
  return value;
}

function list<T>(value: unknown, max: number, read: (item: unknown) => T): T[] {
  if (!Array.isArray(value) || value.length > max) malformed();
  const out: T[] = [];
  for (let i = 0; i < value.length; i++) out.push(read(value[i]));
  return out;
}

function oneOf<T extends string>(value: unknown, allowed: readonly T[]): T {
  if (typeof value !== "string" || !(allowed as readonly string[]).includes(value)) malformed();
  return value as T;
}

function optional<K extends string, T>(key: K, value: unknown, read: (value: unknown) => T): { [P in K]?: T } {
  return (value === undefined ? {} : { [key]: read(value) }) as { [P in K]?: T };
}

function said(value: unknown): Said {
  if (typeof value === "string") return string(value);
  const from = fields(value);
  return { zh: string(own(from, "zh")), en: string(own(from, "en")) };
}

/** NaN and the infinities are numbers a program may well show. */
function scalar(value: unknown): Scalar {
  if (value === null || typeof value === "boolean" || typeof value === "number") return value;
  return string(value);
}

const outputReaders: { readonly [K in Output["kind"]]: (from: Fields) => Output } = {
  text: (from) => ({
    kind: "text",
    lines: list(own(from, "lines"), LIMITS.linesPerText, said),
    ...optional("value", own(from, "value"), boolean),
  }),
  table: (from) => {
    const columns = list(own(from, "columns"), LIMITS.columns, (value) => {
      const column = fields(value);
      return { name: said(own(column, "name")), align: oneOf(own(column, "align"), ["start", "end"] as const) };
    });
    return {
      kind: "table",
      columns,
      rows: list(own(from, "rows"), LIMITS.rows, (row) => list(row, columns.length, scalar)),
      ...optional("turn", own(from, "turn"), (value) => integer(value, 0, LIMITS.rows)),
      ...optional("caption", own(from, "caption"), said),
      ...optional("cut", own(from, "cut"), (value) => integer(value, 0, 2 ** 40)),
      ...optional("cutAt", own(from, "cutAt"), (value) => integer(value, 0, LIMITS.rows)),
    };
  },
  chart: (from) => ({
    kind: "chart",
    chart: oneOf(own(from, "chart"), ["line", "bar", "step"]),
    series: list(own(from, "series"), LIMITS.series, (value) => {
      const series = fields(value);
      const points = list(own(series, "points"), LIMITS.points, (point) => {
        const pair = list(point, 2, (each) => number(each));
        if (pair.length !== 2) malformed();
        return [pair[0]!, pair[1]!] as const;
      });
      return { name: said(own(series, "name")), points };
    }),
    ...optional("x", own(from, "x"), said),
    ...optional("y", own(from, "y"), said),
    logY: boolean(own(from, "logY")),
    ...optional("caption", own(from, "caption"), said),
  }),
  heap: (from) => ({
    kind: "heap",
    snapshot: readSnapshot(own(from, "snapshot")) ?? malformed(),
    ...optional("span", own(from, "span"), (value) => integer(value, 0, 2 ** 27)),
    ...optional("slot", own(from, "slot"), (value) => integer(value, 0, 65_535)),
    ...optional("caption", own(from, "caption"), said),
  }),
  picture: (from) => ({ kind: "picture", picture: readPicture(own(from, "picture")) ?? malformed() }),
  error: (from) => ({
    kind: "error",
    name: string(own(from, "name"), 80),
    message: string(own(from, "message"), 4_000),
    code: string(own(from, "code"), 80),
    line: own(from, "line") === null ? null : integer(own(from, "line"), 1, 1_000_000),
    say: said(own(from, "say")),
  }),
  cut: (from) => ({
    kind: "cut",
    what: oneOf(own(from, "what"), ["lines", "outputs", "bytes"]),
    dropped: integer(own(from, "dropped"), 0, 2 ** 50),
  }),
};

function output(value: unknown): Output {
  const from = fields(value);
  const kind = own(from, "kind");
  if (typeof kind !== "string" || !Object.hasOwn(outputReaders, kind)) malformed();
  return outputReaders[kind as Output["kind"]](from);
}

function control(value: unknown): Control {
  const from = fields(value);
  const name = string(own(from, "name"), 80);
  const label = said(own(from, "label"));
  switch (own(from, "kind")) {
    case "range": {
      const min = number(own(from, "min"));
      const max = number(own(from, "max"), min);
      return {
        kind: "range",
        name,
        label,
        min,
        max,
        step: number(own(from, "step"), Number.MIN_VALUE),
        value: number(own(from, "value"), min, max),
      };
    }
    case "choice": {
      const options = list(own(from, "options"), LIMITS.options, (item) => {
        const option = fields(item);
        return { value: scalar(own(option, "value")), label: said(own(option, "label")) };
      });
      return { kind: "choice", name, label, options, value: scalar(own(from, "value")) };
    }
    case "toggle":
      return { kind: "toggle", name, label, value: boolean(own(from, "value")) };
    case "file":
      return { kind: "file", name, label, accept: string(own(from, "accept"), 200) };
    default:
      return malformed();
  }
}

function kernelMessage(value: unknown): KernelMessage {
  const from = fields(value);
  const v = own(from, "v") === PROTOCOL_VERSION ? PROTOCOL_VERSION : malformed();
  switch (own(from, "type")) {
    case "ready":
      return { v, type: "ready", shared: boolean(own(from, "shared")) };
    case "output":
      return {
        v,
        type: "output",
        nonce: string(own(from, "nonce"), 64),
        outputs: list(own(from, "outputs"), LIMITS.outputsPerMessage, output),
      };
    case "done":
      return {
        v,
        type: "done",
        nonce: string(own(from, "nonce"), 64),
        ok: boolean(own(from, "ok")),
        milliseconds: number(own(from, "milliseconds"), 0),
        controls: list(own(from, "controls"), LIMITS.controls, control),
        ...optional("check", own(from, "check"), (item) => {
          const check = fields(item);
          return { ok: boolean(own(check, "ok")), say: said(own(check, "say")) };
        }),
      };
    case "dead":
      return { v, type: "dead", message: string(own(from, "message"), 1_000) };
    default:
      return malformed();
  }
}

/** The value of a control: a file's text is as long as it is, or none. */
function inputValue(value: unknown): Scalar {
  if (typeof value !== "string") return scalar(value);
  return value.length <= LIMITS.fileBytes ? value : malformed();
}

function pageMessage(value: unknown): PageMessage {
  const from = fields(value);
  if (own(from, "v") !== PROTOCOL_VERSION || own(from, "type") !== "run") malformed();
  const script = (text: unknown) => {
    if (typeof text !== "string" || text.length > LIMITS.scriptChars) malformed();
    return text;
  };
  const names = (value: unknown) => list(value, 1_000, (name) => string(name, 200));
  const given = fields(own(from, "inputs"));
  const inputs: Record<string, Scalar> = Object.create(null);
  for (const key of Object.keys(given).slice(0, LIMITS.controls)) inputs[string(key, 80)] = inputValue(own(given, key));
  const parts = fields(own(from, "recorded"));
  const recorded: Record<string, string> = Object.create(null);
  for (const key of Object.keys(parts).slice(0, LIMITS.recordedParts)) {
    recorded[string(key, 200)] = string(own(parts, key), LIMITS.recordedChars);
  }
  return {
    v: PROTOCOL_VERSION,
    type: "run",
    nonce: string(own(from, "nonce"), 64),
    cell: string(own(from, "cell"), 120),
    script: script(own(from, "script")),
    declares: names(own(from, "declares")),
    inputs,
    recorded,
    ...optional("check", own(from, "check"), (item) => {
      const check = fields(item);
      return {
        script: script(own(check, "script")),
        declares: names(own(check, "declares")),
        source: script(own(check, "source")),
      };
    }),
  };
}

function readOrNull<T>(read: (value: unknown) => T, value: unknown): T | null {
  try {
    return read(value);
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}

/** A copy of a kernel's message with known fields only, or null when it is not one. */
export function readKernelMessage(value: unknown): KernelMessage | null {
  return readOrNull(kernelMessage, value);
}

/** A copy of a page's message, or null: the kernel is as strict as the page. */
export function readPageMessage(value: unknown): PageMessage | null {
  return readOrNull(pageMessage, value);
}

/** One output read as the page reads it, or null. */
export function readOutput(value: unknown): Output | null {
  return readOrNull(output, value);
}

/** The words of one language. */
export function say(words: Said, lang: Lang): string {
  return typeof words === "string" ? words : words[lang];
}
