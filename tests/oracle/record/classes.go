// sizeclasses and nextfree: tables, and the order in which a span hands out its slots.

package main

import (
	"encoding/json"
	"fmt"
	"math/bits"
	"math/rand/v2"
	"runtime"
)

const pageBytes = 8192

func sizeclassesInputs(r *rand.Rand) []line {
	cases := []line{{"table": nil}, {"sizeToClass": nil}}
	for _, noscan := range []bool{true, false} {
		large := []any{}
		for n := 0; n < 400*scale; n++ {
			size := 32769 + r.Uint64()>>(20+r.UintN(29))
			large = append(large, line{"size": json.Number(decimal(size)), "r": nil})
		}
		for n := uint64(1); n <= 6; n++ {
			large = append(large, line{"size": decimal(-(n * n * 1500)), "r": ""})
		}
		cases = append(cases, line{"roundupsize": line{"noscan": noscan, "from": 0, "values": nil}},
			line{"roundupsizeLarge": line{"noscan": noscan, "values": large}})
	}
	return cases
}

func sizeclasses(cases []line) []line {
	for _, c := range cases {
		if _, ok := c["table"]; ok {
			c["table"] = classTable()
		}
		if _, ok := c["sizeToClass"]; ok {
			var classes []any
			for size := uintptr(0); size <= 32768; size++ {
				classes = append(classes, runtime.RecSizeToClass(size))
			}
			c["sizeToClass"] = classes
		}
		if v, ok := c["roundupsize"].(line); ok {
			var values []any
			for size := uintptr(whole(v["from"])); size <= 32784; size++ {
				values = append(values, runtime.RecRoundupsize(size, v["noscan"].(bool)))
			}
			v["values"] = values
		}
		if v, ok := c["roundupsizeLarge"].(line); ok {
			for _, x := range list(v["values"]) {
				x := x.(line)
				r := uint64(runtime.RecRoundupsize(uintptr(unsigned(x["size"])), v["noscan"].(bool)))
				if _, ok := x["size"].(string); ok {
					x["r"] = decimal(r)
				} else {
					x["r"] = r
				}
			}
		}
	}
	return cases
}

func classTable() (rows []any) {
	prev := 0
	for i := range runtime.RecClasses() {
		size, pages, divmagic := runtime.RecClass(i)
		row := line{"class": i, "size": size, "pages": pages, "divmagic": divmagic}
		if i > 0 {
			span := pages * pageBytes
			objects := span / size
			tail := span % size
			waste := float64((size-prev-1)*objects+tail) / float64(span)
			row["objects"], row["tailWaste"] = objects, tail
			row["minAlign"] = 1 << min(bits.TrailingZeros(uint(size)), 13)
			row["maxWastePercent"] = fmt.Sprintf("%.2f", 100*waste)
			row["heapBitsInSpan"] = runtime.RecHeapBitsInSpan(uintptr(size))
			row["inlineMarkBits"] = runtime.RecInlineMarkBits(uintptr(size))
		}
		prev = size
		rows = append(rows, row)
	}
	return
}

func nextfreeInputs(r *rand.Rand) (cases []line) {
	for i := range 150 * scale {
		nelems := 1 + r.IntN(256)
		if r.IntN(8) == 0 {
			nelems = []int{1, 63, 64, 65, 127, 128, 129, 504, 512, 1008, 1024}[r.IntN(11)]
		}
		dense := r.IntN(4)
		var w []uint64
		for k := 0; k < nelems; k += 64 {
			x := r.Uint64()
			switch dense {
			case 0:
				x &= r.Uint64() & r.Uint64()
			case 1:
				x |= r.Uint64() | r.Uint64()
			case 2:
				x = -(x & 1)
			}
			if n := nelems - k; n < 64 {
				x &= 1<<n - 1
			}
			w = append(w, x)
		}
		cases = append(cases, line{"case": i, "nelems": nelems, "allocBits": hexes(w)})
	}
	return
}

func nextfree(cases []line) []line {
	for _, c := range cases {
		var w []uint64
		for _, x := range list(c["allocBits"]) {
			w = append(w, unsigned(x))
		}
		c["order"] = runtime.RecNextFree(uint16(whole(c["nelems"])), append(w, 0))
	}
	return cases
}
