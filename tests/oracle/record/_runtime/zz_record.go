// Doors into the runtime for the recorder, added to package runtime by `go build -overlay`. Each calls the runtime's
// own function and adds nothing: what is printed is what Go does. Where the state of the whole process is looked at or
// changed, nothing here allocates.

package runtime

import (
	"internal/abi"
	"internal/runtime/gc"
	"unsafe"
)

// Size classes.

func RecClasses() int { return gc.NumSizeClasses }

func RecClass(i int) (size, pages int, divmagic uint32) {
	return int(gc.SizeClassToSize[i]), int(gc.SizeClassToNPages[i]), gc.SizeClassToDivMagic[i]
}

func RecSizeToClass(size uintptr) int {
	if size <= gc.SmallSizeMax-8 {
		return int(gc.SizeToSizeClass8[divRoundUp(size, gc.SmallSizeDiv)])
	}
	return int(gc.SizeToSizeClass128[divRoundUp(size-gc.SmallSizeMax, gc.LargeSizeDiv)])
}

func RecHeapBitsInSpan(size uintptr) bool              { return heapBitsInSpan(size) }
func RecInlineMarkBits(size uintptr) bool              { return gcUsesSpanInlineMarkBits(size) }
func RecRoundupsize(size uintptr, noscan bool) uintptr { return roundupsize(size, noscan) }

// Bitmaps of a chunk.

type RecChunk struct{ d pallocData }

func (c *RecChunk) Set(alloc, scav [8]uint64) {
	c.d.pallocBits, c.d.scavenged = pallocBits(alloc), pageBits(scav)
}
func (c *RecChunk) Bits() [8]uint64 { return c.d.pallocBits }
func (c *RecChunk) Find(n uintptr, from uint) (uint, uint) {
	return c.d.pallocBits.find(n, from)
}
func (c *RecChunk) AllocRange(i, n uint) { c.d.pallocBits.allocRange(i, n) }
func (c *RecChunk) Free(i, n uint)       { c.d.pallocBits.free(i, n) }
func (c *RecChunk) Summarize() (start, max, end uint) {
	return c.d.pallocBits.summarize().unpack()
}
func (c *RecChunk) Popcnt(i, n uint) uint { return (*pageBits)(&c.d.pallocBits).popcntRange(i, n) }
func (c *RecChunk) Candidate(from uint, min, max uintptr) (uint, uint) {
	return c.d.findScavengeCandidate(from, min, max)
}

func RecFillAligned(x uint64, m uint) uint64  { return fillAligned(x, m) }
func RecFindBitRange64(c uint64, n uint) uint { return findBitRange64(c, n) }

// The page allocator, and page caches over it.

type RecPages struct{ p *pageAlloc }

type RecCache struct {
	Base        uintptr
	Cache, Scav uint64
}

func (c *RecCache) Alloc(n uintptr) (addr, scav uintptr) {
	pc := pageCache{c.Base, c.Cache, c.Scav}
	addr, scav = pc.alloc(n)
	*c = RecCache{pc.base, pc.cache, pc.scav}
	return
}

func RecNewPages() *RecPages {
	p := new(pageAlloc)
	p.init(new(mutex), &memstats.other_sys, true)
	lockInit(p.mheapLock, lockRankMheap)
	return &RecPages{p}
}

func (r *RecPages) locked(f func()) {
	p := r.p
	systemstack(func() {
		lock(p.mheapLock)
		f()
		unlock(p.mheapLock)
	})
}

func (r *RecPages) Grow(base, size uintptr) { r.locked(func() { r.p.grow(base, size) }) }
func (r *RecPages) Alloc(n uintptr) (addr, scav uintptr) {
	r.locked(func() { addr, scav = r.p.alloc(n) })
	return
}
func (r *RecPages) Free(addr, n uintptr) { r.locked(func() { r.p.free(addr, n) }) }
func (r *RecPages) Scavenge(bytes uintptr, force bool) (released uintptr) {
	systemstack(func() { released = r.p.scavenge(bytes, nil, force) })
	return
}
func (r *RecPages) NextGen() { r.p.scav.index.nextGen() }
func (r *RecPages) AllocToCache() (c RecCache) {
	r.locked(func() {
		pc := r.p.allocToCache()
		c = RecCache{pc.base, pc.cache, pc.scav}
	})
	return
}
func (r *RecPages) Flush(c *RecCache) {
	r.locked(func() {
		pc := pageCache{c.Base, c.Cache, c.Scav}
		pc.flush(r.p)
		*c = RecCache{pc.base, pc.cache, pc.scav}
	})
}
func (r *RecPages) SearchAddr() uintptr         { return r.p.searchAddr.addr() }
func (r *RecPages) Bounds() (start, end uint64) { return uint64(r.p.start), uint64(r.p.end) }
func (r *RecPages) InUse() (ranges [][2]uintptr) {
	for _, a := range r.p.inUse.ranges {
		ranges = append(ranges, [2]uintptr{a.base.addr(), a.limit.addr()})
	}
	return
}
func RecLevels() int { return summaryLevels }
func (r *RecPages) SummaryRange(level int, base, limit uintptr) (lo, hi int) {
	return addrsToSummaryRange(level, base, limit)
}
func (r *RecPages) Summary(level, i int) (start, max, end uint) {
	return r.p.summary[level][i].unpack()
}
func (r *RecPages) Chunk(ci uint64) (alloc, scav [8]uint64, inUse, lastInUse uint16, gen uint32, flags uint8) {
	c := r.p.chunkOf(chunkIdx(ci))
	s := r.p.scav.index.chunks[ci].load()
	return c.pallocBits, c.scavenged, s.inUse, s.lastInUse, s.gen, uint8(s.scavChunkFlags)
}

// Close gives back what the allocator reserved and mapped.
func (r *RecPages) Close() {
	p := r.p
	for l := 0; l < summaryLevels; l++ {
		sysFreeOS(unsafe.Pointer(&p.summary[l][0]), uintptr(cap(p.summary[l]))*pallocSumBytes)
	}
	sysFreeOS(unsafe.Pointer(&p.scav.index.chunks[0]), uintptr(cap(p.scav.index.chunks))*unsafe.Sizeof(atomicScavChunkData{}))
	for i := range p.chunks {
		if x := p.chunks[i]; x != nil {
			p.chunks[i] = nil
			sysFreeOS(unsafe.Pointer(x), unsafe.Sizeof(*p.chunks[0]))
		}
	}
}

// The scavenger's index alone.

type RecScav struct {
	i    scavengeIndex
	base uint64
	n    int
}

var recScavChunks []atomicScavChunkData

// RecNewScav makes an index over n chunks, all of whose pages are taken, from the chunk of address base on.
func RecNewScav(base uintptr, n int) *RecScav {
	min := uint64(chunkIndex(base))
	max := min + uint64(n)
	if uint64(len(recScavChunks)) < max {
		recScavChunks = make([]atomicScavChunkData, max+64)
	}
	r := &RecScav{base: min, n: n}
	r.i.chunks = recScavChunks[:max]
	for c := min; c < max; c++ {
		r.i.chunks[c].value.Store(0)
	}
	r.i.min.Store(uintptr(min))
	r.i.max.Store(uintptr(max))
	r.i.minHeapIdx.Store(uintptr(min))
	r.i.test = true
	for c := 0; c < n; c++ {
		r.Alloc(c, 0, pallocChunkPages)
	}
	for _, a := range []*atomicOffAddr{&r.i.searchAddrBg, &r.i.searchAddrForce} {
		addr, marked := a.Load()
		if marked {
			a.StoreUnmark(addr, addr)
		}
		a.Clear()
	}
	r.i.freeHWM = minOffAddr
	return r
}

func (r *RecScav) each(chunk, page, n int, f func(ci chunkIdx, page, n uint)) {
	for n > 0 {
		k := min(n, pallocChunkPages-page)
		f(chunkIdx(r.base)+chunkIdx(chunk), uint(page), uint(k))
		chunk, page, n = chunk+1, 0, n-k
	}
}
func (r *RecScav) Alloc(chunk, page, n int) {
	r.each(chunk, page, n, func(ci chunkIdx, _, k uint) { r.i.alloc(ci, k) })
}
func (r *RecScav) Free(chunk, page, n int) {
	r.each(chunk, page, n, func(ci chunkIdx, p, k uint) { r.i.free(ci, p, k) })
}
func (r *RecScav) Find(force bool) (chunk, page int, none bool) {
	ci, p := r.i.find(force)
	if ci == 0 {
		return 0, 0, true
	}
	return int(uint64(ci) - r.base), int(p), false
}
func (r *RecScav) SetEmpty(chunk int) { r.i.setEmpty(chunkIdx(r.base) + chunkIdx(chunk)) }
func (r *RecScav) NextGen()           { r.i.nextGen() }
func (r *RecScav) State() (bg uintptr, bgMarked bool, force uintptr, forceMarked bool, hwm uintptr) {
	bg, bgMarked = r.i.searchAddrBg.Load()
	force, forceMarked = r.i.searchAddrForce.Load()
	return bg, bgMarked, force, forceMarked, r.i.freeHWM.addr()
}
func (r *RecScav) Chunk(i int) (inUse, lastInUse uint16, gen uint32, flags uint8) {
	s := r.i.chunks[r.base+uint64(i)].load()
	return s.inUse, s.lastInUse, s.gen, uint8(s.scavChunkFlags)
}

// Cursors are the search addresses, which are all that Find changes; SetCursors puts them back.
func (r *RecScav) Cursors() (bg, force int64) {
	return r.i.searchAddrBg.a.Load(), r.i.searchAddrForce.a.Load()
}
func (r *RecScav) SetCursors(bg, force int64) {
	r.i.searchAddrBg.a.Store(bg)
	r.i.searchAddrForce.a.Store(force)
}

// The scavenger's goals, its controller and its loop.

func RecPhysPageSize() uintptr { return physPageSize }

// RecScavPace computes the two goals from figures that it puts in the place of the process's own meanwhile.
func RecScavPace(memoryLimit int64, heapGoal, lastHeapGoal, lastHeapInUse, mappedReady, heapInUse, heapFree uint64) (limitGoal, percentGoal uint64) {
	systemstack(func() {
		lock(&mheap_.lock)
		oldReady, oldLast := gcController.mappedReady.Load(), memstats.lastHeapInUse
		oldInUse, oldFree := gcController.heapInUse, gcController.heapFree
		oldLimit, oldPercent := scavenge.memoryLimitGoal.Load(), scavenge.gcPercentGoal.Load()
		gcController.mappedReady.Store(mappedReady)
		memstats.lastHeapInUse = lastHeapInUse
		gcController.heapInUse, gcController.heapFree = sysMemStat(heapInUse), sysMemStat(heapFree)
		gcPaceScavenger(memoryLimit, heapGoal, lastHeapGoal)
		limitGoal, percentGoal = scavenge.memoryLimitGoal.Load(), scavenge.gcPercentGoal.Load()
		gcController.mappedReady.Store(oldReady)
		memstats.lastHeapInUse = oldLast
		gcController.heapInUse, gcController.heapFree = oldInUse, oldFree
		scavenge.memoryLimitGoal.Store(oldLimit)
		scavenge.gcPercentGoal.Store(oldPercent)
		unlock(&mheap_.lock)
	})
	return
}

type RecPI struct{ c piController }

func RecNewPI(kp, ti, tt, min, max float64) *RecPI {
	return &RecPI{piController{kp: kp, ti: ti, tt: tt, min: min, max: max}}
}
func (r *RecPI) Next(input, setpoint, period float64) (float64, bool) {
	return r.c.next(input, setpoint, period)
}

// RecScavLoop is the background scavenger's loop over a state of its own, until it would park.
func RecScavLoop(scavenge func(uintptr) (uintptr, int64), sleep func(int64) int64, stop func() bool, procs func() int32) (released uintptr) {
	s := new(scavengerState)
	s.scavenge, s.sleepStub, s.shouldStop, s.gomaxprocs = scavenge, sleep, stop, procs
	s.init()
	for {
		r, worked := s.run()
		if r == 0 {
			return
		}
		released += r
		s.sleep(worked)
	}
}

// Slots of a span.

// RecNextFree is the order in which a span with these bits hands out its slots. The words are followed by one spare.
func RecNextFree(nelems uint16, words []uint64) (order []int) {
	var s *mspan
	systemstack(func() {
		lock(&mheap_.lock)
		s = (*mspan)(mheap_.spanalloc.alloc()) // a record, which stays out of all lists
		unlock(&mheap_.lock)
	})
	s.init(0, 0)
	s.nelems = nelems
	s.allocBits = (*gcBits)(unsafe.Pointer(&words[0]))
	s.refillAllocCache(0)
	for {
		i := s.nextFreeIndex()
		if i == s.nelems {
			return
		}
		order = append(order, int(i))
	}
}

// Types. The argument is a nil *T in an interface.

func recElem(p any) *_type { return (*ptrtype)(unsafe.Pointer(efaceOf(&p)._type)).Elem }

func RecType(p any) (size, ptrdata uintptr, align, fieldAlign, kind uint8, mask []byte) {
	t := recElem(p)
	if t.Pointers() {
		bits := getGCMask(t)
		for i := uintptr(0); i < t.PtrBytes/8; i++ {
			mask = append(mask, '0'+*addb(bits, i/8)>>(i%8)&1)
		}
	}
	return t.Size_, t.PtrBytes, t.Align_, t.FieldAlign_, uint8(t.Kind()), mask
}

// RecNew allocates a T and says where: offset is -1 for zerobase, -2 in a tiny block.
func RecNew(p any) (spanclass uint8, elemsize uintptr, offset int, header bool) {
	t := recElem(p)
	mp := acquirem()
	c := getMCache(mp)
	c.tiny, c.tinyoffset = 0, 0
	x := mallocgc(t.Size_, t, true)
	isTiny := c.tiny != 0
	releasem(mp)
	if x == unsafe.Pointer(&zerobase) {
		return 0, 0, -1, false
	}
	s := spanOf(uintptr(x))
	spanclass, elemsize = uint8(s.spanclass), s.elemsize
	if isTiny {
		return spanclass, elemsize, -2, false
	}
	offset = int(uintptr(x) - s.base() - s.objIndex(uintptr(x))*elemsize)
	header = offset == gc.MallocHeaderSize && *(**_type)(unsafe.Pointer(uintptr(x) - gc.MallocHeaderSize)) == t
	return
}

// The trace of requests: recRequest is called at the head of mallocgc.

type RecRequest struct {
	Size uintptr
	typ  *_type
}

var (
	recRequests [4001]RecRequest
	recTotal    int
	recTracer   *m
)

func recRequest(size uintptr, typ *_type) {
	if recTracer == nil || getg().m != recTracer {
		return
	}
	if recTotal < len(recRequests) {
		recRequests[recTotal] = RecRequest{size, typ}
	}
	recTotal++
}

// recResults holds the addresses that mallocgc returned, each behind its request.
var recResults [4001]uintptr

// recResult is called where mallocgc returns. Requests do not nest while they are traced.
func recResult(x unsafe.Pointer) {
	if recTracer != nil && getg().m == recTracer && recTotal <= len(recResults) {
		recResults[recTotal-1] = uintptr(x)
	}
}

func RecAddresses() []uintptr { return recResults[:min(recTotal, len(recResults))] }

// RecZeroBase is where objects of no size lie.
func RecZeroBase() uintptr { return uintptr(unsafe.Pointer(&zerobase)) }

// RecSpanRecords takes and gives back records of spans, from an empty cache and an empty list of free ones: 0 takes
// one, k+1 gives back the k-th of those that are out. done gets the record's number and what the cache then holds.
func RecSpanRecords(ops []int, done func(i, number, cached int)) {
	systemstack(func() {
		lock(&mheap_.lock)
		h, pp := &mheap_, getg().m.p.ptr()
		cache, list := pp.mspancache, h.spanalloc.list
		pp.mspancache.len, h.spanalloc.list = 0, nil
		first, nout := len(h.allspans), 0
		for i, op := range ops {
			var s *mspan
			if op == 0 {
				s = h.allocMSpanLocked()
				recOut[nout] = s
				nout++
			} else {
				s = recOut[op-1]
				copy(recOut[op-1:nout], recOut[op:nout])
				nout--
				h.freeMSpanLocked(s)
			}
			number := first
			for h.allspans[number] != s {
				number++
			}
			done(i, number-first, pp.mspancache.len)
		}
		pp.mspancache, h.spanalloc.list = cache, list
		unlock(&mheap_.lock)
	})
}

var recOut [1 << 12]*mspan

func RecTraceStart() { recTotal, recTracer = 0, getg().m }
func RecTraceStop() (int, []RecRequest) {
	recTracer = nil
	return recTotal, recRequests[:min(recTotal, len(recRequests))]
}
func (r RecRequest) Scan() bool { return r.typ != nil && r.typ.Pointers() }
func (r RecRequest) Type() string {
	if r.typ == nil {
		return ""
	}
	return toRType(r.typ).string()
}

// The real heap.

var recBytePointer any = (*byte)(nil)

// RecMalloc requests size bytes, of *byte or without pointers.
func RecMalloc(size uintptr, scan, needzero bool) unsafe.Pointer {
	var t *_type
	if scan {
		t = efaceOf(&recBytePointer)._type
	}
	return mallocgc(size, t, needzero)
}

type RecSpan struct {
	Base, NPages, Elemsize        uintptr
	NElems, FreeIndex, AllocCount uint16
	SpanClass, NeedZero           uint8
	AllocBits                     *uint8
}

// RecSpanOf is the span in use that holds p.
func RecSpanOf(p uintptr) (z RecSpan, ok bool) {
	s := spanOf(p)
	if s == nil || s.state.get() != mSpanInUse {
		return
	}
	return RecSpan{s.base(), s.npages, s.elemsize, s.nelems, s.freeindex, s.allocCount, uint8(s.spanclass), s.needzero, s.allocBits.bytep(0)}, true
}

// RecFull says whether the cached span of a class and all others of it have no free slot.
func RecFull(spc uint8) bool {
	mp := acquirem()
	s := getMCache(mp).alloc[spc]
	c, sg := &mheap_.central[spc].mcentral, mheap_.sweepgen
	full := s.allocCount == s.nelems
	for _, set := range [...]*spanSet{c.partialSwept(sg), c.partialUnswept(sg), c.fullUnswept(sg)} {
		head, tail := set.index.load().split()
		full = full && head >= tail
	}
	releasem(mp)
	return full
}

// RecNotFull counts the small spans that have a free slot.
func RecNotFull() (n int) {
	for _, s := range mheap_.allspans {
		if s.state.get() == mSpanInUse && s.spanclass.sizeclass() != 0 && s.allocCount < s.nelems {
			n++
		}
	}
	return
}

// RecSmallSpans writes the bases of all small spans in use.
func RecSmallSpans(to []uintptr) (n int) {
	for _, s := range mheap_.allspans {
		if s.state.get() == mSpanInUse && s.spanclass.sizeclass() != 0 {
			to[n] = s.base()
			n++
		}
	}
	return
}

func RecResetTiny() {
	mp := acquirem()
	c := getMCache(mp)
	c.tiny, c.tinyoffset = 0, 0
	releasem(mp)
}

// RecFreshPages lets what comes next lie in pages that no one had: every page below the end of what is mapped counts as
// taken, so that the heap grows. It gives the address that it grows at.
func RecFreshPages() (base uintptr) {
	RecFlushPages()
	systemstack(func() {
		lock(&mheap_.lock)
		p := &mheap_.pages
		for ci := p.start; ci < p.end; ci++ {
			if !p.inUse.contains(chunkBase(ci)) {
				continue
			}
			for i := uint(0); i < pallocChunkPages; i++ {
				if !p.chunkOf(ci).isAllocated(i) {
					p.allocRange(chunkBase(ci)+uintptr(i)*pageSize, 1)
					p.update(chunkBase(ci)+uintptr(i)*pageSize, 1, true, true)
				}
			}
		}
		base = mheap_.curArena.base
		unlock(&mheap_.lock)
	})
	return
}

// RecFlushPages empties the page cache.
func RecFlushPages() {
	systemstack(func() {
		lock(&mheap_.lock)
		getg().m.p.ptr().pcache.flush(&mheap_.pages)
		unlock(&mheap_.lock)
	})
}

// RecTakePages marks every free page below heap page `below` as taken; the search may begin
// anywhere below them, and zeroedBase may be anything there.
func RecTakePages(base uintptr, below, searchPage, zeroedBasePage uintptr) {
	systemstack(func() {
		lock(&mheap_.lock)
		p := &mheap_.pages
		for i := uintptr(0); i < below; i++ {
			addr := base + i*pageSize
			if p.chunkOf(chunkIndex(addr)).isAllocated(chunkPageIndex(addr)) {
				continue
			}
			p.allocRange(addr, 1)
			p.update(addr, 1, true, true)
		}
		p.searchAddr = offAddr{base + searchPage*pageSize}
		mheap_.arenas[0][arenaIndex(base)].zeroedBase = zeroedBasePage * pageSize
		unlock(&mheap_.lock)
	})
}

func (d *pallocData) isAllocated(i uint) bool { return d.pallocBits[i/64]&(1<<(i%64)) != 0 }

type RecHeap struct {
	CurArenaBase, CurArenaEnd, SearchAddr uintptr
	Pcache                                RecCache
	FirstChunk, Chunks                    uint64
	Arenas                                int
}

// RecHeapState leaves out the chunks and arenas, which RecHeapChunk and RecHeapArena give one by one.
func RecHeapState() (z RecHeap) {
	systemstack(func() {
		lock(&mheap_.lock)
		pc := getg().m.p.ptr().pcache
		p := &mheap_.pages
		z = RecHeap{mheap_.curArena.base, mheap_.curArena.end, p.searchAddr.addr(), RecCache{pc.base, pc.cache, pc.scav},
			uint64(p.start), uint64(p.end - p.start), len(mheap_.heapArenas)}
		unlock(&mheap_.lock)
	})
	return
}

// RecHeapChunk is the i-th chunk from the first on; ok is false where no memory was ever mapped.
func RecHeapChunk(i uint64) (addr uintptr, alloc, scav [8]uint64, ok bool) {
	p := &mheap_.pages
	ci := p.start + chunkIdx(i)
	addr = chunkBase(ci)
	if !p.inUse.contains(addr) {
		return
	}
	c := p.chunkOf(ci)
	return addr, c.pallocBits, c.scavenged, true
}

func RecHeapArena(i int) (base, zeroedBase uintptr) {
	ai := mheap_.heapArenas[i]
	return arenaBase(ai), mheap_.arenas[ai.l1()][ai.l2()].zeroedBase
}

// The write barrier.

var recBarrier struct {
	buf [wbBufEntries]uintptr
	n   int
}

// RecBarrier switches the write barrier on by hand, with this P's buffer empty, or off, and keeps what the buffer holds.
//
//go:nosplit
func RecBarrier(on bool) {
	b := &getg().m.p.ptr().wbBuf
	if on {
		b.reset()
		writeBarrier.enabled = true
		return
	}
	writeBarrier.enabled = false
	recBarrier.n = int(b.next-uintptr(unsafe.Pointer(&b.buf[0]))) / 8
	for i := range recBarrier.n {
		recBarrier.buf[i] = b.buf[i]
	}
	b.reset()
}

func RecBarrierBuffer() []uintptr { return recBarrier.buf[:recBarrier.n] }

var _ = abi.Type{}
