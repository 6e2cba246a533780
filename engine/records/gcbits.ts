/**
 * gcBitsArenas: where mark and allocation bitmaps live, in 64 KiB arenas that are filled from the front and
 * recycled whole.
 *
 *   next      bitmaps for the marks of the coming cycle are cut from here
 *   current   marks of this cycle; after its sweep these are the allocation bits
 *   previous  allocation bits of the cycle before; free once every span is swept
 *   free      arenas without a user
 *
 * Go 1.26: runtime/mheap.go (gcBitsArena, gcBitsArenas).
 */
import { Layout } from "../memory/layout.ts";
import type { Ptr } from "../memory/memory.ts";

export type GCBitsArena = Ptr<"gcBitsArena">;
/** Offset of a bitmap's first byte. */
export type GCBits = Ptr<"gcBits">;

export const gcBitsChunkBytes = 64 * 1024;
export const gcBitsHeaderBytes = 16;

export const arenaLayout = new Layout("gcBitsArena", gcBitsChunkBytes);
/** Bytes handed out; may pass the end when several threads try at once. */
export const [free, setFree, , addFree] = arenaLayout.u32a("free");
arenaLayout.u32("freeHi");
export const [next, setNext] = arenaLayout.ptr<"gcBitsArena">("next");
export const bits = arenaLayout.bytes("bits", gcBitsChunkBytes - gcBitsHeaderBytes);
arenaLayout.seal();

export const layout = new Layout("gcBitsArenas", 40);
export const lock = layout.bytes("lock", 8, 8);
export const [arenasFree, setArenasFree] = layout.ptr<"gcBitsArena">("free");
export const [arenasNext, setArenasNext] = layout.ptra<"gcBitsArena">("next");
export const [arenasCurrent, setArenasCurrent] = layout.ptr<"gcBitsArena">("current");
export const [arenasPrevious, setArenasPrevious] = layout.ptr<"gcBitsArena">("previous");
layout.seal();
