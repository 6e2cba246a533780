import { array, boot, pointer, uint8 } from "goheap";

const go = boot();
//zh 按 32 KB 算
//en reckons with 32 KB
const T = array(4096, pointer(uint8));

const { path, elemsize } = go.where(go.new(T));
table([{ T: T.name, size: T.size, path, elemsize }]);
