// Sizes: where small ends, what a pointer costs, what a tiny block holds, how many objects a page holds.

package main

import (
	"fmt"
	"math"
	"reflect"
	"runtime"
	"runtime/metrics"
	"unsafe"
)

// sink keeps what is stored here on the heap.
var sink any

//go:noinline
func keepBytes(n int) { bytesSink = make([]byte, n) }

var bytesSink []byte

// kept holds objects by their addresses, so that none is reused.
var kept []unsafe.Pointer

// arrayType is an array of the size, of pointers or of bytes, ready for reflect.New.
func arrayType(size int, pointers bool) reflect.Type {
	elem, n := reflect.TypeFor[byte](), size
	if pointers {
		elem, n = reflect.TypeFor[*byte](), size/8
	}
	t := reflect.ArrayOf(n, elem)
	reflect.New(t) // makes the descriptor of *t, once
	return t
}

// allocate makes n objects of the size, of pointers or of bytes, and keeps them.
func allocate(n, size int, pointers bool) {
	t := arrayType(size, pointers)
	kept = make([]unsafe.Pointer, n)
	for i := range kept {
		kept[i] = reflect.New(t).UnsafePointer()
	}
}

func bySize(name string) *metrics.Float64Histogram {
	sample := []metrics.Sample{{Name: name}}
	stats()
	metrics.Read(sample)
	return sample[0].Value.Float64Histogram()
}

// border: which sizes are counted above the last class, in the bucket [32769, +Inf).
func border(fixed, _ values) {
	quiet()
	const name = "/gc/heap/allocs-by-size:bytes"
	lastBucket := func(f func()) uint64 {
		before := bySize(name)
		last := len(before.Counts) - 1
		counts := before.Counts[last]
		f()
		return bySize(name).Counts[last] - counts
	}
	bounds := bySize(name).Buckets
	bytes, pointers := []any{}, []any{}
	for _, size := range []int{32752, 32759, 32760, 32761, 32768, 32769} {
		bytes = append(bytes, values{"size": size, "large": lastBucket(func() {
			for range 100 {
				keepBytes(size)
			}
		}) == 100})
	}
	var words []*byte
	for _, n := range []int{4094, 4095, 4096, 4097} {
		pointers = append(pointers, values{"size": 8 * n, "large": lastBucket(func() {
			for range 100 {
				words = make([]*byte, n)
				sink = words
			}
		}) == 100})
	}
	fixed["lastBucketFrom"] = bounds[len(bounds)-2]
	fixed["lastBucketOpen"] = math.IsInf(bounds[len(bounds)-1], 1)
	fixed["bytes"], fixed["pointers"] = bytes, pointers
}

// objectsPerPage: the most objects of a size that were seen in one page of 8 KiB, of sizes whose spans have one page.
func objectsPerPage(fixed, _ values) {
	quiet()
	for _, pointers := range []bool{true, false} {
		rows := []any{}
		for _, size := range []int{8, 16, 24, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240, 256, 320,
			384, 416, 480, 512} {
			if !pointers && size < 16 {
				continue // such objects are tiny
			}
			allocate(8*8192/size, size, pointers)
			pages, most := map[uintptr]int{}, 0
			for _, p := range kept {
				page := uintptr(p) / 8192
				pages[page]++
				most = max(most, pages[page])
			}
			rows = append(rows, []int{size, most})
		}
		fixed[pointersOrNot(pointers)] = rows
	}
}

// headers: what an object with and without pointers costs, as TotalAlloc counts it.
func headers(fixed, _ values) {
	quiet()
	const n = 1000
	kept = make([]unsafe.Pointer, n)
	for _, pointers := range []bool{true, false} {
		rows := []any{}
		for _, size := range []int{496, 504, 512, 520, 568, 576, 1016, 1024, 1032, 1144, 1152, 8184, 8192} {
			t := arrayType(size, pointers)
			before := stats().TotalAlloc
			for i := range kept {
				kept[i] = reflect.New(t).UnsafePointer()
			}
			rows = append(rows, []float64{float64(size), float64(stats().TotalAlloc-before) / n})
		}
		fixed[pointersOrNot(pointers)] = rows
	}
}

func pointersOrNot(pointers bool) string {
	if pointers {
		return "pointers"
	}
	return "noPointers"
}

// tiny: how many blocks of 16 bytes small objects without pointers take.
func tiny(fixed, _ values) {
	sample := []metrics.Sample{{Name: "/gc/heap/tiny/allocs:objects"}}
	measure := func(n int, f func(i int)) values {
		var result values
		for range 2 { // what the first round makes for itself is not counted
			quiet()
			before := stats()
			metrics.Read(sample)
			joined := sample[0].Value.Uint64()
			for i := range n {
				f(i)
			}
			after := stats()
			metrics.Read(sample)
			result = values{"objects": n, "mallocs": after.Mallocs - before.Mallocs, "bytes": after.TotalAlloc - before.TotalAlloc,
				"joinedABlock": sample[0].Value.Uint64() - joined}
		}
		return result
	}
	fixed["new(byte)"] = measure(64, func(int) { sink = newByte() })
	fixed["make([]byte, 15)"] = measure(64, func(int) { keepBytes(15) })
	fixed["make([]byte, 16)"] = measure(64, func(int) { keepBytes(16) })
	onePlus := func(n int) func(i int) {
		return func(i int) {
			if i%2 == 0 {
				keepBytes(n)
			} else {
				sink = newByte()
			}
		}
	}
	fixed["make([]byte, 15) and new(byte) in turn"] = measure(128, onePlus(15))
	fixed["make([]byte, 16) and new(byte) in turn"] = measure(128, onePlus(16))
	fixed["any(i) for i from 256"] = measure(256, func(i int) { sink = 256 + i })
	fixed["any(i) for i below 256"] = measure(256, func(i int) { sink = i })
	isOne, first := true, newEmpty()
	fixed["new(struct{})"] = measure(64, func(int) { isOne = isOne && newEmpty() == first })
	fixed["allNewStructsHaveOneAddress"] = isOne
}

//go:noinline
func newByte() *byte { return new(byte) }

//go:noinline
func bytesOf(n int) []byte { return make([]byte, n) }

//go:noinline
func newEmpty() *struct{} { return new(struct{}) }

// address: where the heap lies.
func address(fixed, seen values) {
	p := uintptr(unsafe.Pointer(unsafe.SliceData(bytesOf(100_000))))
	seen["arena"] = fmt.Sprintf("%#x", p&^(64<<20-1))
}

// constants: of F20, what can be seen from outside.
func constants(fixed, _ values) {
	s := stats()
	fixed["firstGoalBytes"] = s.NextGC
	fixed["bySizeEntries"] = len(s.BySize)
	histogram := bySize("/gc/heap/allocs-by-size:bytes").Buckets
	sizes := []int{}
	for _, bound := range histogram[1 : len(histogram)-1] {
		sizes = append(sizes, int(bound)-1) // the bucket before it holds sizes up to here
	}
	fixed["sizeClasses"] = sizes
	fixed["classes"] = len(sizes) + 1 // class 0: large
	fixed["gogc"], fixed["memoryLimit"] = gogc()
	quiet()
	isAligned := true
	allocate(200, 8192, false)
	for _, p := range kept {
		isAligned = isAligned && uintptr(p)%8192 == 0
	}
	fixed["objectsOf8192AreAlignedTo8192"] = isAligned
	runtime.KeepAlive(kept)
}
