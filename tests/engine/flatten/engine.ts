/** What the test of the flat build needs of the engine: bundled twice, flat and as it is written. */
export { array, pointer, struct, uint8, uint64 } from "../../../engine/index.ts";
export { Memory } from "../../../engine/memory/memory.ts";
export { writeDescriptor } from "../../../engine/process/descriptors.ts";
export { mheap_, writeBarrier } from "../../../engine/records/globals.ts";
export { pages } from "../../../engine/records/mheap.ts";
export { mallocgc } from "../../../engine/runtime/malloc.ts";
export { gcBeginCycle, gcEndMarking, sweepAll } from "../../../engine/runtime/mgc.ts";
export { markObject } from "../../../engine/runtime/mgcmark.ts";
export { freeSpan, mheapAlloc } from "../../../engine/runtime/mheap.ts";
export { pageAllocAlloc, pageAllocFree } from "../../../engine/runtime/mpagealloc.ts";
export { setMemProfileRate } from "../../../engine/runtime/mprof.ts";
export { procresize, schedinit } from "../../../engine/runtime/proc.ts";
