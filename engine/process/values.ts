/**
 * Values of Go's basic types in memory, as plain JavaScript values.
 *
 * Every address that is used here is aligned to its type: mallocgc and the type's layout see to it.
 */

import { CellError } from "../memory/errors.ts";
import { load64, store64 } from "../memory/layout.ts";
import type { Memory } from "../memory/memory.ts";
import { hex64 } from "../memory/u64.ts";
import { type GoType, Kind } from "./types.ts";

/**
 * What a scalar field holds: a number, a truth value, two numbers, or hexadecimal digits if a number cannot say it.
 * @zh 标量字段里的值：数、真假、一对数；超出 number 精确范围的整数写成十六进制文本。
 */
export type Scalar = number | boolean | string | readonly [number, number];

/** True for types whose values are held by value: numbers and truth values. */
export function isScalar(t: GoType): boolean {
  return t.kind >= Kind.Bool && t.kind <= Kind.Complex128;
}

const intRange: Readonly<Record<number, readonly [number, number]>> = {
  [Kind.Int8]: [-128, 127],
  [Kind.Uint8]: [0, 255],
  [Kind.Int16]: [-32768, 32767],
  [Kind.Uint16]: [0, 65535],
  [Kind.Int32]: [-(2 ** 31), 2 ** 31 - 1],
  [Kind.Uint32]: [0, 2 ** 32 - 1],
  [Kind.Int]: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  [Kind.Int64]: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  [Kind.Uint]: [0, Number.MAX_SAFE_INTEGER],
  [Kind.Uint64]: [0, Number.MAX_SAFE_INTEGER],
  [Kind.Uintptr]: [0, Number.MAX_SAFE_INTEGER],
};

/** The value of basic type `t` at `off`. */
export function loadScalar(m: Memory, off: number, t: GoType): Scalar {
  switch (t.kind) {
    case Kind.Bool:
      return m.u8[off] !== 0;
    case Kind.Int8:
      return (m.u8[off] << 24) >> 24;
    case Kind.Uint8:
      return m.u8[off];
    case Kind.Int16:
      return (m.u16[off >> 1] << 16) >> 16;
    case Kind.Uint16:
      return m.u16[off >> 1];
    case Kind.Int32:
      return m.i32[off >> 2];
    case Kind.Uint32:
      return m.u32[off >> 2];
    case Kind.Int:
    case Kind.Int64:
      return exact(m, off, load64(m, off));
    case Kind.Uint:
    case Kind.Uint64:
    case Kind.Uintptr:
      return exact(m, off, m.u32[(off + 4) >> 2] * 2 ** 32 + m.u32[off >> 2]);
    case Kind.Float32:
      return float32At(m, off);
    case Kind.Float64:
      return m.f64[off >> 3];
    case Kind.Complex64:
      return [float32At(m, off), float32At(m, off + 4)];
    default:
      return [m.f64[off >> 3], m.f64[(off + 8) >> 3]];
  }
}

/** Stores a value of basic type `t` at `off`. @throws {CellError} `cell/value` when the type cannot hold it */
export function storeScalar(m: Memory, off: number, t: GoType, v: unknown): void {
  const range = intRange[t.kind];
  if (range !== undefined) {
    if (typeof v !== "number" || !Number.isInteger(v) || v < range[0] || v > range[1]) throw badValue(t, v);
    storeInt(m, off, t.size, v);
    return;
  }
  switch (t.kind) {
    case Kind.Bool:
      if (typeof v !== "boolean") throw badValue(t, v);
      m.u8[off] = v ? 1 : 0;
      return;
    case Kind.Float32:
      setFloat32(m, off, number(t, v));
      return;
    case Kind.Float64:
      m.f64[off >> 3] = number(t, v);
      return;
    default: {
      const [re, im] = pair(t, v);
      if (t.kind === Kind.Complex64) {
        setFloat32(m, off, re);
        setFloat32(m, off + 4, im);
      } else {
        m.f64[off >> 3] = re;
        m.f64[(off + 8) >> 3] = im;
      }
    }
  }
}

function storeInt(m: Memory, off: number, size: number, v: number): void {
  if (size === 1) m.u8[off] = v;
  else if (size === 2) m.u16[off >> 1] = v;
  else if (size === 4) m.i32[off >> 2] = v;
  else store64(m, off, v);
}

/** The number, or the word's digits where a number would not be exact. */
function exact(m: Memory, off: number, v: number): number | string {
  return Number.isSafeInteger(v) ? v : hex64(m.i32[off >> 2], m.i32[(off + 4) >> 2]);
}

function float32At(m: Memory, off: number): number {
  return new DataView(m.buffer).getFloat32(off, true);
}

function setFloat32(m: Memory, off: number, v: number): void {
  new DataView(m.buffer).setFloat32(off, v, true);
}

function number(t: GoType, v: unknown): number {
  if (typeof v !== "number") throw badValue(t, v);
  return v;
}

function pair(t: GoType, v: unknown): readonly [number, number] {
  if (!Array.isArray(v) || v.length !== 2) throw badValue(t, v);
  return [number(t, v[0]), number(t, v[1])];
}

function badValue(t: GoType, v: unknown): CellError {
  const shown = typeof v === "object" || typeof v === "function" ? typeof v : String(v);
  return new CellError("cell/value", `${shown} is no value of type ${t.name}`, { value: shown, type: t.name });
}
