// Programs: slices, stacks, maps, what is returned to the operating system, memory that is not Go's.

package main

import (
	"math"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// gogc gives the defaults of the two knobs, and sets them again.
func gogc() (percent int, limit string) {
	percent = debug.SetGCPercent(100)
	l := debug.SetMemoryLimit(-1)
	if l == math.MaxInt64 {
		return percent, "math.MaxInt64"
	}
	return percent, strconv.FormatInt(l, 10)
}

// mcaches: MCacheInuse by GOMAXPROCS, and with ten thousand goroutines more.
func mcaches(fixed, _ values) {
	rows := []any{}
	for _, n := range []int{1, 2, 4, 8} {
		runtime.GOMAXPROCS(n)
		rows = append(rows, []uint64{uint64(n), stats().MCacheInuse})
	}
	fixed["byGOMAXPROCS"] = rows
	before := stats().MCacheInuse
	release := park(10_000)
	fixed["goroutines"] = values{"added": 10_000, "before": before, "with": stats().MCacheInuse}
	close(release)
}

// park starts n goroutines, which wait until the channel is closed.
func park(n int) chan struct{} {
	wait, begun := make(chan struct{}), make(chan struct{})
	for range n {
		go func() {
			begun <- struct{}{}
			<-wait
		}()
	}
	for range n {
		<-begun
	}
	return wait
}

// goroutines: what the stacks of ten thousand parked goroutines cost, and that a stack moves.
func goroutines(fixed, _ values) {
	quiet()
	before := stats()
	release := park(10_000)
	after := stats()
	fixed["goroutines"] = 10_000
	inuse := after.StackInuse - before.StackInuse
	fixed["stackInuse"], fixed["each"] = inuse, math.Round(float64(inuse)/10_000)
	close(release)

	moved := make(chan bool)
	go func() {
		var local int
		first := uintptr(unsafe.Pointer(&local))
		deep(1000)
		moved <- first != uintptr(unsafe.Pointer(&local))
	}()
	fixed["aDeepCallMovesALocal"] = <-moved
}

//go:noinline
func deep(n int) byte {
	var frame [256]byte
	frame[n%256] = byte(n)
	if n > 0 {
		return deep(n-1) + frame[n%256]
	}
	return frame[0]
}

// stackBuffers: allocations of slices of a size that the compiler does not know, which stay in the function.
func stackBuffers(fixed, _ values) {
	rows := []any{}
	for n := 28; n <= 36; n++ {
		rows = append(rows, []int{n, int(testing.AllocsPerRun(100, func() { useBytes(n) }))})
	}
	fixed["make([]byte, n)"] = rows
	rows = []any{}
	for n := 1; n <= 20; n++ {
		rows = append(rows, []int{n, int(testing.AllocsPerRun(100, func() { appendInts(n) }))})
	}
	fixed["append to a nil []int"] = rows
}

//go:noinline
func useBytes(n int) (sum byte) {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i)
		sum += b[i]
	}
	return
}

//go:noinline
func appendInts(n int) (sum int) {
	var s []int
	for i := range n {
		s = append(s, i)
	}
	for _, v := range s {
		sum += v
	}
	return
}

// growth: the capacities that append goes through.
func growth(fixed, _ values) {
	fixed["[]int that stays"] = localCaps(6000)
	fixed["[]int"] = caps[int](6000)
	fixed["[]byte"] = caps[byte](20_000)
	fixed["[]string"] = caps[string](6000)
	fixed["[][3]int"] = caps[[3]int](6000)
	fixed["[]*int"] = caps[*int](6000)
}

//go:noinline
func localCaps(n int) []int {
	var s []int
	var series [64]int
	k := 0
	for i := range n {
		before := cap(s)
		if s = append(s, i); cap(s) != before {
			series[k] = cap(s)
			k++
		}
	}
	return slices.Clone(series[:k])
}

//go:noinline
func caps[T any](n int) []int {
	var s []T
	series := []int{}
	for range n {
		before := cap(s)
		s = append(s, *new(T))
		sink = s
		if cap(s) != before {
			series = append(series, cap(s))
		}
	}
	return series
}

// maps: what a map holds on to after its keys are deleted, and after clear.
func maps(fixed, seen values) {
	const entries = 600_000
	heapMB := func() float64 { runtime.GC(); runtime.GC(); return float64(stats().HeapAlloc) / 1e6 }
	start := heapMB()
	fill := func() map[int]int {
		m := make(map[int]int)
		for i := range entries {
			m[i] = i
		}
		return m
	}
	row := func(m map[int]int, empty func()) (before, after float64) {
		before = heapMB() - start
		empty()
		after = heapMB() - start
		runtime.KeepAlive(m)
		return
	}
	m := fill()
	filled, deleted := row(m, func() {
		for k := range m {
			delete(m, k)
		}
	})
	isEmpty := len(m) == 0
	m = fill()
	_, cleared := row(m, func() { clear(m) })
	isEmpty = isEmpty && len(m) == 0
	m = nil
	gone := heapMB() - start
	fixed["entries"], fixed["isEmpty"] = entries, isEmpty
	fixed["deleteKeepsPercent"] = math.Round(100 * deleted / filled)
	fixed["clearKeepsPercent"] = math.Round(100 * cleared / filled)
	fixed["withoutTheMapMB"] = math.Abs(math.Round(gone))
	seen["filledMB"], seen["deletedMB"], seen["clearedMB"] = tenth(filled), tenth(deleted), tenth(cleared)
}

func tenth(v float64) float64 { return math.Round(v*10) / 10 }

// release: what the heap keeps of 64 MB that were freed, before and after FreeOSMemory.
func release(fixed, seen values) {
	blocks := make([][]byte, 64)
	for i := range blocks {
		blocks[i] = make([]byte, 1e6)
	}
	runtime.KeepAlive(blocks)
	clear(blocks)
	runtime.GC()
	before := stats()
	debug.FreeOSMemory()
	after := stats()
	fixed["sysMoves"] = int64(after.Sys) - int64(before.Sys)
	fixed["idleIsAtLeast64MB"] = before.HeapIdle >= 64e6
	fixed["releasedGrowsByAtLeast50MB"] = after.HeapReleased-before.HeapReleased >= 50e6
	left := after.HeapIdle - after.HeapReleased
	fixed["idleLeftIsBelow1MB"] = left < 1e6
	mb := func(bytes uint64) float64 { return tenth(float64(bytes) / 1e6) }
	seen["before"] = values{"heapIdleMB": mb(before.HeapIdle), "heapReleasedMB": mb(before.HeapReleased), "sysMB": mb(before.Sys)}
	seen["after"] = values{"heapIdleMB": mb(after.HeapIdle), "heapReleasedMB": mb(after.HeapReleased), "sysMB": mb(after.Sys)}
}

type node struct {
	next *node
	data [6]int
}

// offHeap: memory from mmap moves no figure of Go's; and what a collection of many pointers costs against none.
func offHeap(fixed, seen values) {
	const size = 256 << 20
	quiet()
	before := stats()
	block, err := syscall.Mmap(-1, 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		panic(err)
	}
	for i := 0; i < size; i += 4096 {
		block[i] = 1
	}
	after := stats()
	fixed["mappedMB"] = size >> 20
	fixed["heapAllocMovesKB"] = (int64(after.HeapAlloc) - int64(before.HeapAlloc)) / 1024
	fixed["sysMovesKB"] = (int64(after.Sys) - int64(before.Sys)) / 1024
	if err := syscall.Munmap(block); err != nil {
		panic(err)
	}

	const objects = 1 << 20
	fixed["objects"], fixed["objectBytes"] = objects, unsafe.Sizeof(node{})
	nodes := make([]*node, objects)
	for i := range nodes {
		nodes[i] = &node{data: [6]int{i}}
	}
	seen["gcPointersMs"] = collections(5)
	runtime.KeepAlive(nodes)
	nodes = nil
	flat := make([][7]int, objects)
	runtime.GC()
	seen["gcNoPointersMs"] = collections(5)
	runtime.KeepAlive(flat)
}

// collections times forced collections, in milliseconds.
func collections(n int) []float64 {
	times := []float64{}
	for range n {
		start := time.Now()
		runtime.GC()
		times = append(times, tenth(float64(time.Since(start).Microseconds())/1000))
	}
	slices.Sort(times)
	return times
}
