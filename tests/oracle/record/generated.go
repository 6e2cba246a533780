// What a recording compiles in; scripts/record.ts puts a file with its types and programs in the place of this one.

package main

// typed holds a nil pointer to each type of the recording, by its case.
var typed []any

// called holds the programs, by name.
var called = map[string]func(int) any{}

// stored holds the statements that the write barrier is watched at, by the number of their case.
var stored []func()
