/**
 * What a page with cells carries before anybody touches one: it waits for a hand, then loads what makes cells live.
 *
 * Everything a reader can read is in the markup. When the pointer comes near a cell, a key reaches it, or it is
 * clicked, the cells' code and their programs are fetched, and what was asked meanwhile is done then. A page on which
 * this reader has left edits or solved exercises wakes at once, to show them.
 */

import type { ChapterData } from "./cell-data.ts";

/** The page says where its cells' programs are, and what is said meanwhile. */
const page = document.querySelector<HTMLElement>("[data-cells]")?.dataset ?? {};

let waking: Promise<void> | null = null;
let isAwake = false;

async function load(): Promise<void> {
  const address = page["cells"] ?? "";
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
function tell(cell: Element | null, text: string): void {
  const words = cell?.querySelector<HTMLElement>("[data-part='words']");
  if (words) words.textContent = text;
}

/** Wakes the page, then does again what the reader did too early. */
function later(cell: Element | null, again: () => void): void {
  const before = cell?.querySelector("[data-part='words']")?.textContent ?? "";
  tell(cell, page["loading"] ?? "");
  wake().then(
    () => {
      tell(cell, before);
      again();
    },
    () => tell(cell, page["loadFailed"] ?? ""),
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
