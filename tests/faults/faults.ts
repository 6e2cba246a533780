/**
 * Seeded faults: small sabotages of the engine, each of which some test must notice.
 *
 * A fault is a change of source text, made while the tests load the engine (plugin.ts) or while the stepped build is
 * made; the files on disk are never touched. FAULT=name npx vitest run tests/engine/… runs tests under one.
 * `npm run conformance` runs each fault that tests/conformance.json names and expects its row's test to fail.
 */

export interface Edit {
  /** Source text that must occur exactly once. */
  readonly find: string;
  readonly replace: string;
}

export interface Fault extends Edit {
  readonly name: string;
  /** The file that is sabotaged, from the root of the repository. */
  readonly file: string;
  /** More places of the same file that the fault needs. */
  readonly and?: readonly Edit[];
  /** What goes wrong in a heap that has it. */
  readonly why: string;
}

export const faults: readonly Fault[] = [
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
    name: "span-set-pop-without-cas",
    file: "engine/runtime/mspanset.ts",
    find: "if (spanset.headCas(m, b, head, head + 1)) break;",
    replace: "spanset.setHead(m, b, head + 1); break;",
    why: "two Ps pop the same position of a span set and share the span",
  },
  {
    name: "span-set-push-without-add",
    file: "engine/runtime/mspanset.ts",
    find: "const newTail = spanset.addTail(m, b, 1);",
    replace: "const newTail = spanset.tail(m, b) + 1; spanset.setTail(m, b, newTail);",
    why: "two Ps push to the same position of a span set and one span is lost",
  },
  {
    name: "span-set-block-made-twice",
    file: "engine/runtime/mspanset.ts",
    find: "  if (top < spineLen) {",
    replace: "  if (top < 0) {",
    why: "two Ps both add the block that a span set lacks, and the span in the first of them is lost",
  },
  {
    name: "span-set-popped-without-add",
    file: "engine/runtime/mspanset.ts",
    find: "  if (spanset.addPopped(m, block, 1) === entries) {",
    replace: `  const popped = spanset.popped(m, block) + 1;
  spanset.setPopped(m, block, popped);
  if (popped === entries) {`,
    why: "two Ps pop the last spans of a block, and neither gives it back",
  },
  {
    name: "span-set-pool-without-cas",
    file: "engine/runtime/mspanset.ts",
    find: "    if (spanset.poolHeadCas(m, pool, head, spanset.blockNext(m, block))) return block;",
    replace: `    spanset.setPoolHead(m, pool, spanset.blockNext(m, block));
    return block;`,
    why: "a block that is given back while another is taken is lost, or two sets get the same one",
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
    name: "sweepgen-without-cas",
    file: "engine/runtime/mgcsweep.ts",
    find: "if (mspan.sweepgen(m, s) === unswept && mspan.sweepgenCas(m, s, unswept, (sg - 1) >>> 0)) return true;",
    replace: "if (mspan.sweepgen(m, s) === unswept) { mspan.setSweepgen(m, s, (sg - 1) >>> 0); return true; }",
    why: "two Ps sweep one span: one hands out its slots, the other gives its pages back",
  },
  {
    name: "next-free-fast-crosses-64",
    file: "engine/runtime/malloc.ts",
    find: "if ((freeidx & 63) === 0 && freeidx !== nelems) return NIL;",
    replace: "",
    why: "the cursor stands at a multiple of 64 with a used-up cache, and the next slot found is a wrong one",
  },
  {
    name: "tiny-block-always-replaced",
    file: "engine/runtime/malloc.ts",
    find: "if (size < mcache.tinyoffset(m, c) || tiny === NIL) {",
    replace: "{",
    why: "a new tiny block replaces one with more room left",
  },
  {
    name: "tiny-align-forgets-four",
    file: "engine/runtime/malloc.ts",
    find: "if ((size & 3) === 0) return (off + 3) & ~3;",
    replace: "",
    why: "tiny objects of 4 and 12 bytes are aligned to 2",
  },
  {
    name: "tiny-clears-the-request-only",
    file: "engine/runtime/malloc.ts",
    find: "clearSlot(m, x, TinySize);",
    replace: "clearSlot(m, x, size);",
    why: "the rest of a recycled tiny block keeps the bytes of its last tenants",
  },
  {
    name: "small-up-to-32768",
    file: "engine/runtime/malloc.ts",
    find: "if (size > MaxSmallSize - MallocHeaderSize) return",
    replace: "if (size > MaxSmallSize) return",
    why: "requests between 32761 and 32768 bytes share spans instead of having their own",
  },
  {
    name: "tiny-block-survives-the-flush",
    file: "engine/runtime/mcache.ts",
    find: `  mcache.setTiny(m, c, NIL);
  mcache.setTinyoffset(m, c, 0);
  const d`,
    replace: "  const d",
    why: "after a sweep new objects go into a block that may have been freed",
  },
  {
    name: "refill-counts-no-live-bytes",
    file: "engine/runtime/mcache.ts",
    find: "gcControllerUpdate(m, mspan.npages(m, s) * pageSize - usedBytes, mcache.scanAlloc(m, c));",
    replace: "gcControllerUpdate(m, 0, mcache.scanAlloc(m, c));",
    why: "heapLive misses what is allocated from cached spans, so a collection would begin too late",
  },
  {
    name: "stale-spans-count-as-live",
    file: "engine/runtime/mcache.ts",
    find: "const unused = stale ? 0 : ",
    replace: "const unused = ",
    why: "a flush at the start of a sweep takes bytes off heapLive that the new figure never had",
  },
  {
    name: "span-budget-per-set",
    file: "engine/runtime/mcentral.ts",
    find: `  for (; budget >= 0; budget--) {
    const s = spanSetPop(m, fullUnswept(c, sg));`,
    replace: `  for (budget = spanBudget; budget >= 0; budget--) {
    const s = spanSetPop(m, fullUnswept(c, sg));`,
    why: "an allocation may look at twice as many spans as it should before it asks the page heap",
  },
  {
    name: "roles-of-partial-sets-stay",
    file: "engine/runtime/mcentral.ts",
    find: "return mcentral.partial(c, (sweepgen >>> 1) & 1);",
    replace: "return mcentral.partial(c, 1);",
    why: "spans that need sweeping are taken for swept ones in every other cycle",
  },
  {
    name: "span-set-keeps-its-blocks",
    file: "engine/runtime/mspanset.ts",
    find: "if (spanset.addPopped(m, block, 1) === entries) {",
    replace: "if (spanset.addPopped(m, block, 1) > entries) {",
    why: "used-up blocks of span sets are never recycled",
  },
  {
    name: "sweep-leaves-spans-clean",
    file: "engine/runtime/mgcsweep.ts",
    find: "mspan.setNeedzero(m, s, 1);",
    replace: "",
    why: "recycled slots are handed out with the bytes of the objects that died in them",
  },
  {
    name: "sweep-keeps-empty-spans",
    file: "engine/runtime/mgcsweep.ts",
    find: `  if (nalloc === 0) {
    freeSpan(m, s);
    return true;
  }`,
    replace: "",
    why: "pages of spans without a living object never come back to the page heap",
  },
  {
    name: "sweepgen-grows-by-four",
    file: "engine/runtime/mgc.ts",
    find: "mheap.setSweepgen(m, h, mheap.sweepgen(m, h) + 2);",
    replace: "mheap.setSweepgen(m, h, mheap.sweepgen(m, h) + 4);",
    why: "the swept and unswept sets do not change places, and no span is recognised as unswept",
  },
  {
    name: "mark-bits-skip-a-generation",
    file: "engine/runtime/mheap_gcbits.ts",
    find: "gcbits.setArenasPrevious(m, arenas, gcbits.arenasCurrent(m, arenas));",
    replace: "gcbits.setArenasPrevious(m, arenas, gcbits.arenasNext(m, arenas));",
    why: "bitmaps that spans still use are recycled a cycle too early",
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
    name: "class-byte-taken-for-marks",
    file: "engine/runtime/mgcmark_greenteagc.ts",
    find: "i === last ? w & 0xffffff : w;",
    replace: "w;",
    why: "the sweep reads the span class behind the in-span marks as marks of slots 504 to 511",
  },
  {
    name: "sweepone-partial-first",
    file: "engine/runtime/mgcsweep.ts",
    find: "(sc & 1) === 0 ? fullUnswept(c, sg) : partialUnswept(c, sg)",
    replace: "(sc & 1) === 0 ? partialUnswept(c, sg) : fullUnswept(c, sg)",
    why: "of each class the partial spans are swept before the full ones, in which more can be freed",
  },
  {
    name: "zombies-go-unnoticed",
    file: "engine/runtime/mgcsweep.ts",
    find: `  checkZombies(m, s);

  const nalloc`,
    replace: "  const nalloc",
    why: "a marked slot that holds no object becomes an object, instead of ending the program",
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
    name: "dead-g-keeps-any-stack",
    file: "engine/runtime/proc_g.ts",
    find: "  if (stackSize(m, gp) !== gsched.startingStackSize(m, sched(m))) freeStack(m, gp);\n",
    replace: "",
    why: "one deep goroutine leaves its large stack to its successors for ever",
  },
  {
    name: "dead-gs-are-not-spilled",
    file: "engine/runtime/proc_g.ts",
    find: "if (gsched.size(m, gFree) >= 64)",
    replace: "if (gsched.size(m, gFree) >= 6400)",
    why: "a P in which goroutines end keeps their gs, and another P that starts goroutines makes new ones",
  },
  {
    name: "p-takes-dead-gs-along",
    file: "engine/runtime/proc.ts",
    find: "  gfpurge(m, pp);\n",
    replace: "",
    why: "when a P goes, the gs in its list are lost",
  },
  {
    name: "specials-out-of-order",
    file: "engine/runtime/mheap_specials.ts",
    find: "(offset === o && kind < k)",
    replace: "(offset === o && kind > k)",
    why: "specials of one byte stand in the order in which they came, and a second finalizer is not noticed",
  },
  {
    name: "weak-handle-outlives-revival",
    file: "engine/runtime/mheap_specials.ts",
    find: "isRevived && kind !== special._KindSpecialFinalizer && kind !== special._KindSpecialWeakHandle",
    replace: "isRevived && kind !== special._KindSpecialFinalizer",
    why: "a weak pointer gives out an object whose finalizer is about to run",
  },
  {
    name: "cleanup-before-finalizer",
    file: "engine/runtime/mheap_specials.ts",
    find: "const isRevived = hasFinalizer(m, it, endOffset);",
    replace: "const isRevived = hasFinalizer(m, it, endOffset) && special.kind(m, it) === 99;",
    why: "an object with a finalizer is freed under it",
  },
  {
    name: "work-buffers-freed-while-marking",
    file: "engine/runtime/mgcwork.ts",
    find: "if (gcphase(m) !== 0 || spanListIsEmpty(m, free))",
    replace: "if (spanListIsEmpty(m, free))",
    why: "a sweeper gives the pages of work buffers back that the next cycle's marking uses",
  },
  {
    name: "byte-slice-tail-not-cleared",
    file: "engine/runtime/string.ts",
    find: "  m.u8.fill(0, p + size, p + cap);\n",
    replace: "",
    why: "append finds the bytes of a dead object behind a slice",
  },
  {
    name: "append-does-not-use-its-slot",
    file: "engine/runtime/slice.ts",
    find: "const newcap = Math.floor(roundupsize(wanted * size, noscan) / size);",
    replace: "const newcap = wanted;",
    why: "a slice grows although its slot has room",
  },
  {
    name: "tiny-objects-are-not-frees",
    file: "engine/runtime/mstats.ts",
    find: "  Frees += tiny;\n",
    replace: "",
    why: "HeapObjects counts objects that share a slot, and never counts them out again",
  },
  {
    name: "new-rate-samples-nothing",
    file: "engine/runtime/mprof.ts",
    find: "if (left < 0 || rec.memProfileRate(m, mprof(m)) !== mcache.memProfRate(m, c))",
    replace: "if (left < 0)",
    why: "after the profile's rate was set, nothing is sampled until the caches are made anew",
  },
  {
    name: "goal-without-stacks-and-globals",
    file: "engine/runtime/mgcpacer_goal.ts",
    find: "const others = gcc.lastStackScan(m, c) + gcc.globalsScan(m, c);",
    replace: "const others = 0;",
    why: "a program with large stacks collects more often than GOGC says",
  },
  {
    name: "trigger-without-runway",
    file: "engine/runtime/mgcpacer_goal.ts",
    find: "const wanted = lessU(goal, runway) ? minTrigger : subU(goal, runway);",
    replace: "const wanted = goal;",
    why: "cycles begin so late that the program must assist to end them in time",
  },
  {
    name: "limit-goal-without-headroom",
    file: "engine/runtime/mgcpacer_goal.ts",
    find: "return maxU(hasRoom ? subU(goal, headroom) : headroom, marked);",
    replace: "return maxU(goal, marked);",
    why: "a heap by the memory limit grows beyond it before its cycle has ended",
  },
  {
    name: "growing-heap-keeps-its-goal",
    file: "engine/runtime/mgcpacer.ts",
    find: "heapGoal = extendedGoal(m, heapGoal, scanWorkExpected, maxScanWork);",
    replace: "",
    why: "a heap that grows is slowed down by assists, although the next cycle would let it grow",
  },
  {
    name: "cons-mark-is-the-last-one",
    file: "engine/runtime/mgcpacer.ts",
    find: "if (last > most) most = last;",
    replace: "",
    why: "one quiet cycle lets the next one begin too late",
  },
  {
    name: "minimum-whatever-gogc",
    file: "engine/runtime/mgcpacer.ts",
    find: "divU(mulU(asUint64(set), defaultHeapMinimum), 100)",
    replace: "defaultHeapMinimum",
    why: "GOGC=10 has a small heap grow to 4 MiB, GOGC=400 has it collected there",
  },
  {
    name: "heap-scan-grows-while-marking",
    file: "engine/runtime/mgcpacer.ts",
    find: "else if (dHeapScan !== 0)",
    replace: "if (dHeapScan !== 0)",
    why: "the most that can be scanned grows by what is allocated black and will never be scanned",
  },
  {
    name: "periodic-cycle-takes-idle-ps",
    file: "engine/runtime/mgcpacer.ts",
    find: "setMaxIdleMarkWorkers(m, dedicated > 0 ? 0 : 1);",
    replace: "setMaxIdleMarkWorkers(m, procs - dedicated);",
    why: "an idle program's periodic cycle wakes all processors",
  },
  {
    name: "fractional-worker-stays",
    file: "engine/runtime/mgcpacer_workers.ts",
    find: "if (delta <= 0) return true;",
    replace: "if (delta <= 0) return false;",
    why: "a worker that starts with the cycle goes on until the clock moves",
  },
  {
    name: "limiter-forgets-pauses",
    file: "engine/runtime/mgclimit.ts",
    find: "if (now >= lastUpdate) accumulate(m, 0, (now - lastUpdate) * l.nprocs(m, c));",
    replace: "",
    why: "time in which the world stands still for the collector counts for nobody",
  },
  {
    name: "limiter-off-at-standstill",
    file: "engine/runtime/mgclimit.ts",
    find: "if (change !== 0 && enabled) l.setEnabled(m, c, 0);",
    replace: "if (enabled) l.setEnabled(m, c, 0);",
    why: "the limiter goes off while the collector takes half of all time",
  },
  {
    name: "limiter-counts-twice",
    file: "engine/runtime/mgclimit.ts",
    find: "    l.setStart(m, e, now);\n    m.ret[0]",
    replace: "    m.ret[0]",
    why: "an assist that goes on during an update is counted again when it ends",
  },
];

/** @throws {Error} for a name that is not in the list */
export function faultNamed(name: string): Fault {
  const fault = faults.find((f) => f.name === name);
  if (fault !== undefined) return fault;
  throw new Error(`unknown fault "${name}": the faults are ${faults.map((f) => f.name).join(", ")}`);
}

/** The source with the fault in it. @throws {Error} when it no longer fits, or fits more than once */
export function applyFault(fault: Fault, source: string): string {
  let text = source;
  for (const { find, replace } of [fault, ...(fault.and ?? [])]) {
    const times = text.split(find).length - 1;
    if (times !== 1) {
      throw new Error(
        `fault ${fault.name}: "${find}" occurs ${times} times in ${fault.file}: it must fit exactly once`,
      );
    }
    text = text.replace(find, () => replace);
  }
  return text;
}

/** The `edit` of scripts/stepped/build.ts for a fault. */
export function faultEdit(name: string): (path: string, source: string) => string {
  const fault = faultNamed(name);
  return (path, source) => (path === fault.file ? applyFault(fault, source) : source);
}
