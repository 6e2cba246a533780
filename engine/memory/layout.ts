/**
 * Records: how a Go struct lies in the linear memory.
 *
 * A `Layout` places fields in the order of declaration, each at its natural alignment, exactly as Go's compiler
 * does, and returns the accessor functions of each field. Accessors made this way run as fast as hand-written
 * offsets, and the table of fields feeds the inspector, the snapshot reader and the drawings.
 *
 *   const layout = new Layout("mspan", 160);                    // the size that Go's struct has, checked by seal()
 *   export const [freeindex, setFreeindex] = layout.u16("freeindex");
 *   layout.seal();
 *
 * Kinds
 *   u8 u16 u32 i32        plain fields
 *   uptr                  an 8-byte integer whose value stays below 2^31: only the low half is touched
 *   i64                   an 8-byte signed integer up to ±2^53, as a plain number
 *   bits64                an 8-byte bit word, as two 32-bit halves
 *   f64                   a double
 *   ptr                   pointer to a record (0 is nil), 8 bytes as in Go
 *   addr                  a Go pointer into the heap, read and written as a byte offset (NIL is nil)
 *   bytes, record         embedded bytes or records: the accessor gives their offset
 *   …s                    arrays: the accessor takes an index
 *   u8a u32a i64a ptra    atomics: Go's atomic.Uint8, Uint32, Int64, Pointer. Plain operations unless the memory is shared;
 *                         the stepped build may switch threads just before each of them.
 */
import { loadPointer, storePointer } from "./address.ts";
import type { Memory, Ptr } from "./memory.ts";

export type FieldKind =
  | "u8"
  | "u16"
  | "u32"
  | "i32"
  | "uptr"
  | "i64"
  | "bits64"
  | "f64"
  | "ptr"
  | "addr"
  | "bytes"
  | "record"
  | "u8a"
  | "u32a"
  | "i64a"
  | "ptra";

/** One field of a record: offset and size in bytes; `count` elements of `size / count` bytes. */
export interface Field {
  readonly name: string;
  readonly kind: FieldKind;
  readonly offset: number;
  readonly size: number;
  readonly count: number;
}

const TWO32 = 2 ** 32;

export class Layout<const K extends string> {
  readonly name: K;
  readonly goSize: number | undefined;
  readonly fields: Field[] = [];
  #end = 0;
  #align = 1;

  /**
   * @param name   Go's name of the struct
   * @param goSize sizeof in Go 1.26 linux/amd64 where the figure can be seen (statistics, chunk sizes); checked by `seal`
   */
  constructor(name: K, goSize?: number) {
    this.name = name;
    this.goSize = goSize;
  }

  /** Bytes of one record, rounded up to its alignment. */
  get size(): number {
    return (this.#end + this.#align - 1) & -this.#align;
  }

  /** Declares the record complete. @throws {Error} when its size is not Go's */
  seal(): this {
    if (this.goSize !== undefined && this.goSize !== this.size) {
      throw new Error(`record ${this.name} has ${this.size} bytes, Go's has ${this.goSize}`);
    }
    return this;
  }

  u8(name: string) {
    const o = this.#place(name, "u8", 1, 1);
    return [
      (m: Memory, p: Ptr<K>): number => m.u8[p + o],
      (m: Memory, p: Ptr<K>, v: number): void => {
        m.u8[p + o] = v;
      },
    ] as const;
  }

  /** @returns [load, store, add] */
  u16(name: string) {
    const o = this.#place(name, "u16", 2, 2);
    return [
      (m: Memory, p: Ptr<K>): number => m.u16[(p >>> 1) + (o >> 1)],
      (m: Memory, p: Ptr<K>, v: number): void => {
        m.u16[(p >>> 1) + (o >> 1)] = v;
      },
      (m: Memory, p: Ptr<K>, delta: number): void => {
        m.u16[(p >>> 1) + (o >> 1)] += delta;
      },
    ] as const;
  }

  u32(name: string) {
    const o = this.#place(name, "u32", 4, 4);
    return [
      (m: Memory, p: Ptr<K>): number => m.u32[(p >>> 2) + (o >> 2)],
      (m: Memory, p: Ptr<K>, v: number): void => {
        m.u32[(p >>> 2) + (o >> 2)] = v;
      },
    ] as const;
  }

  i32(name: string) {
    const o = this.#place(name, "i32", 4, 4);
    return [
      (m: Memory, p: Ptr<K>): number => m.i32[(p >>> 2) + (o >> 2)],
      (m: Memory, p: Ptr<K>, v: number): void => {
        m.i32[(p >>> 2) + (o >> 2)] = v;
      },
    ] as const;
  }

  f64(name: string) {
    const o = this.#place(name, "f64", 8, 8);
    return [
      (m: Memory, p: Ptr<K>): number => m.f64[(p >>> 3) + (o >> 3)],
      (m: Memory, p: Ptr<K>, v: number): void => {
        m.f64[(p >>> 3) + (o >> 3)] = v;
      },
    ] as const;
  }

  uptr(name: string) {
    const o = this.#place(name, "uptr", 8, 8);
    return [
      (m: Memory, p: Ptr<K>): number => m.i32[(p >>> 2) + (o >> 2)],
      (m: Memory, p: Ptr<K>, v: number): void => {
        m.i32[(p >>> 2) + (o >> 2)] = v;
      },
    ] as const;
  }

  /** @returns [load, store, add a number of 32 bits] */
  i64(name: string) {
    const o = this.#place(name, "i64", 8, 8);
    return [
      (m: Memory, p: Ptr<K>): number => load64(m, p + o),
      (m: Memory, p: Ptr<K>, v: number): void => store64(m, p + o, v),
      (m: Memory, p: Ptr<K>, delta: number): void => addInt32(m, p + o, delta),
    ] as const;
  }

  /** @returns [low half, set low half, high half, set high half], signed 32-bit */
  bits64(name: string) {
    const o = this.#place(name, "bits64", 8, 8);
    return [
      (m: Memory, p: Ptr<K>): number => m.i32[(p >>> 2) + (o >> 2)],
      (m: Memory, p: Ptr<K>, v: number): void => {
        m.i32[(p >>> 2) + (o >> 2)] = v;
      },
      (m: Memory, p: Ptr<K>): number => m.i32[(p >>> 2) + (o >> 2) + 1],
      (m: Memory, p: Ptr<K>, v: number): void => {
        m.i32[(p >>> 2) + (o >> 2) + 1] = v;
      },
    ] as const;
  }

  ptr<R extends string = string>(name: string) {
    const o = this.#place(name, "ptr", 8, 8);
    return [
      (m: Memory, p: Ptr<K>): Ptr<R> => m.i32[(p >>> 2) + (o >> 2)],
      (m: Memory, p: Ptr<K>, v: Ptr<R>): void => {
        m.i32[(p >>> 2) + (o >> 2)] = v;
      },
    ] as const;
  }

  /** As `addr`, for a pointer that is not nil wherever it is read: one word tells it. */
  addrInHeap(name: string) {
    const o = this.#place(name, "addr", 8, 8);
    return [
      (m: Memory, p: Ptr<K>): number => (m.i32[(p >>> 2) + (o >> 2)] - m.baseLo) | 0,
      (m: Memory, p: Ptr<K>, off: number): void => storePointer(m, p + o, off),
    ] as const;
  }

  addr(name: string) {
    const o = this.#place(name, "addr", 8, 8);
    return [
      (m: Memory, p: Ptr<K>): number => loadPointer(m, p + o),
      (m: Memory, p: Ptr<K>, off: number): void => storePointer(m, p + o, off),
    ] as const;
  }

  /** Embedded bytes. @returns a function from a record to the offset of their first byte */
  bytes(name: string, count: number, align = 1) {
    const o = this.#place(name, "bytes", count, align, count);
    return (p: Ptr<K>): number => p + o;
  }

  /** `count` embedded records. @returns a function from a record and an index to the embedded record */
  record<R extends string>(name: string, layout: Layout<R>, count = 1) {
    const size = layout.size;
    const o = this.#place(name, "record", size * count, 8, count);
    return (p: Ptr<K>, i = 0): Ptr<R> => p + o + i * size;
  }

  u32s(name: string, count: number) {
    const o = this.#place(name, "u32", 4 * count, 4, count);
    return [
      (m: Memory, p: Ptr<K>, i: number): number => m.u32[(p >>> 2) + (o >> 2) + i],
      (m: Memory, p: Ptr<K>, i: number, v: number): void => {
        m.u32[(p >>> 2) + (o >> 2) + i] = v;
      },
    ] as const;
  }

  i64s(name: string, count: number) {
    const o = this.#place(name, "i64", 8 * count, 8, count);
    return [
      (m: Memory, p: Ptr<K>, i: number): number => load64(m, p + o + 8 * i),
      (m: Memory, p: Ptr<K>, i: number, v: number): void => store64(m, p + o + 8 * i, v),
    ] as const;
  }

  ptrs<R extends string = string>(name: string, count: number) {
    const o = this.#place(name, "ptr", 8 * count, 8, count);
    return [
      (m: Memory, p: Ptr<K>, i: number): Ptr<R> => m.i32[(p >>> 2) + (o >> 2) + (i << 1)],
      (m: Memory, p: Ptr<K>, i: number, v: Ptr<R>): void => {
        m.i32[(p >>> 2) + (o >> 2) + (i << 1)] = v;
      },
    ] as const;
  }

  /** @returns [load, store, or, and] */
  u8a(name: string) {
    const o = this.#place(name, "u8a", 1, 1);
    return [
      (m: Memory, p: Ptr<K>): number => (m.isShared ? Atomics.load(m.u8, p + o) : m.u8[p + o]),
      (m: Memory, p: Ptr<K>, v: number): void => {
        if (m.isShared) Atomics.store(m.u8, p + o, v);
        else m.u8[p + o] = v;
      },
      (m: Memory, p: Ptr<K>, v: number): void => {
        if (m.isShared) Atomics.or(m.u8, p + o, v);
        else m.u8[p + o] |= v;
      },
      (m: Memory, p: Ptr<K>, v: number): void => {
        if (m.isShared) Atomics.and(m.u8, p + o, v);
        else m.u8[p + o] &= v;
      },
    ] as const;
  }

  /** @returns [load, store, compareAndSwap, add]; `add` gives the new value, as Go's does */
  u32a(name: string) {
    const o = this.#place(name, "u32a", 4, 4);
    return [
      (m: Memory, p: Ptr<K>): number => (m.isShared ? Atomics.load(m.u32, (p + o) >> 2) : m.u32[(p >>> 2) + (o >> 2)]),
      (m: Memory, p: Ptr<K>, v: number): void => {
        if (m.isShared) Atomics.store(m.u32, (p + o) >> 2, v);
        else m.u32[(p >>> 2) + (o >> 2)] = v;
      },
      (m: Memory, p: Ptr<K>, old: number, v: number): boolean => compareAndSwap32(m, p + o, old, v),
      (m: Memory, p: Ptr<K>, delta: number): number => {
        const i = (p + o) >> 2;
        if (m.isShared) return (Atomics.add(m.u32, i, delta) + delta) >>> 0;
        m.u32[i] += delta;
        return m.u32[i];
      },
    ] as const;
  }

  /** @returns [load, store, add]; `add` gives the new value */
  i64a(name: string) {
    const o = this.#place(name, "i64a", 8, 8);
    return [
      (m: Memory, p: Ptr<K>): number => (m.isShared ? loadShared64(m, p + o) : load64(m, p + o)),
      (m: Memory, p: Ptr<K>, v: number): void => {
        if (m.isShared) storeShared64(m, p + o, v);
        else store64(m, p + o, v);
      },
      (m: Memory, p: Ptr<K>, delta: number): number => add64(m, p + o, delta),
    ] as const;
  }

  /** @returns [load, store, compareAndSwap] */
  ptra<R extends string = string>(name: string) {
    const o = this.#place(name, "ptra", 8, 8);
    return [
      (m: Memory, p: Ptr<K>): Ptr<R> => (m.isShared ? Atomics.load(m.i32, (p + o) >> 2) : m.i32[(p >>> 2) + (o >> 2)]),
      (m: Memory, p: Ptr<K>, v: Ptr<R>): void => {
        if (m.isShared) Atomics.store(m.i32, (p + o) >> 2, v);
        else m.i32[(p >>> 2) + (o >> 2)] = v;
      },
      (m: Memory, p: Ptr<K>, old: Ptr<R>, v: Ptr<R>): boolean => compareAndSwap32(m, p + o, old, v),
    ] as const;
  }

  #place(name: string, kind: FieldKind, size: number, align: number, count = 1): number {
    const offset = (this.#end + align - 1) & -align;
    this.fields.push({ name, kind, offset, size, count });
    this.#end = offset + size;
    this.#align = Math.max(this.#align, align);
    return offset;
  }
}

/** An 8-byte signed integer as a plain number. @param at an 8-aligned offset */
export function load64(m: Memory, at: number): number {
  const i = at >>> 2;
  return m.i32[i + 1] * TWO32 + (m.i32[i] >>> 0);
}

/** Stores an integer of at most ±2^53 as 8 bytes. @param at an 8-aligned offset */
export function store64(m: Memory, at: number, v: number): void {
  const i = at >>> 2;
  const hi = Math.floor(v / TWO32);
  m.i32[i] = v - hi * TWO32;
  m.i32[i + 1] = hi;
}

/** Adds to an 8-byte integer without leaving 32-bit arithmetic. @param at an 8-aligned offset; @param delta 32 bits and sign */
export function addInt32(m: Memory, at: number, delta: number): void {
  const i = at >>> 2;
  const lo = (m.i32[i] + delta) | 0;
  m.i32[i] = lo;
  m.i32[i + 1] += (delta >> 31) + (lo >>> 0 < delta >>> 0 ? 1 : 0);
}

/** Adds to an 8-byte integer, atomically over a shared buffer, and gives the new value. @param at an 8-aligned offset */
export function add64(m: Memory, at: number, delta: number): number {
  if (m.isShared) return addShared64(m, at, delta);
  if (delta === (delta | 0)) addInt32(m, at, delta);
  else store64(m, at, load64(m, at) + delta);
  return load64(m, at);
}

// Over a shared buffer a counter of 64 bits is one word, read and written at once: as BigInt, which the processor's own
// instructions take. Two halves would let a reader see the low half of one value and the high half of another.

function loadShared64(m: Memory, at: number): number {
  return Number(Atomics.load(m.i64!, at >> 3));
}

function storeShared64(m: Memory, at: number, v: number): void {
  Atomics.store(m.i64!, at >> 3, BigInt(v));
}

function addShared64(m: Memory, at: number, delta: number): number {
  return Number(Atomics.add(m.i64!, at >> 3, BigInt(delta))) + delta;
}

/** Compare-and-swap of 32 bits. @param at a 4-aligned offset */
export function compareAndSwap32(m: Memory, at: number, old: number, v: number): boolean {
  const i = at >> 2;
  if (m.isShared) return Atomics.compareExchange(m.i32, i, old | 0, v | 0) === (old | 0);
  if (m.i32[i] !== (old | 0)) return false;
  m.i32[i] = v;
  return true;
}
