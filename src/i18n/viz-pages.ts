/** Words of the page bitmap, its summaries and the search through them. */
import type { FindStep, Sum } from "../viz/data/pages.ts";

const pages = (n: number) => `${n} ${n === 1 ? "page" : "pages"}`;
const figures = ({ start, max, end }: Sum) => `start \`${start}\`, max \`${max}\`, end \`${end}\``;

const en = {
  caption: "A chunk of 512 pages, and the summaries above it",
  captionFind: (n: number) => `Looking for ${n} free pages in a row`,
  empty: "The heap has not grown yet: it has no chunk.",
  chunkOf: (i: number, n: number) => `chunk ${i} of ${n}`,
  previousChunk: "Previous chunk",
  nextChunk: "Next chunk",
  map: (address: string, used: number, free: number, back: number) =>
    `Chunk at ${address}: ${used} pages in use, ${free} free, ${back} of the free ones given back`,
  level: (l: number, size: string) => `level ${l}, ${size} each`,
  single: (l: number) => `level ${l}`,
  leaf: (l: number, size: string) => `level ${l}, ${size} each: the chunks`,
  pageLabel: "Page",
  previousPage: "Previous page",
  nextPage: "Next page",
  state: { used: "in use", free: "free", back: "free, given back to the OS" },
  page: (i: number, address: string, state: string, word: number, bit: number) =>
    `Page \`${i}\` of the chunk, \`${address}\`: ${state}. Bit ${bit} of word ${word}.`,
  chunkSays: (s: Sum) => `The chunk’s summary: ${figures(s)}.`,
  stepLabel: "Step of the search",
  previousStep: "Previous step",
  nextStep: "Next step",
  step: (s: FindStep, n: number, i: number, of: number, way: "down" | "here" | "border") =>
    `Step ${i} of ${of}. Level ${s.level}, \`${s.address}\`: ${figures(s)}. ${
      s.took === "refused"
        ? `Refused: no ${pages(n)} in a row, alone or across the border before it.`
        : s.took === "skipped"
          ? "Skipped: not one page is free."
          : {
              down: `Accepted: ${pages(n)} in a row lie in it. One level down.`,
              here: `Accepted: ${pages(n)} in a row lie in it.`,
              border: `Accepted: a run that began before it ends in it, ${pages(n)} or more in all.`,
            }[way]
    }`,
  found: (n: number, address: string, page: number, looked: number) =>
    `Found: ${pages(n)} from \`${address}\`, page ${page} of its chunk. ${looked} ${looked === 1 ? "summary was" : "summaries were"} looked at.`,
  short: (n: number, address: string, page: number) =>
    `Found: ${pages(n)} from \`${address}\`, page ${page} of its chunk. The chunk at \`searchAddr\` was enough; the tree was not asked.`,
  missed: (n: number, looked: number) =>
    `No ${pages(n)} in a row anywhere: the heap has to grow. ${looked} ${looked === 1 ? "summary was" : "summaries were"} looked at.`,
  none: (n: number) => `No page at all is free, so no ${pages(n)} in a row: the heap has to grow.`,
  took: { accepted: "accepted", refused: "refused", skipped: "skipped" } as Record<FindStep["took"], string>,
  nowhere: "none: all is in use",
  pagesUsed: "in use",
  pagesFree: "free",
  pagesBack: "given back",
  keyUsed: "in use",
  keyFree: "free",
  keyBack: "free, given back to the OS",
  keyChanged: "changed since the step before",
  keyFound: "found",
  keySelected: "selected",
  keyAccepted: "accepted",
  keyRefused: "refused",
  keySkipped: "skipped, nothing free",
  columns: ["level", "address", "start", "max", "end"] as readonly string[],
  verdict: "verdict",
};

const zh: typeof en = {
  caption: "一个 chunk 的 512 页，和它上面的摘要",
  captionFind: (n) => `找 ${n} 个连续的空闲页`,
  empty: "堆还没有增长过：一个 chunk 也没有。",
  chunkOf: (i, n) => `第 ${i} 个 chunk，共 ${n} 个`,
  previousChunk: "上一个 chunk",
  nextChunk: "下一个 chunk",
  map: (address, used, free, back) =>
    `地址 ${address} 的 chunk：${used} 页在用，${free} 页空闲，空闲页里 ${back} 页已归还`,
  level: (l, size) => `第 ${l} 层，每条 ${size}`,
  single: (l) => `第 ${l} 层`,
  leaf: (l, size) => `第 ${l} 层，每条 ${size}，就是 chunk`,
  pageLabel: "页",
  previousPage: "上一页",
  nextPage: "下一页",
  state: { used: "在用", free: "空闲", back: "空闲，已归还系统" },
  page: (i, address, state, word, bit) =>
    `chunk 的第 \`${i}\` 页，地址 \`${address}\`：${state}。第 ${word} 个字的第 ${bit} 位。`,
  chunkSays: (s) => `这个 chunk 的摘要：${figures(s)}。`,
  stepLabel: "查找的步骤",
  previousStep: "上一步",
  nextStep: "下一步",
  step: (s, n, i, of, way) =>
    `第 ${i} / ${of} 步，第 ${s.level} 层，\`${s.address}\`：${figures(s)}。${
      s.took === "refused"
        ? `不要：单看它，或者连上前面的邻居，都没有连续 ${n} 页。`
        : s.took === "skipped"
          ? "跳过：一页空闲的也没有。"
          : {
              down: `接受：里面有连续 ${n} 页，往下一层。`,
              here: `接受：里面有连续 ${n} 页。`,
              border: `接受：从前面延续过来的空闲页，加上它开头的，够 ${n} 页了。`,
            }[way]
    }`,
  found: (n, address, page, looked) =>
    `找到了：从 \`${address}\` 起连续 ${n} 页，是所在 chunk 的第 ${page} 页。一共看了 ${looked} 条摘要。`,
  short: (n, address, page) =>
    `找到了：从 \`${address}\` 起连续 ${n} 页，是所在 chunk 的第 ${page} 页。\`searchAddr\` 所在的 chunk 就够，没有查树。`,
  missed: (n, looked) => `哪里都没有连续 ${n} 页：堆要增长。一共看了 ${looked} 条摘要。`,
  none: (n) => `一页空闲的也没有，更没有连续 ${n} 页：堆要增长。`,
  took: { accepted: "接受", refused: "不要", skipped: "跳过" },
  nowhere: "没有：全在用",
  pagesUsed: "在用",
  pagesFree: "空闲",
  pagesBack: "已归还",
  keyUsed: "在用",
  keyFree: "空闲",
  keyBack: "空闲，已归还系统",
  keyChanged: "与上一步相比变了",
  keyFound: "找到的页",
  keySelected: "选中的",
  keyAccepted: "接受",
  keyRefused: "不要",
  keySkipped: "跳过，没有空闲页",
  columns: ["层", "地址", "start", "max", "end"],
  verdict: "结果",
};

export const pagesWords = { en, zh } as const;
