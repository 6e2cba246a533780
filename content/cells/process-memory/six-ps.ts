import { boot } from "goheap";

//zh GOMAXPROCS=6 时的 MCacheInuse，先算再看
//en MCacheInuse for GOMAXPROCS=6: work it out first
const answer = 0;

const rows = [1, 2, 4].map((procs) => {
  const { MCacheInuse } = boot({ procs }).memstats();
  return { procs, MCacheInuse };
});
table([...rows, { procs: 6, MCacheInuse: answer }]);
