import { expect, test } from "@playwright/test";
import { chapters, reading } from "./pages.ts";

test.describe("with scripts off", () => {
  test.use({ javaScriptEnabled: false });

  for (const path of chapters) {
    test(`${path} is complete: questions, programs, recorded results, corrections`, async ({ page }) => {
      await page.goto(path);
      expect(await page.locator(".opening h2").count()).toBeGreaterThanOrEqual(3);
      const cells = await page.locator("go-cell").evaluateAll((all) =>
        all.map((cell) => ({
          id: cell.id,
          listing: cell.querySelector("pre.code")?.textContent ?? "",
          // An exercise has no result before it is solved.
          result: "exercise" in (cell as HTMLElement).dataset ? "-" : (cell.querySelector("output")?.textContent ?? ""),
          seen: "exercise" in (cell as HTMLElement).dataset || cell.querySelector("output")?.checkVisibility() === true,
        })),
      );
      expect(cells.length).toBeGreaterThanOrEqual(3);
      expect(cells.filter(({ listing, result, seen }) => listing === "" || result.trim() === "" || !seen)).toEqual([]);
      expect(await page.locator(".claim").count()).toBeGreaterThan(0);
    });
    test(`${path} offers nothing that cannot work`, async ({ page }) => {
      await page.goto(path);
      const dead = await page
        .locator("button, input, select, textarea")
        .evaluateAll((all) =>
          all
            .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.hasAttribute("popovertarget"))
            .map((one) => one.outerHTML.slice(0, 120)),
        );
      expect(dead).toEqual([]);
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
          node.parentElement?.closest("script, style, pre") === null
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
