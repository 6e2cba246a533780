/** Words of the number line of sizes. */
const en = {
  caption: (from: number, to: number) => `Sizes from ${from} to ${to} bytes, in two lanes`,
  small: "small",
  large: "large",
  slot: "slot",
  say: (n: number, lane: "small" | "large", slot: number, pages: number) =>
    lane === "small"
      ? `\`${n}\` bytes: small. A slot of \`${slot}\` bytes, in a span of ${pages} pages; ${slot - n} bytes stay empty.`
      : `\`${n}\` bytes: large. A span of its own, ${pages} pages, \`${slot}\` bytes.`,
  room: (n: number, slot: number) => `the last ${n} bytes of the ${slot}-byte slot: room for a type word`,
  size: "Size in bytes",
  previous: "One size down",
  next: "One size up",
  columns: ["size", "lane", "slot, B", "pages"],
};

const zh: typeof en = {
  caption: (from, to) => `从 ${from} 到 ${to} 字节，分两道`,
  small: "小对象",
  large: "大对象",
  slot: "槽",
  say: (n, lane, slot, pages) =>
    lane === "small"
      ? `\`${n}\` 字节：小对象。得到 \`${slot}\` 字节的槽，所在 span 有 ${pages} 页；空出 ${slot - n} 字节。`
      : `\`${n}\` 字节：大对象。独占一个 span，${pages} 页，\`${slot}\` 字节。`,
  room: (n, slot) => `${slot} 字节的槽里最后 ${n} 个字节：留给类型字`,
  size: "字节数",
  previous: "小一字节",
  next: "大一字节",
  columns: ["大小", "哪一道", "槽 B", "页"],
};

export const borderWords = { en, zh } as const;
