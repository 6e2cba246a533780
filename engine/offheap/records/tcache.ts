/** A thread's cache: for each class up to 32 KiB a stack of regions that the thread freed or fetched, used without a lock. */
import { Layout } from "../../memory/layout.ts";
import type { Ptr } from "../../memory/memory.ts";

export type Tcache = Ptr<"tcache">;
export type Tbin = Ptr<"tbin">;

/** Classes that are cached: all small ones, and 16 20 24 28 32 KiB. */
export const numCached = 41;

export const tbinLayout = new Layout("tbin");
/** Offsets in the stack, and how many it takes. */
export const [count, setCount] = tbinLayout.u32("count");
export const [max, setMax] = tbinLayout.u32("max");
/** Fewest that the stack held since the cache's collector was here; -1: it ran empty. */
export const [lowWater, setLowWater] = tbinLayout.i32("lowWater");
/** A fill brings max >> fillDiv. */
export const [fillDiv, setFillDiv] = tbinLayout.u32("fillDiv");
/** Offset of the stack's words, the oldest entry first. */
export const [slots, setSlots] = tbinLayout.uptr("slots");
/** Requests that the stack answered at once. */
export const [hits, setHits] = tbinLayout.i64("hits");
tbinLayout.seal();

export const layout = new Layout("tcache");
export const [shard, setShard] = layout.ptr<"shard">("shard");
/** Not 0: nothing is cached. */
export const [isOff, setIsOff] = layout.u32("isOff");
/** Bytes to be given out, and bytes to be freed, until the cache's collector looks at the next class. */
export const [untilGiven, setUntilGiven] = layout.u32("untilGiven");
export const [untilFreed, setUntilFreed] = layout.u32("untilFreed");
export const [nextBin, setNextBin] = layout.u32("nextBin");
/** Bytes of the regions in the stacks. */
export const [bytes, setBytes] = layout.i64("bytes");
export const tbin = layout.record("tbins", tbinLayout, numCached);
layout.seal();
