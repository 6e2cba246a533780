/**
 * The size classes in figures: what Go's generator prints above its table, computed from ours.
 *
 *   tail waste   bytes at a span's end that are too few for one more slot
 *   max waste    the worst case: every slot holds an object one byte larger than the class below, and the tail on top
 *   min align    what every slot's address is a multiple of, since spans begin on a page
 *
 * Nothing in the allocator reads these; tests and pages do. The plain quotient `objects` ignores what a span keeps for
 * its own bitmaps (see mspan.nelems).
 *
 * Go 1.26: runtime/_mkmalloc/mksizeclasses.go (printComment).
 */
import { MaxTailWaste, makeClasses, NumSizeClasses, PageSize } from "./sizeclasses.ts";

/** A row of the table: sizes in bytes. @zh 表的一行，大小以字节计。 */
export interface ClassFigures {
  /** Number of the size class, from 1. @zh 尺寸类的编号，从 1 开始。 */
  readonly sizeclass: number;
  /** Bytes of a slot. @zh 一个槽的字节数。 */
  readonly size: number;
  /** Pages of a span. @zh 一个 span 的页数。 */
  readonly npages: number;
  /** Bytes of a span. @zh 一个 span 的字节数。 */
  readonly spanBytes: number;
  /** Slots in a span, by the plain quotient. @zh 一个 span 的槽数，只做除法，不扣位图。 */
  readonly objects: number;
  /** Bytes at its end that are too few for a slot. @zh 末尾不够放一个槽的字节数。 */
  readonly tailWaste: number;
  /** Most that can be wasted, as a share of the span, 0 to 1. @zh 最坏情况下浪费的比例，0 到 1。 */
  readonly maxWaste: number;
  /** What every slot's address is a multiple of. @zh 每个槽的地址都是它的倍数。 */
  readonly minAlign: number;
}

/**
 * The table of size classes as Go's generator makes it, with its one figure to turn.
 * @zh 按 Go 的生成规则算出的尺寸类表；其中只有一个数可调。
 *
 * @param maxTailWaste share of a span that may be left over at its end, 1/64 to 1; Go's is 1/8
 * @throws {RangeError}
 */
export function sizeClasses(maxTailWaste = MaxTailWaste): ClassFigures[] {
  if (!(maxTailWaste >= 1 / 64 && maxTailWaste <= 1)) {
    throw new RangeError(`maxTailWaste is ${maxTailWaste}: use 1/64 to 1`);
  }
  const classes = makeClasses(maxTailWaste);
  return classes.slice(1).map(({ size, npages }, i) => {
    const spanBytes = npages * PageSize;
    const objects = Math.floor(spanBytes / size);
    const tailWaste = spanBytes - objects * size;
    const slack = size - classes[i].size - 1; // of a slot with the smallest object of this class
    const maxWaste = (slack * objects + tailWaste) / spanBytes;
    return {
      sizeclass: i + 1,
      size,
      npages,
      spanBytes,
      objects,
      tailWaste,
      maxWaste,
      minAlign: Math.min(PageSize, size & -size),
    };
  });
}

const table = sizeClasses();

/** The figures of one size class. @param sizeclass 1 to 67 */
export function classFigures(sizeclass: number): ClassFigures {
  if (!Number.isInteger(sizeclass) || sizeclass < 1 || sizeclass >= NumSizeClasses) {
    throw new RangeError(`sizeclass is ${sizeclass}: use 1 to ${NumSizeClasses - 1}`);
  }
  return table[sizeclass - 1];
}
