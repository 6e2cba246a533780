import { boot, float64, type Process } from "goheap";

//zh 同一个槽发放两次：第一次不清零，第二次清零
//en give one slot out twice: uncleared at first, then cleared
const steps = (go: Process) => {
  //zh 微型块：P 手里那块活过回收
  //en the tiny block in hand survives a collection
  go.new(float64);
  go.sweep();
  go.new(float64);
};

const process = boot();
const log = process.trace(() => steps(process));
const kinds = ["zeroed", "mallocDone"];
const rows = log
  .filter((e) => kinds.includes(e.kind))
  .map(({ kind, address }) => ({ kind, address }));
table(rows);
