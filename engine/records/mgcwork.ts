/**
 * gcWork: the grey objects that a P has at hand, and what it has marked and not yet told the others.
 *
 *   wbuf1   what is put goes here and is taken from here, last in first out
 *   wbuf2   the one before: it changes places with wbuf1 when that is full, or empty, so that a P at the edge of a
 *           buffer does not go to the global lists with every object
 *   spanq   spans of small slots with marks that nobody has scanned, first in first out
 *
 * Invariant: wbuf1 and wbuf2 are both there, or neither is.
 *
 * Go 1.26: runtime/mgcwork.go (gcWork), runtime/mgcmark_greenteagc.go (spanQueue).
 * Differs: without what scanning alone uses: the buffer for prefetched pointers, and statistics of each size class.
 * Differs: of a queue of spans there is the ring only, and no chain behind it for others to steal from.
 */
import { Layout } from "../memory/layout.ts";
import type { Ptr } from "../memory/memory.ts";

export type GcWork = Ptr<"gcWork">;
export type SpanQueue = Ptr<"spanQueue">;

/** Spans that a P's own queue holds. */
export const spanQueueRing = 256;

export const spanQueueLayout = new Layout("spanQueue");
/** How many were ever taken and put: the queue is [head, tail), each modulo the size of the ring. */
export const [head, setHead] = spanQueueLayout.u32("head");
export const [tail, setTail] = spanQueueLayout.u32("tail");
/** Words of 8 bytes: the address of a span, and in its low 13 bits the slot whose mark had the span put here. */
export const ring = spanQueueLayout.bytes("ring", 8 * spanQueueRing, 8);
spanQueueLayout.seal();

export const layout = new Layout("gcWork");
/** The number of its P. */
export const [id, setId] = layout.i32("id");
/** Offsets of the two buffers; NIL before the first use and after `gcWorkDispose`. */
export const [wbuf1, setWbuf1] = layout.addr("wbuf1");
export const [wbuf2, setWbuf2] = layout.addr("wbuf2");
export const spanq = layout.record("spanq", spanQueueLayout);
/** Bytes of slots marked and not yet in work.bytesMarked. */
export const [bytesMarked, setBytesMarked, addBytesMarked] = layout.i64("bytesMarked");
/** Bytes scanned and not yet in gcController.heapScanWork. */
export const [heapScanWork, setHeapScanWork, addHeapScanWork] = layout.i64("heapScanWork");
/** Not 0: this P has handed work over to others since somebody last cleared this. It stays so: see gcMarkDone. */
export const [flushedWork, setFlushedWork] = layout.u8("flushedWork");
/** Not 0: there is work that another worker could do. */
export const [mayNeedWorker, setMayNeedWorker] = layout.u8("mayNeedWorker");
layout.seal();
