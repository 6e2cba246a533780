/**
 * spanSet: push and pop of a queue of spans that many threads use without a lock.
 *
 * A push takes the next position by one atomic add and then stores its span there; a pop claims the first position
 * by compare-and-swap and then reads it, waiting for a slow pusher if need be. A block whose 512 entries were all
 * popped goes back to a pool that all sets share. Alone, a set is first in, first out.
 *
 * Go 1.26: runtime/mspanset.go (spanSet, spanSetBlockAlloc).
 * Differs: two 32-bit words for head and tail, and for the pool's head: see records/mspanset.ts.
 */
import { load32, lock, store32, unlock } from "../memory/atomics.ts";
import { throwFatal } from "../memory/fatal.ts";
import type { Memory } from "../memory/memory.ts";
import { memstats, spanSetBlockPool } from "../records/globals.ts";
import { gcMiscSysAt } from "../records/memstats.ts";
import type { MSpan } from "../records/mspan.ts";
import * as spanset from "../records/mspanset.ts";
import { persistentalloc } from "./persistentalloc.ts";

const entries = spanset.spanSetBlockEntries;
const cacheLineSize = 64;

/** Appends a span. Safe against other pushes and pops. */
export function spanSetPush(m: Memory, b: spanset.SpanSet, s: MSpan): void {
  const newTail = spanset.addTail(m, b, 1);
  if (newTail === 0) throwFatal("headTailIndex overflow");
  const cursor = newTail - 1;
  const block = blockForPush(m, b, Math.floor(cursor / entries));
  store32(m, spanset.blockSpans(block) + 8 * (cursor % entries), s);
}

/** The block that holds positions 512*top and up, made if it is not there yet. */
function blockForPush(m: Memory, b: spanset.SpanSet, top: number): spanset.SpanSetBlock {
  if (top < spanset.spineLen(m, b)) return load32(m, spanset.spine(m, b) + 8 * top);

  lock(m, spanset.spineLock(b));
  const spineLen = spanset.spineLen(m, b);
  if (top < spineLen) {
    unlock(m, spanset.spineLock(b)); // another pusher was first
    return load32(m, spanset.spine(m, b) + 8 * top);
  }
  if (spineLen === spanset.spineCap(m, b)) growSpine(m, b);
  const block = blockAlloc(m);
  store32(m, spanset.spine(m, b) + 8 * top, block);
  spanset.setSpineLen(m, b, spineLen + 1);
  unlock(m, spanset.spineLock(b));
  return block;
}

/** Doubles the spine. The old one is left as it is: a pusher without the lock may still read from it. */
function growSpine(m: Memory, b: spanset.SpanSet): void {
  const oldCap = spanset.spineCap(m, b);
  const newCap = oldCap === 0 ? spanset.spanSetInitSpineCap : 2 * oldCap;
  const spine = persistentalloc(m, 8 * newCap, cacheLineSize, gcMiscSysAt(memstats(m)));
  const old = spanset.spine(m, b);
  m.u8.copyWithin(spine, old, old + 8 * oldCap);
  spanset.setSpine(m, b, spine);
  spanset.setSpineCap(m, b, newCap);
}

/** Takes the span that has been in the set longest; 0 when the set is, or is about to be, empty. */
export function spanSetPop(m: Memory, b: spanset.SpanSet): MSpan {
  let head = spanset.head(m, b);
  for (;;) {
    if (head >= spanset.tail(m, b)) return 0;
    // A pusher that has moved the tail may not have made its block yet: nothing to be had here now.
    if (spanset.spineLen(m, b) <= Math.floor(head / entries)) return 0;
    if (spanset.headCas(m, b, head, head + 1)) break;
    head = spanset.head(m, b);
  }
  const at = spanset.spine(m, b) + 8 * Math.floor(head / entries);
  const block = load32(m, at);
  const entry = spanset.blockSpans(block) + 8 * (head % entries);
  let s: MSpan = load32(m, entry);
  while (s === 0) s = load32(m, entry); // its pusher has the position but has not stored yet
  store32(m, entry, 0);
  if (spanset.addPopped(m, block, 1) === entries) {
    store32(m, at, 0); // the last of 512 pops; all others are done with the block
    blockFree(m, block);
  }
  return s;
}

/** Empties the positions of an empty set, so that they start from 0. Nobody else may use the set meanwhile. */
export function spanSetReset(m: Memory, b: spanset.SpanSet): void {
  const head = spanset.head(m, b);
  if (head < spanset.tail(m, b)) throwFatal("attempt to clear non-empty span set");
  const top = Math.floor(head / entries);
  if (top < spanset.spineLen(m, b)) {
    const at = spanset.spine(m, b) + 8 * top;
    const block = load32(m, at);
    if (block !== 0) {
      const popped = spanset.popped(m, block);
      if (popped === 0) throwFatal("span set block with unpopped elements found in reset");
      if (popped === entries) throwFatal("fully empty unfreed span set block found in reset");
      store32(m, at, 0);
      blockFree(m, block);
    }
  }
  spanset.setHead(m, b, 0);
  spanset.setTail(m, b, 0);
  spanset.setSpineLen(m, b, 0);
}

// The pool: a lock-free stack. Its head carries a count, so that a block that was taken and put back in between is
// not taken for the same head (the ABA problem).

const offsetBits = 22;
const offsetMask = (1 << offsetBits) - 1;

function blockAlloc(m: Memory): spanset.SpanSetBlock {
  const pool = spanSetBlockPool(m);
  let head = spanset.poolHead(m, pool);
  while (head !== 0) {
    const block = (head & offsetMask) * spanset.tagAlign;
    if (spanset.poolHeadCas(m, pool, head, spanset.blockNext(m, block))) return block;
    head = spanset.poolHead(m, pool);
  }
  return persistentalloc(m, spanset.blockLayout.size, spanset.tagAlign, gcMiscSysAt(memstats(m)));
}

function blockFree(m: Memory, block: spanset.SpanSetBlock): void {
  const pool = spanSetBlockPool(m);
  spanset.setPopped(m, block, 0);
  const count = spanset.blockPushcnt(m, block) + 1;
  spanset.setBlockPushcnt(m, block, count);
  const packed = ((count << offsetBits) | (block / spanset.tagAlign)) >>> 0;
  for (;;) {
    const head = spanset.poolHead(m, pool);
    spanset.setBlockNext(m, block, head);
    if (spanset.poolHeadCas(m, pool, head, packed)) return;
  }
}
