/** Pictures in the page. */
import { h } from "preact";
import type { Output as OutputData } from "../kernel/protocol.ts";
import type { Lang } from "./data.ts";
import Output, { isInteractive } from "./Output.tsx";
import { clear, place } from "./place.ts";

export { isInteractive };

/**
 * Draws `output` in `el`. The first time, markup that is already there must be that of the same output and language:
 * it stays, and only gains its handlers. Safe to call again, with other data too.
 */
export function mount(el: Element, output: OutputData, lang: Lang): void {
  place(el, h(Output, { output, lang }));
}

/** Empties `el` and lets go of it. */
export function unmount(el: Element): void {
  clear(el);
}
