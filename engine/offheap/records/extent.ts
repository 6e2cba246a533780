/**
 * An extent: a run of pages, in use or free. Every page that the pool has mapped belongs to exactly one.
 *
 *   slab ──┐                        ┌─> muzzy ─┐      slab, large   in use ("active")
 *          ├─ freed ─> dirty ─ time ┤          ├─time─> retained    dirty     free, with its old bytes
 *   large ─┘             │          └──────────┘         │          muzzy     the kernel may take the bytes (MADV_FREE)
 *     ^                  │                               │          retained  an address only: reads as zero
 *     └──────────────────┴────────── used again ─────────┘
 */
import { Layout } from "../../memory/layout.ts";
import type { Ptr } from "../../memory/memory.ts";
import * as region from "./region.ts";

export type Extent = Ptr<"extent">;

export const UNUSED = 0;
export const SLAB = 1;
export const LARGE = 2;
/** Free states, in the order of the sets of a shard. */
export const DIRTY = 3;
export const MUZZY = 4;
export const RETAINED = 5;

/** Words of a slab's bitmap: at most 512 regions (8 bytes in 4 KiB). */
export const bitmapWords = 16;

export const layout = new Layout("extent");
export const [state, setState] = layout.u32("state");
/** Offset of the first byte. */
export const [base, setBase] = layout.u32("base");
export const [pages, setPages] = layout.u32("pages");
/** Age: when its pages were mapped, counted in mappings. Splitting keeps it, joining keeps the smaller. */
export const [sn, setSn] = layout.u32("sn");
/** Slab or large: its size class. */
export const [szind, setSzind] = layout.u32("szind");
/** Not 0: all of it reads as zero. */
export const [isZeroed, setIsZeroed] = layout.u32("isZeroed");
/** Slab: regions not given out. */
export const [nfree, setNfree] = layout.u32("nfree");
/** Slab: the detector's regions, one record each. */
export const [regions, setRegions] = layout.ptr<"region">("regions");
export const [shard, setShard] = layout.ptr<"shard">("shard");
/** Neighbours in the one list that it stands in: free extents of a length, or slabs with room. */
export const [next, setNext] = layout.ptr<"extent">("next");
export const [prev, setPrev] = layout.ptr<"extent">("prev");
/** Free: neighbours by the time of being freed. */
export const [newer, setNewer] = layout.ptr<"extent">("newer");
export const [older, setOlder] = layout.ptr<"extent">("older");
/** Slab: bit i is set while region i is not given out. */
export const [bits, setBits] = layout.u32s("bits", bitmapWords);
/** Large: the detector's region. */
export const large = layout.record("large", region.layout);
layout.seal();
