/**
 * work: the state of marking. Only what the allocator's own half touches is here; the collector is not.
 *
 * Go 1.26: runtime/mgc.go (workType).
 */
import { Layout } from "../memory/layout.ts";

export const layout = new Layout("work");
/** Bytes of slots marked in this cycle. */
export const [bytesMarked, setBytesMarked, addBytesMarked] = layout.i64a("bytesMarked");
/** Cycles that have begun to sweep. */
export const [cycles, setCycles, , addCycles] = layout.u32a("cycles");
layout.seal();
