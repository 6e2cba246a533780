/**
 * The page's notebook: which cell runs when, on which kernel, and what is out of date.
 *
 * One kernel at a time, started at the first run. Programs run one after another. A cell whose names are needed and
 * not yet in the kernel runs first by itself; so a first run in the middle of a page, and a run after Stop, show
 * what a run from the top would show (the engine is deterministic). Stop and Restart throw the kernel away.
 *
 * What is out of date follows from data alone: at each run a cell notes the stamps of the cells that it rests on
 * (their text, their inputs, and how often the reader ran them); it is stale when a stamp has changed since.
 */

import type { Control, DoneMessage, InputValues, KernelMessage, Lang, Output } from "./protocol.ts";
import { PROTOCOL_VERSION } from "./protocol.ts";
import { Sandbox } from "./sandbox.ts";
import { needsOf, type Uses } from "./stale.ts";

/** What a cell's program is made of at this moment. */
export interface CellProgram extends Uses {
  readonly script: string;
  /** Parts of recordings of Go that the published program asks for, as JSON by key. */
  readonly recorded?: Readonly<Record<string, string>>;
  readonly check?: { readonly script: string; readonly declares: readonly string[] };
}

/** A cell, as the notebook sees it; go-cell.ts is one. */
export interface CellView {
  /** `<chapter>/<cell>`. */
  readonly cellId: string;
  readonly isExercise: boolean;
  readonly inputs: InputValues;
  /** The text as it stands, the text as published, and whether the two differ. */
  readonly source: string;
  readonly published: string;
  readonly isEdited: boolean;
  /** Names of the last text that could be read; of the published one at first. */
  readonly uses: Uses;
  /** The program; compiles an edited text. @throws {Explained} when the text cannot be read */
  program(): Promise<CellProgram>;

  showQueued(): void;
  showStarting(): void;
  showReplay(done: number, all: number): void;
  showRunning(): void;
  showOutputs(outputs: readonly Output[]): void;
  showControls(controls: readonly Control[]): void;
  showDone(result: { count: number; milliseconds: number; check?: DoneMessage["check"] }): void;
  showFailed(result: { count: number | null; output: Output | null; above: string | null }): void;
  showStopped(): void;
  showDead(message: string): void;
  /** Back to what stood there before it was queued. */
  showWaived(): void;
  /** Says why it is out of date, or that it is not. */
  showStale(reason: StaleReason | null): void;
}

export type StaleReason = { kind: "own" } | { kind: "above"; cell: string } | { kind: "restart" };

interface Entry {
  readonly view: CellView;
  /** Runs that the reader asked for; replays do not count. */
  asked: number;
  /** Stamp of the text and inputs it last ran with; of the published cell before it has run. */
  ranStamp: string;
  /** Stamps of the cells it rested on then. */
  ranNeeds: Map<Entry, string>;
  hasRun: boolean;
  /** The kernel that holds its names. */
  liveIn: number;
  isOrphaned: boolean;
}

interface Job {
  readonly entry: Entry;
  /** Asked for by the reader, not run for another cell's sake. */
  readonly isAsked: boolean;
  /** The cell for whose sake it runs, and how far that has got. */
  readonly target: Entry;
  readonly done: number;
  readonly all: number;
}

interface Texts {
  readonly worker: string;
  readonly frame: string;
}

export class Notebook {
  readonly lang: Lang;
  private readonly entries: Entry[] = [];
  private readonly load: () => Promise<Texts>;
  private queue: Job[] = [];
  private current: Job | null = null;
  /** Counts the times that everything under way was dropped; what was awaited across one is void. */
  private epoch = 0;
  private texts: Texts | null = null;
  private sandbox: Sandbox | null = null;
  private isReady = false;
  /** Counts kernels: what ran in an earlier one is not there any more. */
  private generation = 0;
  private count = 0;
  private nonce = "";
  private awaited: { resolve(message: DoneMessage | null): void; died(message: string): void } | null = null;
  private whenReady: ((isReady: boolean) => void)[] = [];

  /**
   * @param views  the page's cells, in page order
   * @param load   fetches the worker's text and the frame's document
   */
  constructor(views: readonly CellView[], lang: Lang, load: () => Promise<Texts>) {
    this.lang = lang;
    this.load = load;
    for (const view of views) {
      this.entries.push({
        view,
        asked: 0,
        ranStamp: stampOf(view.published, {}),
        ranNeeds: new Map(),
        hasRun: false,
        liveIn: -1,
        isOrphaned: false,
      });
    }
  }

  // ------------------------------------------------------------------------------------------------------------ orders

  /** Runs one cell, after whatever it needs. */
  async run(view: CellView): Promise<void> {
    const { epoch } = this;
    const entry = this.entryOf(view);
    // What an edited text needs is known when it has been read; one that cannot be read says so when its turn comes.
    const edited = this.entries.filter((each) => each.view.isEdited);
    if (edited.length > 0) {
      view.showQueued();
      await Promise.all(edited.map((each) => each.view.program().catch(() => null)));
      if (epoch !== this.epoch) return view.showWaived();
    }
    const needed = this.needs(entry).filter((each) => each.liveIn !== this.generation && !this.isQueued(each));
    this.enqueue([...needed, entry], [entry], entry);
  }

  /** Runs every cell above, and this one. */
  runTo(view: CellView): void {
    const entry = this.entryOf(view);
    const above = this.entries.slice(0, this.entries.indexOf(entry)).filter((each) => !each.view.isExercise);
    this.enqueue([...above, entry], [...above, entry], entry);
  }

  runAll(): void {
    const cells = this.entries.filter((each) => !each.view.isExercise);
    if (cells.length > 0) this.enqueue(cells, cells, cells.at(-1)!);
  }

  /** Ends the running program at once. What it says later is not heard; a fresh kernel starts. */
  stop(): void {
    const { current } = this;
    this.waive();
    this.renew();
    current?.entry.view.showStopped();
    if (current !== null && current.target !== current.entry) current.target.view.showWaived();
    this.refresh();
  }

  /** A fresh kernel, counting from 1; results stay and are marked. */
  restart(): void {
    const { current } = this;
    this.waive();
    this.renew();
    current?.entry.view.showStopped();
    this.count = 0;
    for (const entry of this.entries) entry.isOrphaned = entry.hasRun;
    this.refresh();
  }

  /** A cell's text has changed. */
  changed(): void {
    this.refresh();
  }

  isRunning(view: CellView): boolean {
    return this.current?.entry.view === view || this.current?.target.view === view || this.isQueued(this.entryOf(view));
  }

  // ------------------------------------------------------------------------------------------------------------- queue

  private entryOf(view: CellView): Entry {
    const entry = this.entries.find((each) => each.view === view);
    if (entry === undefined) throw new Error(`${view.cellId} is not a cell of this page`);
    return entry;
  }

  private needs(entry: Entry): Entry[] {
    const uses = this.entries.map(({ view }) => ({ ...view.uses, isExercise: view.isExercise }));
    return needsOf(uses, this.entries.indexOf(entry)).map((i) => this.entries[i]!);
  }

  private isQueued(entry: Entry): boolean {
    return this.queue.some((job) => job.entry === entry) || this.current?.entry === entry;
  }

  private enqueue(entries: readonly Entry[], asked: readonly Entry[], target: Entry): void {
    for (const [i, entry] of entries.entries()) {
      this.queue = this.queue.filter((job) => job.entry !== entry);
      this.queue.push({ entry, isAsked: asked.includes(entry), target, done: i, all: entries.length - 1 });
      entry.view.showQueued();
    }
    if (this.current === null) void this.work();
  }

  /** Empties the queue; cells that waited show what they showed before. */
  private waive(): void {
    for (const job of this.queue) job.entry.view.showWaived();
    this.queue = [];
  }

  private async work(): Promise<void> {
    const { epoch } = this;
    for (let job = this.queue.shift(); job !== undefined; job = this.queue.shift()) {
      this.current = job;
      const isGood = await this.perform(job);
      if (epoch !== this.epoch) return;
      this.current = null;
      if (!isGood) this.abandon(job);
      this.refresh();
    }
  }

  /** After a failure: what was to run because of the same order does not. */
  private abandon(failed: Job): void {
    const mine = this.queue.filter((job) => job.target === failed.target);
    this.queue = this.queue.filter((job) => job.target !== failed.target);
    for (const job of mine) {
      if (job.entry === failed.target && !failed.isAsked) {
        job.entry.view.showFailed({ count: null, output: null, above: failed.entry.view.cellId });
      } else {
        job.entry.view.showWaived();
      }
    }
  }

  /** Runs one cell to its end; false when it failed, or when everything was dropped meanwhile. */
  private async perform(job: Job): Promise<boolean> {
    const { entry, target } = job;
    const { view } = entry;
    const { epoch } = this;
    if (entry !== target && !job.isAsked) target.view.showReplay(job.done, job.all);
    const stamp = stampOf(view.source, view.inputs);
    let program: CellProgram;
    try {
      program = await view.program();
    } catch (error) {
      const { explain } = await import("./explain.ts");
      if (epoch !== this.epoch) return false;
      entry.ranStamp = stamp;
      view.showFailed({ count: null, output: explain(error, ""), above: null });
      return false;
    }
    if (epoch !== this.epoch) return false;
    const isReady = await this.ready(view);
    if (!isReady || epoch !== this.epoch) return false;

    const needs = this.needs(entry);
    if (job.isAsked) entry.asked++;
    // From here on this is the text that was tried, whether it ends, fails or is stopped.
    entry.ranStamp = stamp;
    view.showRunning();
    const message = await this.send(view, program);
    if (message === null) return false;

    this.count++;
    entry.hasRun = true;
    entry.isOrphaned = false;
    entry.liveIn = message.ok ? this.generation : -1;
    entry.ranNeeds = new Map(needs.map((each) => [each, this.stamp(each)]));
    view.showControls(message.controls);
    const { milliseconds, check } = message;
    if (message.ok) view.showDone({ count: this.count, milliseconds, ...(check === undefined ? {} : { check }) });
    else view.showFailed({ count: this.count, output: null, above: null });
    return message.ok;
  }

  private send(view: CellView, program: CellProgram): Promise<DoneMessage | null> {
    const nonce = crypto.getRandomValues(new Uint32Array(4)).join("-");
    this.nonce = nonce;
    return new Promise((resolve) => {
      this.awaited = {
        resolve,
        died: (message) => {
          view.showDead(message);
          resolve(null);
        },
      };
      this.sandbox?.send({
        v: PROTOCOL_VERSION,
        type: "run",
        nonce,
        cell: view.cellId,
        script: program.script,
        declares: program.declares,
        inputs: view.inputs,
        recorded: program.recorded ?? {},
        ...(program.check === undefined ? {} : { check: { ...program.check, source: view.source } }),
      });
    });
  }

  // ------------------------------------------------------------------------------------------------------------ kernel

  /** Waits for a kernel that answers; false when there is none to be had. */
  private async ready(view: CellView): Promise<boolean> {
    if (this.sandbox !== null && this.isReady) return true;
    view.showStarting();
    try {
      this.texts ??= await this.load();
    } catch (error) {
      view.showDead(error instanceof Error ? error.message : "");
      return false;
    }
    if (this.sandbox === null) this.start();
    return this.isReady || new Promise<boolean>((resolve) => this.whenReady.push(resolve));
  }

  private start(): void {
    if (this.texts === null) return;
    this.isReady = false;
    const generation = ++this.generation;
    this.sandbox = new Sandbox(this.texts.frame, this.texts.worker, (message) => {
      if (generation === this.generation) this.hear(message);
    });
  }

  /** Throws the kernel away and starts another, if there was one. */
  private renew(): void {
    this.epoch++;
    this.current = null;
    const { awaited } = this;
    this.awaited = null;
    this.nonce = "";
    if (this.sandbox !== null) {
      this.sandbox.kill();
      this.sandbox = null;
      this.start();
    }
    awaited?.resolve(null);
  }

  private hear(message: KernelMessage): void {
    switch (message.type) {
      case "ready":
        this.isReady = true;
        for (const resolve of this.whenReady.splice(0)) resolve(true);
        break;
      case "output":
        if (message.nonce === this.nonce) this.current?.entry.view.showOutputs(message.outputs);
        break;
      case "done":
        if (message.nonce !== this.nonce) break;
        this.nonce = "";
        this.awaited?.resolve(message);
        this.awaited = null;
        break;
      case "dead":
        this.died(message.message);
        break;
    }
  }

  private died(message: string): void {
    const wasReady = this.isReady;
    const { awaited, current } = this;
    this.sandbox?.kill();
    this.sandbox = null;
    this.isReady = false;
    this.awaited = null;
    this.nonce = "";
    for (const resolve of this.whenReady.splice(0)) resolve(false);
    if (!wasReady) current?.entry.view.showDead(message);
    this.waive();
    this.epoch++;
    this.current = null;
    awaited?.died(message);
    if (wasReady) this.start();
    this.refresh();
  }

  // ------------------------------------------------------------------------------------------------------------- stale

  private stamp(entry: Entry): string {
    return `${entry.asked} ${entry.ranStamp}`;
  }

  private refresh(): void {
    for (const entry of this.entries) {
      if (!this.isQueued(entry)) entry.view.showStale(this.staleness(entry));
    }
  }

  private staleness(entry: Entry): StaleReason | null {
    const { view } = entry;
    if (stampOf(view.source, view.inputs) !== entry.ranStamp) return { kind: "own" };
    if (entry.isOrphaned) return { kind: "restart" };
    for (const above of this.needs(entry)) {
      const isPending = stampOf(above.view.source, above.view.inputs) !== above.ranStamp;
      const then = entry.ranNeeds.get(above);
      // A recorded result rests on the published cells above: it holds while they are as published.
      const hasMoved = entry.hasRun ? then !== undefined && then !== this.stamp(above) : above.view.isEdited;
      if (isPending || hasMoved) return { kind: "above", cell: above.view.cellId };
    }
    return null;
  }
}

function stampOf(source: string, inputs: InputValues): string {
  return JSON.stringify([source, inputs]);
}
