import { sizeClasses } from "goheap";

const classes = sizeClasses();
//zh span 放满这种大小的对象，没人申请的字节占几成
//en a span full of objects of this size: the share unasked for
const waste = (size: number) => {
  const row = classes.find((c) => c.size >= size);
  if (row === undefined) return 0;
  //zh 只算了槽里空着的，还差一样
  //en the slack in the slots alone: something is missing
  return (row.size - size) / row.size;
};
//zh from 到 to 之间，哪种大小浪费得最多
//en which size between from and to wastes the most
const worst = (from: number, to: number) => {
  let most = from;
  for (let size = from; size <= to; size++)
    if (waste(size) > waste(most)) most = size;
  return most;
};
const ranges = [[1025, 32760] as const, [1025, 1500] as const];
table(
  ranges.map(([from, to]) => ({
    from,
    to,
    size: worst(from, to),
  })),
);
