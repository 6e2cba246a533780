import { boot, int64, pointer, type Ref, struct } from "goheap";

const go = boot();
const Node = struct("Node", {
  next: pointer("Node"),
  value: int64,
});

//zh 一千个节点的链表，头上的值是 1000
//en a list of a thousand nodes; the value at its head is 1000
let head: Ref | null = null;
for (let value = 1; value <= 1000; value++) {
  const node = go.new(Node);
  node.next = head;
  node.value = value;
  head = node;
}
function* walk() {
  for (let node = head; node !== null; node = node.next)
    yield node.value;
}

const { Mallocs } = go.memstats();
const [first, second] = walk();
table([{ first, second, Mallocs, heapScan: go.heapScan }]);
