import { addressSpace } from "goheap";

const MiB = 1024 * 1024;
const os = addressSpace();
//zh 碰过又还了
//en touches them and gives them back
const region = os.reserve(1024 * MiB);
region.map(0, MiB);
region.touch(0, 32 * 1024);
region.release(0, MiB);

const { virtual, resident } = os.figures;
table([{ virtual, resident }]);
