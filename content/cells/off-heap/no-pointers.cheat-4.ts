import { boot, int64, pointer, type Ref, struct } from "goheap";

const go = boot();
const Node = struct("Node", {
  next: pointer("Node"),
  value: int64,
});

//zh 一次分配了所有节点，指针还在
//en one allocation for all nodes, but the pointers are still there
const nodes = go.make(Node, 1001);
let head: Ref | null = null;
for (let i = 1; i <= 1000; i++) {
  nodes[i].value = i;
  nodes[i].next = head;
  head = nodes[i];
}
function* walk() {
  for (let i = 1000; i > 0; i--) yield nodes[i].value;
}
table([{ heapScan: go.heapScan }]);
