/** Words of tiny blocks. */
const en = {
  caption: "Tiny blocks of 16 bytes, and the objects in them",
  block: (i: number) => `block ${i}`,
  sum: (used: number, wasted: number, free: number) =>
    `${used} of 16 B used${wasted ? `, ${wasted} wasted` : ""}${free ? `, ${free} still free` : ""}`,
  say: (blocks: number, objects: number, used: number, wasted: number) =>
    `${objects} ${objects === 1 ? "object" : "objects"} in ${blocks} ${blocks === 1 ? "block" : "blocks"}: \`${used}\` of \`${blocks * 16}\` bytes are used, \`${wasted}\` wasted.`,
  object: (size: number, offset: number, label: string) => `${label ? `${label}: ` : ""}${size} B at offset ${offset}`,
  keyObject: "object, with its size in bytes",
  keyGap: "gap left by alignment, or never used",
  keyFree: "still free",
};

const zh: typeof en = {
  caption: "16 字节的微型块，和里面的对象",
  block: (i) => `第 ${i} 块`,
  sum: (used, wasted, free) => `用 ${used} / 16 B${wasted ? `，浪费 ${wasted}` : ""}${free ? `，还空 ${free}` : ""}`,
  say: (blocks, objects, used, wasted) =>
    `${objects} 个对象，${blocks} 个块：\`${blocks * 16}\` 字节里用了 \`${used}\`，浪费 \`${wasted}\`。`,
  object: (size, offset, label) => `${label ? `${label}：` : ""}${size} B，偏移 ${offset}`,
  keyObject: "对象，写着它的字节数",
  keyGap: "对齐留下的，或没用上的",
  keyFree: "还空着",
};

export const tinyWords = { en, zh } as const;
