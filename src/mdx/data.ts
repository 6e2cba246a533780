/**
 * What stands beside the text: corrections (claims.yaml), the glossary and the references.
 *
 * Each file is read once, checked by hand, and an error names the file, the entry and the key, so that a slip in YAML
 * stops the build with a sentence that can be acted on.
 */
import { existsSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { contentPath } from "./paths.ts";

export interface ClaimWords {
  readonly topic: string;
  readonly said: string;
  /** The part of `said` that is wrong, letter for letter. */
  readonly wrong: string;
  /** The words that belong there; "" where striking the wrong ones is enough. */
  readonly right: string;
  readonly why: string;
}

export interface Claim {
  readonly id: string;
  /** `<chapter>/<section>` */
  readonly section: string;
  readonly cell?: string;
  readonly recording?: string;
  /** `runtime/malloc.go#mallocgc` */
  readonly source: string;
  /** The Go version since which the sentence is wrong, or "always". */
  readonly since: string;
  readonly home: boolean;
  readonly refutes: readonly { readonly who: string; readonly url?: string; readonly date?: string }[];
  readonly zh: ClaimWords;
  readonly en: ClaimWords;
}

export interface TermWords {
  readonly term: string;
  readonly def: string;
}

export interface Term {
  readonly key: string;
  readonly zh: TermWords;
  readonly en: TermWords;
  readonly go?: string;
  readonly not?: { readonly zh: string; readonly en: string };
  readonly section?: string;
}

export interface Reference {
  readonly id: string;
  readonly title: string;
  readonly who: string;
  readonly url: string;
  readonly date: string;
  readonly lang: string;
  readonly note?: { readonly zh: string; readonly en: string };
}

export const claims = once(() => list("claims.yaml", "id", readClaim));
export const glossary = once(() => list("glossary.yaml", "key", readTerm));
export const references = once(() => list("references.yaml", "id", readReference));

export function claim(id: string): Claim {
  return find(claims(), (one) => one.id === id, "claims.yaml", id);
}

export function term(key: string): Term {
  return find(glossary(), (one) => one.key === key, "glossary.yaml", key);
}

/** Reads one entry of a file; `at` gives its keys, checked. Exported for the tests of what a slip says. */
export function readClaim(at: Entry): Claim {
  const words = (lang: "zh" | "en"): ClaimWords => {
    const inner = at.entry(lang);
    const [said, wrong] = [inner.text("said"), inner.text("wrong")];
    if (!said.includes(wrong)) inner.fail("wrong", `"${wrong}" does not occur in "${said}"`);
    return { topic: inner.text("topic"), said, wrong, right: inner.text("right", ""), why: inner.text("why") };
  };
  const [cell, recording] = [at.optional("cell"), at.optional("recording")];
  if (cell === undefined && recording === undefined)
    at.fail("cell", "a correction needs evidence: a cell or a recording");
  const source = at.text("source");
  if (!/^[\w/.-]+\.go#[\w.]+$/.test(source)) at.fail("source", `"${source}" is not like runtime/malloc.go#mallocgc`);
  const since = at.text("since");
  if (!/^(always|1\.\d+)$/.test(since)) at.fail("since", `"${since}" is neither "always" nor a version like "1.22"`);
  return {
    id: at.slug("id"),
    section: at.text("section"),
    ...(cell === undefined ? {} : { cell }),
    ...(recording === undefined ? {} : { recording }),
    source,
    since,
    home: at.flag("home"),
    refutes: at.entries("refutes").map((one) => {
      const [url, date] = [one.optional("url"), one.optional("date")];
      return { who: one.text("who"), ...(url === undefined ? {} : { url }), ...(date === undefined ? {} : { date }) };
    }),
    zh: words("zh"),
    en: words("en"),
  };
}

export function readTerm(at: Entry): Term {
  const words = (lang: "zh" | "en"): TermWords => ({
    term: at.entry(lang).text("term"),
    def: at.entry(lang).text("def"),
  });
  const [go, section] = [at.optional("go"), at.optional("section")];
  const not = at.has("not") ? { zh: at.entry("not").text("zh"), en: at.entry("not").text("en") } : undefined;
  return {
    key: at.slug("key"),
    zh: words("zh"),
    en: words("en"),
    ...(go === undefined ? {} : { go }),
    ...(not === undefined ? {} : { not }),
    ...(section === undefined ? {} : { section }),
  };
}

export function readReference(at: Entry): Reference {
  const note = at.has("note") ? { zh: at.entry("note").text("zh"), en: at.entry("note").text("en") } : undefined;
  return {
    id: at.slug("id"),
    title: at.text("title"),
    who: at.text("who"),
    url: at.text("url"),
    date: at.text("date"),
    lang: at.text("lang"),
    ...(note === undefined ? {} : { note }),
  };
}

/** One mapping of a YAML file, with the words for saying what is wrong with it. */
export class Entry {
  readonly where: string;
  readonly map: Record<string, unknown>;

  constructor(where: string, value: unknown) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new Error(`content/${where}: expected keys and values, got ${JSON.stringify(value)}`);
    }
    this.where = where;
    this.map = value as Record<string, unknown>;
  }

  fail(key: string, why: string): never {
    throw new Error(`content/${this.where}, ${key}: ${why}`);
  }

  has(key: string): boolean {
    return this.map[key] !== undefined;
  }

  text(key: string, ifAbsent?: string): string {
    const value = this.map[key] ?? ifAbsent;
    if (typeof value === "number") return String(value);
    if (typeof value !== "string" || (value === "" && ifAbsent === undefined))
      return this.fail(key, "a text is missing");
    return value;
  }

  optional(key: string): string | undefined {
    return this.has(key) ? this.text(key) : undefined;
  }

  slug(key: string): string {
    const value = this.text(key);
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(value)) this.fail(key, `"${value}" is not lower-case words joined by hyphens`);
    return value;
  }

  flag(key: string): boolean {
    const value = this.map[key] ?? false;
    return typeof value === "boolean" ? value : this.fail(key, "must be true or false");
  }

  entry(key: string): Entry {
    return new Entry(`${this.where}, ${key}`, this.map[key]);
  }

  entries(key: string): readonly Entry[] {
    const value = this.map[key] ?? [];
    if (!Array.isArray(value)) return this.fail(key, "must be a list");
    return value.map((one, i) => new Entry(`${this.where}, ${key}[${i}]`, one));
  }
}

/** Reads a list of entries from YAML text; no id twice. */
export function readList<T>(name: string, text: string, key: string, read: (at: Entry) => T): readonly T[] {
  const value = (parse(text) ?? []) as unknown;
  if (!Array.isArray(value)) throw new Error(`content/${name}: must be a list`);
  const seen = new Set<unknown>();
  return value.map((raw, i) => {
    const id = (raw as Record<string, unknown> | null)?.[key];
    if (seen.has(id)) throw new Error(`content/${name}: ${key} "${id}" stands there twice`);
    seen.add(id);
    return read(new Entry(`${name}, ${typeof id === "string" ? id : `entry ${i + 1}`}`, raw));
  });
}

function list<T>(name: string, key: string, read: (at: Entry) => T): readonly T[] {
  const path = contentPath(name);
  return existsSync(path) ? readList(name, readFileSync(path, "utf8"), key, read) : [];
}

function find<T>(all: readonly T[], is: (one: T) => boolean, file: string, id: string): T {
  const found = all.find(is);
  if (found === undefined) throw new Error(`content/${file} has no entry "${id}"`);
  return found;
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    // In `astro dev` a file may change under a running server: read it afresh for every page.
    if (made === undefined || import.meta.env?.DEV === true) made = { value: make() };
    return made.value;
  };
}
