import { addressSpace } from "goheap";

const MiB = 1024 * 1024;
const os = addressSpace();
//zh 多碰一个字节
//en one byte too many
const region = os.reserve(1024 * MiB);
region.map(0, MiB);
region.touch(0, 32 * 1024 + 1);

const { virtual, resident } = os.figures;
table([{ virtual, resident }]);
