/**
 * Two originals, one book: zh and en carry the same sections, cells, exercises, corrections, sources, terms and numbers
 * in the same places, and every number in the text has something that vouches for it.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  type Block,
  type Chapter,
  chapterSlugs,
  contentPath,
  LANGS,
  readChapter,
  readYaml,
  termsUsed,
} from "./content-text.ts";

interface Claim {
  readonly id: string;
  readonly section: string;
  readonly cell?: string;
}
interface Part {
  readonly chapters: readonly { readonly slug: string; readonly sections: readonly (string | { slug: string })[] }[];
}

const claims = readYaml<Claim[]>("claims.yaml");
const glossaryKeys = readYaml<{ key: string }[]>("glossary.yaml").map((term) => term.key);
const slugs = chapterSlugs("zh");

test("both languages have the same chapters", () => {
  expect(slugs).toEqual(chapterSlugs("en"));
  expect(slugs.length).toBeGreaterThan(0);
});

/** What of a chapter must be equal in both languages, in order. */
function skeleton(chapter: Chapter) {
  return chapter.sections.map((section) => ({
    slug: section.slug,
    blocks: section.blocks
      .filter((block) => block.kind !== "prose" && block.kind !== "Note")
      .map(({ kind, attributes }) => [
        kind,
        attributes.id ?? attributes.of ?? attributes.symbol ?? "",
        attributes.line ?? "",
      ]),
  }));
}

/** <V>s of a section: which value of which cell, recording or source; the words around it are each language's own. */
function numbersOf(chapter: Chapter): string[][] {
  return chapter.sections.map((section) =>
    section.blocks
      .flatMap((block) => block.vouched)
      .map(({ text, cell, path, source, rec }) => [text.replaceAll(",", ""), cell, path, source, rec].join("|"))
      .sort(),
  );
}

describe.each(slugs)("%s", (slug) => {
  const [zh, en] = [readChapter("zh", slug), readChapter("en", slug)];
  const cells = filesOf(slug);

  test("has the same sections, cells, exercises, corrections and sources in both languages", () => {
    expect(skeleton(zh)).toEqual(skeleton(en));
  });

  test("says the same numbers of the same evidence in both languages", () => {
    expect(numbersOf(zh)).toEqual(numbersOf(en));
  });

  test("has as many paragraphs between two cells in one language as in the other", () => {
    const shape = (chapter: Chapter) => chapter.sections.map((s) => s.blocks.map((block) => block.kind));
    expect(shape(zh)).toEqual(shape(en));
  });

  test("explains the same terms, and each exists in the glossary", () => {
    const keys = (lang: "zh" | "en") => termsUsed(lang, slug).map((term) => term.key);
    expect(keys("zh").toSorted()).toEqual(keys("en").toSorted());
    const named = LANGS.flatMap((lang) => [
      ...keys(lang),
      ...((readChapter(lang, slug).front.terms ?? []) as string[]),
    ]);
    expect(named.filter((key) => !glossaryKeys.includes(key))).toEqual([]);
  });

  test("keeps to the outline: its sections, in the outline's order", () => {
    const known = readYaml<Part[]>("outline.yaml")
      .flatMap((part) => part.chapters)
      .find((chapter) => chapter.slug === slug)
      ?.sections.map((section) => (typeof section === "string" ? section : section.slug));
    const written = en.sections.map((section) => section.slug);
    expect(known?.filter((section) => written.includes(section))).toEqual(written);
  });

  test("gives every section its slots: cells, a correction, a source, a change, an exercise, a recall", () => {
    for (const section of en.sections) {
      const kinds = section.blocks.map((block) => block.kind);
      for (const kind of ["Cell", "Claim", "InGo", "Change", "Exercise", "Recall"]) {
        expect(kinds, `${section.slug} has no ${kind}`).toContain(kind);
      }
      expect(kinds.at(-1), `${section.slug} ends with its recall`).toBe("Recall");
    }
  });

  test("opens each section with a cell near the top, so that the reader guesses before reading", () => {
    for (const section of en.sections) expect(section.blocks.slice(0, 2).map((block) => block.kind)).toContain("Cell");
  });

  test("keeps each section between 250 and 600 words, 400 and 1000 characters", () => {
    const words = (block: Block) => block.text.split(/\s+/).filter((word) => /\w/.test(word)).length;
    const characters = (block: Block) => (block.text.match(/\p{Script=Han}|[A-Za-z0-9_.]+/gu) ?? []).length;
    const sum = (blocks: readonly Block[], count: (block: Block) => number) =>
      blocks.reduce((total, block) => total + count(block), 0);
    for (const section of en.sections) {
      expect(sum(section.blocks, words), section.slug).toBeGreaterThanOrEqual(250);
      expect(sum(section.blocks, words), section.slug).toBeLessThanOrEqual(600);
    }
    for (const section of zh.sections) {
      expect(sum(section.blocks, characters), section.slug).toBeGreaterThanOrEqual(400);
      expect(sum(section.blocks, characters), section.slug).toBeLessThanOrEqual(1000);
    }
  });

  test("shows every cell file and shows no cell twice", () => {
    const shown = en.sections.flatMap((s) => s.blocks).filter((b) => b.kind === "Cell" || b.kind === "Exercise");
    const ids = shown.map((block) => block.attributes.id);
    expect(ids.toSorted()).toEqual(cells.map((name) => `${slug}/${name}`));
  });

  test("places every correction of its sections, and each rests on a cell that exists", () => {
    const placed = en.sections.flatMap((s) =>
      s.blocks.filter((b) => b.kind === "Claim").map((b) => [b.attributes.id, `${slug}/${s.slug}`]),
    );
    expect(placed.toSorted()).toEqual(
      claims
        .filter((one) => one.section.startsWith(`${slug}/`))
        .map((one) => [one.id, one.section])
        .toSorted(),
    );
    for (const { id, cell } of claims) {
      if (cell !== undefined) expect(existsSync(contentPath("cells", `${cell}.ts`)), `${id}: ${cell}`).toBe(true);
    }
  });

  test.each(LANGS)("[%s] leaves no number without evidence", (lang) => {
    const loose = readChapter(lang, slug).sections.flatMap((section) => {
      const known = new Set(section.blocks.flatMap((block) => block.vouched).map((v) => v.text.replaceAll(",", "")));
      const inCells = section.blocks
        .filter((block) => block.kind === "Cell" || block.kind === "Exercise")
        .map((block) => readFileSync(contentPath("cells", `${block.attributes.id}.ts`), "utf8"))
        .join("\n");
      for (const [number] of inCells.matchAll(/\d+/g)) known.add(number);
      const claiming = section.blocks.filter(({ kind }) => kind !== "Recall" && kind !== "Change");
      return claiming.flatMap((block) =>
        numbersIn(block.bare)
          .filter((number) => !known.has(number))
          .map((number) => `${section.slug}, line ${block.line}: ${number} in ${block.text}`),
      );
    });
    expect(loose).toEqual([]);
  });
});

/** Numbers of a text that are claims: not code, not quoted, not a version of Go, not the number of a section, not a name like P1. */
function numbersIn(text: string): string[] {
  const claims = text
    .replace(/`[^`]*`|“[^”]*”/g, "")
    .replace(/Go 1\.\d+(?:\.\d+)?/g, "")
    .replace(/\b(?:P|section |chapter )\d+(?:\.\d+)?/g, "")
    .replace(/\d+\.\d+ ?节/g, "");
  return [...claims.matchAll(/\d[\d,]*/g)].map(([number]) => number.replaceAll(",", ""));
}

test("a number is looked for as a reader would", () => {
  expect(numbersIn("P1 of Go 1.26.8, section 4.3, `x[7]`: 32,760 bytes and 8")).toEqual(["32760", "8"]);
});

function filesOf(slug: string): string[] {
  return readdirSync(contentPath("cells", slug))
    .filter((name) => /^[\w-]+\.ts$/.test(name))
    .map((name) => name.replace(/\.ts$/, ""))
    .sort();
}
