/**
 * p: a processor, the right to run Go code, and what goes with it so that running needs no locks.
 *
 * Go 1.26: runtime/runtime2.go (p), runtime/malloc.go (persistentAlloc).
 * Differs: only the fields that allocation uses.
 */
import { Layout } from "../memory/layout.ts";
import type { Ptr } from "../memory/memory.ts";
import { gListLayout } from "./gsched.ts";
import type { MCache } from "./mcache.ts";
import * as mgcwork from "./mgcwork.ts";
import * as mpagecache from "./mpagecache.ts";
import type { MSpan } from "./mspan.ts";
import * as mwbbuf from "./mwbbuf.ts";

export type P = Ptr<"p">;
export type PersistentAlloc = Ptr<"persistentAlloc">;

export const _Pidle = 0;
export const _Prunning = 1;
export const _Pgcstop = 3;
export const _Pdead = 4;

/** mspan records that a P keeps at most; half as many are fetched at once. */
export const mspancacheCap = 128;

export const persistentAllocLayout = new Layout("persistentAlloc", 16);
/** Start of the chunk that is cut from; 0 before the first. */
export const [base, setBase] = persistentAllocLayout.ptr("base");
/** Bytes of it that are gone. */
export const [off, setOff] = persistentAllocLayout.uptr("off");
persistentAllocLayout.seal();

export const layout = new Layout("p");
export const [id, setId] = layout.i32("id");
export const [status, setStatus] = layout.u32("status");
export const [mcache, setMcache] = layout.ptr<"mcache">("mcache");
export const pcache = layout.record("pcache", mpagecache.layout);
/** Unused mspan records, taken from the end. Go: mspancache.len, mspancache.buf. */
export const [mspancacheLen, setMspancacheLen] = layout.uptr("mspancache.len");
export const [mspancacheBuf, setMspancacheBuf] = layout.ptrs<"mspan">("mspancache.buf", mspancacheCap);
/** This P's own chunk of memory that is never freed. */
export const palloc = layout.record("palloc", persistentAllocLayout);
/** Dead gs of this P, the last first. */
export const gFree = layout.record("gFree", gListLayout);
/** goids that this P may still give: from goidcache up to, but without, goidcacheend. */
export const [goidcache, setGoidcache] = layout.i64("goidcache");
export const [goidcacheend, setGoidcacheend] = layout.i64("goidcacheend");
export const [goroutinesCreated, setGoroutinesCreated] = layout.i64("goroutinesCreated");
/** Bytes in use of the stacks scanned in this cycle, and how many there were. */
export const [scannedStackSize, setScannedStackSize] = layout.i64("scannedStackSize");
export const [scannedStacks, setScannedStacks] = layout.i64("scannedStacks");
/** The block that cleanups are queued in, and how many this P has queued. */
export const [cleanups, setCleanups] = layout.ptr<"cleanupBlock">("cleanups");
export const [cleanupsQueued, setCleanupsQueued] = layout.i64("cleanupsQueued");
/** Odd while this P writes statistics. */
export const [statsSeq, setStatsSeq, statsSeqCas, addStatsSeq] = layout.u32a("statsSeq");
/** Not 0: forEachP waits for this P to flush its mcache. */
export const [runSafePointFn, setRunSafePointFn, runSafePointFnCas] = layout.u32a("runSafePointFn");
/** Grey objects of this P. */
export const gcw = layout.record("gcw", mgcwork.layout);
/** Pointers that this P's stores have recorded. */
export const wbBuf = layout.record("wbBuf", mwbbuf.layout);
layout.seal();

export type { MCache, MSpan };
