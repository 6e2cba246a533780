/** Faults of pages: the page allocator, its caches, growth, the scavenger, stacks, records outside of the heap. */
import type { Fault } from "./fault.ts";

export const pagesFaults: readonly Fault[] = [
  {
    name: "page-cache-without-lock",
    file: "engine/runtime/mheap.ts",
    find: `      lock(m, mheap.lock(h));
      allocToCache(m, mheap.pages(h), c);
      unlock(m, mheap.lock(h));`,
    replace: "      allocToCache(m, mheap.pages(h), c);",
    why: "two Ps fill their page caches at once and both take the same 64 pages",
  },
  {
    name: "heap-without-lock",
    file: "engine/runtime/mheap.ts",
    find: `    lock(m, mheap.lock(h));
    if (base === NIL) {
      base = allocPagesLocked(m, h, npages);
      scav = m.ret[0];
      growth = m.ret[1] * pageSize;
      if (base === NIL) {
        unlock(m, mheap.lock(h));`,
    replace: `    if (base === NIL) {
      base = allocPagesLocked(m, h, npages);
      scav = m.ret[0];
      growth = m.ret[1] * pageSize;
      if (base === NIL) {`,
    and: [
      {
        find: `    s = allocMSpanLocked(m, h);
    unlock(m, mheap.lock(h));`,
        replace: "    s = allocMSpanLocked(m, h);",
      },
    ],
    why: "two Ps take pages from the page allocator, or span records, at once and get the same ones",
  },
  {
    name: "growth-without-lock",
    file: "engine/runtime/mheap.ts",
    find: `  let growth = 0;
  let base = pageAllocAlloc(m, mheap.pages(h), npages);
  if (base === NIL) {
    growth = grow(m, h, npages);
    if (growth < 0) return NIL;`,
    replace: `  let growth = 0;
  let base = pageAllocAlloc(m, mheap.pages(h), npages);
  if (base === NIL) {
    unlock(m, mheap.lock(h));
    growth = grow(m, h, npages);
    lock(m, mheap.lock(h));
    if (growth < 0) return NIL;`,
    why: "two Ps make the heap grow at once: both map the same chunks, or one gets nothing of its own",
  },
  {
    name: "stack-pool-without-lock",
    file: "engine/runtime/stack.ts",
    find: `  let size = 0;
  lock(m, rec.mu(pool));
  while (size < _StackCacheSize / 2) {
    const x = stackpoolalloc(m, order);
    storePointer(m, x, list);
    list = x;
    size += fixedStack << order;
  }
  unlock(m, rec.mu(pool));`,
    replace: `  let size = 0;
  while (size < _StackCacheSize / 2) {
    const x = stackpoolalloc(m, order);
    storePointer(m, x, list);
    list = x;
    size += fixedStack << order;
  }`,
    why: "two Ps fill their stack lists at once and get the same stacks, or the pool's list breaks",
  },
  {
    name: "stack-clear-without-lock",
    file: "engine/runtime/stack.ts",
    find: `    lock(m, rec.mu(pool));
    let x = rec.list(m, cache);
    while (x !== NIL) {
      const y = loadPointer(m, x);
      stackpoolfree(m, x, order);
      x = y;
    }
    rec.setList(m, cache, NIL);
    rec.setSize(m, cache, 0);
    unlock(m, rec.mu(pool));`,
    replace: `    let x = rec.list(m, cache);
    while (x !== NIL) {
      const y = loadPointer(m, x);
      stackpoolfree(m, x, order);
      x = y;
    }
    rec.setList(m, cache, NIL);
    rec.setSize(m, cache, 0);`,
    why: "a P's stacks come back to the pool while another takes some there: a stack is lost or given twice",
  },
  {
    name: "stack-release-without-lock",
    file: "engine/runtime/stack.ts",
    find: `  let size = rec.size(m, cache);
  lock(m, rec.mu(pool));
  while (size > _StackCacheSize / 2) {
    const y = loadPointer(m, x);
    stackpoolfree(m, x, order);
    x = y;
    size -= fixedStack << order;
  }
  unlock(m, rec.mu(pool));`,
    replace: `  let size = rec.size(m, cache);
  while (size > _StackCacheSize / 2) {
    const y = loadPointer(m, x);
    stackpoolfree(m, x, order);
    x = y;
    size -= fixedStack << order;
  }`,
    why: "a P gives stacks back while another takes some: the pool's list breaks",
  },
  {
    name: "os-without-lock",
    file: "engine/memory/os.ts",
    find: "  if (m.isShared) lockShared(m, lockAt(os(m)));",
    replace: "",
    and: [{ find: "  if (m.isShared) unlockShared(m, lockAt(os(m)));", replace: "" }],
    why: "two threads ask the operating system at once and get the same memory, or its figures go wrong",
  },
  {
    name: "alloc-leaves-scavenged-bits",
    file: "engine/runtime/mpallocbits.ts",
    find: `  setRange(m, pallocdata.pallocBits(d), i, n);
  clearRange(m, pallocdata.scavenged(d), i, n);`,
    replace: "  setRange(m, pallocdata.pallocBits(d), i, n);",
    why: "pages in use count as returned to the operating system",
  },
  {
    name: "failed-search-always-exhausts",
    file: "engine/runtime/mpagealloc.ts",
    find: "if (npages === 1) setSearchToMax(m, p);",
    replace: "setSearchToMax(m, p);",
    why: "after a request for many pages fails, single free pages are never found again",
  },
  {
    name: "free-leaves-the-cursor",
    file: "engine/runtime/mpagealloc.ts",
    find: `  lowerSearch(m, p, sc, pi);
  const ec`,
    replace: "  const ec",
    why: "freed pages below searchAddr are never found again",
  },
  {
    name: "page-cache-serves-sixteen",
    file: "engine/runtime/mheap.ts",
    find: "if (m.p !== 0 && npages < pageCachePages / 4) {",
    replace: "if (m.p !== 0 && npages <= pageCachePages / 4) {",
    why: "spans of 16 pages use up the page caches that are meant for small ones",
  },
  {
    name: "watermark-forgotten",
    file: "engine/runtime/mheap.ts",
    find: "if (arenaBase < zeroedBase) needZero = true;",
    replace: "",
    why: "pages that were used before are handed out as clean, with old bytes in them",
  },
  {
    name: "scavenged-range-not-held",
    file: "engine/runtime/mgcscavenge.ts",
    find: `  allocRange(m, chunkOf(m, p, ci), base, npages);
  update(m, p, ci, ci, true, true);
  unlock(m, l);`,
    replace: "  unlock(m, l);",
    why: "while the operating system takes pages back, somebody else is given them and loses what he writes",
  },
  {
    name: "scavenge-cursor-loses-mark",
    file: "engine/runtime/mgcscavenge_index.ts",
    find: "    if (old < at || cas(m, s, force, old, at)) return;",
    replace: "    if ((old >= 0 && old < at) || cas(m, s, force, old, at)) return;",
    why: "a search without a hit clears a cursor that was raised meanwhile: what was freed is never given back",
  },
  {
    name: "scavenge-splits-huge-page",
    file: "engine/runtime/mgcscavenge.ts",
    find: "  return below >= end - run ? below : start;",
    replace: "  return start;",
    why: "half of a free huge page is given back, and the other half becomes slow",
  },
  {
    name: "scavenge-dense-chunks",
    file: "engine/runtime/mgcscavenge_index.ts",
    find: "inUseOf(word) < scavChunkHiOccPages && lastInUseOf(word) < scavChunkHiOccPages",
    replace: "inUseOf(word) < scavChunkHiOccPages",
    why: "pages of a chunk that was dense a moment ago are given back, only to be needed again at once",
  },
  {
    name: "limit-counts-allocation-twice",
    file: "engine/runtime/mheap.ts",
    find: "bytesToScavenge = scav + inuse - limit;",
    replace: "bytesToScavenge = 2 * scav + inuse - limit;",
    why: "an allocation at the memory limit gives back more than it exceeds the limit by",
  },
  {
    name: "released-pages-keep-bytes",
    file: "engine/memory/os.ts",
    find: "  if (!keep) zero(m, off, n);",
    replace: "",
    why: "pages that were given back come back with their old bytes, in spans that promise zeroes",
  },
  {
    name: "stack-list-without-limit",
    file: "engine/runtime/stack.ts",
    find: "  if (rec.size(m, cache) >= _StackCacheSize) stackcacherelease(m, c, order);\n",
    replace: "",
    why: "a P that frees many stacks keeps them all, and no other P can use them",
  },
  {
    name: "stack-span-freed-while-marking",
    file: "engine/runtime/stack.ts",
    find: "if (gcphase(m) === 0 && mspan.allocCount(m, s) === 0)",
    replace: "if (mspan.allocCount(m, s) === 0)",
    why: "a stack's pages become a heap span while a collector still follows pointers into the stack",
  },
  {
    name: "large-stack-freed-while-marking",
    file: "engine/runtime/stack.ts",
    find: "  if (gcphase(m) === 0) {\n    freeManual(m, s, spanAllocStack);",
    replace: "  if (gcphase(m) < 2) {\n    freeManual(m, s, spanAllocStack);",
    why: "the same for stacks of 32 KiB and more",
  },
  {
    name: "stack-pool-uses-last-span",
    file: "engine/runtime/stack.ts",
    find: "spanListInsert(m, list, s);\n  storePointer(m, x, mspan.manualFreeList(m, s));",
    replace: "spanListInsertBack(m, list, s);\n  storePointer(m, x, mspan.manualFreeList(m, s));",
    and: [
      {
        find: "import { spanListInsert, ",
        replace: "import { spanListInsertBack, spanListInsert, ",
      },
    ],
    why: "a span that gets a stack back is not the first to be used: goroutines find other addresses than Go's",
  },
  {
    name: "copystack-leaves-locals",
    file: "engine/runtime/stack.ts",
    find: "  if (locals > 0) adjustpointers(",
    replace: "  if (locals < 0) adjustpointers(",
    why: "after its stack was moved a goroutine's pointers to its own locals lead to freed memory",
  },
  {
    name: "shrink-without-reserve",
    file: "engine/runtime/stack.ts",
    find: "g.schedSp(m, gp) + stackNosplit;",
    replace: "g.schedSp(m, gp);",
    why: "a stack is halved although the functions that check nothing might need what goes",
  },
  {
    name: "one-percent-more-is-retained",
    file: "engine/runtime/mgcscavenge_pace.ts",
    find: "const retainExtraPercent = 10;",
    replace: "const retainExtraPercent = 11;",
    why: "the scavenger leaves more memory than Go does",
  },
  {
    name: "span-records-first-first",
    file: "engine/runtime/mheap.ts",
    find: `  p.setMspancacheLen(m, m.p, len - 1);
  return p.mspancacheBuf(m, m.p, len - 1);`,
    replace: `  const s = p.mspancacheBuf(m, m.p, 0);
  for (let i = 1; i < len; i++) p.setMspancacheBuf(m, m.p, i - 1, p.mspancacheBuf(m, m.p, i));
  p.setMspancacheLen(m, m.p, len - 1);
  return s;`,
    why: "the record of a span that was fetched first is used first",
  },
  {
    name: "fixalloc-clears-what-it-must-not",
    file: "engine/runtime/mfixalloc.ts",
    find: "if (fixalloc.zero(m, f) !== 0) m.u8.fill(0, v, v + size);",
    replace: "m.u8.fill(0, v, v + size);",
    why: "a record of a span loses its sweepgen, which stale entries of span sets are told by",
  },
  {
    name: "persistent-block-from-a-chunk",
    file: "engine/runtime/persistentalloc.ts",
    find: "if (size >= persistentMaxBlock) return",
    replace: "if (size > persistentMaxBlock) return",
    why: "64 KiB are cut from a chunk, of which they waste up to a quarter",
  },
  {
    name: "candidate-never-mapped",
    file: "engine/runtime/mpagealloc.ts",
    find: "  if (pageAlloc.test(m, p) === 0 && arenaAt(m, ci >> 4) !== 0) return;",
    replace: "  if (ci !== 0) return;",
    why: "an allocator by itself sets its cursor to where no bitmap is",
  },
];
