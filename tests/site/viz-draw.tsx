/** Outputs to draw in tests, and their markup. */
import type { HeapSnapshot } from "goheap/observe";
import { h } from "preact";
import { renderToString } from "preact-render-to-string";
import type { Output as OutputData } from "../../src/kernel/protocol.ts";
import Output from "../../src/viz/Output.tsx";
import type { Lang } from "../../src/viz/read.ts";
import { borderPicture, heapAfterOneCycle, lanesPicture, pathsPicture, span, tinyPicture } from "./viz-fixtures.ts";
import { MEMORY_PICTURES } from "./viz-memory-fixtures.ts";

export const LANGS: Lang[] = ["zh", "en"];

/** The markup of an output. */
export function draw(output: OutputData, lang: Lang = "en"): string {
  return renderToString(h(Output, { output, lang }));
}

/** A heap picture of one page's span. */
export function heap(snapshot: HeapSnapshot, page?: number, slot?: number): OutputData {
  return {
    kind: "heap",
    snapshot,
    ...(page === undefined ? {} : { span: page }),
    ...(slot === undefined ? {} : { slot }),
  };
}

/** One output of every kind but the heap. */
export const OTHERS: OutputData[] = [
  { kind: "picture", picture: pathsPicture },
  { kind: "picture", picture: borderPicture },
  { kind: "picture", picture: tinyPicture },
  { kind: "picture", picture: lanesPicture },
  ...Object.values(MEMORY_PICTURES).map((picture) => ({ kind: "picture", picture }) as const),
  {
    kind: "chart",
    chart: "step",
    logY: false,
    x: "n",
    y: { zh: "字节", en: "bytes" },
    series: [{ name: { zh: "槽", en: "slot" }, points: span(1, 64).map((n) => [n, Math.ceil(n / 16) * 16] as const) }],
  },
  {
    kind: "table",
    columns: [
      { name: "n", align: "end" },
      { name: { zh: "路径", en: "path" }, align: "start" },
    ],
    rows: [
      [32760, "small"],
      [32761, "large"],
    ],
    turn: 1,
  },
  { kind: "text", lines: ["1", { zh: "二", en: "two" }] },
  {
    kind: "error",
    name: "Fatal",
    message: "sweep increased allocation count",
    code: "x",
    line: 3,
    say: { zh: "堆", en: "heap" },
  },
  { kind: "cut", what: "lines", dropped: 12 },
];

/** All of them, the heap once for each of its spans. */
export const ALL: OutputData[] = [
  ...heapAfterOneCycle().spans.map((s) => heap(heapAfterOneCycle(), s.page)),
  ...OTHERS,
];
