/** What is wrong with a picture's data, after the name of the field. */
import type { FaultKind, Lang } from "../viz/read.ts";

export const faultWords: Readonly<Record<Lang, Readonly<Record<FaultKind, string>>>> = {
  en: {
    kind: "is missing or of the wrong type",
    range: "is outside what is possible",
    hex: "is not a hexadecimal number",
    short: "has too few digits",
    order: "is out of order or overlaps",
  },
  zh: {
    kind: "缺了，或类型不对",
    range: "超出可能的范围",
    hex: "不是十六进制数",
    short: "位数不够",
    order: "顺序不对，或有重叠",
  },
};
