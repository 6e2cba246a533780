/**
 * The page reclaimer: before a span is allocated during a sweep, at least as many pages are swept free.
 *
 * It walks the arenas' page bitmaps for spans in use on which nothing was marked: such a span is free as a whole
 * once swept, so this finds pages much faster than sweeping span after span would. Work is claimed in pieces of
 * 512 pages, and pages found beyond what was asked for are kept as credit.
 *
 * Go 1.26: runtime/mheap.go (mheap.reclaim, mheap.reclaimChunk).
 * Differs: the mark for "nothing left" is 2^52, not 2^63: counters here are exact up to 2^53.
 */
import { load8, load32, lock, unlock } from "../memory/atomics.ts";
import type { Memory } from "../memory/memory.ts";
import { mheap_ } from "../records/globals.ts";
import * as heaparena from "../records/heaparena.ts";
import * as mheap from "../records/mheap.ts";
import * as mspan from "../records/mspan.ts";
import { activeBegin, activeEnd, sweepSpan, tryAcquire } from "./mgcsweep.ts";
import { arenaAt } from "./mheap.ts";

const pagesPerArena = 8192;
/** Pages claimed at a time. */
export const pagesPerReclaimerChunk = 512;
/** Value of reclaimIndex when every arena has been walked. */
export const reclaimDone = 2 ** 52;

/** Sweeps until `npage` pages were freed, or nothing is left to look at. The heap lock must be free. */
export function reclaim(m: Memory, npage: number): void {
  const h = mheap_(m);
  if (mheap.reclaimIndex(m, h) >= reclaimDone) return;

  let need = npage;
  let locked = false;
  while (need > 0) {
    const credit = mheap.reclaimCredit(m, h);
    if (credit > 0) {
      const take = Math.min(credit, need);
      if (mheap.reclaimCreditCas(m, h, credit, credit - take)) need -= take;
      continue;
    }
    const idx = mheap.addReclaimIndex(m, h, pagesPerReclaimerChunk) - pagesPerReclaimerChunk;
    if (Math.floor(idx / pagesPerArena) >= mheap.sweepArenasLen(m, h)) {
      mheap.setReclaimIndex(m, h, reclaimDone);
      break;
    }
    if (!locked) {
      lock(m, mheap.lock(h));
      locked = true;
    }
    const nfound = reclaimChunk(m, idx, pagesPerReclaimerChunk);
    if (nfound > need) mheap.addReclaimCredit(m, h, nfound - need);
    need = Math.max(0, need - nfound);
  }
  if (locked) unlock(m, mheap.lock(h));
}

/** Sweeps unmarked spans that start in n pages from pageIdx on. Returns the pages freed; drops the heap lock to sweep. */
function reclaimChunk(m: Memory, pageIdx: number, n: number): number {
  if (!activeBegin(m)) return 0;
  const h = mheap_(m);
  const sg = mheap.sweepgen(m, h);
  const ai = load32(m, mheap.sweepArenas(m, h) + 8 * Math.floor(pageIdx / pagesPerArena));
  const ha = arenaAt(m, ai);
  const first = pageIdx % pagesPerArena;
  let nFreed = 0;
  for (let i = first >> 3; i < (first + n) >> 3; i++) {
    let inUseUnmarked = unmarked(m, ha, i);
    for (let j = 0; inUseUnmarked >> j !== 0; j++) {
      if ((inUseUnmarked & (1 << j)) === 0) continue;
      const s = heaparena.spans(m, ha, 8 * i + j);
      if (!tryAcquire(m, s, sg)) continue;
      const npages = mspan.npages(m, s);
      unlock(m, mheap.lock(h));
      if (sweepSpan(m, s, false)) nFreed += npages;
      lock(m, mheap.lock(h));
      inUseUnmarked = unmarked(m, ha, i); // neighbours may have been freed meanwhile
    }
  }
  activeEnd(m, sg);
  return nFreed;
}

/** Byte i of the arena's bitmap of first pages of spans in use that no mark was set on. */
function unmarked(m: Memory, ha: heaparena.HeapArena, i: number): number {
  return load8(m, heaparena.pageInUse(ha) + i) & ~m.u8[heaparena.pageMarks(ha) + i];
}
