/**
 * A text file of the reader's as an input: dropped on the control, or opened with its button.
 *
 * The text is the control's value; which file it came from only the element knows. What cannot be used is said in the
 * control, and what was in use stays in use.
 */

import { k } from "../i18n/kernel.ts";
import { type Lang, LIMITS } from "./protocol.ts";

const wired = new WeakSet<Element>();

/**
 * Gives a file control its behaviour. Safe to call again for the same element.
 *
 * @param turned  called with each new text, and with undefined when the cell is to use its own again
 */
export function wireFile(place: HTMLElement, lang: Lang, turned: (text: string | undefined) => void): void {
  if (wired.has(place)) return;
  wired.add(place);
  const piece = <T extends HTMLElement>(name: string) => place.querySelector<T>(`[data-file="${name}"]`)!;
  const field = piece<HTMLInputElement>("field");
  const open = piece("open");
  const back = piece("back");
  const state = piece("state");

  /** The file that was chosen last: one that takes longer to read must not come after it. */
  let latest: File | null = null;
  const tell = (words: string, isWrong: boolean) => {
    state.textContent = words;
    state.toggleAttribute("data-wrong", isWrong);
  };
  const take = async (file: File) => {
    latest = file;
    const size = file.size.toLocaleString(lang);
    if (file.size > LIMITS.fileBytes) return tell(k(lang, "fileLarge", { name: file.name, size }), true);
    const text = await textOf(file);
    if (latest !== file) return;
    if (text === null) return tell(k(lang, "fileWrong", { name: file.name }), true);
    const lines = text === "" ? 0 : text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
    tell(k(lang, "fileTaken", { name: file.name, size, lines: lines.toLocaleString(lang) }), false);
    back.hidden = false;
    turned(text);
  };

  open.addEventListener("click", () => field.click());
  // The cell hears the changes of all controls: this one's value is not in the field.
  for (const type of ["input", "change"]) field.addEventListener(type, (event) => event.stopPropagation());
  field.addEventListener("change", () => {
    const file = field.files?.[0];
    if (file === undefined) return;
    void take(file);
    field.value = ""; // so that the same file, mended, can be chosen again
  });
  back.addEventListener("click", () => {
    latest = null;
    tell(k(lang, "fileNone"), false);
    open.focus();
    back.hidden = true;
    turned(undefined);
  });
  for (const type of ["dragenter", "dragover"]) {
    place.addEventListener(type, (event) => {
      event.preventDefault();
      place.toggleAttribute("data-over", true);
    });
  }
  place.addEventListener("dragleave", (event) => {
    if (!place.contains(event.relatedTarget as Node | null)) place.toggleAttribute("data-over", false);
  });
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    place.toggleAttribute("data-over", false);
    const file = event.dataTransfer?.files[0];
    if (file === undefined) tell(k(lang, "fileNot"), true);
    else void take(file);
  });
}

/** The text of a file; null when it is no UTF-8 text, or cannot be read. */
async function textOf(file: File): Promise<string | null> {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
    return text.includes("\0") ? null : text;
  } catch {
    return null;
  }
}
