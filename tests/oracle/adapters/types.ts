/** `types`: a type's descriptor in memory, and where one value of it is put. */
import { MallocHeaderSize } from "../../../engine/gc/sizeclasses.ts";
import type { Memory } from "../../../engine/memory/memory.ts";
import { writeDescriptor } from "../../../engine/process/descriptors.ts";
import * as goTypes from "../../../engine/process/types.ts";
import { zerobase } from "../../../engine/records/globals.ts";
import * as mspan from "../../../engine/records/mspan.ts";
import type { Type } from "../../../engine/records/type.ts";
import * as abi from "../../../engine/records/type.ts";
import { mallocgc } from "../../../engine/runtime/malloc.ts";
import { objIndex } from "../../../engine/runtime/mbitmap.ts";
import { spanOf } from "../../../engine/runtime/mheap.ts";
import { Ev, Path } from "../../../engine/runtime/trace.ts";
import { getGCMask } from "../../../engine/runtime/type.ts";
import { Value } from "../shape.ts";
import type { Adapter } from "./adapter.ts";
import { bootHeap } from "./heap.ts";

/** Descriptors have a bounded area in a process: a new process for every so many types. */
const TYPES_PER_PROCESS = 64;

export const types: Adapter = {
  phases: ["descriptor", "new"],
  replay(recording, tally) {
    let m = bootHeap();
    for (const [i, line] of recording.lines.entries()) {
      if (i % TYPES_PER_PROCESS === TYPES_PER_PROCESS - 1) m = bootHeap();
      const value = new Value(recording, line);
      const goType = typeOf(value.get("type"));
      tally.begin(recording.file, line.line, "descriptor");
      tally.operation();
      const typ = writeDescriptor(m, goType);
      tally.same("size", value.get("size").int(), abi.size(m, typ));
      tally.same("align", value.get("align").int(), abi.align(m, typ));
      tally.same("fieldAlign", value.get("fieldAlign").int(), abi.fieldAlign(m, typ));
      tally.same("kind", value.get("kind").int(), abi.kind(m, typ));
      tally.same("ptrdata", value.get("ptrdata").int(), abi.ptrBytes(m, typ));
      tally.same("mask", value.get("mask").text(), maskOf(m, typ));
      tally.phase("new");
      tally.operation();
      const expected = value.get("new");
      for (const [field, got] of Object.entries(allocate(m, typ))) tally.same(field, expected.get(field).raw, got);
    }
  },
};

const named: Readonly<Record<string, goTypes.GoType>> = {
  ...{ bool: goTypes.bool, string: goTypes.string, uintptr: goTypes.uintptr },
  ...{ int: goTypes.int, int8: goTypes.int8, int16: goTypes.int16, int32: goTypes.int32, int64: goTypes.int64 },
  ...{
    uint: goTypes.uint,
    uint8: goTypes.uint8,
    uint16: goTypes.uint16,
    uint32: goTypes.uint32,
    uint64: goTypes.uint64,
  },
  ...{
    float32: goTypes.float32,
    float64: goTypes.float64,
    complex64: goTypes.complex64,
    complex128: goTypes.complex128,
  },
  ...{ slice: goTypes.sliceHeader, iface: goTypes.iface, eface: goTypes.eface, func: goTypes.func, map: goTypes.map },
  ...{ chan: goTypes.chan, ptr: goTypes.pointer(goTypes.uint8), "unsafe.Pointer": goTypes.unsafePointer },
};

/** The type that a recording describes: a name, {array, elem} or {struct: […]}. */
function typeOf(value: Value): goTypes.GoType {
  if (value.has("array")) return goTypes.array(value.get("array").int(), typeOf(value.get("elem")));
  if (value.has("struct")) {
    const fields = value.get("struct").list();
    return goTypes.struct(Object.fromEntries(fields.map((field, i) => [`F${i}`, typeOf(field)])));
  }
  return Object.hasOwn(named, value.text())
    ? named[value.text()]
    : value.fail(`one of ${Object.keys(named)} is wanted`);
}

/** The pointer mask as the collector would read it, a digit a word. */
function maskOf(m: Memory, typ: Type): string {
  if (abi.ptrBytes(m, typ) === 0) return "";
  const mask = getGCMask(m, typ);
  const words = abi.ptrBytes(m, typ) / 8;
  return Array.from({ length: words }, (_, i) => (m.u8[mask + (i >> 3)] >> (i & 7)) & 1).join("");
}

/** What one allocation of the type used, as the recording words it. */
function allocate(m: Memory, typ: Type): Record<string, unknown> {
  let path = -1;
  m.trace = {
    event: (kind, a) => {
      if (kind === Ev.path) path = a;
    },
  };
  const off = mallocgc(m, abi.size(m, typ), typ, true);
  m.trace = null;
  if (off === zerobase(m)) {
    return { zeroSized: path === Path.zero, spanclass: 0, elemsize: 0, mallocHeader: false, offsetInSlot: null };
  }
  const s = spanOf(m, off);
  const isTiny = path === Path.tiny;
  const offsetInSlot = off - mspan.startAddr(m, s) - objIndex(m, s, off) * mspan.elemsize(m, s);
  return {
    zeroSized: false,
    spanclass: mspan.spanclass(m, s),
    elemsize: mspan.elemsize(m, s),
    mallocHeader: !isTiny && offsetInSlot === MallocHeaderSize && m.i32[(off - MallocHeaderSize) >> 2] === typ,
    offsetInSlot: isTiny ? "tiny" : offsetInSlot,
  };
}
