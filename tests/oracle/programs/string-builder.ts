/** A string that grows in a buffer. */
import { Builder, convTstring, type Program } from "./lib.ts";

export const progStringBuilder: Program = {
  name: "progStringBuilder",
  source: `
func progStringBuilder(n int) any {
	var b strings.Builder
	for i := 0; i < n; i++ {
		b.WriteString("xyz")
	}
	return b.String()
}
`,
  run(p, n) {
    const b = new Builder();
    for (let i = 0; i < n; i++) b.writeString(p, "xyz");
    return convTstring(p, b.string());
  },
};
