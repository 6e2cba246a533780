/**
 * pageCache: 64 pages, a 512 KiB window, whose free ones a P hands out without the heap lock.
 *
 *   base    Go's address of page 0 of the window, 512 KiB aligned
 *   cache   bit i set: page i is free and this P's (the opposite sense of a chunk's bitmap)
 *   scav    bit i set: page i is scavenged
 *
 * The window is empty when `cache` is 0, whatever the other two say.
 *
 * Go 1.26: runtime/mpagecache.go (pageCache).
 */
import { Layout } from "../memory/layout.ts";
import type { Ptr } from "../memory/memory.ts";

export type PageCache = Ptr<"pageCache">;

export const layout = new Layout("pageCache", 24);
/** Go's address; runtime/mpagecache.ts turns it into an offset. */
export const [baseLo, setBaseLo, baseHi, setBaseHi] = layout.bits64("base");
export const [cacheLo, setCacheLo, cacheHi, setCacheHi] = layout.bits64("cache");
export const [scavLo, setScavLo, scavHi, setScavHi] = layout.bits64("scav");
layout.seal();
