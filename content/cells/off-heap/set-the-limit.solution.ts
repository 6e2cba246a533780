import { type Block, boot } from "goheap";

const MiB = 1 << 20;
//zh 容器一共 64 MiB：Go 和堆外加起来不能超过
//en a container of 64 MiB for Go and off-heap together
const container = 64 * MiB;
const go = boot({ memoryLimit: container });
const je = go.offheap.jemalloc({ dirtyDecayMs: 0 });

//zh 每次变动之后重算；负数只是查询，所以不能小于 0
//en reckoned anew after each change; never below 0, for that would only ask
const follow = () => {
  const room = container - je.figures.resident;
  go.setMemoryLimit(Math.max(room, 0));
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
