// B2 on real Go: the twin of tests/bench/engine.ts. Built by scripts/bench.ts with an overlay that adds
// pages.go.txt to package runtime.
//
//	bench WINDOWS
package main

import (
	"fmt"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"time"
)

const windowBytes = 8 << 20

type scan[T any] struct {
	p    *byte
	rest T
}

// One variable for each type, so that nothing but the allocation is timed.
type global[T any] struct{ at *T }

var windows int

func least(run, between func()) float64 {
	best := math.Inf(1)
	for i := 0; i < windows; i++ {
		start := time.Now()
		run()
		ns := float64(time.Since(start).Nanoseconds())
		if i > 0 && ns < best {
			best = ns
		}
		between()
	}
	return best
}

func show(name string, ns float64) { fmt.Printf("%s %.3f\n", name, ns) }

var (
	n8    global[uint64]
	n16   global[[2]uint64]
	n64   global[[8]uint64]
	n1024 global[[128]uint64]
	s8    global[*byte]
	s16   global[scan[[1]uint64]]
	s64   global[scan[[7]uint64]]
	s1024 global[scan[[127]uint64]]
	n32k  global[[32 << 7]uint64]
	n64k  global[[64 << 7]uint64]
	n1m   global[[1 << 17]uint64]
)

func objects(name string, size int, run func(n int), drop func()) {
	n := windowBytes / size
	show(name, least(func() { run(n) }, func() { drop(); runtime.GC() })/float64(n))
}

func main() {
	windows, _ = strconv.Atoi(os.Args[1])
	runtime.GOMAXPROCS(1)
	debug.SetGCPercent(-1)
	objects("noscan-8", 8, func(n int) {
		for i := 0; i < n; i++ {
			n8.at = new(uint64)
		}
	}, func() { n8.at = nil })
	objects("noscan-16", 16, func(n int) {
		for i := 0; i < n; i++ {
			n16.at = new([2]uint64)
		}
	}, func() { n16.at = nil })
	objects("noscan-64", 64, func(n int) {
		for i := 0; i < n; i++ {
			n64.at = new([8]uint64)
		}
	}, func() { n64.at = nil })
	objects("noscan-1024", 1024, func(n int) {
		for i := 0; i < n; i++ {
			n1024.at = new([128]uint64)
		}
	}, func() { n1024.at = nil })
	objects("scan-8", 8, func(n int) {
		for i := 0; i < n; i++ {
			s8.at = new(*byte)
		}
	}, func() { s8.at = nil })
	objects("scan-16", 16, func(n int) {
		for i := 0; i < n; i++ {
			s16.at = new(scan[[1]uint64])
		}
	}, func() { s16.at = nil })
	objects("scan-64", 64, func(n int) {
		for i := 0; i < n; i++ {
			s64.at = new(scan[[7]uint64])
		}
	}, func() { s64.at = nil })
	objects("scan-1024", 1024, func(n int) {
		for i := 0; i < n; i++ {
			s1024.at = new(scan[[127]uint64])
		}
	}, func() { s1024.at = nil })
	objects("noscan-32768", 32<<10, func(n int) {
		for i := 0; i < n; i++ {
			n32k.at = new([32 << 7]uint64)
		}
	}, func() { n32k.at = nil })
	objects("noscan-65536", 64<<10, func(n int) {
		for i := 0; i < n; i++ {
			n64k.at = new([64 << 7]uint64)
		}
	}, func() { n64k.at = nil })
	objects("noscan-1048576", 1<<20, func(n int) {
		for i := 0; i < n; i++ {
			n1m.at = new([1 << 17]uint64)
		}
	}, func() { n1m.at = nil })

	free := make([]byte, 64<<20) // pages to find, once it is swept
	free[0] = 1
	runtime.KeepAlive(free)
	free = nil
	runtime.GC()
	at := make([]uintptr, 4096)
	show("pages", least(func() { runtime.BenchPages(at) }, func() {})/float64(len(at)))
}
