/**
 * Edits kept on the reader's device. Storage may be denied (private windows, embedded pages): then nothing is kept,
 * `isDenied` says so, and everything else works.
 */

export interface Edit {
  readonly text: string;
  /** Language of the page on which it was typed. */
  readonly lang: string;
  /** Hash of the published cell that it began from. */
  readonly hash: string;
}

const VERSION = 1;
const key = (cell: string) => `cell:${cell}`;
const solvedKey = (cell: string) => `solved:${cell}`;

let denied: boolean | null = null;

/** Whether this device keeps anything for this site; tried once. */
export function isDenied(): boolean {
  if (denied === null) {
    try {
      localStorage.setItem("probe", "1");
      localStorage.removeItem("probe");
      denied = false;
    } catch {
      denied = true;
    }
  }
  return denied;
}

function read(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function write(name: string, value: string | null): boolean {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
    return true;
  } catch {
    denied = true;
    return false;
  }
}

export function readEdit(cell: string): Edit | null {
  try {
    const found = JSON.parse(read(key(cell)) ?? "null") as (Partial<Edit> & { v?: number }) | null;
    if (found?.v !== VERSION || typeof found.text !== "string" || found.text.length > 200_000) return null;
    return { text: found.text, lang: String(found.lang), hash: String(found.hash) };
  } catch {
    return null;
  }
}

/** Keeps an edit, or forgets it. @returns false when it could not be kept */
export function writeEdit(cell: string, edit: Edit | null): boolean {
  return write(key(cell), edit === null ? null : JSON.stringify({ v: VERSION, ...edit }));
}

export function isSolved(cell: string): boolean {
  return read(solvedKey(cell)) === "1";
}

export function markSolved(cell: string): void {
  write(solvedKey(cell), "1");
}

/** The reader's choice of editor: "plain" for the text field. Set in the page's reading settings. */
export function wantsPlainEditor(): boolean {
  return read("editor") === "plain";
}
