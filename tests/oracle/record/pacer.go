// pacer and limiter: when a collection begins, how much it may take.

package main

import (
	"math"
	"math/rand/v2"
	"runtime"
	"strconv"
)

func signed(v int64) string { return strconv.FormatInt(v, 10) }

func pacer(cases []line) []line {
	for _, c := range cases {
		if _, ok := c["idleWorkers"]; ok {
			idleWorkers(list(c["ops"]))
			continue
		}
		var p *runtime.RecPacer
		for _, op := range list(c["ops"]) {
			p = pacerOp(p, op.(line))
		}
	}
	return cases
}

func pacerOp(p *runtime.RecPacer, op line) *runtime.RecPacer {
	i := func(name string) int64 { return whole(op[name]) }
	u := func(name string) uint64 { return unsigned(op[name]) }
	switch op["op"] {
	case "new":
		p = runtime.RecNewPacer(int32(i("gcPercent")), i("memoryLimit"))
	case "setMem":
		p.SetMem(u("mappedReady"), u("heapFree"), u("totalAlloc"), u("totalFree"))
	case "setGCPercent":
		p.SetGCPercent(int32(i("percent")))
		p.Commit(op["commitSweepDone"].(bool))
	case "setMemoryLimit":
		p.SetMemoryLimit(i("limit"))
		p.Commit(op["commitSweepDone"].(bool))
	case "commit":
		p.Commit(op["sweepDone"].(bool))
	case "startCycle":
		p.StartCycle(u("stackSize"), u("globalsSize"), float(op["scannableFrac"]), int(i("gomaxprocs")))
	case "revise":
		p.Revise(i("heapLive"), i("heapScan"), i("heapScanWork"), i("stackScanWork"), i("globalsScanWork"))
	case "endCycle":
		p.SetIdleMarkTime(i("idleMarkTime"))
		p.EndCycle(u("bytesMarked"), i("assistTime"), i("elapsed"), int(i("gomaxprocs")))
	case "alloc":
		p.Alloc(i("heapLive"), i("heapScan"))
	default:
		panic(op["op"])
	}
	integers, floats, dedicated, idleMax, gcPercent := p.State()
	state := line{"dedicated": dedicated, "idleMax": idleMax, "gcPercent": gcPercent}
	for k, name := range runtime.RecPacerIntegers {
		state[name] = decimal(integers[k])
	}
	for k, name := range runtime.RecPacerFloats {
		state[name] = number(floats[k])
	}
	op["state"] = state
	return p
}

// idleWorkers does what the case says. A recording does not say how many there may be at first ("idleWorkers" there is
// the number of the case): the number that answers as recorded was meant, and 0 if none does.
func idleWorkers(ops []any) {
	for first := len(ops); first >= 0; first-- {
		isSame := true
		var answers []any
		p := runtime.RecNewPacer(100, math.MaxInt64)
		p.SetMaxIdleMarkWorkers(first)
		n := 0
		for _, op := range ops {
			op := op.([]any)
			var answer any
			switch op[0] {
			case "add":
				added := p.AddIdleMarkWorker()
				if added {
					n++
				}
				answer = added
			case "need":
				answer = p.NeedIdleMarkWorker()
			case "remove":
				if n > 0 {
					p.RemoveIdleMarkWorker()
					n--
				}
			case "setMax":
				p.SetMaxIdleMarkWorkers(int(whole(op[1])))
			}
			isSame = isSame && (answer == nil || op[1] == answer)
			answers = append(answers, answer)
		}
		if !isSame && first > 0 {
			continue
		}
		for k, answer := range answers {
			if answer != nil {
				ops[k].([]any)[1] = answer
			}
		}
		return
	}
}

func pacerInputs(r *rand.Rand) (cases []line) {
	for k := range 40 {
		cases = append(cases, line{"case": k, "ops": pacerOps(r)})
	}
	for k := range 8 {
		p := runtime.RecNewPacer(100, math.MaxInt64)
		p.SetMaxIdleMarkWorkers(r.IntN(6))
		var ops []any
		for n := 0; len(ops) < 60*scale; {
			switch j := r.IntN(10); {
			case j < 4:
				ops = append(ops, []any{"need", p.NeedIdleMarkWorker()})
			case j < 7:
				added := p.AddIdleMarkWorker()
				if added {
					n++
				}
				ops = append(ops, []any{"add", added})
			case j < 9 && n > 0:
				p.RemoveIdleMarkWorker()
				n--
				ops = append(ops, []any{"remove"})
			case j == 9:
				most := r.IntN(6)
				p.SetMaxIdleMarkWorkers(most)
				ops = append(ops, []any{"setMax", most})
			}
		}
		cases = append(cases, line{"idleWorkers": k, "ops": ops})
	}
	return
}

// pacerOps draws the life of one pacer: settings, cycles, allocation. Goals may be near 2^63 while nothing is counted
// there: no cycle begins at such a trigger.
func pacerOps(r *rand.Rand) (ops []any) {
	size := func(bits int) int64 { return r.Int64N(1 << (1 + r.IntN(bits))) }
	do := func(op line) { ops = append(ops, op) }
	percent := []int{100, 100, 50, 200, 10, 1000, -1}[r.IntN(7)]
	limit := int64(math.MaxInt64)
	if percent < 0 || r.IntN(3) == 0 {
		limit = 8<<20 + size(30)
	}
	do(line{"op": "new", "gcPercent": percent, "memoryLimit": signed(limit)})
	procs := 1 + r.IntN(16)
	for range 8 * scale {
		if limit != math.MaxInt64 || r.IntN(4) == 0 {
			used, free := size(28), size(24)
			freed := size(30)
			do(line{"op": "setMem", "mappedReady": signed(used + free + size(22)), "heapFree": signed(free),
				"totalAlloc": signed(used + freed), "totalFree": signed(freed)})
		}
		switch r.IntN(6) {
		case 0:
			do(line{"op": "commit", "sweepDone": true})
		case 1:
			live := size(23)
			do(line{"op": "alloc", "heapLive": signed(live), "heapScan": signed(int64(float64(live) * r.Float64()))})
		case 2:
			percent = []int{r.IntN(500), 100, math.MaxInt32}[r.IntN(3)]
			do(line{"op": "setGCPercent", "percent": percent, "commitSweepDone": r.IntN(2) == 0})
		case 3:
			limit = 8<<20 + size(30)
			do(line{"op": "setMemoryLimit", "limit": signed(limit), "commitSweepDone": r.IntN(2) == 0})
		case 4:
			// Nothing holds the heap down: the goal is what the limit leaves of all addresses. Then as before.
			do(line{"op": "setGCPercent", "percent": -1, "commitSweepDone": r.IntN(2) == 0})
			far := []int64{math.MaxInt64, 1<<53 + size(52), math.MaxInt64 - size(62)}[r.IntN(3)]
			do(line{"op": "setMemoryLimit", "limit": signed(far), "commitSweepDone": r.IntN(2) == 0})
			do(line{"op": "setGCPercent", "percent": 100, "commitSweepDone": true})
			percent, limit = 100, math.MaxInt64
		}
		stacks, globals, frac := size(26), size(26), r.Float64()
		do(line{"op": "startCycle", "stackSize": signed(stacks), "globalsSize": signed(globals), "scannableFrac": frac,
			"gomaxprocs": procs})
		isOff := limit == math.MaxInt64 && r.IntN(3) == 0
		if isOff { // a cycle that somebody asked for goes on while nothing else would begin one
			do(line{"op": "setGCPercent", "percent": -1, "commitSweepDone": true})
		}
		for range 1 + r.IntN(5) {
			live := size(24 + r.IntN(6))
			do(line{"op": "revise", "heapLive": signed(live), "heapScan": signed(int64(float64(live) * frac)),
				"heapScanWork": signed(size(24)), "stackScanWork": signed(stacks / 4), "globalsScanWork": signed(globals / 4)})
		}
		if isOff {
			do(line{"op": "setGCPercent", "percent": max(percent, 0), "commitSweepDone": true})
		}
		elapsed := size(22)
		do(line{"op": "endCycle", "bytesMarked": signed(1<<20 + size(26)), "assistTime": signed(size(20)),
			"idleMarkTime": signed(size(20)), "elapsed": signed(elapsed), "gomaxprocs": procs})
	}
	return
}

func limiter(cases []line) []line {
	for _, c := range cases {
		var l *runtime.RecLimiter
		for _, op := range list(c["ops"]) {
			l = limiterOp(l, op.(line))
		}
	}
	return cases
}

func limiterOp(l *runtime.RecLimiter, op line) *runtime.RecLimiter {
	i := func(name string) int64 { return whole(op[name]) }
	switch op["op"] {
	case "new":
		l = runtime.RecNewLimiter(i("now"), int32(i("procs")))
	case "startGCTransition":
		l.StartGCTransition(op["enable"].(bool), i("now"))
	case "finishGCTransition":
		l.FinishGCTransition(i("now"))
	case "needUpdate":
		op["r"] = l.NeedUpdate(i("now"))
	case "update":
		l.Update(i("now"))
	case "addAssistTime":
		l.AddAssistTime(i("t"))
	case "addIdleTime":
		l.AddIdleTime(i("t"))
	case "resetCapacity":
		l.ResetCapacity(i("now"), int32(i("procs")))
	default:
		panic(op["op"])
	}
	fill, capacity, overflow, on := l.State()
	op["fill"], op["capacity"], op["overflow"], op["limiting"] = decimal(fill), decimal(capacity), decimal(overflow), on
	assist, idleMark, idle, last := l.Pools()
	op["assistPool"], op["idleMarkPool"], op["idlePool"], op["lastUpdate"] = signed(assist), signed(idleMark), signed(idle), signed(last)
	return l
}

func limiterInputs(r *rand.Rand) (cases []line) {
	for k := range 30 {
		now := r.Int64N(1e9)
		procs := 1 + r.IntN(16)
		ops := []any{line{"op": "new", "now": signed(now), "procs": procs}}
		pass := func(op line) {
			now += r.Int64N(1 << (1 + r.IntN(30)))
			op["now"] = signed(now)
			ops = append(ops, op)
		}
		isOn, hot := false, r.Float64()
		for len(ops) < 150*scale {
			switch j := r.IntN(12); {
			case j == 0:
				isOn = !isOn
				pass(line{"op": "startGCTransition", "enable": isOn})
				if r.IntN(4) == 0 {
					pass(line{"op": "update"}) // dropped: the limiter is taken
				}
				pass(line{"op": "finishGCTransition"})
			case j == 1 && !isOn:
				procs = 1 + r.IntN(16)
				pass(line{"op": "resetCapacity", "procs": procs})
			case j == 2:
				ops = append(ops, line{"op": "addIdleTime", "t": signed(r.Int64N(1 << (1 + r.IntN(28))))})
			case j < 7:
				t := int64(hot * float64(r.Int64N(1<<(1+r.IntN(33)))))
				ops = append(ops, line{"op": "addAssistTime", "t": signed(t)})
			default:
				pass(line{"op": "needUpdate"})
				ops = append(ops, line{"op": "update", "now": signed(now)})
			}
		}
		cases = append(cases, line{"case": k, "ops": ops})
	}
	return
}
