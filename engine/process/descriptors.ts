/**
 * Type descriptors in memory: what Go's linker puts into the read-only data of a program.
 *
 *   rodata: last 256 KiB of the data segment
 *   │ next free byte │ descriptor 48 bytes │ mask │ name │ descriptor …
 *
 * A mask longer than 2 KiB is not part of a program in Go either: it is made at run time, outside this area, and the
 * descriptor points to a pointer to it.
 *
 * Go 1.26: internal/abi/type.go (Type, Name), cmd/compile/internal/reflectdata/reflect.go (dcommontype, dgcsym).
 * Differs: only the common 48 bytes are written, without what follows for each kind.
 * Differs: a mask on demand is made together with its descriptor, not when it is first asked for.
 */

import { CellError } from "../memory/errors.ts";
import { DATA_BYTES, type Memory } from "../memory/memory.ts";
import { layout as globalsLayout, memstats } from "../records/globals.ts";
import { other_sysAt } from "../records/memstats.ts";
import type { Type } from "../records/type.ts";
import * as abi from "../records/type.ts";
import { persistentalloc } from "../runtime/persistentalloc.ts";
import { type GoType, Kind, markPointers } from "./types.ts";

/** Bytes at the end of the data segment that hold descriptors. */
export const rodataBytes = 256 * 1024;
/** Longest mask that a program carries; Go: maxPtrmaskBytes. */
const maxPtrmaskBytes = 2048;

if (globalsLayout.size > DATA_BYTES - rodataBytes) throw new Error("the globals reach into the type descriptors");

/** Cuts `n` bytes, 8-aligned, from the area. */
function rodataAlloc(m: Memory, n: number): number {
  const start = m.data + DATA_BYTES - rodataBytes;
  const next = m.i32[start >> 2] === 0 ? start + 8 : m.i32[start >> 2];
  const end = next + ((n + 7) & ~7);
  if (end > start + rodataBytes) {
    throw new CellError("cell/types-full", `type descriptors fill ${rodataBytes} bytes: use fewer types`, {
      bytes: rodataBytes,
    });
  }
  m.i32[start >> 2] = end;
  return next;
}

/** Writes the descriptor of `t` and gives its offset. */
export function writeDescriptor(m: Memory, t: GoType): Type {
  const d: Type = rodataAlloc(m, abi.layout.size);
  const words = t.ptrdata / 8;
  const onDemand = words > maxPtrmaskBytes * 8;
  abi.setSize(m, d, t.size);
  abi.setPtrBytes(m, d, t.ptrdata);
  abi.setHash(m, d, hashOf(t.name));
  abi.setAlign(m, d, t.align);
  abi.setFieldAlign(m, d, t.fieldAlign);
  abi.setKind(m, d, t.kind);
  abi.setTflag(m, d, flagsOf(t) | (onDemand ? abi.TFlagGCMaskOnDemand : 0));
  if (words > 0) abi.setGcData(m, d, onDemand ? maskOnDemand(m, t) : maskInRodata(m, t));
  abi.setStr(m, d, writeName(m, t.name) - (m.data + DATA_BYTES - rodataBytes));
  return d;
}

function flagsOf(t: GoType): number {
  const named = t.kind === Kind.Struct ? !t.name.startsWith("struct {") : t.kind <= Kind.Complex128;
  return (
    (named ? abi.TFlagNamed : 0) |
    (isRegularMemory(t) ? abi.TFlagRegularMemory : 0) |
    (t.size === 8 && t.ptrdata === 8 && t.kind !== Kind.Interface ? abi.TFlagDirectIface : 0)
  );
}

/** True when two values are equal exactly when their bytes are. */
function isRegularMemory(t: GoType): boolean {
  if (t.kind === Kind.Array) return isRegularMemory(t.elem!);
  if (t.kind === Kind.Struct) {
    const bytes = t.fields.reduce((sum, f) => sum + f.type.size, 0);
    return bytes === t.size && t.fields.every((f) => isRegularMemory(f.type)); // no padding
  }
  const compared = t.kind <= Kind.Uintptr || t.kind === Kind.Pointer || t.kind === Kind.UnsafePointer;
  return compared || t.kind === Kind.Chan;
}

/** The mask as bytes: bit i % 8 of byte i / 8 is word i. */
function maskBytes(t: GoType): Uint8Array {
  const words = new Uint8Array(t.ptrdata / 8);
  markPointers(t, words, 0);
  const bytes = new Uint8Array(((words.length + 63) >> 6) * 8); // whole words, as they are read
  for (let i = 0; i < words.length; i++) bytes[i >> 3] |= words[i] << (i & 7);
  return bytes;
}

function maskInRodata(m: Memory, t: GoType): number {
  const bytes = maskBytes(t);
  const at = rodataAlloc(m, bytes.length);
  m.u8.set(bytes, at);
  return at;
}

function maskOnDemand(m: Memory, t: GoType): number {
  const bytes = maskBytes(t);
  const mask = persistentalloc(m, bytes.length, 8, other_sysAt(memstats(m)));
  m.u8.set(bytes, mask);
  const at = rodataAlloc(m, 8);
  m.i32[at >> 2] = mask;
  return at;
}

/** abi.Name: a byte of flags, the length as a varint, the bytes. */
function writeName(m: Memory, name: string): number {
  const bytes = utf8(name);
  const length: number[] = [];
  for (let n = bytes.length; ; n >>= 7) {
    length.push(n < 0x80 ? n : (n & 0x7f) | 0x80);
    if (n < 0x80) break;
  }
  const at = rodataAlloc(m, 1 + length.length + bytes.length);
  m.u8.set(length, at + 1);
  m.u8.set(bytes, at + 1 + length.length);
  return at;
}

function utf8(s: string): number[] {
  const bytes: number[] = [];
  for (const ch of s) {
    const c = ch.codePointAt(0)!;
    if (c < 0x80) bytes.push(c);
    else if (c < 0x800) bytes.push(0xc0 | (c >> 6), 0x80 | (c & 63));
    else if (c < 0x10000) bytes.push(0xe0 | (c >> 12), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63));
    else bytes.push(0xf0 | (c >> 18), 0x80 | ((c >> 12) & 63), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63));
  }
  return bytes;
}

/** A hash of the name. Go hashes a description of the type; only that equal types have equal hashes matters. */
function hashOf(name: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193);
  return h >>> 0;
}
