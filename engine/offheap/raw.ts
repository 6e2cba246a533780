/**
 * Bytes as a C program sees them: an address, and what one takes to lie there. Nobody checks whether a block lives;
 * only an address without memory behind it faults, as the processor would.
 */
import { addressOf, formatAddress, offsetOf } from "../memory/address.ts";
import type { Memory } from "../memory/memory.ts";
import { offheapError } from "./errors.ts";
import { isMapped } from "./pages.ts";

/**
 * What a value in memory is. A "pointer" is 8 bytes, read and written as an address such as "0xc000012340".
 * @zh 内存中一个值的类型。"pointer" 占 8 字节，读写的是 "0xc000012340" 这样的地址。
 */
export type RawKind =
  | "int8"
  | "uint8"
  | "int16"
  | "uint16"
  | "int32"
  | "uint32"
  | "int64"
  | "uint64"
  | "float32"
  | "float64"
  | "pointer";

/**
 * A value in memory: a number, or an address; a 64-bit integer that no number can say exactly is its hexadecimal digits.
 * @zh 内存中的值：数或地址；数表示不了的 64 位整数以十六进制数字给出。
 */
export type RawValue = number | string;

const bytesOf: Readonly<Record<RawKind, number>> = {
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  uint64: 8,
  float32: 4,
  float64: 8,
  pointer: 8,
};

const ranges: Readonly<Partial<Record<RawKind, readonly [number, number]>>> = {
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32768, 32767],
  uint16: [0, 65535],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  uint64: [0, Number.MAX_SAFE_INTEGER],
};

/** Bytes of a kind. @throws {CellError} `offheap/value` for a name that is none */
export function kindBytes(kind: RawKind): number {
  const n = bytesOf[kind];
  if (n !== undefined) return n;
  const kinds = Object.keys(bytesOf).join(", ");
  throw offheapError("offheap/value", `${String(kind)} is no kind of value: use ${kinds}`, {
    kind: String(kind),
    kinds,
  });
}

/** The offset that an address names. @throws {CellError} `offheap/value` */
export function parseAddress(m: Memory, address: string): number {
  const addr = /^0x[0-9a-f]{1,13}$/i.test(address) ? Number(address) : Number.NaN;
  if (Number.isNaN(addr)) {
    throw offheapError("offheap/value", `${address} is no address: write one as 0xc000012340`, { address });
  }
  return offsetOf(m, addr) ?? fault(address);
}

function fault(address: string): never {
  throw offheapError(
    "offheap/fault",
    `no memory at ${address}: the operating system never gave these pages, or has them back. A real program would get a segmentation fault`,
    { address },
  );
}

function touch(m: Memory, off: number, n: number): DataView {
  if (!isMapped(m, off, n)) fault(formatAddress(addressOf(m, off)));
  return new DataView(m.buffer, off, n);
}

/** Reads what lies at `off`. @throws {CellError} `offheap/fault` */
export function readRaw(m: Memory, off: number, kind: RawKind): RawValue {
  const v = touch(m, off, kindBytes(kind));
  switch (kind) {
    case "int8":
      return v.getInt8(0);
    case "uint8":
      return v.getUint8(0);
    case "int16":
      return v.getInt16(0, true);
    case "uint16":
      return v.getUint16(0, true);
    case "int32":
      return v.getInt32(0, true);
    case "uint32":
      return v.getUint32(0, true);
    case "float32":
      return v.getFloat32(0, true);
    case "float64":
      return v.getFloat64(0, true);
    case "pointer":
      return digits(v);
    default: {
      const hi = kind === "int64" ? v.getInt32(4, true) : v.getUint32(4, true);
      const n = hi * 2 ** 32 + v.getUint32(0, true);
      return Number.isSafeInteger(n) ? n : digits(v);
    }
  }
}

/** The eight bytes as one hexadecimal number. */
function digits(v: DataView): string {
  const hi = v.getUint32(4, true);
  const lo = v.getUint32(0, true).toString(16);
  return hi === 0 ? `0x${lo}` : `0x${hi.toString(16)}${lo.padStart(8, "0")}`;
}

/**
 * Writes a value at `off`.
 *
 * @param value a number; for a pointer an address, something that has one, or null
 * @throws {CellError} `offheap/fault`, `offheap/value`
 */
export function writeRaw(m: Memory, off: number, kind: RawKind, value: unknown): void {
  const n = kindBytes(kind);
  if (kind === "pointer") {
    const addr = addressIn(value);
    const v = touch(m, off, n);
    v.setUint32(0, addr % 2 ** 32, true);
    v.setUint32(4, Math.floor(addr / 2 ** 32), true);
    return;
  }
  const range = ranges[kind];
  const isFit =
    typeof value === "number" &&
    (range === undefined || (Number.isInteger(value) && value >= range[0] && value <= range[1]));
  if (!isFit) throw badValue(kind, value);
  const v = touch(m, off, n);
  if (kind === "float32") v.setFloat32(0, value, true);
  else if (kind === "float64") v.setFloat64(0, value, true);
  else if (n === 1) v.setInt8(0, value);
  else if (n === 2) v.setInt16(0, value, true);
  else v.setInt32(0, value, true);
  if (n === 8 && kind !== "float64") v.setInt32(4, Math.floor(value / 2 ** 32), true);
}

function addressIn(value: unknown): number {
  if (value === null) return 0;
  const text = typeof value === "object" ? (value as { address?: unknown }).address : value;
  if (typeof text !== "string" || !/^0x[0-9a-f]{1,13}$/i.test(text)) throw badValue("pointer", value);
  return Number(text);
}

function badValue(kind: RawKind, value: unknown): Error {
  const shown = typeof value === "object" || typeof value === "function" ? typeof value : String(value);
  return offheapError("offheap/value", `${shown} is no value of kind ${kind}`, { value: shown, kind });
}
