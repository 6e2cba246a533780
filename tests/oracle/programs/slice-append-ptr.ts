/** A slice of pointers to variables that escape. */
import { int, pointer } from "../../../engine/process/types.ts";
import { append, convTslice, newobject, nilSlice, type Program, store64, storePointer } from "./lib.ts";

const pointerToInt = pointer(int);

export const progSliceAppendPtr: Program = {
  name: "progSliceAppendPtr",
  source: `
func progSliceAppendPtr(n int) any {
	var s []*int
	for i := 0; i < n; i++ {
		v := i
		s = append(s, &v)
	}
	return s
}
`,
  run(p, n) {
    let s = nilSlice;
    for (let i = 0; i < n; i++) {
      const v = newobject(p, int);
      store64(p.m, v, i);
      s = append(p, s, 1, pointerToInt);
      storePointer(p.m, s.array + 8 * i, v);
    }
    return convTslice(p, s);
  },
};
