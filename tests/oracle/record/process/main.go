// Process measures what the operating system sees of a Go program: addresses, and memory behind them. Linux only, with
// public means: /proc/self and MemStats.
//
//	go run ./process > ../recordings/process-1.jsonl
//
// Prints one line a fact, as facts-1.jsonl has them: values repeat, seen is what varies, as this run saw it. A fact is
// measured in a process of its own, three times; values that differ are an error.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
)

type values = map[string]any

type fact struct {
	id, what string
	measure  func(fixed, seen values)
	// Settings of the environment under which it is measured as well, each an entry of seen by its name.
	also []string
}

var facts = []fact{
	{"P1", "KiB with an address (VmSize) and in memory (VmRSS) when main begins, and what MemStats says", size, nil},
	{"P2", "the mappings of a process, and the part of it that holds what a program declares", places, nil},
	{"P3", "the heap after 64 MiB were written and 48 MiB dropped: two collections, 1.5 s apart", returned, nil},
	{"P4", "KiB in memory before and after FreeOSMemory, by GODEBUG", advised, []string{"GODEBUG=madvdontneed=0"}},
	{"P5", "KiB in memory before and after a slice of 64 MiB is made, and when a byte in each page is written", touched, nil},
}

func main() {
	if len(os.Args) == 2 {
		measureOne(os.Args[1])
		return
	}
	for _, f := range facts {
		line := values{"fact": f.id, "what": f.what, "go": runtime.Version()}
		var first string
		for range 3 {
			one := run(f.id, "")
			seen := one["seen"].(values)
			if len(f.also) > 0 {
				seen = values{"default": seen}
			}
			for _, setting := range f.also {
				seen[strings.TrimPrefix(setting, "GODEBUG=")] = run(f.id, setting)["seen"]
			}
			text := string(encode(one["values"]))
			if first == "" {
				first = text
			} else if first != text {
				fail("%s is not the same in two runs:\n%s\n%s", f.id, first, text)
			}
			line["values"], line["seen"] = one["values"], seen
		}
		line["deterministic"] = len(line["values"].(values)) > 0
		if line["deterministic"] == false {
			delete(line, "values")
		}
		fmt.Printf("%s\n", encode(line))
	}
}

func measureOne(id string) {
	for _, f := range facts {
		if f.id == id {
			fixed, seen := values{}, values{}
			f.measure(fixed, seen)
			fmt.Printf("%s\n", encode(values{"values": fixed, "seen": seen}))
			return
		}
	}
	fail("%s is not measured here", id)
}

// run measures a fact in a process of its own.
func run(id, setting string) values {
	self, err := os.Executable()
	if err != nil {
		fail("%v", err)
	}
	command := exec.Command(self, id)
	command.Env = []string{setting}
	out, err := command.Output()
	if err != nil {
		fail("%s: %v", id, err)
	}
	var one values
	if err := json.Unmarshal(out, &one); err != nil {
		fail("%s: %v", id, err)
	}
	return one
}

func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		fail("%v", err)
	}
	return bytes.TrimSpace(b.Bytes())
}

func fail(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "process: "+format+"\n", args...)
	os.Exit(1)
}
