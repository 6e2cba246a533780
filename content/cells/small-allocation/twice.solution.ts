import { boot, float64, type Process, struct } from "goheap";

const Point = struct("Point", { x: float64, y: float64 });
//zh 同一个槽发放两次：第一次不清零，第二次清零
//en give one slot out twice: uncleared at first, then cleared
const steps = (go: Process) => {
  go.new(Point);
  go.sweep();
  go.new(Point);
};

const process = boot();
const log = process.trace(() => steps(process));
const kinds = ["zeroed", "mallocDone"];
const rows = log
  .filter((e) => kinds.includes(e.kind))
  .map(({ kind, address }) => ({ kind, address }));
table(rows);
