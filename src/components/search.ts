/** Opens the search box: by the bar's word, or by `/`. What searches is loaded then. */
const box = document.querySelector<HTMLElement>("#search");
let opening: Promise<void> | null = null;

function start(place: HTMLElement): Promise<void> {
  opening ??= import("../search/box.ts").then(({ open }) => open(place, place.dataset["index"]!));
  return opening;
}

box?.addEventListener("toggle", (event) => {
  if ((event as ToggleEvent).newState !== "open") return;
  const field = box.querySelector("input")!;
  field.focus();
  field.select();
  start(box).catch(() => {
    opening = null; // opening it again tries again
    const status = box.querySelector<HTMLElement>("[role=status]")!;
    status.className = "";
    status.textContent = box.dataset["failed"]!;
  });
});

/** True where a key is text: a field, or an editor. */
const isTyping = (target: EventTarget | null) =>
  target instanceof Element && target.closest("input, textarea, select, [contenteditable], .monaco-editor") !== null;

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  event.preventDefault();
  box?.showPopover();
});

export {};
