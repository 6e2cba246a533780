// scavindex, scavpace, pi and scavloop: what the scavenger looks for, how much, how fast.

package main

import (
	"math"
	"math/rand/v2"
	"runtime"
)

func scavState(s *runtime.RecScav, op line) {
	bg, bgMarked, force, forceMarked, hwm := s.State()
	op["bg"], op["bgMarked"], op["force"], op["forceMarked"], op["freeHWM"] = hex(bg), bgMarked, hex(force), forceMarked, hex(hwm)
}

func scavOp(s *runtime.RecScav, op line, chunks int) {
	chunk, page, n := 0, 0, 0
	if v, ok := op["chunk"]; ok {
		chunk = int(whole(v))
	}
	if v, ok := op["n"]; ok {
		page, n = int(whole(op["page"])), int(whole(v))
	}
	switch op["op"] {
	case "init":
	case "alloc":
		s.Alloc(chunk, page, n)
	case "free":
		s.Free(chunk, page, n)
	case "nextGen":
		s.NextGen()
	case "setEmpty":
		s.SetEmpty(chunk)
	case "find":
		scavFind(s, op)
		return
	case "check":
		var rows []any
		for i := range chunks {
			inUse, lastInUse, gen, flags := s.Chunk(i)
			rows = append(rows, []any{inUse, lastInUse, gen, flags})
		}
		op["chunks"] = rows
		return
	default:
		panic(op["op"])
	}
	scavState(s, op)
}

// scavFind searches. A recording does not say whether it was forced, since "force" there is the search address after
// it; the one that answers as recorded was meant, and the ordinary one if neither does.
func scavFind(s *runtime.RecScav, op line) {
	isSame := func(force bool) bool {
		defer s.SetCursors(s.Cursors())
		got := line{}
		find(s, got, force)
		for k, v := range got {
			switch want := op[k].(type) {
			case nil:
				return false
			case string, bool:
				if want != v {
					return false
				}
			default:
				if whole(want) != int64(v.(int)) {
					return false
				}
			}
		}
		return true
	}
	find(s, op, !isSame(false) && isSame(true))
}

func find(s *runtime.RecScav, op line, force bool) {
	op["chunk"], op["page"], op["none"] = s.Find(force)
	scavState(s, op)
}

func scavindex(cases []line) []line {
	for _, c := range cases {
		ops := list(c["ops"])
		chunks := int(whole(ops[0].(line)["chunks"]))
		s := runtime.RecNewScav(pagesBase, chunks)
		for _, op := range ops {
			scavOp(s, op.(line), chunks)
		}
	}
	return cases
}

func scavindexInputs(r *rand.Rand) (cases []line) {
	for i := range 10 {
		chunks := 4 + r.IntN(13)
		pages := chunks * chunkPages
		s := runtime.RecNewScav(pagesBase, chunks)
		free := make([]bool, pages)
		ops := []any{line{"op": "init", "chunks": chunks, "note": "all pages allocated, search addresses reset"}}
		do := func(op line) line {
			scavOp(s, op, chunks)
			ops = append(ops, op)
			return op
		}
		mark := func(name string, from, n int, to bool) {
			for k := from; k < from+n; k++ {
				free[k] = to
			}
			do(line{"op": name, "chunk": from / chunkPages, "page": from % chunkPages, "n": n})
		}
		scavState(s, ops[0].(line))
		for range 120 * scale {
			from, most := r.IntN(pages), 1+r.IntN(1<<r.IntN(11))
			n := 0
			for from+n < pages && n < most && free[from+n] == free[from] {
				n++
			}
			switch k := r.IntN(100); {
			case k < 42 && !free[from]:
				mark("free", from, n, true)
			case k < 42:
				mark("alloc", from, n, false)
			case k < 74:
				op := line{"op": "find"}
				find(s, op, r.IntN(2) == 0)
				ops = append(ops, op)
				if op["none"] == false && r.IntN(3) == 0 {
					do(line{"op": "setEmpty", "chunk": op["chunk"]})
				}
			case k < 86:
				do(line{"op": "nextGen"})
			default:
				do(line{"op": "check"})
			}
		}
		cases = append(cases, line{"case": i, "ops": ops})
	}
	return
}

func scavpaceInputs(r *rand.Rand) (cases []line) {
	size := func(bits int) uint64 { return r.Uint64() >> (64 - 1 - r.IntN(bits)) }
	for i := range 300 * scale {
		goal := size(36)
		last := goal/2 + r.Uint64N(goal+1)
		lastInUse := size(36) / pageBytes * pageBytes
		if r.IntN(2) == 0 {
			lastInUse = last / pageBytes * pageBytes
		}
		if r.IntN(8) == 0 {
			last = 0
		}
		inUse := goal/2 + r.Uint64N(goal+1)
		limit := uint64(math.MaxInt64)
		ready := inUse + size(34)
		if r.IntN(2) == 0 {
			limit = ready/2 + r.Uint64N(ready+1)
		}
		free := uint64(0)
		if r.IntN(2) == 0 {
			free = size(30) / pageBytes * pageBytes
		}
		cases = append(cases, line{"case": i, "memoryLimit": decimal(limit), "heapGoal": decimal(goal),
			"lastHeapGoal": decimal(last), "lastHeapInUse": decimal(lastInUse), "mappedReady": decimal(ready),
			"heapInUse": decimal(inUse / pageBytes * pageBytes), "heapFree": decimal(free)})
	}
	return
}

func scavpace(cases []line) []line {
	for _, c := range cases {
		limit, percent := runtime.RecScavPace(whole(c["memoryLimit"]), unsigned(c["heapGoal"]), unsigned(c["lastHeapGoal"]),
			unsigned(c["lastHeapInUse"]), unsigned(c["mappedReady"]), unsigned(c["heapInUse"]), unsigned(c["heapFree"]))
		c["memoryLimitGoal"], c["gcPercentGoal"] = decimal(limit), decimal(percent)
		c["physPageSize"] = runtime.RecPhysPageSize()
	}
	return cases
}

func piInputs(r *rand.Rand) (cases []line) {
	for i := range 20 {
		c := line{"case": i, "kp": 0.3375, "ti": 3.2e6, "tt": 1e9, "min": 0.001, "max": 1000.0}
		setpoint, period := 0.01, 1e6*(1+r.Float64())
		if r.IntN(3) == 0 {
			c = line{"case": i, "kp": 2 * r.Float64(), "ti": 10 * r.Float64(), "tt": 10 * r.Float64(),
				"min": -20 * r.Float64(), "max": 50 * r.Float64()}
			setpoint, period = 5*r.Float64(), r.Float64()
		}
		var steps []any
		for range 60 * scale {
			input := 0.002 * r.Float64()
			switch r.IntN(40) {
			case 0:
				input = math.Inf(1)
			case 1:
				input = 1e300
			case 2, 3, 4, 5, 6, 7:
				input = 20*r.Float64() - 10
			}
			steps = append(steps, []any{number(input), setpoint, period, nil, nil})
		}
		c["steps"] = steps
		cases = append(cases, c)
	}
	return
}

func pi(cases []line) []line {
	for _, c := range cases {
		p := runtime.RecNewPI(float(c["kp"]), float(c["ti"]), float(c["tt"]), float(c["min"]), float(c["max"]))
		for _, s := range list(c["steps"]) {
			s := s.([]any)
			out, ok := p.Next(float(s[0]), float(s[1]), float(s[2]))
			s[3], s[4] = number(out), ok
		}
	}
	return cases
}

func scavloopInputs(r *rand.Rand) (cases []line) {
	for i := range 20 {
		var calls []any
		slow := 1 << r.IntN(6)
		short := r.IntN(30)
		for range (30 + r.IntN(60)) * scale {
			given := 65536
			if r.IntN(100) < short {
				given = (1 + r.IntN(15)) * 4096
			}
			duration := uint64(r.IntN(12000 * slow))
			if r.IntN(10) == 0 {
				duration = 0
			}
			calls = append(calls, []any{"scavenge", 0, given, decimal(duration)})
		}
		oversleep := r.IntN(3)
		for range 90 * scale { // more than can be asked for; a factor, until it is known how long it was
			calls = append(calls, []any{"sleep", "", 1 + r.Float64()*0.2*float64(oversleep)})
		}
		cases = append(cases, line{"case": i, "procs": 1 + r.IntN(8), "calls": calls})
	}
	return
}

func scavloop(cases []line) []line {
	for _, c := range cases {
		var scavenges, sleeps [][]any
		for _, call := range list(c["calls"]) {
			call := call.([]any)
			if call[0] == "sleep" {
				sleeps = append(sleeps, call)
			} else {
				scavenges = append(scavenges, call)
			}
		}
		var calls []any
		released := runtime.RecScavLoop(func(asked uintptr) (uintptr, int64) {
			s := scavenges[0]
			scavenges = scavenges[1:]
			calls = append(calls, []any{"scavenge", asked, s[2], s[3]})
			return uintptr(whole(s[2])), whole(s[3])
		}, func(asked int64) int64 {
			slept := asked
			if len(sleeps) > 0 {
				if given, ok := sleeps[0][2].(string); ok {
					slept = whole(given)
				} else {
					slept = int64(float64(asked) * float(sleeps[0][2]))
				}
				sleeps = sleeps[1:]
			}
			calls = append(calls, []any{"sleep", decimal(uint64(asked)), decimal(uint64(slept))})
			return slept
		}, func() bool { return len(scavenges) == 0 }, func() int32 { return int32(whole(c["procs"])) })
		c["calls"], c["released"] = calls, released
	}
	return cases
}
