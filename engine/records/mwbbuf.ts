/**
 * wbBuf: the pointers that a P's stores have told the write barrier of, and that nobody has shaded yet.
 *
 *   buf[0]            next            end
 *   ├── recorded ─────┼── free ───────┤   512 words of 8 bytes: addresses as they stood in memory, nil among them
 *
 * Until a flush the buffer is a part of the grey set: an object in it may be white, and be reached from nowhere else.
 *
 * Invariant: buf <= next <= end, and end - next is a multiple of 8; next is 0 while the buffer is being flushed.
 *
 * Go 1.26: runtime/mwbbuf.go (wbBuf).
 */
import { Layout } from "../memory/layout.ts";
import type { Ptr } from "../memory/memory.ts";

export type WbBuf = Ptr<"wbBuf">;

export const wbBufEntries = 512;
/** Most entries that compiled code takes at once. */
export const wbMaxEntriesPerCall = 8;

export const layout = new Layout("wbBuf", 4112);
/** Offset of the first free word. */
export const [next, setNext] = layout.ptr<"wbBufEntry">("next");
/** Offset behind the last word that may be used. */
export const [end, setEnd] = layout.ptr<"wbBufEntry">("end");
/** Offset of the first word. */
export const buf = layout.bytes("buf", 8 * wbBufEntries, 8);
layout.seal();
