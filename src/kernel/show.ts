/**
 * Values of a program as outputs: what `print`, `table`, `chart` and a cell's last expression show.
 *
 * Everything is copied to plain data here, so that nothing of the program's own reaches the page. The engine's values
 * (a Ref, a type, a process) are described by the `Describe` that the worker passes in.
 */

import { BUDGET } from "./budget.ts";
import { Explained } from "./explain.ts";
import type { ChartOutput, HeapOutput, Output, Said, Scalar, Series, TableOutput } from "./protocol.ts";

/** One line for a value of the engine, or null when the value is not the engine's. */
export type Describe = (value: object) => string | null;

type Row = Record<string, unknown>;

const MAX_ITEMS = 100;
const MAX_DEPTH = 4;
const MAX_COLUMNS = 40;

export function isSaid(value: unknown): value is { zh: string; en: string } {
  if (!isPlain(value)) return false;
  const { zh, en } = value as { zh?: unknown; en?: unknown };
  return typeof zh === "string" && typeof en === "string" && Object.keys(value).length === 2;
}

function isPlain(value: unknown): value is Row {
  if (typeof value !== "object" || value === null) return false;
  const proto = Object.getPrototypeOf(value);
  return proto === null || proto === Object.prototype;
}

/** True when `value` shows in one cell of a table: a scalar, or something that is said in a word. */
function isFlat(value: unknown): boolean {
  return value === null || typeof value !== "object" || (!Array.isArray(value) && !isPlain(value)) || isSaid(value);
}

// ---------------------------------------------------------------------------------------------------- text of a value

export class Inspector {
  private readonly describe: Describe;

  constructor(describe: Describe) {
    this.describe = describe;
  }

  /** One line for any value, as a programmer would write it. Never throws. */
  text(value: unknown, depth = 0, seen: readonly object[] = []): string {
    try {
      return this.read(value, depth, seen);
    } catch (error) {
      return `<${error instanceof Error ? error.message : "?"}>`;
    }
  }

  private read(value: unknown, depth: number, seen: readonly object[]): string {
    switch (typeof value) {
      case "string":
        return depth === 0 ? value : JSON.stringify(value);
      case "bigint":
        return `${value}n`;
      case "function":
        return /^class\b/.test(Function.prototype.toString.call(value))
          ? `class ${value.name}`
          : `ƒ ${value.name || "()"}`;
      case "symbol":
        return value.toString();
      case "object":
        return value === null ? "null" : this.object(value, depth, seen);
      default:
        return Object.is(value, -0) ? "-0" : String(value);
    }
  }

  private object(value: object, depth: number, seen: readonly object[]): string {
    const described = this.describe(value);
    if (described !== null) return described;
    if (seen.includes(value)) return "…";
    const inner = (item: unknown) => this.text(item, depth + 1, [...seen, value]);
    if (value instanceof Error) return `${value.name}: ${value.message}`;
    if (value instanceof Promise) return "Promise";
    if (Array.isArray(value)) {
      return depth >= MAX_DEPTH ? "[…]" : `[${some([...value], inner)}]`;
    }
    if (ArrayBuffer.isView(value) && "length" in value) {
      const items = Array.prototype.slice.call(value, 0, MAX_ITEMS + 1) as unknown[];
      return `${value.constructor.name}(${value.length}) [${some(items, inner)}]`;
    }
    if (value instanceof Map) {
      return depth >= MAX_DEPTH ? "Map {…}" : `Map {${some([...value], ([k, v]) => `${inner(k)} => ${inner(v)}`)}}`;
    }
    if (value instanceof Set) return depth >= MAX_DEPTH ? "Set {…}" : `Set {${some([...value], inner)}}`;
    const name = isPlain(value) ? "" : `${value.constructor?.name ?? "Object"} `;
    if (depth >= MAX_DEPTH) return `${name}{…}`;
    const body = some(Object.entries(value), ([key, item]) => `${key}: ${inner(item)}`);
    return body === "" ? `${name}{}` : `${name}{ ${body} }`;
  }

  /** True for a value of the engine, which is one thing and not a row of fields. */
  isEngines(value: object): boolean {
    return this.describe(value) !== null;
  }

  /** The line of one `print`: words in both languages when one of the values is bilingual. */
  line(values: readonly unknown[]): Said {
    if (!values.some(isSaid)) return values.map((value) => this.text(value)).join(" ");
    const inLang = (lang: "zh" | "en") =>
      values.map((value) => (isSaid(value) ? value[lang] : this.text(value))).join(" ");
    return { zh: inLang("zh"), en: inLang("en") };
  }

  scalar(value: unknown): Scalar {
    if (value === undefined) return "";
    if (value === null || typeof value === "boolean" || typeof value === "number") return value;
    const text = this.text(value);
    return text.length > 400 ? `${text.slice(0, 400)}…` : text;
  }
}

function some<T>(items: readonly T[], text: (item: T) => string): string {
  const shown = items.slice(0, MAX_ITEMS).map(text);
  if (items.length > MAX_ITEMS) shown.push(`… (+${items.length - MAX_ITEMS})`);
  return shown.join(", ");
}

// -------------------------------------------------------------------------------------------------------------- tables

export interface TableOptions {
  /** Column names in order, or names by key; default: the keys of the rows. */
  readonly columns?: readonly Said[] | Readonly<Record<string, Said>>;
  readonly caption?: Said;
  /** Index of the row above which the heavy rule stands. */
  readonly turn?: number;
}

function complain(zh: string, en: string): never {
  throw new Explained("cell/argument", { zh, en });
}

/** Bilingual words inside a table: one column may hold them, as text in either language. */
function keysOf(rows: readonly Row[]): string[] {
  const keys = new Set<string>();
  for (const row of rows) for (const key of Object.keys(row)) keys.add(key);
  return [...keys].slice(0, MAX_COLUMNS);
}

/**
 * A table from rows.
 *
 * @param rows  objects (one column a key) or lists (one column a place)
 */
export function tableOf(inspect: Inspector, rows: unknown, options: TableOptions = {}): TableOutput {
  if (rows === null || typeof rows !== "object" || !(Symbol.iterator in rows)) {
    complain(
      "table 要的是一组行：一个数组，每一项是对象或数组。",
      "table takes rows: an array, each item an object or an array.",
    );
  }
  const all = [...(rows as Iterable<unknown>)];
  const records = all.map((row): Row => {
    if (Array.isArray(row)) return Object.fromEntries(row.map((value, i) => [String(i), value]));
    if (typeof row === "object" && row !== null && !isSaid(row) && !inspect.isEngines(row)) return row as Row;
    return { "0": row };
  });
  const { columns: given, turn } = options;
  const isList = Array.isArray(given);
  const byKey = !isList && given !== undefined ? (given as Readonly<Record<string, Said>>) : null;
  const keys = byKey !== null ? Object.keys(byKey) : keysOf(records);
  const names: Said[] = keys.map((key, i) => {
    const name = isList ? (given as readonly Said[])[i] : byKey?.[key];
    return name === undefined ? key : isSaid(name) ? { zh: name.zh, en: name.en } : String(name);
  });
  const table = records.map((row) => keys.map((key) => inspect.scalar(row[key])));
  const { headRows, tailRows } = BUDGET;
  const isCut = table.length > headRows + tailRows;
  const kept = isCut ? [...table.slice(0, headRows), ...table.slice(-tailRows)] : table;
  const at = turn === undefined ? -1 : !isCut || turn < headRows ? turn : turn - (table.length - kept.length);
  return {
    kind: "table",
    columns: names.map((name, i) => ({
      name,
      align: kept.every((row) => typeof row[i] === "number" || row[i] === null || row[i] === "") ? "end" : "start",
    })),
    rows: kept,
    ...(at >= 0 && at < kept.length ? { turn: at } : {}),
    ...caption(options.caption),
    ...(isCut ? { cut: table.length - kept.length, cutAt: headRows } : {}),
  };
}

function caption(words: Said | undefined): { caption?: Said } {
  if (words === undefined) return {};
  return { caption: isSaid(words) ? { zh: words.zh, en: words.en } : String(words) };
}

// -------------------------------------------------------------------------------------------------------------- charts

export interface ChartOptions {
  readonly kind?: "line" | "bar" | "step";
  readonly x?: Said;
  readonly y?: Said;
  readonly logY?: boolean;
  readonly caption?: Said;
}

function words(value: unknown): Said {
  return isSaid(value) ? { zh: value.zh, en: value.en } : String(value);
}

/** Every k-th point when there are more than the budget allows, the last one always. */
function thinned(points: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  const step = Math.ceil(points.length / BUDGET.points);
  return step <= 1 ? points : points.filter((_, i) => i % step === 0 || i === points.length - 1);
}

function pointsOf(value: unknown): [number, number][] {
  if (value === null || typeof value !== "object" || !(Symbol.iterator in value)) return [];
  return [...(value as Iterable<unknown>)].map((point, i) => {
    const pair = Array.isArray(point) ? [Number(point[0]), Number(point[1])] : [i, Number(point)];
    if (!Number.isFinite(pair[0]) || !Number.isFinite(pair[1])) {
      complain(`chart 的第 ${i} 个点不是两个数。`, `Point ${i} of the chart is not two numbers.`);
    }
    return [pair[0]!, pair[1]!];
  });
}

/**
 * A chart from series.
 *
 * @param data  a list of `{ name, points }`, or an object whose keys are the names; points are `[x, y]` or plain y
 */
export function chartOf(data: unknown, options: ChartOptions = {}): ChartOutput {
  if (typeof data !== "object" || data === null) {
    complain(
      "chart 要的是一组曲线：[{ name, points: [[x, y], …] }]。",
      "chart takes series: [{ name, points: [[x, y], …] }].",
    );
  }
  const list: Series[] = Array.isArray(data)
    ? data.map((each: { name?: unknown; points?: unknown }, i) => ({
        name: words(each?.name ?? i + 1),
        points: thinned(pointsOf(each?.points)),
      }))
    : Object.entries(data).map(([name, points]) => ({ name, points: thinned(pointsOf(points)) }));
  const kind = options.kind ?? "line";
  if (!["line", "bar", "step"].includes(kind)) {
    complain('chart 的 kind 只有 "line"、"bar"、"step"。', 'A chart\'s kind is "line", "bar" or "step".');
  }
  return {
    kind: "chart",
    chart: kind,
    series: list.slice(0, 16),
    ...(options.x === undefined ? {} : { x: words(options.x) }),
    ...(options.y === undefined ? {} : { y: words(options.y) }),
    logY: options.logY === true,
    ...caption(options.caption),
  };
}

// ---------------------------------------------------------------------------------------------------------------- heap

interface SnapshotLike {
  readonly version: number;
  readonly heapBase: string;
  readonly spans: readonly { page: number; npages: number; base: string; elemsize: number; nelems: number }[];
}

export interface HeapOptions {
  /** An address or a Ref: the object whose slot is selected; or the number of a page. */
  readonly span?: unknown;
  readonly slot?: number;
  readonly caption?: Said;
}

export function isSnapshot(value: unknown): value is SnapshotLike {
  const it = value as unknown as SnapshotLike;
  return isPlain(value) && it.version === 1 && typeof it.heapBase === "string" && Array.isArray(it.spans);
}

/** An address as a number: exact, since a heap address has at most 48 bits. */
function addressOf(value: unknown): number | null {
  if (typeof value === "string" && /^0x[0-9a-f]+$/i.test(value)) return Number(value);
  if (typeof value === "object" && value !== null) return addressOf((value as { address?: unknown }).address);
  return null;
}

/** A heap picture; the span is the one that holds `options.span`, the slot the one it lies in. */
export function heapOf(snapshot: SnapshotLike, options: HeapOptions = {}): HeapOutput {
  const address = addressOf(options.span);
  const place = address === null ? null : placeOf(snapshot, address);
  if (address !== null && place === null) {
    complain(
      `0x${address.toString(16)} 不在堆里任何一个 span 中。`,
      `0x${address.toString(16)} lies in no span of this heap.`,
    );
  }
  const page = typeof options.span === "number" ? options.span : place?.page;
  const slot = options.slot ?? place?.slot;
  return {
    kind: "heap",
    snapshot: snapshot as unknown as HeapOutput["snapshot"],
    ...(page === undefined ? {} : { span: page }),
    ...(slot === undefined || slot === null ? {} : { slot }),
    ...caption(options.caption),
  };
}

function placeOf(snapshot: SnapshotLike, address: number): { page: number; slot: number | null } | null {
  for (const span of snapshot.spans) {
    const base = Number(span.base);
    if (address < base || address >= base + span.npages * 8192) continue;
    const slot = span.elemsize > 0 ? Math.floor((address - base) / span.elemsize) : -1;
    return { page: span.page, slot: slot >= 0 && slot < span.nelems ? slot : null };
  }
  return null;
}

// ----------------------------------------------------------------------------------------------------- last expression

/** What the value of a cell's last expression looks like; nothing for `undefined`. */
export function shown(inspect: Inspector, value: unknown, describe: Describe): Output[] {
  if (value === undefined) return [];
  const one = (line: Said): Output[] => [{ kind: "text", lines: [line], value: true }];
  if (typeof value !== "object" || value === null) return one(inspect.text(value));
  if (isSaid(value)) return one({ zh: value.zh, en: value.en });
  if (describe(value) !== null) return one(inspect.text(value));
  if (isSnapshot(value)) return [heapOf(value)];
  if (Array.isArray(value) && value.length > 0 && value.every((row) => isPlain(row) && !isSaid(row) && flatRow(row))) {
    return [tableOf(inspect, value)];
  }
  if (isPlain(value) && Object.keys(value).length > 0 && flatRow(value)) {
    const rows = Object.entries(value).map(([key, item]) => [key, inspect.scalar(item)]);
    return [
      tableOf(inspect, rows, {
        columns: [
          { zh: "字段", en: "field" },
          { zh: "值", en: "value" },
        ],
      }),
    ];
  }
  return one(inspect.text(value));
}

function flatRow(row: Row): boolean {
  return Object.values(row).every(isFlat);
}
