import { boot } from "goheap";

const { offheap } = boot();
const je = offheap.jemalloc();
const mine = je.malloc(64, "session");
mine.set(0, "int64", 1001);
const kept = mine.address;
mine.free();
//zh 下一个同样大小的申请
//en the next request of that size
const other = je.malloc(64, "order");
other.set(0, "int64", 7);

const read = offheap.read(kept, "int64");
offheap.write(kept, "int64", 1002);
const order = other.get(0, "int64");
table([{ same: other.address === kept, read, order }]);
//zh 经过句柄就会查出来
//en through the handle it is found out
try {
  mine.get(0, "int64");
} catch (error) {
  print((error as { code: string }).code);
}
