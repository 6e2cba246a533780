/**
 * The book's outline: which parts, chapters and sections there are to be, with their numbers and short labels.
 *
 * content/outline.yaml names the whole book. A chapter is written when both languages have its MDX file; a section is
 * written when the chapter's text has its heading. Nothing else says so: writing the text puts it into the contents.
 */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { Lang } from "../i18n/index.ts";
import { contentPath } from "./paths.ts";

export interface Section {
  readonly slug: string;
  /** Shown before the label: "4.2". Never part of an anchor. */
  readonly no: string;
  readonly zh?: string;
  readonly en?: string;
}

export interface Chapter {
  readonly no: string;
  readonly slug: string;
  readonly zh: string;
  readonly en: string;
  readonly sections: readonly Section[];
  readonly part: Part;
}

export interface Part {
  readonly zh: string;
  readonly en: string;
  readonly chapters: readonly Chapter[];
}

type RawSection = string | { slug: string; zh?: string; en?: string };
interface RawPart {
  zh: string;
  en: string;
  chapters: { no: string; slug: string; zh: string; en: string; sections: RawSection[] }[];
}

let loaded: readonly Part[] | undefined;

export function outline(): readonly Part[] {
  loaded ??= read();
  return loaded;
}

export function chapters(): readonly Chapter[] {
  return outline().flatMap((part) => part.chapters);
}

/** The chapter of that slug; unknown slugs fail the build. */
export function chapter(slug: string): Chapter {
  const found = chapters().find((one) => one.slug === slug);
  if (found === undefined) throw new Error(`content/outline.yaml has no chapter "${slug}"`);
  return found;
}

/** The section of that slug in a chapter; unknown slugs fail the build. */
export function section(of: Chapter, slug: string): Section {
  const found = of.sections.find((one) => one.slug === slug);
  if (found === undefined) throw new Error(`content/outline.yaml: chapter "${of.slug}" has no section "${slug}"`);
  return found;
}

/** A section's short name in a language. */
export function label(of: Section, lang: Lang): string {
  const words = of[lang];
  if (words === undefined) throw new Error(`content/outline.yaml: section "${of.slug}" has no ${lang} label`);
  return words;
}

function read(): readonly Part[] {
  const raw = parse(readFileSync(contentPath("outline.yaml"), "utf8")) as RawPart[];
  return raw.map(({ zh, en, chapters }) => {
    const part = { zh, en, chapters: [] as Chapter[] };
    for (const { sections, ...rest } of chapters) {
      const numbered = sections.map((one, i) => ({
        ...(typeof one === "string" ? { slug: one } : one),
        no: `${rest.no}.${i + 1}`,
      }));
      part.chapters.push({ ...rest, sections: numbered, part });
    }
    return part;
  });
}
