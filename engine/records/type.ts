/**
 * abi.Type: the descriptor that a typed allocation carries, in Go's own 48 bytes.
 *
 * The allocator reads Size_, PtrBytes and, for slots of at most 512 bytes, the mask behind GCData: bit i of the mask
 * says that word i of a value holds a pointer; words at or past PtrBytes/8 hold none and have no bit.
 *
 * Go 1.26: internal/abi/type.go (Type, TFlag, Kind).
 */
import { Layout } from "../memory/layout.ts";
import type { Ptr } from "../memory/memory.ts";

export type Type = Ptr<"type">;

export const layout = new Layout("type", 48);
/** Bytes of a value. */
export const [size, setSize] = layout.uptr("Size_");
/** Bytes at the front of a value outside which no pointer lies; 0 for pointer-free types. */
export const [ptrBytes, setPtrBytes] = layout.uptr("PtrBytes");
export const [hash, setHash] = layout.u32("Hash");
export const [tflag, setTflag] = layout.u8("TFlag");
export const [align, setAlign] = layout.u8("Align_");
export const [fieldAlign, setFieldAlign] = layout.u8("FieldAlign_");
export const [kind, setKind] = layout.u8("Kind_");
layout.ptr("Equal"); // a code pointer in Go; there is no code here
export const [gcData, setGcData] = layout.ptr<"mask">("GCData");
/** Offset of the name's length and bytes in the engine's own type data. */
export const [str, setStr] = layout.i32("Str");
export const [ptrToThis, setPtrToThis] = layout.i32("PtrToThis");
layout.seal();

/** The type has a name. */
export const TFlagNamed = 1 << 2;
/** Equality and hashing may treat a value as plain bytes. */
export const TFlagRegularMemory = 1 << 3;
/** GCData points to a pointer to the mask, which is built when first asked for. */
export const TFlagGCMaskOnDemand = 1 << 4;
/** A value is one pointer and nothing else, so an interface holds it directly. */
export const TFlagDirectIface = 1 << 5;
