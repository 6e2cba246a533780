/** Cells on the built chapter: a reader reads, runs, edits, fails, stops, resets, comes back. In both languages. */

import { expect, type Locator, type Page, test } from "@playwright/test";

const CHAPTER = { zh: "/zh/small-allocation/", en: "/en/small-allocation/" } as const;

/** A cell that predicts nothing and shows a table. */
const PLAIN = "#cell-paths";
const LISTING = "[data-part=listing]";

async function open(page: Page, lang: "zh" | "en" = "en"): Promise<void> {
  await page.goto(CHAPTER[lang]);
}

const run = (cell: Locator) => cell.locator('button[data-action="run"]').click();
const isState = (cell: Locator, state: string) => expect(cell).toHaveAttribute("data-state", state);
const words = (cell: Locator) => cell.locator(".status");

/** Puts a text into the cell with the plain editor, which takes it at once. */
async function write(page: Page, cell: Locator, text: string): Promise<void> {
  const field = cell.locator(".editing textarea");
  if ((await field.count()) === 0) {
    await page.evaluate(() => localStorage.setItem("editor", "plain"));
    await cell.locator('button[data-action="edit"]').click();
  }
  await field.fill(text);
}

test("with scripts off a chapter shows programs and recorded results, and no tools", async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(CHAPTER.zh);
  const cells = page.locator("go-cell");
  expect(await cells.count()).toBeGreaterThanOrEqual(12);
  for (const cell of await cells.all()) {
    await expect(cell.locator("[data-part=listing] .l").first()).toBeVisible();
    await expect(cell.locator(".tools")).toBeHidden();
    if ((await cell.getAttribute("data-exercise")) === null) await expect(cell.locator("output")).toBeVisible();
  }
  await context.close();
});

test("before a cell is touched the page carries neither its code nor its program", async ({ page }) => {
  const loaded: string[] = [];
  page.on("request", (request) => loaded.push(request.url()));
  await open(page);
  await page.waitForLoadState("networkidle");
  expect(loaded.filter((url) => /go-cell|kernel|cells\/.*json|mount|monaco/.test(url))).toEqual([]);
  await page.locator(PLAIN).locator("[data-part=listing]").hover();
  await expect(page.locator("go-cell:defined").first()).toBeAttached();
});

test("what is asked while the program is on its way is done when it is there; when it does not come, the cell says so", async ({
  page,
}) => {
  let isLost = true;
  await page.route(/\/cells\/.*json/, async (route) => {
    if (isLost) return route.abort();
    await new Promise((resolve) => setTimeout(resolve, 300));
    return route.continue();
  });
  await open(page, "zh");
  const cell = page.locator(PLAIN);
  await run(cell);
  await expect(words(cell)).toContainText("程序没有取到");
  isLost = false;
  await run(cell);
  await expect(words(cell)).toContainText("正在取程序");
  await isState(cell, "done");
});

test("a guess made before the cells' code is there counts", async ({ page }) => {
  await page.route(/\/cells\/.*json/, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    return route.continue();
  });
  await open(page);
  const cell = page.locator(PLAIN);
  await cell.locator(".guess input").first().check();
  await expect(cell).toHaveAttribute("data-predict", "done");
});

for (const lang of ["zh", "en"] as const) {
  test(`the first Run of a cell shows in ${lang} what was recorded, and loads neither editor nor compiler`, async ({
    page,
  }) => {
    const loaded: string[] = [];
    page.on("request", (request) => loaded.push(request.url()));
    await open(page, lang);
    const cell = page.locator(PLAIN);
    await cell.locator('button[data-action="uncover"]').click();
    await expect(cell.locator("output")).toBeVisible();
    const recorded = await cell.locator("output .o").first().innerText();
    await run(cell);
    await isState(cell, "done");
    await expect(cell.locator("output .o").first()).toHaveText(recorded, { useInnerText: true });
    await expect(cell.locator(".n")).toHaveText("[1]");
    await expect(words(cell)).toContainText(lang === "zh" ? "已运行" : "Run");
    expect(loaded.filter((url) => /monaco|editor|transform/.test(url))).toEqual([]);
  });
}

test("every cell of the chapter runs to its end with Run all", async ({ page }) => {
  await open(page);
  await page.locator('button[data-page-action="run-all"]').click();
  for (const cell of await page.locator("go-cell:not([data-exercise])").all()) await isState(cell, "done");
});

test("an edited cell runs, shows its last expression, and survives a reload with what was typed", async ({ page }) => {
  await open(page);
  const cell = page.locator(PLAIN);
  await write(page, cell, "const answer = 6 * 7;\nanswer");
  await isState(cell, "stale");
  await cell.locator(".editing textarea").press("Shift+Enter");
  await isState(cell, "done");
  await expect(cell.locator("output")).toHaveText("42");
  await expect(words(cell)).toContainText("Edited by you");
  await page.waitForTimeout(400);
  await page.reload();
  await expect(cell.locator("[data-part=listing] .l").first()).toHaveText("const answer = 6 * 7;");
  await isState(cell, "stale");
});

test("a second run may declare its names again, await at the top level, and count on", async ({ page }) => {
  await open(page);
  const cell = page.locator(PLAIN);
  await write(
    page,
    cell,
    "const a = await Promise.resolve(20);\nfunction twice(n: number) { return 2 * n; }\ntwice(a)",
  );
  for (const count of [1, 2]) {
    await run(cell);
    await expect(cell.locator(".n")).toHaveText(`[${count}]`);
    await expect(cell.locator("output")).toHaveText("40");
  }
});

for (const [name, text, line, zh] of [
  ["a name that is not there", "const a = 1;\nprint(nope);", 2, "这里没有叫 nope 的名字"],
  ["a text that cannot be read", "const a = 1;\n\nconst b = = 2;", 3, "这一行读不懂"],
  ["an import of another package", 'import fs from "fs";', 1, "只能导入"],
  ["endless recursion", "function f(): number { return f() + 1; }\nf();", 1, "栈用完了"],
  ["a rejection that nothing awaits", "1;\nPromise.reject(new TypeError('x is not a function'));", 2, "不是函数"],
] as const) {
  test(`${name} is said with its line, in plain words of the page's language`, async ({ page }) => {
    await open(page, "zh");
    const cell = page.locator(PLAIN);
    await write(page, cell, text);
    await run(cell);
    await isState(cell, "error");
    await expect(cell.locator("output")).toContainText(zh);
    await expect(words(cell)).toContainText(`第 ${line} 行出错`);
  });
}

test("an endless loop counts as stopped within 300 ms, and a fresh kernel answers 1+1", async ({ page }) => {
  await open(page);
  const cell = page.locator(PLAIN);
  await write(page, cell, "print('before');\nfor (;;) {}");
  await run(cell);
  await isState(cell, "running");
  await page.waitForTimeout(300);
  const took = await cell.evaluate(async (element) => {
    const start = performance.now();
    element.querySelector<HTMLButtonElement>('button[data-action="stop"]')!.click();
    while ((element as HTMLElement).dataset["state"] !== "stopped") await new Promise((r) => setTimeout(r, 1));
    return performance.now() - start;
  });
  expect(took).toBeLessThan(300);
  await expect(words(cell)).toContainText("Stopped");
  await write(page, cell, "1+1");
  await run(cell);
  await isState(cell, "done");
  await expect(cell.locator("output")).toHaveText("2");
});

test("nothing that a stopped program still says is shown", async ({ page }) => {
  await open(page);
  const cell = page.locator(PLAIN);
  await write(page, cell, "let n = 0;\nfor (;;) { print('tick', n++); await new Promise((r) => setTimeout(r, 5)); }");
  await run(cell);
  await expect(cell.locator("output")).toContainText("tick 3");
  await cell.locator('button[data-action="stop"]').click();
  const then = await cell.locator("output").innerText();
  await page.waitForTimeout(500);
  expect(await cell.locator("output").innerText()).toBe(then);
});

test("a flood of lines is cut inside the kernel: the first, the last, and how many are missing", async ({ page }) => {
  await open(page);
  const cell = page.locator(PLAIN);
  await write(page, cell, "for (let i = 0; i < 100_000; i++) print('line', i);");
  await run(cell);
  await isState(cell, "done");
  const text = await cell.locator("output").innerText();
  expect(text).toContain("line 0");
  expect(text).toContain("line 99999");
  expect(text.replaceAll(/[,\s]/g, "")).toContain("99640");
  expect(text.split("\n").length).toBeLessThan(800);
});

test("Reset brings the book's program back, and can be taken back itself", async ({ page }) => {
  await open(page);
  const cell = page.locator(PLAIN);
  const published = await cell.locator(LISTING).innerText();
  await write(page, cell, "'mine'");
  await cell.locator('button[data-action="reset"]').click();
  await cell.locator('button[data-action="edit"]').click();
  expect(await cell.locator(LISTING).innerText()).toBe(published);
  await cell.locator('button[data-action="undo"]').click();
  await expect(cell.locator("[data-part=listing] .l")).toHaveText(["'mine'"]);
});

test("Compare shows both texts line by line", async ({ page }) => {
  await open(page);
  const cell = page.locator(PLAIN);
  const lines = await cell.locator("[data-part=listing] .l").allInnerTexts();
  await write(page, cell, [...lines.slice(0, -1), "'another last line'"].join("\n"));
  await cell.locator('button[data-action="compare"]').click();
  await expect(cell.locator("[data-part=listing] .new")).toHaveText(["'another last line'"]);
  await expect(cell.locator("[data-part=listing] .old")).toHaveText([lines.at(-1)!]);
  await expect(words(cell)).toContainText("1 line differs");
});

test("a cell that rests on one above runs it first, after Stop too, and says when that one has changed", async ({
  page,
}) => {
  await open(page);
  const [above, below] = [
    page.locator("go-cell:not([data-exercise])").nth(0),
    page.locator("go-cell:not([data-exercise])").nth(1),
  ];
  await write(page, above, "let shared = 5;");
  await write(page, below, "shared * 2");
  await run(below);
  await isState(below, "done");
  await isState(above, "done");
  await expect(below.locator("output")).toHaveText("10");
  await write(page, above, "let shared = 6;");
  await isState(below, "stale");
  await expect(words(below)).toContainText("above has changed");
  await below.locator('button[data-action="run-to"]').click();
  await expect(below.locator("output")).toHaveText("12");
  await isState(below, "done");
  await page.locator('button[data-page-action="restart"]').click();
  await expect(words(below)).toContainText("the kernel was restarted");
  await run(below);
  await isState(below, "done");
  await expect(below.locator("output")).toHaveText("12");
});

test("the line that failed is marked in the listing until the text changes", async ({ page }) => {
  await open(page);
  const cell = page.locator(PLAIN);
  await write(page, cell, "1;\nnope;");
  await run(cell);
  await isState(cell, "error");
  await cell.locator('button[data-action="edit"]').click();
  await expect(cell.locator(`${LISTING} .wrong`)).toHaveText("nope;");
  await cell.locator('button[data-action="reset"]').click();
  await expect(cell.locator(`${LISTING} .wrong`)).toHaveCount(0);
});

test("a slider runs its cell again with the new value, and the arrow keys move it", async ({ page }) => {
  await open(page);
  const cell = page.locator(PLAIN);
  await write(page, cell, "input.range('n', { min: 1, max: 9, value: 4 }) * 10");
  await run(cell);
  await expect(cell.locator("output")).toHaveText("40");
  const slider = cell.locator('.controls input[type="range"]');
  await slider.focus();
  await slider.press("ArrowRight");
  await expect(cell.locator("output")).toHaveText("50");
  await expect(slider).toBeFocused();
});

test("a prediction covers the result until the reader has guessed", async ({ page }) => {
  await open(page);
  const cell = page.locator('go-cell[data-predict="open"]').first();
  const id = await cell.getAttribute("id");
  const same = page.locator(`#${id}`);
  await expect(same.locator("output")).toBeHidden();
  await same.locator(".guess input").first().check();
  await expect(same.locator("output")).toBeVisible();
  await expect(same.locator("[data-part=answer] p")).toContainText(/\w/);
});

test("an exercise says in which way an answer is wrong, and keeps a right one as solved", async ({ page }) => {
  await open(page);
  const exercise = page.locator(".ex").first();
  const cell = exercise.locator("go-cell");
  await run(cell);
  await expect(cell.locator(".verdict")).toBeVisible();
  await exercise.locator("details").last().locator("summary").click();
  const solution = await exercise.locator("details").last().locator("pre .l").allTextContents();
  await write(page, cell, solution.join("\n"));
  await run(cell);
  await expect(exercise).toHaveAttribute("data-solved");
  await page.reload();
  await expect(exercise).toHaveAttribute("data-solved");
});

test("where storage is denied everything else works and the page says so", async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, "localStorage", {
      get() {
        throw new DOMException("denied", "SecurityError");
      },
    });
  });
  await open(page);
  const cell = page.locator(PLAIN);
  await cell.locator('button[data-action="edit"]').click();
  await page.locator(`${PLAIN} .editing textarea, ${PLAIN} .editing .monaco-editor`).first().waitFor();
  await page.keyboard.press("Control+A");
  await page.keyboard.type("7 * 3");
  await run(cell);
  await isState(cell, "done");
  await expect(cell.locator("output")).toHaveText("21");
  await expect(words(cell)).toContainText("keeps nothing");
});

test("by keyboard alone a reader reaches a cell, edits, runs and leaves", async ({ page }) => {
  await open(page);
  await page.evaluate(() => localStorage.setItem("editor", "plain"));
  const cell = page.locator(PLAIN);
  await cell.locator(LISTING).focus();
  await page.keyboard.press("Enter");
  await expect(cell.locator(".editing textarea")).toBeFocused();
  await page.keyboard.press("Control+A");
  await page.keyboard.type("2 ** 10");
  await page.keyboard.press("Shift+Enter");
  await expect(cell.locator("output")).toHaveText("1024");
  await page.keyboard.press("Escape");
  await expect(cell.locator('button[data-action="run"]')).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(cell.locator('button[data-action="edit"]')).toBeFocused();
});
