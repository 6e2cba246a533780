/** Faults of objects: size classes, spans, their sets and caches, allocation, sweeping, statistics. */
import type { Fault } from "./fault.ts";

export const objectsFaults: readonly Fault[] = [
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
    name: "features-that-are-off-are-on",
    file: "engine/runtime/malloc.ts",
    find: "  const spc = (sizeclass << 1) | 1;",
    replace: `  const spc = (sizeclass << 1) | 1;
  mcache.setReusableNoscan(m, c, spc, mcache.alloc(m, c, spc) as never);`,
    why: "slots are kept for reuse without a sweep",
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
