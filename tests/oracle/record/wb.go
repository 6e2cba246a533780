// wb: what the write barrier's buffer holds after a statement. The statements are compiled in (wb.ts); the barrier is
// switched on by hand for them, while no collection runs.

package main

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"unsafe"
)

type node struct {
	a, b *node
	n    int
	s    []byte
	f    any
}

type duo struct{ p, q *node }

var (
	g1, g2      *node
	gduo, gduo2 duo
	gslice      []*node
	garr        [4]*node
	giface      any
	wbObjects   []*node
	wbSources   []any
)

// wbSlot is the word that a slot of a recording names.
func wbSlot(name string) *unsafe.Pointer {
	if object, field, ok := strings.Cut(name, "."); ok && object[0] <= '9' {
		k, err := strconv.Atoi(object)
		if err != nil {
			panic(err)
		}
		return wbField(wbObjects[k], field)
	}
	if _, after, ok := strings.Cut(name, "["); ok {
		i, err := strconv.Atoi(strings.TrimSuffix(after, "]"))
		if err != nil {
			panic(err)
		}
		if strings.HasPrefix(name, "garr") {
			return (*unsafe.Pointer)(unsafe.Pointer(&garr[i]))
		}
		return (*unsafe.Pointer)(unsafe.Pointer(&gslice[i]))
	}
	slot := map[string]unsafe.Pointer{
		"g1": unsafe.Pointer(&g1), "g2": unsafe.Pointer(&g2), "gduo.p": unsafe.Pointer(&gduo.p), "gduo.q": unsafe.Pointer(&gduo.q),
		"gduo2.p": unsafe.Pointer(&gduo2.p), "gduo2.q": unsafe.Pointer(&gduo2.q),
		"giface": unsafe.Add(unsafe.Pointer(&giface), 8),
	}[name]
	if slot == nil {
		panic("no slot " + name)
	}
	return (*unsafe.Pointer)(slot)
}

func wbField(x *node, field string) *unsafe.Pointer {
	switch field {
	case "a":
		return (*unsafe.Pointer)(unsafe.Pointer(&x.a))
	case "b":
		return (*unsafe.Pointer)(unsafe.Pointer(&x.b))
	case "s":
		return (*unsafe.Pointer)(unsafe.Pointer(&x.s))
	case "f":
		return (*unsafe.Pointer)(unsafe.Add(unsafe.Pointer(&x.f), 8))
	}
	panic("no field " + field)
}

func wbObject(name any) unsafe.Pointer {
	if name == "nil" {
		return nil
	}
	k, err := strconv.Atoi(name.(string))
	if err != nil {
		panic(err)
	}
	return unsafe.Pointer(wbObjects[k])
}

// wbSetUp makes the objects and values that a scenario begins with.
func wbSetUp(scenario line) {
	g1, g2, gduo, gduo2, garr, giface = nil, nil, duo{}, duo{}, [4]*node{}, nil
	gslice = make([]*node, 64)
	wbObjects = nil
	for range whole(scenario["objects"]) {
		wbObjects = append(wbObjects, new(node))
	}
	for _, pair := range list(scenario["before"]) {
		*wbSlot(list(pair)[0].(string)) = wbObject(list(pair)[1])
	}
	does := list(scenario["does"])
	wbSources = make([]any, len(does))
	for i, step := range does {
		step := step.(line)
		if step["op"] != "copy" {
			continue
		}
		slots, values := list(step["slots"]), list(step["new"])
		switch first := slots[0].(string); {
		case strings.HasPrefix(first, "gslice"):
			from := make([]*node, len(values))
			for k, v := range values {
				from[k] = (*node)(wbObject(v))
			}
			wbSources[i] = from
		case strings.HasPrefix(first, "garr"):
			from := new([4]*node)
			for k, v := range values {
				from[k] = (*node)(wbObject(v))
			}
			wbSources[i] = from
		default:
			from := new(node)
			for k, v := range values {
				_, field, _ := strings.Cut(slots[k].(string), ".")
				*wbField(from, field) = wbObject(v)
			}
			wbSources[i] = from
		}
	}
}

func wb(cases []line) []line {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for i, c := range cases {
		// The runtime stores pointers as well now and then: what comes out twice in a row is what the statement did.
		var last []string
		for attempt := 0; ; attempt++ {
			wbSetUp(c["scenario"].(line))
			runtime.GC() // none is due in the middle then
			stored[i]()
			names := wbNames()
			if attempt > 0 && slices.Equal(names, last) {
				break
			}
			if attempt == 20 {
				panic(fmt.Sprintf("case %v: no two attempts agree", c["case"]))
			}
			last = names
		}
		c["buffer"] = last
	}
	return cases
}

// wbNames is the buffer in the words of a recording.
func wbNames() []string {
	names := []string{}
	for _, p := range runtime.RecBarrierBuffer() {
		k := slices.IndexFunc(wbObjects, func(x *node) bool { return uintptr(unsafe.Pointer(x)) == p })
		switch {
		case p == 0:
			names = append(names, "nil")
		case k < 0:
			names = append(names, hex(p))
		default:
			names = append(names, strconv.Itoa(k))
		}
	}
	return names
}

// wbInputs draws scenarios of one to five steps that touch different slots.
func wbInputs(r *rand.Rand) (cases []line) {
	for i := range 60 * scale {
		cases = append(cases, line{"case": i, "scenario": wbScenario(r), "store": "drawn"})
	}
	return
}

var wbSingles = []string{"0.a", "0.b", "0.s", "0.f", "1.a", "1.b", "1.s", "1.f", "g1", "g2", "gduo.p", "gduo.q", "gduo2.p",
	"gduo2.q", "gslice[0]", "gslice[1]", "gslice[5]", "garr[0]", "garr[3]", "giface"}

func wbScenario(r *rand.Rand) line {
	const objects = 8
	value := func() string {
		if r.IntN(5) == 0 {
			return "nil"
		}
		return strconv.Itoa(r.IntN(objects))
	}
	holds := map[string]string{}
	before := []any{}
	set := func(slot string) {
		if v := value(); v != "nil" {
			holds[slot] = v
			before = append(before, []any{slot, v})
		}
	}
	old := func(slot string) string {
		if v, ok := holds[slot]; ok {
			return v
		}
		return "nil"
	}
	used := map[string]bool{}
	var does []any
	for range 1 + r.IntN(5) {
		op := []string{"store", "store", "store", "store", "copy", "clear", "noPointer"}[r.IntN(7)]
		if op == "noPointer" {
			if !used[op] { // a second one would make the first a dead store
				does = append(does, line{"op": op})
			}
			used[op] = true
			continue
		}
		slots := []string{wbSingles[r.IntN(len(wbSingles))]}
		if op != "store" {
			slots = wbWhole(r)
		}
		if slices.ContainsFunc(slots, func(s string) bool { return used[s] }) {
			continue
		}
		var olds, news []any
		for _, slot := range slots {
			used[slot] = true
			if r.IntN(3) > 0 {
				set(slot)
			}
			olds = append(olds, old(slot))
			news = append(news, value())
		}
		step := line{"op": op, "slots": slots, "old": olds}
		if op != "clear" {
			step["new"] = news
		}
		does = append(does, step)
	}
	if len(does) == 0 {
		return wbScenario(r)
	}
	return line{"objects": objects, "before": before, "does": does}
}

// wbWhole is what a bulk operation touches.
func wbWhole(r *rand.Rand) []string {
	switch r.IntN(3) {
	case 0:
		k := strconv.Itoa(2 + r.IntN(3))
		return []string{k + ".a", k + ".b", k + ".s", k + ".f"}
	case 1:
		return []string{"garr[0]", "garr[1]", "garr[2]", "garr[3]"}
	}
	var slots []string
	at := r.IntN(10)
	for i := range 1 + r.IntN(20) {
		slots = append(slots, fmt.Sprintf("gslice[%d]", at+i))
	}
	return slots
}
