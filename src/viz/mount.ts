/** Pictures in the page: puts them into an element, or takes over what the server put there. */
import { type ComponentChild, h, hydrate, render } from "preact";
import type { Output as OutputData } from "../kernel/protocol.ts";
import { ByteRuler, type ByteRulerProps } from "./ByteRuler.tsx";
import { DEFS_ID, Defs } from "./Defs.tsx";
import type { Lang } from "./data.ts";
import Output, { isInteractive } from "./Output.tsx";

export { isInteractive };

const mounted = new WeakSet<Element>();

/**
 * Draws `output` in `el`. The first time, markup that is already there must be that of the same output and language:
 * it stays, and only gains its handlers.
 */
export function mount(el: Element, output: OutputData, lang: Lang): void {
  put(el, h(Output, { output, lang }));
}

/** The byte ruler of the home page; its markup comes from the server. */
export function mountRuler(el: Element, props: ByteRulerProps): void {
  put(el, h(ByteRuler, props));
}

/** Empties `el` and lets go of it. */
export function unmount(el: Element): void {
  render(null, el);
  mounted.delete(el);
}

function put(el: Element, node: ComponentChild): void {
  ensureDefs();
  if (mounted.has(el) || el.firstElementChild === null) render(node, el);
  else hydrate(node, el);
  mounted.add(el);
}

/** The patterns, where the page was built without them. */
function ensureDefs(): void {
  if (document.getElementById(DEFS_ID) !== null) return;
  const box = document.createElement("div");
  document.body.prepend(box);
  render(h(Defs, {}), box);
}
