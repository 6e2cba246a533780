import { type Block, boot } from "goheap";

const MiB = 1 << 20;
//zh 容器一共 64 MiB：Go 和堆外加起来不能超过
//en a container of 64 MiB for Go and off-heap together
const container = 64 * MiB;
const go = boot({ memoryLimit: container });
const je = go.offheap.jemalloc({ dirtyDecayMs: 0 });

//zh 忘了负数只是查询：堆外一超，上限就停在旧值
//en forgets that a negative number only asks: the limit stays at its old value
const follow = () => {
  go.setMemoryLimit(container - je.figures.resident);
};
const take = (size: number) => {
  const block = je.malloc(size);
  follow();
  return block;
};
const give = (block: Block) => {
  block.free();
  follow();
};

const block = take(20 * MiB);
const limit = go.setMemoryLimit(-1);
table([{ container, offHeap: je.figures.resident, limit }]);
give(block);
