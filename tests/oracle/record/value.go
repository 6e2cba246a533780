// Values of a recording: numbers as they were written, words and 64-bit integers as strings.

package main

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
)

func hex[T ~uint64 | ~uintptr](v T) string { return fmt.Sprintf("0x%x", uint64(v)) }

// whole is any whole number of a recording: a number, a decimal string, a word.
func whole(v any) int64 { return int64(unsigned(v)) }

func unsigned(v any) uint64 {
	switch v := v.(type) {
	case json.Number:
		return parseWhole(v.String())
	case string:
		return parseWhole(v)
	case int:
		return uint64(v)
	case uint64:
		return v
	case uintptr:
		return uint64(v)
	}
	panic(fmt.Sprintf("%v is no whole number", v))
}

func parseWhole(s string) uint64 {
	if u, err := strconv.ParseUint(s, 0, 64); err == nil {
		return u
	}
	i, err := strconv.ParseInt(s, 0, 64)
	if err != nil {
		panic(err)
	}
	return uint64(i)
}

func float(v any) float64 {
	switch v := v.(type) {
	case json.Number:
		f, err := v.Float64()
		if err != nil {
			panic(err)
		}
		return f
	case float64:
		return v
	case string:
		f, err := strconv.ParseFloat(v, 64)
		if err != nil {
			panic(err)
		}
		return f
	}
	panic(fmt.Sprintf("%v is no number", v))
}

// number is a float as a recording writes it: what JSON has no number for is a string.
func number(f float64) any {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "+Inf"
	case math.IsInf(f, -1):
		return "-Inf"
	}
	return f
}

func list(v any) []any {
	if v == nil {
		return nil
	}
	return v.([]any)
}

func words(v any) (w [8]uint64) {
	for i, x := range list(v) {
		w[i] = unsigned(x)
	}
	return
}

func hexes(w []uint64) (list []any) {
	for _, x := range w {
		list = append(list, hex(x))
	}
	return
}

func decimal(v uint64) string { return strconv.FormatUint(v, 10) }

// minusOne is the runtime's ^uint(0), "none".
func minusOne(v uint) int { return int(v) }
