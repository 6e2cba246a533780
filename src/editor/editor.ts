/**
 * The editor of a cell: a plain text field at once, and Monaco in its place as soon as that has come.
 *
 * The text field is the editor for phones, for those who ask for it, and wherever Monaco does not load; it is also
 * what takes the reader's keys while Monaco is on its way, so that nothing typed is lost. One Monaco serves the page:
 * opening a second cell closes the first one's.
 */

import { k } from "../i18n/kernel.ts";
import type { EditorHost, OpenEditor } from "./host.ts";

export interface EditorOptions {
  /** The reader asked for the plain text field. */
  readonly isPlain: boolean;
}

/** The cell that has the editor. */
let holder: EditorHost | null = null;

const isCoarse = () => !matchMedia("(any-pointer: fine)").matches;

/** Opens an editor in the place of the cell's listing, and puts the focus into it. */
export function openEditor(host: EditorHost, { isPlain }: EditorOptions): OpenEditor {
  const { place, lang } = host;
  holder?.close();
  holder = host;
  const box = document.createElement("div");
  box.className = "editing";
  const hint = document.createElement("p");
  hint.className = "hint";
  hint.id = `hint-${host.id.replace("/", "-")}`;
  hint.textContent = host.hint;
  const field = plainField(host, hint.id);
  const problem = document.createElement("p");
  problem.className = "problem";
  problem.setAttribute("role", "status");
  box.append(field.element, problem, hint);
  // The box has the listing's height from the start, so that nothing below it moves.
  box.style.minBlockSize = `${place.offsetHeight}px`;
  place.hidden = true;
  place.after(box);
  field.element.focus();

  let monaco: MonacoEditor | null = null;
  let isClosed = false;
  const editor: OpenEditor = {
    focus: () => (monaco ?? field).focus(),
    setText: (text) => (monaco ?? field).setText(text),
    setBusy: (isBusy) => box.setAttribute("aria-busy", String(isBusy)),
    close: () => {
      if (isClosed) return;
      isClosed = true;
      if (holder === host) holder = null;
      monaco?.close();
      box.remove();
      place.hidden = false;
    },
  };
  box.dataset["editor"] = "plain";
  if (isPlain || isCoarse()) return editor;

  hint.textContent = k(lang, "editorLoading");
  void replace();
  return editor;

  /** Monaco in place of the text field, with the text and the caret as they are by then. */
  async function replace(): Promise<void> {
    try {
      const { openMonaco } = await import("./monaco.ts");
      const open = await openMonaco(lang);
      if (isClosed) return;
      const hadFocus = document.activeElement === field.element;
      const { selectionStart, selectionEnd } = field.element;
      monaco = open(host, box, field.element.value, (words) => {
        problem.textContent = words;
      });
      field.element.remove();
      box.dataset["editor"] = "monaco";
      hint.textContent = host.hint;
      if (hadFocus) monaco.select(selectionStart, selectionEnd);
    } catch {
      if (!isClosed) hint.textContent = k(lang, "editorFailed");
    }
  }
}

/** An open editor that can select a stretch of its text, by offsets, and take the focus. */
export interface MonacoEditor extends OpenEditor {
  select(from: number, to: number): void;
}

interface Field extends Pick<OpenEditor, "focus" | "setText"> {
  readonly element: HTMLTextAreaElement;
}

function plainField(host: EditorHost, describedBy: string): Field {
  const element = document.createElement("textarea");
  element.value = host.text();
  element.spellcheck = false;
  element.autocapitalize = "off";
  element.setAttribute("autocorrect", "off");
  element.setAttribute("aria-label", host.label);
  element.setAttribute("aria-describedby", describedBy);
  element.setAttribute("translate", "no");
  element.lang = "en";
  const resize = () => {
    element.rows = Math.max(1, element.value.split("\n").length);
  };
  resize();
  element.addEventListener("input", () => {
    resize();
    host.changed(element.value);
  });
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      host.leave();
    }
  });
  return {
    element,
    focus: () => element.focus(),
    setText: (text) => {
      element.value = text;
      resize();
    },
  };
}
