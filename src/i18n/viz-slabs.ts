/** Words of jemalloc's page runs beside Go's spans. */
import type { Extent, SlabSpan } from "../viz/data/slabs.ts";

const en = {
  caption: "Page runs of the off-heap allocator",
  captionBoth: "Off-heap page runs, and the spans of the Go heap",
  offheap: "off-heap",
  go: "Go heap",
  sum: (runs: number, size: string) => `${runs} ${runs === 1 ? "run" : "runs"} of pages, ${size}`,
  spans: (n: number, size: string) => `${n} ${n === 1 ? "span" : "spans"}, ${size}`,
  pages: (n: number, size: string) => `${n} × ${size}`,
  slots: (size: number, taken: number, of: number) => `${size} B, ${taken} of ${of} taken`,
  state: {
    slab: "slab",
    large: "one large block",
    dirty: "free, dirty: just freed",
    muzzy: "free, muzzy: the OS may take it",
    retained: "free, retained: an address only",
  } as Record<Extent["state"], string>,
  kind: { scan: "with pointers", noscan: "no pointers", tiny: "tiny blocks", stack: "stacks" } as Record<
    SlabSpan["kind"],
    string
  >,
  cached: "one large block, freed, in a thread cache",
  none: "nothing yet",
  say: (live: string, all: string) => `Off-heap, \`${live}\` of \`${all}\` is in use by blocks.`,
  sayBoth: (live: string, all: string, taken: string, heap: string) =>
    `Off-heap, \`${live}\` of \`${all}\` is taken by blocks; in the Go heap, \`${taken}\` of \`${heap}\` by slots.`,
  more: (n: number) => `${n} more`,
  keyBlock: "block, no pointers",
  keyScan: "slot taken, with pointers",
  keyNoscan: "slot taken, no pointers",
  keyTiny: "tiny block",
  keyFree: "free",
  keyTail: "tail, fits no more",
  keyDirty: "dirty",
  keyMuzzy: "muzzy",
  keyRetained: "retained",
  keyStack: "stacks",
  scale: (size: string) => `one scale: the whole width is ${size}; longer ones are cut`,
  columns: ["where", "address", "bytes", "what"] as readonly string[],
};

const zh: typeof en = {
  caption: "堆外分配器的页段",
  captionBoth: "堆外的页段，和 Go 堆的 span",
  offheap: "堆外",
  go: "Go 堆",
  sum: (runs, size) => `${runs} 段连续的页，${size}`,
  spans: (n, size) => `${n} 个 span，${size}`,
  pages: (n, size) => `${n} × ${size}`,
  slots: (size, taken, of) => `${size} B，用了 ${taken} / ${of}`,
  state: {
    slab: "slab",
    large: "一个大块",
    dirty: "空闲，dirty：刚释放",
    muzzy: "空闲，muzzy：系统随时可收走",
    retained: "空闲，retained：只剩地址",
  },
  kind: { scan: "含指针", noscan: "无指针", tiny: "微型块", stack: "栈" },
  cached: "一个大块，已释放，在线程缓存里",
  none: "还什么都没有",
  say: (live, all) => `堆外 \`${all}\` 里，块占了 \`${live}\`。`,
  sayBoth: (live, all, taken, heap) =>
    `堆外 \`${all}\` 里，块占了 \`${live}\`；Go 堆 \`${heap}\` 里，槽占了 \`${taken}\`。`,
  more: (n) => `还有 ${n} 个`,
  keyBlock: "块，无指针",
  keyScan: "占用的槽，含指针",
  keyNoscan: "占用的槽，无指针",
  keyTiny: "微型块",
  keyFree: "空闲",
  keyTail: "尾部，再放不下一个",
  keyDirty: "dirty",
  keyMuzzy: "muzzy",
  keyRetained: "retained",
  keyStack: "栈",
  scale: (size) => `同一个比例：全宽是 ${size}，更长的截断`,
  columns: ["在哪里", "地址", "字节", "是什么"],
};

export const slabsWords = { en, zh } as const;
