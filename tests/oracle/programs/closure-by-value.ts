/** Closures that only read what they capture: they hold a copy, and no pointer. */
import { int } from "../../../engine/process/types.ts";
import { closureType, convTslice, funcType, make, newobject, type Program, store64, storePointer } from "./lib.ts";

const fn = funcType("func() int");
const reader = closureType(int);

export const progClosureByValue: Program = {
  name: "progClosureByValue",
  source: `
func progClosureByValue(n int) any {
	fs := make([]func() int, n)
	for i := range fs {
		x := i * 2
		fs[i] = func() int { return x }
	}
	return fs
}
`,
  run(p, n) {
    const fs = make(p, fn, n);
    for (let i = 0; i < n; i++) {
      const closure = newobject(p, reader);
      store64(p.m, closure + 8, i * 2);
      storePointer(p.m, fs.array + 8 * i, closure);
    }
    return convTslice(p, fs);
  },
};
