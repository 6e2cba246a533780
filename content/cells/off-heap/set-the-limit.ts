import { type Block, boot } from "goheap";

const MiB = 1 << 20;
//zh 容器一共 64 MiB：Go 和堆外加起来不能超过
//en a container of 64 MiB for Go and off-heap together
const container = 64 * MiB;
const go = boot({ memoryLimit: container });
const je = go.offheap.jemalloc({ dirtyDecayMs: 0 });

//zh 让上限跟着堆外走；go.setMemoryLimit(-1) 只是查询
//en make the limit follow; go.setMemoryLimit(-1) only asks
const take = (size: number) => je.malloc(size);
const give = (block: Block) => block.free();

const block = take(20 * MiB);
const limit = go.setMemoryLimit(-1);
table([{ container, offHeap: je.figures.resident, limit }]);
give(block);
