import { type Block, boot } from "goheap";

const MiB = 1 << 20;
//zh 容器一共 64 MiB：Go 和堆外加起来不能超过
//en a container of 64 MiB for Go and off-heap together
const container = 64 * MiB;
const go = boot({ memoryLimit: container });
const je = go.offheap.jemalloc({ dirtyDecayMs: 0 });

//zh 只降不升
//en goes down and never up again
const take = (size: number) => {
  const block = je.malloc(size);
  const room = container - je.figures.resident;
  go.setMemoryLimit(Math.max(room, 0));
  return block;
};
const give = (block: Block) => block.free();

const block = take(20 * MiB);
const limit = go.setMemoryLimit(-1);
table([{ container, offHeap: je.figures.resident, limit }]);
give(block);
