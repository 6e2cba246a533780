/**
 * A shard: what jemalloc calls an arena (the bump allocator next door has that name here). Bins of slabs, and the page
 * runs behind them. Threads are dealt out over the shards, and memory goes back to the shard that it came from.
 */
import { Layout } from "../../memory/layout.ts";
import type { Ptr } from "../../memory/memory.ts";
import { numSmall } from "../sizeclasses.ts";
import * as decay from "./decay.ts";
import * as eset from "./eset.ts";

export type Shard = Ptr<"shard">;
export type Bin = Ptr<"bin">;

/** One small size class of a shard. */
export const binLayout = new Layout("bin");
export const binLock = binLayout.bytes("lock", 8, 8);
/** The slab that regions are taken from; 0 when there is none. */
export const [slabcur, setSlabcur] = binLayout.ptr<"extent">("slabcur");
/** Other slabs with room, oldest mapping first, then lowest address. Full slabs stand in no list. */
export const [nonfull, setNonfull] = binLayout.ptr<"extent">("nonfull");
export const [slabs, setSlabs] = binLayout.u32("slabs");
/** Regions that are out of their slabs: the program's and those in thread caches. */
export const [curregs, setCurregs] = binLayout.u32("curregs");
/** How often caches were filled and flushed, and the current slab changed for one that was there already. */
export const [fills, setFills] = binLayout.u32("fills");
export const [flushes, setFlushes] = binLayout.u32("flushes");
export const [reslabs, setReslabs] = binLayout.u32("reslabs");
binLayout.seal();

export const layout = new Layout("shard");
/** Guards the page runs. */
export const lockOf = layout.bytes("lock", 8, 8);
export const [index, setIndex] = layout.u32("index");
/** Pages of slabs and large extents. */
export const [activePages, setActivePages] = layout.u32("activePages");
/** Page class of the next mapping. */
export const [growClass, setGrowClass] = layout.u32("growClass");
/** Free extents: dirty, muzzy, retained. */
export const set = layout.record("sets", eset.layout, 3);
/** Of dirty pages, and of muzzy ones. */
export const decayOf = layout.record("decays", decay.layout, 2);
export const bin = layout.record("bins", binLayout, numSmall);
layout.seal();
