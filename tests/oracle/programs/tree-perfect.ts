/** A tree with all its leaves at one depth. The closure `mk` and what it captures stay on the stack. */
import { fieldOf, NIL, newobject, type Process, type Program, storePointer, treeNode } from "./lib.ts";

const l = fieldOf(treeNode, "l");
const r = fieldOf(treeNode, "r");

export const progTreePerfect: Program = {
  name: "progTreePerfect",
  source: `
func progTreePerfect(n int) any {
	d := 0
	for 1<<d <= n {
		d++
	}
	var mk func(d int) *treeNode
	mk = func(d int) *treeNode {
		if d == 0 {
			return nil
		}
		return &treeNode{l: mk(d - 1), r: mk(d - 1)}
	}
	return mk(d)
}
`,
  run(p, n) {
    let depth = 0;
    while (2 ** depth <= n) depth++;
    return make(p, depth);
  },
};

/** The subtrees are made before the node that holds them. */
function make(p: Process, depth: number): number {
  if (depth === 0) return NIL;
  const left = make(p, depth - 1);
  const right = make(p, depth - 1);
  const node = newobject(p, treeNode);
  storePointer(p.m, node + l, left);
  storePointer(p.m, node + r, right);
  return node;
}
