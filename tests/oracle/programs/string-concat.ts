/** A string that is copied for every two bytes it grows by. */
import { concatstrings, convTstring, emptyString, type Program } from "./lib.ts";

export const progStringConcat: Program = {
  name: "progStringConcat",
  source: `
func progStringConcat(n int) any {
	s := ""
	for i := 0; i < n%300; i++ {
		s += "ab"
	}
	return s
}
`,
  run(p, n) {
    let s = emptyString;
    for (let i = 0; i < n % 300; i++) s = concatstrings(p, s, "ab");
    return convTstring(p, s);
  },
};
