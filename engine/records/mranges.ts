/**
 * addrRanges: a sorted array of address ranges that neither touch nor overlap.
 *
 * Addresses are Go's own as signed numbers, so that their order is Go's offset order.
 *
 * Go 1.26: runtime/mranges.go (addrRange, addrRanges).
 */
import { Layout } from "../memory/layout.ts";
import type { Ptr } from "../memory/memory.ts";

export type AddrRange = Ptr<"addrRange">;
export type AddrRanges = Ptr<"addrRanges">;

export const rangeLayout = new Layout("addrRange", 16);
export const [base, setBase] = rangeLayout.i64("base");
/** First address behind the range. */
export const [limit, setLimit] = rangeLayout.i64("limit");
rangeLayout.seal();

export const layout = new Layout("addrRanges", 40);
export const [ranges, setRanges] = layout.ptr<"addrRange">("ranges");
export const [rangesLen, setRangesLen] = layout.uptr("len");
export const [rangesCap, setRangesCap] = layout.uptr("cap");
export const [totalBytes, setTotalBytes] = layout.i64("totalBytes");
/** Offset of the statistic that new backing arrays are counted in. */
export const [sysStat, setSysStat] = layout.ptr("sysStat");
layout.seal();

/** Range number `i`. */
export function at(m: { readonly i32: Int32Array }, a: AddrRanges, i: number): AddrRange {
  return m.i32[(a as number) >> 2] + 16 * i;
}
