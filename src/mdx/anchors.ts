/**
 * The ledger of anchors: every address inside a page that was ever published. Others link to them, so it only grows,
 * and each must stay reachable in both languages.
 */

/** Anchors by page: "" is the home page, else the chapter's slug; the same in both languages. */
export type Ledger = Record<string, readonly string[]>;

/** A page is `zh/small-allocation/`; what it stands for in the ledger is the slug. */
export function ledgerKey(path: string): string | undefined {
  return /^(?:zh|en)\/(?:([a-z0-9-]+)\/)?$/.exec(path) === null ? undefined : path.split("/")[1]!;
}

/** Whether an element's id is an address for others: a section, a cell, an exercise, a correction, a figure. */
export function isPublished(name: string, classes: readonly string[]): boolean {
  if (name === "h2" || name === "h3" || name === "go-cell") return true;
  return ["claim", "fig", "ex"].some((one) => classes.includes(one));
}

/** The ledger with what was found added; nothing leaves it. Sorted by page, then in order of first publication. */
export function grow(ledger: Ledger, found: Ledger): Ledger {
  const pages = [...new Set([...Object.keys(ledger), ...Object.keys(found)])].sort();
  return Object.fromEntries(
    pages.map((page) => [page, [...new Set([...(ledger[page] ?? []), ...(found[page] ?? [])])]]),
  );
}
