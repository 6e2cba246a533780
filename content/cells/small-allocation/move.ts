import { boot, int64, pointer, struct } from "goheap";

const go = boot({ procs: 2 });
const fields = { next: pointer("Node"), value: int64 };
const Node = struct("Node", fields);
const main = go.goroutine("main");

const before = main.new(Node);
before.value = 187;
//zh 系统调用之后，main 换到了 P1
//en after a system call main runs on P1
main.moveTo(1);
const after = main.new(Node);
after.next = before;
//zh P0 上的下一个对象落在哪里？
//en where does the next object made on P0 go?
const other = go.on(0).new(Node);

const made = Object.entries({ before, after, other });
const rows = made.map(([object, ref]) => {
  const { p, span, slot } = go.where(ref);
  return { object, p, span, slot };
});
table(rows);
go.sweep({ live: [after, before] });
print("after.next.value =", after.next.value);
