/**
 * What is flattened: the ways through mallocgc that a program takes millions of times, the way to a new span, and the
 * page allocator.
 *
 * A function that is not named here stays a call: what is rare (the profile, a collection under way, growth) must not
 * make the common way longer.
 */

interface HotModule {
  /** Exported functions that other modules call: while somebody listens or shares, they run as they were written. */
  readonly doors: readonly string[];
  /** Functions that only flat functions call flat. */
  readonly inner: readonly string[];
}

/** The modules that are made flat, and the functions that get a flat twin. */
export const HOT: ReadonlyMap<string, HotModule> = new Map([
  [
    "engine/runtime/malloc.ts",
    {
      doors: ["mallocgc"],
      inner: [
        "mallocgcTiny",
        "mallocgcTinyBlock",
        "mallocgcSmallNoscan",
        "mallocgcSmallScanNoHeader",
        "mallocgcSmallScanHeader",
        "mallocgcLarge",
        "nextFree",
      ],
    },
  ],
  ["engine/runtime/mcache.ts", { doors: [], inner: ["refill", "allocLarge"] }],
  ["engine/runtime/mspanset.ts", { doors: [], inner: ["spanSetPush"] }],
  ["engine/runtime/mheap_gcbits.ts", { doors: [], inner: ["newMarkBits"] }],
  ["engine/runtime/mheap.ts", { doors: [], inner: ["allocSpan", "initSpan"] }],
  ["engine/runtime/mpagecache.ts", { doors: [], inner: ["allocToCache"] }],
  [
    "engine/runtime/mpagealloc.ts",
    {
      doors: ["pageAllocAlloc", "pageAllocFree"],
      inner: ["pageAllocFind", "pageAllocRange", "update", "updateLevel"],
    },
  ],
  ["engine/runtime/mpallocbits.ts", { doors: [], inner: ["summarize"] }],
]);

const inlined: Readonly<Record<string, string>> = {
  "engine/gc/sizeclasses.ts": "sizeToClass",
  "engine/memory/address.ts": "loadPointer storePointer",
  "engine/memory/atomics.ts": "cas32 isLocked load32 lock or8 store32 unlock",
  "engine/memory/layout.ts": "add64 addInt32 compareAndSwap32 load64 store64",
  "engine/memory/u64.ts": "ctz64 dropHi dropLo maskHi maskLo popcount32 popcount64 shl64hi shl64lo shr64hi shr64lo",
  "engine/records/globals.ts":
    "emptymspan gcBitsArenas gcController greentea mcache0 memstats mheap_ mprof scavenge sweep writeBarrier zerobase clock",
  "engine/records/mheap.ts": "central",
  "engine/runtime/malloc.ts": "clearSlot nextFreeFast publish tinyAlign",
  "engine/runtime/mbitmap.ts":
    "consumeAllocCache heapBitsBase heapBitsInSpan heapSetTypeLarge heapSetTypeNoHeader heapSetTypeSmallHeader " +
    "initHeapBits nextFreeIndex putBits refillAllocCache spanHeapBitsRange writeHeapBitsSmall",
  "engine/runtime/mcache.ts": "getMCache returnFullSpan update",
  "engine/runtime/mcentral.ts": "cacheSpan fullSwept loadAllocCache mcentralGrow partialSwept uncacheSpan",
  "engine/runtime/memclr.ts": "memclrNoHeapPointers",
  "engine/runtime/mgcmark_greenteagc.ts": "gcUsesSpanInlineMarkBits initBits initInlineMarkBits inlineMarkBits",
  "engine/runtime/mgcscavenge_index.ts":
    "chunkDataAt cursorOf flagsOf inUseOf indexAlloc indexFree lastInUseOf load packScavChunkData storeChunk",
  "engine/runtime/mgcscavenge_pace.ts": "heapRetained",
  "engine/runtime/mgcsweep.ts": "deductSweepCredit isSweepDone",
  "engine/runtime/mheap.ts":
    "allocNeedsZero blankSpan countAllocSpan countSpanBytes heapArenaOf initHeapSpan mheapAlloc pageIndexOf pageMaskOf " +
    "scavengeForAlloc setSpans tryAllocMSpan",
  "engine/runtime/mheap_gcbits.ts": "newAllocBits tryAlloc",
  "engine/runtime/mpagealloc.ts":
    "chunkOf chunkOfOffset chunkPageIndex isSearchExhausted leafAt lowerSearch offsetOfPage packPallocSum scavIndex " +
    "endOf maxOf mergeSummaries searchChunk searchPage setSearch startOf sumAt sumEnd sumMax sumStart summarizeChunk take",
  "engine/runtime/mpagecache.ts": "pageCacheAlloc pageCacheBase pageCacheEmpty setWindow windowChunk windowPage",
  "engine/runtime/mpallocbits.ts":
    "allocRange block64 clearBlock64 clearRange ctz32 find1 freeRange mask32 popcntRange setBlock64 setRange",
  "engine/runtime/mprof.ts": "isProfiling",
  "engine/runtime/mspanset.ts": "blockForPush spanSetPop",
  "engine/runtime/mstats.ts": "heapStatsAcquire heapStatsRelease",
  "engine/runtime/type.ts": "getGCMask hasPointers",
};

/** Functions whose bodies take the place of their calls. Field accessors always do. */
export const INLINED: ReadonlySet<string> = new Set(
  Object.entries(inlined).flatMap(([path, names]) => names.split(" ").map((name) => `${path} ${name}`)),
);

/** Calls that vanish: nobody listens and nobody checks where flat code runs. */
export const DROPPED: ReadonlySet<string> = new Set([
  "engine/memory/check.ts debugCheck",
  "engine/runtime/mheap.ts assertLockHeld",
  "engine/runtime/mpagealloc.ts assertLockHeld",
  "engine/runtime/trace.ts traceEvent",
]);

/** Functions that only tell something: not called when nobody wants to know. */
export const PURE: ReadonlySet<string> = new Set(["engine/memory/layout.ts load64"]);

/** Hot functions whose result is always an integer of 32 bits, and is told so to V8. */
export const INT32_RESULTS: ReadonlySet<string> = new Set([
  "engine/runtime/malloc.ts nextFree",
  "engine/runtime/mheap.ts allocSpan",
  "engine/runtime/mheap_gcbits.ts newMarkBits",
]);

/** Fields of Memory that never change: read once, at the head of a flat function. */
export const FIXED_FIELDS: ReadonlySet<string> = new Set([
  "u8",
  "u16",
  "i32",
  "u32",
  "f64",
  "ret",
  "data",
  "baseLo",
  "baseHi",
  "windowBytes",
]);
