/** The controls beside a result, as elements: a slider, a choice, a switch. Native ones, so keys and screen readers work. */

import { type Control, type Lang, type Scalar, say } from "./protocol.ts";

function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>>,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/**
 * One control.
 *
 * @param id      of its input, unique on the page
 * @param turned  called with each new value
 */
export function controlElement(control: Control, lang: Lang, id: string, turned: (value: Scalar) => void): HTMLElement {
  const label = element("label", { for: id }, say(control.label, lang));
  switch (control.kind) {
    case "range": {
      const { min, max, step, value } = control;
      const input = element("input", {
        type: "range",
        id,
        min: String(min),
        max: String(max),
        step: String(step),
        value: String(value),
      });
      const figure = element("span", { class: "num" }, String(value));
      input.addEventListener("input", () => {
        figure.textContent = input.value;
        turned(input.valueAsNumber);
      });
      return element("div", { class: "control" }, label, input, figure);
    }
    case "choice": {
      const select = element("select", { id });
      for (const [i, option] of control.options.entries()) {
        const each = element("option", { value: String(i) }, say(option.label, lang));
        each.selected = option.value === control.value;
        select.append(each);
      }
      select.addEventListener("change", () => turned(control.options[Number(select.value)]!.value));
      return element("div", { class: "control" }, label, select);
    }
    case "toggle": {
      const input = element("input", { type: "checkbox", id });
      input.checked = control.value;
      input.addEventListener("change", () => turned(input.checked));
      return element("div", { class: "control" }, input, label);
    }
  }
}
