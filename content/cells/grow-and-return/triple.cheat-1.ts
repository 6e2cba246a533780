import { boot, uint8 } from "goheap";

const MiB = 1024 * 1024;
//zh 在用的太少
//en too little is in use
const sizes = [1, 1];

const go = boot();
for (const size of sizes) go.make(uint8, size);
const { HeapSys, HeapInuse } = go.memstats();
table([{ HeapSys, HeapInuse, ratio: HeapSys / HeapInuse }]);
