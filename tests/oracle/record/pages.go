// pallocbits, pagealloc and pagecache: bitmaps, the page allocator, caches over it.

package main

import (
	"math/rand/v2"
	"runtime"
)

const (
	pagesBase  = 0x3000000000
	chunkBytes = 4 << 20
	chunkPages = 512
)

func randomWords(r *rand.Rand) (w [8]uint64) {
	if r.IntN(4) == 0 { // runs
		on := r.IntN(2) == 0
		for i := 0; i < chunkPages; on = !on {
			for n := 1 + r.IntN(1<<r.IntN(9)); n > 0 && i < chunkPages; n-- {
				if on {
					w[i/64] |= 1 << (i % 64)
				}
				i++
			}
		}
		return
	}
	dense := r.IntN(5)
	for i := range w {
		w[i] = r.Uint64()
		for range dense {
			w[i] |= r.Uint64()
		}
		if dense == 0 && r.IntN(3) > 0 {
			w[i] &= r.Uint64() & r.Uint64()
		}
	}
	return
}

func pallocbitsInputs(r *rand.Rand) (cases []line) {
	for i := range 300 * scale {
		alloc, scav := randomWords(r), randomWords(r)
		for k := range scav {
			scav[k] &^= alloc[k]
		}
		var find, popcnt, candidates []any
		for k := range 12 {
			n, from := 1+r.IntN(4), 0
			if k%3 == 2 {
				n = 1 + r.IntN(256)
			}
			if k%2 == 1 {
				from = r.IntN(chunkPages)
			}
			find = append(find, line{"n": n, "from": from})
		}
		for range 4 {
			from := r.IntN(chunkPages)
			popcnt = append(popcnt, []any{from, 1 + r.IntN(chunkPages-from), 0})
		}
		for range 8 {
			least := 1 << r.IntN(5)
			candidates = append(candidates, line{"from": r.IntN(chunkPages), "min": least, "max": least + r.IntN(200)})
		}
		cases = append(cases, line{"case": i, "alloc": hexes(alloc[:]), "scav": hexes(scav[:]), "find": find,
			"popcnt": popcnt, "scavengeCandidate": candidates})
	}
	var helpers []any
	for range 200 {
		x := r.Uint64() & r.Uint64() & r.Uint64()
		helpers = append(helpers, []any{hex(x), 1 << r.IntN(7), ""},
			[]any{hex(r.Uint64() | r.Uint64()), 1 + r.IntN(64), "findBitRange64", 0})
	}
	cases = append(cases, line{"helpers": helpers})
	for i := range 20 {
		var ops []any
		for range 20 * scale {
			from := r.IntN(chunkPages)
			n := 1 + r.IntN(chunkPages-from)
			if r.IntN(3) > 0 {
				n = min(n, 1+r.IntN(64))
			}
			ops = append(ops, []any{[]string{"allocRange", "free"}[r.IntN(2)], from, n}, []any{"summary", 0, 0, 0})
		}
		cases = append(cases, line{"mutate": i, "ops": ops})
	}
	return
}

func pallocbits(cases []line) []line {
	for _, c := range cases {
		var chunk runtime.RecChunk
		if helpers, ok := c["helpers"]; ok {
			for _, h := range list(helpers) {
				h := h.([]any)
				x, n := unsigned(h[0]), uint(whole(h[1]))
				if len(h) == 4 {
					h[3] = runtime.RecFindBitRange64(x, n)
				} else {
					h[2] = hex(runtime.RecFillAligned(x, n))
				}
			}
			continue
		}
		if _, ok := c["mutate"]; ok {
			mutate(&chunk, list(c["ops"]))
			bits := chunk.Bits()
			c["bits"] = hexes(bits[:])
			continue
		}
		chunk.Set(words(c["alloc"]), words(c["scav"]))
		start, most, end := chunk.Summarize()
		c["summary"] = []any{start, most, end}
		for _, f := range list(c["find"]) {
			f := f.(line)
			index, first := chunk.Find(uintptr(whole(f["n"])), uint(whole(f["from"])))
			f["index"], f["firstFree"] = minusOne(index), minusOne(first)
		}
		for _, p := range list(c["popcnt"]) {
			p := p.([]any)
			p[2] = chunk.Popcnt(uint(whole(p[0])), uint(whole(p[1])))
		}
		for _, s := range list(c["scavengeCandidate"]) {
			s := s.(line)
			s["start"], s["n"] = chunk.Candidate(uint(whole(s["from"])), uintptr(whole(s["min"])), uintptr(whole(s["max"])))
		}
	}
	return cases
}

func mutate(chunk *runtime.RecChunk, ops []any) {
	for _, op := range ops {
		op := op.([]any)
		switch op[0] {
		case "allocRange":
			chunk.AllocRange(uint(whole(op[1])), uint(whole(op[2])))
		case "free":
			chunk.Free(uint(whole(op[1])), uint(whole(op[2])))
		case "summary":
			op[1], op[2], op[3] = chunk.Summarize()
		}
	}
}

// pageOp does one operation on a page allocator and up to three caches over it, and writes what came out.
func pageOp(p *runtime.RecPages, slots *[3]runtime.RecCache, op line) {
	showSlot := func(c *runtime.RecCache) {
		op["base"], op["cache"], op["scavBits"] = hex(c.Base), hex(c.Cache), hex(c.Scav)
	}
	switch op["op"] {
	case "grow":
		p.Grow(uintptr(unsigned(op["base"])), uintptr(whole(op["size"])))
	case "alloc":
		addr, scav := p.Alloc(uintptr(whole(op["n"])))
		op["addr"], op["scav"] = hex(addr), scav
	case "free":
		p.Free(uintptr(unsigned(op["addr"])), uintptr(whole(op["n"])))
	case "scavenge":
		op["released"] = p.Scavenge(uintptr(whole(op["bytes"])), op["force"].(bool))
	case "nextGen":
		p.NextGen()
	case "allocToCache":
		c := &slots[whole(op["slot"])]
		*c = p.AllocToCache()
		showSlot(c)
		op["searchAddr"] = hex(p.SearchAddr())
	case "flush":
		c := &slots[whole(op["slot"])]
		p.Flush(c)
		showSlot(c)
		op["searchAddr"] = hex(p.SearchAddr())
	case "cacheAlloc":
		c := &slots[whole(op["slot"])]
		addr, scav := c.Alloc(uintptr(whole(op["n"])))
		op["addr"], op["scav"] = hex(addr), scav
		showSlot(c)
	case "check":
		checkPages(p, op)
	default:
		panic(op["op"])
	}
}

func checkPages(p *runtime.RecPages, op line) {
	op["searchAddr"] = hex(p.SearchAddr())
	start, end := p.Bounds()
	op["bounds"] = []any{start, end}
	var ranges []any
	var levels []any
	for _, r := range p.InUse() {
		ranges = append(ranges, []any{hex(r[0]), hex(r[1])})
	}
	op["inUse"] = ranges
	for level := range runtime.RecLevels() {
		var entries []any
		next := 0
		for _, r := range p.InUse() {
			lo, hi := p.SummaryRange(level, r[0], r[1])
			for i := max(lo, next); i < hi; i++ {
				start, most, end := p.Summary(level, i)
				entries = append(entries, []any{i, start, most, end})
			}
			next = hi
		}
		levels = append(levels, line{"level": level, "entries": entries})
	}
	op["summaries"] = levels
	// Which chunks are shown is an input.
	for _, c := range list(op["chunks"]) {
		c := c.(line)
		ci := unsigned(c["chunk"]) + (pagesBase+1<<47)/chunkBytes
		alloc, scav, inUse, lastInUse, gen, flags := p.Chunk(ci)
		c["alloc"], c["scav"] = hexes(alloc[:]), hexes(scav[:])
		c["scavIndex"] = line{"inUse": inUse, "lastInUse": lastInUse, "gen": gen, "flags": flags}
	}
}

func pageOps(ops []any) {
	p := runtime.RecNewPages()
	defer p.Close()
	var slots [3]runtime.RecCache
	for _, op := range ops {
		pageOp(p, &slots, op.(line))
	}
}

func pagealloc(cases []line) []line {
	for _, c := range cases {
		pageOps(list(c["ops"]))
	}
	return cases
}

func pagecache(cases []line) []line {
	for _, c := range cases {
		if c["part"] == "withPages" {
			pageOps(list(c["ops"]))
			continue
		}
		cache := runtime.RecCache{Base: uintptr(unsigned(c["base"])), Cache: unsigned(c["cache"]), Scav: unsigned(c["scavBits"])}
		for _, op := range list(c["ops"]) {
			op := op.(line)
			addr, scav := cache.Alloc(uintptr(whole(op["n"])))
			op["addr"], op["scav"], op["cache"], op["scavBits"] = hex(addr), scav, hex(cache.Cache), hex(cache.Scav)
		}
	}
	return cases
}

// pageWorld makes operations by doing them: what can be freed depends on what was given.
type pageWorld struct {
	r     *rand.Rand
	p     *runtime.RecPages
	slots [3]runtime.RecCache
	next  uintptr // where the next growth begins
	end   uintptr // of what was grown
	taken []line  // results of allocations
	ops   []any
}

func (w *pageWorld) do(op line) line {
	pageOp(w.p, &w.slots, op)
	w.ops = append(w.ops, op)
	return op
}

func (w *pageWorld) grow() {
	if w.r.IntN(4) == 0 {
		w.next += uintptr(w.r.IntN(16)) * chunkBytes
	}
	size := uintptr(1+w.r.IntN(3)) * chunkBytes
	if w.r.IntN(3) == 0 {
		size -= uintptr(w.r.IntN(500)) * pageBytes
	}
	w.do(line{"op": "grow", "base": hex(w.next), "size": size})
	w.next += (size + chunkBytes - 1) / chunkBytes * chunkBytes
}

func (w *pageWorld) keep(op line) {
	if op["addr"] != "0x0" {
		w.taken = append(w.taken, op)
	}
}

func (w *pageWorld) alloc() {
	n := 1 + w.r.IntN(4)
	switch w.r.IntN(10) {
	case 0, 1, 2:
		n = 1 + w.r.IntN(64)
	case 3:
		n = 1 + w.r.IntN(1<<w.r.IntN(11))
	}
	w.keep(w.do(line{"op": "alloc", "n": n}))
}

func (w *pageWorld) free() {
	if len(w.taken) == 0 {
		return
	}
	i := w.r.IntN(len(w.taken))
	t := w.taken[i]
	w.taken = append(w.taken[:i], w.taken[i+1:]...)
	w.do(line{"op": "free", "addr": t["addr"], "n": t["n"]})
}

func (w *pageWorld) scavenge() {
	w.do(line{"op": "scavenge", "bytes": (1 + w.r.IntN(1<<w.r.IntN(8))) * pageBytes, "force": w.r.IntN(3) > 0})
}

func (w *pageWorld) check(withChunks bool) {
	op := line{"op": "check"}
	if withChunks {
		var chunks []any
		for _, r := range w.p.InUse() {
			for a := r[0]; a < r[1]; a += chunkBytes {
				chunks = append(chunks, line{"chunk": (a - pagesBase) / chunkBytes})
			}
		}
		op["chunks"] = chunks
	}
	w.do(op)
}

func newPageWorld(r *rand.Rand) *pageWorld {
	return &pageWorld{r: r, p: runtime.RecNewPages(), next: pagesBase}
}

func pageallocInputs(r *rand.Rand) (cases []line) {
	for i := range 12 {
		w := newPageWorld(r)
		w.grow()
		for range 240 * scale {
			switch k := r.IntN(100); {
			case k < 1:
				w.grow()
			case k < 53:
				w.alloc()
			case k < 88:
				w.free()
			case k < 94:
				w.scavenge()
			case k < 97:
				w.do(line{"op": "nextGen"})
			default:
				w.check(r.IntN(2) == 0)
			}
		}
		w.check(true)
		w.p.Close()
		cases = append(cases, line{"case": i, "ops": w.ops})
	}
	return
}

// searchaddr: pages are allocated and freed, and after each operation it is told where the next search begins.
func searchaddr(cases []line) []line {
	for _, c := range cases {
		p := runtime.RecNewPages()
		var slots [3]runtime.RecCache
		for _, op := range list(c["ops"]) {
			op := op.(line)
			pageOp(p, &slots, op)
			op["searchAddr"] = hex(p.SearchAddr())
		}
		p.Close()
	}
	return cases
}

func searchaddrInputs(r *rand.Rand) (cases []line) {
	for i := range 10 {
		w := newPageWorld(r)
		w.grow()
		for len(w.ops) < 1000*scale {
			switch k := r.IntN(100); {
			case k < 1:
				w.grow()
			case k < 55:
				w.alloc()
			case k < 96:
				w.free()
			default:
				w.scavenge()
			}
		}
		w.p.Close()
		cases = append(cases, line{"case": i, "ops": w.ops})
	}
	return
}

func pagecacheInputs(r *rand.Rand) (cases []line) {
	for i := range 60 * scale {
		cache := r.Uint64() | r.Uint64()
		var ops []any
		for range 30 {
			ops = append(ops, line{"n": 1 + r.IntN(6)})
		}
		cases = append(cases, line{"part": "alone", "case": i, "base": hex(uintptr(pagesBase + r.IntN(64)*64*pageBytes)),
			"cache": hex(cache), "scavBits": hex(cache & r.Uint64()), "ops": ops})
	}
	for i := range 10 {
		w := newPageWorld(r)
		w.do(line{"op": "grow", "base": hex(uintptr(pagesBase)), "size": (1 + r.IntN(2)) * chunkBytes})
		for range 200 * scale {
			slot := r.IntN(3)
			switch k := r.IntN(100); {
			case k < 45:
				w.keep(w.do(line{"op": "cacheAlloc", "slot": slot, "n": 1 + r.IntN(15)}))
			case k < 52:
				w.do(line{"op": "flush", "slot": slot})
			case k < 62:
				if w.slots[slot].Cache != 0 { // as the runtime does: a cache is refilled when it is empty
					w.do(line{"op": "flush", "slot": slot})
				}
				w.do(line{"op": "allocToCache", "slot": slot})
			case k < 76:
				w.alloc()
			case k < 92:
				w.free()
			case k < 96:
				w.scavenge()
			default:
				w.check(true)
			}
		}
		w.p.Close()
		cases = append(cases, line{"part": "withPages", "case": i, "ops": w.ops})
	}
	return
}
