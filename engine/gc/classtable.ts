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
import { NumSizeClasses, PageSize, SizeClassToNPages, SizeClassToSize } from "./sizeclasses.ts";

/** A row of the table: sizes in bytes. */
export interface ClassFigures {
  readonly sizeclass: number;
  readonly size: number;
  readonly npages: number;
  readonly spanBytes: number;
  /** Slots in a span, by the plain quotient. */
  readonly objects: number;
  readonly tailWaste: number;
  /** Share of the span, 0 to 1. */
  readonly maxWaste: number;
  readonly minAlign: number;
}

/** The figures of one size class. @param sizeclass 1 to 67 */
export function classFigures(sizeclass: number): ClassFigures {
  if (!Number.isInteger(sizeclass) || sizeclass < 1 || sizeclass >= NumSizeClasses) {
    throw new RangeError(`sizeclass is ${sizeclass}: use 1 to ${NumSizeClasses - 1}`);
  }
  const size = SizeClassToSize[sizeclass];
  const npages = SizeClassToNPages[sizeclass];
  const spanBytes = npages * PageSize;
  const objects = Math.floor(spanBytes / size);
  const tailWaste = spanBytes - objects * size;
  const slack = size - SizeClassToSize[sizeclass - 1] - 1; // of a slot with the smallest object of this class
  const maxWaste = (slack * objects + tailWaste) / spanBytes;
  const minAlign = Math.min(PageSize, size & -size);
  return { sizeclass, size, npages, spanBytes, objects, tailWaste, maxWaste, minAlign };
}
