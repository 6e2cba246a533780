/** Rows of both checklists about spans in a sweep: what is freed, what becomes dirty, what stays. */
import { describe, expect, test } from "vitest";
import { NumSizeClasses, SizeClassToSize } from "../../engine/gc/sizeclasses.ts";
import * as gcbits from "../../engine/records/gcbits.ts";
import * as gcController from "../../engine/records/gcController.ts";
import * as globals from "../../engine/records/globals.ts";
import * as heaparena from "../../engine/records/heaparena.ts";
import { bytesMarked } from "../../engine/records/mgcwork.ts";
import * as mheap from "../../engine/records/mheap.ts";
import * as pageAlloc from "../../engine/records/mpagealloc.ts";
import * as mspan from "../../engine/records/mspan.ts";
import * as spanset from "../../engine/records/mspanset.ts";
import * as p from "../../engine/records/runtime2.ts";
import { fullSwept, fullUnswept, partialSwept, partialUnswept } from "../../engine/runtime/mcentral.ts";
import { markObject } from "../../engine/runtime/mgcmark.ts";
import {
  allocManual,
  freeManual,
  heapArenaOf,
  mheapAlloc,
  pageIndexOf,
  pageMaskOf,
  spanAllocStack,
} from "../../engine/runtime/mheap.ts";
import { newMarkBits, nextMarkBitArenaEpoch } from "../../engine/runtime/mheap_gcbits.ts";
import { chunkOf, chunkOfOffset, chunkPageIndex } from "../../engine/runtime/mpagealloc.ts";
import { getBit } from "../../engine/runtime/mpallocbits.ts";
import { Ev } from "../../engine/runtime/trace.ts";
import {
  age,
  boot,
  cachedSpan,
  events,
  fillSpan,
  noscan,
  scan,
  setBits,
  slot,
  span,
  startSweep,
  sweep,
  type World,
} from "./object-heap.ts";

/** The bits of a page: allocated, scavenged. */
function pageBits(w: World, off: number): number[] {
  const p = mheap.pages(globals.mheap_(w.m));
  const chunk = chunkOf(w.m, p, chunkOfOffset(w.m, p, off));
  const page = chunkPageIndex(off);
  return [getBit(w.m, pageAlloc.pallocBits(chunk), page), getBit(w.m, pageAlloc.scavenged(chunk), page)];
}

function figures(w: World): { free: number; inUse: number; released: number } {
  const c = globals.gcController(w.m);
  return {
    free: gcController.heapFree(w.m, c),
    inUse: gcController.heapInUse(w.m, c),
    released: gcController.heapReleased(w.m, c),
  };
}

/** The bit of a span's first page in one of its arena's bitmaps. */
function arenaBit(w: World, off: number, bitmap: (ha: heaparena.HeapArena) => number): boolean {
  const base = mspan.startAddr(w.m, span(w, off));
  return (w.m.u8[bitmap(heapArenaOf(w.m, base)) + pageIndexOf(base)] & pageMaskOf(base)) !== 0;
}

describe("a span that is given back", () => {
  test("[A044] its pages are free and not scavenged, they count as free and not as released", () => {
    const w = boot();
    const off = noscan(w, 20 * 8192); // 20 pages: past the page cache
    const before = figures(w);
    expect([pageBits(w, off), pageBits(w, off + 19 * 8192)]).toEqual([
      [1, 0],
      [1, 0],
    ]);
    sweep(w, []);
    expect([pageBits(w, off), pageBits(w, off + 19 * 8192)]).toEqual([
      [0, 0],
      [0, 0],
    ]);
    const bytes = 20 * 8192;
    expect(figures(w)).toEqual({
      free: before.free + bytes,
      inUse: before.inUse - bytes,
      released: before.released,
    });
  });

  test("[C119] [C120] an empty small span and a dead large one go back; one living object keeps either", () => {
    const w = boot();
    const small = fillSpan(w, () => noscan(w, 1024));
    const kept = fillSpan(w, () => noscan(w, 1024));
    const large = [noscan(w, 40_000), noscan(w, 40_000)];
    const freed = events(w, () => sweep(w, [kept[3], large[1]])).filter(([kind]) => kind === Ev.freeSpan);
    expect(freed.map(([, , off]) => off).sort((a, b) => a - b)).toEqual([small[0], large[0]].sort((a, b) => a - b));
    expect([small[0], large[0]].map((off) => mspan.state(w.m, span(w, off) || globals.emptymspan(w.m)))).not.toContain(
      mspan.mSpanInUse,
    );
    expect(age(w, span(w, large[1]))).toBe(0);
    const sg = mheap.sweepgen(w.m, globals.mheap_(w.m));
    const c = mheap.central(globals.mheap_(w.m), mspan.spanclass(w.m, span(w, large[1])));
    expect(setEntries(w, fullSwept(c, sg))).toBe(1); // where a living large span stays

    // Swept by whoever wants a span, an empty one is kept.
    const v = boot();
    const dead = fillSpan(v, () => noscan(v, 1024));
    const cached = fillSpan(v, () => noscan(v, 1024));
    startSweep(v, cached);
    const inUse = mheap.pagesInUse(v.m, globals.mheap_(v.m));
    expect(noscan(v, 1024)).toBe(dead[0]);
    expect(mheap.pagesInUse(v.m, globals.mheap_(v.m))).toBe(inUse);
  });
});

/** Entries of a span set: its tail less its head. */
function setEntries(w: World, set: spanset.SpanSet): number {
  return spanset.tail(w.m, set) - spanset.head(w.m, set);
}

describe("dirty spans", () => {
  test("[A047] [C118] a sweep that frees nothing leaves needzero, one that frees anything sets it, kept or not", () => {
    const w = boot();
    const whole = fillSpan(w, () => noscan(w, 1024));
    const holed = fillSpan(w, () => noscan(w, 1024));
    noscan(w, 1024); // the cached span is a third one
    const needzero = (off: number) => mspan.needzero(w.m, span(w, off));
    expect([needzero(whole[0]), needzero(holed[0])]).toEqual([0, 0]);
    sweep(w, [...whole, ...holed.slice(1)]);
    expect([needzero(whole[0]), needzero(holed[0])]).toEqual([0, 1]);

    // Swept for whoever wants its room: kept, and dirty as well.
    const v = boot();
    const full = fillSpan(v, () => noscan(v, 1024));
    const cached = fillSpan(v, () => noscan(v, 1024));
    startSweep(v, [...full.slice(0, 4), ...cached]);
    expect(age(v, span(v, full[0]))).toBe(-2);
    const got = noscan(v, 1024);
    expect([span(v, got), slot(v, got)]).toEqual([span(v, full[0]), 4]);
    expect(mspan.needzero(v.m, span(v, got))).toBe(1);
  });

  test("[A047] a new span on pages that were used before begins dirty, on others clean: the watermark says it", () => {
    const w = boot();
    const off = noscan(w, 40_000);
    expect(mspan.needzero(w.m, span(w, off))).toBe(0);
    sweep(w, []);
    const again = noscan(w, 40_000);
    expect([again, mspan.needzero(w.m, span(w, again))]).toEqual([off, 1]);
    expect(mspan.needzero(w.m, span(w, noscan(w, 40_000)))).toBe(0);
  });

  test("[A142] a span's record starts clean, whatever it was left with; pages of a manual span are dirty afterwards", () => {
    const w = boot();
    mheapAlloc(w.m, 1, 13); // grows the heap, past the page cache
    const stack = allocManual(w.m, 1, spanAllocStack); // from the page cache, which now holds the pages behind it
    const base = mspan.startAddr(w.m, stack);
    expect(mspan.needzero(w.m, stack)).toBe(0);
    freeManual(w.m, stack, spanAllocStack);
    expect(mspan.needzero(w.m, stack)).toBe(1);
    // The page cache goes on with pages that nobody had: the freed record serves the next of them, and is clean.
    const fresh = mheapAlloc(w.m, 1, 13);
    expect(fresh).toBe(stack);
    expect(mspan.startAddr(w.m, fresh)).toBeGreaterThan(base);
    expect(mspan.needzero(w.m, fresh)).toBe(0);
    // The page itself was below the watermark: dirty for whoever gets it.
    const rest = Array.from({ length: 200 }, () => mheapAlloc(w.m, 1, 13));
    const same = rest.find((s) => mspan.startAddr(w.m, s) === base);
    expect(same).toBeDefined();
    expect(mspan.needzero(w.m, same ?? 0)).toBe(1);
  });
});

describe("a sweep generation", () => {
  test("[C113] sweepgen grows by 2, and in every class the swept and the unswept sets change places", () => {
    const w = boot();
    const h = globals.mheap_(w.m);
    const before = mheap.sweepgen(w.m, h);
    const places = (sg: number, spc: number) => {
      const c = mheap.central(h, spc);
      return [partialSwept(c, sg), partialUnswept(c, sg), fullSwept(c, sg), fullUnswept(c, sg)];
    };
    startSweep(w, []);
    const after = mheap.sweepgen(w.m, h);
    expect(after).toBe(before + 2);
    for (let spc = 0; spc < 2 * NumSizeClasses; spc++) {
      const [ps, pu, fs, fu] = places(before, spc);
      expect(new Set([ps, pu, fs, fu]).size).toBe(4);
      expect(places(after, spc)).toEqual([pu, ps, fu, fs]);
      expect(places(after + 2, spc)).toEqual([ps, pu, fs, fu]);
    }
  });

  test("[C117] more marks than objects in a span are fatal: a sweep never increases its count", () => {
    const w = boot();
    const objects = fillSpan(w, () => noscan(w, 1024));
    noscan(w, 1024);
    const s = span(w, objects[0]);
    mspan.setAllocCount(w.m, s, 3);
    expect(() => sweep(w, objects.slice(0, 4))).toThrow("sweep increased allocation count");
    const v = boot();
    const others = fillSpan(v, () => noscan(v, 1024));
    noscan(v, 1024);
    sweep(v, others.slice(0, 4));
    expect(mspan.allocCount(v.m, span(v, others[0]))).toBe(4);
  });

  test("[C010] an arena of mark bits is the next, the current, the previous, then free and used again, zeroed", () => {
    const w = boot();
    const arenas = globals.gcBitsArenas(w.m);
    const bits = newMarkBits(w.m, 64);
    const arena = gcbits.arenasNext(w.m, arenas);
    w.m.u8[bits] = 1;
    const where = () => {
      const lists = [gcbits.arenasNext, gcbits.arenasCurrent, gcbits.arenasPrevious, gcbits.arenasFree];
      return lists.findIndex((list) => list(w.m, arenas) === arena);
    };
    const seen = [where()];
    for (let i = 0; i < 3; i++) {
      nextMarkBitArenaEpoch(w.m);
      seen.push(where());
    }
    expect(seen).toEqual([0, 1, 2, 3]);
    expect([newMarkBits(w.m, 64), where(), w.m.u8[bits]]).toEqual([bits, 0, 0]);
  });
});

describe("what the collector finds of a span", () => {
  test("[C081] [C084] exactly size classes 2 to 26, with and without pointers, have their page bit for in-span marks", () => {
    const w = boot();
    for (let c = 1; c < NumSizeClasses; c++) {
      const size = SizeClassToSize[c];
      const request = Math.min(size, 32_760);
      const withPointers = scan(w, size > 512 ? request - 8 : request);
      const without = mspan.startAddr(w.m, mheapAlloc(w.m, 1, 2 * c + 1));
      const bits = [withPointers, without].map((off) => arenaBit(w, off, heaparena.pageUseSpanInlineMarkBits));
      if (size > 8192) expect(bits[0], `class ${c}`).toBe(false);
      else expect(bits, `class ${c}`).toEqual(c >= 2 && c <= 26 ? [true, true] : [false, false]);
    }
    const off = noscan(w, 64);
    expect(arenaBit(w, off, heaparena.pageInUse)).toBe(true);
    sweep(w, []);
    const base = off - (off % 8192);
    const at = heaparena.pageUseSpanInlineMarkBits(heapArenaOf(w.m, base)) + pageIndexOf(base);
    expect(w.m.u8[at] & pageMaskOf(base)).toBe(0); // the freed page is no Green Tea page any more
  });

  test("[C083] the last 128 bytes of such a span are 63 of scans, the owner, 63 of marks, the class", () => {
    const w = boot();
    const off = scan(w, 48);
    const imb = mspan.startAddr(w.m, span(w, off)) + 8192 - 128;
    expect(w.m.u8[imb + 127]).toBe(10);
    expect([...w.m.u8.subarray(imb, imb + 127)].every((b) => b === 0)).toBe(true);
    const others = Array.from({ length: 20 }, () => scan(w, 48));
    markObject(w.m, others[8]); // slot 9
    expect([setBits(w, imb, 504), w.m.u8[imb + 63], setBits(w, imb + 64, 504)]).toEqual([[9], 0, [9]]);
    expect(w.m.u8[imb + 127]).toBe(10);
  });

  test("[C067] [C068] while the barrier is on an allocation adds its slot to bytesMarked and freeIndexForScan stands still", () => {
    const w = boot();
    noscan(w, 100);
    const s = cachedSpan(w, mspan.spanclass(w.m, span(w, noscan(w, 100))));
    const scanIndex = mspan.freeIndexForScan(w.m, s);
    const barrier = globals.writeBarrier(w.m) >> 2;
    w.m.i32[barrier] = 1;
    const objects = [noscan(w, 100), noscan(w, 112), noscan(w, 100)];
    w.m.i32[barrier] = 0;
    expect(objects.map((off) => span(w, off))).toEqual([s, s, s]);
    expect([mspan.freeIndexForScan(w.m, s), mspan.freeindex(w.m, s)]).toEqual([scanIndex, scanIndex + 3]);
    expect(bytesMarked(w.m, p.gcw(globals.allp(w.m, 0)))).toBe(3 * 112); // slots, not requests
  });

  test("[C161] a large span is on the full swept set from the start, and its objects end where the request does", () => {
    const w = boot();
    const sg = mheap.sweepgen(w.m, globals.mheap_(w.m));
    const set = fullSwept(mheap.central(globals.mheap_(w.m), 1), sg);
    expect(setEntries(w, set)).toBe(0);
    const off = noscan(w, 40_000);
    expect(setEntries(w, set)).toBe(1);
    expect(mspan.limit(w.m, span(w, off)) - off).toBe(40_000);
  });
});
