/**
 * A heap's pages as parts in address order: each span is one, and each run of equal pages that no span covers.
 *
 * The strip draws them, a press or a step selects one, and the inspector enlarges it.
 */
import type { HeapSnapshot, SpanSnapshot } from "goheap/observe";
import { bit, PAGE_BYTES } from "./snapshot.ts";

/**
 * What a page without a span is: `free`; `back`, free and without memory behind it; `cached`, free in a P's page cache;
 * `taken`, in use all the same; `none`, beyond the mapped heap.
 */
export type PageState = "free" | "back" | "cached" | "taken" | "none";

/** A run of pages: a span's, or of pages in the same state. */
export interface Part {
  readonly page: number;
  readonly npages: number;
  readonly span: SpanSnapshot | null;
  /** Of pages without a span. */
  readonly state: PageState | null;
}

/** The parts of the mapped heap, and what of a span lies outside of it. */
export function partsOf(snapshot: HeapSnapshot): Part[] {
  const { first, count } = snapshot.pages;
  const parts: Part[] = [];
  let page = first;
  const gap = (to: number) => {
    while (page < to) {
      const state = stateOf(snapshot, page);
      let n = 1;
      while (page + n < to && stateOf(snapshot, page + n) === state) n++;
      parts.push({ page, npages: n, span: null, state });
      page += n;
    }
  };
  for (const span of snapshot.spans) {
    gap(span.page);
    parts.push({ page: span.page, npages: span.npages, span, state: null });
    page = span.page + span.npages;
  }
  gap(first + count);
  return parts;
}

function stateOf(snapshot: HeapSnapshot, page: number): PageState {
  const i = page - snapshot.pages.first;
  if (i < 0 || i >= snapshot.pages.count) return "none";
  if (bit(snapshot.pages.inUse, i)) return cacheHolds(snapshot, page) ? "cached" : "taken";
  return bit(snapshot.pages.scavenged, i) ? "back" : "free";
}

function cacheHolds(snapshot: HeapSnapshot, page: number): boolean {
  return snapshot.procs.some((p) => {
    const k = page - (Number(p.pcache.base) - Number(snapshot.heapBase)) / PAGE_BYTES;
    return k >= 0 && k < 64 && wordBit(p.pcache.cache, k) === 1;
  });
}

/** Bit `k` of a "0x…" word of 16 digits. */
function wordBit(word: string, k: number): number {
  return (Number.parseInt(word[17 - (k >> 2)], 16) >> (k & 3)) & 1;
}

/** Index of the part to begin with: the one at `page`, the fullest span that a P holds, the first span; -1 for none. */
export function firstPart(parts: readonly Part[], page: number | undefined): number {
  const named = parts.findIndex((p) => page !== undefined && page >= p.page && page < p.page + p.npages);
  if (named >= 0) return named;
  let best = parts.findIndex((p) => p.span !== null);
  let most = -1;
  for (const [i, { span }] of parts.entries()) {
    if (span === null || span.cachedBy === null || span.allocCount <= most) continue;
    best = i;
    most = span.allocCount;
  }
  return best;
}
