/** Words of the 2 × 2 board of an mcentral. */
import type { SetName } from "../viz/data/central.ts";

const spans = (n: number) => `${n} ${n === 1 ? "span" : "spans"}`;

const en = {
  caption: (spc: number, size: number | undefined, noscan: boolean) =>
    `The four sets of span class ${spc}: ${size === undefined ? "" : `slots of ${size} B, `}${noscan ? "no pointers" : "with pointers"}`,
  swept: "swept",
  unswept: "not swept yet",
  sweptGen: "`sweepgen` = `h`",
  unsweptGen: "`sweepgen` = `h` − 2",
  partial: "a slot is free",
  full: "no slot is free",
  order: (n: number) => `asked ${["", "first", "second", "third"][n]}`,
  never: "never asked",
  none: "empty",
  more: (n: number) => `${spans(n)} more`,
  taken: (n: number, of: number) => `${n} of ${of}`,
  say: (h: number, n: Record<SetName, number>) =>
    `The heap’s \`sweepgen\`, \`h\`, is \`${h}\`. With a free slot: ${n.partialSwept} swept, ${n.partialUnswept} not swept yet. Full: ${n.fullSwept} swept, ${n.fullUnswept} not swept yet.`,
  next: (n: Record<SetName, number>): string =>
    n.partialSwept > 0
      ? "A refill takes one from the first set as it is."
      : n.partialUnswept > 0
        ? "The first set is empty: a refill takes one from the second and sweeps it."
        : n.fullUnswept > 0
          ? "None has a free slot: a refill sweeps full ones, at most 101, until one turns out to have room; else the heap gives a new span."
          : "Nothing here can serve a refill: the heap gives a new span.",
  keyTaken: "slots taken",
  keyFree: "slots free",
  keyOld: "not swept yet",
  columns: ["set", "span", "taken", "slots", "sweepgen"] as readonly string[],
};

const zh: typeof en = {
  caption: (spc, size, noscan) =>
    `span 类 ${spc} 的四个集合：${size === undefined ? "" : `槽 ${size} B，`}${noscan ? "无指针" : "含指针"}`,
  swept: "清扫过",
  unswept: "待清扫",
  sweptGen: "`sweepgen` = `h`",
  unsweptGen: "`sweepgen` = `h` − 2",
  partial: "有空槽",
  full: "没有空槽",
  order: (n) => `第 ${n} 个问`,
  never: "从来不问",
  none: "空",
  more: (n) => `还有 ${n} 个 span`,
  taken: (n, of) => `${n} / ${of}`,
  say: (h, n) =>
    `堆的 \`sweepgen\`（记作 \`h\`）是 \`${h}\`。有空槽的：清扫过 ${n.partialSwept} 个，待清扫 ${n.partialUnswept} 个；没有空槽的：清扫过 ${n.fullSwept} 个，待清扫 ${n.fullUnswept} 个。`,
  next: (n) =>
    n.partialSwept > 0
      ? "refill 直接从第一个集合拿一个。"
      : n.partialUnswept > 0
        ? "第一个集合空了：refill 从第二个拿一个，当场清扫。"
        : n.fullUnswept > 0
          ? "没有带空槽的：refill 去清扫满的，至多 101 个，扫到腾出空槽为止；一个也没腾出来，就向堆要新的 span。"
          : "这里帮不上 refill：向堆要新的 span。",
  keyTaken: "占用的槽",
  keyFree: "空槽",
  keyOld: "待清扫",
  columns: ["集合", "span", "占用", "槽", "sweepgen"],
};

export const centralWords = { en, zh } as const;
