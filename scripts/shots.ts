/**
 * `npm run shots`: pictures of every page at 1280 and 390 px, in light and dark, into shots/. Build first (`npm run build`).
 * `npm run shots -- zh/small` takes only pages whose address holds that text; `--part=tall` cuts nothing (full page).
 */
import { mkdirSync, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { chromium } from "@playwright/test";
import { preview } from "astro";
import { launchOptions } from "../tests/browser.ts";

const dist = "dist";
const only = process.argv.slice(2).filter((word) => !word.startsWith("--"));

/** Addresses of all built pages, relative to the site's root: "", "zh/", "zh/small-allocation/", ... */
function pages(folder = dist): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return pages(path);
    return name === "index.html" ? [relative(dist, folder).replaceAll("\\", "/")] : [];
  });
}

mkdirSync("shots", { recursive: true });
const server = await preview({ logLevel: "error", server: { port: 4398 } });
const browser = await chromium.launch(await launchOptions());
for (const page of pages()) {
  if (only.length > 0 && !only.some((word) => page.includes(word))) continue;
  for (const width of [1280, 390]) {
    for (const colorScheme of ["light", "dark"] as const) {
      const context = await browser.newContext({
        viewport: { width, height: 900 },
        colorScheme,
        deviceScaleFactor: 1.5,
      });
      const tab = await context.newPage();
      await tab.goto(`http://localhost:${server.port}/${page === "" ? "" : `${page}/`}`, { waitUntil: "networkidle" });
      const name = `${page === "" ? "root" : page.replaceAll("/", "-")}-${width}-${colorScheme}.png`;
      await tab.screenshot({ path: join("shots", name), fullPage: true });
      console.log(join("shots", name));
      await context.close();
    }
  }
}
await browser.close();
await server.stop();
