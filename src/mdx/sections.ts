/** Cuts a chapter's text at its headings and measures the pieces. */
import type { Lang } from "../i18n/index.ts";
import type { Section } from "./outline.ts";

export interface Length {
  /** About a hundred Chinese characters or sixty English words each. */
  readonly squares: number;
}

const heading = /^##[ \t]+(?<question>.+?)[ \t]*(?:\{#(?<slug>[a-z0-9-]+)\})?[ \t]*$/;

export function readSections(
  file: string,
  text: string,
  planned: readonly Section[],
  lang: Lang,
): readonly (Section & Length)[] {
  const found: { section: Section; lines: string[] }[] = [];
  let fenced = false;
  for (const line of text.split("\n")) {
    if (line.startsWith("```")) fenced = !fenced;
    const match = fenced ? null : heading.exec(line);
    if (match === null) {
      found.at(-1)?.lines.push(line);
      continue;
    }
    const slug = match.groups?.["slug"];
    if (slug === undefined) throw new Error(`${file}: heading "${line}" has no anchor: write {#slug} after it`);
    const section = planned.find((one) => one.slug === slug);
    if (section === undefined)
      throw new Error(`${file}: content/outline.yaml has no section "${slug}" in this chapter`);
    if (found.some((one) => one.section === section)) throw new Error(`${file}: section "${slug}" stands there twice`);
    found.push({ section, lines: [] });
  }
  return found.map(({ section, lines }) => ({ ...section, squares: squares(lines.join("\n"), lang) }));
}

/** How many squares a text is long; never none. */
export function squares(text: string, lang: Lang): number {
  const prose = text
    .replaceAll(/```[\s\S]*?```/g, " ")
    .replaceAll(/<\/?[A-Za-z][^>]*>/g, " ")
    .replaceAll(/\]\([^)]*\)/g, " ");
  const words = prose.match(/[A-Za-z0-9][\w’'.-]*/g)?.length ?? 0;
  const han = prose.match(/\p{Script=Han}/gu)?.length ?? 0;
  return Math.max(1, Math.round(lang === "zh" ? (han + words) / 100 : words / 60));
}
