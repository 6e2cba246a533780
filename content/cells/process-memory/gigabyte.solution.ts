import { addressSpace } from "goheap";

const MiB = 1024 * 1024;
const os = addressSpace();
//zh 只碰 8 页
//en touches 8 pages and no more
const region = os.reserve(1024 * MiB);
region.map(0, MiB);
region.touch(0, 32 * 1024);

const { virtual, resident } = os.figures;
table([{ virtual, resident }]);
