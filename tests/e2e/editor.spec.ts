/** The editor: Monaco on the first edit and never before; a text field where Monaco cannot or should not be. */

import { expect, type Page, test } from "@playwright/test";

const CELL = "#cell-paths";

async function open(page: Page, lang = "en"): Promise<void> {
  await page.goto(`/${lang}/small-allocation/`);
}

test("the text field takes keys at once, and Monaco takes over with what was typed", async ({ page }) => {
  await open(page);
  const cell = page.locator(CELL);
  await cell.locator('button[data-action="edit"]').click();
  await expect(cell.locator(".editing textarea").first()).toBeFocused();
  await page.keyboard.press("Control+A");
  await page.keyboard.type("const typed = 1;");
  await cell.locator('.editing[data-editor="monaco"]').waitFor({ timeout: 20_000 });
  await expect(cell.locator(".view-lines")).toContainText("const typed = 1;");
  await page.keyboard.type(" typed + 1");
  await page.keyboard.press("Shift+Enter");
  await expect(cell.locator("output")).toHaveText("2");
  await page.keyboard.press("Escape");
  await expect(cell.locator('button[data-action="run"]')).toBeFocused();
});

test("with Monaco's chunk blocked the text field stays, says so, and the cell runs", async ({ page }) => {
  await page.route(/monaco-core/, (route) => route.abort());
  await open(page);
  const cell = page.locator(CELL);
  await cell.locator('button[data-action="edit"]').click();
  await expect(cell.locator(".hint")).toContainText("could not be loaded");
  await cell.locator(".editing textarea").fill("3 * 3");
  await page.keyboard.press("Shift+Enter");
  await expect(cell.locator("output")).toHaveText("9");
});

test("on a coarse pointer the plain text field is the editor", async ({ browser }) => {
  const context = await browser.newContext({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await open(page);
  const cell = page.locator(CELL);
  await cell.locator('button[data-action="edit"]').tap();
  await expect(cell.locator(".editing textarea")).toBeFocused();
  await page.waitForTimeout(500);
  expect(asked.filter((url) => /monaco/.test(url))).toEqual([]);
  await context.close();
});

test("completions know the engine, hovers speak the page's language, names of cells above are known", async ({
  page,
}) => {
  const failures: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") failures.push(message.text());
  });
  await open(page, "zh");
  await page.evaluate(() => localStorage.setItem("editor", "plain"));
  const first = page.locator("go-cell:not([data-exercise])").first();
  await first.locator('button[data-action="edit"]').click();
  await first.locator(".editing textarea").fill('import { boot } from "goheap";\nconst mine = boot();');
  await page.evaluate(() => localStorage.removeItem("editor"));
  const cell = page.locator("go-cell:not([data-exercise])").nth(1);
  await cell.locator('button[data-action="edit"]').click();
  await cell.locator('.editing[data-editor="monaco"]').waitFor({ timeout: 20_000 });
  await page.keyboard.press("Control+A");
  await page.keyboard.type("mine.memst");
  await expect(page.locator(".suggest-widget")).toContainText("memstats", { timeout: 20_000 });
  await page.keyboard.press("Tab");
  await page.keyboard.press("Escape");
  await cell.locator(".view-line").getByText("memstats").first().hover();
  await expect(page.locator(".monaco-hover").first()).toContainText(/[\u4e00-\u9fff]/, { timeout: 20_000 });
  // The names of the cell above are no unknown names here.
  await expect(cell.locator(".squiggly-error")).toHaveCount(0);
  expect(failures).toEqual([]);
});

for (const [lang, words] of [
  ["zh", "第 1 行：没有叫 boott 的名字"],
  ["en", "Line 1: There is no name boott"],
] as const) {
  test(`what the compiler has against a text stands below it in plain words, ${lang}; arguments are shown as they are typed`, async ({
    page,
  }) => {
    await open(page, lang);
    const cell = page.locator("go-cell:not([data-exercise])").first();
    await cell.locator('button[data-action="edit"]').click();
    await cell.locator('.editing[data-editor="monaco"]').waitFor({ timeout: 20_000 });
    await page.keyboard.press("Control+A");
    await page.keyboard.type("boott");
    await expect(cell.locator(".problem")).toContainText(words, { timeout: 20_000 });
    await page.keyboard.press("Control+A");
    await page.keyboard.type('print("x");');
    await expect(cell.locator(".problem")).toHaveText("", { timeout: 20_000 });
    await page.keyboard.press("Control+A");
    await page.keyboard.type("input.range(");
    await expect(page.locator(".parameter-hints-widget")).toContainText("options", { timeout: 20_000 });
  });
}

test("one Monaco serves the page: opening a second cell closes the first", async ({ page }) => {
  await open(page);
  for (const i of [0, 1]) {
    const cell = page.locator("go-cell:not([data-exercise])").nth(i);
    await cell.locator('button[data-action="edit"]').click();
    await cell.locator('.editing[data-editor="monaco"]').waitFor({ timeout: 20_000 });
    await expect(page.locator(".editing")).toHaveCount(1);
  }
  await expect(page.locator("go-cell:not([data-exercise])").first().locator("pre").first()).toBeVisible();
});
