/** A heap for tests of objects: the runtime itself, without handles. */
import { array, type GoType, pointer, struct, uint8, uintptr } from "../../engine/index.ts";
import { type CheckMode, Memory } from "../../engine/memory/memory.ts";
import { writeDescriptor } from "../../engine/process/descriptors.ts";
import { allp, emptymspan, mheap_ } from "../../engine/records/globals.ts";
import * as mcache from "../../engine/records/mcache.ts";
import * as mheap from "../../engine/records/mheap.ts";
import type { MSpan } from "../../engine/records/mspan.ts";
import * as mspan from "../../engine/records/mspan.ts";
import * as p from "../../engine/records/runtime2.ts";
import type { Type } from "../../engine/records/type.ts";
import { mallocgc } from "../../engine/runtime/malloc.ts";
import { type HeapOptions, heapBaseFor } from "../../engine/runtime/mallocinit.ts";
import { objIndex } from "../../engine/runtime/mbitmap.ts";
import { gcBeginCycle, gcEndMarking, sweepAll } from "../../engine/runtime/mgc.ts";
import { markObject } from "../../engine/runtime/mgcmark.ts";
import { spanOf } from "../../engine/runtime/mheap.ts";
import { schedinit } from "../../engine/runtime/proc.ts";

export interface World {
  readonly m: Memory;
  /** Descriptor of `*uint8`. */
  readonly ptr: Type;
}

export function boot(options: HeapOptions & { check?: CheckMode; windowBytes?: number } = {}): World {
  const m = new Memory({
    check: options.check ?? "local",
    heapBase: heapBaseFor(options),
    ...(options.windowBytes === undefined ? {} : { windowBytes: options.windowBytes }),
  });
  schedinit(m, options);
  return { m, ptr: writeDescriptor(m, pointer(uint8)) };
}

/** Memory without pointers. */
export function noscan(w: World, size: number, needzero = true): number {
  return mallocgc(w.m, size, 0, needzero);
}

/** An array of pointers. */
export function scan(w: World, size: number): number {
  return mallocgc(w.m, size, w.ptr, true);
}

export function descriptor(w: World, t: GoType): Type {
  return writeDescriptor(w.m, t);
}

/** A struct of words: "p" is a pointer, "-" a number. */
export function words(pattern: string): GoType {
  return struct(Object.fromEntries([...pattern].map((c, i) => [`f${i}`, c === "p" ? pointer(uint8) : uintptr])));
}

export { array, pointer, uint8 };

export function span(w: World, off: number): MSpan {
  return spanOf(w.m, off);
}

export function slot(w: World, off: number): number {
  return objIndex(w.m, span(w, off), off);
}

export function cachedSpan(w: World, spc: number): MSpan {
  return mcache.alloc(w.m, cacheOf(w), spc);
}

/** The mcache of P number `i`. */
export function cacheOf(w: World, i = 0): mcache.MCache {
  return p.mcache(w.m, allp(w.m, i));
}

export function isEmptySpan(w: World, s: MSpan): boolean {
  return s === emptymspan(w.m);
}

export function sweepgen(w: World): number {
  return mheap.sweepgen(w.m, mheap_(w.m));
}

/** sweepgen of a span against the heap's: one of -2, -1, 0, 1, 3. */
export function age(w: World, s: MSpan): number {
  return (mspan.sweepgen(w.m, s) - sweepgen(w)) | 0;
}

/** Begins a cycle in which only these live. The caches are flushed, the rest is not swept. */
export function startSweep(w: World, live: Iterable<number>): void {
  gcBeginCycle(w.m);
  for (const off of live) markObject(w.m, off);
  gcEndMarking(w.m);
}

/** A whole cycle. */
export function sweep(w: World, live: Iterable<number>): void {
  startSweep(w, live);
  sweepAll(w.m);
}

/** Fills one span of a class, starting in a fresh one. Returns the objects in order. */
export function fillSpan(w: World, alloc: () => number): number[] {
  const first = alloc();
  const s = span(w, first);
  const objects = [first];
  while (mspan.allocCount(w.m, s) < mspan.nelems(w.m, s)) objects.push(alloc());
  return objects;
}

/** Events of a run, as [kind, a, b, c, d]. */
export function events(w: World, body: () => void): number[][] {
  const list: number[][] = [];
  w.m.trace = { event: (...e) => void list.push(e) };
  try {
    body();
  } finally {
    w.m.trace = null;
  }
  return list;
}

/** Offsets of the locks taken by a run. */
export function locks(w: World, body: () => void): number[] {
  const log: number[] = [];
  w.m.lockLog = log;
  try {
    body();
  } finally {
    w.m.lockLog = null;
  }
  return log;
}

/** Indices of the set bits of a bitmap. */
export function setBits(w: World, at: number, n: number): number[] {
  return Array.from({ length: n }, (_, i) => i).filter((i) => (w.m.u8[at + (i >> 3)] & (1 << (i & 7))) !== 0);
}
