import { boot, uint8 } from "goheap";

const MiB = 1024 * 1024;
//zh 三个对象
//en three objects
const sizes = [1, 4 * MiB + 1, 1];

const go = boot();
for (const size of sizes) go.make(uint8, size);
const { HeapSys, HeapInuse } = go.memstats();
table([{ HeapSys, HeapInuse, ratio: HeapSys / HeapInuse }]);
