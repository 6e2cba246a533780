/**
 * What a compiled Go program is surrounded by: the parts of Go's library and of the compiler's output that allocate.
 *
 * A program of this folder is a Go function written by hand as the compiler leaves it: variables that do not escape
 * are plain JavaScript variables, everything else is requested from the engine's runtime and lies in its memory. Here
 * is what the compiler calls for the programs: new, make, append, conversions to interfaces, strings, closures.
 *
 * Which of append's three forms the compiler chooses is the program's to know. Slices that become an interface start
 * without a buffer on the stack, so `append` here is the plain form.
 *
 * Go 1.26: runtime/iface.go (convTslice, convTstring, convT64), runtime/string.go (concatstrings, slicebytetostring,
 * rawstring), runtime/malloc.go (newobject), internal/strconv/itoa.go (Itoa), strings/builder.go (Builder).
 */
import { loadPointer, storePointer } from "../../../engine/memory/address.ts";
import { load64, store64 } from "../../../engine/memory/layout.ts";
import { type Memory, NIL } from "../../../engine/memory/memory.ts";
import { writeDescriptor } from "../../../engine/process/descriptors.ts";
import type { GoType } from "../../../engine/process/types.ts";
import * as t from "../../../engine/process/types.ts";
import { zerobase } from "../../../engine/records/globals.ts";
import type { Type } from "../../../engine/records/type.ts";
import { mallocgc } from "../../../engine/runtime/malloc.ts";
import * as slices from "../../../engine/runtime/slice.ts";

/** One program: its Go source, and the same by hand. */
export interface Program {
  readonly name: string;
  /** As in the recordings; a recording of the same name with another source is another program. */
  readonly source: string;
  /** Runs it. @returns the data word of the `any` that it returns: an offset, or NIL */
  readonly run: (p: Process, n: number) => number;
}

/** A heap and the type descriptors of the program that runs on it. */
export class Process {
  readonly m: Memory;
  readonly #descriptors = new Map<GoType, Type>();

  constructor(m: Memory) {
    this.m = m;
  }

  /** The descriptor of a type, which the linker puts into every program that needs it. */
  type(goType: GoType): Type {
    let d = this.#descriptors.get(goType);
    if (d === undefined) {
      d = writeDescriptor(this.m, goType);
      this.#descriptors.set(goType, d);
    }
    return d;
  }
}

/** A defined type that is like a basic one but for its name. */
export function defined(name: string, like: GoType): GoType {
  return new t.GoType({ ...like, name, fields: like.fields });
}

/** `func(…) …`: a function value. */
export function funcType(name: string): GoType {
  return defined(name, t.func);
}

/** The closure of a function that captures these variables: its code's address, then they. */
export function closureType(...captured: GoType[]): GoType {
  return t.struct({ F: t.uintptr, ...Object.fromEntries(captured.map((c, i) => [`X${i}`, c])) });
}

/** An interface with methods, under its name. */
export function interfaceType(name: string): GoType {
  return defined(name, t.iface);
}

export const listNode = t.struct("main.listNode", { next: t.pointer("main.listNode"), val: t.int });
export const treeNode = t.struct("main.treeNode", {
  l: t.pointer("main.treeNode"),
  r: t.pointer("main.treeNode"),
  key: t.int,
  data: t.array(2, t.uint64),
});
export const rect = t.struct("main.rect", { a: t.float64, b: t.float64 });
export const shape = interfaceType("main.shape");

/** Offset of a field in its struct. */
export function fieldOf(type: GoType, name: string): number {
  const field = type.fields.find((f) => f.name === name);
  if (field === undefined) throw new Error(`${type.name} has no field ${name}`);
  return field.offset;
}

export { load64, loadPointer, NIL, store64, storePointer };

/** `new(T)`, and `&T{}` and variables that escape. */
export function newobject(p: Process, type: GoType): number {
  return mallocgc(p.m, type.size, p.type(type), true);
}

/** A slice in registers: offset of its array (NIL for none), length, capacity. */
export interface Slice {
  readonly array: number;
  readonly len: number;
  readonly cap: number;
}

export const nilSlice: Slice = { array: NIL, len: 0, cap: 0 };

/** `make([]T, n)`. */
export function make(p: Process, elem: GoType, n: number): Slice {
  return { array: slices.makeslice(p.m, p.type(elem), n, n), len: n, cap: n };
}

/** `append(s, …)` of `n` elements, which the caller writes afterwards. */
export function append(p: Process, s: Slice, n: number, elem: GoType): Slice {
  const len = s.len + n;
  if (len <= s.cap) return { array: s.array, len, cap: s.cap };
  const array = slices.growslice(p.m, s.array, len, s.cap, n, p.type(elem));
  return { array, len, cap: p.m.ret[0] };
}

/** Writes a slice's three words. */
export function storeSlice(p: Process, at: number, s: Slice): void {
  storePointer(p.m, at, s.array);
  store64(p.m, at + 8, s.len);
  store64(p.m, at + 16, s.cap);
}

/** A string in registers: offset of its bytes and their number. Bytes that the linker wrote have the offset NIL. */
export interface Str {
  readonly bytes: number;
  readonly len: number;
}

export const emptyString: Str = { bytes: NIL, len: 0 };

/** Writes a string's two words. */
export function storeString(p: Process, at: number, s: Str): void {
  storePointer(p.m, at, s.bytes);
  store64(p.m, at + 8, s.len);
}

/** Bytes for a string: exactly as many as asked for, and not cleared. */
export function rawstring(p: Process, size: number): number {
  return mallocgc(p.m, size, 0, false);
}

/** A string's bytes, of a literal or of one in memory. */
export type Bytes = Str | string;

function copyBytes(p: Process, to: number, s: Bytes): number {
  if (typeof s !== "string") p.m.u8.copyWithin(to, s.bytes, s.bytes + s.len);
  else for (let i = 0; i < s.length; i++) p.m.u8[to + i] = s.charCodeAt(i);
  return lengthOf(s);
}

function lengthOf(s: Bytes): number {
  return typeof s === "string" ? s.length : s.len;
}

/** `a + b + …` whose result escapes: a single part that is not empty is the result itself. */
export function concatstrings(p: Process, ...parts: Bytes[]): Str {
  const full = parts.filter((s) => lengthOf(s) > 0);
  if (full.length === 0) return emptyString;
  if (full.length === 1) return typeof full[0] === "string" ? { bytes: NIL, len: full[0].length } : full[0];
  const len = full.reduce((sum, s) => sum + lengthOf(s), 0);
  const bytes = rawstring(p, len);
  let at = bytes;
  for (const s of full) at += copyBytes(p, at, s);
  return { bytes, len };
}

/** `string(b)` that escapes. The strings of one byte are in every program. */
export function slicebytetostring(p: Process, b: string): Str {
  if (b.length === 0) return emptyString;
  if (b.length === 1) return { bytes: NIL, len: 1 };
  const bytes = rawstring(p, b.length);
  copyBytes(p, bytes, b);
  return { bytes, len: b.length };
}

/** `strconv.Itoa`: numbers below 100 are cut from one string of the program's. */
export function itoa(p: Process, i: number): Str {
  if (i >= 0 && i < 100) return { bytes: NIL, len: i < 10 ? 1 : 2 };
  return slicebytetostring(p, `${i}`);
}

/** `strings.Builder`. */
export class Builder {
  #buf = nilSlice;

  writeString(p: Process, s: string): void {
    const before = this.#buf.len;
    this.#buf = append(p, this.#buf, s.length, t.uint8);
    copyBytes(p, this.#buf.array + before, s);
  }

  /** Shares the bytes; nothing is allocated. */
  string(): Str {
    return { bytes: this.#buf.array, len: this.#buf.len };
  }
}

const sliceInterfacePtr = defined("runtime.sliceInterfacePtr", t.slice(t.uint8));
const stringInterfacePtr = defined("runtime.stringInterfacePtr", t.string);
const uint64InterfacePtr = defined("runtime.uint64InterfacePtr", t.uint64);

/** The data word for a value that needs no memory of its own: the program's zeros, or its table of small numbers. */
function staticValue(p: Process): number {
  return zerobase(p.m);
}

/** A slice as an interface's value. */
export function convTslice(p: Process, s: Slice): number {
  if (s.array === NIL) return staticValue(p);
  const x = newobject(p, sliceInterfacePtr);
  storeSlice(p, x, s);
  return x;
}

/** A string as an interface's value. */
export function convTstring(p: Process, s: Str): number {
  if (s.len === 0) return staticValue(p);
  const x = newobject(p, stringInterfacePtr);
  storeString(p, x, s);
  return x;
}

const word = new DataView(new ArrayBuffer(8));

/** A float64, or a struct of one, as an interface's value: its bits are a number of 64 bits. */
export function convFloat64(p: Process, v: number): number {
  word.setFloat64(0, v, true);
  const lo = word.getUint32(0, true);
  const hi = word.getUint32(4, true);
  if (hi === 0 && lo < 256) return staticValue(p);
  const x = mallocgc(p.m, 8, p.type(uint64InterfacePtr), false);
  p.m.u32[x >> 2] = lo;
  p.m.u32[(x >> 2) + 1] = hi;
  return x;
}

/** Writes an interface's two words. @param type dynamic type; its descriptor stands for the method table too */
export function storeInterface(p: Process, at: number, type: GoType, data: number): void {
  storePointer(p.m, at, p.type(type));
  storePointer(p.m, at + 8, data);
}

/** Writes a value of a basic integer type. */
export function storeInt(p: Process, at: number, type: GoType, v: number): void {
  if (type.size === 8) store64(p.m, at, v);
  else for (let i = 0; i < type.size; i++) p.m.u8[at + i] = v >> (8 * i);
}
