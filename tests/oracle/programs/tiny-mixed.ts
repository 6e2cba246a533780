/** Tiny objects of four sizes, as interface values: a pointer needs no memory of its own there. */
import { eface, int8, int16, int32, int64, pointer } from "../../../engine/process/types.ts";
import { append, convTslice, newobject, nilSlice, type Program, storeInterface } from "./lib.ts";

const types = [int8, int16, int32, int64];
const pointers = types.map((t) => pointer(t));

export const progTinyMixed: Program = {
  name: "progTinyMixed",
  source: `
func progTinyMixed(n int) any {
	var keep []any
	for i := 0; i < n; i++ {
		switch i % 4 {
		case 0:
			keep = append(keep, new(int8))
		case 1:
			keep = append(keep, new(int16))
		case 2:
			keep = append(keep, new(int32))
		case 3:
			keep = append(keep, new(int64))
		}
	}
	return keep
}
`,
  run(p, n) {
    let keep = nilSlice;
    for (let i = 0; i < n; i++) {
      const object = newobject(p, types[i % 4]);
      keep = append(p, keep, 1, eface);
      storeInterface(p, keep.array + eface.size * i, pointers[i % 4], object);
    }
    return convTslice(p, keep);
  },
};
