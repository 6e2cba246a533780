import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { bare, desk, homes, open, phone, reading, sample } from "./pages.ts";

const looks = [
  { name: "1280", size: desk, colorScheme: "light" },
  { name: "390", size: phone, colorScheme: "dark" },
  { name: "1280", size: desk, colorScheme: "dark" },
  { name: "390", size: phone, colorScheme: "light" },
] as const;

/** Some pages in every look; each other chapter wide and light in Chinese, narrow and dark in English. */
const everyLook = new Set([...homes, ...sample, ...bare]);

for (const path of [...reading, ...bare]) {
  for (const [i, { name, size, colorScheme }] of looks.entries()) {
    if (everyLook.has(path) || i === (path.startsWith("/zh/") ? 0 : 1)) {
      test(`axe finds nothing on ${path} at ${name} px, ${colorScheme}`, async ({ page }) => {
        test.slow();
        await page.setViewportSize(size);
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await open(page, path);
        const { violations } = await new AxeBuilder({ page })
          .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
          .analyze();
        expect(
          violations.map(
            ({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map((node) => node.html.slice(0, 160)).join("\n  ")}`,
          ),
        ).toEqual([]);
      });
    }
  }
}

for (const path of [...homes, ...sample]) {
  test(`each stop of the keyboard on ${path} shows where the focus is`, async ({ page }) => {
    test.slow();
    await page.setViewportSize(desk);
    await open(page, path);
    const unseen: string[] = [];
    let stops = 0;
    for (; stops < 400; stops++) {
      await page.keyboard.press("Tab");
      const stop = await page.evaluate(() => {
        const at = document.activeElement;
        if (at === null || at === document.body || at === document.documentElement) return undefined;
        // What is drawn around the stop may be drawn around what holds it: a label, an editor's frame.
        const rings = [at, at.parentElement, at.nextElementSibling].map((one) => one && getComputedStyle(one));
        const ringed = rings.some(
          (style) => style && style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 2,
        );
        const box = at.getBoundingClientRect();
        const inside = box.bottom > 0 && box.top < innerHeight && box.width > 0;
        return { ok: ringed && inside, what: at.outerHTML.slice(0, 140) };
      });
      if (stop === undefined) break;
      if (!stop.ok) unseen.push(stop.what);
    }
    expect(unseen).toEqual([]);
    expect(stops).toBeGreaterThan(8);
    expect(stops).toBeLessThan(400);
  });
}

test("the skip link is the first stop and leads to the text", async ({ page }) => {
  await open(page, "/en/small-allocation/");
  await page.keyboard.press("Tab");
  await expect(page.locator(".skip")).toBeFocused();
  await expect(page.locator(".skip")).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(page.locator("#main")).toBeFocused();
});

test("targets that are not part of a sentence are at least 24 px", async ({ page }) => {
  await page.setViewportSize(phone);
  for (const path of reading) {
    await open(page, path);
    const small = await page.evaluate(() =>
      [
        ...document.querySelectorAll(
          "button, select, summary, .bar a, .toc a, .parts a, input:not([type=radio], [type=checkbox])",
        ),
      ]
        .filter((one) => !one.classList.contains("term") && one.checkVisibility())
        .map((one) => ({ box: one.getBoundingClientRect(), what: one.outerHTML.slice(0, 100) }))
        .filter(({ box }) => box.width > 0 && (box.height < 23.5 || box.width < 23.5))
        .map(({ what, box }) => `${Math.round(box.width)}x${Math.round(box.height)} ${what}`),
    );
    expect(small, path).toEqual([]);
  }
});

test("in forced colours every ink is the system's", async ({ page }) => {
  await page.emulateMedia({ forcedColors: "active" });
  await open(page, "/zh/small-allocation/");
  const [ink, verm, system] = await page.evaluate(() => {
    const probe = document.createElement("p");
    probe.style.color = "CanvasText";
    document.body.append(probe);
    const read = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    return [read("--ink"), read("--verm"), getComputedStyle(probe).color];
  });
  expect(ink).toBe("CanvasText");
  expect(verm).toBe("CanvasText");
  expect(system).toMatch(/^rgb/);
});

test("with reduced motion nothing moves for longer than a moment", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  for (const path of reading) {
    await open(page, path);
    const moving = await page.evaluate(
      () => document.getAnimations().filter((one) => one.playState === "running").length,
    );
    expect(moving, path).toBe(0);
  }
});
