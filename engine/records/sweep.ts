/**
 * sweep: how far the sweep of this cycle has come.
 *
 *   state   bit 31: drained, no span is left to hand to a sweeper; bits 0..30: sweepers at work.
 *           Exactly `drained` with no sweeper means that the sweep is done.
 *
 * Go 1.26: runtime/mgcsweep.go (sweepdata, activeSweep, sweepClass).
 */
import { Layout } from "../memory/layout.ts";

export const layout = new Layout("sweepdata");
/** Offset of the lock word that guards `parked`. */
export const lock = layout.bytes("lock", 8, 8);
layout.ptr("g");
export const [parked, setParked] = layout.u8("parked");
export const [state, setState, stateCas] = layout.u32a("active");
/** Next queue to drain: span class << 1 | (0 full, 1 partial); grows during a cycle, all ones when nothing is left. */
export const [centralIndex, setCentralIndex, centralIndexCas] = layout.u32a("centralIndex");
layout.seal();
