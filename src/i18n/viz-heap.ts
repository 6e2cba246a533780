/** Words of the heap strip and the span inspector. */

/** What is known of the slot that a sentence reads. */
export interface SlotSaid {
  i: number;
  address: string;
  state: "survivor" | "new" | "next" | "free";
  /** Word of allocBits and bit in it. */
  word: number;
  bit: number;
  value: number;
  marked: boolean;
  unswept: boolean;
  /** The P whose current tiny block it is, and that block's first free byte. */
  tiny: { p: number; offset: number } | null;
}

const en = {
  keys: {
    scan: "allocated since the sweep, with pointers",
    noscan: "allocated since the sweep, no pointers",
    tiny: "tiny block or 16-byte object, since the sweep",
    survivor: "survivor (`allocBits` = 1)",
    marked: "marked (`gcmarkBits` = 1)",
    free: "free",
    next: "next, or selected",
    open: "current tiny block of a P",
    unswept: "not swept yet",
    changed: "changed since the step before",
    heapBits: (n: number) => `pointer bitmap ${n} B`,
    inlineMarks: (n: number) => `inline mark bits ${n} B`,
    slack: (n: number) => `rest ${n} B`,
    pageScan: "objects with pointers",
    pageNoscan: "without",
    pageTiny: "tiny",
    pageStack: "stack, work buffer",
    pageFree: "free",
    pageBack: "not backed by the OS",
    pageCached: "free, in a P’s page cache",
    pageTaken: "in use, no span",
    pageNone: "beyond the mapped heap",
  },
  heap: {
    caption: (pages: number, squares: number, nelems: number) =>
      `${pages} pages of heap, and one span enlarged: ${squares} squares, ${nelems} of which hold objects`,
    captionLarge: (pages: number) => `${pages} pages of heap, and one span enlarged: a single large object`,
    captionStack: (pages: number) => `${pages} pages of heap, and one span enlarged: no objects, it is managed by hand`,
    captionGap: (pages: number, n: number) =>
      `${pages} pages of heap, and ${n} ${n === 1 ? "page" : "pages"} enlarged that no span covers`,
    captionEmpty: (pages: number) => `${pages} pages of heap, none of which is a span yet`,
    strip: (pages: number, page: number) => `A heap of ${pages} pages, the span at page ${page} selected`,
    map: (size: number, kind: string, n: number, used: number, kept: number, next: number | null) =>
      `Span of ${size}-byte slots, ${kind}: ${n} slots, ${used} allocated, ${kept} survivors, ${next === null ? "full" : `next free slot ${next}`}`,
    kind: {
      scan: "with pointers",
      noscan: "no pointers",
      tiny: "no pointers, tiny blocks among them",
      stack: "managed by hand",
    },
    slot: (s: SlotSaid) =>
      `Slot \`${s.i}\` at \`${s.address}\`: ${
        {
          survivor: "survived the last mark",
          new: "allocated since the sweep",
          next: "free, and next to be handed out",
          free: "free",
        }[s.state]
      }${s.marked ? ", marked in this cycle" : ""}${s.unswept ? ", not swept yet" : ""}${
        s.tiny ? `; the current tiny block of P${s.tiny.p}, \`${s.tiny.offset}\` of 16 bytes passed` : ""
      }. Bit ${s.bit} of \`allocBits[${s.word}]\` is \`${s.value}\`.`,
    large: (base: string, size: number, pages: number, used: boolean, noscan: boolean) =>
      `One large object at \`${base}\`: ${size} bytes, ${pages} ${pages === 1 ? "page" : "pages"}, ${noscan ? "no pointers" : "with pointers"}, ${used ? "allocated" : "free"}.`,
    stack: (base: string, pages: number) =>
      `Span at \`${base}\`: ${pages} ${pages === 1 ? "page" : "pages"} for stacks or work buffers; it has no slots.`,
    gap: (page: number, n: number, address: string, state: string) =>
      `${n === 1 ? `Page ${page}` : `Pages ${page} to ${page + n - 1}`} from \`${address}\`, no span: ${state}.`,
    empty: "No span in this part of the heap.",
    overview: (n: number) => `all ${n} pages`,
    between: "between spans",
    slotLabel: "Slot",
    previousSlot: "Previous slot",
    nextSlot: "Next slot",
    previousSpan: "Previous span or gap",
    nextSpan: "Next span or gap",
    spanOf: (i: number, n: number) => `span ${i} of ${n}`,
    zeros: "trailing zeros",
    heldBy: "held by",
    mcache: (p: number) => `mcache of P${p}`,
    mcentral: "mcentral,",
    nobody: "nobody",
    twinSpans: "Spans on these pages",
    twinSpan: (page: number, pages: number, kind: string) =>
      `page ${page}${pages > 1 ? `–${page + pages - 1}` : ""}: ${kind}`,
    twinBytes: (n: number) => `${n} B`,
    twinSlots: (words: string, list: string) => `slots ${words}: ${list || "none"}`,
    allocated: "allocated",
    survivors: "that survived the last mark",
    marked: "marked",
    freeSlots: "free",
    ticks: (n: number) => `one tick is ${n} pages`,
    sweep: {
      "-2": "needs sweeping",
      "-1": "being swept",
      0: "swept",
      1: "cached, needs sweeping",
      3: "swept, cached",
    } as Record<string, string>,
  },
};

const zh: typeof en = {
  keys: {
    scan: "清扫后分配，含指针",
    noscan: "清扫后分配，无指针",
    tiny: "清扫后分配的微型块或 16 字节对象",
    survivor: "上轮幸存（`allocBits` = 1）",
    marked: "已标记（`gcmarkBits` = 1）",
    free: "空闲",
    next: "下一个，或选中的",
    open: "某个 P 正在用的微型块",
    unswept: "尚未清扫",
    changed: "与上一步相比变了",
    heapBits: (n) => `指针位图 ${n} B`,
    inlineMarks: (n) => `内联标记位 ${n} B`,
    slack: (n) => `余下 ${n} B`,
    pageScan: "含指针的对象",
    pageNoscan: "无指针",
    pageTiny: "微型块",
    pageStack: "栈、工作缓冲",
    pageFree: "空闲",
    pageBack: "没有物理内存",
    pageCached: "空闲，在某个 P 的页缓存里",
    pageTaken: "占用，没有 span",
    pageNone: "还没映射",
  },
  heap: {
    caption: (pages, squares, nelems) => `堆的 ${pages} 页，放大其中一个 span：${squares} 格，${nelems} 格能放对象`,
    captionLarge: (pages) => `堆的 ${pages} 页，放大其中一个 span：只放一个大对象`,
    captionStack: (pages) => `堆的 ${pages} 页，放大其中一个 span：不放对象，手动管理`,
    captionGap: (pages, n) => `堆的 ${pages} 页，放大其中没有 span 的 ${n} 页`,
    captionEmpty: (pages) => `堆的 ${pages} 页，还没有 span`,
    strip: (pages, page) => `堆的 ${pages} 页，选中第 ${page} 页的 span`,
    map: (size, kind, n, used, kept, next) =>
      `${size} 字节槽的 span，${kind}：共 ${n} 个槽，已分配 ${used}，上轮幸存 ${kept}，${next === null ? "已满" : `下一个空槽 ${next}`}`,
    kind: { scan: "含指针", noscan: "无指针", tiny: "无指针，其中有微型块", stack: "手动管理" },
    slot: (s) =>
      `槽 \`${s.i}\`，地址 \`${s.address}\`：${
        { survivor: "上轮标记幸存", new: "清扫后分配", next: "空闲，下一个分给它", free: "空闲" }[s.state]
      }${s.marked ? "，本轮已标记" : ""}${s.unswept ? "，尚未清扫" : ""}${
        s.tiny ? `；P${s.tiny.p} 正在用的微型块，16 字节已走过 \`${s.tiny.offset}\`` : ""
      }。\`allocBits[${s.word}]\` 第 ${s.bit} 位是 \`${s.value}\`。`,
    large: (base, size, pages, used, noscan) =>
      `一个大对象，地址 \`${base}\`：${size} 字节，${pages} 页，${noscan ? "无指针" : "含指针"}，${used ? "已分配" : "空闲"}。`,
    stack: (base, pages) => `地址 \`${base}\` 的 span：${pages} 页，给栈或工作缓冲用，没有槽。`,
    gap: (page, n, address, state) =>
      `第 ${n === 1 ? page : `${page} 到 ${page + n - 1}`} 页，从 \`${address}\` 起，没有 span：${state}。`,
    empty: "这一段堆里没有 span。",
    overview: (n) => `全部 ${n} 页`,
    between: "两个 span 之间",
    slotLabel: "槽",
    previousSlot: "上一个槽",
    nextSlot: "下一个槽",
    previousSpan: "上一个 span 或空档",
    nextSpan: "下一个 span 或空档",
    spanOf: (i, n) => `第 ${i} 个 span，共 ${n} 个`,
    zeros: "末尾 0 的个数",
    heldBy: "在谁手里",
    mcache: (p) => `P${p} 的 mcache`,
    mcentral: "mcentral 的",
    nobody: "没有",
    twinSpans: "这些页上的 span",
    twinSpan: (page, pages, kind) => `第 ${page}${pages > 1 ? `–${page + pages - 1}` : ""} 页：${kind}`,
    twinBytes: (n) => `${n} B`,
    twinSlots: (words, list) => `${words}的槽：${list || "没有"}`,
    allocated: "已分配",
    survivors: "上轮幸存",
    marked: "已标记",
    freeSlots: "空闲",
    ticks: (n) => `一个刻度是 ${n} 页`,
    sweep: { "-2": "待清扫", "-1": "正在清扫", 0: "已清扫", 1: "缓存中，待清扫", 3: "清扫后缓存" },
  },
};

/** Words of one language. */
export type HeapWords = typeof en;

export const heapWords = { en, zh } as const;
