import { addressSpace } from "goheap";

const MiB = 1024 * 1024;
const os = addressSpace();
//zh 只保留 1 MiB
//en reserves 1 MiB only
const region = os.reserve(MiB);
region.map(0, MiB);
region.touch(0, 32 * 1024);

const { virtual, resident } = os.figures;
table([{ virtual, resident }]);
