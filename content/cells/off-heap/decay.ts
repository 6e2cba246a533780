import { boot } from "goheap";

const range = { min: 0, max: 20000, step: 500, value: 10000 };
const dirtyDecayMs = input.range("dirtyDecayMs", range);
//zh n 块中每 step 块释放一块，共 16 MiB；然后只是等
//en of n blocks every step-th is freed, 16 MiB; then wait
const wait = (n: number, step: number) => {
  const je = boot().offheap.jemalloc({ dirtyDecayMs });
  const all = Array.from({ length: n }, () => je.malloc(4096));
  for (let i = 0; i < n; i += step) all[i].free();
  const points: [second: number, dirty: number][] = [];
  for (let second = 0; second <= 12; second++) {
    points.push([second, je.figures.dirty]);
    je.advance(1000);
  }
  return points;
};
const apart = wait(8192, 2);
const together = wait(4096, 1);
chart({ apart, together }, { x: "s", y: "B" });
const at = (s: number) => [s, apart[s][1], together[s][1]];
const columns = ["second", "apart", "together"];
table([0, 5, 7, 10].map(at), { columns });
