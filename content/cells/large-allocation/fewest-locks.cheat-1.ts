import { array, boot, uint8 } from "goheap";

//zh 先拿走两个 4
//en takes the two of 4 first
const order = [4, 4, 15, 15, 15, 15, 15, 15, 15, 15];

const go = boot();
go.new(array(64 * 8192, uint8));
const locks = go.locks(() => {
  for (const n of order) go.new(array(n * 8192, uint8));
});
const taken = locks.filter((name) => name === "mheap");
const { length } = taken;
print({ zh: `锁堆 ${length} 次`, en: `heap locks: ${length}` });
