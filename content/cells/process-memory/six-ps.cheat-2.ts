import { boot } from "goheap";

//zh 按尺寸类取整
//en rounds to a size class
const answer = 6 * 2304;

const rows = [1, 2, 4].map((procs) => {
  const { MCacheInuse } = boot({ procs }).memstats();
  return { procs, MCacheInuse };
});
table([...rows, { procs: 6, MCacheInuse: answer }]);
