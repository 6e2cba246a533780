/** A chapter's programs, as its page fetches them at the first touch. */
import { createHash } from "node:crypto";
import { url } from "../i18n/index.ts";
import type { CellData, ChapterData } from "../kernel/cell-data.ts";
import { isInteractive } from "../viz/Output.tsx";
import { type Cell, loadCell, shownCells } from "./cells.ts";

function dataOf({ compiled, check, hash, recorded, controls, outputs, expected }: Cell): CellData {
  return {
    script: compiled.script,
    declares: compiled.declares,
    reads: compiled.reads,
    touches: compiled.touches,
    hash,
    ...(check === null ? {} : { check: { script: check.script, declares: check.declares } }),
    ...(Object.keys(recorded).length === 0 ? {} : { recorded }),
    ...(expected.predict === undefined ? {} : { answers: expected.predict.choices.map((choice) => choice.say) }),
    controls,
    live: Object.fromEntries(outputs.map((output, i) => [i, output] as const).filter(([, o]) => isInteractive(o))),
  };
}

/** The programs of the cells that a chapter shows, by id. */
export async function chapterData(chapter: string): Promise<ChapterData> {
  const data: Record<string, CellData> = {};
  for (const id of shownCells(chapter)) data[id] = dataOf(await loadCell(id));
  return data;
}

/** Where a page finds them; the address changes with what they are, so that it may be kept for good. */
export async function chapterDataUrl(chapter: string): Promise<string> {
  const text = JSON.stringify(await chapterData(chapter));
  return `${url(`cells/${chapter}.json`)}?v=${createHash("sha256").update(text).digest("hex").slice(0, 12)}`;
}
