/** A search tree of pseudorandom keys. `root` is an ordinary variable: only its address was taken, and that stays here. */
import { fieldOf, load64, loadPointer, NIL, newobject, type Program, store64, storePointer, treeNode } from "./lib.ts";

const l = fieldOf(treeNode, "l");
const r = fieldOf(treeNode, "r");
const key = fieldOf(treeNode, "key");

export const progTreeInsert: Program = {
  name: "progTreeInsert",
  source: `
func progTreeInsert(n int) any {
	var root *treeNode
	x := uint32(12345)
	for i := 0; i < n; i++ {
		x = x*1664525 + 1013904223
		k := int(x >> 8)
		p := &root
		for *p != nil {
			if k < (*p).key {
				p = &(*p).l
			} else {
				p = &(*p).r
			}
		}
		*p = &treeNode{key: k}
	}
	return root
}
`,
  run(p, n) {
    let root = NIL;
    let x = 12345;
    for (let i = 0; i < n; i++) {
      x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
      const k = x >>> 8;
      let parent = NIL;
      let field = 0;
      for (let at = root; at !== NIL; at = loadPointer(p.m, parent + field)) {
        parent = at;
        field = k < load64(p.m, at + key) ? l : r;
      }
      const node = newobject(p, treeNode);
      store64(p.m, node + key, k);
      if (parent === NIL) root = node;
      else storePointer(p.m, parent + field, node);
    }
    return root;
  },
};
