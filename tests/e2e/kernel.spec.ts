/** The kernel in a real browser: what its first run weighs, what happens when it is gone, and that it is alone. */

import { gzipSync } from "node:zlib";
import { expect, test } from "@playwright/test";

const CELL = "#cell-paths";

test("the first Run of an unedited cell loads at most 150 KB, gzip", async ({ page }) => {
  const bodies: Promise<number>[] = [];
  await page.goto("/en/small-allocation/");
  await page.waitForLoadState("networkidle");
  page.on("response", (response) => {
    if (response.url().startsWith("http")) bodies.push(response.body().then((body) => gzipSync(body).length));
  });
  const cell = page.locator(CELL);
  await cell.locator('button[data-action="run"]').click();
  await expect(cell).toHaveAttribute("data-state", "done");
  await page.waitForLoadState("networkidle");
  const bytes = (await Promise.all(bodies)).reduce((sum, each) => sum + each, 0);
  console.log(`first Run: ${bytes} bytes gzip in ${bodies.length} files`);
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThanOrEqual(150 * 1024);
});

test("when the frame goes away under a running program the cell says so, and the next run has a fresh kernel", async ({
  page,
}) => {
  await page.addInitScript(() => localStorage.setItem("editor", "plain"));
  await page.goto("/en/small-allocation/");
  const cell = page.locator(CELL);
  await cell.locator('button[data-action="edit"]').click();
  await cell.locator(".editing textarea").fill("for (;;) {}");
  await cell.locator('button[data-action="run"]').click();
  await expect(cell).toHaveAttribute("data-state", "running");
  await page.evaluate(() => document.querySelector("iframe")!.remove());
  await expect(cell).toHaveAttribute("data-state", "error", { timeout: 15_000 });
  await expect(cell.locator(".status")).toContainText("The kernel is gone");
  await cell.locator(".editing textarea").fill("1 + 1");
  await cell.locator('button[data-action="run"]').click();
  await expect(cell.locator("output")).toHaveText("2");
});

test("the page violates its own policy nowhere while a cell runs and Monaco opens", async ({ page }) => {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto("/zh/small-allocation/");
  const cell = page.locator(CELL);
  await cell.locator('button[data-action="run"]').click();
  await expect(cell).toHaveAttribute("data-state", "done");
  await cell.locator('button[data-action="edit"]').click();
  await cell.locator('.editing[data-editor="monaco"]').waitFor({ timeout: 20_000 });
  await page.waitForTimeout(2_000);
  expect(complaints).toEqual([]);
});

test("a busy program does not hold up the page", async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem("editor", "plain"));
  await page.goto("/en/small-allocation/");
  const cell = page.locator(CELL);
  await cell.locator('button[data-action="edit"]').click();
  await cell.locator(".editing textarea").fill("for (;;) {}");
  await cell.locator('button[data-action="run"]').click();
  await expect(cell).toHaveAttribute("data-state", "running");
  const stall = await page.evaluate(async () => {
    let longest = 0;
    for (let i = 0, last = performance.now(); i < 60; i++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      const now = performance.now();
      longest = Math.max(longest, now - last - 10);
      last = now;
    }
    return longest;
  });
  await cell.locator('button[data-action="stop"]').click();
  expect(stall).toBeLessThan(250);
});
