import { boot } from "goheap";

//zh 只算一份
//en one record only
const answer = 2296;

const rows = [1, 2, 4].map((procs) => {
  const { MCacheInuse } = boot({ procs }).memstats();
  return { procs, MCacheInuse };
});
table([...rows, { procs: 6, MCacheInuse: answer }]);
