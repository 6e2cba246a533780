/** Reading: what was read fills its squares, the home page leads back to the place, chapters follow one another. */
import { expect, test } from "@playwright/test";
import { denyStorage } from "./pages.ts";

test("a section read to its end is filled in the contents and at home, and the home page goes on from there", async ({
  page,
}) => {
  await page.goto("/zh/small-allocation/#the-border");
  await expect(page.locator('.toc [data-read="small-allocation/paths"]')).toHaveCount(1);
  await expect(page.locator('.toc [data-read="small-allocation/zeroing"]')).not.toHaveAttribute("data-done");
  await page.locator("#tiny").scrollIntoViewIfNeeded();
  await expect(page.locator('.toc [data-read="small-allocation/the-border"]')).toHaveAttribute("data-done", "");
  await page.evaluate(() => document.querySelector("#tiny")!.scrollIntoView({ block: "start" }));
  await expect(page.locator('.toc a[href="#tiny"]')).toHaveAttribute("aria-current", "true");
  await page.goto("/en/");
  await expect(page.locator('.parts [data-read="small-allocation/the-border"]')).toHaveAttribute("data-done", "");
  const link = page.locator("a[data-go-on]");
  await expect(link).toHaveText("Go on with 4.3 The tiny allocator");
  await link.click();
  await expect(page).toHaveURL(/\/en\/small-allocation\/#tiny$/);
});

test("where storage is denied the squares stay empty and nothing breaks", async ({ page }) => {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  await denyStorage(page);
  await page.goto("/en/small-allocation/");
  await page.locator("#tiny").scrollIntoViewIfNeeded();
  await expect(page.locator(".toc [data-done]")).toHaveCount(0);
  expect(complaints).toEqual([]);
});

test("a place that no longer exists is not offered", async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem("place", "no-such/<b>"));
  await page.goto("/en/");
  await expect(page.locator("a[data-go-on]")).toContainText("Start with");
});

test("each chapter leads to the one before and the one after", async ({ page }) => {
  await page.goto("/en/small-allocation/");
  const before = page.locator(".neighbours [rel=prev]");
  await expect(before).toHaveAttribute("href", "/en/size-classes-spans/");
  await before.click();
  await page.locator(".neighbours [rel=next]").click();
  await expect(page).toHaveURL(/small-allocation/);
});

test("the glossary and the corrections stand whole in both languages, and lead to their places", async ({ page }) => {
  for (const lang of ["zh", "en"]) {
    await page.goto(`/${lang}/glossary/`);
    expect(await page.locator(".terms > div").count()).toBeGreaterThan(40);
    await page.goto(`/${lang}/claims/`);
    const claims = page.locator(".claim");
    expect(await claims.count()).toBeGreaterThan(8);
    const evidence = await claims.first().locator("a").first().getAttribute("href");
    await page.goto(evidence!);
    await expect(page.locator(`[id="${evidence!.split("#")[1]}"]`)).toBeVisible();
  }
});
