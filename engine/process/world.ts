/**
 * One simulated process and what JavaScript knows about it: which objects were handed out, and which descriptors
 * were written. The heap itself lies in the bytes of `m` alone.
 */
import { checkInvariants } from "../check/invariants.ts";
import { addressOf, formatAddress } from "../memory/address.ts";
import { CellError } from "../memory/errors.ts";
import type { Memory } from "../memory/memory.ts";
import { mheap_, zerobase } from "../records/globals.ts";
import * as mheap from "../records/mheap.ts";
import * as mspan from "../records/mspan.ts";
import type { Type } from "../records/type.ts";
import { objIndex } from "../runtime/mbitmap.ts";
import { markBitsForIndex } from "../runtime/mgcmark_greenteagc.ts";
import { spanOf, spanOfHeap } from "../runtime/mheap.ts";
import { writeDescriptor } from "./descriptors.ts";
import type { BarrierHalves } from "./stores.ts";
import type { GoType } from "./types.ts";

/**
 * The six ways through mallocgc, as `where` names them.
 * @zh mallocgc 的六条路，`where` 用的就是这些名字。
 */
export type PathName = "zero" | "tiny" | "small noscan" | "small scan" | "small scan, header" | "large";

/** An object that mallocgc gave out. */
export interface HeapObject {
  /** Offset of its first byte. */
  readonly off: number;
  /** Bytes asked for. */
  readonly size: number;
  /** What it holds; null: bytes. */
  readonly type: GoType | null;
  /** Elements that may be used, for objects made by `make`; else the array's own. */
  len: number;
  readonly path: PathName;
  /** The P that allocated it. */
  readonly p: number;
  /** The sweep phase in which it was found dead, or -1. */
  deadSince: number;
  isFreed: boolean;
}

export class World {
  readonly m: Memory;
  /** The halves of the write barrier that this program's stores have. */
  readonly barrier: BarrierHalves;
  /** True while somebody looks at the heap in the middle of an operation: nothing may change it. */
  isWatched = false;
  /** Objects not known to be freed, by offset. Objects of size 0 are not in it: they share one address. */
  readonly objects = new Map<number, HeapObject>();
  readonly #descriptors = new Map<GoType, Type>();
  /** Descriptors by the type's full text: types that are written alike are one type. */
  readonly #byName = new Map<string, Type>();
  readonly #types = new Map<Type, GoType>();

  constructor(m: Memory, barrier: BarrierHalves = "both") {
    this.m = m;
    this.barrier = barrier;
  }

  /** The descriptor of `t`, written when first asked for. */
  descriptor(t: GoType): Type {
    const known = this.#descriptors.get(t);
    if (known !== undefined) return known;
    const key = `${t.name} ${t.size} ${t.ptrdata} ${t.fields.map((f) => `${f.name} ${f.type.name}`).join(";")}`;
    const d = this.#byName.get(key) ?? writeDescriptor(this.m, t);
    this.#byName.set(key, d);
    this.#descriptors.set(t, d);
    if (!this.#types.has(d)) this.#types.set(d, t);
    return d;
  }

  /** The type whose descriptor lies at `d`. */
  typeOf(d: Type): GoType | undefined {
    return this.#types.get(d);
  }

  /** Go's address of an offset, as text. */
  address(off: number): string {
    return formatAddress(addressOf(this.m, off));
  }

  /** The object that byte `off` belongs to, if one was handed out there. */
  objectAt(off: number): HeapObject | undefined {
    const direct = this.objects.get(off);
    if (direct !== undefined) return direct;
    const s = off < this.m.windowBytes ? spanOfHeap(this.m, off) : 0;
    if (s === 0) return undefined;
    const slot = mspan.startAddr(this.m, s) + objIndex(this.m, s, off) * mspan.elemsize(this.m, s);
    for (let at = off - 1; at >= slot && at > off - 16; at--) {
      const o = this.objects.get(at);
      if (o !== undefined) return o;
    }
    return this.objects.get(slot) ?? this.objects.get(slot + 8);
  }

  /** True when the object's slot was freed: it was found dead, and its span has been swept since. */
  isFreed(o: HeapObject): boolean {
    if (o.isFreed || o.deadSince < 0) return o.isFreed;
    const s = spanOf(this.m, o.off);
    const sg = mheap.sweepgen(this.m, mheap_(this.m));
    const isUnswept =
      sg === o.deadSince &&
      s !== 0 &&
      mspan.state(this.m, s) === mspan.mSpanInUse &&
      mspan.sweepgen(this.m, s) !== sg &&
      mspan.sweepgen(this.m, s) !== sg + 3;
    if (!isUnswept) this.#forget(o);
    return o.isFreed;
  }

  #forget(o: HeapObject): void {
    o.isFreed = true;
    if (this.objects.get(o.off) === o) this.objects.delete(o.off);
  }

  /** After the marks are set: notes every object whose slot is unmarked as dead in the phase that begins now. */
  condemn(): void {
    const sg = mheap.sweepgen(this.m, mheap_(this.m)) + 2;
    for (const o of this.objects.values()) {
      if (!this.#isMarked(o)) o.deadSince = sg;
    }
  }

  #isMarked(o: HeapObject): boolean {
    const s = spanOfHeap(this.m, o.off);
    if (s === 0) return false;
    const i = objIndex(this.m, s, o.off);
    return (this.m.u8[markBitsForIndex(this.m, s, i)] & (1 << (i & 7))) !== 0;
  }

  /** Forgets what a sweep has freed by now. */
  forgetFreed(): void {
    for (const o of this.objects.values()) this.isFreed(o);
  }

  /** Enters a new object. Whatever was at its place is gone. */
  add(o: HeapObject): HeapObject {
    if (o.off === zerobase(this.m)) return o;
    const old = this.objects.get(o.off);
    if (old !== undefined) old.isFreed = true;
    this.objects.set(o.off, o);
    return o;
  }

  /** @throws {CellError} `cell/watching` in the middle of an operation, when the heap may only be looked at */
  checkUnwatched(): void {
    if (!this.isWatched) return;
    throw new CellError("cell/watching", "inside go.watch the heap can be looked at, and nothing else");
  }

  /** After each operation of a heap that was made with check "step". */
  afterOperation(): void {
    if (this.m.check === "step") checkInvariants(this.m);
  }
}
