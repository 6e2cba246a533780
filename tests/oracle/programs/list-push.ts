/** A list that grows at its head. */
import { fieldOf, listNode, NIL, newobject, type Program, store64, storePointer } from "./lib.ts";

const next = fieldOf(listNode, "next");
const val = fieldOf(listNode, "val");

export const progListPush: Program = {
  name: "progListPush",
  source: `
func progListPush(n int) any {
	var head *listNode
	for i := 0; i < n; i++ {
		head = &listNode{next: head, val: i}
	}
	return head
}
`,
  run(p, n) {
    let head = NIL;
    for (let i = 0; i < n; i++) {
      const node = newobject(p, listNode);
      storePointer(p.m, node + next, head);
      store64(p.m, node + val, i);
      head = node;
    }
    return head;
  },
};
