/** Search: both languages, Chinese words found, by keys alone, and words when nothing is there. */
import { readFileSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { parse } from "yaml";
import { siteRecords } from "../../src/search/integration.ts";

type Words = { readonly term: string };
const terms = parse(readFileSync("content/glossary.yaml", "utf8")) as { key: string; zh: Words; en: Words }[];
const records = siteRecords("dist", "/");
const box = "#search";

/** True when the text has the term as a word of its own: not inside of a file's name. */
function speaks(text: string, term: string): boolean {
  const words = term.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?<![\\w/.])${words}(?![\\w.])`, "i").test(text);
}

async function ask(page: Page, text: string): Promise<string[]> {
  await page.locator(`${box} input`).fill(text);
  await expect(page.locator(`${box} ol`)).toHaveAttribute("data-for", text);
  return page.locator(`${box} li a`).evaluateAll((all) => all.map((a) => a.getAttribute("href") ?? ""));
}

for (const lang of ["zh", "en"] as const) {
  test(`in ${lang} each term that a section speaks of finds the term, and a section that has it`, async ({ page }) => {
    test.setTimeout(120_000);
    await page.goto(`/${lang}/glossary/`);
    await page.keyboard.press("/");
    const lost: string[] = [];
    for (const { key, [lang]: words } of terms) {
      const found = await ask(page, words.term);
      if (!found.includes(`/${lang}/glossary/#${key}`)) lost.push(`${words.term}: not the term`);
      const sections = records.filter((one) => one.lang === lang && one.kind === "section");
      const speaking = sections.filter((one) => speaks(one.text, words.term));
      const places = records.filter((one) => one.lang === lang && one.kind !== "term").map((one) => one.url);
      if (speaking.length > 0 && !found.some((url) => places.includes(url))) lost.push(`${words.term}: no place`);
    }
    expect(lost).toEqual([]);
  });
}

test("the page's own language comes first, the other's results say which language they are", async ({ page }) => {
  await page.goto("/zh/small-allocation/");
  await page.keyboard.press("/");
  const found = await ask(page, "mcache");
  const languages = found.map((url) => url.split("/")[1]);
  expect(languages).toEqual([...languages].sort().reverse());
  expect(new Set(languages)).toEqual(new Set(["zh", "en"]));
  await expect(page.locator(`${box} a[href^="/en/"]`).first()).toHaveAttribute("lang", "en");
});

test("by keys alone: open, type, go down to a result, and there", async ({ page }) => {
  await page.goto("/en/");
  await page.keyboard.press("/");
  await expect(page.locator(`${box} input`)).toBeFocused();
  await page.keyboard.type("nextFreeFast");
  await expect(page.locator(`${box} li`).first()).toBeVisible();
  await page.keyboard.press("ArrowDown");
  const target = await page.evaluate(() => (document.activeElement as HTMLAnchorElement).href);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(target);
  await page.keyboard.press("/");
  await page.keyboard.press("Escape");
  await expect(page.locator(box)).toBeHidden();
});

test("nothing found is said; markup that is typed stays text", async ({ page }) => {
  await page.goto("/zh/small-allocation/");
  await page.locator(".bar .find").click();
  expect(await ask(page, "qqxqqx")).toEqual([]);
  await expect(page.locator(`${box} [role=status]`)).toHaveText("没有找到");
  await ask(page, "<img src=x onerror=alert(1)>");
  expect(await page.locator(`${box} ol img`).count()).toBe(0);
});

test("an index that does not come is said, and opening the box again tries again", async ({ page }) => {
  let isLost = true;
  await page.route(/pagefind\.js/, (route) => (isLost ? route.abort() : route.continue()));
  await page.goto("/en/");
  await page.keyboard.press("/");
  await expect(page.locator(`${box} [role=status]`)).toContainText("did not arrive");
  isLost = false;
  await page.keyboard.press("Escape");
  await page.reload();
  await page.keyboard.press("/");
  expect((await ask(page, "mcentral")).length).toBeGreaterThan(0);
});
