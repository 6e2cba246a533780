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
    name: "page-cache-flush-without-lock",
    file: "engine/runtime/mgc.ts",
    find: `  lock(m, mheap.lock(h));
  pageCacheFlush(m, p.pcache(pp), mheap.pages(h));
  unlock(m, mheap.lock(h));`,
    replace: "  pageCacheFlush(m, p.pcache(pp), mheap.pages(h));",
    why: "pages that are just coming back are taken, and then marked as released while somebody uses them",
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
    name: "span-set-pop-does-not-wait",
    file: "engine/runtime/mspanset.ts",
    find: "  while (s === 0) s = load32(m, entry); // its pusher has the position but has not stored yet\n",
    replace: "",
    why: "a pop that is faster than the push before it finds no span, and the span is lost when it is stored",
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
    name: "sweepgen-without-cas",
    file: "engine/runtime/mgcsweep.ts",
    find: "if (mspan.sweepgen(m, s) === unswept && mspan.sweepgenCas(m, s, unswept, (sg - 1) >>> 0)) return true;",
    replace: "if (mspan.sweepgen(m, s) === unswept) { mspan.setSweepgen(m, s, (sg - 1) >>> 0); return true; }",
    why: "two Ps sweep one span: one hands out its slots, the other gives its pages back",
  },
  {
    name: "counters-without-atomics",
    file: "engine/memory/layout.ts",
    find: "  if (m.isShared) return addShared64(m, at, delta);\n",
    replace: "",
    why: "two threads add to one counter at once and one of the two is not counted",
  },
  {
    name: "counters-in-halves",
    file: "engine/memory/layout.ts",
    find: "  return Number(Atomics.add(m.i64!, at >> 3, BigInt(delta))) + delta;",
    replace: `  const hi = Math.floor(delta / TWO32);
  const lo = delta - hi * TWO32;
  const old = Atomics.add(m.u32, at >> 2, lo);
  const carry = old + lo >= TWO32 ? 1 : 0;
  if (hi + carry !== 0) Atomics.add(m.i32, (at + 4) >> 2, hi + carry);
  return load64(m, at);`,
    why: "sums are exact, but who adds is told a value that others have added to, and who reads may see a carry missing",
  },
  {
    name: "page-bits-without-or",
    file: "engine/memory/atomics.ts",
    find: "  if (m.isShared) Atomics.or(m.u8, at, bits);\n  else m.u8[at] |= bits;",
    replace: "  m.u8[at] |= bits;",
    why: "two threads set bits of one byte at once and one of them is lost: a span counts as not in use",
  },
  {
    name: "mark-bits-without-add",
    file: "engine/runtime/mheap_gcbits.ts",
    find: "  const end = gcbits.addFree(m, b, bytes);",
    replace: "  const end = gcbits.free(m, b) + bytes;\n  gcbits.setFree(m, b, end);",
    why: "two spans get the same bitmap, and the objects of one are freed by the marks of the other",
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
    name: "refill-leaves-sweepgen",
    file: "engine/runtime/mcache.ts",
    find: "  mspan.setSweepgen(m, s, mheap.sweepgen(m, h) + 3); // cached: no sweeper of the next phase may take it\n",
    replace: "",
    why: "a cached span looks like any swept one: in the next phase it is not flushed as stale",
  },
  {
    name: "world-not-waited-for",
    file: "engine/runtime/proc_world.ts",
    find: "  if (wait) notesleep(m, gsched.stopnote(s));\n  if (gsched.stopwait(m, s) !== 0)",
    replace: "  if (wait && n < 0)",
    and: [
      { find: "    if (p.status(m, allp(m, i)) !== p._Pgcstop) throwFatal(", replace: "    if (n < 0) throwFatal(" },
    ],
    why: "a cycle begins while other threads are in the middle of an allocation",
  },
  {
    name: "flush-not-waited-for",
    file: "engine/runtime/proc_world.ts",
    find: "  if (wait) notesleep(m, gsched.safePointNote(s));\n  if (gsched.safePointWait(m, s) !== 0)",
    replace: "  if (wait && n < 0)",
    why: "the next cycle may begin before every P has flushed the spans that it cached before this one",
  },
  {
    name: "p-taken-while-the-world-stops",
    file: "engine/runtime/proc_world.ts",
    find: "    if (gsched.gcwaiting(m, s) === 0) break;\n",
    replace: "    if (m.p === 0) break;\n",
    why: "a thread takes its P although the world is being stopped: whoever stops it has counted that P as idle",
  },
  {
    name: "p-given-up-while-the-world-stops",
    file: "engine/runtime/proc_world.ts",
    find: "  if (gsched.gcwaiting(m, sched(m)) !== 0) stopp(m, pp);\n",
    replace: "",
    why: "a thread gives its P up and goes, and whoever stops the world waits for that P for ever",
  },
  {
    name: "p-given-up-without-flush",
    file: "engine/runtime/proc_world.ts",
    find: "    safePointFn(m, m.p);\n    countSafePoint(m);\n  }\n  const pp",
    replace: "  }\n  const pp",
    why: "a thread gives its P up without the flush that is asked of it, and whoever asks waits for ever",
  },
  {
    name: "semaphore-without-cas",
    file: "engine/runtime/proc_world.ts",
    find: "  while (!cas32(m, sema, 0, 1)) {",
    replace:
      "  for (let taken = false; !taken; ) {\n    taken = load32(m, sema) === 0;\n    store32(m, sema, 1);\n    if (taken) break;",
    why: "two threads stop the world at once",
  },
  {
    name: "statistics-not-waited-for",
    file: "engine/runtime/mstats.ts",
    find: "    while ((p.statsSeq(m, allp(m, i)) & 1) !== 0);",
    replace: "",
    why: "a reader folds counters that somebody still adds to, and what is added is lost",
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
    find: "update(m, mspan.npages(m, s) * pageSize - usedBytes, mcache.scanAlloc(m, c));",
    replace: "update(m, 0, mcache.scanAlloc(m, c));",
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
    name: "span-set-pop-does-not-wait",
    file: "engine/runtime/mspanset.ts",
    find: "  while (s === 0) s = load32(m, entry);",
    replace: "  if (s === 0) s = load32(m, entry);",
    why: "a pop that is faster than the push gets nothing, and the span is lost",
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
    name: "features-that-are-off-are-on",
    file: "engine/runtime/malloc.ts",
    find: "  const spc = (sizeclass << 1) | 1;",
    replace: `  const spc = (sizeclass << 1) | 1;
  mcache.setReusableNoscan(m, c, spc, mcache.alloc(m, c, spc) as never);`,
    why: "slots are kept for reuse without a sweep",
  },
  {
    name: "candidate-never-mapped",
    file: "engine/runtime/mpagealloc.ts",
    find: "  if (pageAlloc.test(m, p) === 0 && arenaAt(m, ci >> 4) !== 0) return;",
    replace: "  if (ci !== 0) return;",
    why: "an allocator by itself sets its cursor to where no bitmap is",
  },
  {
    name: "p-gives-its-cache-back-first",
    file: "engine/runtime/proc.ts",
    find: `  lock(m, mheap.lock(h));
  pageCacheFlush(m, p.pcache(pp), mheap.pages(h));
  unlock(m, mheap.lock(h));
  freemcache(m, p.mcache(m, pp));`,
    replace: `  freemcache(m, p.mcache(m, pp));
  lock(m, mheap.lock(h));
  pageCacheFlush(m, p.pcache(pp), mheap.pages(h));
  unlock(m, mheap.lock(h));`,
    why: "the pages of a P that goes come back after its spans, to other places in the scavenge index",
  },
  {
    name: "sweep-debt-from-the-old-basis",
    file: "engine/runtime/mgcsweep.ts",
    find: "    if (mheap.pagesSweptBasis(m, h) !== sweptBasis) return false;\n",
    replace: "",
    why: "an allocation that was sweeping when the pace changed sweeps for a target of the old one",
  },
  {
    name: "sweep-done-before-the-flush",
    file: "engine/runtime/mgc.ts",
    find: `  if (m.p !== 0) flush(m, m.p);
  activeEnd(m, sg);`,
    replace: `  activeEnd(m, sg);
  if (m.p !== 0) flush(m, m.p);`,
    why: "the sweep can be over while caches still hold spans that are unswept",
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
