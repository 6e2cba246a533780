import { addressSpace } from "goheap";

const MiB = 1024 * 1024;
const os = addressSpace();
//zh 1 GiB 地址，32 KiB 常驻
//en 1 GiB of addresses, 32 KiB resident
const region = os.reserve(1024 * MiB);
region.map(0, MiB);
region.touch(0, MiB);

const { virtual, resident } = os.figures;
table([{ virtual, resident }]);
