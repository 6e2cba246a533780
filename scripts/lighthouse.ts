/**
 * `npm run lighthouse`: the built pages as a phone on a slow line meets them; each the median of five runs.
 * Build first (`npm run build`). Words after `--` choose pages: `npm run lighthouse -- zh/small`; `--runs=1` is quicker.
 *
 * Asked for: 100 in accessibility, best practices and SEO, at least 98 in performance. Ends with 1 when a page has less.
 */
import { readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { chromium } from "@playwright/test";
import { preview } from "astro";
import lighthouse from "lighthouse";
import { launchOptions } from "../tests/browser.ts";

const args = process.argv.slice(2);
const runs = Number(args.find((word) => word.startsWith("--runs="))?.slice(7) ?? 5);
const only = args.filter((word) => !word.startsWith("--"));
const wanted = { performance: 98, accessibility: 100, "best-practices": 100, seo: 100 } as const;
type Category = keyof typeof wanted;
const categories = Object.keys(wanted) as Category[];

/** Addresses of all built pages with a language, relative to the site's root. */
function pages(folder = "dist"): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return pages(path);
    const address = relative("dist", folder).replaceAll("\\", "/");
    return name === "index.html" && address !== "" ? [`${address}/`] : [];
  });
}

const median = (all: readonly number[]) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)]!;

const server = await preview({ logLevel: "error", server: { port: Number(process.env["PORT"] ?? 4397) } });
const options = await launchOptions();
const port = 9333;
const browser = await chromium.launch({ ...options, args: [...options.args, `--remote-debugging-port=${port}`] });
let isGood = true;
console.log(`page${" ".repeat(30)}${categories.map((one) => one.padStart(16)).join("")}   (median of ${runs})`);
for (const page of pages()) {
  if (only.length > 0 && !only.some((word) => page.includes(word))) continue;
  const scores: Record<Category, number[]> = { performance: [], accessibility: [], "best-practices": [], seo: [] };
  const failures = new Set<string>();
  for (let run = 0; run < runs; run++) {
    const result = await lighthouse(`http://localhost:${server.port}/${page}`, {
      port,
      output: "json",
      logLevel: "error",
      onlyCategories: categories,
    });
    if (result === undefined) throw new Error(`${page}: Lighthouse gave no result`);
    for (const one of categories) {
      const category = result.lhr.categories[one]!;
      scores[one].push(Math.round((category.score ?? 0) * 100));
      if (one === "performance") continue;
      for (const { id, weight } of category.auditRefs) {
        const { score, title } = result.lhr.audits[id]!;
        if (weight > 0 && score !== null && score < 1) failures.add(`${one}: ${title}`);
      }
    }
  }
  const medians = categories.map((one) => median(scores[one]));
  const misses = categories.filter((one, i) => medians[i]! < wanted[one]);
  isGood &&= misses.length === 0;
  console.log(
    `${page.padEnd(34)}${medians.map((n) => String(n).padStart(16)).join("")}${misses.length > 0 ? "  MISSED" : ""}`,
  );
  for (const failure of failures) console.log(`    ${failure}`);
}
await browser.close();
await server.stop();
process.exit(isGood ? 0 : 1);
