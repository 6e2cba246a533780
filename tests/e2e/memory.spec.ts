/** What a chapter costs the reader's machine when all its cells have run: private memory of the tab's processes. */
import { existsSync, readFileSync } from "node:fs";
import { chromium, expect, test } from "@playwright/test";
import { launchOptions } from "../browser.ts";
import { chapters } from "./pages.ts";

const LIMIT = 150 * 2 ** 20;

/** Anonymous memory of a process, in bytes: what it would give back by ending. */
function privateBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/RssAnon:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
}

test.skip(!existsSync("/proc/self/status"), "memory is read from /proc");

for (const path of chapters.filter((one) => one.startsWith("/en/"))) {
  test(`${path} stays below 150 MB in its tab with all cells run`, async ({ baseURL }) => {
    test.setTimeout(120_000);
    const browser = await chromium.launch(await launchOptions());
    const page = await browser.newPage();
    const cdp = await browser.newBrowserCDPSession();
    const renderers = async () =>
      (await cdp.send("SystemInfo.getProcessInfo")).processInfo.filter(({ type }) => type === "renderer");
    await page.goto(`${baseURL}${path}`);
    const before = (await renderers()).reduce((sum, { id }) => sum + privateBytes(id), 0);
    const cells = page.locator("go-cell:not([data-exercise])");
    await page.locator('button[data-page-action="run-all"]').click();
    await expect(cells.last()).toHaveAttribute("data-state", "done", { timeout: 90_000 });
    await page.waitForTimeout(500);
    const after = (await renderers()).reduce((sum, { id }) => sum + privateBytes(id), 0);
    const mb = (bytes: number) => (bytes / 2 ** 20).toFixed(0);
    console.log(`${path}: ${mb(before)} MB read, ${mb(after)} MB with ${await cells.count()} cells run`);
    await browser.close();
    expect(after).toBeLessThan(LIMIT);
  });
}
