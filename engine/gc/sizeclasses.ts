/**
 * Size classes: the 67 slot sizes that small objects are rounded up to, and how many pages a span of each takes.
 *
 * The rule behind the table: walk all sizes upward in steps of the alignment; a size becomes a class of its own when
 * its span (grown until less than 1/8 is left over) holds another number of objects than the class before, else it
 * replaces that class. At last each class is widened as far as its span still holds as many objects.
 * So no object wastes more than about 1/8 of its span at the tail, and the table is short enough for one byte.
 *
 * The tables are made by this generator when the module loads: there is no generated file that could go stale, and
 * it takes less than a millisecond. A test holds them equal to a recording of Go's.
 *
 * Go 1.26: internal/runtime/gc/sizeclasses.go, internal/runtime/gc/malloc.go, runtime/_mkmalloc/mksizeclasses.go.
 */

export const PageShift = 13;
/** Bytes of a page, the unit that spans are made of. */
export const PageSize = 8192;
/** Smallest slot and its alignment. */
export const MinHeapAlign = 8;
/** Largest slot that shares a span with others. */
export const MaxSmallSize = 32768;
/** Up to here less 8 bytes, class lookup goes in steps of 8 bytes; above in steps of 128. */
export const SmallSizeMax = 1024;
export const SmallSizeDiv = 8;
export const LargeSizeDiv = 128;
/** Class 0 stands for large objects. */
export const NumSizeClasses = 68;
/** Two per size class: with pointers (even) and without (odd). */
export const NumSpanClasses = 2 * NumSizeClasses;
/** Block that objects without pointers of fewer bytes share. */
export const TinySize = 16;
/** Bytes of the type pointer before an object with pointers in a slot of more than 512 bytes. */
export const MallocHeaderSize = 8;
/** Slots up to this many bytes keep their pointer bits at the end of the span and have no header. */
export const MinSizeForMallocHeader = 512;

/** One row of the table. */
export interface SizeClass {
  readonly size: number;
  readonly npages: number;
}

/** Distance to the next size that is considered, from `size` on. */
function alignAt(size: number): number {
  if (size >= 2048) return 256;
  if (size >= 128) return size / 8;
  return size >= 32 ? 16 : MinHeapAlign;
}

/** Share of a span that may be left over at its end. */
export const MaxTailWaste = 1 / 8;

/** Pages of a span for slots of `size` bytes: as few as leave at most this share of it over. */
function pagesFor(size: number, maxTailWaste: number): number {
  let npages = 1;
  while ((npages * PageSize) % size > npages * PageSize * maxTailWaste) npages++;
  return npages;
}

/** Makes the table, class 0 included. Go's own is that for `MaxTailWaste`. @param maxTailWaste from 1/64 to 1 */
export function makeClasses(maxTailWaste = MaxTailWaste): SizeClass[] {
  const classes: SizeClass[] = [{ size: 0, npages: 0 }];
  let align = MinHeapAlign;
  for (let size = align; size <= MaxSmallSize; size += align) {
    if ((size & (size - 1)) === 0) align = alignAt(size);
    const npages = pagesFor(size, maxTailWaste);
    const last = classes[classes.length - 1];
    const objects = Math.floor((npages * PageSize) / size);
    if (last.size > 0 && npages === last.npages && objects === Math.floor((npages * PageSize) / last.size)) {
      classes.pop(); // as many objects as in the smaller class: one class is enough
    }
    classes.push({ size, npages });
  }
  return classes.map(widened);
}

/** The class with the largest slot, a multiple of 128 bytes, that fits its span as often. */
function widened(c: SizeClass): SizeClass {
  if (c.size === 0) return c;
  const span = c.npages * PageSize;
  const fits = Math.floor(span / Math.floor(span / c.size));
  return { size: Math.max(c.size, fits - (fits % LargeSizeDiv)), npages: c.npages };
}

const classes = makeClasses();

function classOf(size: number): number {
  return classes.findIndex((c) => c.size >= size);
}

/** Bytes of a slot, by size class. */
export const SizeClassToSize = Uint16Array.from(classes, (c) => c.size);
/** Pages of a span, by size class. */
export const SizeClassToNPages = Uint8Array.from(classes, (c) => c.npages);
/** Multiplier m such that floor(n / size) = (n * m) >> 32 for every offset n of a span. */
export const SizeClassToDivMagic = Uint32Array.from(classes, (c) =>
  c.size === 0 ? 0 : Math.floor((2 ** 32 - 1) / c.size) + 1,
);
/** Size class of ceil(size / 8), for sizes up to 1024. */
export const SizeToSizeClass8 = Uint8Array.from({ length: SmallSizeMax / SmallSizeDiv + 1 }, (_, i) =>
  classOf(i * SmallSizeDiv),
);
/** Size class of ceil((size - 1024) / 128), for sizes above. */
export const SizeToSizeClass128 = Uint8Array.from(
  { length: (MaxSmallSize - SmallSizeMax) / LargeSizeDiv + 1 },
  (_, i) => classOf(SmallSizeMax + i * LargeSizeDiv),
);

/** Most objects in a span, by the plain quotient. */
export const MaxObjsPerSpan = Math.max(...classes.slice(1).map((c) => Math.floor((c.npages * PageSize) / c.size)));
export const MaxSizeClassNPages = Math.max(...classes.map((c) => c.npages));
/** Size class of the tiny allocator's blocks. */
export const TinySizeClass = classOf(TinySize);

/** Size class for `size` bytes, header included. @param size 0 to 32768 */
export function sizeToClass(size: number): number {
  return size <= SmallSizeMax - 8
    ? SizeToSizeClass8[(size + (SmallSizeDiv - 1)) >> 3]
    : SizeToSizeClass128[(size - SmallSizeMax + (LargeSizeDiv - 1)) >> 7];
}
