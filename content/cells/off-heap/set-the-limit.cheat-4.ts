import { type Block, boot } from "goheap";

const MiB = 1 << 20;
//zh 容器一共 64 MiB：Go 和堆外加起来不能超过
//en a container of 64 MiB for Go and off-heap together
const container = 64 * MiB;
const go = boot({ memoryLimit: container });
const je = go.offheap.jemalloc({ dirtyDecayMs: 0 });

//zh 一次定死：按最坏的情况留一半
//en fixed once and for all: half is kept for the worst case
go.setMemoryLimit(container / 2);
const take = (size: number) => je.malloc(size);
const give = (block: Block) => block.free();

const block = take(20 * MiB);
const limit = go.setMemoryLimit(-1);
table([{ container, offHeap: je.figures.resident, limit }]);
give(block);
