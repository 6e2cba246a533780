/**
 * <go-cell>: makes the cell that the server wrote come alive. Everything a reader can read is already there; this adds
 * running, editing, predicting and marks of what is out of date.
 *
 * The element keeps the state of one cell and shows it; which cell runs when is the notebook's business (notebook.ts).
 * It is loaded itself at the first touch (wake.ts); kernel and pictures at the first run, the compiler at the first run
 * of an edited text, the editor at the first edit.
 */

import type { EditorHost, OpenEditor } from "../editor/host.ts";
import { duration, type KernelWord, k } from "../i18n/kernel.ts";
import type { CellData, ChapterData } from "./cell-data.ts";
import { ControlPanel } from "./control-panel.ts";
import { changedLines, difference } from "./difference.ts";
import { highlight } from "./highlight.ts";
import { type CellProgram, type CellView, Notebook, type StaleReason } from "./notebook.ts";
import { type Control, type DoneMessage, type Lang, type Output, type Scalar, say } from "./protocol.ts";
import { Result } from "./result.ts";
import type { Uses } from "./stale.ts";
import { isDenied, isSolved, markSolved, readEdit, wantsPlainEditor, writeEdit } from "./store.ts";

type State = "baked" | "queued" | "running" | "done" | "error" | "stopped" | "stale";

const RERUN_AFTER = 180;
const KEEP_AFTER = 300;
const TICK = 200;
const LONG = 8_000;

let notebook: Notebook | null = null;
let chapter: ChapterData = {};

function theNotebook(): Notebook {
  if (notebook === null) {
    const cells = [...document.querySelectorAll<GoCell>("go-cell[data-cell]")];
    const lang: Lang = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
    notebook = new Notebook(cells, lang, async () => {
      const [worker, frame] = await Promise.all([import("virtual:kernel-worker"), import("virtual:kernel-frame")]);
      return { worker: worker.default, frame: frame.default };
    });
  }
  return notebook;
}

export class GoCell extends HTMLElement implements CellView {
  private data!: CellData;
  private pageLang: Lang = "en";
  private state: State = "baked";
  /** What stood there before it was queued, to go back to. */
  private earlier: { state: State; words: string; detail: string } | null = null;
  source = "";
  published = "";
  inputs: Record<string, Scalar> = {};
  uses!: Uses;
  private compiled: { text: string; program: CellProgram } | null = null;
  private undoText: string | null = null;
  /** Line of the last failure, until the text changes or runs again. */
  private wrongLine: number | null = null;
  private storedHash: string | null = null;
  private isComparing = false;
  private startedAt = 0;
  private lastDuration: number | null = null;
  private ticker = 0;
  private rerunTimer = 0;
  private keepTimer = 0;
  private editor: OpenEditor | null = null;
  private isOpening = false;
  private result!: Result;
  private panel!: ControlPanel;
  private isFresh = false;
  private isWired = false;

  connectedCallback(): void {
    if (this.isWired || this.dataset["cell"] === undefined) return;
    this.pageLang = this.closest("[lang]")?.getAttribute("lang")?.startsWith("zh") ? "zh" : "en";
    const data = chapter[this.cellId];
    if (data === undefined) return; // the page is older than its programs: it stays as it was written
    this.data = data;
    this.isWired = true;
    const { script: _script, ...uses } = data;
    this.uses = { ...uses, isExercise: this.isExercise };
    this.published = [...this.listing.querySelectorAll(".l")].map((line) => line.textContent ?? "").join("\n");
    this.source = this.published;
    this.restoreEdit();
    this.wire();
    this.wirePrediction();
    this.result = new Result(this.output, this.pageLang, this.data.live);
    this.panel = new ControlPanel(this.piece("controls"), this.pageLang, this.id, this.data.controls, (name, value) =>
      this.turn(name, value),
    );
    if (this.isExercise && isSolved(this.cellId)) this.markSolved();
    this.showTools();
  }

  // ----------------------------------------------------------------------------------------------------------- pieces

  /** `<chapter>/<cell>`. (`id` is the element's own.) */
  get cellId(): string {
    return this.dataset["cell"]!;
  }

  get isExercise(): boolean {
    return this.dataset["exercise"] !== undefined;
  }

  get isEdited(): boolean {
    return this.source !== this.published;
  }

  private piece<T extends HTMLElement>(name: string): T {
    return this.querySelector<T>(`[data-part="${name}"]`)!;
  }

  private get listing(): HTMLElement {
    return this.piece("listing");
  }

  private get output(): HTMLOutputElement {
    return this.querySelector("output")!;
  }

  private button(action: string): HTMLButtonElement | null {
    return this.querySelector<HTMLButtonElement>(`button[data-action="${action}"]`);
  }

  private say(key: KernelWord, args?: Record<string, string | number>): string {
    return k(this.pageLang, key, args);
  }

  private get cellName(): string {
    return this.cellId.slice(this.cellId.indexOf("/") + 1);
  }

  // -------------------------------------------------------------------------------------------------------------- wiring

  private wire(): void {
    this.addEventListener("click", (event) => {
      const button = (event.target as Element).closest<HTMLButtonElement>("button[data-action]");
      if (button !== null) this.act(button.dataset["action"]!);
      else if (this.listing.contains(event.target as Node) && (getSelection()?.isCollapsed ?? true)) void this.edit();
    });
    this.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.shiftKey && !event.defaultPrevented) {
        event.preventDefault();
        this.run();
      } else if (event.key === "Enter" && event.target === this.listing) {
        event.preventDefault();
        void this.edit();
      }
    });
  }

  private act(action: string): void {
    const actions: Readonly<Record<string, () => unknown>> = {
      run: () => this.run(),
      "run-to": () => theNotebook().runTo(this),
      stop: () => theNotebook().stop(),
      edit: () => (this.editor === null ? this.edit() : this.closeEditor(true)),
      reset: () => this.reset(),
      undo: () => this.undo(),
      compare: () => this.compare(),
      link: () => this.copyLink(),
      uncover: () => this.uncover(),
    };
    void actions[action]?.();
  }

  private compare(): void {
    this.isComparing = !this.isComparing;
    if (this.isComparing) this.closeEditor(false);
    this.drawListing();
    this.showTools();
  }

  run(): void {
    this.uncover();
    if (!theNotebook().isRunning(this)) void theNotebook().run(this);
  }

  private async copyLink(): Promise<void> {
    const url = new URL(`#${this.id}`, location.href);
    try {
      await navigator.clipboard.writeText(url.href);
      this.detail(this.say("linked"));
    } catch {
      location.hash = this.id;
    }
  }

  // --------------------------------------------------------------------------------------------------------------- edits

  private restoreEdit(): void {
    const edit = readEdit(this.cellId);
    if (edit === null || edit.text === this.published) return;
    this.source = edit.text;
    this.storedHash = edit.hash;
    this.drawListing();
    this.showStale({ kind: "own" });
  }

  private setSource(text: string): void {
    if (text === this.source) return;
    this.source = text;
    this.undoText = null;
    this.wrongLine = null;
    this.storedHash ??= this.data.hash;
    this.keep();
    theNotebook().changed();
    this.showTools();
  }

  private keep(): void {
    clearTimeout(this.keepTimer);
    this.keepTimer = window.setTimeout(() => this.keepNow(), KEEP_AFTER);
    addEventListener("pagehide", () => this.keepNow(), { once: true });
  }

  private keepNow(): void {
    clearTimeout(this.keepTimer);
    const edit = this.isEdited
      ? { text: this.source, lang: this.pageLang, hash: this.storedHash ?? this.data.hash }
      : null;
    if (!writeEdit(this.cellId, edit)) this.showEdit();
  }

  private reset(): void {
    if (!this.isEdited) return;
    const text = this.source;
    this.source = this.published;
    this.storedHash = null;
    this.undoText = text;
    this.replaceText();
    this.button("undo")?.focus();
  }

  private undo(): void {
    if (this.undoText === null) return;
    this.source = this.undoText;
    this.storedHash = this.data.hash;
    this.undoText = null;
    this.replaceText();
    this.button("reset")?.focus();
  }

  private replaceText(): void {
    this.isComparing = false;
    this.wrongLine = null;
    this.editor?.setText(this.source);
    this.drawListing();
    this.keepNow();
    theNotebook().changed();
    this.showTools();
  }

  private drawListing(): void {
    const code = this.listing.querySelector("code")!;
    const diff = this.isEdited ? difference(this.published, this.source) : null;
    const lines = highlight(this.source);
    let at = 0;
    const line = (pieces: { text: string; weight: string }[], kind: string) => {
      const row = document.createElement("span");
      row.className = kind === "added" ? "l new" : kind === "removed" ? "l old" : "l";
      for (const { text, weight } of pieces) {
        const tag = weight === "keyword" ? "b" : weight === "comment" ? "i" : null;
        if (tag === null) row.append(text);
        else row.append(Object.assign(document.createElement(tag), { textContent: text }));
      }
      return row;
    };
    const rows = (diff ?? lines.map(() => ({ kind: "same", text: "" }))).flatMap((each) => {
      if (each.kind === "removed") {
        return this.isComparing ? [line([{ text: each.text, weight: "plain" }], "removed")] : [];
      }
      return [line(lines[at++] ?? [], each.kind)];
    });
    code.replaceChildren(...rows);
    if (this.wrongLine !== null) code.querySelectorAll(".l:not(.old)")[this.wrongLine - 1]?.classList.add("wrong");
  }

  // --------------------------------------------------------------------------------------------------------------- editor

  private async edit(): Promise<void> {
    if (this.editor !== null || this.isOpening) return this.editor?.focus();
    this.isOpening = true;
    this.isComparing = false;
    this.drawListing();
    try {
      const { openEditor } = await import("../editor/editor.ts");
      this.editor = openEditor(this.editorHost(), { isPlain: wantsPlainEditor() });
    } catch {
      // Not even the text field's own chunk came: nothing to edit with, the listing stays.
      this.detail(this.say("editorFailed"));
    } finally {
      this.isOpening = false;
    }
    this.showTools();
  }

  private editorHost(): EditorHost {
    return {
      place: this.listing,
      id: this.cellId,
      lang: this.pageLang,
      label: this.say("editorLabel", { cell: this.cellName }),
      hint: this.say("editorHint"),
      above: () => {
        const cells = [...document.querySelectorAll<GoCell>("go-cell[data-cell]")];
        return cells
          .slice(0, cells.indexOf(this))
          .filter((cell) => !cell.isExercise)
          .map((cell) => ({ id: cell.cellId, source: cell.source }));
      },
      text: () => this.source,
      changed: (text) => this.setSource(text),
      run: () => this.run(),
      leave: () => this.button(this.state === "running" ? "stop" : "run")?.focus(),
      close: () => this.closeEditor(false),
    };
  }

  /** Puts the listing back. Called by the editor too, when it moves to another cell. */
  closeEditor(keepFocus: boolean): void {
    const { editor } = this;
    if (editor === null) return;
    this.editor = null;
    editor.close();
    this.drawListing();
    this.showTools();
    if (keepFocus) this.button("edit")?.focus();
  }

  // -------------------------------------------------------------------------------------------------------------- program

  async program(): Promise<CellProgram> {
    const { data } = this;
    const check = data.check === undefined ? {} : { check: data.check };
    if (!this.isEdited) return { ...data, ...check, isExercise: this.isExercise };
    if (this.compiled?.text === this.source) return this.compiled.program;
    const text = this.source;
    const { compile } = await import("./transform.ts");
    const recorded = data.recorded === undefined ? {} : { recorded: data.recorded };
    const compiled = compile(text, `cell-${this.cellName}.ts`);
    const program = { ...compiled, ...recorded, ...check, isExercise: this.isExercise };
    this.compiled = { text, program };
    this.uses = program;
    return program;
  }

  // ---------------------------------------------------------------------------------------------------------------- states

  private setState(state: State): void {
    this.state = state;
    this.dataset["state"] = state;
    this.output.setAttribute("aria-busy", String(state === "running" || state === "queued"));
    this.editor?.setBusy(state === "running");
    this.showTools();
  }

  private words(text: string, detail = ""): void {
    this.piece("words").textContent = text;
    this.detail(detail);
  }

  private detail(text: string): void {
    const part = this.piece("detail");
    part.textContent = text;
    part.className = "";
  }

  private showEdit(): void {
    const part = this.piece("edits");
    const pieces: string[] = [];
    if (this.isEdited) {
      const n = changedLines(difference(this.published, this.source));
      pieces.push(this.say("edited"), n === 1 ? this.say("differsOne") : this.say("differs", { n }));
      if (this.storedHash !== null && this.storedHash !== this.data.hash) pieces.push(this.say("republished"));
      if (isDenied()) pieces.push(this.say("noStorage"));
    }
    part.textContent = pieces.join(this.pageLang === "zh" ? "，" : ", ");
    this.toggleAttribute("data-edited", this.isEdited);
  }

  private showTools(): void {
    const isBusy = this.state === "running" || this.state === "queued";
    const hadFocus = this.contains(document.activeElement) ? (document.activeElement as HTMLElement) : null;
    const show = (action: string, isShown: boolean) => {
      const button = this.button(action);
      if (button !== null) button.hidden = !isShown;
    };
    show("run", !isBusy);
    show("stop", isBusy);
    show("run-to", !isBusy && this.state === "stale");
    show("reset", this.isEdited && !isBusy);
    show("compare", this.isEdited && !isBusy);
    show("undo", this.undoText !== null && !isBusy);
    const hasRun = this.piece("count").textContent !== "[ ]";
    const run = this.button("run");
    if (run !== null) run.textContent = this.say(this.isExercise ? "runCheck" : hasRun ? "runAgain" : "run");
    const edit = this.button("edit");
    if (edit !== null) edit.textContent = this.say(this.editor === null ? "edit" : "closeEditor");
    const compare = this.button("compare");
    if (compare !== null) compare.textContent = this.say(this.isComparing ? "compareEnd" : "compare");
    this.showEdit();
    // A button that goes away under the reader's finger hands the focus to the one that takes its place.
    if (hadFocus?.hidden === true) this.button(isBusy ? "stop" : "run")?.focus();
  }

  showQueued(): void {
    this.earlier ??= {
      state: this.state,
      words: this.piece("words").textContent ?? "",
      detail: this.piece("detail").textContent ?? "",
    };
    this.setState("queued");
    this.words(this.say("queued"));
  }

  showWaived(): void {
    const { earlier } = this;
    this.earlier = null;
    if (earlier === null) return;
    this.setState(earlier.state);
    this.words(earlier.words, earlier.detail);
  }

  showStarting(): void {
    this.words(this.say("starting"));
  }

  showReplay(done: number, all: number): void {
    this.words(this.say("replaying", { done, all }));
  }

  showRunning(): void {
    this.setState("running");
    this.markLine(null);
    this.piece("count").textContent = "[*]";
    this.words(this.say("running"));
    this.startedAt = performance.now();
    this.isFresh = true;
    clearInterval(this.ticker);
    this.ticker = window.setInterval(() => {
      const passed = performance.now() - this.startedAt;
      const time = duration(this.pageLang, passed);
      if (passed > LONG) this.words(this.say("runningLong", { time }));
      else if (passed > 400) this.words(this.say("running"), time);
    }, TICK);
  }

  private settle(): void {
    clearInterval(this.ticker);
    this.earlier = null;
    if (!this.isFresh) return;
    // The run showed nothing at all: what stands there is of an earlier one.
    this.isFresh = false;
    this.result.clear();
  }

  showOutputs(outputs: readonly Output[]): void {
    this.result.add(outputs, this.isFresh);
    this.isFresh = false;
  }

  showControls(controls: readonly Control[]): void {
    this.panel.draw(controls);
  }

  showDone({
    count,
    milliseconds,
    check,
  }: {
    count: number;
    milliseconds: number;
    check?: DoneMessage["check"];
  }): void {
    this.settle();
    this.piece("count").textContent = `[${count}]`;
    this.setState("done");
    const pieces = [duration(this.pageLang, milliseconds)];
    if (this.lastDuration !== null)
      pieces.push(this.say("before", { time: duration(this.pageLang, this.lastDuration) }));
    this.lastDuration = milliseconds;
    this.words(this.say("done"), pieces.join(this.pageLang === "zh" ? "，" : ", "));
    this.showTools();
    if (check !== undefined) this.showVerdict(check);
  }

  showFailed(result: { count: number | null; output: Output | null; above: string | null }): void {
    const { output, above } = result;
    if (output !== null) this.isFresh = true;
    else this.settle();
    clearInterval(this.ticker);
    this.earlier = null;
    if (output !== null) this.showOutputs([output]);
    if (result.count !== null) this.piece("count").textContent = `[${result.count}]`;
    else if (this.piece("count").textContent === "[*]") this.piece("count").textContent = "[ ]";
    this.setState("error");
    const error = this.result.shown.find((each) => each.kind === "error");
    const line = error?.kind === "error" ? error.line : null;
    if (above !== null) this.words(this.say("failed"), this.say("failedAbove", { cell: nameOf(above) }));
    else if (line !== null) this.words(this.say("failedAt", { line }));
    else this.words(this.say("failed"));
    this.markLine(above === null ? line : null);
  }

  private markLine(line: number | null): void {
    this.wrongLine = line;
    this.drawListing();
  }

  showStopped(): void {
    clearInterval(this.ticker);
    this.earlier = null;
    this.isFresh = false;
    this.piece("count").textContent = "[ ]";
    this.setState("stopped");
    const passed = performance.now() - this.startedAt;
    const detail = this.startedAt === 0 ? "" : this.say("stoppedBy", { time: duration(this.pageLang, passed) });
    this.words(this.say("stopped"), detail);
  }

  showDead(message: string): void {
    clearInterval(this.ticker);
    this.earlier = null;
    this.isFresh = true;
    this.piece("count").textContent = "[ ]";
    const key = message === "flood" ? "floodSay" : "deadSay";
    this.showOutputs([
      {
        kind: "error",
        name: this.say("dead"),
        message,
        code: "kernel/dead",
        line: null,
        say: { zh: k("zh", key), en: k("en", key) },
      },
    ]);
    this.setState("error");
    this.words(this.say("dead"));
  }

  showStale(reason: StaleReason | null): void {
    if (this.state === "running" || this.state === "queued") return;
    const isSettled = this.state === "error" || this.state === "stopped";
    if (reason === null) {
      if (this.state === "stale" && this.earlier !== null) this.showWaived();
      this.showEdit();
      return;
    }
    if (isSettled && reason.kind !== "own") return;
    if (this.state !== "stale") {
      this.earlier = {
        state: this.state,
        words: this.piece("words").textContent ?? "",
        detail: this.piece("detail").textContent ?? "",
      };
    }
    const hasRun = this.piece("count").textContent !== "[ ]";
    const detail =
      reason.kind === "own"
        ? this.say(hasRun ? "staleOwn" : "staleEdit")
        : reason.kind === "restart"
          ? this.say("staleRestart")
          : this.say("staleAbove", { cell: nameOf(reason.cell) });
    const { earlier } = this;
    this.setState("stale");
    this.earlier = earlier;
    this.words(this.say("stale"), detail);
  }

  // -------------------------------------------------------------------------------------------------------------- controls

  private turn(name: string, value: Scalar | undefined): void {
    const { [name]: _, ...others } = this.inputs;
    this.inputs = value === undefined ? others : { ...others, [name]: value };
    clearTimeout(this.rerunTimer);
    this.rerunTimer = window.setTimeout(() => {
      this.uncover();
      void theNotebook().run(this);
    }, RERUN_AFTER);
  }

  // ------------------------------------------------------------------------------------------------------------ prediction

  private wirePrediction(): void {
    if (this.dataset["predict"] !== "open") return;
    const guess = this.querySelector<HTMLElement>(".guess");
    guess?.addEventListener("change", (event) => {
      const { value } = event.target as HTMLInputElement;
      const answer = this.data.answers?.[Number(value)] ?? "";
      const words = document.createElement("p");
      words.append(...withCode(say(answer, this.pageLang)));
      this.piece("answer").replaceChildren(words);
      this.uncover();
    });
  }

  /** The reader has guessed, run, or asked to see: the result is shown. */
  private uncover(): void {
    if (this.dataset["predict"] !== "open") return;
    const button = this.button("uncover");
    const hadFocus = button !== null && button === document.activeElement;
    this.dataset["predict"] = "done";
    if (hadFocus) this.output.focus();
  }

  // ------------------------------------------------------------------------------------------------------------- exercises

  private showVerdict({ ok, say: verdict }: NonNullable<DoneMessage["check"]>): void {
    const part = this.piece("verdict");
    part.hidden = false;
    part.toggleAttribute("data-right", ok);
    part.textContent = `${this.say(ok ? "right" : "wrong")}${this.pageLang === "zh" ? "" : " "}${say(verdict, this.pageLang)}`;
    if (!ok) return;
    markSolved(this.cellId);
    this.markSolved();
  }

  private markSolved(): void {
    const exercise = this.closest<HTMLElement>(".ex");
    if (exercise === null) return;
    exercise.toggleAttribute("data-solved", true);
    const mark = exercise.querySelector("[data-part='solved']");
    if (mark !== null) mark.textContent = this.say("solved");
  }
}

/** Text with `code` in backticks, as nodes. */
function withCode(text: string): (string | HTMLElement)[] {
  return text
    .split("`")
    .map((piece, i) => (i % 2 === 0 ? piece : Object.assign(document.createElement("code"), { textContent: piece })));
}

function nameOf(id: string): string {
  return id.slice(id.indexOf("/") + 1);
}

/** Buttons for the whole page: run all, restart. */
function wirePage(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>("button[data-page-action]");
    if (button?.dataset["pageAction"] === "run-all") theNotebook().runAll();
    if (button?.dataset["pageAction"] === "restart") theNotebook().restart();
  });
}

/** Makes the page's cells live. @param data their programs */
export function start(data: ChapterData): void {
  if (customElements.get("go-cell") !== undefined) return;
  chapter = data;
  customElements.define("go-cell", GoCell);
  wirePage();
  // Edits of an earlier visit: the cells below them say that their recorded results no longer follow.
  if (document.querySelector("go-cell[data-edited]") !== null) theNotebook().changed();
}
