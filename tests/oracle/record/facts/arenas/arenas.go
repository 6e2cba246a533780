//go:build goexperiment.arenas

// Arenas counts what a thousand objects of an arena cost: built with GOEXPERIMENT=arenas.
package main

import (
	"arena"
	"encoding/json"
	"os"
	"runtime"
	"runtime/debug"
	"unsafe"
)

type object struct {
	data [101]uint64
}

func main() {
	debug.SetGCPercent(-1)
	mallocs := func() uint64 {
		var s runtime.MemStats
		runtime.ReadMemStats(&s)
		return s.Mallocs
	}
	fill := func() (*arena.Arena, uint64) {
		before := mallocs()
		a := arena.NewArena()
		for range 1000 {
			arena.New[object](a).data[0] = 1
		}
		return a, mallocs() - before
	}
	first, cold := fill()
	second, warm := fill()
	first.Free()
	second.Free()
	json.NewEncoder(os.Stdout).Encode(map[string]any{"objects": 1000, "objectBytes": unsafe.Sizeof(object{}),
		"mallocsInTheFirstArena": cold, "mallocsInTheSecondArena": warm})
}
