package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
	"unsafe"
)

// status reads a line of /proc/self/status, in KiB.
func status(name string) int {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		fail("%v", err)
	}
	for line := range strings.Lines(string(text)) {
		if words := strings.Fields(line); words[0] == name+":" {
			n, err := strconv.Atoi(words[1])
			if err != nil {
				fail("%v", err)
			}
			return n
		}
	}
	fail("/proc/self/status has no %s", name)
	return 0
}

func stats() *runtime.MemStats {
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return &s
}

func size(_, seen values) {
	seen["VmSizeKiB"], seen["VmRSSKiB"] = status("VmSize"), status("VmRSS")
	s := stats()
	seen["SysKiB"], seen["HeapSysKiB"], seen["HeapInuseKiB"] = s.Sys>>10, s.HeapSys>>10, s.HeapInuse>>10
}

type node struct {
	next  *node
	value int
}

// What a program can declare.
var (
	counter = 7
	zeroes  [1000]int
	name    = "a variable that holds a string"
	head    = &node{value: 1}
	made    = make([]byte, 1000)
	sink    *node
)

const text = "a string constant"

//go:noinline
func code() {}

// mapping is a line of /proc/self/maps.
type mapping struct {
	from, to   uint64
	perms, of  string
	fromBinary bool
}

func mappings() (all []mapping) {
	self, err := os.Executable()
	if err != nil {
		fail("%v", err)
	}
	lines, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		fail("%v", err)
	}
	for line := range strings.Lines(string(lines)) {
		words := strings.Fields(line)
		var m mapping
		if _, err := fmt.Sscanf(words[0], "%x-%x", &m.from, &m.to); err != nil {
			fail("%v", err)
		}
		m.perms = words[1]
		if len(words) > 5 {
			m.of = words[5]
		}
		m.fromBinary = m.of == self
		all = append(all, m)
	}
	return
}

// kindOf names the mapping of an address. Objects of the heap and stacks of goroutines alike lie in arenas.
func kindOf(m mapping, before *mapping, object uint64) string {
	const arena = 64 << 20
	switch {
	case strings.HasPrefix(m.of, "["):
		return strings.Trim(m.of, "[]")
	case m.fromBinary && m.perms[2] == 'x':
		return "text"
	case m.fromBinary && m.perms[1] == '-':
		return "rodata"
	case m.fromBinary:
		return "data"
	case before != nil && before.fromBinary:
		return "bss"
	case m.from/arena == object/arena && m.perms[0] == 'r':
		return "arena"
	case m.from/arena == object/arena:
		return "reserved"
	case m.perms[0] == '-':
		return "reserved"
	}
	return "runtime"
}

func places(fixed, seen values) {
	local := 0
	sink = &node{}
	function := code
	addresses := []struct {
		what string
		at   uintptr
	}{
		{"func code() {}", **(**uintptr)(unsafe.Pointer(&function))},
		{`the bytes of const text = "…"`, uintptr(unsafe.Pointer(unsafe.StringData(text)))},
		{"var counter = 7", uintptr(unsafe.Pointer(&counter))},
		{"var zeroes [1000]int", uintptr(unsafe.Pointer(&zeroes))},
		{`var name = "…"`, uintptr(unsafe.Pointer(&name))},
		{`the bytes of var name = "…"`, uintptr(unsafe.Pointer(unsafe.StringData(name)))},
		{"var head = &node{…}", uintptr(unsafe.Pointer(&head))},
		{"the node of var head = &node{…}", uintptr(unsafe.Pointer(head))},
		{"the array of var made = make([]byte, 1000)", uintptr(unsafe.Pointer(unsafe.SliceData(made)))},
		{"sink = &node{} in a function", uintptr(unsafe.Pointer(sink))},
		{"local := 0 in a function", uintptr(unsafe.Pointer(&local))},
	}
	object := uint64(uintptr(unsafe.Pointer(sink)))
	all := mappings()
	rows := []values{}
	where := map[string]string{}
	found := []values{}
	for i, m := range all {
		var before *mapping
		if i > 0 {
			before = &all[i-1]
		}
		kind := kindOf(m, before, object)
		for _, a := range addresses {
			if at := uint64(a.at); m.from <= at && at < m.to {
				where[a.what] = kind
				found = append(found, values{"what": a.what, "address": fmt.Sprintf("%#x", at)})
			}
		}
		if m.from < 1<<47 {
			rows = append(rows, values{
				"kind": kind, "from": fmt.Sprintf("%#x", m.from), "to": fmt.Sprintf("%#x", m.to), "perms": m.perms,
			})
		}
	}
	declared := [][]string{}
	for _, a := range addresses {
		declared = append(declared, []string{a.what, where[a.what]})
	}
	fixed["declared"] = declared
	seen["mappings"], seen["addresses"] = rows, found
	runtime.KeepAlive(&local)
}

var blocks [64][]byte

// fill writes 64 blocks of 1 MiB, a byte in each page of the system.
func fill() {
	for i := range blocks {
		blocks[i] = make([]byte, 1<<20)
		for j := 0; j < len(blocks[i]); j += 4096 {
			blocks[i][j] = 1
		}
	}
}

func returned(_, seen values) {
	fill()
	start := time.Now()
	samples := []values{}
	look := func() {
		s := stats()
		samples = append(samples, values{
			"t": time.Since(start).Milliseconds(), "inuse": s.HeapInuse, "idle": s.HeapIdle,
			"released": s.HeapReleased, "resident": status("VmRSS") << 10,
		})
	}
	look()
	for i := range blocks {
		if i%4 != 0 {
			blocks[i] = nil
		}
	}
	collections := []int64{}
	collect := func() {
		runtime.GC()
		collections = append(collections, time.Since(start).Milliseconds())
		look()
	}
	wait := func(n int) {
		for range n {
			time.Sleep(100 * time.Millisecond)
			look()
		}
	}
	wait(2)
	collect()
	wait(15)
	collect()
	wait(25)
	seen["collections"], seen["samples"] = collections, samples
	runtime.KeepAlive(&blocks)
}

func advised(_, seen values) {
	fill()
	clear(blocks[:])
	runtime.GC()
	seen["beforeKiB"] = status("VmRSS")
	debug.FreeOSMemory()
	seen["afterKiB"] = status("VmRSS")
	s := stats()
	seen["HeapReleasedKiB"], seen["HeapIdleKiB"] = s.HeapReleased>>10, s.HeapIdle>>10
}

func touched(_, seen values) {
	seen["beforeKiB"] = status("VmRSS")
	blocks[0] = make([]byte, 64<<20)
	seen["madeKiB"], seen["HeapInuseKiB"] = status("VmRSS"), stats().HeapInuse>>10
	for i := 0; i < len(blocks[0]); i += 4096 {
		blocks[0][i] = 1
	}
	seen["writtenKiB"] = status("VmRSS")
	runtime.KeepAlive(&blocks)
}
