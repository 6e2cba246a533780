import { boot } from "goheap";

//zh 按 16 KiB 一块来要
//en what one chunk of 16 KiB holds
const answer = 16072;

const rows = [1, 2, 4].map((procs) => {
  const { MCacheInuse } = boot({ procs }).memstats();
  return { procs, MCacheInuse };
});
table([...rows, { procs: 6, MCacheInuse: answer }]);
