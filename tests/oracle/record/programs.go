// programs: what small programs request of the allocator, and what MemStats says of them.

package main

import (
	"maps"
	"reflect"
	"runtime"
	"runtime/debug"
)

// mostTraced is the longest trace that a recording keeps.
const mostTraced = 4000

func programs(cases []line) []line {
	runtime.LockOSThread()
	runtime.GOMAXPROCS(1)
	debug.SetGCPercent(-1)
	for _, c := range cases {
		f, ok := called[c["program"].(string)]
		if !ok {
			panic(c["program"])
		}
		n := int(whole(c["n"]))
		// The runtime itself allocates now and then: what counts is what comes out twice in a row.
		for last := (line)(nil); ; last = maps.Clone(c) {
			if program(c, f, n); reflect.DeepEqual(last, c) {
				break
			}
		}
	}
	return cases
}

func program(c line, f func(int) any, n int) {
	runtime.RecTraceStart()
	result := f(n)
	total, requests := runtime.RecTraceStop()
	runtime.KeepAlive(result)
	delete(c, "trace")
	c["traceTotal"] = total
	if total <= mostTraced {
		trace := []any{}
		for _, q := range requests {
			scan := 0
			if q.Scan() {
				scan = 1
			}
			trace = append(trace, []any{q.Size, scan, q.Type()})
		}
		if c["trace"] = trace; total == 0 {
			c["trace"] = nil
		}
	}
	result = nil
	runtime.GC()
	runtime.GC()

	var s [4]runtime.MemStats
	runtime.ReadMemStats(&s[0])
	result = f(n)
	runtime.ReadMemStats(&s[1])
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&s[2])
	runtime.KeepAlive(result)
	result = nil
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&s[3])
	c["run"], c["afterGCLive"] = change(&s[0], &s[1]), change(&s[1], &s[2])
	c["afterGCDropped"], c["net"] = change(&s[2], &s[3]), change(&s[0], &s[3])
}

func change(a, b *runtime.MemStats) line {
	var bySize []any
	for i, x := range b.BySize {
		mallocs, frees := x.Mallocs-a.BySize[i].Mallocs, x.Frees-a.BySize[i].Frees
		if mallocs != 0 || frees != 0 {
			bySize = append(bySize, []any{x.Size, mallocs, frees})
		}
	}
	return line{"mallocs": b.Mallocs - a.Mallocs, "frees": b.Frees - a.Frees, "totalAlloc": b.TotalAlloc - a.TotalAlloc,
		"heapAlloc": int64(b.HeapAlloc - a.HeapAlloc), "heapObjects": int64(b.HeapObjects - a.HeapObjects),
		"numGC": b.NumGC - a.NumGC, "bySize": bySize}
}
