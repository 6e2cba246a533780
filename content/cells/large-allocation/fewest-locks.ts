import { array, boot, uint8 } from "goheap";

//zh 只换次序：每个 span 的页数
//en change the order only: pages of each span
const order = [15, 15, 15, 15, 15, 15, 15, 15, 4, 4];

const go = boot();
go.new(array(64 * 8192, uint8));
const locks = go.locks(() => {
  for (const n of order) go.new(array(n * 8192, uint8));
});
const taken = locks.filter((name) => name === "mheap");
const { length } = taken;
print({ zh: `锁堆 ${length} 次`, en: `heap locks: ${length}` });
