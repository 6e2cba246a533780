/**
 * Where free stacks wait.
 *
 *   mcache.stackcache[order]   a P's own, at most 32 KiB of each size        2, 4, 8, 16 KiB
 *   stackpool[order]           spans of 32 KiB with a free stack in them     are orders 0 to 3
 *   stackLarge.free[i]         whole spans, only between the start of marking and its end;
 *                              i is the bit length of the span's number of pages
 *
 * A free stack's first word links it to the next.
 *
 * Go 1.26: runtime/stack.go (stackpool, stackLarge), runtime/mcache.go (stackfreelist), runtime/mheap.go (mSpanList).
 */
import { Layout } from "../memory/layout.ts";
import type { Ptr } from "../memory/memory.ts";
import type { MCache } from "./mcache.ts";
import { stackcache } from "./mcache.ts";
import type { MSpan } from "./mspan.ts";

export type MSpanList = Ptr<"mSpanList">;
export type StackFreeList = Ptr<"stackfreelist">;

export const spanListLayout = new Layout("mSpanList", 16);
export const [first, setFirst] = spanListLayout.ptr<"mspan">("first");
export const [last, setLast] = spanListLayout.ptr<"mspan">("last");
spanListLayout.seal();

export const poolLayout = new Layout("stackpoolItem", 64);
/** Offset of the lock word. */
export const mu = poolLayout.bytes("mu", 8, 8);
export const span = poolLayout.record("span", spanListLayout);
poolLayout.bytes("pad", 40, 8);
poolLayout.seal();

/** One list for each possible bit length of a number of pages: 48 address bits less 13. */
export const numLargeLists = 35;
export const largeLayout = new Layout("stackLarge");
/** Offset of the lock word. */
export const lock = largeLayout.bytes("lock", 8, 8);
export const free = largeLayout.record("free", spanListLayout, numLargeLists);
largeLayout.seal();

const freeListLayout = new Layout("stackfreelist", 16);
/** First stack of a P's list; NIL when it is empty. */
export const [list, setList] = freeListLayout.addr("list");
/** Bytes in the list. */
export const [size, setSize] = freeListLayout.uptr("size");
freeListLayout.seal();

/** A P's list of stacks of 2048 << `order` bytes. */
export function stackfreelist(c: MCache, order: number): StackFreeList {
  return stackcache(c) + order * freeListLayout.size;
}

export type { MSpan };
