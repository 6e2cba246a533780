// Collector: finalizers and cleanups of cycles, and how often a program collects.

package main

import (
	"fmt"
	"math"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"time"
)

type link struct {
	to   *link
	data [6]int
}

// finalizers: which of them run for objects that point to themselves or to each other.
func finalizers(fixed, _ values) {
	debug.SetGCPercent(-1)
	ran := func(f func(done func())) bool {
		var count atomic.Int32
		f(func() { count.Add(1) })
		for range 5 {
			runtime.GC()
			time.Sleep(20 * time.Millisecond)
		}
		return count.Load() == 1
	}
	finalizer := func(p *link, done func()) { runtime.SetFinalizer(p, func(*link) { done() }) }
	cleanup := func(p *link, done func()) { runtime.AddCleanup(p, func(f func()) { f() }, done) }
	type attach = func(p *link, done func())
	self := func(a attach) bool {
		return ran(func(done func()) { p := new(link); p.to = p; a(p, done) })
	}
	pair := func(a attach) bool {
		return ran(func(done func()) { p, q := new(link), new(link); p.to, q.to = q, p; a(p, done) })
	}
	alone := func(a attach) bool { return ran(func(done func()) { a(new(link), done) }) }
	fixed["finalizer"] = values{"alone": alone(finalizer), "pointsToItself": self(finalizer), "pairInACycle": pair(finalizer)}
	fixed["cleanup"] = values{"alone": alone(cleanup), "pointsToItself": self(cleanup), "pairInACycle": pair(cleanup)}
	indirectly := func(p *link, done func()) {
		runtime.AddCleanup(p, func(holder []*link) { done() }, []*link{p})
	}
	fixed["cleanupWhoseArgumentLeadsToTheObjectRuns"] = alone(indirectly)
	fixed["cleanupWithTheObjectAsArgument"] = panics(func() {
		p := new(link)
		runtime.AddCleanup(p, func(*link) {}, p)
	})
	fixed["cleanupWhoseClosureHoldsTheObject"] = panics(func() {
		p := new(link)
		runtime.AddCleanup(p, func(int) { sink = p }, 1)
	})
}

// panics gives the text of f's panic, or "".
func panics(f func()) (text string) {
	defer func() {
		if r := recover(); r != nil {
			text = fmt.Sprint(r)
		}
	}()
	f()
	return ""
}

var ring [50_000][]byte

// cycles: how often 800 MB of short-lived objects beside 8 MB of live ones are collected.
func cycles(_, seen values) {
	count := func() uint32 {
		for i := range ring {
			ring[i] = nil
		}
		runtime.GC()
		before := stats().NumGC
		for i := range 5_000_000 {
			ring[i%len(ring)] = make([]byte, 160)
		}
		return stats().NumGC - before
	}
	for _, percent := range []int{50, 100, 400} {
		debug.SetGCPercent(percent)
		seen[fmt.Sprintf("GOGC=%d", percent)] = count()
	}
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(64 << 20)
	seen["GOGC=off GOMEMLIMIT=64MiB"] = count()
	debug.SetMemoryLimit(math.MaxInt64)
}
