import { describe, expect, test } from "vitest";
import { chineseNumber, goVersion } from "../../src/i18n/site.ts";
import { grow, isPublished, ledgerKey } from "../../src/mdx/anchors.ts";
import { claims, glossary, readClaim, readList, readTerm, references } from "../../src/mdx/data.ts";
import { goSource } from "../../src/mdx/go-source.ts";
import { headersFile } from "../../src/mdx/host-headers.ts";
import { chapters } from "../../src/mdx/outline.ts";
import { readSections, squares } from "../../src/mdx/sections.ts";
import { usedTerms } from "../../src/mdx/terms.ts";

const good = `
- id: small-max
  section: small-allocation/the-border
  cell: small-allocation/border
  source: runtime/malloc.go#mallocgc
  since: "1.22"
  zh: { topic: 边界, said: 小于 32 KB 的是小对象。, wrong: 32 KB, right: 32760 B, why: 就是这样。 }
  en: { topic: Border, said: Small is below 32 KB., wrong: 32 KB, right: "32,760 B", why: That is so. }
`;
const read = (text: string) => readList("claims.yaml", text, "id", readClaim);

describe("a slip in a data file is said with file, entry and key", () => {
  test("a whole entry is read", () => {
    expect(read(good)[0]).toMatchObject({ id: "small-max", home: false, refutes: [], zh: { right: "32760 B" } });
  });

  test.each([
    [
      "the wrong words are not in the sentence",
      good.replace("wrong: 32 KB, right: 32760", "wrong: 33 KB, right: 32760"),
      'content/claims.yaml, small-max, zh, wrong: "33 KB" does not occur',
    ],
    ["no evidence", good.replace(/ {2}cell: .*\n/, ""), "small-max, cell: a correction needs evidence"],
    ["a place in Go's source without symbol", good.replace("#mallocgc", ""), "small-max, source:"],
    ["a version that is none", good.replace('"1.22"', '"lately"'), 'small-max, since: "lately"'],
    ["an anchor with capitals", good.replace("id: small-max", "id: Small"), 'id: "Small" is not lower-case words'],
    ["a text that is missing", good.replace("why: That is so.", "because: x"), "small-max, en, why: a text is missing"],
    ["an id twice", good + good.trimStart(), 'id "small-max" stands there twice'],
    ["no list", "a: b", "claims.yaml: must be a list"],
  ])("%s", (_, text, says) => {
    expect(() => read(text)).toThrow(says);
  });

  test("a term without a definition", () => {
    expect(() =>
      readList("glossary.yaml", "- key: span\n  zh: { term: span }\n  en: { term: span, def: x }", "key", readTerm),
    ).toThrow("content/glossary.yaml, span, zh, def: a text is missing");
  });
});

describe("the data that the site is built from", () => {
  test("reads without a slip, and every place in Go's source exists", () => {
    for (const one of claims()) expect(goSource(one.source).url, one.id).toContain(`/go${goVersion}/src/`);
    expect(glossary().length).toBeGreaterThan(0);
    expect(references).not.toThrow();
  });

  test("each correction and each term points at a section of the outline", () => {
    const places = new Set(chapters().flatMap((one) => one.sections.map((section) => `${one.slug}/${section.slug}`)));
    for (const one of claims()) expect(places, one.id).toContain(one.section);
    for (const one of glossary()) if (one.section !== undefined) expect(places, one.key).toContain(one.section);
  });

  test("the outline has twenty-one chapters, numbered in order, and no slug twice", () => {
    const all = chapters();
    expect(all.map((one) => one.no)).toEqual(Array.from({ length: 21 }, (_, i) => String(i)));
    expect(new Set(all.map((one) => one.slug)).size).toBe(21);
    for (const one of all) expect(new Set(one.sections.map((s) => s.slug)).size, one.slug).toBe(one.sections.length);
  });
});

describe("places in Go's source", () => {
  test("a symbol has its lines, a line inside it is linked itself", () => {
    expect(goSource("runtime/malloc.go#mallocgc").url).toMatch(/blob\/go1\.26\.8\/src\/runtime\/malloc\.go#L\d+-L\d+$/);
    expect(goSource("runtime/malloc.go#mallocgc", 1134).url).toMatch(/#L1134$/);
    expect(goSource("runtime/mcache.go#mcache.refill").first).toBeGreaterThan(1);
  });

  test.each([
    ["runtime/nothing.go#f", undefined, "no file"],
    ["runtime/malloc.go#mallocgcs", undefined, 'no top-level "mallocgcs"'],
    ["runtime/malloc.go#constructor", undefined, 'no top-level "constructor"'],
    ["runtime/malloc.go#mallocgc", 20, "outside mallocgc"],
  ])("%s line %s is refused", (place, line, says) => {
    expect(() => goSource(place, line)).toThrow(says);
  });
});

describe("sections of a chapter", () => {
  const planned = [
    { slug: "one", no: "4.1" },
    { slug: "two", no: "4.2" },
  ];
  test("are its headings, in order, each with its length", () => {
    const text = `Lead.\n## 一？ {#one}\n${"字".repeat(250)}\n\n## 二？ {#two}\n短。\n\`\`\`go\n## not a heading\n\`\`\``;
    expect(readSections("x.mdx", text, planned, "zh").map((one) => [one.no, one.squares])).toEqual([
      ["4.1", 3],
      ["4.2", 1],
    ]);
  });
  test.each([
    ["## A question?", "has no anchor"],
    ["## A question? {#three}", 'no section "three"'],
    ["## A? {#one}\n## B? {#one}", "stands there twice"],
  ])("%s is refused", (text, says) => {
    expect(() => readSections("x.mdx", text, planned, "en")).toThrow(says);
  });
  test("markup and listings have no length", () => {
    expect(squares(`<Cell id="a/b" />\n\`\`\`\n${"word ".repeat(500)}\n\`\`\``, "en")).toBe(1);
    expect(squares("word ".repeat(180), "en")).toBe(3);
  });
  test("a term is listed once, in order of first use", () => {
    expect(usedTerms('<Term k="span">x</Term> <Term k="mcache" /> <Term k="span" />')).toEqual(["span", "mcache"]);
  });
});

describe("the ledger of anchors", () => {
  test("only grows, whatever is found", () => {
    const before = { a: ["x", "y"], b: ["z"] };
    expect(grow(before, {})).toEqual(before);
    expect(grow(before, { a: ["y", "new"], c: ["w"] })).toEqual({ a: ["x", "y", "new"], b: ["z"], c: ["w"] });
  });
  test("lists what others may link to, and not the page's own machinery", () => {
    expect(isPublished("h2", [])).toBe(true);
    expect(isPublished("go-cell", ["cell"])).toBe(true);
    expect(isPublished("aside", ["claim"])).toBe(true);
    expect(isPublished("div", ["pop"])).toBe(false);
  });
  test("knows a chapter by its slug in either language", () => {
    expect([ledgerKey("zh/small-allocation/"), ledgerKey("en/"), ledgerKey("404.html"), ledgerKey("")]).toEqual([
      "small-allocation",
      "",
      undefined,
      undefined,
    ]);
  });
});

test("Chinese chapter numbers", () => {
  expect(["0", "4", "10", "14", "20"].map(chineseNumber)).toEqual(["零", "四", "十", "十四", "二十"]);
});

test("the headers file has one rule for all paths", () => {
  expect(headersFile({ A: "1", B: "2" })).toBe("/*\n  A: 1\n  B: 2\n");
});
