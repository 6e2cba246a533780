/** Pictures and files in the cells of the built site: a film is stepped, a trace is opened, dropped and refused. */

import { expect, type Locator, type Page, test } from "@playwright/test";

/** Opens a cell of a chapter with another program in it, and runs it. */
async function ran(page: Page, lang: "zh" | "en", text: string): Promise<Locator> {
  await page.goto(`/${lang}/small-allocation/`);
  await page.evaluate(() => localStorage.setItem("editor", "plain"));
  const cell = page.locator("#cell-paths");
  await cell.locator('button[data-action="edit"]').click();
  await cell.locator(".editing textarea").fill(text);
  await cell.locator('button[data-action="run"]').click();
  await expect(cell).toHaveAttribute("data-state", "done");
  return cell;
}

test("a film of a heap is stepped forward and back by keys, and its heap answers within a step", async ({ page }) => {
  const cell = await ran(
    page,
    "en",
    `import { boot, int64, pointer, array } from "goheap";
const go = boot(), T = array(6, pointer(int64)), frames = [];
for (let i = 0; i < 3; i++) {
  const it = go.new(T);
  frames.push({ say: { zh: "第 " + i + " 个", en: "Object " + i + "." }, picture: heap.of(go, { span: it }) });
}
show.steps(frames);`,
  );
  const film = cell.locator("output .v-steps");
  const step = film.locator("> .v-scrub input");
  const said = film.locator("> .v-read");
  await expect(said).toHaveText("Step 1 of 3: Object 0.");
  await step.focus();
  await page.keyboard.press("ArrowRight");
  await expect(said).toHaveText("Step 2 of 3: Object 1.");
  await expect(film.locator(".v-film .v-read")).toContainText("Slot 1 at 0xc000000030: allocated");
  await film.locator(".v-film .v-scrub input").focus();
  await page.keyboard.press("Home");
  await expect(film.locator(".v-film .v-read")).toContainText("Slot 0 at");
  await expect(said).toHaveText("Step 2 of 3: Object 1.");
  await film.getByRole("button", { name: "Step back" }).click();
  await expect(said).toHaveText("Step 1 of 3: Object 0.");
});

test("what a picture cannot be drawn from is said in the cell, with the name of the field", async ({ page }) => {
  await page.goto("/zh/small-allocation/");
  await page.evaluate(() => localStorage.setItem("editor", "plain"));
  const cell = page.locator("#cell-paths");
  await cell.locator('button[data-action="edit"]').click();
  await cell.locator(".editing textarea").fill('show.stairs([{ name: "a", count: -1 }]);');
  await cell.locator('button[data-action="run"]').click();
  await expect(cell).toHaveAttribute("data-state", "error");
  await expect(cell.locator("output")).toContainText("show.stairs 的参数不对：steps[0].count 超出可能的范围。");
});

test("a text file runs its cell when it is opened or dropped; what is too large or no text changes nothing", async ({
  page,
}) => {
  const cell = await ran(page, "en", 'input.file("trace", { value: "own", accept: ".jsonl" }).length');
  const output = cell.locator("output");
  const control = cell.locator(".controls .control");
  const state = control.getByRole("status");
  await expect(output).toHaveText("3");

  const chooser = page.waitForEvent("filechooser");
  await control.getByRole("button", { name: "trace: Open a file" }).press("Enter");
  await (await chooser).setFiles({ name: "a.jsonl", mimeType: "text/plain", buffer: Buffer.from("one\ntwo\n") });
  await expect(output).toHaveText("8");
  await expect(state).toHaveText("a.jsonl, 2 lines, 8 bytes");

  const drop = (name: string, bytes: number, first: number) =>
    control.evaluate(
      (element, file) => {
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(file.bytes).fill(file.first)], file.name));
        element.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
      },
      { name, bytes, first },
    );
  await drop("big.jsonl", 1_048_577, 65);
  await expect(state).toHaveText(
    "big.jsonl has 1,048,577 bytes, which is too large: at most 1 MB. The text from before stays in use.",
  );
  await drop("picture.png", 4, 255);
  await expect(state).toContainText("picture.png is not UTF-8 text");
  await expect(output).toHaveText("8");
  await drop("b.jsonl", 1_048_576, 65);
  await expect(output).toHaveText("1048576");

  await control.getByRole("button", { name: "Use the cell’s own text" }).click();
  await expect(output).toHaveText("3");
  await expect(control.getByRole("button", { name: "trace: Open a file" })).toBeFocused();
});

test("the first touch of a recorded picture is not lost, though its script comes later", async ({ page }) => {
  for (const act of ["press", "move"] as const) {
    await page.goto("/en/small-allocation/");
    await page.evaluate(() => document.querySelector("#cell-border")!.setAttribute("data-predict", "done"));
    const figure = page.locator("#cell-border output .v-border");
    await expect(figure.locator(".v-read")).toContainText("32760 bytes: small");
    await figure.evaluate((element, how) => {
      if (how === "press") return element.querySelector<HTMLElement>(".v-scrub button:last-child")!.click();
      const range = element.querySelector<HTMLInputElement>(".v-scrub input")!;
      range.value = String(Number(range.value) + 1);
      for (const type of ["input", "change"]) range.dispatchEvent(new Event(type, { bubbles: true }));
    }, act);
    await expect(figure.locator(".v-read")).toContainText("32761 bytes: large");
  }
});
