/** After the build: an index of everything that can be found, in both languages, under /pagefind/. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AstroIntegration } from "astro";
import * as pagefind from "pagefind";
import { type Lang, langs } from "../i18n/langs.ts";
import { indexLanguage, spaced } from "./han.ts";
import { chapterRecords, type SearchRecord, termRecords } from "./records.ts";

/** All records of a built site. @param base under which it is served */
export function siteRecords(dist: string, base: string): SearchRecord[] {
  const root = base.endsWith("/") ? base : `${base}/`;
  return langs.flatMap((lang: Lang) => {
    const folder = join(dist, lang);
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, "index.html")))
      .flatMap(({ name }) => {
        const html = readFileSync(join(folder, name, "index.html"), "utf8");
        const url = `${root}${lang}/${name}/`;
        return name === "glossary" ? termRecords(html, url, lang) : chapterRecords(html, url, lang);
      });
  });
}

export function searchIndex(): AstroIntegration {
  let base = "/";
  return {
    name: "search-index",
    hooks: {
      "astro:config:done": ({ config }) => {
        base = config.base;
      },
      "astro:build:done": async ({ dir, logger }) => {
        const dist = fileURLToPath(dir);
        const { index, errors } = await pagefind.createIndex();
        if (index === undefined) throw new Error(`search index: ${errors.join("; ")}`);
        const records = siteRecords(dist, base);
        for (const { url, lang, kind, no, title, text } of records) {
          const record = {
            url,
            content: spaced(`${title}. ${text}`),
            language: indexLanguage[lang],
            meta: { title, no, kind, lang },
          };
          const added = await index.addCustomRecord(record);
          if (added.errors.length > 0) throw new Error(`search index, ${url}: ${added.errors.join("; ")}`);
        }
        await index.writeFiles({ outputPath: join(dist, "pagefind") });
        await pagefind.close();
        logger.info(`${records.length} places can be found`);
      },
    },
  };
}
