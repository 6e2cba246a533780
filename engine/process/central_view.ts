/** An mcentral as plain data: its four sets, span by span. */
import { addressOf, formatAddress } from "../memory/address.ts";
import type { Memory } from "../memory/memory.ts";
import { centralSets } from "../observe/snapshot.ts";
import type { SpanSetName } from "../observe/types.ts";
import { mheap_ } from "../records/globals.ts";
import * as mheap from "../records/mheap.ts";
import * as mspan from "../records/mspan.ts";

/**
 * A span in a set of an mcentral.
 * @zh mcentral 某个集合里的一个 span。
 */
export interface CentralSpan {
  /** Address of its first byte. @zh 第一个字节的地址。 */
  readonly span: string;
  /** Its sweepgen; two below the heap's: to be swept. @zh 它的 sweepgen；比堆的小 2 表示待清扫。 */
  readonly sweepgen: number;
  /** Number of slots. @zh 槽的个数。 */
  readonly nelems: number;
  /** Slots that are taken, as of its last sweep and what was allocated since. @zh 已占用的槽数。 */
  readonly allocCount: number;
}

/**
 * The four sets of one span class. A set may still hold a span that somebody swept meanwhile: it is passed over later.
 * @zh 某个 span 类的四个集合。集合里可能还有已被别处清扫的 span，取到它时才跳过。
 */
export interface CentralView extends Readonly<Record<SpanSetName, readonly CentralSpan[]>> {
  /** Size class times 2, plus 1 without pointers. @zh 尺寸类乘 2，不含指针再加 1。 */
  readonly spanclass: number;
  /** The heap's sweepgen. @zh 堆的 sweepgen。 */
  readonly sweepgen: number;
}

export function centralView(m: Memory, spanclass: number): CentralView {
  const row = (s: mspan.MSpan): CentralSpan => ({
    span: formatAddress(addressOf(m, mspan.startAddr(m, s))),
    sweepgen: mspan.sweepgen(m, s),
    nelems: mspan.nelems(m, s),
    allocCount: mspan.allocCount(m, s),
  });
  const sets = centralSets(m, spanclass);
  return {
    spanclass,
    sweepgen: mheap.sweepgen(m, mheap_(m)),
    partialSwept: sets.partialSwept.map(row),
    partialUnswept: sets.partialUnswept.map(row),
    fullSwept: sets.fullSwept.map(row),
    fullUnswept: sets.fullUnswept.map(row),
  };
}
