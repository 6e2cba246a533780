/**
 * What is flattened: the ways through mallocgc that a program takes millions of times, and what they call.
 *
 * A function that is not named here stays a call: what is rare (a new span, the profile, a collection under way) must
 * not make the common way longer.
 */

/** The module that is made flat. */
export const HOT_MODULE = "engine/runtime/malloc.ts";

/** The function that other modules call. While somebody listens, or over shared memory, it runs as it was written. */
export const HOT_ENTRY = "mallocgc";

/** What gets a flat twin: the entry, and the ways that it chooses from. */
export const HOT_FUNCTIONS: readonly string[] = [
  "mallocgc",
  "mallocgcTiny",
  "mallocgcSmallNoscan",
  "mallocgcSmallScanNoHeader",
  "mallocgcSmallScanHeader",
];

/** Functions whose bodies take the place of their calls. Field accessors always do. */
export const INLINED: ReadonlySet<string> = new Set([
  "engine/gc/sizeclasses.ts sizeToClass",
  "engine/memory/address.ts loadPointer",
  "engine/memory/address.ts storePointer",
  "engine/memory/layout.ts load64",
  "engine/memory/layout.ts store64",
  "engine/memory/u64.ts ctz64",
  "engine/memory/u64.ts maskHi",
  "engine/memory/u64.ts maskLo",
  "engine/memory/u64.ts shl64hi",
  "engine/memory/u64.ts shl64lo",
  "engine/memory/u64.ts shr64hi",
  "engine/memory/u64.ts shr64lo",
  "engine/records/globals.ts greentea",
  "engine/records/globals.ts mcache0",
  "engine/records/globals.ts mprof",
  "engine/records/globals.ts writeBarrier",
  "engine/records/globals.ts zerobase",
  "engine/runtime/malloc.ts clearSlot",
  "engine/runtime/malloc.ts nextFreeFast",
  "engine/runtime/malloc.ts publish",
  "engine/runtime/malloc.ts tinyAlign",
  "engine/runtime/mbitmap.ts heapBitsBase",
  "engine/runtime/mbitmap.ts heapBitsInSpan",
  "engine/runtime/mbitmap.ts heapSetTypeNoHeader",
  "engine/runtime/mbitmap.ts heapSetTypeSmallHeader",
  "engine/runtime/mbitmap.ts putBits",
  "engine/runtime/mbitmap.ts writeHeapBitsSmall",
  "engine/runtime/mcache.ts getMCache",
  "engine/runtime/memclr.ts memclrNoHeapPointers",
  "engine/runtime/mgcmark_greenteagc.ts gcUsesSpanInlineMarkBits",
  "engine/runtime/mprof.ts isProfiling",
  "engine/runtime/type.ts getGCMask",
  "engine/runtime/type.ts hasPointers",
]);

/** Calls that vanish: nobody listens where the flat code runs. */
export const DROPPED: ReadonlySet<string> = new Set(["engine/runtime/trace.ts traceEvent"]);

/** Fields of Memory that never change: read once, at the head of a flat function. */
export const FIXED_FIELDS: ReadonlySet<string> = new Set([
  "u8",
  "u16",
  "i32",
  "u32",
  "f64",
  "data",
  "baseLo",
  "baseHi",
  "windowBytes",
]);
