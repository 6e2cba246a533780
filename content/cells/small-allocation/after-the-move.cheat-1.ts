import { boot, int64, pointer, struct } from "goheap";

const go = boot({ procs: 2 });
const Node = struct("Node", {
  next: pointer("Node"),
  value: int64,
});
const g = go.goroutine("main");

//zh 没有换 P
//en the goroutine stays on its P
const a = g.new(Node);
const b = g.new(Node);
const c = g.new(Node);
[a.value, b.value, c.value] = [1, 2, 3];
a.next = b;
b.next = c;
go.sweep({ live: [a, b, c] });

let sum = 0;
for (let node = a; node !== null; node = node.next)
  sum += node.value;
print("sum =", sum);
