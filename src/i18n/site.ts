/** The site's own words. One key, two originals. */
type Words = { readonly zh: string; readonly en: string };

/** The Go release that every number on the site comes from; its tag is in every link to Go's source. */
export const goVersion = "1.26.8";

const table = {
  "site.name": { zh: "Go 内存，动手看", en: "Go Memory, Live" },
  "site.summary": {
    zh: "一本能运行的书：Go 怎样分配内存，又怎样收回。先猜，再运行，再改。",
    en: "A book that runs: how Go allocates memory and takes it back. Predict, run, change.",
  },
  skip: { zh: "跳到正文", en: "Skip to the text" },
  "bar.label": { zh: "全站", en: "Site" },
  "bar.contents": { zh: "目录", en: "Contents" },
  "bar.language": { zh: "语言", en: "Language" },
  "bar.display": { zh: "显示", en: "Display" },
  "display.theme": { zh: "明暗", en: "Light or dark" },
  "display.light": { zh: "日", en: "Light" },
  "display.dark": { zh: "夜", en: "Dark" },
  "display.system": { zh: "随系统", en: "As the system" },
  "display.face": { zh: "正文字体", en: "Chinese text face" },
  "display.auto": { zh: "随屏幕", en: "As the screen" },
  "display.song": { zh: "宋体", en: "Song (serif)" },
  "display.hei": { zh: "黑体", en: "Hei (sans)" },
  "display.editor": { zh: "改代码用", en: "Edit code in" },
  "display.monaco": { zh: "编辑器", en: "The editor" },
  "display.plain": { zh: "纯文本框", en: "A plain text area" },
  "display.kept": { zh: "只记在这台设备上。", en: "Kept on this device only." },
  "display.lost": {
    zh: "这个浏览器不让网页存东西，离开后就忘了。",
    en: "This browser keeps nothing: the choice ends with the page.",
  },
  "foot.facts": {
    zh: "一切数字以 Go {version} linux/amd64 为准。",
    en: "Every number is that of Go {version} linux/amd64.",
  },
  "foot.licence": { zh: "正文 CC BY 4.0，代码 BSD-3-Clause。", en: "Text CC BY 4.0, code BSD-3-Clause." },
  "foot.go": {
    zh: "算法出自 Go 运行时（The Go Authors）；引擎是另写的。",
    en: "The algorithms are those of the Go runtime (The Go Authors); the engine is written anew.",
  },
  "toc.label": { zh: "本章目录", en: "This chapter" },
  "toc.unwritten": { zh: "未写", en: "not yet written" },
  "toc.squares": { zh: "约 {n} 格长", en: "about {n} squares long" },
  "chapter.no": { zh: "第{no}章", en: "Chapter {no}" },
  "chapter.sections": { zh: "{total} 节，写了 {written} 节", en: "{written} of {total} sections written" },
  "chapter.sections.all": { zh: "{total} 节", en: "{total} sections" },
  "chapter.recompute": { zh: "每个数字都能在本页重算", en: "every number can be recomputed on this page" },
  "chapter.next": { zh: "接下来的几节还没有写：{list}。", en: "These sections are not yet written: {list}." },
  "link.copy": { zh: "复制本节链接", en: "Copy the link to this section" },
  "link.short": { zh: "链接", en: "Link" },
  "link.copied": { zh: "链接已复制", en: "Link copied" },
  "link.failed": { zh: "没能复制，链接在地址栏里", en: "Could not copy: the link is in the address bar" },
  "claim.kind": { zh: "常见说法", en: "Often said" },
  "claim.entry": { zh: "勘误条目", en: "entry in the list of corrections" },
  "claim.evidence": { zh: "看证据", en: "see the evidence" },
  "claim.deleted": { zh: "错", en: "wrong" },
  "claim.inserted": { zh: "改为", en: "should be" },
  "claim.who": { zh: "这么说的有：", en: "Said by: " },
  "claim.since": { zh: "自 Go {version} 起不对。", en: "Wrong since Go {version}." },
  "claim.always": { zh: "从来不对。", en: "Never true." },
  "claim.source": { zh: "源码", en: "Source" },
  "ingo.kind": { zh: "在 Go 里", en: "In Go" },
  "ingo.line": { zh: "第 {line} 行", en: "line {line}" },
  "ingo.lines": { zh: "第 {line} 至 {end} 行", en: "lines {line} to {end}" },
  "recall.kind": { zh: "回想", en: "Recall" },
  "change.kind": { zh: "改一改", en: "Change it" },
  "fig.no": { zh: "图 {no}", en: "Fig. {no}" },
  "term.other": { zh: "英", en: "Chinese" },
  "term.not": { zh: "注意", en: "Not" },
  "term.go": { zh: "在 Go 里", en: "In Go" },
  "term.see": { zh: "详见", en: "See" },
  "home.lede": {
    zh: "一本能运行的书：Go 怎样分配内存，又怎样收回。分配器就在这一页里，用 TypeScript 重写，和真实的 Go {version} 逐项核对。先猜，再运行，再改。",
    en: "A book that runs: how Go hands out memory, and how it takes it back. The allocator is here in the page, written anew in TypeScript and held against the real Go {version}. Predict, run, then change it.",
  },
  "home.start": { zh: "从 {no} {label}读起", en: "Start with {no}, {label}" },
  "home.goOn": { zh: "接着读 {place}", en: "Go on with {place}" },
  "home.appendix": { zh: "附录", en: "Appendices" },
  "glossary.title": { zh: "术语表", en: "Glossary" },
  "glossary.summary": {
    zh: "本书的术语，中英对照：各是什么意思，不要与什么混淆，在哪一节讲。",
    en: "The terms of this book in both languages: what each means, what it is not, and where it is explained.",
  },
  "claims.title": { zh: "常见说法，勘误", en: "Often said, and wrong" },
  "claims.summary": {
    zh: "关于 Go 内存，常听到却不对的说法：出自哪里，从哪个版本起不对，哪个单元格能证明。",
    en: "Sentences about Go’s memory that are often said and wrong: who says them, since when they are wrong, and the cell that settles it.",
  },
  "claims.count": { zh: "共 {n} 条，每条都有可以运行的证据。", en: "{n} entries, each with evidence that runs." },
  "nav.chapters": { zh: "前后两章", en: "Chapters before and after" },
  "nav.previous": { zh: "上一章", en: "Previous chapter" },
  "nav.next": { zh: "下一章", en: "Next chapter" },
  "bar.search": { zh: "搜索", en: "Search" },
  "search.label": { zh: "搜索正文、程序、常见说法和术语", en: "Search the text, programs, corrections and terms" },
  "search.failed": {
    zh: "搜索用的索引没有取到：请检查网络，再打开一次。",
    en: "The search index did not arrive: check the network and open it again.",
  },
  "home.ruler": { zh: "一次分配占多少字节", en: "What one allocation costs" },
  "home.ruler.note": {
    zh: "尺寸类由引擎按 Go {version} 的算法生成。",
    en: "The size classes are generated by the engine as Go {version} does it.",
  },
  "home.contents": { zh: "目录", en: "Contents" },
  "home.legend": {
    zh: "能点的已经写好，标着“未写”的还没有。一格是一节，读过的涂实；小点是还没写的一节。",
    en: "What can be followed is written; the rest says so. A square is a section, filled once you have read it; a dot is one not yet written.",
  },
  "home.ways": { zh: "怎样读", en: "How to read it" },
  "home.way1": { zh: "先猜", en: "Predict" },
  "home.way1.text": {
    zh: "每节从一个问题开始。答案先遮着，猜一个再看；猜错了，会告诉你错在哪里。",
    en: "A section opens with a question. The answer is covered: guess first. A wrong guess is told where it went wrong.",
  },
  "home.way2": { zh: "再运行", en: "Run" },
  "home.way2.text": {
    zh: "页上的结果是录下来的，按“运行”就在你的浏览器里重算一遍，用的是同一个分配器。",
    en: "What stands on the page was recorded. Run computes it again in your browser, with the same allocator.",
  },
  "home.way3": { zh: "再改", en: "Change" },
  "home.way3.text": {
    zh: "每段程序都能改。练习由程序检查：答对了算数，碰巧凑出结果的不算。",
    en: "Every program can be edited. Exercises are checked by a program: being right counts, a lucky number does not.",
  },
  "home.claims": { zh: "常见说法，勘误", en: "Often said, and wrong" },
  "lost.title": { zh: "没有这一页", en: "No such page" },
  "lost.text": {
    zh: "这个地址下没有内容。本站发布过的地址都长期有效，所以多半是少了或多了几个字符。",
    en: "Nothing is at this address. Addresses that this site has published stay valid, so a character may be missing or one too many.",
  },
  "lost.home": { zh: "回到目录", en: "To the contents" },
  "choose.title": { zh: "选择语言", en: "Choose a language" },
} satisfies Record<string, Words>;

export type Key = keyof typeof table;
export const words: Record<Key, Words> = table;

const digits = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];

/** A chapter's number as a Chinese book writes it: 4 → 四, 14 → 十四, 20 → 二十. */
export function chineseNumber(no: string): string {
  const n = Number(no);
  if (!Number.isInteger(n) || n < 0 || n > 99) throw new Error(`no Chinese numeral for "${no}"`);
  if (n < 10) return digits[n]!;
  const tens = n < 20 ? "" : digits[Math.floor(n / 10)]!;
  return `${tens}十${n % 10 === 0 ? "" : digits[n % 10]!}`;
}
