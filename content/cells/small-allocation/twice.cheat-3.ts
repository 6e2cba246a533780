import { boot, type Process } from "goheap";

//zh 同一个槽发放两次：第一次不清零，第二次清零
//en give one slot out twice: uncleared at first, then cleared
const steps = (go: Process) => {
  //zh 两次都不要清零
  //en asks for no clearing, twice
  go.malloc(16, null, false);
  go.sweep();
  go.malloc(16, null, false);
};

const process = boot();
const log = process.trace(() => steps(process));
const kinds = ["zeroed", "mallocDone"];
const rows = log
  .filter((e) => kinds.includes(e.kind))
  .map(({ kind, address }) => ({ kind, address }));
table(rows);
