/** The root of one jemalloc-style allocator: its options, its shards and caches, the map of its pages, and its figures. */
import { Layout } from "../../memory/layout.ts";
import type { Ptr } from "../../memory/memory.ts";
import { numSmall } from "../sizeclasses.ts";

export type Pool = Ptr<"pool">;

export const layout = new Layout("pool");
/** Virtual time, in nanoseconds. */
export const [now, setNow] = layout.i64("now");
/** Last serial number of an allocation, and of a mapping. */
export const [serial, setSerial] = layout.u32("serial");
export const [sn, setSn] = layout.u32("sn");
/** Not 0: purged runs keep their address; freed memory is poisoned. */
export const [retain, setRetain] = layout.u32("retain");
export const [poisons, setPoisons] = layout.u32("poisons");
/** Arrays of records. */
export const [shards, setShards] = layout.u32("shards");
export const [shard0, setShard0] = layout.ptr<"shard">("shard0");
/** The shard for requests of 8 MiB and more; 0 until there is one. */
export const [oversize, setOversize] = layout.ptr<"shard">("oversize");
export const [threads, setThreads] = layout.u32("threads");
export const [tcache0, setTcache0] = layout.ptr<"tcache">("tcache0");
/** One word for each page of the window: its extent, or 0. */
export const [pageMap, setPageMap] = layout.uptr("pageMap");
export const [firstSite, setFirstSite] = layout.ptr<"site">("firstSite");

// Memory for the records themselves: chunks from the operating system, and what was given back.
export const [chunk, setChunk] = layout.uptr("chunk");
export const [chunkNext, setChunkNext] = layout.uptr("chunkNext");
export const [chunkEnd, setChunkEnd] = layout.uptr("chunkEnd");
export const [freeExtents, setFreeExtents] = layout.ptr<"extent">("freeExtents");
/** The detector's arrays of regions, by class. */
export const [freeRegions, setFreeRegions] = layout.ptrs<"region">("freeRegions", numSmall);
/** Bytes of records that jemalloc has, too, and of those that only the detector needs. */
export const [metadata, setMetadata] = layout.i64("metadata");
export const [detector, setDetector] = layout.i64("detector");

// Figures. Each equals a recount at any time (check.ts).
/** Blocks that live; bytes asked for them; bytes of their classes. */
export const [liveCount, setLiveCount] = layout.i64("liveCount");
export const [requested, setRequested] = layout.i64("requested");
export const [allocated, setAllocated] = layout.i64("allocated");
/** Blocks given out and taken back so far. */
export const [nmalloc, setNmalloc] = layout.i64("nmalloc");
export const [ndalloc, setNdalloc] = layout.i64("ndalloc");
/** Bytes with an address. */
export const [virtual, setVirtual] = layout.i64("virtual");
layout.seal();
