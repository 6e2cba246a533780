import { boot, int64, struct } from "goheap";

const go = boot();
const Node = struct("Node", { next: int64, value: int64 });

//zh 没有指针了，却还是一个节点一次分配
//en no pointers any more, but still one allocation for each node
const nodes = Array.from({ length: 1000 }, () => go.new(Node));
nodes.forEach((node, i) => {
  node.next = i - 1;
  node.value = i + 1;
});
function* walk() {
  for (let at = 999; at !== -1; at = nodes[at].next)
    yield nodes[at].value;
}
table([{ heapScan: go.heapScan }]);
