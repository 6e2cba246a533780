/**
 * Words of the page around the text, in both languages, and addresses that hold under any base path.
 * The kernel's and the pictures' words are in kernel.ts and viz.ts beside this file.
 */
import type { Lang } from "./langs.ts";
import { type Key, words } from "./site.ts";

export { type Lang, langs, tag } from "./langs.ts";

/** Each language under its own name. */
export const ownName: Record<Lang, string> = { zh: "中文", en: "English" };

export function other(lang: Lang): Lang {
  return lang === "zh" ? "en" : "zh";
}

/** `Astro.currentLocale`, checked. */
export function asLang(locale: string | undefined): Lang {
  if (locale !== "zh" && locale !== "en") throw new Error(`no language "${locale}": pages live under /zh/ and /en/`);
  return locale;
}

/** A word of the page; `{name}` in it is replaced by `args.name`. */
export function t(lang: Lang, key: Key, args: Record<string, string | number> = {}): string {
  return words[key][lang].replaceAll(/\{(\w+)\}/g, (_, name: string) => String(args[name] ?? `{${name}}`));
}

export function useTranslations(
  locale: string | undefined,
): (key: Key, args?: Record<string, string | number>) => string {
  const lang = asLang(locale);
  return (key, args) => t(lang, key, args);
}

/** Address of a file or page of this site, under the base path that the site was built for. */
export function url(path: string): string {
  return `${import.meta.env.BASE_URL.replace(/\/$/, "")}/${path}`;
}

/** Address of the home page, of a chapter, or of an anchor in one. */
export function href(lang: Lang, slug = "", anchor = ""): string {
  return url(`${lang}/${slug === "" ? "" : `${slug}/`}${anchor === "" ? "" : `#${anchor}`}`);
}

/** Text with `code` in backticks as HTML; everything else is escaped. */
export function inline(text: string): string {
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return escaped.replaceAll(/`([^`]+)`/g, "<code>$1</code>");
}
