/**
 * A chapter's MDX as the tests of prose read it: sections, blocks, and the words that a reader sees in each.
 *
 * Chapters keep to a narrow form (one block a paragraph, a component on lines of its own or inside one paragraph), so a
 * few patterns read them. What does not fit the form is an error here, not a silent gap.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

export const LANGS = ["zh", "en"] as const;
export type Lang = (typeof LANGS)[number];

/** A number that stands in <V>: what is printed, and what vouches for it. */
export interface Vouched {
  readonly text: string;
  readonly cell?: string;
  readonly path?: string;
  readonly source?: string;
  readonly rec?: string;
}

export interface Block {
  /** "prose", "heading", or the component's name. */
  readonly kind: string;
  /** What the reader reads; code as `code`, numbers of <V> as they are printed. */
  readonly text: string;
  /** The same with <V> numbers replaced by "#", for the search of numbers that nothing vouches for. */
  readonly bare: string;
  readonly vouched: readonly Vouched[];
  readonly attributes: Readonly<Record<string, string>>;
  readonly line: number;
}

export interface Section {
  readonly slug: string;
  readonly question: string;
  readonly blocks: readonly Block[];
}

export interface Chapter {
  readonly slug: string;
  readonly lang: Lang;
  readonly front: Readonly<Record<string, unknown>>;
  readonly sections: readonly Section[];
}

const CONTENT = join(import.meta.dirname, "../../content");
const BLOCK = /^<([A-Z]\w*)([^>]*?)(\/>|>([\s\S]*)<\/\1>)$/;
const BLOCK_COMPONENTS = ["Cell", "Exercise", "Note", "Claim", "InGo", "Recall", "Change", "Fig"];

export function contentPath(...parts: readonly string[]): string {
  return join(CONTENT, ...parts);
}

export function readYaml<T>(name: string): T {
  return parse(readFileSync(contentPath(name), "utf8")) as T;
}

/** Chapters that exist, by slug. */
export function chapterSlugs(lang: Lang): string[] {
  const folder = contentPath(lang);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".mdx"))
    .map((name) => name.replace(/\.mdx$/, ""))
    .sort();
}

export function readChapter(lang: Lang, slug: string): Chapter {
  return parseChapter(readFileSync(contentPath(lang, `${slug}.mdx`), "utf8"), lang, slug);
}

export function parseChapter(source: string, lang: Lang, slug: string): Chapter {
  const front = /^---\n([\s\S]*?)\n---\n/.exec(source);
  if (front === null) throw new Error(`${lang}/${slug}.mdx has no front matter`);
  const sections: { slug: string; question: string; blocks: Block[] }[] = [];
  let line = front[0].split("\n").length;
  for (const text of source.slice(front[0].length).split(/\n{2,}/)) {
    const heading = /^## (.+?) \{#([\w-]+)\}$/.exec(text.trim());
    if (heading !== null) sections.push({ slug: heading[2]!, question: heading[1]!, blocks: [] });
    else if (text.trim() !== "") {
      const section = sections.at(-1);
      if (section === undefined) throw new Error(`${lang}/${slug}.mdx: text before the first section`);
      section.blocks.push(readBlock(text.trim(), line));
    }
    line += text.split("\n").length + 1;
  }
  return { slug, lang, front: parse(front[1]!) as Record<string, unknown>, sections };
}

function readBlock(source: string, line: number): Block {
  const match = BLOCK.exec(source);
  const isComponent = match !== null && BLOCK_COMPONENTS.includes(match[1]!);
  const kind = isComponent ? match[1]! : "prose";
  const inner = isComponent ? (match[4] ?? "") : source;
  const vouched: Vouched[] = [];
  const say = (number: (printed: string) => string) =>
    inner
      .replace(/<V([^>]*)>([^<]*)<\/V>/g, (_, attributes: string, printed: string) => {
        vouched.push({ text: printed, ...readAttributes(attributes) });
        return number(printed);
      })
      .replace(/<Term[^>]*>([^<]*)<\/Term>/g, "$1")
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .replace(/\*\*?([^*]+)\*\*?/g, "$1");
  const bare = say(() => "#");
  vouched.length = 0;
  const text = say((printed) => printed);
  if (/<[A-Za-z/]/.test(text.replace(/`[^`]*`/g, ""))) throw new Error(`line ${line}: cannot read ${text}`);
  return { kind, text, bare, vouched, attributes: isComponent ? readAttributes(match[2]!) : {}, line };
}

function readAttributes(source: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, key, quoted, braced] of source.matchAll(/([\w-]+)=(?:"([^"]*)"|\{([^}]*)\})/g)) {
    found[key!] = quoted ?? braced!;
  }
  return found;
}

/** Terms that a chapter's text points to, section by section. */
export function termsUsed(lang: Lang, slug: string): { key: string; words: string | null }[] {
  const source = readFileSync(contentPath(lang, `${slug}.mdx`), "utf8");
  return [...source.matchAll(/<Term k="([\w-]+)"(?: ?\/>|>([^<]*)<\/Term>)/g)].map(([, key, words]) => ({
    key: key!,
    words: words ?? null,
  }));
}

/** Everything of a chapter that is read as running text: front matter, questions, paragraphs, notes, tasks. */
export function prose(chapter: Chapter): { where: string; text: string }[] {
  const of = (section: Section) => [
    { where: `${section.slug}, question`, text: section.question },
    ...section.blocks
      .filter((block) => block.text !== "")
      .map((block) => ({ where: `${section.slug}, line ${block.line}`, text: block.text })),
  ];
  const front = ["title", "summary", "lede"].flatMap((key) => {
    const text = chapter.front[key];
    return typeof text === "string" ? [{ where: key, text: text.trim() }] : [];
  });
  return [...front, ...chapter.sections.flatMap(of)];
}

/** Sentences of a text: a code span counts as one word and never ends a sentence. */
export function sentences(text: string, lang: Lang): string[] {
  const flat = text.replace(/`[^`]*`/g, "X");
  return flat
    .split(lang === "zh" ? /(?<=[。！？])/ : /(?<=[.!?])\s+(?=[A-Z“(X\d])/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== "");
}

/** Han characters each count one; so does a run of Latin letters or digits. */
export function lengthOf(sentence: string, lang: Lang): number {
  if (lang === "en") return sentence.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
  return (sentence.match(/\p{Script=Han}|[A-Za-z0-9_.']+/gu) ?? []).length;
}
