/**
 * Chinese without a dictionary: every character is a word, and a run of them is searched for as a phrase.
 *
 * Dictionaries differ between the index and the browsers, and then a term that stands in the text is not found. Both
 * the index and the query go through `spaced`; what is shown goes through `unspaced`.
 */
import type { Lang } from "../i18n/langs.ts";

/** What Pagefind takes each language for: it is to do nothing of its own to Chinese. */
export const indexLanguage: Readonly<Record<Lang, string>> = { zh: "und", en: "en" };

const WIDE = "[\\p{Script=Han}\\u3000-\\u303f\\uff00-\\uffef]";

/** Each Chinese character apart from its neighbours. */
export function spaced(text: string): string {
  return text
    .replaceAll(/\p{Script=Han}/gu, " $& ")
    .replaceAll(/\s+/g, " ")
    .trim();
}

/** The spaces between Chinese characters, and beside their punctuation, taken out again. */
export function unspaced(text: string): string {
  return text.replaceAll(new RegExp(`(?<=${WIDE}) +(?=${WIDE})`, "gu"), "");
}

export function hasHan(text: string): boolean {
  return /\p{Script=Han}/u.test(text);
}
