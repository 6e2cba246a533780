import { array, boot, uint8 } from "goheap";

//zh 总页数不变，大小全换了
//en as many pages, of other sizes
const order = [8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8];

const go = boot();
go.new(array(64 * 8192, uint8));
const locks = go.locks(() => {
  for (const n of order) go.new(array(n * 8192, uint8));
});
const taken = locks.filter((name) => name === "mheap");
const { length } = taken;
print({ zh: `锁堆 ${length} 次`, en: `heap locks: ${length}` });
