/** Numbers as strings. */
import { string } from "../../../engine/process/types.ts";
import { convTslice, itoa, make, type Program, storeString } from "./lib.ts";

export const progItoa: Program = {
  name: "progItoa",
  source: `
func progItoa(n int) any {
	r := make([]string, n)
	for i := range r {
		r[i] = strconv.Itoa(i * 7)
	}
	return r
}
`,
  run(p, n) {
    const r = make(p, string, n);
    for (let i = 0; i < n; i++) storeString(p, r.array + string.size * i, itoa(p, i * 7));
    return convTslice(p, r);
  },
};
