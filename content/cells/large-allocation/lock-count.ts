import { array, boot, uint8 } from "goheap";

const locksFor = (npages: number) => {
  const go = boot({ windowBytes: 64 << 20 });
  //zh 先让堆长大再清空，免得算进增长
  //en grow the heap and empty it: growth shall not count
  go.new(array(4096 * 8192, uint8));
  go.sweep();
  const T = array(npages * 8192, uint8);
  const locks = go.locks(() => {
    for (let i = 0; i < 100; i++) go.new(T);
  });
  return locks.filter((name) => name === "mheap").length;
};
const rows = [1, 2, 4, 8, 15, 16].map((npages) => ({
  npages,
  spans: 100,
  heapLocks: locksFor(npages),
}));
table(rows, { turn: 5 });
