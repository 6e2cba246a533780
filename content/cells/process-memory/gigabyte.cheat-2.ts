import { addressSpace } from "goheap";

const MiB = 1024 * 1024;
const os = addressSpace();
//zh 同一页碰了 8 次
//en touches one page 8 times
const region = os.reserve(1024 * MiB);
region.map(0, MiB);
for (let i = 0; i < 8; i++) region.touch(i * 512, 512);

const { virtual, resident } = os.figures;
table([{ virtual, resident }]);
