/**
 * The compiler's complaints in plain words: one line below the editor, in the page's language.
 *
 * TypeScript tells every complaint by a number; the quoted names of its sentence go into ours. What has no sentence of
 * ours is said in TypeScript's own, which is English.
 */
import type { Lang } from "../kernel/protocol.ts";

export interface Problem {
  /** TypeScript's number. */
  readonly code: number;
  readonly line: number;
  /** TypeScript's sentence. */
  readonly message: string;
}

interface Words {
  readonly zh: string;
  readonly en: string;
}

/** `{0}` `{1}` … are the quoted names of TypeScript's sentence, in its order. */
const sentences: Readonly<Record<number, Words>> = {
  1002: { zh: "这一行的字符串没有写完：少一个引号。", en: "A string is not closed here: a quote is missing." },
  1005: { zh: "这里少了 {0}。", en: "{0} is missing here." },
  1109: { zh: "这里该有一个表达式。", en: "An expression belongs here." },
  1128: {
    zh: "这里多了点什么，多半是括号没有配对。",
    en: "Something is one too many here: often a bracket without its pair.",
  },
  1160: { zh: "反引号没有配对。", en: "A backtick has no pair." },
  2304: { zh: "没有叫 {0} 的名字：写错了，还是忘了 import？", en: "There is no name {0}: misspelt, or not imported?" },
  2305: { zh: "{0} 里没有 {1}。", en: "{0} has no {1}." },
  2307: {
    zh: "没有模块 {0}：单元格只能 import “goheap”。",
    en: "There is no module {0}: a cell can import “goheap” only.",
  },
  2322: { zh: "{0} 类型的值不能放进 {1} 类型的地方。", en: "A value of type {0} does not fit where {1} is wanted." },
  2339: { zh: "{1} 没有 {0}。", en: "{1} has no {0}." },
  2345: { zh: "参数的类型是 {0}，这里要的是 {1}。", en: "The argument is of type {0}; {1} is wanted here." },
  2349: { zh: "这个值不是函数，不能调用。", en: "This value is no function and cannot be called." },
  2451: { zh: "{0} 在这个单元格里声明了两次。", en: "{0} is declared twice in this cell." },
  2531: { zh: "这个值可能是 null。", en: "This value may be null." },
  2532: { zh: "这个值可能是 undefined。", en: "This value may be undefined." },
  2551: { zh: "{1} 没有 {0}，你要的是不是 {2}？", en: "{1} has no {0}. Did you mean {2}?" },
  2552: { zh: "没有叫 {0} 的名字，你要的是不是 {1}？", en: "There is no name {0}. Did you mean {1}?" },
  2588: {
    zh: "{0} 是 const，不能再赋值；要改就用 let 声明。",
    en: "{0} is a const and cannot be assigned; declare it with let.",
  },
  2724: { zh: "{0} 里没有 {1}，你要的是不是 {2}？", en: "{0} has no {1}. Did you mean {2}?" },
  18047: { zh: "{0} 可能是 null。", en: "{0} may be null." },
  18048: { zh: "{0} 可能是 undefined。", en: "{0} may be undefined." },
};

/** Numbers of arguments come without quotes: “Expected 1 arguments, but got 2.” */
function ofCount(message: string): Words | null {
  const [, wanted, got] = /^Expected ([\d-]+) arguments?, but got (\d+)/.exec(message) ?? [];
  if (wanted === undefined) return null;
  return {
    zh: `这里要 ${wanted} 个参数，给了 ${got} 个。`,
    en: `${wanted} ${wanted === "1" ? "argument is" : "arguments are"} wanted here, ${got} ${got === "1" ? "is" : "are"} given.`,
  };
}

/** The first complaint as a sentence with its line, and how many more there are; "" when there is none. */
export function problemWords(problems: readonly Problem[], lang: Lang): string {
  const first = problems.toSorted((a, b) => a.line - b.line)[0];
  if (first === undefined) return "";
  const names = [...first.message.matchAll(/'((?:[^']|'(?=[A-Za-z]))*)'/g)].map((match) => match[1]!);
  const words = ofCount(first.message) ?? sentences[first.code];
  const said =
    words?.[lang].replaceAll(/\{(\d)\}/g, (_, i: string) => names[Number(i)] ?? "?") ?? first.message.split("\n")[0]!;
  const more = problems.length - 1;
  if (lang === "zh") return `第 ${first.line} 行：${said}${more > 0 ? `另有 ${more} 处。` : ""}`;
  return `Line ${first.line}: ${said}${more > 0 ? ` And ${more} more.` : ""}`;
}
