import { boot } from "goheap";

const range = { min: 1, max: 16, value: 4 };
const procs = input.range("procs", range);

const go = boot({ procs });
for (let i = 0; i < 1000; i++) go.malloc(64 * i);
//zh p 除外：引擎把它放在 data 里，Go 放在堆上
//en without p: the engine has it in data, Go on the heap
table(go.records().filter((r) => r.name !== "p"));
show.map(go.segments());
