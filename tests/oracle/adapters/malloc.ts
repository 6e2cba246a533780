/**
 * `malloc`: the real heap, one P. Every allocation's span class, span, slot and place in the slot; after each
 * collection every span's bits.
 *
 * The recording began with every class at a full cached span, no other span with room, and no tiny block: for the
 * allocator that is a fresh heap. It numbers spans in order of first use; here a span is known by its address from its
 * first object until it is given back. Who lives follows from `dropped`; the sweep is the engine's own.
 */
import { MallocHeaderSize, MaxSmallSize } from "../../../engine/gc/sizeclasses.ts";
import type { Memory } from "../../../engine/memory/memory.ts";
import type { MSpan } from "../../../engine/records/mspan.ts";
import * as mspan from "../../../engine/records/mspan.ts";
import { mallocgc } from "../../../engine/runtime/malloc.ts";
import { objIndex } from "../../../engine/runtime/mbitmap.ts";
import { gcBeginCycle, gcEndMarking, sweepAll } from "../../../engine/runtime/mgc.ts";
import { markObject } from "../../../engine/runtime/mgcmark.ts";
import { spanOf } from "../../../engine/runtime/mheap.ts";
import { Value } from "../shape.ts";
import type { Tally } from "../tally.ts";
import type { Adapter } from "./adapter.ts";
import { bootHeap, pointerType } from "./heap.ts";

export const malloc: Adapter = {
  phases: ["mallocs", "afterGC", "nelems"],
  replay(recording, tally) {
    let heap = new Heap();
    for (const line of recording.lines) {
      const value = new Value(recording, line);
      const begin = (phase: string) => tally.begin(recording.file, line.line, phase);
      if (value.has("start")) heap = new Heap();
      else if (value.has("mallocs")) allocate(heap, value.get("mallocs"), tally, begin);
      else if (value.has("dropped")) heap.collect(value.get("dropped"));
      else if (value.has("afterGC")) compareSpans(heap, value.get("afterGC"), tally, begin);
      else if (value.has("nelems")) compareClasses(value.get("nelems"), tally, begin);
      else value.fail("one of start, mallocs, dropped, afterGC, nelems is wanted");
    }
  },
};

/** A heap, what was allocated in it, and the spans in order of first use. */
class Heap {
  readonly m: Memory = bootHeap();
  readonly pointers = pointerType(this.m);
  /** Offsets of all objects, by their number; undefined once the object was dropped. */
  readonly objects: (number | undefined)[] = [];
  readonly spans: { readonly s: MSpan; readonly spanclass: number; readonly nelems: number; isGone: boolean }[] = [];
  readonly #number = new Map<MSpan, number>();

  numberOf(s: MSpan): number {
    const known = this.#number.get(s);
    if (known !== undefined) return known;
    this.#number.set(s, this.spans.length);
    this.spans.push({ s, spanclass: mspan.spanclass(this.m, s), nelems: mspan.nelems(this.m, s), isGone: false });
    return this.spans.length - 1;
  }

  /** Drops objects and collects: what is left lives, and the tiny block that is current. */
  collect(dropped: Value): void {
    const { m, objects } = this;
    for (const n of dropped.ints(0, objects.length - 1)) {
      if (objects[n] === undefined) dropped.fail(`object ${n} was dropped before`);
      objects[n] = undefined;
    }
    gcBeginCycle(m);
    for (const off of objects) if (off !== undefined) markObject(m, off);
    gcEndMarking(m);
    sweepAll(m);
    for (const span of this.spans) {
      if (span.isGone || mspan.state(m, span.s) === mspan.mSpanInUse) continue;
      span.isGone = true;
      this.#number.delete(span.s); // the record may serve another span
    }
  }
}

const columns = ["spanclass", "span", "slot", "offset in slot"];

function allocate(heap: Heap, rows: Value, tally: Tally, begin: (phase: string) => void): void {
  begin("mallocs");
  const { m } = heap;
  for (const row of rows.list()) {
    const [size, scan, ...expected] = row.ints();
    if (expected.length !== columns.length || scan > 1)
      row.fail("[size, scan, spanclass, span, slot, offset] is wanted");
    tally.operation();
    const off = mallocgc(m, size, scan === 1 ? heap.pointers : 0, true);
    heap.objects.push(off);
    const s = spanOf(m, off);
    const slot = objIndex(m, s, off);
    const slotBegin = mspan.startAddr(m, s) + slot * mspan.elemsize(m, s);
    const got = [mspan.spanclass(m, s), heap.numberOf(s), slot, off - slotBegin];
    for (const [i, column] of columns.entries()) tally.same(column, expected[i], got[i]);
  }
}

function compareSpans(heap: Heap, rows: Value, tally: Tally, begin: (phase: string) => void): void {
  begin("afterGC");
  const { m } = heap;
  tally.same("number of spans", rows.list().length, heap.spans.length);
  for (const row of rows.list()) {
    tally.operation();
    const n = row.list()[0]?.int() ?? row.fail("a row [span, …] is wanted");
    const span = heap.spans[n];
    if (span === undefined) {
      tally.same(`span ${n}`, "used", "never used");
      continue;
    }
    tally.same(`span ${n}`, row.raw, stateOf(m, n, span));
  }
}

function stateOf(m: Memory, n: number, span: Heap["spans"][number]): unknown[] {
  const { s, spanclass, nelems } = span;
  if (span.isGone) return [n, spanclass, nelems, "gone"];
  const bits = mspan.allocBits(m, s);
  const bytes = m.u8.subarray(bits, bits + Math.ceil(mspan.nelems(m, s) / 8));
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  const { allocCount, freeindex } = mspan;
  return [n, mspan.spanclass(m, s), mspan.nelems(m, s), allocCount(m, s), freeindex(m, s), hex];
}

/** [spanclass, elemsize, pages, nelems, offset]: a span of each class, and where the first object in it begins. */
function compareClasses(rows: Value, tally: Tally, begin: (phase: string) => void): void {
  begin("nelems");
  const m = bootHeap();
  const pointers = pointerType(m);
  for (const row of rows.list()) {
    const expected = row.ints();
    if (expected.length !== 5) row.fail("[spanclass, elemsize, pages, nelems, offset] is wanted");
    tally.operation();
    const [spanclass, elemsize, , , offset] = expected;
    // The largest small request that fills a slot of the class, less the header that the recording found in it.
    const size = Math.min(elemsize, MaxSmallSize - MallocHeaderSize + offset) - offset;
    const off = mallocgc(m, size, spanclass % 2 === 0 ? pointers : 0, true);
    const s = spanOf(m, off);
    const slotBegin = mspan.startAddr(m, s) + objIndex(m, s, off) * mspan.elemsize(m, s);
    const got = [mspan.spanclass(m, s), mspan.elemsize(m, s), mspan.npages(m, s), mspan.nelems(m, s), off - slotBegin];
    tally.same(`span class ${spanclass}`, expected, got);
  }
}
