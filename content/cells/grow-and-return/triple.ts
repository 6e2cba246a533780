import { boot, uint8 } from "goheap";

const MiB = 1024 * 1024;
//zh 两个对象的大小，只改这一行
//en the sizes of the two objects: change this line only
const sizes = [1, 4 * MiB];

const go = boot();
for (const size of sizes) go.make(uint8, size);
const { HeapSys, HeapInuse } = go.memstats();
table([{ HeapSys, HeapInuse, ratio: HeapSys / HeapInuse }]);
