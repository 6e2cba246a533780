// types: descriptors, and where one value of each type is put.

package main

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
)

// basic types, by their names in a recording, as Go writes them.
var basic = map[string]string{
	"slice": "[]int32", "iface": "interface{ M() }", "eface": "any", "func": "func(int) int", "map": "map[string]int",
	"chan": "chan int", "ptr": "*byte",
}

var withPointers = []string{"slice", "iface", "eface", "func", "map", "chan", "ptr", "unsafe.Pointer", "string"}
var withoutPointers = []string{"bool", "int", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
	"uintptr", "float32", "float64", "complex64", "complex128"}

func typesInputs(r *rand.Rand) (cases []line) {
	for i := range 40 * scale {
		t := randomType(r, 0)
		cases = append(cases, line{"case": i, "go": goType(t), "type": t})
	}
	return
}

func randomType(r *rand.Rand, depth int) any {
	switch k := r.IntN(20); {
	case depth == 0 && k > 2 || depth < 3 && k > 16:
		var fields []any
		for range 1 + r.IntN(9-2*depth) {
			fields = append(fields, randomType(r, depth+1))
		}
		return line{"struct": fields}
	case depth < 3 && k > 13:
		n := r.IntN(6)
		if r.IntN(8) == 0 {
			n = 20 + r.IntN(40)
		}
		return line{"array": n, "elem": randomType(r, depth+2)}
	case k > 6:
		return withPointers[r.IntN(len(withPointers))]
	}
	return withoutPointers[r.IntN(len(withoutPointers))]
}

func goType(t any) string {
	switch t := t.(type) {
	case string:
		if s, ok := basic[t]; ok {
			return s
		}
		return t
	case line:
		if n, ok := t["array"]; ok {
			return fmt.Sprintf("[%v]%s", n, goType(t["elem"]))
		}
		var fields []string
		for i, f := range list(t["struct"]) {
			fields = append(fields, fmt.Sprintf("F%d %s", i, goType(f)))
		}
		return "struct{ " + strings.Join(fields, "; ") + " }"
	}
	panic(t)
}

func types(cases []line) []line {
	for i, c := range cases {
		p := typed[i]
		size, ptrdata, align, fieldAlign, kind, mask := runtime.RecType(p)
		c["size"], c["ptrdata"], c["align"], c["fieldAlign"], c["kind"], c["mask"] = size, ptrdata, align, fieldAlign, kind, string(mask)
		spanclass, elemsize, offset, header := runtime.RecNew(p)
		made := line{"zeroSized": offset == -1, "spanclass": spanclass, "elemsize": elemsize, "mallocHeader": header,
			"offsetInSlot": offset}
		switch offset {
		case -1:
			made["offsetInSlot"] = nil
		case -2:
			made["offsetInSlot"] = "tiny"
		}
		c["new"] = made
	}
	return cases
}
