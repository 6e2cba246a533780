package main

import (
	"debug/elf"
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

	limit = 100
	table [256]*int
	names = []string{"one", "two"}
	cache []byte
)

func init() { cache = make([]byte, 4096) }

const text = "a string constant"

//go:noinline
func code() {}

//go:noinline
func helper(p *node) int { return p.value }

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

// sections are the parts of the binary by address. Of a page, the end of data and the beginning of bss may each have a
// piece, so the mappings do not tell them apart.
func sections() []elf.SectionHeader {
	file, err := elf.Open("/proc/self/exe")
	if err != nil {
		fail("%v", err)
	}
	defer file.Close()
	all := []elf.SectionHeader{}
	for _, s := range file.Sections {
		if s.Addr != 0 {
			all = append(all, s.SectionHeader)
		}
	}
	return all
}

// sectionOf names the part of the binary that an address lies in: text, rodata, data or bss; "" for none.
func sectionOf(at uint64, all []elf.SectionHeader) string {
	for _, s := range all {
		if s.Addr <= at && at < s.Addr+s.Size {
			return strings.TrimPrefix(strings.TrimPrefix(s.Name, "."), "noptr")
		}
	}
	return ""
}

func places(fixed, seen values) {
	local := 0
	sink = &node{}
	function := code
	p := &node{value: 2}
	function2 := helper
	addresses := []struct {
		what string // as an expression of Go
		at   uintptr
	}{
		{"code", **(**uintptr)(unsafe.Pointer(&function))},
		{"unsafe.StringData(text)", uintptr(unsafe.Pointer(unsafe.StringData(text)))},
		{"&counter", uintptr(unsafe.Pointer(&counter))},
		{"&zeroes", uintptr(unsafe.Pointer(&zeroes))},
		{"&name", uintptr(unsafe.Pointer(&name))},
		{"unsafe.StringData(name)", uintptr(unsafe.Pointer(unsafe.StringData(name)))},
		{"&head", uintptr(unsafe.Pointer(&head))},
		{"head", uintptr(unsafe.Pointer(head))},
		{"&made[0]", uintptr(unsafe.Pointer(&made[0]))},
		{"sink", uintptr(unsafe.Pointer(sink))},
		{"&local", uintptr(unsafe.Pointer(&local))},
		{"&limit", uintptr(unsafe.Pointer(&limit))},
		{"&table", uintptr(unsafe.Pointer(&table))},
		{"&names[0]", uintptr(unsafe.Pointer(&names[0]))},
		{"unsafe.StringData(names[0])", uintptr(unsafe.Pointer(unsafe.StringData(names[0])))},
		{"&cache", uintptr(unsafe.Pointer(&cache))},
		{"&cache[0]", uintptr(unsafe.Pointer(&cache[0]))},
		{"helper", **(**uintptr)(unsafe.Pointer(&function2))},
		{"p", uintptr(unsafe.Pointer(p))},
	}
	object := uint64(uintptr(unsafe.Pointer(sink)))
	all, binary := mappings(), sections()
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
				if section := sectionOf(at, binary); section != "" {
					where[a.what] = section
				}
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
	runtime.KeepAlive(helper(p) + local)
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
