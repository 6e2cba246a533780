import { array, boot, uint8 } from "goheap";

const go = boot();
//zh 大小对了，却不是指针
//en the size is right, but there are no pointers
const T = array(32760, uint8);

const { path, elemsize } = go.where(go.new(T));
table([{ T: T.name, size: T.size, path, elemsize }]);
