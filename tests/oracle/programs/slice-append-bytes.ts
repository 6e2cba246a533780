/** A slice of bytes, grown one by one. */
import { uint8 } from "../../../engine/process/types.ts";
import { append, convTslice, nilSlice, type Program } from "./lib.ts";

export const progSliceAppendBytes: Program = {
  name: "progSliceAppendBytes",
  source: `
func progSliceAppendBytes(n int) any {
	var s []byte
	for i := 0; i < n; i++ {
		s = append(s, byte(i))
	}
	return s
}
`,
  run(p, n) {
    let s = nilSlice;
    for (let i = 0; i < n; i++) {
      s = append(p, s, 1, uint8);
      p.m.u8[s.array + i] = i;
    }
    return convTslice(p, s);
  },
};
