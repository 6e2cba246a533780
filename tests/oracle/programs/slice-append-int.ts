/** A slice of integers, grown one by one. */
import { int } from "../../../engine/process/types.ts";
import { append, convTslice, nilSlice, type Program, store64 } from "./lib.ts";

export const progSliceAppendInt: Program = {
  name: "progSliceAppendInt",
  source: `
func progSliceAppendInt(n int) any {
	var s []int
	for i := 0; i < n; i++ {
		s = append(s, i)
	}
	return s
}
`,
  run(p, n) {
    let s = nilSlice;
    for (let i = 0; i < n; i++) {
      s = append(p, s, 1, int);
      store64(p.m, s.array + 8 * i, i);
    }
    return convTslice(p, s);
  },
};
