// malloc and large: the process's own heap, in a process of its own for each attempt.
//
// The worker reads whole numbers from its input and writes whole numbers to its output, through arrays that are no part
// of the heap: between the allocations that are recorded, nothing else may allocate.
//
// The runtime takes spans and pages for itself now and then, so what counts is what came out three times more
// often than anything else: three times, as a rule.

package main

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

const (
	mostAttempts = 400
	agreeing     = 3
	workMalloc   = 1
	workLarge    = 2
	workNelems   = 3
	workProgram  = 4
)

// attempt runs workers until one output has come three times more often than any other, and gives that.
func attempt(input []byte) *numbers {
	seen := map[string]int{}
	for range mostAttempts {
		cmd := exec.Command(os.Args[0], "-worker")
		cmd.Env = append(os.Environ(), "GOMAXPROCS=1", "GOGC=off")
		cmd.Stdin = bytes.NewReader(input)
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		if err != nil {
			panic(fmt.Sprintf("worker: %v", err))
		}
		seen[string(out)]++
		if lead(seen, string(out)) >= agreeing {
			return &numbers{fields: bytes.Fields(out)}
		}
	}
	panic(fmt.Sprintf("no %d of %d runs agree (%d different ones)", agreeing, mostAttempts, len(seen)))
}

// lead is how many times more often out was seen than what was seen most often besides.
func lead(seen map[string]int, out string) int {
	next := 0
	for other, n := range seen {
		if other != out {
			next = max(next, n)
		}
	}
	return seen[out] - next
}

// numbers are a worker's output.
type numbers struct {
	fields [][]byte
	at     int
}

func (n *numbers) unsigned() uint64 {
	v, err := strconv.ParseUint(string(n.fields[n.at]), 10, 64)
	if err != nil {
		panic(err)
	}
	n.at++
	return v
}

func (n *numbers) int() int { return int(n.unsigned()) }

func (n *numbers) row(columns int) (row []any) {
	for range columns {
		row = append(row, n.int())
	}
	return
}

// A phase of a recording: the requests, and the objects dropped after them.
type phase struct{ mallocs, dropped []any }

func phasesOf(cases []line) (phases []phase) {
	for _, c := range cases {
		if m, ok := c["mallocs"]; ok {
			phases = append(phases, phase{mallocs: list(m)})
		} else if d, ok := c["dropped"]; ok {
			phases[len(phases)-1].dropped = list(d)
		}
	}
	return
}

// request writes the inputs of the first columns of each row.
func request(work int, columns int, phases []phase, more ...uint64) []byte {
	b := strconv.AppendInt(nil, int64(work), 10)
	add := func(v uint64) { b = strconv.AppendUint(append(b, ' '), v, 10) }
	for _, v := range more {
		add(v)
	}
	add(uint64(len(phases)))
	for _, p := range phases {
		add(uint64(len(p.mallocs)))
		for _, row := range p.mallocs {
			for _, v := range row.([]any)[:columns] {
				add(unsigned(v))
			}
		}
		add(uint64(len(p.dropped)))
		for _, v := range p.dropped {
			add(unsigned(v))
		}
	}
	return append(b, '\n')
}

func malloc(cases []line) []line {
	n := attempt(request(workMalloc, 2, phasesOf(cases), 0))
	for _, c := range cases {
		if s, ok := c["start"]; ok {
			s.(line)["nonFullForeignSpans"], s.(line)["unknownSpans"] = n.int(), n.int()
		}
		for _, row := range list(c["mallocs"]) {
			copy(row.([]any)[2:], n.row(4))
		}
		if _, ok := c["afterGC"]; ok {
			c["afterGC"] = spanRows(n)
		}
		if rows, ok := c["nelems"]; ok {
			c["nelems"] = nelemsRows(list(rows))
		}
	}
	return cases
}

func spanRows(n *numbers) (rows []any) {
	for i := range n.int() {
		row := append([]any{i}, n.row(2)...)
		if n.int() == 0 {
			rows = append(rows, append(row, "gone"))
			continue
		}
		row = append(row, n.row(2)...)
		bits := make([]byte, n.int())
		for k := range bits {
			bits[k] = byte(n.int())
		}
		rows = append(rows, append(row, fmt.Sprintf("%x", bits)))
	}
	return
}

func nelemsRows([]any) (rows []any) {
	n := attempt([]byte(strconv.Itoa(workNelems) + " 0\n"))
	for range n.int() {
		rows = append(rows, n.row(5))
	}
	return
}

func mallocInputs(r *rand.Rand) []line {
	columns := []any{"size", "scan", "spanclass", "spanSeq", "objIndex", "offsetInObject"}
	spanColumns := []any{"spanSeq", "spanclass", "nelems", "allocCount", "freeindex", "allocBits"}
	note := "every small span that existed is full and live; mcache holds full spans; tiny block reset"
	cases := []line{{"start": line{"note": note}}}
	type kind struct{ size, scan int }
	var kinds []kind
	for range 8 {
		scan := r.IntN(2)
		size := (1 + r.IntN(1<<(1+r.IntN(6)))) * 8
		if r.IntN(10) == 0 {
			size = (1 + r.IntN(600)) * 8
		}
		if scan == 0 && r.IntN(2) == 0 {
			size -= r.IntN(8)
		}
		kinds = append(kinds, kind{max(size, 1), scan})
	}
	total := 0
	var live []int
	for p := range 3 {
		var rows []any
		for range 3000 * scale {
			k := kind{1 + r.IntN(15), 0}
			if r.IntN(5) > 0 {
				k = kinds[r.IntN(len(kinds))]
			} else if r.IntN(3) == 0 {
				k.size = []int{2, 4, 8, 12}[r.IntN(4)]
			}
			rows = append(rows, []any{k.size, k.scan, 0, 0, 0, 0})
			live = append(live, total)
			total++
		}
		var dropped []any
		var rest []int
		share := r.IntN(100)
		for _, n := range live {
			if r.IntN(100) < share {
				dropped = append(dropped, n)
			} else {
				rest = append(rest, n)
			}
		}
		live = rest
		cases = append(cases, line{"phase": p, "columns": columns, "mallocs": rows}, line{"phase": p, "dropped": dropped},
			line{"phase": p, "columns": spanColumns, "afterGC": nil})
	}
	return append(cases, line{"nelems": nil})
}

// ballasts are numbers of spans that a process has besides. The runtime's work buffers are given back by its background
// sweeper, and how far that is when runtime.GC returns depends on how many spans there are to sweep. A recording does
// not say how many there were: the first number that gives the recorded pages was meant, and none if none does.
var ballasts = []uint64{0, 20, 1, 2, 3, 5, 7, 10, 14, 21, 30, 40, 60, 90, 120}

func large(cases []line) []line {
	searchPage, zeroedBasePage := uint64(0), uint64(0)
	isRecorded := false
	for _, c := range cases {
		if h, ok := c["heapBefore"].(line); ok && whole(c["phase"]) == 0 {
			searchPage = unsigned(h["searchPage"])
			zeroedBasePage = unsigned(list(h["arenas"])[0].(line)["zeroedBasePage"])
		}
		isRecorded = isRecorded || c["heapAtEnd"] != nil
	}
	var recorded bytes.Buffer
	encode(&recorded, cases)
	var first []byte
	for _, ballast := range ballasts {
		largeOutputs(cases, attempt(request(workLarge, 3, phasesOf(cases), ballast, searchPage, zeroedBasePage)))
		var got bytes.Buffer
		encode(&got, cases)
		if !isRecorded || bytes.Equal(got.Bytes(), recorded.Bytes()) {
			return cases
		}
		if first == nil {
			first = got.Bytes()
		}
	}
	_, cases = parse(first)
	return cases
}

func largeOutputs(cases []line, n *numbers) {
	for _, c := range cases {
		for _, key := range []string{"heapBefore", "heapAfter", "heapAtEnd"} {
			if _, ok := c[key]; ok {
				c[key] = heapState(n)
			}
		}
		for _, row := range list(c["mallocs"]) {
			copy(row.([]any)[3:], n.row(7))
		}
	}
}

func heapState(n *numbers) line {
	h := line{"curArenaBasePage": n.int(), "curArenaEndPage": n.int(), "searchPage": n.int()}
	base := n.int() - 1
	h["pcacheBasePage"], h["pcache"], h["pcacheScav"] = base, hex(n.unsigned()), hex(n.unsigned())
	var chunks, arenas []any
	for range n.int() {
		c := line{"chunk": n.int()}
		for _, key := range []string{"alloc", "scav"} {
			var w []uint64
			for range 8 {
				w = append(w, n.unsigned())
			}
			c[key] = hexes(w)
		}
		chunks = append(chunks, c)
	}
	for range n.int() {
		arenas = append(arenas, line{"arenaBasePage": n.int(), "zeroedBasePage": n.int()})
	}
	h["chunks"], h["arenas"] = chunks, arenas
	return h
}

func largeInputs(r *rand.Rand) (cases []line) {
	columns := []any{"size", "scan", "needzeroAsked", "spanclass", "npages", "elemsize", "nelems", "page", "offset",
		"spanNeedzeroAfter"}
	edges := []int{32752, 32753, 32760, 32761, 32768, 32769, 32776, 40952, 40960, 40961, 122880, 122881, 131064, 131072,
		131073}
	start := line{"searchPage": 0, "arenas": []any{line{"zeroedBasePage": 300}}}
	var live []int
	total := 0
	for p := range 2 {
		var rows []any
		for range 90 * scale {
			scan := r.IntN(2)
			size := 32769 + r.IntN(1<<(6+r.IntN(12)))
			if r.IntN(3) == 0 {
				size = edges[r.IntN(len(edges))]
			} else if r.IntN(20) == 0 {
				size = 131072 + r.IntN(400000)
			}
			needzero := 1
			if scan == 1 {
				size = (size + 7) &^ 7
			} else {
				needzero = r.IntN(2)
			}
			rows = append(rows, []any{size, scan, needzero, 0, 0, 0, 0, 0, 0, 0})
			live = append(live, total)
			total++
		}
		var dropped []any
		var rest []int
		for _, n := range live {
			if r.IntN(2) == 0 {
				dropped = append(dropped, n)
			} else {
				rest = append(rest, n)
			}
		}
		live = rest
		cases = append(cases, line{"phase": p, "heapBefore": start}, line{"phase": p, "columns": columns, "mallocs": rows},
			line{"phase": p, "heapAfter": nil}, line{"phase": p, "dropped": dropped})
	}
	return append(cases, line{"heapAtEnd": nil})
}

// programNames are the compiled-in programs; a worker is told one by its place.
func programNames() []string { return slices.Sorted(maps.Keys(called)) }

// addresses: where the objects of a program lie, from the first page on that the heap grows into for it. A program is
// called in a process of its own, with every span full, so that its objects lie in spans of its own.
func addresses(cases []line) []line {
	for _, c := range cases {
		at := slices.Index(programNames(), c["program"].(string))
		input := []uint64{workProgram, 0, uint64(at), uint64(whole(c["n"]))}
		n := attempt([]byte(strings.Trim(fmt.Sprint(input), "[]") + "\n"))
		rows := []any{}
		for range n.int() {
			size, where := n.int(), n.int()
			rows = append(rows, []any{size, where - 1}) // -1: no size
		}
		c["addresses"] = rows
	}
	return cases
}

// spanrecords: which records of spans a P gets, and how many its cache then holds.
func spanrecords(cases []line) []line {
	for _, c := range cases {
		var ops []int
		for _, op := range list(c["ops"]) {
			ops = append(ops, int(whole(op)))
		}
		rows := make([]any, len(ops))
		numbers, cached := make([]int, len(ops)), make([]int, len(ops))
		runtime.RecSpanRecords(ops, func(i, number, n int) { numbers[i], cached[i] = number, n })
		for i := range ops {
			rows[i] = []any{numbers[i], cached[i]}
		}
		c["records"] = rows
	}
	return cases
}

func spanrecordsInputs(r *rand.Rand) (cases []line) {
	for i := range 6 {
		ops, out := []any{}, 0
		share := 20 + r.IntN(60)
		for len(ops) < 600*scale {
			// In runs, so that the cache is emptied and filled.
			for range 1 + r.IntN(100) {
				if r.IntN(100) < share || out == 0 {
					ops, out = append(ops, 0), out+1
				} else {
					ops, out = append(ops, 1+r.IntN(out)), out-1
				}
			}
			share = 100 - share
		}
		cases = append(cases, line{"case": i, "ops": ops})
	}
	return
}
