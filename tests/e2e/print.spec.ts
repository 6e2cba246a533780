import { expect, test } from "@playwright/test";
import { chapters, open } from "./pages.ts";

for (const path of chapters) {
  test.describe(`${path} on paper`, () => {
    test.beforeEach(async ({ page }) => {
      await page.emulateMedia({ media: "print", colorScheme: "dark" });
      await page.setViewportSize({ width: 690, height: 980 });
      await open(page, path);
    });

    test("is black on white, without what can only be pressed", async ({ page }) => {
      expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe("rgb(255, 255, 255)");
      for (const gone of [".bar", "#contents", ".skip", ".copy", "[data-action=run]"]) {
        for (const one of await page.locator(gone).all()) await expect(one).toBeHidden();
      }
      expect(await page.locator("go-cell pre").first().isVisible()).toBe(true);
    });

    test("keeps the margin notes in their column", async ({ page }) => {
      const places = await page.evaluate(() =>
        [...document.querySelectorAll("main > p + .note")].map((note) => {
          const text = note.previousElementSibling!.getBoundingClientRect();
          return note.getBoundingClientRect().left >= text.right;
        }),
      );
      expect(places.length).toBeGreaterThan(0);
      expect(places).not.toContain(false);
    });

    test("opens what is folded", async ({ page }) => {
      const folded = page.locator("details:not([open]) > :not(summary)");
      for (const one of await folded.all()) expect((await one.boundingBox())?.height ?? 0).toBeGreaterThan(0);
    });

    test("prints the addresses of outside links", async ({ page }) => {
      const link = page.locator('main a[href^="http"]').first();
      const after = await link.evaluate((one) => getComputedStyle(one, "::after").content);
      expect(after).toContain("https://");
    });

    test("fits the sheet", async ({ page }) => {
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
      ).toBe(0);
      const pdf = await page.pdf({ format: "A4" });
      expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    });
  });
}
