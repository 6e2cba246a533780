/** One slot as plain data: whose it is, and its bytes, whether it is free or not. */
import { addressOf, formatAddress } from "../memory/address.ts";
import { CellError } from "../memory/errors.ts";
import type { Memory } from "../memory/memory.ts";
import { hexBytes } from "../observe/snapshot.ts";
import * as mspan from "../records/mspan.ts";
import { isFree, objIndex } from "../runtime/mbitmap.ts";
import { spanOfHeap } from "../runtime/mheap.ts";

/** Bytes of a slot that are shown at most. */
const mostBytes = 4096;

/**
 * A slot, and what lies in it.
 * @zh 一个槽，以及里面的内容。
 */
export interface SlotView {
  /** Address of its first byte. @zh 第一个字节的地址。 */
  readonly address: string;
  /** Address of its span. @zh 所在 span 的地址。 */
  readonly span: string;
  /** Its number. @zh 槽的编号。 */
  readonly slot: number;
  /** Bytes of a slot. @zh 一个槽的字节数。 */
  readonly elemsize: number;
  /** True when it is given out, as the allocator sees it. @zh 在分配器看来已经发放时为真。 */
  readonly isAllocated: boolean;
  /** The span's: not 0 when its slots may hold old bytes. @zh span 的字段：不为 0 表示槽里可能有旧数据。 */
  readonly needzero: number;
  /** Its bytes, two hexadecimal digits each; of a large slot the first 4096. @zh 各字节，每个两位十六进制；大的槽只取前 4096 个。 */
  readonly bytes: string;
}

export function slotView(m: Memory, off: number): SlotView {
  const s = spanOfHeap(m, off);
  const address = formatAddress(addressOf(m, off));
  if (s === 0) throw new CellError("cell/address", `no span of objects holds ${address}`, { given: address });
  const elemsize = mspan.elemsize(m, s);
  const slot = objIndex(m, s, off);
  const at = mspan.startAddr(m, s) + slot * elemsize;
  return {
    address: formatAddress(addressOf(m, at)),
    span: formatAddress(addressOf(m, mspan.startAddr(m, s))),
    slot,
    elemsize,
    isAllocated: !isFree(m, s, slot),
    needzero: mspan.needzero(m, s),
    bytes: hexBytes(m.u8.subarray(at, at + Math.min(elemsize, mostBytes))),
  };
}
