// constants: the allocator's figures. The input is nothing but the wish to know them.

package main

import (
	"math/rand/v2"
	"runtime"
	"strconv"
)

func constantsInputs(*rand.Rand) []line { return []line{{"constants": nil}} }

func constants(cases []line) []line {
	for _, c := range cases {
		rows := []any{}
		for _, k := range runtime.RecConstants() {
			rows = append(rows, []any{k.Name, strconv.FormatUint(k.Value, 10)})
		}
		c["constants"] = rows
	}
	return cases
}
