/** One output of a cell, drawn: the same data give the same markup, on the server and in the page. */
import type { VNode } from "preact";
import { vizWords } from "../i18n/viz.ts";
import type { Output as OutputData } from "../kernel/protocol.ts";
import { Border } from "./Border.tsx";
import { Chart } from "./Chart.tsx";
import { type Lang, type Picture, PictureFault, parsePicture } from "./data.ts";
import { HeapPicture } from "./Heap.tsx";
import { Lanes } from "./Lanes.tsx";
import { Paths } from "./Paths.tsx";
import { Fault, say } from "./parts.tsx";
import { parseSnapshot } from "./snapshot.ts";
import { Table } from "./Table.tsx";
import { Tiny } from "./Tiny.tsx";

export interface OutputProps {
  readonly output: OutputData;
  readonly lang: Lang;
}

/** True when a picture answers to pointer and keys, so that the page needs its data and `mount`. */
export function isInteractive(output: OutputData): boolean {
  return output.kind === "heap" || (output.kind === "picture" && output.picture.kind === "border");
}

export default function Output({ output, lang }: OutputProps): VNode {
  switch (output.kind) {
    case "text":
      return (
        <pre class={output.value ? "v-text v-value" : "v-text"}>{output.lines.map((l) => say(l, lang)).join("\n")}</pre>
      );
    case "table":
      return <Table output={output} lang={lang} />;
    case "chart":
      return <Chart output={output} lang={lang} />;
    case "heap":
      return <Heap output={output} lang={lang} />;
    case "picture":
      return checked(lang, () => {
        return draw(parsePicture(output.picture), lang);
      });
    case "error":
      return (
        <div class="v-error">
          <p>
            <samp>{`${output.name}: ${output.message}`}</samp>
            {output.line !== null && <b>{vizWords[lang].error.line(output.line)}</b>}
          </p>
          <p>{say(output.say, lang)}</p>
        </div>
      );
    case "cut":
      return <p class="v-cut">{vizWords[lang].cut[output.what](output.dropped)}</p>;
  }
}

function Heap({ output, lang }: { output: OutputData & { kind: "heap" }; lang: Lang }): VNode {
  return checked(lang, () => {
    parseSnapshot(output.snapshot);
    return <HeapPicture lang={lang} {...output} />;
  });
}

function draw(picture: Picture, lang: Lang): VNode {
  switch (picture.kind) {
    case "paths":
      return <Paths picture={picture} lang={lang} />;
    case "border":
      return <Border picture={picture} lang={lang} />;
    case "tiny":
      return <Tiny picture={picture} lang={lang} />;
    case "lanes":
      return <Lanes picture={picture} lang={lang} />;
  }
}

/** The drawing, or clear words about the field that is wrong. */
function checked(lang: Lang, make: () => VNode): VNode {
  try {
    return make();
  } catch (e) {
    if (e instanceof PictureFault) return <Fault fault={e} lang={lang} />;
    throw e;
  }
}
