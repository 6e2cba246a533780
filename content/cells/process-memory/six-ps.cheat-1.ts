import { boot } from "goheap";

//zh 当成 8 个 P
//en takes it for 8 Ps
const answer = 8 * 2296;

const rows = [1, 2, 4].map((procs) => {
  const { MCacheInuse } = boot({ procs }).memstats();
  return { procs, MCacheInuse };
});
table([...rows, { procs: 6, MCacheInuse: answer }]);
