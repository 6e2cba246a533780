/**
 * What a page with cells carries before anybody touches one: it waits for a hand, then loads what makes cells live.
 *
 * Everything a reader can read is in the markup. When the pointer comes near a cell, a key reaches it, or it is
 * clicked, the cells' code and their programs are fetched, and what was asked meanwhile is done then. A page on which
 * this reader has left edits or solved exercises wakes at once, to show them.
 */

import { k } from "../i18n/kernel.ts";
import type { ChapterData } from "./cell-data.ts";
import type { Lang } from "./protocol.ts";

/** The programs of a page's cells: the address that the page gives. */
const DATA = "data-cells";

let waking: Promise<void> | null = null;
let isAwake = false;

function lang(): Lang {
  return document.documentElement.lang.startsWith("zh") ? "zh" : "en";
}

async function load(): Promise<void> {
  const address = document.querySelector(`[${DATA}]`)?.getAttribute(DATA) ?? "";
  const [{ start }, data] = await Promise.all([
    import("./go-cell.ts"),
    fetch(address).then((response) => {
      if (!response.ok) throw new Error(`${response.status} ${address}`);
      return response.json() as Promise<ChapterData>;
    }),
  ]);
  start(data);
  isAwake = true;
}

function wake(): Promise<void> {
  waking ??= load().catch((error) => {
    waking = null; // the next touch tries again
    throw error;
  });
  return waking;
}

/** The status line of a cell says what goes on before its own code can. */
function tell(cell: Element | null, key: "loading" | "loadFailed"): void {
  const words = cell?.querySelector<HTMLElement>("[data-part='words']");
  if (words) words.textContent = k(lang(), key);
}

/** Wakes the page, then does again what the reader did too early. */
function later(cell: Element | null, again: () => void): void {
  const before = cell?.querySelector("[data-part='words']")?.textContent ?? "";
  tell(cell, "loading");
  wake().then(
    () => {
      const words = cell?.querySelector<HTMLElement>("[data-part='words']");
      if (words) words.textContent = before;
      again();
    },
    () => tell(cell, "loadFailed"),
  );
}

const cellOf = (target: EventTarget | null) => (target instanceof Element ? target.closest("go-cell") : null);

function onClick(event: Event): void {
  if (isAwake || !(event.target instanceof Element)) return;
  const target = event.target.closest<HTMLElement>(
    "go-cell button, go-cell [data-part='listing'], button[data-page-action]",
  );
  if (target === null) return;
  event.preventDefault();
  event.stopPropagation();
  later(cellOf(target), () => target.click());
}

function onKey(event: KeyboardEvent): void {
  if (isAwake || event.key !== "Enter" || event.defaultPrevented) return;
  const cell = cellOf(event.target);
  const isListing = event.target instanceof Element && event.target.matches("[data-part='listing']");
  if (cell === null || (!event.shiftKey && !isListing)) return;
  event.preventDefault();
  event.stopPropagation();
  const { target, shiftKey } = event;
  later(cell, () => target?.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", shiftKey, bubbles: true })));
}

/** A guess, or a control: the field keeps what the reader set; whoever reads it is told when he is there. */
function onChange(event: Event): void {
  const { target } = event;
  if (isAwake || cellOf(target) === null) return;
  later(null, () => {
    for (const type of ["input", "change"]) target?.dispatchEvent(new Event(type, { bubbles: true }));
  });
}

function onApproach(event: Event): void {
  if (!isAwake && cellOf(event.target) !== null) wake().catch(() => {});
}

/** True when this device holds something of the reader's for a cell of this page. */
function hasTraces(): boolean {
  try {
    const ids = [...document.querySelectorAll<HTMLElement>("go-cell[data-cell]")].map((cell) => cell.dataset["cell"]);
    return ids.some(
      (id) => localStorage.getItem(`cell:${id}`) !== null || localStorage.getItem(`solved:${id}`) !== null,
    );
  } catch {
    return false; // storage is denied: nothing was ever kept
  }
}

for (const type of ["pointerover", "pointerdown", "focusin"]) {
  document.addEventListener(type, onApproach, { passive: true });
}
document.addEventListener("click", onClick, { capture: true });
document.addEventListener("keydown", onKey, { capture: true });
document.addEventListener("change", onChange);
document.addEventListener("toggle", onApproach, { capture: true });
if (hasTraces()) wake().catch(() => {});
