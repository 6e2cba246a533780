/** One output of a cell with the drawings that it is handed: the same data give the same markup everywhere. */
import type { FunctionComponent, VNode } from "preact";
import { vizWords } from "../i18n/viz.ts";
import type { Output } from "../kernel/protocol.ts";
import { type Drawing, type Picture, parsePicture } from "./data.ts";
import type { DrawingProps, Drawings } from "./kinds.ts";
import { Fault, say } from "./parts.tsx";
import { type Lang, PictureFault } from "./read.ts";
import { parseSnapshot } from "./snapshot.ts";

export interface ViewProps {
  readonly output: Output;
  readonly lang: Lang;
  readonly drawings: Drawings;
}

export function View({ output, lang, drawings }: ViewProps): VNode | null {
  switch (output.kind) {
    case "text":
      return (
        <pre class={output.value ? "v-text v-value" : "v-text"}>{output.lines.map((l) => say(l, lang)).join("\n")}</pre>
      );
    case "table":
    case "chart":
      return draw(output, lang, drawings);
    case "heap":
      return checked(lang, () => {
        parseSnapshot(output.snapshot);
        return draw(output, lang, drawings);
      });
    case "picture":
      return checked(lang, () => draw(parsePicture(output.picture), lang, drawings));
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

/** A drawing by its kind. @returns null when there is none for it: nothing is shown rather than something wrong */
export function draw(
  picture: Picture | Drawing | (Output & { kind: "table" | "chart" }),
  lang: Lang,
  drawings: Drawings,
  before?: Drawing,
): VNode | null {
  const Kind = drawings[picture.kind] as FunctionComponent<DrawingProps<unknown>> | undefined;
  return Kind === undefined ? null : <Kind picture={picture} lang={lang} drawings={drawings} before={before} />;
}

/** The drawing, or clear words about the field that is wrong. */
function checked(lang: Lang, make: () => VNode | null): VNode | null {
  try {
    return make();
  } catch (e) {
    if (e instanceof PictureFault) return <Fault fault={e} lang={lang} />;
    throw e;
  }
}
