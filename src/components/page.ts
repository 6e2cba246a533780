/**
 * What script adds to a page that is complete without it: the place in the contents, a link to the very section, the
 * other language at the same section, the reading settings, terms that also open when the pointer rests on them.
 */
import { remember } from "./progress.ts";
import "./search.ts";

const root = document.documentElement;
const announce = document.querySelector("[data-announce]");

function keep(name: string, value: string): boolean {
  try {
    if (value === "") localStorage.removeItem(name);
    else localStorage.setItem(name, value);
    return true;
  } catch {
    return false;
  }
}

function kept(name: string): string {
  try {
    return localStorage.getItem(name) ?? "";
  } catch {
    return "";
  }
}

// The reading settings. settings.js has applied what was kept; here they are shown and changed.
for (const set of document.querySelectorAll<HTMLElement>("[data-setting]")) {
  const name = set.dataset["setting"]!;
  for (const input of set.querySelectorAll("input")) {
    input.checked = input.value === kept(name);
    input.addEventListener("change", () => {
      if (name !== "editor") {
        if (input.value === "") delete root.dataset[name];
        else root.dataset[name] = input.value;
      }
      const note = document.querySelector<HTMLElement>("[data-kept]");
      if (!keep(name, input.value) && note !== null) note.textContent = note.dataset["lost"]!;
      root.dispatchEvent(new CustomEvent("setting", { detail: { name, value: input.value } }));
    });
  }
}

// Where the reader is: the last heading above the upper third of the window.
const headings = [...document.querySelectorAll<HTMLElement>(".opening > h2[id]")];
const entries = new Map(
  [...document.querySelectorAll<HTMLAnchorElement>(".toc a[href*='#']")].map((a) => [a.hash.slice(1), a]),
);
let here = "";

function findPlace(): void {
  const line = innerHeight / 3;
  const now = headings.findLast((one) => one.getBoundingClientRect().top < line)?.id ?? "";
  if (now === here) return;
  entries.get(here)?.removeAttribute("aria-current");
  entries.get(now)?.setAttribute("aria-current", "true");
  here = now;
  remember(now);
}
if (headings.length > 0) {
  let waiting = false;
  addEventListener(
    "scroll",
    () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        findPlace();
      });
    },
    { passive: true },
  );
  findPlace();
}

// The other language opens at the same section; the choice is what `/` will follow next time.
for (const link of document.querySelectorAll<HTMLAnchorElement>("[data-switch]")) {
  link.addEventListener("click", () => {
    link.hash = here === "" ? location.hash : here;
    keep("lang", link.dataset["switch"]!);
  });
}

// A section's own address, to the clipboard and into the address bar.
for (const button of document.querySelectorAll<HTMLButtonElement>(".copy")) {
  button.addEventListener("click", async () => {
    const address = new URL(`#${button.dataset["copy"]}`, location.href).href;
    history.replaceState(history.state, "", address);
    const done = await navigator.clipboard.writeText(address).then(
      () => true,
      () => false,
    );
    const word = button.textContent;
    const said = (done ? button.dataset["copied"] : button.dataset["failed"])!;
    if (announce !== null) announce.textContent = said;
    button.textContent = said;
    setTimeout(() => {
      button.textContent = word;
    }, 2000);
  });
}

// A choice in the contents closes them where they lie over the text.
const contents = document.querySelector<HTMLElement>("#contents");
contents?.addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest("a") !== null && contents.matches(":popover-open")) {
    contents.hidePopover();
  }
});

// Terms open on press; where there is a pointer that hovers, also when it rests on them.
if (matchMedia("(hover: hover)").matches) {
  for (const term of document.querySelectorAll<HTMLButtonElement>(".term")) {
    const pop = document.getElementById(term.getAttribute("popovertarget") ?? "");
    let timer = 0;
    let hovered = false;
    const leave = () => {
      clearTimeout(timer);
      timer = window.setTimeout(() => {
        if (hovered && pop?.matches(":hover") === false && !term.matches(":hover")) pop.hidePopover();
      }, 200);
    };
    term.addEventListener("pointerenter", () => {
      clearTimeout(timer);
      timer = window.setTimeout(() => {
        if (pop === null || pop.matches(":popover-open")) return;
        pop.showPopover({ source: term });
        hovered = true;
      }, 300);
    });
    term.addEventListener("pointerleave", leave);
    pop?.addEventListener("pointerleave", leave);
    pop?.addEventListener("toggle", (event) => {
      if ((event as ToggleEvent).newState === "closed") hovered = false;
    });
  }
}
