/** Words of the pictures. Text between backticks is set as code; `strip` takes the backticks away. */
import type { PathName } from "../viz/data/allocation.ts";
import { faultWords } from "./viz-fault.ts";

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
    empty: "No span in this part of the heap.",
    slotLabel: "Slot",
    previousSlot: "Previous slot",
    nextSlot: "Next slot",
    previousSpan: "Previous span",
    nextSpan: "Next span",
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
    twinPages: (words: string, list: string) => `pages ${words}: ${list}`,
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
  paths: {
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
  },
  border: {
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
  },
  tiny: {
    caption: "Tiny blocks of 16 bytes, and the objects in them",
    block: (i: number) => `block ${i}`,
    sum: (used: number, wasted: number, free: number) =>
      `${used} of 16 B used${wasted ? `, ${wasted} wasted` : ""}${free ? `, ${free} still free` : ""}`,
    say: (blocks: number, objects: number, used: number, wasted: number) =>
      `${objects} ${objects === 1 ? "object" : "objects"} in ${blocks} ${blocks === 1 ? "block" : "blocks"}: \`${used}\` of \`${blocks * 16}\` bytes are used, \`${wasted}\` wasted.`,
    object: (size: number, offset: number, label: string) =>
      `${label ? `${label}: ` : ""}${size} B at offset ${offset}`,
    keyObject: "object, with its size in bytes",
    keyGap: "gap left by alignment, or never used",
    keyFree: "still free",
  },
  lanes: {
    caption: "Each P with its goroutines and the spans in its mcache",
    runs: "runs",
    idle: "no goroutine",
    tiny: (offset: number) => `tiny block, \`${offset}\` of 16 bytes passed`,
    noSpans: "its mcache is empty",
    span: (size: number, noscan: boolean, used: number, n: number) =>
      `${size === 0 ? "large" : `${size} B`}, ${noscan ? "noscan" : "scan"}: ${used} of ${n} slots`,
    say: (ps: number, spans: number) =>
      `${ps} ${ps === 1 ? "P" : "Ps"}, ${spans} cached ${spans === 1 ? "span" : "spans"}; no span is in two mcaches.`,
    shared: (base: string) => `The span at \`${base}\` is in two mcaches.`,
    object: (label: string, address: string, slot: number, base: string, holder: string, madeOn: number | undefined) =>
      `\`${label}\` at \`${address}\`: slot ${slot} of span \`${base}\`, ${holder}${madeOn === undefined ? "" : `; made on P${madeOn}`}.`,
    group: (names: string[], slots: number[], base: string, holder: string, moved: string[]) =>
      `\`${names.join(" ")}\`: ${slots.length === 1 ? "slot" : "slots"} ${slots.join(", ")} of span \`${base}\`, ${holder}${
        moved.length > 0 ? `; made on another P: \`${moved.join(" ")}\`` : ""
      }.`,
    heldBy: (p: number) => `which is in the mcache of P${p}`,
    heldByNone: "which is in no mcache",
    row: (from: number, to: number, n: number) => `above: all ${n} slots; below: slots ${from} to ${to}`,
    keyUsed: (kind: string) =>
      `taken, ${{ scan: "with pointers", noscan: "no pointers", tiny: "tiny blocks or 16 bytes without pointers" }[kind]}`,
    keyFree: "free, and this P’s to hand out",
    keyNext: "next to be handed out",
  },
  chart: {
    caption: "Chart",
    data: "The same as a table",
    empty: "No points to draw.",
    bad: "A chart needs finite numbers.",
    badLog: "A logarithmic axis needs numbers above 0.",
    say: (name: string, n: number, from: string, to: string) => `${name}: ${n} points, from ${from} to ${to}.`,
  },
  table: {
    cut: (n: number) => `${n} ${n === 1 ? "row" : "rows"} left out`,
    empty: "No rows.",
  },
  cut: {
    lines: (n: number) => `${n} lines left out here: the cell printed more than a page holds.`,
    outputs: (n: number) => `${n} results left out here: the cell showed more than a page holds.`,
    bytes: (n: number) => `${n} bytes left out here: the cell’s result is larger than a page holds.`,
  },
  error: {
    line: (n: number) => `line ${n}`,
  },
  ruler: {
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
  },
  fault: {
    lead: "This picture cannot be drawn",
    ...faultWords.en,
  },
  asText: "As text",
  comma: ", ",
  colon: ": ",
};

export type VizWords = typeof en;

const zh: VizWords = {
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
    empty: "这一段堆里没有 span。",
    slotLabel: "槽",
    previousSlot: "上一个槽",
    nextSlot: "下一个槽",
    previousSpan: "上一个 span",
    nextSpan: "下一个 span",
    spanOf: (i, n) => `第 ${i} 个 span，共 ${n} 个`,
    zeros: "末尾 0 的个数",
    heldBy: "在谁手里",
    mcache: (p) => `P${p} 的 mcache`,
    mcentral: "mcentral 的",
    nobody: "没有",
    twinSpans: "这些页上的 span",
    twinSpan: (page, pages, kind) => `第 ${page}${pages > 1 ? `–${page + pages - 1}` : ""} 页：${kind}`,
    twinBytes: (n) => `${n} B`,
    twinPages: (words, list) => `${words}的页：${list}`,
    twinSlots: (words, list) => `${words}的槽：${list || "没有"}`,
    allocated: "已分配",
    survivors: "上轮幸存",
    marked: "已标记",
    freeSlots: "空闲",
    ticks: (n) => `一个刻度是 ${n} 页`,
    sweep: { "-2": "待清扫", "-1": "正在清扫", 0: "已清扫", 1: "缓存中，待清扫", 3: "清扫后缓存" },
  },
  paths: {
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
  },
  border: {
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
  },
  tiny: {
    caption: "16 字节的微型块，和里面的对象",
    block: (i) => `第 ${i} 块`,
    sum: (used, wasted, free) => `用 ${used} / 16 B${wasted ? `，浪费 ${wasted}` : ""}${free ? `，还空 ${free}` : ""}`,
    say: (blocks, objects, used, wasted) =>
      `${objects} 个对象，${blocks} 个块：\`${blocks * 16}\` 字节里用了 \`${used}\`，浪费 \`${wasted}\`。`,
    object: (size, offset, label) => `${label ? `${label}：` : ""}${size} B，偏移 ${offset}`,
    keyObject: "对象，写着它的字节数",
    keyGap: "对齐留下的，或没用上的",
    keyFree: "还空着",
  },
  lanes: {
    caption: "每个 P：正在运行的 goroutine，和 mcache 里的 span",
    runs: "运行",
    idle: "没有 goroutine",
    tiny: (offset) => `微型块，16 字节已走过 \`${offset}\``,
    noSpans: "它的 mcache 是空的",
    span: (size, noscan, used, n) =>
      `${size === 0 ? "大对象" : `${size} B`}，${noscan ? "noscan" : "scan"}：${n} 个槽用了 ${used}`,
    say: (ps, spans) => `${ps} 个 P，缓存着 ${spans} 个 span；没有哪个 span 同时在两个 mcache 里。`,
    shared: (base) => `地址 \`${base}\` 的 span 同时在两个 mcache 里。`,
    object: (label, address, slot, base, holder, madeOn) =>
      `\`${label}\`，地址 \`${address}\`：span \`${base}\` 的第 ${slot} 槽，${holder}${madeOn === undefined ? "" : `；分配它的是 P${madeOn}`}。`,
    group: (names, slots, base, holder, moved) =>
      `\`${names.join(" ")}\`：span \`${base}\` 的第 ${slots.join("、")} 槽，${holder}${
        moved.length > 0 ? `；由别的 P 分配：\`${moved.join(" ")}\`` : ""
      }。`,
    heldBy: (p) => `这个 span 在 P${p} 的 mcache 里`,
    heldByNone: "这个 span 不在任何 mcache 里",
    row: (from, to, n) => `上：全部 ${n} 个槽；下：第 ${from} 到 ${to} 槽`,
    keyUsed: (kind) => `已占用，${{ scan: "含指针", noscan: "无指针", tiny: "微型块或 16 字节无指针对象" }[kind]}`,
    keyFree: "还空着，由这个 P 分配",
    keyNext: "下一个分配的槽",
  },
  chart: {
    caption: "图表",
    data: "同样的数据，用表格看",
    empty: "没有可画的点。",
    bad: "图表里的数必须是有限的。",
    badLog: "对数坐标的数必须大于 0。",
    say: (name, n, from, to) => `${name}：${n} 个点，从 ${from} 到 ${to}。`,
  },
  table: {
    cut: (n) => `略去 ${n} 行`,
    empty: "没有数据。",
  },
  cut: {
    lines: (n) => `此处略去 ${n} 行：输出太多，一页放不下。`,
    outputs: (n) => `此处略去 ${n} 个结果：结果太多，一页放不下。`,
    bytes: (n) => `此处略去 ${n} 字节：结果太大，一页放不下。`,
  },
  error: {
    line: (n) => `第 ${n} 行`,
  },
  ruler: {
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
  },
  fault: {
    lead: "这张图画不出来",
    ...faultWords.zh,
  },
  asText: "用文字看",
  comma: "，",
  colon: "：",
};

export const vizWords: { readonly zh: VizWords; readonly en: VizWords } = { zh, en };

/** Words without the marks of code: for labels that only ears get. */
export function strip(words: string): string {
  return words.replaceAll("`", "");
}
