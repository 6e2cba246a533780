import { boot } from "goheap";

const count = input.range("goroutines", { min: 0, max: 1000, step: 100, value: 1000 });

const rows = [1, 2, 4, 8].map((procs) => {
  const go = boot({ procs });
  for (let i = 0; i < count; i++) go.goroutine(`g${i}`);
  return { GOMAXPROCS: procs, MCacheInuse: go.memstats().MCacheInuse };
});
table(rows);
