/** Objects of one byte: sixteen share a block. */
import { pointer, uint8 } from "../../../engine/process/types.ts";
import { convTslice, make, newobject, type Program, storePointer } from "./lib.ts";

const pointerToByte = pointer(uint8);

export const progTinyBytes: Program = {
  name: "progTinyBytes",
  source: `
func progTinyBytes(n int) any {
	r := make([]*byte, n)
	for i := range r {
		r[i] = new(byte)
	}
	return r
}
`,
  run(p, n) {
    const r = make(p, pointerToByte, n);
    for (let i = 0; i < n; i++) storePointer(p.m, r.array + 8 * i, newobject(p, uint8));
    return convTslice(p, r);
  },
};
