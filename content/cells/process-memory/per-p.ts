import { boot } from "goheap";

//zh 真实的 Go：GOMAXPROCS 不同，以及多出一万个 goroutine
//en the real Go: by GOMAXPROCS, and with 10,000 goroutines
const { byGOMAXPROCS, goroutines } = recorded(
  "facts-1",
  "F2",
  "values",
);
const rows = (byGOMAXPROCS as number[][]).map(([procs, go]) => {
  const { MCacheInuse } = boot({ procs: procs! }).memstats();
  return { procs, "Go 1.26.8": go, engine: MCacheInuse };
});
table(rows);
const { before, with: after } = goroutines;
table([{ before, "+ 10000 goroutines": after }]);
