/** Words that all pictures share. Text between backticks is set as code; `strip` takes the backticks away. */
import { faultWords } from "./viz-fault.ts";

const en = {
  table: {
    cut: (n: number) => `${n} ${n === 1 ? "row" : "rows"} left out`,
    empty: "No rows.",
  },
  cut: {
    lines: (n: number) => `${n} lines left out here: the cell printed more than a page holds.`,
    outputs: (n: number) => `${n} results left out here: the cell showed more than a page holds.`,
    bytes: (n: number) => `${n} bytes left out here: the cell’s result is larger than a page holds.`,
  },
  error: {
    line: (n: number) => `line ${n}`,
  },
  fault: {
    lead: "This picture cannot be drawn",
    ...faultWords.en,
  },
  asText: "As text",
  comma: ", ",
  colon: ": ",
};

export type VizWords = typeof en;

const zh: VizWords = {
  table: {
    cut: (n) => `略去 ${n} 行`,
    empty: "没有数据。",
  },
  cut: {
    lines: (n) => `此处略去 ${n} 行：输出太多，一页放不下。`,
    outputs: (n) => `此处略去 ${n} 个结果：结果太多，一页放不下。`,
    bytes: (n) => `此处略去 ${n} 字节：结果太大，一页放不下。`,
  },
  error: {
    line: (n) => `第 ${n} 行`,
  },
  fault: {
    lead: "这张图画不出来",
    ...faultWords.zh,
  },
  asText: "用文字看",
  comma: "，",
  colon: "：",
};

export const vizWords: { readonly zh: VizWords; readonly en: VizWords } = { zh, en };

/** Words without the marks of code: for labels that only ears get. */
export function strip(words: string): string {
  return words.replaceAll("`", "");
}
