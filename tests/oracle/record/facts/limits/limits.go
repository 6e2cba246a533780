// Limits is never run: the compiler says of each marked line what it moves to the heap (go build -gcflags=-m).
package main

var n int

func explicit() {
	var a [131071]byte // mark: variable of 131071 bytes
	var b [131072]byte // mark: variable of 131072 bytes
	var c [131073]byte // mark: variable of 131073 bytes
	n += int(a[n]) + int(b[n]) + int(c[n])
}

func implicit() {
	a := new([65535]byte) // mark: new of 65535 bytes
	b := new([65536]byte) // mark: new of 65536 bytes
	c := new([65537]byte) // mark: new of 65537 bytes
	n += int(a[n]) + int(b[n]) + int(c[n])
}

func literals() {
	a := &[65536]byte{1} // mark: literal of 65536 bytes
	b := &[65537]byte{1} // mark: literal of 65537 bytes
	n += int(a[n]) + int(b[n])
}

func slices() {
	a := make([]byte, 65535) // mark: make of 65535 bytes
	b := make([]byte, 65536) // mark: make of 65536 bytes
	c := make([]byte, 65537) // mark: make of 65537 bytes
	d := make([]byte, n)     // mark: make of a variable size
	n += int(a[n]) + int(b[n]) + int(c[n]) + len(d)
}

func main() {
	explicit()
	implicit()
	literals()
	slices()
}
