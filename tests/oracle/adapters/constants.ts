/** `constants`: the allocator's figures, each under the name by which the recorder printed it. */
import * as gc from "../../../engine/gc/sizeclasses.ts";
import * as gcbits from "../../../engine/records/gcbits.ts";
import { mheap_, sched } from "../../../engine/records/globals.ts";
import * as gsched from "../../../engine/records/gsched.ts";
import * as heaparena from "../../../engine/records/heaparena.ts";
import * as mcache from "../../../engine/records/mcache.ts";
import * as mcentral from "../../../engine/records/mcentral.ts";
import * as memstats from "../../../engine/records/memstats.ts";
import * as mfixalloc from "../../../engine/records/mfixalloc.ts";
import * as mheap from "../../../engine/records/mheap.ts";
import * as pageAlloc from "../../../engine/records/mpagealloc.ts";
import * as pageCache from "../../../engine/records/mpagecache.ts";
import * as mspan from "../../../engine/records/mspan.ts";
import * as spanset from "../../../engine/records/mspanset.ts";
import * as runtime2 from "../../../engine/records/runtime2.ts";
import * as sizes from "../../../engine/records/sizes.ts";
import { numLargeLists } from "../../../engine/records/stack.ts";
import { spanInlineMarkBitsBytes } from "../../../engine/runtime/mgcmark_greenteagc.ts";
import { scavChunkHiOccPages } from "../../../engine/runtime/mgcscavenge_index.ts";
import * as pace from "../../../engine/runtime/mgcscavenge_pace.ts";
import { numSweepClasses } from "../../../engine/runtime/mgcsweep.ts";
import { pagesPerReclaimerChunk } from "../../../engine/runtime/mheap_reclaim.ts";
import { tinySpanClass } from "../../../engine/runtime/msize.ts";
import * as stack from "../../../engine/runtime/stack.ts";
import { Value } from "../shape.ts";
import type { Adapter } from "./adapter.ts";
import { bootHeap } from "./heap.ts";

/** Figures that a heap holds, not a module. */
function ofAHeap(): Record<string, number> {
  const m = bootHeap();
  return {
    "bytes of a chunk of mspans": mfixalloc.nalloc(m, mheap.spanalloc(mheap_(m))),
    "bytes of a chunk of mcaches": mfixalloc.nalloc(m, mheap.cachealloc(mheap_(m))),
    maxstacksize: gsched.maxstacksize(m, sched(m)),
  };
}

const sizeofs = {
  heapArena: heaparena.layout.size,
  pallocData: pageAlloc.pallocDataLayout.size,
  spanInlineMarkBits: spanInlineMarkBitsBytes,
  mspan: mspan.layout.size,
  mcache: mcache.layout.size,
  mcentral: mcentral.layout.size,
  "mcentral, padded": mcentral.paddedLayout.size,
  mheap: sizes.sizeofMheap,
  pageAlloc: sizes.sizeofPageAlloc,
  pageCache: pageCache.layout.size,
  spanSet: spanset.layout.size,
  spanSetBlock: spanset.blockLayout.size,
  heapStatsDelta: memstats.deltaLayout.size,
};

/** Names that are not those of exported constants. */
const others = {
  ...Object.fromEntries(Object.entries(sizeofs).map(([name, size]) => [`sizeof ${name}`, size])),
  ...Object.fromEntries(sizes.levelShift.map((shift, l) => [`levelShift ${l}`, shift])),
  ...Object.fromEntries(sizes.levelLogPages.map((log, l) => [`levelLogPages ${l}`, log])),
  "bytes of a block of chunks": pageAlloc.chunksL2Bytes,
  "room of a P's mspancache": runtime2.mspancacheCap,
  "bytes of bits in a gcBitsArena": gcbits.gcBitsChunkBytes - gcbits.gcBitsHeaderBytes,
  "lists of stackLarge": numLargeLists,
  _FixAllocChunk: sizes.fixAllocChunk,
  _NumStackOrders: mcache.numStackOrders,
  arenaBaseOffset: BigInt.asUintN(64, BigInt(sizes.arenaBaseOffset)),
};

/** All that the engine exports under Go's names. */
const exported: Readonly<Record<string, unknown>> = {
  ...{ ...gc, ...sizes, ...spanset, ...mcache, ...gcbits, ...stack, ...pace },
  ...{ scavChunkHiOccPages, numSweepClasses, pagesPerReclaimerChunk, tinySpanClass },
  ...others,
};

export const constants: Adapter = {
  phases: ["constants"],
  replay(recording, tally) {
    const known = { ...exported, ...ofAHeap() };
    for (const line of recording.lines) {
      tally.begin(recording.file, line.line, "constants");
      for (const row of new Value(recording, line).get("constants").list()) {
        const [name, value] = row.list(2).map((v) => v.text());
        tally.operation();
        tally.same(name, value, String(known[name]));
      }
    }
  },
};
