/** Puts a drawing into an element, or takes over what the server put there. */
import { type ComponentChild, h, hydrate, render } from "preact";
import { DEFS_ID, Defs } from "./Defs.tsx";

/** The element's own mark that it was taken over: kept on the element, so that several scripts agree. */
const MARK = "data-live";

/**
 * Draws `node` in `el`. The first time, markup that is already there must be that of the same data and language: it
 * stays, and only gains its handlers.
 */
export function place(el: Element, node: ComponentChild): void {
  ensureDefs();
  if (el.hasAttribute(MARK) || el.firstElementChild === null) render(node, el);
  else hydrate(node, el);
  el.setAttribute(MARK, "");
}

/** Empties `el` and lets go of it. */
export function clear(el: Element): void {
  render(null, el);
  el.removeAttribute(MARK);
}

/** The patterns, where the page was built without them. */
function ensureDefs(): void {
  if (document.getElementById(DEFS_ID) !== null) return;
  const box = document.createElement("div");
  document.body.prepend(box);
  render(h(Defs, {}), box);
}
