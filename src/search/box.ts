/**
 * The search box: what is typed, found in both languages, the page's own first. Loaded when it is first opened.
 *
 * Pagefind answers in the language of the document, so the other language gets an instance of its own. Its excerpts
 * come as text with marks in it; they are taken apart here, so that nothing is ever read as markup.
 */

import type { Lang } from "../i18n/langs.ts";
import { k } from "../i18n/search.ts";
import { hasHan, indexLanguage, spaced, unspaced } from "./han.ts";

interface Found {
  readonly url: string;
  readonly excerpt: string;
  readonly meta: { readonly title: string; readonly no: string; readonly kind: string };
}

interface Index {
  init(): Promise<unknown>;
  search(text: string): Promise<{ readonly results: readonly { data(): Promise<Found> }[] } | null>;
}

interface Pagefind {
  createInstance(options: Readonly<Record<string, unknown>>): Index;
}

const root = document.documentElement;
const lang: Lang = root.lang.startsWith("zh") ? "zh" : "en";
const other: Lang = lang === "zh" ? "en" : "zh";
const tags: Readonly<Record<Lang, string>> = { zh: "zh-Hans", en: "en" };
/** Words of an excerpt; in Chinese each character is one. */
const EXCERPT: Readonly<Record<Lang, number>> = { zh: 56, en: 24 };

/** How many results are shown, of the page's language and of the other; and how many are looked at for that. */
const MOST = [10, 5] as const;
const READ = 40;
/** Terms that may stand before other places. */
const TERMS = 4;

/** What bears the words as its title comes first, then what has them in it; else Pagefind's order stands. */
export function ranked(results: readonly Found[], text: string): Found[] {
  const wanted = text.toLowerCase();
  const rank = ({ meta }: Found) => {
    const title = meta.title.toLowerCase();
    return title === wanted ? 0 : title.includes(wanted) ? 1 : 2;
  };
  const sorted = results.toSorted((a, b) => rank(a) - rank(b));
  const terms = sorted.filter(({ meta }) => meta.kind === "term").slice(TERMS); // the glossary is not all there is
  return [...sorted.filter((one) => !terms.includes(one)), ...terms];
}

/**
 * An index in one language. Its module is loaded under an address of its own: two languages in one module would share
 * what WebAssembly keeps. Pagefind asks the document for its language while it makes an instance, and only then.
 */
async function indexIn(address: string, which: Lang): Promise<Index> {
  const pagefind = (await import(/* @vite-ignore */ `${address}?${which}`)) as Pagefind;
  const { lang: own } = root;
  root.lang = indexLanguage[which];
  try {
    // A worker would need an address that the page's Trusted Types let through; the index is small enough without.
    return pagefind.createInstance({ noWorker: true, excerptLength: EXCERPT[which] });
  } finally {
    root.lang = own;
  }
}

/** Chinese as a phrase first; when that stands nowhere, its characters wherever they are. */
async function ask(index: Index, text: string): Promise<readonly { data(): Promise<Found> }[]> {
  const words = spaced(text);
  const found = hasHan(text) ? ((await index.search(`"${words.replaceAll('"', " ")}"`))?.results ?? []) : [];
  return found.length > 0 ? found : ((await index.search(words))?.results ?? []);
}

/** An excerpt in pieces: every second one is a hit. */
export function pieces(excerpt: string): string[] {
  const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', "#39": "'", "#x27": "'" };
  // Marks that touch but for a space are one hit.
  return unspaced(excerpt.replaceAll(/<\/mark> <mark>/g, " "))
    .split(/<\/?mark>/)
    .map((text) => unspaced(text).replaceAll(/&(lt|gt|amp|quot|#39|#x27);/g, (_, name: string) => entities[name]!));
}

function line({ url, excerpt, meta }: Found, of: Lang): HTMLElement {
  const item = document.createElement("li");
  const link = Object.assign(document.createElement("a"), { href: url });
  if (of !== lang) link.lang = tags[of];
  const head = document.createElement("span");
  head.className = "hit";
  const no = Object.assign(document.createElement("span"), { className: "num", textContent: meta.no });
  const title = Object.assign(document.createElement("b"), { textContent: meta.title });
  const kind = Object.assign(document.createElement("small"), { textContent: k(lang, meta.kind), lang: tags[lang] });
  head.append(no, title, kind);
  const text = document.createElement("span");
  text.className = "excerpt";
  text.append(
    ...pieces(excerpt).map((piece, i) =>
      i % 2 === 0 ? piece : Object.assign(document.createElement("u"), { textContent: piece }),
    ),
  );
  link.append(head, text);
  item.append(link);
  return item;
}

/** Makes a search box work. @param address of pagefind.js */
export async function open(box: HTMLElement, address: string): Promise<void> {
  const field = box.querySelector<HTMLInputElement>("input")!;
  const list = box.querySelector<HTMLElement>("ol")!;
  const status = box.querySelector<HTMLElement>("[role=status]")!;
  const indexes: { which: Lang; index: Index }[] = [];
  for (const which of [lang, other]) indexes.push({ which, index: await indexIn(address, which) });
  await Promise.all(indexes.map(({ index }) => index.init()));

  let asked = 0;
  const search = async () => {
    const mine = ++asked;
    const text = field.value.trim();
    const found = await Promise.all(
      (text === "" ? [] : indexes).map(async ({ which, index }, i) => {
        const results = await Promise.all((await ask(index, text)).slice(0, READ).map((result) => result.data()));
        return ranked(results, text)
          .slice(0, MOST[i])
          .map((result) => line(result, which));
      }),
    );
    if (mine !== asked) return; // a later letter was typed meanwhile
    const lines = found.flat();
    list.replaceChildren(...lines);
    list.dataset["for"] = text;
    status.textContent = text === "" ? "" : k(lang, lines.length === 0 ? "none" : "some", lines.length);
  };
  field.addEventListener("input", () => void search());
  box.querySelector("form")!.addEventListener("submit", (event) => {
    event.preventDefault();
    list.querySelector("a")?.click();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const stops = [field, ...list.querySelectorAll<HTMLElement>("a")];
    const at = stops.indexOf(document.activeElement as HTMLElement);
    const next = stops[at + (event.key === "ArrowDown" ? 1 : -1)];
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    next.focus();
  });
  list.addEventListener("click", (event) => {
    if ((event.target as Element).closest("a") !== null) box.hidePopover();
  });
  await search();
}
