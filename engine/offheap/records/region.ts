/**
 * What the detector knows about one region: who asked for it, whether it is in use, and which allocation of all it was.
 *
 * jemalloc keeps none of this; it is what a debugging allocator adds. A serial number is given out once, so a handle
 * that remembers its own can tell the block that it was given from a later one at the same address.
 */
import { Layout } from "../../memory/layout.ts";
import type { Ptr } from "../../memory/memory.ts";

export type Region = Ptr<"region">;

/** Never given out since the slab was made. */
export const FRESH = 0;
/** The program's. */
export const LIVE = 1;
/** Freed, and kept by a thread cache. */
export const CACHED = 2;
/** Freed, and back in its slab. */
export const FREE = 3;

export const layout = new Layout("region");
/** Number of the allocation, counted over the pool; 0: none yet. Stays when the region is freed. */
export const [serial, setSerial] = layout.u32("serial");
/** Bytes asked for. */
export const [requested, setRequested] = layout.u32("requested");
/** Call site of the allocation, and of the free after it (0: not freed). */
export const [site, setSite] = layout.u32("site");
export const [freedAt, setFreedAt] = layout.u32("freedAt");
export const [state, setState] = layout.u32("state");
layout.seal();
