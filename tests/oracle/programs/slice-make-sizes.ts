/** Slices of many sizes, kept in one that grows. */
import { slice, uint8 } from "../../../engine/process/types.ts";
import { append, convTslice, make, nilSlice, type Program, storeSlice } from "./lib.ts";

const bytes = slice(uint8);

export const progSliceMakeSizes: Program = {
  name: "progSliceMakeSizes",
  source: `
func progSliceMakeSizes(n int) any {
	var keep [][]byte
	for i := 0; i < n; i++ {
		keep = append(keep, make([]byte, i*37%5000+1))
	}
	return keep
}
`,
  run(p, n) {
    let keep = nilSlice;
    for (let i = 0; i < n; i++) {
      const s = make(p, uint8, ((i * 37) % 5000) + 1);
      keep = append(p, keep, 1, bytes);
      storeSlice(p, keep.array + bytes.size * i, s);
    }
    return convTslice(p, keep);
  },
};
