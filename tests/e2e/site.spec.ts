import { expect, test } from "@playwright/test";
import { bare, denyStorage, desk, open, phone, reading, sample } from "./pages.ts";

const [zh, en] = ["/zh/small-allocation/", "/en/small-allocation/"];

test.describe("the front door", () => {
  test("leads a browser that asks for Chinese to the Chinese page", async ({ browser }) => {
    const page = await (await browser.newContext({ locale: "zh-CN" })).newPage();
    await page.goto("/");
    await expect(page).toHaveURL(/\/zh\/$/);
  });
  test("leads everyone else to the English page", async ({ browser }) => {
    const page = await (await browser.newContext({ locale: "de-DE" })).newPage();
    await page.goto("/");
    await expect(page).toHaveURL(/\/en\/$/);
  });
  test("remembers the language chosen last", async ({ browser }) => {
    const page = await (await browser.newContext({ locale: "de-DE" })).newPage();
    await page.goto("/en/");
    await page.locator("[data-switch=zh]").click();
    await expect(page).toHaveURL(/\/zh\/$/);
    await page.goto("/");
    await expect(page).toHaveURL(/\/zh\/$/);
  });
  test("shows both languages where there is no script", async ({ browser }) => {
    const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
    await page.goto("/");
    await expect(page.getByRole("link", { name: "Go 内存，动手看" })).toBeVisible();
    await page.getByRole("link", { name: "Go Memory, Live" }).click();
    await expect(page).toHaveURL(/\/en\/$/);
  });
  test("an address that does not exist answers in both languages", async ({ page }) => {
    const response = await page.goto("/zh/no-such-chapter/");
    expect(response?.status()).toBe(404);
    await expect(page.getByRole("heading", { name: "没有这一页", exact: true })).toBeVisible();
    await expect(page.getByRole("heading", { name: "No such page", exact: true })).toBeVisible();
  });
});

test.describe("the page's policy", () => {
  for (const path of [...reading, ...bare]) {
    test(`nothing on ${path} breaks it`, async ({ page }) => {
      const broken: string[] = [];
      page.on("console", (message) => {
        if (/Content.Security.Policy|Trusted ?Type/i.test(message.text())) broken.push(message.text());
      });
      page.on("pageerror", (error) => broken.push(error.message));
      page.on("response", (response) => {
        if (response.status() >= 400 && !response.url().includes("no-such"))
          broken.push(`${response.status()} ${response.url()}`);
      });
      await open(page, path);
      expect(broken).toEqual([]);
    });
  }
  test("refuses an inline script that somebody slipped in", async ({ page }) => {
    await open(page, zh);
    await page.evaluate(() => {
      const script = document.createElement("script");
      try {
        script.textContent = "window.slipped = true";
        document.body.append(script);
      } catch {
        // Trusted Types refuse the text already
      }
    });
    expect(await page.evaluate(() => "slipped" in window)).toBe(false);
  });
});

test.describe("the sheet", () => {
  for (const path of [...reading, ...bare]) {
    test(`${path} never scrolls sideways`, async ({ page }) => {
      await open(page, path);
      for (const width of [320, 390, 768, 1024, 1280, 1680]) {
        await page.setViewportSize({ width, height: 800 });
        const over = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(over, `at ${width} px`).toBe(0);
      }
    });
    test(`${path} holds at 200 % zoom`, async ({ page }) => {
      await page.setViewportSize({ width: 640, height: 450 });
      await open(page, path);
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
      ).toBe(0);
    });
  }

  test("has the columns that its width gives it", async ({ page }) => {
    const paragraph = page.locator("main.flow > p").first();
    const rail = page.locator("#contents");
    for (const [width, main, hasRail] of [
      [390, 350, false],
      [768, 612, false],
      [1000, 612, false],
      [1280, 612, true],
      [1680, 612, true],
    ] as const) {
      await page.setViewportSize({ width, height: 800 });
      await open(page, zh);
      expect((await paragraph.boundingBox())?.width, `main at ${width}`).toBeCloseTo(main, 0);
      await expect(rail, `rail at ${width}`).toBeVisible({ visible: hasRail });
    }
  });

  test("sets a margin note beside its paragraph, and below it where there is no margin", async ({ page }) => {
    await page.setViewportSize(desk);
    await open(page, en);
    const place = () =>
      page.evaluate(() => {
        const note = document.querySelector("main > p + .note")!;
        const [a, b] = [note.previousElementSibling!.getBoundingClientRect(), note.getBoundingClientRect()];
        return { beside: b.left > a.right, level: Math.abs(b.top - a.top), below: b.top - a.bottom };
      });
    expect((await place()).beside).toBe(true);
    expect((await place()).level).toBeLessThan(12);
    await page.setViewportSize(phone);
    expect((await place()).beside).toBe(false);
    expect((await place()).below).toBeGreaterThan(0);
  });
});

test.describe("a reader's settings", () => {
  test("dark and light are kept on the device and stand before the first paint", async ({ page }) => {
    await page.emulateMedia({ colorScheme: "light" });
    await open(page, zh);
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await paper();
    await page.getByRole("button", { name: "显示" }).click();
    await page.getByLabel("夜").check();
    expect(await paper()).not.toBe(light);
    await page.addInitScript(() => {
      // The first moment at which there is something to paint.
      new MutationObserver((_, observer) => {
        if (document.body === null) return;
        observer.disconnect();
        (window as unknown as { early: unknown }).early = document.documentElement.dataset["theme"];
      }).observe(document, { childList: true, subtree: true });
    });
    await page.reload();
    expect(await page.evaluate(() => (window as unknown as { early: unknown }).early)).toBe("dark");
    await page.getByRole("button", { name: "显示" }).click();
    await expect(page.getByLabel("夜")).toBeChecked();
    await page.getByLabel("随系统").first().check();
    expect(await paper()).toBe(light);
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await paper()).not.toBe(light);
  });

  test("the Chinese text face can be chosen", async ({ page }) => {
    await open(page, zh);
    const face = () => page.evaluate(() => getComputedStyle(document.body).fontFamily);
    await page.getByRole("button", { name: "显示" }).click();
    await page.getByLabel("黑体").check();
    expect(await face()).toContain("Label zh");
    await page.getByLabel("宋体").check();
    expect(await face()).toContain("Source Han Serif SC");
  });

  test("hold for the page where the browser keeps nothing, and the page says so", async ({ page }) => {
    await denyStorage(page);
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await open(page, en);
    await page.getByRole("button", { name: "Display" }).click();
    await page.getByLabel("Dark", { exact: true }).check();
    await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
    await expect(page.locator("[data-kept]")).toHaveText(/ends with the page/);
    expect(errors).toEqual([]);
  });
});

test.describe("places in a chapter", () => {
  test("the language switch opens the same section in the other language", async ({ page }) => {
    await page.setViewportSize(desk);
    await open(page, `${zh}#tiny`);
    await expect(page.locator(".toc [aria-current]")).toHaveText(/4\.3/);
    // With the bare mouse: Playwright's own click scrolls the page under the sticky bar.
    const box = (await page.locator("[data-switch=en]").boundingBox())!;
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await expect(page).toHaveURL(/\/en\/small-allocation\/#tiny$/);
    await expect(page.locator("#tiny")).toBeInViewport();
  });

  test("the contents follow the reader", async ({ page }) => {
    await page.setViewportSize(desk);
    await open(page, en);
    await expect(page.locator(".toc [aria-current]")).toHaveCount(0);
    for (const [anchor, no] of [
      ["the-border", "4.2"],
      ["paths", "4.1"],
      ["mcache", "4.4"],
    ]) {
      await page.evaluate((id) => document.getElementById(id!)?.scrollIntoView(), anchor);
      await expect(page.locator(".toc [aria-current]")).toHaveText(new RegExp(`^\\s*${no}`));
    }
  });

  for (const path of sample) {
    test(`${path}: a section's link is copied with the mouse and with the keyboard`, async ({
      page,
      context,
      baseURL,
    }) => {
      await context.grantPermissions(["clipboard-read", "clipboard-write"]);
      await open(page, path);
      const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
      await page.locator('[data-copy="the-border"]').click();
      await expect(page.locator("[data-announce]")).toHaveText(/已复制|copied/);
      expect(await clipboard()).toBe(`${baseURL}${path}#the-border`);
      expect(page.url()).toBe(`${baseURL}${path}#the-border`);
      await page.locator('[data-copy="tiny"]').focus();
      await page.keyboard.press("Enter");
      await expect.poll(clipboard).toBe(`${baseURL}${path}#tiny`);
    });
  }

  test("on a phone the contents open from the bar, and a choice closes them", async ({ page }) => {
    await page.setViewportSize(phone);
    await open(page, zh);
    await page.getByRole("button", { name: "目录" }).click();
    const entry = page.locator("#contents a", { hasText: "边界" });
    await expect(entry).toBeVisible();
    await expect(page.locator("#contents")).toContainText("未写");
    await entry.click();
    await expect(page.locator("#contents")).toBeHidden();
    await expect(page.locator("#the-border")).toBeInViewport();
  });

  test("a term opens by keyboard, closes by Esc, and gives the focus back", async ({ page }) => {
    await open(page, zh);
    const term = page.locator(".term").first();
    await term.focus();
    await page.keyboard.press("Enter");
    const pop = page.locator(".pop:popover-open");
    await expect(pop).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(pop).toBeHidden();
    await expect(term).toBeFocused();
  });

  test("a term opens when the pointer rests on it, and not when it passes", async ({ page }) => {
    await page.setViewportSize(desk);
    await open(page, en);
    const term = page.locator(".term").first();
    await term.scrollIntoViewIfNeeded();
    await term.hover();
    await page.mouse.move(5, 5);
    await page.waitForTimeout(450);
    await expect(page.locator(".pop:popover-open")).toHaveCount(0);
    await term.hover();
    await expect(page.locator(".pop:popover-open")).toHaveCount(1);
    await page.mouse.move(5, 5);
    await expect(page.locator(".pop:popover-open")).toHaveCount(0);
  });
});

test.describe("the home page", () => {
  for (const path of ["/zh/", "/en/"]) {
    test(`${path} lists the whole book and links only what is written`, async ({ page }) => {
      await open(page, path);
      await expect(page.locator(".parts li")).toHaveCount(21);
      const unwritten = await page.locator(".parts li .absent").count();
      const links = page.locator(".parts li a");
      expect(unwritten + (await links.count())).toBe(21);
      await expect(page.locator(".parts .absent small").first()).toHaveText(
        path === "/zh/" ? "未写" : "not yet written",
      );
      await links.first().click();
      await expect(page.locator("h1")).toBeVisible();
      await expect(page).toHaveURL(/small-allocation/);
    });
    test(`${path}: the byte ruler answers to the keyboard`, async ({ page }) => {
      await open(page, path);
      const slider = page.locator("[data-ruler] input[type=range]");
      const before = await page.locator("[data-ruler]").innerText();
      await slider.focus();
      await page.keyboard.press("ArrowRight");
      await expect.poll(() => page.locator("[data-ruler]").innerHTML()).toContain("34");
      await page.keyboard.press("Home");
      await expect.poll(() => page.locator("[data-ruler]").innerText()).not.toBe(before);
    });
  }
});
