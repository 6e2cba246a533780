import { boot, int64, struct } from "goheap";

const go = boot();
const Node = struct("Node", { next: int64, value: int64 });

//zh 值存在 JavaScript 的数组里，堆里只是摆样子
//en keeps the values in a JavaScript array; the heap is for show
go.make(Node, 1000);
const values: number[] = [];
for (let value = 1000; value >= 1; value--) values.push(value);
const walk = () => values;

const { Mallocs } = go.memstats();
table([{ Mallocs, heapScan: go.heapScan }]);
