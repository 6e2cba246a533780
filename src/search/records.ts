/**
 * What can be found: one record for each section, program, correction and term, taken from the built pages.
 *
 * A section's text is what stands between its heading and the next, without programs, their results, corrections and
 * tools: those are records of their own, or no text at all.
 */
import { type ElementNode, type Node, parse, TEXT_NODE } from "ultrahtml";
import type { Lang } from "../i18n/index.ts";

export type Kind = "section" | "cell" | "claim" | "term";

export interface SearchRecord {
  readonly url: string;
  readonly lang: Lang;
  readonly kind: Kind;
  /** "4.2", "" where it has none. */
  readonly no: string;
  readonly title: string;
  readonly text: string;
}

/** Elements that hold no text; `ins` is what a correction puts in the place of the words that are searched for. */
const SILENT = new Set(["script", "style", "button", "svg", "input", "select", "template", "ins"]);

const children = (node: Node): readonly Node[] => ("children" in node ? (node.children as Node[]) : []);
const isElement = (node: Node): node is ElementNode => "name" in node;
const classes = (node: ElementNode) => (node.attributes["class"] ?? "").split(" ");

/** The text of a node as it is read, one space between blocks. Terms are buttons, and are read. */
function textOf(node: Node): string {
  if (node.type === TEXT_NODE) return unescaped((node as unknown as { value: string }).value);
  if (!isElement(node)) return children(node).map(textOf).join("");
  const isTerm = node.name === "button" && classes(node).includes("term");
  if ((SILENT.has(node.name) && !isTerm) || classes(node).includes("sr")) return "";
  const inner = children(node).map(textOf).join("");
  if (classes(node).includes("l")) return `${inner} `; // a line of a listing
  return /^(p|div|li|td|th|tr|h\d|dt|dd|pre|figcaption|header|aside)$/.test(node.name) ? ` ${inner} ` : inner;
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };

function unescaped(text: string): string {
  return text.replaceAll(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name]!);
}

const tidy = (text: string) => text.replaceAll(/\s+/g, " ").trim();

function find(node: Node, is: (element: ElementNode) => boolean): ElementNode | undefined {
  if (isElement(node) && is(node)) return node;
  for (const child of children(node)) {
    const found = find(child, is);
    if (found !== undefined) return found;
  }
  return undefined;
}

function findAll(node: Node, is: (element: ElementNode) => boolean): ElementNode[] {
  if (isElement(node) && is(node)) return [node];
  return children(node).flatMap((child) => findAll(child, is));
}

/** All that a chapter's page holds. @param url of the page */
export function chapterRecords(html: string, url: string, lang: Lang): SearchRecord[] {
  const main = find(parse(html) as Node, (element) => element.name === "main");
  const records: SearchRecord[] = [];
  let here: { no: string; anchor: string; title: string; texts: string[] } | null = null;
  const close = () => {
    if (here === null) return;
    const { no, anchor, title, texts } = here;
    records.push({ url: `${url}#${anchor}`, lang, kind: "section", no, title, text: tidy(texts.join(" ")) });
  };
  for (const block of main === undefined ? [] : children(main)) {
    if (!isElement(block)) continue;
    if (classes(block).includes("opening")) {
      close();
      const heading = find(block, (element) => element.name === "h2")!;
      const no = find(block, (element) => element.name === "b")!;
      const anchor = heading.attributes["id"]!;
      here = { no: tidy(textOf(no)), anchor, title: tidy(textOf(heading)), texts: [] };
      continue;
    }
    if (here === null) continue;
    const { no } = here;
    const parts = findAll(block, (element) => element.name === "go-cell" || classes(element).includes("claim"));
    for (const part of parts) records.push({ ...partRecord(part), url: `${url}#${part.attributes["id"]}`, lang, no });
    if (parts.length === 0) here.texts.push(textOf(block));
  }
  close();
  return records;
}

function partRecord(part: ElementNode): Pick<SearchRecord, "kind" | "title" | "text"> {
  const label = part.attributes["aria-label"] ?? "";
  if (part.name === "go-cell") {
    const listing = find(part, (element) => element.attributes["data-part"] === "listing");
    const text = listing === undefined ? "" : tidy(textOf(listing));
    return { kind: "cell", title: unescaped(label), text };
  }
  const said = find(part, (element) => element.name === "blockquote");
  return { kind: "claim", title: said === undefined ? unescaped(label) : tidy(textOf(said)), text: tidy(textOf(part)) };
}

/** The terms of the glossary's page. */
export function termRecords(html: string, url: string, lang: Lang): SearchRecord[] {
  const terms = findAll(parse(html) as Node, (element) => element.attributes["data-term"] !== undefined);
  return terms.map((term) => ({
    url: `${url}#${term.attributes["id"]}`,
    lang,
    kind: "term",
    no: "",
    title: unescaped(term.attributes["data-term"]!),
    text: tidy(textOf(term)),
  }));
}
