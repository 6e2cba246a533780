import { boot } from "goheap";

//zh 每个 P 一份，2296 字节
//en 2296 bytes for each P
const answer = 6 * 2296;

const rows = [1, 2, 4].map((procs) => {
  const { MCacheInuse } = boot({ procs }).memstats();
  return { procs, MCacheInuse };
});
table([...rows, { procs: 6, MCacheInuse: answer }]);
