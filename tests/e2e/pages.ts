/** What the browser tests go through. */
import { readdirSync } from "node:fs";
import type { Page } from "@playwright/test";

export const homes = ["/zh/", "/en/"];
/** Every chapter that is written, in both languages. */
export const chapters = readdirSync("content/en")
  .map((file) => file.replace(/\.mdx$/, ""))
  .flatMap((slug) => [`/zh/${slug}/`, `/en/${slug}/`]);
/** One chapter for what all have alike. */
export const sample = ["/zh/small-allocation/", "/en/small-allocation/"];
/** Everything that is read: the home pages, the chapters, the glossary and the corrections. */
export const appendices = ["glossary", "claims"].flatMap((slug) => [`/zh/${slug}/`, `/en/${slug}/`]);
export const reading = [...homes, ...chapters, ...appendices];
/** Pages that belong to no language. */
export const bare = ["/404.html"];

export const phone = { width: 390, height: 844 };
export const desk = { width: 1280, height: 900 };

/** Opens a page and waits for its faces, so that what is measured is what is read. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await page.evaluate(() => document.fonts.ready);
}

/** A browser that lets the page keep nothing. */
export async function denyStorage(page: Page): Promise<void> {
  await page.addInitScript(() => {
    Object.defineProperty(window, "localStorage", {
      get() {
        throw new DOMException("denied", "SecurityError");
      },
    });
  });
}
