/** A slice of structs of 48 bytes: capacities that no power of two divides. Each new element is all zeros, as the fresh array is. */
import { array, int, int64, pointer, struct } from "../../../engine/process/types.ts";
import { append, convTslice, nilSlice, type Program } from "./lib.ts";

const rec = struct("main.rec", { a: array(5, int64), p: pointer(int) });

export const progSliceAppendStruct: Program = {
  name: "progSliceAppendStruct",
  source: `
func progSliceAppendStruct(n int) any {
	type rec struct {
		a [5]int64
		p *int
	}
	var s []rec
	for i := 0; i < n; i++ {
		s = append(s, rec{})
	}
	return s
}
`,
  run(p, n) {
    let s = nilSlice;
    for (let i = 0; i < n; i++) {
      s = append(p, s, 1, rec);
      p.m.u8.fill(0, s.array + rec.size * i, s.array + rec.size * (i + 1));
    }
    return convTslice(p, s);
  },
};
