/** Pictures in a real browser: hydrated over the server's markup, then moved by pointer, touch and keys. */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "@playwright/test";
import { h } from "preact";
import { renderToString } from "preact-render-to-string";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Output as OutputData } from "../../src/kernel/protocol.ts";
import { ByteRuler } from "../../src/viz/ByteRuler.tsx";
import { Defs } from "../../src/viz/Defs.tsx";
import Output from "../../src/viz/Output.tsx";
import { launchOptions } from "../browser.ts";
import { borderPicture, heapAfterOneCycle, rulerClasses, tinyPicture } from "./viz-fixtures.ts";
import {
  findPicture,
  mapPicture,
  pagesPicture,
  stepsPicture,
  stripPicture,
  timelinePicture,
} from "./viz-memory-fixtures.ts";

const WIDTHS = [350, 612, 884];
const outputs: OutputData[] = [
  { kind: "heap", snapshot: heapAfterOneCycle(), span: 3 },
  { kind: "picture", picture: borderPicture },
  { kind: "picture", picture: tinyPicture },
  ...[findPicture, pagesPicture, timelinePicture, mapPicture, stripPicture, stepsPicture].map(
    (picture) => ({ kind: "picture", picture }) as const,
  ),
];

let browser: Browser;
let script: string;
let rulerScript: string;

/** Drawing code as a page gets it: one minified script. */
async function bundle(input: string, name: string): Promise<string> {
  const build = await rolldown({
    input,
    transform: { jsx: { runtime: "automatic", importSource: "preact" } },
  });
  const { output } = await build.generate({ format: "iife", name, minify: true, codeSplitting: false });
  await build.close();
  return output[0].code;
}

beforeAll(async () => {
  [script, rulerScript, browser] = await Promise.all([
    bundle("src/viz/mount.ts", "viz"),
    bundle("src/viz/mount-ruler.ts", "ruler"),
    launchOptions().then((o) => chromium.launch(o)),
  ]);
});
afterAll(() => browser?.close());

const css = ["tokens", "base", "viz", "viz-pictures", "viz-memory"]
  .map((n) => readFileSync(`src/styles/${n}.css`, "utf8"))
  .join("\n");

function html(): string {
  const parts = outputs.map((o, i) => `<div id="o${i}">${renderToString(h(Output, { output: o, lang: "en" }))}</div>`);
  const ruler = renderToString(h(ByteRuler, { lang: "en", classes: rulerClasses }));
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<style>@layer tokens, base, memory, instrument, modes;${css} body { margin: 0 }</style>
<body>${renderToString(h(Defs, {}))}<main>${parts.join("")}<div id="ruler">${ruler}</div></main></body></html>`;
}

async function open(options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 884, height: 900 }, ...options });
  const page = await context.newPage();
  await page.setContent(html());
  return page;
}

async function mountAll(page: Page): Promise<void> {
  await page.addScriptTag({ content: script });
  await page.addScriptTag({ content: rulerScript });
  await page.evaluate(
    async ([all, classes]) => {
      const { viz, ruler } = window as unknown as {
        viz: typeof import("../../src/viz/mount.ts");
        ruler: typeof import("../../src/viz/mount-ruler.ts");
      };
      await viz.load(all);
      for (const [i, o] of all.entries()) viz.mount(document.querySelector(`#o${i}`) as Element, o, "en");
      ruler.mountRuler(document.querySelector("#ruler") as Element, { lang: "en", classes });
    },
    [outputs, rulerClasses] as const,
  );
}

/** Places of everything that is drawn or said, to the half pixel. */
function places(page: Page): Promise<string> {
  return page.evaluate(() =>
    [...document.querySelectorAll("main *")]
      .map((e) => {
        const b = e.getBoundingClientRect();
        return [e.tagName, b.x, b.y, b.width, b.height].map((v) => (typeof v === "number" ? Math.round(v * 2) / 2 : v));
      })
      .join("\n"),
  );
}

const slot = (page: Page) => page.locator("#o0 .v-scrub input").inputValue();
/** The first sentence of picture `n`: of a film, its own. */
const readFirst = async (page: Page, n: number) =>
  (await page.locator(`#o${n} .v-read`).first().innerText()).replaceAll("\u00a0", " ");
const read = (page: Page, id = "o0") => page.locator(`#${id} .v-read`).innerText();

describe("pictures in a browser", () => {
  test("a page loads Preact and what all pictures share, at most 17 KB gzipped, and each kind apart, at most 7.5 KB", async () => {
    const build = await rolldown({
      input: "src/viz/mount.ts",
      transform: { jsx: { runtime: "automatic", importSource: "preact" } },
    });
    const { output } = await build.generate({ format: "esm", minify: true });
    await build.close();
    const chunks = new Map(output.flatMap((o) => (o.type === "chunk" ? [[o.fileName, o] as const] : [])));
    /** A script and all that it imports before it runs. */
    const whole = (name: string, seen = new Set<string>()): Set<string> => {
      if (!seen.has(name)) for (const next of chunks.get(seen.add(name) && name)?.imports ?? []) whole(next, seen);
      return seen;
    };
    const weigh = (names: Iterable<string>) =>
      [...names].reduce((n, name) => n + gzipSync(chunks.get(name)?.code ?? "").length, 0);
    const entry = [...chunks.values()].find((c) => c.isEntry)!;
    const shared = whole(entry.fileName);
    const kinds = entry.dynamicImports.map((name) => ({
      name,
      bytes: weigh([...whole(name)].filter((n) => !shared.has(n))),
    }));
    console.log(`viz: ${weigh(shared)} bytes gzipped at once; ${kinds.map((k) => `${k.name} ${k.bytes}`).join(", ")}`);
    expect(weigh(shared)).toBeLessThanOrEqual(17 * 1024);
    expect(kinds.length).toBe(17);
    // The heap is two instruments: the strip and the span inspector.
    for (const k of kinds) expect(k.bytes, k.name).toBeLessThanOrEqual((k.name.startsWith("Heap") ? 10.5 : 7.5) * 1024);
  });

  test.each(WIDTHS)("nothing moves and nothing is redrawn when a script takes over, %i px", async (width) => {
    const page = await open({ viewport: { width, height: 900 } });
    const before = await places(page);
    const markup = await page.locator("main").innerHTML();
    await mountAll(page);
    expect(await places(page)).toBe(before);
    expect((await page.locator("main").innerHTML()).replaceAll(' data-live=""', "")).toBe(markup);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await page.context().close();
  });

  test.each([
    [884, 64],
    [612, 32],
    [350, 32],
  ])("at %i px a row has %i slots of at least 9 px, and a press selects the slot under it", async (width, columns) => {
    const page = await open({ viewport: { width, height: 900 } });
    await mountAll(page);
    const box = (await page.locator("#o0 .v-map").boundingBox())!;
    const size = box.width / columns;
    expect(size).toBeGreaterThanOrEqual(9);
    for (const i of [0, 63, 64, 200, 495]) {
      await page.mouse.click(box.x + ((i % columns) + 0.5) * size, box.y + (Math.floor(i / columns) + 0.5) * size);
      expect(await slot(page)).toBe(String(i));
      expect(await read(page)).toContain(`Slot ${i} at 0x${(0xc000006000 + 16 * i).toString(16)}`);
    }
    await page.mouse.click(box.x + box.width - 2, box.y + box.height - 2);
    expect(await slot(page), "what holds no objects is not a slot").toBe("495");
    await page.context().close();
  });

  test("dragging moves, releasing stays", async () => {
    const page = await open();
    await mountAll(page);
    const box = (await page.locator("#o0 .v-map").boundingBox())!;
    await page.mouse.move(box.x + 5, box.y + 5);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5 + 2, box.y + 5, { steps: 4 });
    expect(await slot(page)).toBe("32");
    await page.mouse.up();
    await page.mouse.move(box.x + 5, box.y + 5);
    expect(await slot(page)).toBe("32");
    await page.context().close();
  });

  test("arrows step, Home and End jump, the sentence is the value text", async () => {
    const page = await open();
    await mountAll(page);
    const range = page.locator("#o0 .v-scrub input");
    await range.focus();
    for (const [key, want] of [
      ["Home", "0"],
      ["ArrowRight", "1"],
      ["End", "495"],
      ["ArrowLeft", "494"],
    ]) {
      await page.keyboard.press(key);
      expect(await slot(page)).toBe(want);
      expect(await range.getAttribute("aria-valuetext")).toBe(await read(page));
    }
    await page.locator("#o0").getByRole("button", { name: "Next slot" }).press("Enter");
    expect(await slot(page)).toBe("495");
    expect(await page.locator("#o0").getByRole("button", { name: "Next slot" }).isDisabled()).toBe(true);
    await page.context().close();
  });

  test("a touch selects a slot, and a span of the strip", async () => {
    const page = await open({ viewport: { width: 350, height: 900 }, hasTouch: true });
    await mountAll(page);
    const box = (await page.locator("#o0 .v-map").boundingBox())!;
    await page.touchscreen.tap(box.x + box.width * (5.5 / 32), box.y + box.width * (1.5 / 32));
    expect(await slot(page)).toBe("37");
    const strip = (await page.locator("#o0 .v-strip > svg:not(.v-all, .v-proj)").boundingBox())!;
    await page.touchscreen.tap(strip.x + strip.width * (8.5 / 64), strip.y + 10);
    expect(await page.locator("#o0 .v-fields").innerText()).toContain("10 (48 B, scan)");
    await page.context().close();
  });

  test("the heap can be walked by keyboard: spans, large ones and stacks among them, and the pages between them", async () => {
    const page = await open();
    await mountAll(page);
    const seen: string[] = [];
    const next = page.locator("#o0").getByRole("button", { name: "Next span or gap" });
    while (await next.isEnabled()) {
      await next.press("Enter");
      seen.push(await read(page));
    }
    const spans = seen.filter((s) => !s.includes("no span"));
    expect(spans).toHaveLength(7);
    expect(spans[0]).toContain("for stacks or work buffers");
    expect(spans[5]).toContain("One large object");
    expect(seen.filter((s) => s.includes("no span"))).toEqual([
      "Pages 21 to 22 from 0xc00002a000, no span: free, in a P’s page cache.",
      "Page 23 from 0xc00002e000, no span: free.",
      "Pages 84 to 88 from 0xc0000a8000, no span: free.",
      "Pages 89 to 95 from 0xc0000b2000, no span: not backed by the OS.",
    ]);
    await page.context().close();
  });

  test("the number line steps from the last small size to the first large one", async () => {
    const page = await open();
    await mountAll(page);
    expect(await read(page, "o1")).toContain("32760 bytes: small");
    await page.locator("#o1 .v-scrub input").focus();
    await page.keyboard.press("ArrowRight");
    expect(await read(page, "o1")).toContain("32761 bytes: large. A span of its own, 4 pages");
    await page.context().close();
  });

  test.each([
    ["a search", 3, "Step 6 of 6. Level 4, 0xc000400000: start 5, max 502, end 502. Accepted: a run that began"],
    ["a page bitmap", 4, "Page 510 of the chunk, 0xc0003fc000: free. Bit 62 of word 7."],
    ["a timeline", 5, "At 200 ms: 4 MiB in use"],
    ["a process map", 6, "0xc000400000 lies in not used yet"],
    ["strips", 7, "first fit, bytes 90 to 100: free"],
    ["a film", 8, "Step 2 of 3: One more."],
  ])("%s: the last place but one by keys, and the same by its button", async (_name, n, want) => {
    const page = await open();
    await mountAll(page);
    const range = page.locator(`#o${n} .v-scrub input`).first();
    await range.focus();
    await page.keyboard.press("End");
    await page.keyboard.press("ArrowLeft");
    expect(await readFirst(page, n)).toContain(want);
    expect((await range.getAttribute("aria-valuetext"))?.replaceAll("\u00a0", " ")).toBe(await readFirst(page, n));
    await page.keyboard.press("Home");
    expect(await readFirst(page, n)).not.toContain(want);
    await page.keyboard.press("End");
    await page.locator(`#o${n} .v-scrub button`).first().click();
    expect(await readFirst(page, n)).toContain(want);
    await page.context().close();
  });

  test("pages, moments and blocks are chosen where they are pressed", async () => {
    const page = await open();
    await mountAll(page);
    const press = async (selector: string, x: number, y: number) => {
      await page.locator(selector).first().scrollIntoViewIfNeeded();
      const box = (await page.locator(selector).first().boundingBox())!;
      await page.mouse.click(box.x + box.width * x, box.y + box.height * y);
    };
    await press("#o4 .v-map", 0.5 + 0.5 / 64, 3.5 / 8);
    expect(await readFirst(page, 4)).toContain("Page 224 of the chunk, 0xc0001c0000: in use.");
    await press("#o5 .v-plot > svg", 0.26, 0.5);
    expect(await readFirst(page, 5)).toContain("At 100 ms: 64 MiB in use");
    await press("#o7 .v-one-strip > svg", 0.45, 0.5);
    expect(await readFirst(page, 7)).toContain("first fit, bytes 40 to 50: p, in use, with pointers, 10 B.");
    await page.context().close();
  });

  test("the first strip of a process map can be drawn in doublings", async () => {
    const page = await open();
    await mountAll(page);
    const first = () => page.locator("#o6 .v-piece > svg").first().innerHTML();
    const before = await first();
    await page.getByLabel("first strip in doublings").check();
    expect(await first()).not.toBe(before);
    await page.context().close();
  });

  test("in a film a slot that was pressed stays chosen until a step names another; what changed is marked", async () => {
    const page = await open();
    await mountAll(page);
    const inner = page.locator("#o8 .v-film");
    const step = page.locator("#o8 > .v > .v-scrub input");
    await step.focus();
    await page.keyboard.press("ArrowRight");
    expect(await inner.locator(".s-new").count()).toBe(2); // slot 2, and the key
    expect(await inner.locator(".v-map .s-new").getAttribute("d")).toBe("M40.5 1h6.5v6.5z");
    const slots = inner.locator(".v-scrub input");
    await slots.fill("40");
    expect(await inner.locator(".v-read").innerText()).toContain("Slot 40");
    await step.focus();
    await page.keyboard.press("ArrowLeft");
    expect(await inner.locator(".v-read").innerText()).toContain("Slot 2 at");
    await page.keyboard.press("End");
    expect(await inner.locator(".v-levels").count()).toBe(1);
    await page.context().close();
  });

  test("the byte ruler follows number, scrub bar and choice", async () => {
    const page = await open();
    await mountAll(page);
    const said = () => page.locator("#ruler .v-say output").innerText();
    const number = page.locator("#ruler input[type=number]");
    await number.fill("1025");
    expect(await said()).toBe("get a slot of 1152; 127 stay empty.");
    await page.locator("#ruler input[type=range]").focus();
    await page.keyboard.press("Home");
    expect(await number.inputValue()).toBe("1");
    await page.keyboard.press("End");
    expect(await number.inputValue()).toBe("2048");
    await page.getByLabel("pointers", { exact: true }).check();
    expect(await said()).toBe("get a slot of 2304: 8 for a type word, 248 stay empty.");
    await page.context().close();
  });

  test("the sentence and the controls stay where they are while a slot is chosen", async () => {
    for (const width of WIDTHS) {
      const page = await open({ viewport: { width, height: 900 } });
      await mountAll(page);
      const range = page.locator("#o0 .v-scrub input");
      const bottom = () => page.locator("#o0 .v-fields").evaluate((e) => e.getBoundingClientRect().y + scrollY);
      const y = await bottom();
      for (const i of [0, 2, 171, 300, 495]) {
        await range.fill(String(i));
        expect(await bottom(), `slot ${i}, ${width} px`).toBe(y);
      }
      await page.context().close();
    }
  });

  test("without a script nothing is offered that cannot work", async () => {
    const page = await open({ javaScriptEnabled: false });
    expect(await page.locator(".v-scrub:visible, .v-step:visible, .v-choice:visible").count()).toBe(0);
    expect(await read(page)).toContain("free, and next to be handed out");
    await page.context().close();
  });

  test("in forced colours and in print every picture keeps its marks", async () => {
    const page = await open({ forcedColors: "active" });
    const fill = () =>
      page
        .locator("#o0 .v-map .q-scan")
        .first()
        .evaluate((e) => getComputedStyle(e).stroke);
    expect(await fill()).toContain("q-scan");
    await page.emulateMedia({ media: "print", forcedColors: "none" });
    expect(await fill()).toContain("q-scan");
    expect(await page.locator(".v-scrub:visible").count()).toBe(0);
    await page.context().close();
  });
});
