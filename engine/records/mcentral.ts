/**
 * mcentral: all spans of one span class that no P has cached, in four queues.
 *
 *   partial[0]  partial[1]     spans with a free slot
 *   full[0]     full[1]        spans without one
 *
 * Which of a pair holds swept spans and which unswept ones follows from sweepgen, so a new cycle swaps the roles
 * without touching a span: swept is index (sweepgen / 2) % 2.
 *
 * Go 1.26: runtime/mcentral.go (mcentral), runtime/mheap.go (mheap.central).
 */
import { Layout } from "../memory/layout.ts";
import type { Ptr } from "../memory/memory.ts";
import * as spanset from "./mspanset.ts";

export type MCentral = Ptr<"mcentral">;

export const layout = new Layout("mcentral", 168);
export const [spanclass, setSpanclass] = layout.u8("spanclass");
export const partial = layout.record("partial", spanset.layout, 2);
export const full = layout.record("full", spanset.layout, 2);
layout.seal();

/** One entry of mheap_.central: an mcentral alone on its cache lines. */
export const paddedLayout = new Layout("paddedMcentral", 192);
paddedLayout.record("mcentral", layout);
paddedLayout.bytes("pad", 24);
paddedLayout.seal();
