import { boot } from "goheap";

//zh 真实的 Go：同一个程序启动五次，堆从哪里开始
//en the real Go: one program, started five times
const { seen, values } = recorded("facts-1", "F3");
const old = values.norandomizedheapbase64;
const rows = seen.default.map((arena: string, i: number) => ({
  start: i + 1,
  default: arena,
  norandomizedheapbase64: old.isTheSameInAll ? old.arena : "?",
  seed: boot({ base: "random", seed: i + 1 }).heapBase,
  fixed: boot().heapBase,
}));
table(rows, {
  columns: {
    start: "#",
    default: "Go",
    norandomizedheapbase64: "Go, no random base",
    seed: { zh: "引擎，随机", en: "engine, random" },
    fixed: { zh: "引擎", en: "engine" },
  },
});
