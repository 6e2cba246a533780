/** Words of a cell: its states, its tools, its notices. */

import type { Lang } from "../kernel/protocol.ts";

const words = {
  // states
  recorded: { zh: "录制结果", en: "Recorded" },
  same: { zh: "与 Go 1.26.8 一致", en: "same as Go 1.26.8" },
  sameTable: { zh: "表中数据与 Go 1.26.8 一致", en: "table same as Go 1.26.8" },
  sameTableSay: {
    zh: "表中 {all} 个数据都与真实 Go 的录制核对过；表外的图和文字由本页的程序算出。",
    en: "All {all} figures of the table were compared with a recording of the real Go. What stands beside the table is computed by this page.",
  },
  samePart: {
    zh: "表中 {all} 个数据，{n} 个与 Go 1.26.8 核对过",
    en: "{n} of {all} figures checked against Go 1.26.8",
  },
  samePartSay: {
    zh: "表中 {n} 个数据与真实 Go 的录制一致。其余 {rest} 个没有录制，只由本页的程序算出。",
    en: "{n} figures of the table are the same in a recording of the real Go. The other {rest} were not recorded: this page alone computed them.",
  },
  queued: { zh: "排队中", en: "Queued" },
  loading: { zh: "正在取程序", en: "Fetching the program" },
  loadFailed: {
    zh: "程序没有取到：请检查网络，再点一次",
    en: "The program did not arrive: check the network and try again",
  },
  starting: { zh: "正在启动内核", en: "Starting the kernel" },
  running: { zh: "运行中", en: "Running" },
  runningLong: {
    zh: "运行中，{time}。如果是死循环，点“停止”。",
    en: "Running, {time}. If it is an endless loop, press Stop.",
  },
  replaying: { zh: "先重跑上面的单元格：{done} / {all}", en: "Running cells above first: {done} of {all}" },
  done: { zh: "已运行", en: "Run" },
  stale: { zh: "已过时", en: "Out of date" },
  staleOwn: { zh: "改过之后还没有运行", en: "edited since it ran" },
  staleEdit: { zh: "改过，还没有运行", en: "edited, not yet run" },
  staleAbove: { zh: "上面的 {cell} 变了", en: "{cell} above has changed" },
  staleRestart: { zh: "内核重启过", en: "the kernel was restarted" },
  failed: { zh: "出错", en: "Failed" },
  failedAt: { zh: "第 {line} 行出错", en: "Failed at line {line}" },
  failedAbove: { zh: "上面的 {cell} 出错，没有运行到这里", en: "{cell} above failed, so this did not run" },
  stopped: { zh: "已停止", en: "Stopped" },
  stoppedBy: { zh: "你在 {time}时停下了它", en: "by you, after {time}" },
  dead: { zh: "内核没了", en: "The kernel is gone" },
  deadSay: {
    zh: "运行程序的进程不再回应，多半是内存用完了。已经换上新的内核；用得到的单元格会自动重跑。",
    en: "What ran the program answers no more; most likely its memory ran out. A fresh kernel stands ready, and cells that are needed run again by themselves.",
  },
  floodSay: {
    zh: "程序发出的消息太多，已经被停下。",
    en: "The program sent too many messages and was stopped.",
  },
  before: { zh: "上次 {time}", en: "{time} before" },
  edited: { zh: "你改过", en: "Edited by you" },
  differs: { zh: "{n} 行不同", en: "{n} lines differ" },
  differsOne: { zh: "1 行不同", en: "1 line differs" },
  republished: {
    zh: "你改过之后，书里的这段程序更新了：可以对比，也可以还原",
    en: "the book's program has changed since your edit: compare, or reset",
  },
  noStorage: {
    zh: "这台设备不让本站保存数据：修改在离开页面后就没了，其余一切照常",
    en: "this device keeps nothing for this site: edits last until you leave the page; all else works",
  },
  // tools
  run: { zh: "运行", en: "Run" },
  runAgain: { zh: "再运行", en: "Run again" },
  runCheck: { zh: "运行并检查", en: "Run and check" },
  runTo: { zh: "运行到此", en: "Run to here" },
  stop: { zh: "停止", en: "Stop" },
  edit: { zh: "编辑", en: "Edit" },
  closeEditor: { zh: "收起编辑器", en: "Close editor" },
  reset: { zh: "还原", en: "Reset" },
  undo: { zh: "撤销还原", en: "Undo reset" },
  compare: { zh: "对比原文", en: "Compare" },
  compareEnd: { zh: "结束对比", en: "End comparing" },
  link: { zh: "链接", en: "Link" },
  linked: { zh: "已复制链接", en: "Link copied" },
  runAll: { zh: "全部运行", en: "Run all" },
  restart: { zh: "重启内核", en: "Restart" },
  notebook: { zh: "本页的程序", en: "Programs of this page" },
  // editor
  editorLabel: { zh: "{cell}，TypeScript。按 Esc 离开编辑器", en: "{cell}, TypeScript. Esc leaves the editor" },
  editorHint: {
    zh: "⇧ Enter 运行，Esc 离开编辑器",
    en: "⇧ Enter runs, Esc leaves the editor",
  },
  editorLoading: { zh: "编辑器正在加载，可以先写", en: "The editor is loading; you can write already" },
  editorFailed: { zh: "编辑器没能加载，用纯文本框代替", en: "The editor could not be loaded; a plain field stands in" },
  // listing, result
  cell: { zh: "单元格 {cell}", en: "Cell {cell}" },
  listing: { zh: "程序", en: "Program" },
  result: { zh: "结果", en: "Result" },
  // prediction
  predict: { zh: "先猜：", en: "Predict: " },
  uncover: { zh: "先猜，或者直接看结果", en: "Predict, or show the result now" },
  // exercise
  exercise: { zh: "练习", en: "Exercise" },
  unsolved: { zh: "未完成", en: "Not solved yet" },
  solved: { zh: "✓ 完成", en: "✓ Solved" },
  right: { zh: "对。", en: "Right." },
  wrong: { zh: "还不对。", en: "Not yet." },
  hint1: { zh: "提示一", en: "First hint" },
  hint2: { zh: "提示二", en: "Second hint" },
  solution: { zh: "解答", en: "Solution" },
  // a file as an input
  fileOpen: { zh: "打开文件", en: "Open a file" },
  fileNone: {
    zh: "或者把文件拖到这里；现在用的是单元格自带的文本",
    en: "or drop one here; the cell uses its own text now",
  },
  fileTaken: { zh: "{name}，{lines} 行，{size} 字节", en: "{name}, {lines} lines, {size} bytes" },
  fileBack: { zh: "用回自带的文本", en: "Use the cell’s own text" },
  fileLarge: {
    zh: "{name} 有 {size} 字节，太大了：最多 1 MB。原来的文本照旧使用。",
    en: "{name} has {size} bytes, which is too large: at most 1 MB. The text from before stays in use.",
  },
  fileWrong: {
    zh: "{name} 不是 UTF-8 文本，读不出来。原来的文本照旧使用。",
    en: "{name} is not UTF-8 text and cannot be read. The text from before stays in use.",
  },
  fileNot: { zh: "拖来的不是文件。", en: "What you dropped is not a file." },
  // units
  milliseconds: { zh: "{n} 毫秒", en: "{n} ms" },
  seconds: { zh: "{n} 秒", en: "{n} s" },
} as const;

export type KernelWord = keyof typeof words;

/** A phrase; `{name}` in it is replaced by `args.name`. */
export function k(lang: Lang, key: KernelWord, args: Readonly<Record<string, string | number>> = {}): string {
  return words[key][lang].replaceAll(/\{(\w+)\}/g, (_, name: string) => String(args[name] ?? ""));
}

/** A duration in words: whole milliseconds below a second, tenths of a second above. */
export function duration(lang: Lang, milliseconds: number): string {
  if (milliseconds < 1) return k(lang, "milliseconds", { n: "<1" });
  if (milliseconds < 1000) return k(lang, "milliseconds", { n: Math.round(milliseconds) });
  return k(lang, "seconds", { n: (milliseconds / 1000).toFixed(1) });
}

/** What the state line says of a comparison with Go, no more than was compared; `say` is the longer sentence. */
export function badgeWords(
  evidence: { readonly recorded: number; readonly figures: number; readonly hasMore: boolean },
  lang: Lang,
): { words: string; say?: string; isWhole: boolean } {
  const { recorded: n, figures: all, hasMore } = evidence;
  const args = { n, all, rest: all - n };
  if (n < all) return { words: k(lang, "samePart", args), say: k(lang, "samePartSay", args), isWhole: false };
  if (hasMore) return { words: k(lang, "sameTable"), say: k(lang, "sameTableSay", args), isWhole: true };
  return { words: k(lang, "same"), isWhole: true };
}
