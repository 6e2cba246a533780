/**
 * The controls beside a result: a slider, a choice, a switch, a file. Native ones, so keys and screen readers work.
 *
 * A control is a small tree first, so that the page carries the same markup that a run draws. It has no listeners of
 * its own: the cell hears `input` and `change` for all of them, and `setting` reads what the reader has set.
 */

import { k } from "../i18n/kernel.ts";
import { type Control, type Lang, type Scalar, say } from "./protocol.ts";

interface Tree {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (Tree | string)[];
}

function tree(tag: string, attributes: Tree["attributes"], ...children: Tree["children"]): Tree {
  return { tag, attributes, children };
}

/** Tells controls apart; those that differ in their value alone are one. */
function kindOf(control: Control): string {
  return JSON.stringify({ ...control, value: null });
}

/** @param cell the cell's anchor: its input's id begins with it, and ids hold no spaces */
function treeOf(control: Control, lang: Lang, cell: string): Tree {
  const id = `${cell}-${control.name.replaceAll(/[^\p{L}\p{N}_-]+/gu, "-")}`;
  const box = { class: "control", "data-control": kindOf(control) };
  const label = tree("label", { for: id }, say(control.label, lang));
  switch (control.kind) {
    case "range": {
      const { min, max, step, value } = control;
      const numbers = { min: String(min), max: String(max), step: String(step), value: String(value) };
      const input = tree("input", { type: "range", id, ...numbers });
      return tree("div", box, label, input, tree("span", { class: "num" }, String(value)));
    }
    case "choice": {
      const options = control.options.map((option, i) => {
        const selected: Record<string, string> = option.value === control.value ? { selected: "" } : {};
        return tree("option", { value: String(i), ...selected }, say(option.label, lang));
      });
      return tree("div", box, label, tree("select", { id }, ...options));
    }
    case "toggle": {
      const checked: Record<string, string> = control.value ? { checked: "" } : {};
      return tree("div", box, tree("input", { type: "checkbox", id, ...checked }), label);
    }
    case "file": {
      const field = tree("input", {
        type: "file",
        "data-file": "field",
        hidden: "",
        tabindex: "-1",
        accept: control.accept,
      });
      const words = k(lang, "fileOpen");
      const name = `${say(control.label, lang)}${lang === "zh" ? "：" : ": "}${words}`;
      const open = tree("button", { type: "button", id, "data-file": "open", "aria-label": name }, words);
      const back = tree("button", { type: "button", "data-file": "back", hidden: "" }, k(lang, "fileBack"));
      const state = tree("span", { "data-file": "state", role: "status" }, k(lang, "fileNone"));
      return tree("div", { ...box, class: "control file" }, label, field, open, back, state);
    }
  }
}

function elementOf({ tag, attributes, children }: Tree): HTMLElement {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.map((child) => (typeof child === "string" ? child : elementOf(child))));
  return made;
}

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;").replaceAll("'", "&#39;");

function htmlOf({ tag, attributes, children }: Tree): string {
  const names = Object.entries(attributes).map(([name, value]) => ` ${name}="${escaped(value)}"`);
  const inner = children.map((child) => (typeof child === "string" ? escaped(child) : htmlOf(child))).join("");
  return tag === "input" ? `<${tag}${names.join("")}>` : `<${tag}${names.join("")}>${inner}</${tag}>`;
}

/** One control as an element. */
export function controlElement(control: Control, lang: Lang, cell: string): HTMLElement {
  return elementOf(treeOf(control, lang, cell));
}

/** The same as markup, for the page. */
export function controlHtml(control: Control, lang: Lang, cell: string): string {
  return htmlOf(treeOf(control, lang, cell));
}

/** What the reader has set in a control's element, and shows a slider's figure. A file's text is not there: see file-control.ts. */
export function setting(control: Control, place: Element): Scalar {
  const input = place.querySelector<HTMLInputElement | HTMLSelectElement>("input, select")!;
  switch (control.kind) {
    case "range": {
      const figure = place.querySelector(".num");
      if (figure !== null) figure.textContent = input.value;
      return (input as HTMLInputElement).valueAsNumber;
    }
    case "choice":
      return control.options[Number(input.value)]?.value ?? control.value;
    case "toggle":
      return (input as HTMLInputElement).checked;
    case "file":
      return null;
  }
}

/** True when the element is that of this control, whatever its value. */
export function isOf(control: Control, place: HTMLElement): boolean {
  return place.dataset["control"] === kindOf(control);
}
