// The worker: allocates in its own heap as it is told, and says what it got. See heap.go.

package main

import (
	"runtime"
	"runtime/debug"
	"syscall"
	"unsafe"
)

const heapBase = 0xc000000000

// What the worker remembers, outside the heap. `kept` and `filler` are what keeps objects alive.
var (
	in, out     [8 << 20]byte
	inAt, outAt int
	kept        [1 << 16]unsafe.Pointer
	filler      [1 << 19]unsafe.Pointer
	foreign     [1 << 14]uintptr
	spans       [1 << 14]struct {
		base              uintptr
		spanclass, nelems int
		isGone            bool
	}
	nspans  int
	results [1 << 16][7]uint64
)

func worker() {
	runtime.LockOSThread()
	debug.SetGCPercent(-1)
	for n := 0; ; {
		k, err := syscall.Read(0, in[n:len(in)-1])
		if err != nil {
			panic(err)
		}
		if k == 0 {
			break
		}
		n += k
	}
	work, ballast := next(), int(next())
	for i := range ballast {
		filler[i] = runtime.RecMalloc(8192, false, true)
	}
	runtime.GC()
	runtime.GC()
	switch work {
	case workMalloc:
		workMallocs()
	case workLarge:
		workLarges()
	case workNelems:
		workClasses()
	case workProgram:
		workPrograms()
	}
	for at := 0; at < outAt; {
		n, err := syscall.Write(1, out[at:outAt])
		if err != nil {
			panic(err)
		}
		at += n
	}
}

func next() (v uint64) {
	for in[inAt] <= ' ' {
		inAt++
	}
	for in[inAt] > ' ' {
		v = v*10 + uint64(in[inAt]-'0')
		inAt++
	}
	return
}

func put(v uint64) {
	var digits [20]byte
	i := len(digits)
	for {
		i--
		digits[i] = byte('0' + v%10)
		if v /= 10; v == 0 {
			break
		}
	}
	outAt += copy(out[outAt:], digits[i:])
	out[outAt] = ' '
	outAt++
}

func bit(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

// keep is where object n is kept: past the end of one array, from the end of the other down.
func keep(n int) *unsafe.Pointer {
	if n < len(kept) {
		return &kept[n]
	}
	return &filler[len(filler)-1-(n-len(kept))]
}

// fill makes every small span full of objects that live. There is no ballast then.
func fill() {
	n := 0
	for spc := uint8(2); int(spc) < 2*runtime.RecClasses(); spc++ {
		scan := spc%2 == 0
		size, _, _ := runtime.RecClass(int(spc / 2))
		request := min(size, 32760)
		if scan && !runtime.RecHeapBitsInSpan(uintptr(size)) {
			request = min(size-8, 32760)
		}
		if !scan && request < 16 {
			continue // such objects are tiny: nobody fills a span of theirs
		}
		for !runtime.RecFull(spc) {
			filler[n] = runtime.RecMalloc(uintptr(request), scan, true)
			n++
		}
	}
	runtime.RecResetTiny()
}

func workMallocs() {
	phases := int(next())
	fill()
	notFull := runtime.RecNotFull()
	nforeign := runtime.RecSmallSpans(foreign[:])
	unknown := 0
	start := outAt
	put(uint64(notFull))
	put(0)
	total := 0
	for range phases {
		n := int(next())
		for i := range n {
			size, scan := next(), next() == 1
			p := runtime.RecMalloc(uintptr(size), scan, true)
			*keep(total) = p
			total++
			s, _ := runtime.RecSpanOf(uintptr(p))
			slot := (uintptr(p) - s.Base) / s.Elemsize
			seq := spanNumber(s)
			if seq < 0 {
				seq = nspans
				spans[seq].base, spans[seq].spanclass, spans[seq].nelems = s.Base, int(s.SpanClass), int(s.NElems)
				nspans++
				for _, base := range foreign[:nforeign] {
					if base == s.Base {
						unknown++
					}
				}
			}
			results[i] = [7]uint64{uint64(s.SpanClass), uint64(seq), uint64(slot), uint64(uintptr(p) - s.Base - slot*s.Elemsize)}
		}
		for i := range n {
			for _, v := range results[i][:4] {
				put(v)
			}
		}
		for range int(next()) {
			*keep(int(next())) = nil
		}
		runtime.GC()
		nforeign = 0 // what was there may be given back from here on
		putSpans()
	}
	if unknown > 0 {
		end := outAt
		outAt = start
		put(uint64(notFull))
		put(uint64(min(unknown, 9)))
		outAt = end
	}
	runtime.KeepAlive(&kept)
	runtime.KeepAlive(&filler)
}

func spanNumber(s runtime.RecSpan) int {
	for i := nspans - 1; i >= 0; i-- {
		if spans[i].base == s.Base && !spans[i].isGone {
			return i
		}
	}
	return -1
}

func putSpans() {
	put(uint64(nspans))
	for i := range nspans {
		z := &spans[i]
		put(uint64(z.spanclass))
		put(uint64(z.nelems))
		s, ok := runtime.RecSpanOf(z.base)
		if z.isGone || !ok || s.Base != z.base || int(s.SpanClass) != z.spanclass {
			z.isGone = true
			put(0)
			continue
		}
		put(1)
		put(uint64(s.AllocCount))
		put(uint64(s.FreeIndex))
		n := (int(s.NElems) + 7) / 8
		put(uint64(n))
		for _, b := range unsafe.Slice(s.AllocBits, n) {
			put(uint64(b))
		}
	}
}

func workClasses() {
	n := 0
	for spc := 2; spc < 2*runtime.RecClasses(); spc++ {
		size, _, _ := runtime.RecClass(spc / 2)
		scan := spc%2 == 0
		request := min(size, 32760)
		if scan && !runtime.RecHeapBitsInSpan(uintptr(size)) {
			request = min(size-8, 32760)
		}
		if !scan && request < 16 {
			continue
		}
		p := runtime.RecMalloc(uintptr(request), scan, true)
		kept[n] = p
		s, _ := runtime.RecSpanOf(uintptr(p))
		offset := (uintptr(p) - s.Base) % s.Elemsize
		results[n] = [7]uint64{uint64(s.SpanClass), uint64(s.Elemsize), uint64(s.NPages), uint64(s.NElems), uint64(offset)}
		n++
	}
	put(uint64(n))
	for i := range n {
		for _, v := range results[i][:5] {
			put(v)
		}
	}
}

func workLarges() {
	searchPage, zeroedBasePage := next(), next()
	phases := int(next())
	if runtime.RecHeapState().CurArenaBase>>32 != heapBase>>32 {
		panic("the heap does not begin at 0xc000000000: build with GOEXPERIMENT=norandomizedheapbase64")
	}
	runtime.RecFlushPages()
	runtime.RecTakePages(heapBase, 512, uintptr(searchPage), uintptr(zeroedBasePage))
	total := 0
	for range phases {
		runtime.RecFlushPages()
		putHeap()
		n := int(next())
		for i := range n {
			size, scan, needzero := next(), next() == 1, next() == 1
			p := runtime.RecMalloc(uintptr(size), scan, needzero)
			kept[total] = p
			total++
			s, _ := runtime.RecSpanOf(uintptr(p))
			results[i] = [7]uint64{uint64(s.SpanClass), uint64(s.NPages), uint64(s.Elemsize), uint64(s.NElems),
				uint64(s.Base-heapBase) / pageBytes, uint64(uintptr(p) - s.Base), uint64(s.NeedZero)}
		}
		for i := range n {
			for _, v := range results[i] {
				put(v)
			}
		}
		putHeap()
		for range int(next()) {
			kept[next()] = nil
		}
		runtime.GC()
	}
	runtime.RecFlushPages()
	putHeap()
	runtime.KeepAlive(&kept)
}

var programResult any

func workPrograms() {
	f, n := called[programNames()[next()]], int(next())
	deep(1 << 10) // the stack is as large as it gets
	fill()
	base := runtime.RecFreshPages()
	runtime.RecResetTiny()
	runtime.RecTraceStart()
	programResult = f(n)
	total, requests := runtime.RecTraceStop()
	put(uint64(len(requests)))
	for i, at := range runtime.RecAddresses() {
		put(uint64(requests[i].Size))
		if at == runtime.RecZeroBase() {
			put(0)
		} else {
			put(uint64(at-base) + 1)
		}
	}
	if total > len(requests) {
		panic("the program makes too many requests")
	}
}

//go:noinline
func deep(n int) byte {
	var frame [128]byte
	frame[n%128] = byte(n)
	if n > 0 {
		return deep(n-1) + frame[n%128]
	}
	return frame[0]
}

func page(addr uintptr) uint64 { return uint64(addr-heapBase) / pageBytes }

func putHeap() {
	h := runtime.RecHeapState()
	put(page(h.CurArenaBase))
	put(page(h.CurArenaEnd))
	put(page(h.SearchAddr))
	if h.Pcache.Base == 0 {
		put(0)
	} else {
		put(page(h.Pcache.Base) + 1)
	}
	put(h.Pcache.Cache)
	put(h.Pcache.Scav)
	n := uint64(0)
	for i := range h.Chunks {
		if _, _, _, ok := runtime.RecHeapChunk(i); ok {
			n++
		}
	}
	put(n)
	for i := range h.Chunks {
		addr, alloc, scav, ok := runtime.RecHeapChunk(i)
		if !ok {
			continue
		}
		put(page(addr) / chunkPages)
		for _, w := range alloc {
			put(w)
		}
		for _, w := range scav {
			put(w)
		}
	}
	put(uint64(h.Arenas))
	for i := range h.Arenas {
		base, zeroed := runtime.RecHeapArena(i)
		put(page(base))
		put(page(base) + uint64(zeroed)/pageBytes)
	}
}
