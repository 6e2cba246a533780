import { boot, int64, struct } from "goheap";

const go = boot();
const Node = struct("Node", { next: int64, value: int64 });

//zh 节点都在一个切片里，next 存下标，-1 表示没有
//en all nodes in one slice; next is an index, -1 for none
const nodes = go.make(Node, 1000);
let head = -1;
for (let value = 1; value <= 1000; value++) {
  const at = value - 1;
  nodes[at].next = head;
  nodes[at].value = value;
  head = at;
}
function* walk() {
  for (let at = head; at !== -1; at = nodes[at].next)
    yield nodes[at].value;
}

const { Mallocs } = go.memstats();
const [first, second] = walk();
table([{ first, second, Mallocs, heapScan: go.heapScan }]);
