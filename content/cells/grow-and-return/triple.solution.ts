import { boot, uint8 } from "goheap";

const MiB = 1024 * 1024;
//zh 4 MiB 再多一个字节，就要 8 MiB
//en one byte above 4 MiB asks for 8 MiB
const sizes = [1, 4 * MiB + 1];

const go = boot();
for (const size of sizes) go.make(uint8, size);
const { HeapSys, HeapInuse } = go.memstats();
table([{ HeapSys, HeapInuse, ratio: HeapSys / HeapInuse }]);
