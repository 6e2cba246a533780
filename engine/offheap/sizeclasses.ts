/**
 * Size classes, four to a doubling: 8, then multiples of 16 up to 128, then 160 192 224 256, 320 384 448 512, and so on.
 *
 * Between 2^k and 2^(k+1) lie four classes, 2^(k-2) apart. So a request is rounded up by less than a quarter of itself
 * (from 64 bytes on), no matter how large: Go's 67 hand-tuned classes end at 32 KiB, these go on to the end of memory.
 *
 *   small   up to 14 KiB    36 classes; regions of one class share a slab
 *   large   from 16 KiB on  whole pages: an extent each
 *
 * A slab is the shortest run of pages that its regions fill exactly, the least common multiple of region and page: at
 * most seven pages, and never a tail. Go's spans may have one.
 *
 * The spacing is that of jemalloc's manual for 4 KiB pages and a quantum of 16 bytes; the generator is ours.
 */
import { pageBytes } from "./pages.ts";

/** A class of small sizes. @zh 一个小尺寸类。 */
export interface SizeClass {
  /** Number of the class, from 0. @zh 尺寸类的编号，从 0 起。 */
  readonly index: number;
  /** Bytes of a region. @zh 一个区域的字节数。 */
  readonly size: number;
  /** Pages of a slab. @zh 一个 slab 的页数。 */
  readonly slabPages: number;
  /** Regions in a slab. @zh 一个 slab 里的区域数。 */
  readonly regions: number;
}

/** Classes of sizes below the first large one, 16 KiB. */
export const numSmall = 36;
/** All classes, up to 1 GiB. */
export const numClasses = 101;
/** Lengths that a run of pages is filed under: 1 2 3 4 5 6 7 8 10 12 14 16 20 … pages. */
export const numPageClasses = 68;
/** The largest request, in bytes. */
export const maxSize = 2 ** 30;

/** The class of a size from 1 to `maxSize`: the first that is at least as large. */
export function classOf(size: number): number {
  if (size <= 64) return size <= 8 ? 0 : (size + 15) >> 4;
  const lg = 31 - Math.clz32(size - 1); // 2^lg < size <= 2^(lg+1)
  return 5 + 4 * (lg - 6) + (((size - 1) >> (lg - 2)) & 3);
}

/** Bytes of a class. */
export function classBytes(index: number): number {
  if (index <= 4) return index === 0 ? 8 : 16 * index;
  const group = (index - 5) >> 2;
  return (5 + ((index - 5) & 3)) << (4 + group);
}

/** The page class of a run of at least this many pages: the first whose length is not smaller. */
export function pageClassOf(pages: number): number {
  if (pages <= 4) return pages - 1;
  const lg = 31 - Math.clz32(pages - 1);
  return 4 + 4 * (lg - 2) + (((pages - 1) >> (lg - 2)) & 3);
}

/** Pages of a page class. */
export function pagesOfClass(index: number): number {
  return index < 4 ? index + 1 : (5 + ((index - 4) & 3)) << ((index - 4) >> 2);
}

/** The page class that a free run of this many pages is filed under: the last whose length is not larger. */
export function pageClassFloor(pages: number): number {
  const up = pageClassOf(pages);
  return pagesOfClass(up) === pages ? up : up - 1;
}

/** Pages of the slabs of a small class: the fewest that its regions fill without a rest. */
function slabPagesOf(size: number): number {
  let pages = 1;
  while ((pages * pageBytes) % size !== 0) pages++;
  return pages;
}

/** The small classes, in order. */
export const smallClasses: readonly SizeClass[] = Array.from({ length: numSmall }, (_, index) => {
  const size = classBytes(index);
  const slabPages = slabPagesOf(size);
  return { index, size, slabPages, regions: (slabPages * pageBytes) / size };
});
