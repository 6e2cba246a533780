import { addressSpace } from "goheap";

const MiB = 1024 * 1024;
const os = addressSpace();
//zh 映射了，没有碰
//en maps them and touches none
const region = os.reserve(1024 * MiB);
region.map(0, 32 * 1024);

const { virtual, resident } = os.figures;
table([{ virtual, resident }]);
