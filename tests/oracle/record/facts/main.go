// Facts measures what the book says about Go, with public means only: no overlay, no private field.
//
//	facts F2   measures one fact in this process and prints {"values": …, "seen": …}
//
// values must come out the same in every run; seen is what varies, as this run saw it. What needs another build of
// this program, or the compiler's own words, is put together by facts.ts, which runs it.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
)

type values = map[string]any

// A fact fills in what it measured: values that repeat, and what was seen of those that vary.
type fact func(fixed, seen values)

var facts = map[string]fact{
	"F1":  border,
	"F2":  mcaches,
	"F3":  address,
	"F4":  objectsPerPage,
	"F5":  headers,
	"F6":  tiny,
	"F7":  stackBuffers,
	"F9":  goroutines,
	"F10": growth,
	"F13": finalizers,
	"F14": maps,
	"F15": release,
	"F16": offHeap,
	"F17": cycles,
	"F20": constants,
}

func main() {
	measure, ok := facts[os.Args[1]]
	if !ok {
		fmt.Fprintf(os.Stderr, "facts: %s is not measured here\n", os.Args[1])
		os.Exit(2)
	}
	runtime.GOMAXPROCS(1)
	fixed, seen := values{}, values{}
	measure(fixed, seen)
	if err := json.NewEncoder(os.Stdout).Encode(values{"values": fixed, "seen": seen}); err != nil {
		panic(err)
	}
}

// quiet switches collections off, after two have left nothing unswept and no tiny block begun.
func quiet() {
	debug.SetGCPercent(-1)
	runtime.GC()
	runtime.GC()
}

// stats reads MemStats, which flushes every P's figures first.
func stats() *runtime.MemStats {
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return &s
}
