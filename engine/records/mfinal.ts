/**
 * Queues of what sweeping has found to be called: finalizers, one queue for all, and cleanups, a block for each P.
 *
 *   finq ─> finBlock ─> finBlock      the first is being filled; emptied blocks wait in finc
 *   p.cleanups ─> cleanupBlock        a full one goes to gcCleanups.full
 *
 * Go 1.26: runtime/mfinal.go (finBlock, finalizer, finq …), runtime/mcleanup.go (cleanupBlock, cleanupQueue).
 */
import { Layout } from "../memory/layout.ts";
import type { Ptr } from "../memory/memory.ts";

export type FinBlock = Ptr<"finBlock">;
export type Finalizer = Ptr<"finalizer">;
export type CleanupBlock = Ptr<"cleanupBlock">;

export const finBlockSize = 4096;
/** Finalizers in a block. */
export const finBlockEntries = 101;
export const cleanupBlockSize = 512;
/** Cleanups in a block. */
export const cleanupBlockEntries = 20;

export const finalizerLayout = new Layout("finalizer", 40);
export const [fn, setFn] = finalizerLayout.addr("fn");
export const [arg, setArg] = finalizerLayout.addr("arg");
export const [nret, setNret] = finalizerLayout.uptr("nret");
export const [fint, setFint] = finalizerLayout.ptr<"type">("fint");
export const [ot, setOt] = finalizerLayout.ptr<"type">("ot");
finalizerLayout.seal();

export const finBlockLayout = new Layout("finBlock", 4064);
export const [alllink, setAlllink] = finBlockLayout.ptr<"finBlock">("alllink");
export const [next, setNext] = finBlockLayout.ptr<"finBlock">("next");
export const [cnt, setCnt, , addCnt] = finBlockLayout.u32a("cnt");
finBlockLayout.u32("pad");
export const fin = finBlockLayout.record("fin", finalizerLayout, finBlockEntries);
finBlockLayout.seal();

export const cleanupFnLayout = new Layout("cleanupFn", 24);
export const [call, setCall] = cleanupFnLayout.addr("call");
export const [cleanupFn, setCleanupFn] = cleanupFnLayout.addr("fn");
export const [cleanupArg, setCleanupArg] = cleanupFnLayout.addr("arg");
cleanupFnLayout.seal();

export const cleanupBlockLayout = new Layout("cleanupBlock", cleanupBlockSize);
/** Next block of the stack that this one lies in. Go: lfnode. */
export const [blockNext, setBlockNext] = cleanupBlockLayout.ptr<"cleanupBlock">("next");
cleanupBlockLayout.bytes("pushcnt", 8, 8);
export const [blockAlllink, setBlockAlllink] = cleanupBlockLayout.ptr<"cleanupBlock">("alllink");
export const [n, setN] = cleanupBlockLayout.u32("n");
cleanupBlockLayout.u32("pad");
export const blockCleanups = cleanupBlockLayout.record("cleanups", cleanupFnLayout, cleanupBlockEntries);
cleanupBlockLayout.seal();

export const layout = new Layout("finalizers");
/** Offset of the lock word that guards the queue of finalizers. */
export const finlock = layout.bytes("finlock", 8, 8);
/** Blocks with finalizers to be run; emptied blocks; all blocks. */
export const [finq, setFinq] = layout.ptr<"finBlock">("finq");
export const [finc, setFinc] = layout.ptr<"finBlock">("finc");
export const [allfin, setAllfin] = layout.ptr<"finBlock">("allfin");
export const [finqueued, setFinqueued] = layout.i64("finqueued");
/** Full blocks of cleanups, emptied ones, and all. */
export const [full, setFull, fullCas] = layout.ptra<"cleanupBlock">("gcCleanups.full");
export const [free, setFree, freeCas] = layout.ptra<"cleanupBlock">("gcCleanups.free");
export const [all, setAll, allCas] = layout.ptra<"cleanupBlock">("gcCleanups.all");
/** Cleanups queued by Ps that are gone. */
export const [queued, setQueued] = layout.i64("gcCleanups.queued");
layout.seal();
