/** Closures that change what they capture: variable and closure are objects each. */
import { int, pointer } from "../../../engine/process/types.ts";
import { closureType, convTslice, funcType, make, newobject, type Program, store64, storePointer } from "./lib.ts";

const fn = funcType("func() int");
const counter = closureType(pointer(int));

export const progClosures: Program = {
  name: "progClosures",
  source: `
func progClosures(n int) any {
	fs := make([]func() int, n)
	for i := range fs {
		x := i
		fs[i] = func() int { x++; return x }
	}
	return fs
}
`,
  run(p, n) {
    const fs = make(p, fn, n);
    for (let i = 0; i < n; i++) {
      const x = newobject(p, int);
      store64(p.m, x, i);
      const closure = newobject(p, counter);
      storePointer(p.m, closure + 8, x);
      storePointer(p.m, fs.array + 8 * i, closure);
    }
    return convTslice(p, fs);
  },
};
