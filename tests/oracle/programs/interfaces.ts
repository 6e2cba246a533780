/** Values and pointers as interfaces: a value is copied to the heap, unless it is a small number. */
import { float64, pointer, struct } from "../../../engine/process/types.ts";
import { convFloat64, convTslice, fieldOf, make, newobject, type Program, rect, shape, storeInterface } from "./lib.ts";

const sq = struct("main.sq", { s: float64 });
const pointerToRect = pointer(rect);

export const progInterfaces: Program = {
  name: "progInterfaces",
  source: `
func progInterfaces(n int) any {
	ss := make([]shape, n)
	for i := range ss {
		if i%2 == 0 {
			ss[i] = sq{float64(i)}
		} else {
			ss[i] = &rect{float64(i), 2}
		}
	}
	return ss
}
`,
  run(p, n) {
    const ss = make(p, shape, n);
    for (let i = 0; i < n; i++) {
      const at = ss.array + shape.size * i;
      if (i % 2 === 0) {
        storeInterface(p, at, sq, convFloat64(p, i));
        continue;
      }
      const object = newobject(p, rect);
      p.m.f64[(object + fieldOf(rect, "a")) >> 3] = i;
      p.m.f64[(object + fieldOf(rect, "b")) >> 3] = 2;
      storeInterface(p, at, pointerToRect, object);
    }
    return convTslice(p, ss);
  },
};
