import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { isPublished, type Ledger, ledgerKey } from "../../src/mdx/anchors.ts";
import { builtPages, fileOf, readPage } from "./pages.ts";

const pages = builtPages();
const base = process.env["BASE_PATH"] ?? "/";
const byPath = new Map(pages.map((page) => [page.path, page]));
const published = (path: string) =>
  byPath
    .get(path)!
    .tags.filter(({ name, attributes }) => isPublished(name, (attributes.get("class") ?? "").split(" ")))
    .map(({ attributes }) => attributes.get("id"))
    .filter((id) => id !== undefined);

describe("links and anchors of the built site", () => {
  test.each(pages.map((page) => [page.path || "/", page] as const))(
    "%s: every address inside the site is there",
    (_, page) => {
      const broken: string[] = [];
      for (const { name, attributes } of page.tags) {
        for (const key of ["href", "src"]) {
          const address = attributes.get(key);
          if (address === undefined || name === "use" || name === "textpath") continue;
          if (/^(https?|data|mailto):/.test(address) && !isOwn(name, attributes)) continue;
          const at = new URL(address, `http://site${base}${page.path}`);
          const file = fileOf(at.pathname, base);
          if (file === undefined) broken.push(`${name} ${key}="${address}"`);
          else if (at.hash !== "" && file.endsWith(".html")) {
            const target = readPage("", readFileSync(file, "utf8"));
            if (!target.ids.has(decodeURIComponent(at.hash.slice(1))))
              broken.push(`${name} ${key}="${address}": no such id`);
          }
        }
      }
      expect(broken).toEqual([]);
    },
  );

  test.each(pages.map((page) => [page.path || "/", page] as const))(
    "%s: no id stands twice, and every reference has one",
    (_, page) => {
      const ids = page.tags.map((tag) => tag.attributes.get("id")).filter((id) => id !== undefined);
      expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
      const dangling = page.tags.flatMap(({ attributes }) =>
        ["for", "aria-labelledby", "aria-describedby", "aria-controls", "popovertarget"].flatMap((key) =>
          (attributes.get(key) ?? "").split(" ").filter((id) => id !== "" && !page.ids.has(id)),
        ),
      );
      expect(dangling).toEqual([]);
    },
  );

  test("every page stands in both languages with the same anchors", () => {
    const zh = pages.filter((page) => page.path.startsWith("zh/")).map((page) => page.path.slice(3));
    const en = pages.filter((page) => page.path.startsWith("en/")).map((page) => page.path.slice(3));
    expect(zh).toEqual(en);
    expect(zh.length).toBeGreaterThan(1);
    for (const path of zh) expect(published(`zh/${path}`), path).toEqual(published(`en/${path}`));
  });

  test("each anchor of the ledger is reachable in both languages, and each anchor of the site is in the ledger", () => {
    const ledger = JSON.parse(readFileSync("content/ledger.json", "utf8")) as Ledger;
    for (const [slug, anchors] of Object.entries(ledger)) {
      for (const lang of ["zh", "en"]) {
        const page = byPath.get(`${lang}/${slug === "" ? "" : `${slug}/`}`);
        expect(page, `/${lang}/${slug}/ was published`).toBeDefined();
        expect(
          anchors.filter((id) => !page!.ids.has(id)),
          `/${lang}/${slug}/`,
        ).toEqual([]);
      }
    }
    const unlisted = pages.flatMap(({ path }) => {
      const key = ledgerKey(path);
      return key === undefined ? [] : published(path).filter((id) => ledger[key]?.includes(id) !== true);
    });
    expect(unlisted, "new anchors: run `node scripts/ledger.ts`").toEqual([]);
  });

  test("no anchor carries a number: numbers may change, anchors may not", () => {
    const ledger = JSON.parse(readFileSync("content/ledger.json", "utf8")) as Ledger;
    const numbered = Object.values(ledger)
      .flat()
      .filter((id) => /^(\d|cell-\d)/.test(id));
    expect(numbered).toEqual([]);
  });
});

/** Canonical and alternate links are absolute, and ours. */
function isOwn(name: string, attributes: ReadonlyMap<string, string>): boolean {
  return name === "link" && ["canonical", "alternate"].includes(attributes.get("rel") ?? "");
}
