/** The languages of the site. Imports nothing, so that tools of the build may read it too. */
export const langs = ["zh", "en"] as const;
export type Lang = (typeof langs)[number];

/** What `lang` and `hreflang` say. */
export const tag: Record<Lang, string> = { zh: "zh-Hans", en: "en" };
