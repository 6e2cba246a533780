/**
 * work: the state of marking. Only what the allocator's own half touches is here; the collector is not.
 *
 * Work buffers are blocks of 2 KiB in spans of 32 KiB that are managed by hand. A list of them is a stack of which the
 * head is one word, so that many threads can use it without a lock:
 *
 *   31        20 19             0
 *  ├────────────┬────────────────┤   block: its offset in units of 2 KiB, plus 1; 0 for an empty stack
 *  │   count    │     block      │   count: grows by 1 with each push, so that a head which was popped and pushed
 *  └────────────┴────────────────┘          again in between is told from the one that was read
 *
 * Go 1.26: runtime/mgc.go (workType), runtime/mgcwork.go (workbuf, workbufhdr), runtime/lfstack.go.
 * Differs: the head of a lock-free stack has 32 bits, not 64.
 */
import { Layout } from "../memory/layout.ts";
import { spanListLayout } from "./stack.ts";

export const _WorkbufSize = 2048;
/** Bytes of a span of work buffers. */
export const workbufAlloc = 32768;

export const workbufLayout = new Layout("workbuf", _WorkbufSize);
/** The head word that this buffer was pushed upon. Go: workbufhdr.node.next. */
export const [nodeNext, setNodeNext] = workbufLayout.u32("node.next");
workbufLayout.u32("node.nextHi");
export const [pushcnt, setPushcnt] = workbufLayout.uptr("node.pushcnt");
/** Objects in the buffer. */
export const [nobj, setNobj] = workbufLayout.uptr("nobj");
export const obj = workbufLayout.bytes("obj", _WorkbufSize - 24, 8);
workbufLayout.seal();

export const layout = new Layout("work");
/** Bytes of slots marked in this cycle. */
export const [bytesMarked, setBytesMarked, addBytesMarked] = layout.i64a("bytesMarked");
/** Cycles that have begun to sweep. */
export const [cycles, setCycles, , addCycles] = layout.u32a("cycles");
/** Heads of the stacks of full and of empty work buffers. */
export const [full, setFull, fullCas] = layout.u32a("full");
export const [empty, setEmpty, emptyCas] = layout.u32a("empty");
layout.u32("pad");
/** Offset of the lock word that guards the two lists of spans. */
export const wbufSpansLock = layout.bytes("wbufSpans.lock", 8, 8);
/** Spans without a buffer in use, to be cut up again or given back. */
export const wbufSpansFree = layout.record("wbufSpans.free", spanListLayout);
/** Spans with buffers on one of the stacks or in somebody's hands. */
export const wbufSpansBusy = layout.record("wbufSpans.busy", spanListLayout);
layout.seal();
