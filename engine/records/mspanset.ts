/**
 * spanSet: a concurrent queue of spans: a growable spine of pointers to blocks of 512 entries.
 *
 *   index   tail │ head          positions in the concatenation of all blocks; head == tail: empty
 *   spine   [block 0][block 1]…  spineLen of spineCap pointers are in use
 *   block   lfnode, popped, padding up to 512 bytes, then 512 span pointers
 *
 * Go 1.26: runtime/mspanset.go (spanSet, spanSetBlock, spanSetBlockAlloc), runtime/lfstack.go.
 * Differs: `index` is two atomic words, tail and head, not one of 64 bits; JavaScript has no fast 64-bit
 * compare-and-swap. A pop needs the head unchanged and the tail not smaller, and the tail only grows.
 * Differs: the head of the block pool is 32 bits, a count over the block's offset in units of 512 bytes; Go packs a
 * pointer and a count in 64.
 */
import { Layout } from "../memory/layout.ts";
import type { Ptr } from "../memory/memory.ts";

export type SpanSet = Ptr<"spanSet">;
export type SpanSetBlock = Ptr<"spanSetBlock">;

/** Spans in a block. */
export const spanSetBlockEntries = 512;
/** Pointers in the first spine: enough for a heap of 1 GiB. */
export const spanSetInitSpineCap = 256;
/** Alignment of what a lock-free stack holds. */
export const tagAlign = 512;

export const layout = new Layout("spanSet", 40);
/** Offset of the lock word: taken to add a block. */
export const spineLock = layout.bytes("spineLock", 8, 8);
/** Offset of spineCap 8-byte block pointers. */
export const [spine, setSpine] = layout.ptra<"spine">("spine");
export const [spineLen, setSpineLen] = layout.u32a("spineLen");
layout.u32("spineLenHi");
export const [spineCap, setSpineCap] = layout.uptr("spineCap");
/** Entries ever pushed since the last reset. */
export const [tail, setTail, , addTail] = layout.u32a("tail");
/** Entries ever popped since the last reset. */
export const [head, setHead, headCas] = layout.u32a("head");
layout.seal();

export const blockLayout = new Layout("spanSetBlock", 4608);
/** Next block of the pool, as the packed head that was there before. */
export const [blockNext, setBlockNext] = blockLayout.u32("next");
blockLayout.u32("nextHi");
/** How often the block was put into the pool; tells a recycled head from the old one. */
export const [blockPushcnt, setBlockPushcnt] = blockLayout.uptr("pushcnt");
/** Pops that have finished in this block; the 512th gives it back. */
export const [popped, setPopped, , addPopped] = blockLayout.u32a("popped");
blockLayout.bytes("pad", tagAlign - 20);
/** Offset of the 512 span pointers. */
export const blockSpans = blockLayout.bytes("spans", 8 * spanSetBlockEntries, 8);
blockLayout.seal();

export const poolLayout = new Layout("spanSetBlockAlloc", 8);
/** Packed head of the lock-free stack of unused blocks: pushcnt << 22 | block >> 9; 0 for none. */
export const [poolHead, setPoolHead, poolHeadCas] = poolLayout.u32a("stack");
poolLayout.u32("stackHi");
poolLayout.seal();
