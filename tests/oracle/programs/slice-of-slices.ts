/** A slice of slices, some of them empty: an empty one costs a call and no object. */
import { slice, uint8 } from "../../../engine/process/types.ts";
import { convTslice, make, type Program, storeSlice } from "./lib.ts";

const bytes = slice(uint8);

export const progSliceOfSlices: Program = {
  name: "progSliceOfSlices",
  source: `
func progSliceOfSlices(n int) any {
	m := make([][]byte, n)
	for i := range m {
		m[i] = make([]byte, i%100)
	}
	return m
}
`,
  run(p, n) {
    const m = make(p, bytes, n);
    for (let i = 0; i < n; i++) storeSlice(p, m.array + bytes.size * i, make(p, uint8, i % 100));
    return convTslice(p, m);
  },
};
