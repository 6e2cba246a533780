import { boot, uint8 } from "goheap";

const MiB = 1024 * 1024;
//zh 第一个对象正好用满一个 chunk
//en the first object fills its chunk
const sizes = [4 * MiB, 4 * MiB + 1];

const go = boot();
for (const size of sizes) go.make(uint8, size);
const { HeapSys, HeapInuse } = go.memstats();
table([{ HeapSys, HeapInuse, ratio: HeapSys / HeapInuse }]);
