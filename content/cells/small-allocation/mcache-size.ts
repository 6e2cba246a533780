import { boot } from "goheap";

const range = { min: 0, max: 1000, step: 100, value: 1000 };
const count = input.range("goroutines", range);

const rows = [1, 2, 4, 8].map((procs) => {
  const go = boot({ procs });
  for (let i = 0; i < count; i++) go.goroutine(`g${i}`);
  const { MCacheInuse } = go.memstats();
  return { GOMAXPROCS: procs, MCacheInuse };
});
table(rows);
//zh 真实的 Go：八个 P，加上一万个 goroutine 前后
//en the real Go: eight Ps, before and with ten thousand more
table([recorded("facts-1", "F2", "values.goroutines")]);
