/** Words of the search box, apart from the site's: they are loaded with it. */
import type { Lang } from "./langs.ts";

const words: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  section: { zh: "正文", en: "text" },
  cell: { zh: "程序", en: "program" },
  claim: { zh: "常见说法", en: "often said" },
  term: { zh: "术语", en: "term" },
  none: { zh: "没有找到", en: "Nothing found" },
  some: { zh: "找到 {n} 处", en: "{n} found" },
};

export function k(lang: Lang, key: string, n = 0): string {
  return (words[key]?.[lang] ?? key).replace("{n}", String(n));
}
