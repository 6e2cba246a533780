/**
 * gcController: the counters that decide when to collect; the allocator feeds them.
 *
 * The pacer's own fields (goals, trigger, consMark …) are not here: there is no collector yet that reads them.
 *
 * Go 1.26: runtime/mgcpacer.go (gcControllerState).
 */
import { Layout } from "../memory/layout.ts";

export const layout = new Layout("gcController");
/**
 * Bytes the collector counts as live: marked at the last cycle plus allocated since. An overestimate: a span that a
 * P caches counts whole, its unused tail included, until the flush.
 */
export const [heapLive, setHeapLive, addHeapLive] = layout.i64a("heapLive");
/** Bytes of heapLive that can hold pointers. */
export const [heapScan, setHeapScan, addHeapScan] = layout.i64a("heapScan");
/** Bytes marked by the last cycle. */
export const [heapMarked, setHeapMarked] = layout.i64("heapMarked");
/** Bytes of spans in use for the heap. */
export const [heapInUse, setHeapInUse, addHeapInUse] = layout.i64a("heapInUse");
/** Bytes given back to the operating system. */
export const [heapReleased, setHeapReleased, addHeapReleased] = layout.i64a("heapReleased");
/** Bytes of free pages that are still backed by memory. */
export const [heapFree, setHeapFree, addHeapFree] = layout.i64a("heapFree");
/** Bytes of slots ever allocated, as known at the last refill or flush of each cache. */
export const [totalAlloc, setTotalAlloc, addTotalAlloc] = layout.i64a("totalAlloc");
/** Bytes of slots ever freed by sweeping. */
export const [totalFree, setTotalFree, addTotalFree] = layout.i64a("totalFree");
/** Bytes that the OS was asked to back with memory. */
export const [mappedReady, setMappedReady, addMappedReady] = layout.i64a("mappedReady");
layout.seal();

/** Offset of a counter in a record, for the functions of mem.go that are told which counter to move. */
function at(name: string): (p: number) => number {
  const field = layout.fields.find((f) => f.name === name);
  if (field === undefined) throw new Error(`gcController has no field ${name}`);
  const { offset } = field;
  return (p) => p + offset;
}

export const heapInUseAt = at("heapInUse");
export const heapReleasedAt = at("heapReleased");
export const heapFreeAt = at("heapFree");
