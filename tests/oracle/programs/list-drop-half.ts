/** A list that loses every second node. */
import { fieldOf, listNode, loadPointer, NIL, newobject, type Program, store64, storePointer } from "./lib.ts";

const next = fieldOf(listNode, "next");
const val = fieldOf(listNode, "val");

export const progListDropHalf: Program = {
  name: "progListDropHalf",
  source: `
func progListDropHalf(n int) any {
	var head *listNode
	for i := 0; i < n; i++ {
		head = &listNode{next: head, val: i}
	}
	for p := head; p != nil && p.next != nil; p = p.next {
		p.next = p.next.next
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
    for (let at = head; at !== NIL && loadPointer(p.m, at + next) !== NIL; at = loadPointer(p.m, at + next)) {
      storePointer(p.m, at + next, loadPointer(p.m, loadPointer(p.m, at + next) + next));
    }
    return head;
  },
};
