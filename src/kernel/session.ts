/**
 * The notebook's scope, and one run after another in it. Knows the rules of a cell; knows neither a worker nor the
 * engine, which is handed in.
 *
 * Names that cells declare are properties of the global object (see transform.ts), so this module first takes hold of
 * every function of the language that it needs itself: a program may well call something of its own `Date` or `Array`.
 * One run at a time. A run that has ended can say nothing more: its timers do not go off.
 */

import { faultWords } from "../i18n/viz-fault.ts";
import { type Picture, parsePicture } from "../viz/data.ts";
import { PictureFault } from "../viz/read.ts";
import { BUDGET, Collector, capLine } from "./budget.ts";
import { Explained, explain } from "./explain.ts";
import type { CheckProgram, Control, DoneMessage, Output, RunMessage, Said, Scalar } from "./protocol.ts";
import { LIMITS, PROTOCOL_VERSION } from "./protocol.ts";
import {
  type ChartOptions,
  chartOf,
  type Describe,
  type HeapOptions,
  heapOf,
  Inspector,
  isSaid,
  isSnapshot,
  shown,
  type TableOptions,
  tableOf,
} from "./show.ts";

/** What a session needs of the realm it lives in. */
export interface Host {
  /** The object whose properties are the program's names. */
  readonly scope: object;
  /** Exports of "goheap". */
  readonly engine: Readonly<Record<string, unknown>>;
  /** Builders of pictures by name: `show.<name>(…)` in a cell. */
  readonly pictures: Readonly<Record<string, (...args: never[]) => unknown>>;
  describe: Describe;
  /** Evaluates program text in the realm's global scope. */
  evaluate(text: string): unknown;
  now(): number;
  setTimeout(call: () => void, milliseconds: number): unknown;
  setInterval(call: () => void, milliseconds: number): unknown;
  send(outputs: readonly Output[]): void;
  /** Resolves after everything that is already due has run, so that unhandled rejections have been reported. */
  settle(): Promise<void>;
}

type Verdict = NonNullable<DoneMessage["check"]>;

type Program = (cell: object, constants: object, imports: object) => Promise<unknown>;

/** Outputs are sent on at least this often while a program keeps printing, in milliseconds. */
const FLUSH_EVERY = 40;

const { defineProperty, getOwnPropertyDescriptor, hasOwn, keys, freeze, create } = Object;
const { deleteProperty } = Reflect;
const { stringify, parse } = JSON;

interface Current {
  readonly message: RunMessage;
  readonly collector: Collector;
  readonly controls: Control[];
  lastFlush: number;
  ok: boolean;
}

export class Session {
  private readonly host: Host;
  private readonly inspect: Inspector;
  private readonly cell: object;
  private readonly constants: object;
  private readonly imports: object;
  private current: Current | null = null;

  constructor(host: Host) {
    this.host = host;
    this.inspect = new Inspector(host.describe);
    this.cell = this.writer(true);
    this.constants = this.writer(false);
    this.imports = this.importer();
    for (const [name, value] of Object.entries(this.globals())) {
      defineProperty(host.scope, name, { value, writable: true, configurable: true, enumerable: true });
    }
  }

  /** Runs one program to its end. Never throws: what the program throws becomes an output. */
  async run(message: RunMessage): Promise<DoneMessage> {
    const start = this.host.now();
    const run: Current = {
      message,
      collector: new Collector(BUDGET),
      controls: [],
      lastFlush: start,
      ok: true,
    };
    this.current = run;
    const file = `cell-${fileName(message.cell)}.ts`;
    const value = await this.attempt(run, message.script, message.declares, file);
    const milliseconds = this.host.now() - start;
    if (run.ok) this.showLast(run, value, file);
    this.host.send(run.collector.end());
    const check = run.ok && message.check !== undefined ? await this.check(run, message.check) : undefined;
    this.current = null;
    return {
      v: PROTOCOL_VERSION,
      type: "done",
      nonce: message.nonce,
      ok: run.ok,
      milliseconds,
      controls: run.controls,
      ...(check === undefined ? {} : { check }),
    };
  }

  /** An error that no run awaited: a rejected promise, a timer's throw. Belongs to the run in progress, if any. */
  report(error: unknown): void {
    const run = this.current;
    if (run === null) return;
    run.ok = false;
    run.collector.output(explain(error, `cell-${fileName(run.message.cell)}.ts`));
  }

  private async attempt(run: Current, script: string, declares: readonly string[], file: string): Promise<unknown> {
    try {
      for (const name of declares) this.forget(name);
      const program = this.host.evaluate(script) as Program;
      const value = await program(this.cell, this.constants, this.imports);
      await this.host.settle();
      return value;
    } catch (error) {
      run.ok = false;
      run.collector.output(explain(error, file));
      return undefined;
    }
  }

  private showLast(run: Current, value: unknown, file: string): void {
    try {
      for (const output of shown(this.inspect, value, this.host.describe)) {
        if (output.kind !== "text") run.collector.output(output);
        else {
          const lines = output.lines.map((line) => capLine(line, BUDGET.lineChars));
          run.collector.output({ kind: "text", lines, value: true });
        }
      }
    } catch (error) {
      run.ok = false;
      run.collector.output(explain(error, file));
    }
  }

  /** The check of an exercise: runs in the scope that the reader's cell has left, and must say whether it is right. */
  private async check(run: Current, check: CheckProgram): Promise<Verdict> {
    const file = `check-${fileName(run.message.cell)}.ts`;
    const silent: Current = { ...run, collector: new Collector(BUDGET), controls: [] };
    const outputs = run.collector.given;
    const printed = outputs.flatMap((output) =>
      output.kind === "text" ? output.lines.map((line) => (typeof line === "string" ? line : line.en)) : [],
    );
    this.current = silent;
    this.define("source", check.source, false);
    this.define("printed", printed, false);
    this.define("outputs", JSON.parse(stringify(outputs)), false);
    const value = await this.attempt(silent, check.script, check.declares, file);
    for (const name of ["source", "printed", "outputs", ...check.declares]) this.forget(name);
    if (silent.ok) return verdictOf(value);
    const failure = silent.collector.end().find((output) => output.kind === "error");
    const say = failure?.kind === "error" ? failure.say : "";
    return {
      ok: false,
      say: {
        zh: `检查没能做完：${typeof say === "string" ? say : say.zh}`,
        en: `The check could not finish: ${typeof say === "string" ? say : say.en}`,
      },
    };
  }

  // ------------------------------------------------------------------------------------------------------------- scope

  /** What stood under a name before a program declared it: the language's own, the kernel's, or nothing. */
  private readonly originals = new Map<string, PropertyDescriptor | undefined>();

  private define(name: string, value: unknown, writable: boolean): void {
    const existing = getOwnPropertyDescriptor(this.host.scope, name);
    if (existing !== undefined && existing.configurable === false) {
      throw new Explained("cell/name", {
        zh: `${name} 是语言自己的名字，不能声明。换一个名字。`,
        en: `${name} belongs to the language and cannot be declared. Use another name.`,
      });
    }
    if (!this.originals.has(name)) this.originals.set(name, existing);
    defineProperty(this.host.scope, name, { value, writable, configurable: true, enumerable: true });
  }

  /** Takes a declaration back, as if no program had made it. */
  private forget(name: string): void {
    if (!this.originals.has(name)) return;
    const original = this.originals.get(name);
    if (original === undefined) deleteProperty(this.host.scope, name);
    else defineProperty(this.host.scope, name, original);
  }

  private writer(writable: boolean): object {
    return new Proxy(create(null), {
      set: (_target, name, value) => {
        this.define(String(name), value, writable);
        return true;
      },
    });
  }

  private importer(): object {
    const { engine } = this.host;
    return new Proxy(engine, {
      get: (_target, name) => {
        if (typeof name === "string" && hasOwn(engine, name)) return engine[name];
        const near = keys(engine).filter((key) => key.toLowerCase() === String(name).toLowerCase());
        const hint = near.length > 0 ? near[0]! : null;
        throw new Explained("cell/import", {
          zh: `"goheap" 里没有 ${String(name)}。${hint === null ? "" : `你要的是不是 ${hint}？`}`,
          en: `"goheap" has no ${String(name)}.${hint === null ? "" : ` Did you mean ${hint}?`}`,
        });
      },
    });
  }

  // ----------------------------------------------------------------------------------------------------------- globals

  private emit(add: (collector: Collector) => void): void {
    const run = this.current;
    if (run === null) return;
    add(run.collector);
    const now = this.host.now();
    if (now - run.lastFlush < FLUSH_EVERY || !run.collector.hasNews) return;
    run.lastFlush = now;
    this.host.send(run.collector.take());
  }

  private globals(): Record<string, unknown> {
    const show: Record<string, unknown> = create(null);
    for (const [name, build] of Object.entries(this.host.pictures)) {
      const of = (...args: never[]) => pictureOf(name, () => build(...args));
      show[name] = freeze(
        Object.assign(
          (...args: never[]) => {
            const picture = of(...args);
            this.emit((to) => to.output({ kind: "picture", picture }));
          },
          { of },
        ),
      );
    }
    const heapPicture = (process: { snapshot?: () => unknown }, options?: HeapOptions) => {
      const snapshot = isSnapshot(process) ? process : process?.snapshot?.();
      if (!isSnapshot(snapshot)) {
        throw new Explained("cell/argument", {
          zh: "heap 的第一个参数是 boot() 返回的进程，或者它的 snapshot()。",
          en: "heap takes the process that boot() returned, or its snapshot(), first.",
        });
      }
      return heapOf(snapshot, options);
    };
    return {
      print: (...values: unknown[]) => {
        const line = this.inspect.line(values);
        this.emit((to) => {
          for (const each of linesOf(line)) to.line(each);
        });
      },
      table: (rows: unknown, options?: TableOptions) => {
        const output = tableOf(this.inspect, rows, options);
        this.emit((to) => to.output(output));
      },
      chart: (series: unknown, options?: ChartOptions) => {
        const output = chartOf(series, options);
        this.emit((to) => to.output(output));
      },
      heap: freeze(
        Object.assign(
          (...args: Parameters<typeof heapPicture>) => {
            const output = heapPicture(...args);
            this.emit((to) => to.output(output));
          },
          { of: heapPicture },
        ),
      ),
      setTimeout: (call: unknown, milliseconds: unknown, ...args: unknown[]) =>
        this.host.setTimeout(this.ofThisRun(call, args), Number(milliseconds) || 0),
      setInterval: (call: unknown, milliseconds: unknown, ...args: unknown[]) =>
        this.host.setInterval(this.ofThisRun(call, args), Number(milliseconds) || 0),
      recorded: (recording: unknown, line: unknown, path?: unknown) => this.recorded(recording, line, path),
      show: freeze(show),
      input: freeze(this.inputs()),
    };
  }

  /** A fresh copy of what the build took from a recording for this cell. */
  private recorded(recording: unknown, line: unknown, path?: unknown): unknown {
    const parts = this.current?.message.recorded ?? {};
    const key = `${recording}/${line}${path === undefined ? "" : `/${path}`}`;
    if (hasOwn(parts, key)) return parse(parts[key]!);
    const has = keys(parts).join(", ");
    throw new Explained("cell/recorded", {
      zh: has === "" ? "这个单元格没有带录制数据。" : `这个单元格只带了这些录制数据：${has}。`,
      en: has === "" ? "This cell carries no recordings." : `This cell carries these parts of recordings: ${has}.`,
    });
  }

  /** A timer's call, which is not made once the run that set the timer has ended: it would speak for another one. */
  private ofThisRun(call: unknown, args: readonly unknown[]): () => void {
    if (typeof call !== "function") {
      throw new Explained("cell/argument", {
        zh: "计时器的第一个参数是一个函数。",
        en: "A timer takes a function first.",
      });
    }
    const message = this.current?.message;
    return () => {
      if (message !== undefined && this.current?.message === message) call(...args);
    };
  }

  // ------------------------------------------------------------------------------------------------------------ inputs

  private control<T extends Control>(control: T): T {
    const run = this.current;
    if (run === null) return control;
    const at = run.controls.findIndex((each) => each.name === control.name);
    if (at >= 0) run.controls[at] = control;
    else if (run.controls.length < LIMITS.controls) run.controls.push(control);
    return control;
  }

  private given(name: string): Scalar | undefined {
    const inputs = this.current?.message.inputs;
    return inputs !== undefined && hasOwn(inputs, name) ? inputs[name] : undefined;
  }

  private inputs(): Record<string, unknown> {
    return {
      range: (name: string, options: { min: number; max: number; step?: number; value?: number; label?: Said }) => {
        const { min, max } = options ?? {};
        if (!(Number.isFinite(min) && Number.isFinite(max) && min <= max)) {
          throw new Explained("cell/argument", {
            zh: "input.range 需要 min 和 max，且 min 不大于 max。",
            en: "input.range needs min and max, with min not above max.",
          });
        }
        const step = options.step !== undefined && options.step > 0 ? options.step : 1;
        const given = this.given(name);
        const wanted = typeof given === "number" && Number.isFinite(given) ? given : (options.value ?? min);
        const value = Math.min(max, Math.max(min, wanted));
        this.control({ kind: "range", name: String(name), label: labelOf(options.label, name), min, max, step, value });
        return value;
      },
      choice: (name: string, options: readonly unknown[], value?: Scalar, more?: { label?: Said }) => {
        const list = [...(options ?? [])].map((option) => {
          const pair = option as { value?: unknown; label?: unknown } | null;
          const isPair = typeof pair === "object" && pair !== null && "value" in pair;
          const held = (isPair ? pair.value : option) as Scalar;
          const label = isPair && pair.label !== undefined ? pair.label : held;
          return { value: held, label: isSaid(label) ? { zh: label.zh, en: label.en } : String(label) };
        });
        if (list.length === 0) {
          throw new Explained("cell/argument", {
            zh: "input.choice 至少要有一个选项。",
            en: "input.choice needs at least one option.",
          });
        }
        const given = this.given(name);
        const wanted = given !== undefined ? given : value;
        const chosen = list.find((option) => option.value === wanted) ?? list[0]!;
        this.control({
          kind: "choice",
          name: String(name),
          label: labelOf(more?.label, name),
          options: list.slice(0, LIMITS.options),
          value: chosen.value,
        });
        return chosen.value;
      },
      file: (name: string, options: { value?: string; accept?: string; label?: Said }) => {
        const { value = "", accept = "", label } = options ?? {};
        const given = this.given(name);
        this.control({ kind: "file", name: String(name), label: labelOf(label, name), accept: String(accept) });
        return typeof given === "string" ? given : String(value);
      },
      toggle: (name: string, value = false, more?: { label?: Said }) => {
        const given = this.given(name);
        const now = typeof given === "boolean" ? given : value === true;
        this.control({ kind: "toggle", name: String(name), label: labelOf(more?.label, name), value: now });
        return now;
      },
    };
  }
}

/** A check's last expression, `{ ok, say }`. */
function verdictOf(value: unknown): Verdict {
  const { ok, say } = (value ?? {}) as { ok?: unknown; say?: unknown };
  if (typeof ok === "boolean" && typeof say === "string") return { ok, say };
  if (typeof ok === "boolean" && isSaid(say)) return { ok, say: { zh: say.zh, en: say.en } };
  return {
    ok: false,
    say: {
      zh: "这道题的检查写错了：它没有给出 { ok, say }。",
      en: "The check of this exercise is at fault: it does not end in { ok, say }.",
    },
  };
}

function labelOf(label: Said | undefined, name: string): Said {
  return label === undefined ? String(name) : isSaid(label) ? { zh: label.zh, en: label.en } : String(label);
}

/** A picture as the page will read it; what a cell got wrong is said here, with the name of the field. */
function pictureOf(name: string, build: () => unknown): Picture {
  try {
    return parsePicture(JSON.parse(stringify(build())));
  } catch (error) {
    if (!(error instanceof PictureFault) && !(error instanceof TypeError)) throw error;
    const why = (lang: "zh" | "en") =>
      error instanceof PictureFault ? `${error.where} ${faultWords[lang][error.why]}` : error.message;
    throw new Explained("cell/argument", {
      zh: `show.${name} 的参数不对：${why("zh")}。`,
      en: `The arguments of show.${name} are wrong: ${why("en")}.`,
    });
  }
}

/** One output line a line of text. */
function linesOf(line: Said): Said[] {
  if (typeof line === "string") return line.split("\n");
  const zh = line.zh.split("\n");
  const en = line.en.split("\n");
  if (zh.length !== en.length) return [line];
  return zh.map((text, i) => ({ zh: text, en: en[i]! }));
}

/** The name of a cell as it stands in stack traces: its last part. */
export function fileName(cell: string): string {
  return cell.slice(cell.lastIndexOf("/") + 1);
}
