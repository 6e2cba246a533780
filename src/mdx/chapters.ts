/**
 * The written chapters: their text, and how long each section of it is.
 *
 * A chapter's `##` headings are its sections, in the outline's order; a heading without an anchor, or with one that the
 * outline does not know, stops the build.
 */
import { type CollectionEntry, getCollection } from "astro:content";
import { asLang, type Lang } from "../i18n/index.ts";
import { chapters as planned, type Section } from "./outline.ts";
import { type Length, readSections } from "./sections.ts";

export interface Written {
  readonly lang: Lang;
  readonly slug: string;
  readonly entry: CollectionEntry<"chapters">;
  readonly sections: readonly (Section & Length)[];
}

export async function writtenChapters(lang?: Lang): Promise<readonly Written[]> {
  const entries = await getCollection("chapters");
  const all = entries.map((entry): Written => {
    const [folder, slug = ""] = entry.id.split("/");
    const plan = planned().find((one) => one.slug === slug);
    if (plan === undefined) throw new Error(`content/${entry.id}.mdx: content/outline.yaml has no chapter "${slug}"`);
    const at = asLang(folder);
    return {
      lang: at,
      slug,
      entry,
      sections: readSections(`content/${entry.id}.mdx`, entry.body ?? "", plan.sections, at),
    };
  });
  return lang === undefined ? all : all.filter((one) => one.lang === lang);
}
