// Record asks the Go it was built with what the allocator does, and prints recordings.
//
//	record -again FILE        the file's inputs, with this Go's outputs
//	record -new KIND -seed N  new inputs, with this Go's outputs
//	record -inputs KIND …     new inputs alone, for the kinds whose inputs are compiled into the next build
//
// It is built by scripts/record.ts with two files that `go build -overlay` puts in: doors into package runtime
// (_runtime/zz_record.go) and the types and programs of the recording (generated.go).
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
)

// A line of a recording. Encoding sorts the keys.
type line = map[string]any

// A recorder takes the cases of a recording, whose inputs it keeps, and writes the outputs into them.
type recorder struct {
	// inputs makes new cases, without outputs where the cases allow it.
	inputs func(r *rand.Rand) []line
	// outputs fills in the cases.
	outputs func(cases []line) []line
}

// scale multiplies the operations of new inputs, or the cases where a case is one operation.
var scale = 1

var recorders = map[string]recorder{
	"sizeclasses": {sizeclassesInputs, sizeclasses},
	"pallocbits":  {pallocbitsInputs, pallocbits},
	"pagealloc":   {pageallocInputs, pagealloc},
	"pagecache":   {pagecacheInputs, pagecache},
	"nextfree":    {nextfreeInputs, nextfree},
	"scavindex":   {scavindexInputs, scavindex},
	"scavpace":    {scavpaceInputs, scavpace},
	"pi":          {piInputs, pi},
	"scavloop":    {scavloopInputs, scavloop},
	"types":       {typesInputs, types},
	"programs":    {nil, programs}, // their inputs are drawn where their sources are
	"malloc":      {mallocInputs, malloc},
	"large":       {largeInputs, large},
	"constants":   {constantsInputs, constants},
	"searchaddr":  {searchaddrInputs, searchaddr},
	"spanrecords": {spanrecordsInputs, spanrecords},
	"addresses":   {nil, addresses}, // as for programs
	"wb":          {wbInputs, wb},
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == "-worker" {
		worker()
		return
	}
	again := flag.String("again", "", "record the cases of this file again")
	fresh := flag.String("new", "", "record new cases of this kind")
	inputs := flag.String("inputs", "", "print new inputs of this kind only")
	seed := flag.Uint64("seed", 1, "what new inputs are drawn from")
	flag.IntVar(&scale, "scale", 1, "how many times as many operations, or cases, new inputs are to have")
	flag.Parse()
	debug.SetGCPercent(400)
	defer func() {
		if e := recover(); e != nil {
			fmt.Fprintf(os.Stderr, "record: %v\n", e)
			os.Exit(1)
		}
	}()

	if *again != "" {
		meta, cases := read(*again)
		kind := kindOf(meta, cases)
		if meta != nil {
			meta["go"] = runtime.Version()
			write(line{"meta": meta})
		}
		write(recorders[kind].outputs(cases)...)
		return
	}
	kind := *fresh + *inputs
	rec := recorders[kind]
	if rec.inputs == nil {
		panic(fmt.Sprintf("no kind %q", kind))
	}
	cases := rec.inputs(rand.New(rand.NewPCG(*seed, 0x60)))
	write(line{"meta": line{"arch": runtime.GOARCH, "format": 1, "go": runtime.Version(), "kind": kind, "seed": *seed}})
	if *fresh != "" {
		// Written and read once, so that they are what a file would give.
		var text bytes.Buffer
		encode(&text, cases)
		_, cases = parse(text.Bytes())
		cases = rec.outputs(cases)
	}
	write(cases...)
}

func read(path string) (meta line, cases []line) {
	data, err := os.ReadFile(path)
	if err != nil {
		panic(err)
	}
	return parse(data)
}

func parse(data []byte) (meta line, cases []line) {
	for i, text := range bytes.Split(bytes.TrimSpace(data), []byte("\n")) {
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber()
		var l line
		if err := d.Decode(&l); err != nil {
			panic(fmt.Sprintf("line %d: %v", i+1, err))
		}
		if m, ok := l["meta"]; ok {
			meta = m.(line)
			continue
		}
		cases = append(cases, l)
	}
	return
}

func kindOf(meta line, cases []line) string {
	kind := "programs"
	if meta != nil {
		kind = meta["kind"].(string)
	} else if len(cases) == 0 || cases[0]["mode"] != "stats" {
		panic("the recording has no kind that can be recorded again")
	}
	if _, ok := recorders[kind]; !ok {
		panic(fmt.Sprintf("kind %q cannot be recorded again", kind))
	}
	return kind
}

func write(lines ...line) {
	w := bufio.NewWriter(os.Stdout)
	encode(w, lines)
	if err := w.Flush(); err != nil {
		panic(err)
	}
}

func encode(w io.Writer, lines []line) {
	for _, l := range lines {
		if err := json.NewEncoder(w).Encode(l); err != nil {
			panic(err)
		}
	}
}
