/** Pictures in the page. Each kind of drawing is a script of its own, loaded when an output first needs it. */
import { type FunctionComponent, h } from "preact";
import type { Output } from "../kernel/protocol.ts";
import { type Drawings, isInteractive, type Kind, kindsOf } from "./kinds.ts";
import { clear, place } from "./place.ts";
import type { Lang } from "./read.ts";
import { View } from "./view.tsx";

export { isInteractive };

type Component = FunctionComponent<never>;

const scripts: { readonly [K in Kind]: () => Promise<Component> } = {
  table: () => import("./Table.tsx").then((m) => m.Table),
  chart: () => import("./Chart.tsx").then((m) => m.Chart),
  heap: () => import("./Heap.tsx").then((m) => m.Heap),
  paths: () => import("./Paths.tsx").then((m) => m.Paths),
  border: () => import("./Border.tsx").then((m) => m.Border),
  tiny: () => import("./Tiny.tsx").then((m) => m.Tiny),
  lanes: () => import("./Lanes.tsx").then((m) => m.Lanes),
  pages: () => import("./Pages.tsx").then((m) => m.Pages),
  central: () => import("./Central.tsx").then((m) => m.Central),
  timeline: () => import("./Timeline.tsx").then((m) => m.Timeline),
  map: () => import("./ProcessMap.tsx").then((m) => m.ProcessMap),
  slabs: () => import("./Slabs.tsx").then((m) => m.Slabs),
  strip: () => import("./Strips.tsx").then((m) => m.Strips),
  slot: () => import("./SlotBytes.tsx").then((m) => m.SlotBytes),
  words: () => import("./WordMap.tsx").then((m) => m.WordMap),
  stairs: () => import("./Stairs.tsx").then((m) => m.Stairs),
  steps: () => import("./Steps.tsx").then((m) => m.Steps),
};

const drawings: Record<string, Component> = {};

/** Loads what these outputs are drawn with. */
export async function load(outputs: readonly Output[]): Promise<void> {
  const kinds = new Set(outputs.flatMap(kindsOf).filter((kind) => drawings[kind] === undefined));
  await Promise.all(
    [...kinds].map(async (kind) => {
      drawings[kind] = await scripts[kind]();
    }),
  );
}

/**
 * Draws `output` in `el`; `load` it first. The first time, markup that is already there must be that of the same
 * output and language: it stays, and only gains its handlers. Safe to call again, with other data too.
 */
export function mount(el: Element, output: Output, lang: Lang): void {
  place(el, h(View, { output, lang, drawings: drawings as Drawings }));
}

/** Empties `el` and lets go of it. */
export function unmount(el: Element): void {
  clear(el);
}
