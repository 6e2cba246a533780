import { boot, int64, pointer, struct } from "goheap";

const go = boot();
const fields = { next: pointer("Node"), value: int64 };
const Node = struct("Node", fields);
const vars = go.globals({ head: pointer(Node) });
const main = go.goroutine("main");
const frame = main.locals({ p: pointer(Node) });
//zh 三个节点：全局变量指着一个，局部变量指着一个，一个没人指
//en three nodes: one by a global, one by a local, one by nobody
const nodes = [1, 2, 3].map(() => go.new(Node));
[vars.head, frame.p] = nodes;

const rows: unknown[][] = [];
const look = (step: string) => {
  go.sweep();
  rows.push([step, ...nodes.map((n) => !n.isFreed)]);
};
look("GC");
frame.return();
look("return");
vars.head = null;
look("head = nil");
table(rows, { columns: ["", "head", "p", "nobody"] });
