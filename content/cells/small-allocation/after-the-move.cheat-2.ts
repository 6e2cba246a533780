import { boot, int64, pointer, struct } from "goheap";

const go = boot({ procs: 2 });
const Node = struct("Node", {
  next: pointer("Node"),
  value: int64,
});
const g = go.goroutine("main");

//zh 把 span 填满，逼 P0 换一个
//en fills the span, so that P0 must take another
const a = g.new(Node);
for (let i = 0; i < 600; i++) g.new(Node);
const b = g.new(Node);
for (let i = 0; i < 600; i++) g.new(Node);
const c = g.new(Node);
[a.value, b.value, c.value] = [1, 2, 3];
a.next = b;
b.next = c;
go.sweep({ live: [a, b, c] });

let sum = 0;
for (let node = a; node !== null; node = node.next)
  sum += node.value;
print("sum =", sum);
