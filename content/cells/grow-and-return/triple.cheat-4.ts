import { boot, uint8 } from "goheap";

const MiB = 1024 * 1024;
//zh 再大一截，比值反而小
//en larger, and the ratio falls
const sizes = [1, 8 * MiB + 1];

const go = boot();
for (const size of sizes) go.make(uint8, size);
const { HeapSys, HeapInuse } = go.memstats();
table([{ HeapSys, HeapInuse, ratio: HeapSys / HeapInuse }]);
