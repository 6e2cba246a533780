import { expect, test } from "@playwright/test";
import { chapters, reading } from "./pages.ts";

test.describe("with scripts off", () => {
  test.use({ javaScriptEnabled: false });

  for (const path of chapters) {
    test(`${path} is complete: questions, programs, recorded results, corrections`, async ({ page }) => {
      await page.goto(path);
      await expect(page.locator(".opening h2")).toHaveCount(4);
      const cells = page.locator("go-cell");
      expect(await cells.count()).toBeGreaterThanOrEqual(8);
      for (const cell of await cells.all()) {
        await expect(cell.locator("pre")).not.toBeEmpty();
        await expect(cell.locator("output")).not.toBeEmpty();
        await expect(cell.locator("output")).toBeVisible();
      }
      expect(await page.locator(".claim").count()).toBeGreaterThan(0);
    });
    test(`${path} offers nothing that cannot work`, async ({ page }) => {
      await page.goto(path);
      for (const button of await page.locator("button").all()) {
        if (!(await button.isVisible())) continue;
        const opens = await button.getAttribute("popovertarget");
        expect(opens, await button.evaluate((one) => one.outerHTML.slice(0, 120))).not.toBeNull();
      }
    });
    test(`${path}: a term still opens`, async ({ page }) => {
      await page.goto(path);
      await page.locator(".term").first().click();
      await expect(page.locator(".pop:popover-open")).toBeVisible();
    });
  }

  for (const path of reading) {
    test(`${path} has its other language at one press`, async ({ page }) => {
      await page.goto(path);
      const other = path.startsWith("/zh/") ? "en" : "zh";
      await page.locator(`[data-switch=${other}]`).click();
      await expect(page).toHaveURL(new RegExp(path.replace(/\/(zh|en)\//, `/${other}/`)));
    });
  }
});

test("a Chinese page says which words are English, and an English one which are Chinese", async ({ page }) => {
  for (const path of reading) {
    await page.goto(path);
    const foreign = await page.evaluate(() => {
      const page = document.documentElement.lang;
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const found: string[] = [];
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        const lang = node.parentElement?.closest("[lang]")?.getAttribute("lang") ?? page;
        if (
          lang === "en" &&
          /\p{Script=Han}/u.test(node.textContent ?? "") &&
          node.parentElement?.closest("script, style") === null
        ) {
          found.push(node.textContent!.trim().slice(0, 60));
        }
      }
      return found;
    });
    expect(foreign, path).toEqual([]);
  }
});

test("quotation marks and dashes on a Chinese page are set full width", async ({ page }) => {
  await page.goto("/zh/small-allocation/");
  const fonts = await page.evaluate(() => getComputedStyle(document.querySelector(".opening h2")!).fontFamily);
  expect(fonts.startsWith('"Text zh"') || fonts.startsWith("Text zh")).toBe(true);
  const width = await page.evaluate(() => {
    const probe = document.createElement("span");
    const style = getComputedStyle(document.querySelector(".opening h2")!);
    probe.style.cssText = "position:absolute;white-space:pre;text-spacing-trim:space-all";
    probe.style.font = style.font;
    probe.textContent = "……";
    document.body.append(probe);
    return probe.getBoundingClientRect().width / Number.parseFloat(style.fontSize);
  });
  expect(width).toBeCloseTo(2, 1);
});
