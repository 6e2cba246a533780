/** Words of strips of memory. */
import type { BlockKind } from "../viz/data/strip.ts";

const en = {
  caption: "Memory, true to scale",
  kind: {
    live: "in use",
    pointers: "in use, with pointers",
    tiny: "tiny block",
    stack: "stack",
    free: "free",
    waste: "rounding, alignment, tail",
    hole: "free, but of no use",
    meta: "kept by the allocator",
    reserved: "reserved, not mapped",
    ready: "mapped, not touched",
    resident: "resident",
    returned: "given back to the OS",
  } as Record<BlockKind, string>,
  noPointers: "in use, no pointers",
  said: (strip: string, at: number, end: number, kind: string, size: string, label: string) =>
    `${strip}, bytes \`${at}\` to \`${end}\`: ${label ? `${label}, ` : ""}${kind}, ${size}.`,
  sum: (parts: readonly string[]) => parts.join("; "),
  part: (share: string, kind: string) => `${share} ${kind}`,
  pieces: (n: number, longest: string) =>
    n === 1 ? `free in one piece of ${longest}` : `free in ${n} pieces, the longest ${longest}`,
  noPiece: "nothing free",
  label: "Block",
  previous: "Previous block",
  next: "Next block",
  row: (size: string) => `one row is ${size}`,
  columns: ["from", "bytes", "what"] as readonly string[],
  keySelected: "selected",
  cut: (n: number) => `${n} more`,
};

const zh: typeof en = {
  caption: "按比例画的内存",
  kind: {
    live: "在用",
    pointers: "在用，含指针",
    tiny: "微型块",
    stack: "栈",
    free: "空闲",
    waste: "取整、对齐、尾部",
    hole: "空着却用不上",
    meta: "分配器自用",
    reserved: "只保留了地址",
    ready: "就绪，还没碰过",
    resident: "常驻",
    returned: "已归还系统",
  },
  noPointers: "在用，无指针",
  said: (strip, at, end, kind, size, label) =>
    `${strip}，第 \`${at}\` 到 \`${end}\` 字节：${label ? `${label}，` : ""}${kind}，${size}。`,
  sum: (parts) => parts.join("；"),
  part: (share, kind) => `${share} ${kind}`,
  pieces: (n, longest) => (n === 1 ? `空闲只有一段，${longest}` : `空闲分成 ${n} 段，最长 ${longest}`),
  noPiece: "没有空闲",
  label: "块",
  previous: "上一块",
  next: "下一块",
  row: (size) => `一行是 ${size}`,
  columns: ["起点", "字节", "是什么"],
  keySelected: "选中的",
  cut: (n) => `还有 ${n} 块`,
};

export const stripWords = { en, zh } as const;
