/** Words of the byte ruler. */
const en = {
  legend: "The object has",
  pointersNo: "no pointers",
  pointersYes: "pointers",
  bytes: "Bytes asked for",
  before: "Ask for ",
  after: " bytes, ",
  zero: "get no slot at all.",
  tiny: (n: number) => `share a 16-byte tiny block with others${n < 16 ? "" : ""}.`,
  exact: (slot: number) => `get a slot of ${slot}: nothing left over.`,
  slot: (slot: number, rest: number) => `get a slot of ${slot}; ${rest} stay empty.`,
  header: (slot: number, rest: number) =>
    `get a slot of ${slot}: 8 for a type word, ${rest === 0 ? "nothing left over" : `${rest} stay empty`}.`,
  scale: (n: number) => (n === 1 ? "one square is one byte" : `one square is ${n} bytes`),
  keyYours: "your bytes",
  keyRest: "left over in the slot",
  keyTiny: "in a tiny block",
  keyHeader: "type word",
  keyFree: "not part of it",
};

const zh: typeof en = {
  legend: "对象里",
  pointersNo: "没有指针",
  pointersYes: "有指针",
  bytes: "申请的字节数",
  before: "申请 ",
  after: " 字节，",
  zero: "不占任何槽。",
  tiny: () => "和别的小东西合住一个 16 字节的微型块。",
  exact: (slot) => `正好一个 ${slot} 字节的槽，一个字节不空。`,
  slot: (slot, rest) => `得到 ${slot} 字节的槽，空出 ${rest} 字节。`,
  header: (slot, rest) =>
    `得到 ${slot} 字节的槽：8 字节放类型字，${rest === 0 ? "一个字节不空" : `空出 ${rest} 字节`}。`,
  scale: (n) => (n === 1 ? "一格是一个字节" : `一格是 ${n} 个字节`),
  keyYours: "你的字节",
  keyRest: "槽里空出的",
  keyTiny: "微型块里的",
  keyHeader: "类型字",
  keyFree: "没用到",
};

export const rulerWords = { en, zh } as const;
