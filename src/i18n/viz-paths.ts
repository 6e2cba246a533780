/** Words of mallocgc's decision tree. */
import type { PathName } from "../viz/data/allocation.ts";

const en = {
  caption: "The questions that mallocgc asks, and the way taken",
  say: (label: string, path: string, slot: number | undefined) =>
    `${label}: ${path}${slot === undefined ? "" : `, ${slot} B`}`,
  none: "nothing taken here",
  yes: "yes",
  no: "no",
  size0: "`size == 0`",
  fits: "`size <= 32768 - 8`",
  noPointers: "no pointers?",
  tiny: "`size < 16`",
  inSpan: "`size <= 512`",
  leaf: {
    zero: ["zero", "address of `zerobase`, no slot"],
    tiny: ["tiny", "part of a 16-byte block"],
    "small noscan": ["small noscan", "a slot, no pointer bits"],
    "small scan": ["small scan", "pointer bits at the span’s end"],
    "small scan, header": ["small scan, header", "a type word in front"],
    large: ["large", "a span of its own"],
  } as Record<PathName, [string, string]>,
  key: "taken",
  keyNot: "not taken",
};

const zh: typeof en = {
  caption: "mallocgc 依次问的问题，和走过的路",
  say: (label, path, slot) => `${label}：${path}${slot === undefined ? "" : `，${slot} B`}`,
  none: "没有走到这里",
  yes: "是",
  no: "否",
  size0: "`size == 0`",
  fits: "`size <= 32768 - 8`",
  noPointers: "没有指针？",
  tiny: "`size < 16`",
  inSpan: "`size <= 512`",
  leaf: {
    zero: ["零大小", "`zerobase` 的地址，不占槽"],
    tiny: ["微型", "16 字节块里的一段"],
    "small noscan": ["小，无指针", "一个槽，不记指针位"],
    "small scan": ["小，含指针", "指针位记在 span 末尾"],
    "small scan, header": ["小，含指针，带头", "对象前面有一个类型字"],
    large: ["大", "独占一个 span"],
  },
  key: "走过",
  keyNot: "没走",
};

export const pathsWords = { en, zh } as const;
